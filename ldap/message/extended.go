package message

import (
	"errors"

	"github.com/ldapedge/ldapedge/ldap/internal/tlv"
)

// StartTLS is the name of the extended operation that begins TLS on a plain
// connection (RFC 4511 §4.14).
const StartTLS = "1.3.6.1.4.1.1466.20037"

// noticeOfDisconnection is the OID of the one unsolicited notification that
// RFC 4511 defines (§4.4.1).
const noticeOfDisconnection = "1.3.6.1.4.1.1466.20036"

// ExtendedRequest is an extended operation (RFC 4511 §4.12).
type ExtendedRequest struct {
	// Name is the operation's OID.
	Name string
	// Value is what the operation takes, in the form that it defines. Default
	// (nil): none; an empty value that is not nil is sent.
	Value []byte
}

func (r ExtendedRequest) appendBER(dst []byte) ([]byte, error) {
	if r.Name == "" {
		return dst, errors.New("extended request: the name is empty")
	}
	dst, at := tlv.Open(dst, byte(OpExtendedRequest))
	dst = tlv.Append(dst, tagRequestName, r.Name)
	if r.Value != nil {
		dst = tlv.Append(dst, tagRequestValue, r.Value)
	}
	return tlv.Close(dst, at), nil
}

// ExtendedResponse is the response to an extended operation, or an unsolicited
// notification (RFC 4511 §4.12, §4.4).
type ExtendedResponse struct {
	Result
	// Name is an OID, that of the request unless the operation says otherwise;
	// many servers leave it out.
	Name string
	// Value is what the operation returns, in the form that it defines; nil if
	// there is none. It refers to the received bytes.
	Value []byte
}

const (
	tagResponseName  = 0x8a
	tagResponseValue = 0x8b
)

// ExtendedResponse reads the message as an extended response. The error wraps
// [ErrProtocol].
func (m Message) ExtendedResponse() (ExtendedResponse, error) {
	if m.Op != OpExtendedResponse {
		return ExtendedResponse{}, tlv.Malformed("tag 0x%02x is no extended response", byte(m.Op))
	}
	result, rest, err := m.result()
	if err != nil {
		return ExtendedResponse{}, err
	}
	name, rest, _, err := tlv.Optional(rest, tagResponseName, "responseName")
	if err != nil {
		return ExtendedResponse{}, err
	}
	value, _, ok, err := tlv.Optional(rest, tagResponseValue, "responseValue")
	if err != nil {
		return ExtendedResponse{}, err
	}
	r := ExtendedResponse{Result: result, Name: string(name)}
	if ok {
		r.Value = value[:len(value):len(value)]
	}
	return r, nil
}

const (
	tagIntermediateName  = 0x80
	tagIntermediateValue = 0x81
)

// Intermediate reads the name, an OID, and the value of an intermediate
// response (RFC 4511 §4.13); empty and nil if it has none. The value refers to
// the received bytes. The error wraps [ErrProtocol].
func (m Message) Intermediate() (name string, value []byte, err error) {
	if m.Op != OpIntermediateResponse {
		return "", nil, tlv.Malformed("tag 0x%02x is no intermediate response", byte(m.Op))
	}
	oid, rest, _, err := tlv.Optional(m.body, tagIntermediateName, "responseName")
	if err != nil {
		return "", nil, err
	}
	value, _, _, err = tlv.Optional(rest, tagIntermediateValue, "responseValue")
	return string(oid), value, err
}
