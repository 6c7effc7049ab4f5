package policy

import (
	"errors"
	"fmt"

	"github.com/ldapedge/ldapedge/ldap/internal/tlv"
)

var errTooLarge = errors.New("a message is over the limit")

// frame cuts a stream into messages. It keeps a message that has not arrived in
// whole, and nothing beyond what has arrived.
type frame struct{ partial []byte }

// next cuts the next message from b, and returns what follows it. Without
// anything kept the message is a piece of b; otherwise it is the caller's. If it
// is nil, there is none in whole, and b is kept.
func (f *frame) next(b []byte, limit int) (whole, rest []byte, err error) {
	if len(f.partial) == 0 {
		n, err := measure(b, limit)
		if err != nil {
			return nil, nil, err
		}
		if n > 0 && n <= len(b) {
			return b[:n:n], b[n:], nil
		}
	}
	n, err := measure(f.partial, limit)
	for n == 0 && err == nil && len(b) > 0 { // the header is a few bytes
		f.partial = append(f.partial, b[0])
		b = b[1:]
		n, err = measure(f.partial, limit)
	}
	if err != nil || n == 0 {
		return nil, nil, err
	}
	missing := min(n-len(f.partial), len(b))
	f.partial = append(f.partial, b[:missing]...)
	if len(f.partial) == n {
		whole, f.partial = f.partial, nil
	}
	return whole, b[missing:], nil
}

// measure returns the size of the message that b begins with, 0 while its
// header is not there in whole.
func measure(b []byte, limit int) (int, error) {
	if len(b) > 0 && b[0] != tlv.Sequence {
		return 0, tlv.Malformed("0x%02x where an LDAPMessage begins", b[0])
	}
	header, length, err := tlv.Measure(b)
	switch {
	case err != nil:
		return 0, err
	case header == 0:
		return 0, nil
	case header+length > limit:
		return 0, fmt.Errorf("%w: %w: %d bytes, not at most %d", tlv.ErrProtocol, errTooLarge, header+length, limit)
	}
	return header + length, nil
}
