// Package message is LDAPv3 on the wire (RFC 4511): requests are encoded into one
// buffer, responses are read in place from the bytes that arrived, and
// [Machine] ties both to the operations of one connection, without I/O, clock
// or goroutine.
//
// Who stands between clients and servers reads requests with [ParseRequest] and
// makes responses of its own with [NewResult].
//
// [Parse] reads one LDAPMessage. What it returns refers to the bytes it was
// given: nothing is copied and nothing is allocated for an attribute or a
// value. It accepts any definite length form, so that Active Directory's
// four-byte lengths are read as well as the shortest ones.
package message

import (
	"fmt"

	"github.com/ldapedge/ldapedge/ldap/internal/tlv"
)

// Op is the kind of a protocol operation: the tag of its encoding, RFC 4511's
// application class included.
type Op byte

// The requests that a client sends.
const (
	OpBindRequest     Op = 0x60
	OpUnbindRequest   Op = 0x42
	OpSearchRequest   Op = 0x63
	OpModifyRequest   Op = 0x66
	OpAddRequest      Op = 0x68
	OpDelRequest      Op = 0x4a
	OpModifyDNRequest Op = 0x6c
	OpCompareRequest  Op = 0x6e
	OpAbandonRequest  Op = 0x50
	OpExtendedRequest Op = 0x77
)

// The responses that a server sends.
const (
	OpBindResponse          Op = 0x61
	OpSearchResultEntry     Op = 0x64
	OpSearchResultDone      Op = 0x65
	OpModifyResponse        Op = 0x67
	OpAddResponse           Op = 0x69
	OpDelResponse           Op = 0x6b
	OpModifyDNResponse      Op = 0x6d
	OpCompareResponse       Op = 0x6f
	OpSearchResultReference Op = 0x73
	OpExtendedResponse      Op = 0x78
	OpIntermediateResponse  Op = 0x79
)

const (
	tagControls = 0xa0
	tagReferral = 0xa3
)

// Message is one received LDAPMessage (RFC 4511 §4.1.1). It refers to the
// received bytes.
type Message struct {
	// ID is the message ID; 0 for an unsolicited notification.
	ID int32
	// Op is the kind of response, or of request.
	Op Op

	body     []byte
	controls []byte
}

// Size returns about how many bytes the message takes, itself included.
func (m Message) Size() int {
	const self = 100
	return self + len(m.body) + len(m.controls)
}

// ErrProtocol is wrapped by every error about bytes that are no LDAPMessage or
// not the one that is due.
var ErrProtocol = tlv.ErrProtocol

// Parse reads one LDAPMessage, which must be all of b. The error wraps
// [ErrProtocol].
func Parse(b []byte) (Message, error) {
	body, err := tlv.Whole(b, tlv.Sequence, "LDAPMessage")
	if err != nil {
		return Message{}, err
	}
	return parseBody(body)
}

func parseBody(body []byte) (Message, error) {
	id, rest, err := parseID(body)
	if err != nil {
		return Message{}, err
	}
	tag, op, rest, err := tlv.Element(rest)
	if err != nil {
		return Message{}, fmt.Errorf("protocolOp: %w", err)
	}
	m := Message{ID: id, Op: Op(tag), body: op}
	// What follows the controls is left to extensions of the protocol (§4).
	if len(rest) > 0 && rest[0] == tagControls {
		if m.controls, _, err = tlv.Expect(rest, tagControls, "controls"); err != nil {
			return Message{}, err
		}
	}
	return m, nil
}

func parseID(body []byte) (id int32, rest []byte, err error) {
	// Most have few operations.
	if len(body) > 3 && body[0] == tlv.Integer && body[1] == 1 && body[2] < 0x80 {
		return int32(body[2]), body[3:], nil
	}
	number, rest, err := tlv.Expect(body, tlv.Integer, "messageID")
	if err != nil {
		return 0, nil, err
	}
	id, err = tlv.ParseInteger(number, "messageID")
	if err == nil && id < 0 {
		err = tlv.Malformed("messageID %d is negative", id)
	}
	return id, rest, err
}
