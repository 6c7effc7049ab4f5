// Package message is LDAPv3 on the wire (RFC 4511): requests are encoded with
// asn1-ber, responses are read in place from the bytes that arrived, and
// [Machine] ties both to the operations of one connection, without I/O, clock
// or goroutine.
//
// [Parse] reads one LDAPMessage. What it returns refers to the bytes it was
// given: nothing is copied and nothing is allocated for an attribute or a
// value. It accepts any definite length form, so that Active Directory's
// four-byte lengths are read as well as the shortest ones.
package message

import (
	"errors"
	"fmt"
)

// Op is the kind of a protocol operation: the tag of its encoding, RFC 4511's
// application class included.
type Op byte

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
	tagInteger     = 0x02
	tagOctetString = 0x04
	tagEnumerated  = 0x0a
	tagSequence    = 0x30
	tagSet         = 0x31
	tagControls    = 0xa0
	tagReferral    = 0xa3
	tagOID         = 0x8a
)

// Message is one received LDAPMessage (RFC 4511 §4.1.1). It refers to the
// received bytes.
type Message struct {
	// ID is the message ID; 0 for an unsolicited notification.
	ID int32
	// Op is the kind of response.
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
var ErrProtocol = errors.New("protocol error")

func malformed(what string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrProtocol, fmt.Sprintf(what, args...))
}

// Parse reads one LDAPMessage, which must be all of b. The error wraps
// [ErrProtocol].
func Parse(b []byte) (Message, error) {
	body, rest, err := expect(b, tagSequence, "LDAPMessage")
	if err != nil {
		return Message{}, err
	}
	if len(rest) > 0 {
		return Message{}, malformed("%d bytes after the LDAPMessage", len(rest))
	}
	return parseBody(body)
}

func parseBody(body []byte) (Message, error) {
	number, rest, err := expect(body, tagInteger, "messageID")
	if err != nil {
		return Message{}, err
	}
	id, err := integer(number, "messageID")
	if err != nil {
		return Message{}, err
	}
	if id < 0 {
		return Message{}, malformed("messageID %d is negative", id)
	}
	tag, op, rest, err := element(rest)
	if err != nil {
		return Message{}, fmt.Errorf("protocolOp: %w", err)
	}
	m := Message{ID: id, Op: Op(tag), body: op}
	// What follows the controls is left to extensions of the protocol (§4).
	if len(rest) > 0 && rest[0] == tagControls {
		if m.controls, _, err = expect(rest, tagControls, "controls"); err != nil {
			return Message{}, err
		}
	}
	return m, nil
}

// element cuts the first BER element from b.
func element(b []byte) (tag byte, body, rest []byte, err error) {
	header, length, err := measure(b)
	switch {
	case err != nil:
		return 0, nil, nil, err
	case header == 0:
		return 0, nil, nil, malformed("an element's header is cut off")
	case length > len(b)-header:
		return 0, nil, nil, malformed("an element of %d bytes is cut off after %d", length, len(b)-header)
	}
	return b[0], b[header : header+length], b[header+length:], nil
}

// measure reads the header of a BER element: its own length and that of what
// follows. header is 0 if b does not hold the whole header yet.
func measure(b []byte) (header, length int, err error) {
	if len(b) == 0 {
		return 0, 0, nil
	}
	if b[0]&0x1f == 0x1f {
		return 0, 0, malformed("tag 0x%02x: LDAP has no long tags", b[0])
	}
	if len(b) < 2 {
		return 0, 0, nil
	}
	first := b[1]
	if first < 0x80 {
		return 2, int(first), nil
	}
	octets := int(first & 0x7f)
	switch {
	case octets == 0:
		return 0, 0, malformed("indefinite length") // RFC 4511 §5.1 forbids it
	case octets > 8:
		return 0, 0, malformed("a length of %d octets", octets)
	case len(b) < 2+octets:
		return 0, 0, nil
	}
	for _, c := range b[2 : 2+octets] {
		if length > maxElement>>8 {
			return 0, 0, malformed("a length over %d", maxElement)
		}
		length = length<<8 | int(c)
	}
	return 2 + octets, length, nil
}

// maxElement bounds any length, so that it fits an int on every platform.
const maxElement = 1<<31 - 1

func expect(b []byte, tag byte, what string) (body, rest []byte, err error) {
	got, body, rest, err := element(b)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", what, err)
	}
	if got != tag {
		return nil, nil, malformed("%s: tag 0x%02x where 0x%02x is due", what, got, tag)
	}
	return body, rest, nil
}

// integer reads an INTEGER or ENUMERATED that fits 32 bits; leading octets
// that say nothing are accepted.
func integer(b []byte, what string) (int32, error) {
	if len(b) == 0 {
		return 0, malformed("%s is empty", what)
	}
	n := int64(int8(b[0]))
	for _, c := range b[1:] {
		n = n<<8 | int64(c)
		if n != int64(int32(n)) {
			return 0, malformed("%s is over 32 bits", what)
		}
	}
	return int32(n), nil
}
