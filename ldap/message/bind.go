package message

import (
	"fmt"

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

func (r BindRequest) appendBER(dst []byte) ([]byte, error) {
	if r.DN != "" && r.Password == "" && !r.Unauthenticated {
		// RFC 4513 §5.1.2: servers take it for anonymous, users for a login.
		return dst, fmt.Errorf("bind as %q: the password is empty", r.DN)
	}
	dst, at := openBind(dst, r.DN)
	return tlv.Close(tlv.Append(dst, tagSimpleAuthentication, r.Password), at), nil
}

func (r SASLBindRequest) appendBER(dst []byte) ([]byte, error) {
	dst, at := openBind(dst, r.DN)
	dst, sasl := tlv.Open(dst, tagSASLAuthentication)
	dst = tlv.Append(dst, tlv.OctetString, r.Mechanism)
	if r.Credentials != nil {
		dst = tlv.Append(dst, tlv.OctetString, r.Credentials)
	}
	return tlv.Close(tlv.Close(dst, sasl), at), nil
}

func openBind(dst []byte, name string) (extended []byte, at int) {
	dst, at = tlv.Open(dst, byte(OpBindRequest))
	dst = tlv.AppendInteger(dst, tlv.Integer, 3) // version
	return tlv.Append(dst, tlv.OctetString, name), at
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
