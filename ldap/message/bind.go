package message

import (
	"fmt"

	ber "github.com/go-asn1-ber/asn1-ber"

	"github.com/ldapedge/ldapedge/ldap/internal/tlv"
)

// BindRequest is a simple bind (RFC 4511 §4.2): anonymous with an empty DN and
// password.
type BindRequest struct {
	DN       string
	Password string
	// Unauthenticated allows an empty password with a DN that is not: the
	// unauthenticated bind of RFC 4513 §5.1.2, which leaves a session anonymous.
	// Default: that is an error.
	Unauthenticated bool
}

// SASLBindRequest is one step of a bind by SASL (RFC 4511 §4.2, RFC 4513 §5.2).
// While its result is [ResultSASLBindInProgress] there is another to come.
type SASLBindRequest struct {
	// DN is empty but for mechanisms that want it.
	DN string
	// Mechanism is the mechanism's name, the same for each step. An empty one
	// ends a bind that is in progress: the server refuses it.
	Mechanism string
	// Credentials are what the mechanism sends. Default (nil): none; empty ones
	// that are not nil are sent.
	Credentials []byte
}

const (
	tagSimple ber.Tag = 0
	tagSASL   ber.Tag = 3
)

func (r BindRequest) packet() (*ber.Packet, error) {
	if r.DN != "" && r.Password == "" && !r.Unauthenticated {
		// RFC 4513 §5.1.2: servers take it for anonymous, users for a login.
		return nil, fmt.Errorf("bind as %q: the password is empty", r.DN)
	}
	return bindPacket(r.DN, contextOctets(tagSimple, r.Password)), nil
}

func (r SASLBindRequest) packet() (*ber.Packet, error) {
	sasl := ber.Encode(ber.ClassContext, ber.TypeConstructed, tagSASL, nil, "sasl")
	sasl.AppendChild(octets(r.Mechanism, "mechanism"))
	if r.Credentials != nil {
		sasl.AppendChild(octets(string(r.Credentials), "credentials"))
	}
	return bindPacket(r.DN, sasl), nil
}

func bindPacket(name string, authentication *ber.Packet) *ber.Packet {
	return application(tagBindRequest, number(ber.TagInteger, 3, "version"), octets(name, "name"), authentication)
}

// BindResponse is the response to a bind (RFC 4511 §4.2.2).
type BindResponse struct {
	Result
	// ServerSASLCreds are what the server's side of the mechanism says; nil if
	// it says nothing. They refer to the received bytes.
	ServerSASLCreds []byte
}

const tagServerSASLCreds = 0x87

// BindResponse reads the message as a bind's response. The error wraps
// [ErrProtocol].
func (m Message) BindResponse() (BindResponse, error) {
	if m.Op != OpBindResponse {
		return BindResponse{}, tlv.Malformed("tag 0x%02x is no bind response", byte(m.Op))
	}
	result, rest, err := m.result()
	if err != nil {
		return BindResponse{}, err
	}
	creds, _, ok, err := tlv.Optional(rest, tagServerSASLCreds, "serverSaslCreds")
	if err != nil {
		return BindResponse{}, err
	}
	r := BindResponse{Result: result}
	if ok {
		r.ServerSASLCreds = creds[:len(creds):len(creds)]
	}
	return r, nil
}
