// Package tlv reads and writes the BER elements that LDAP is made of (RFC 4511
// §5.1): a tag of one byte, a definite length and the contents. What is read is
// not copied.
package tlv

import (
	"errors"
	"fmt"
)

// The tags of the universal types that LDAP uses.
const (
	Boolean     = 0x01
	Integer     = 0x02
	OctetString = 0x04
	Enumerated  = 0x0a
	Sequence    = 0x30
	Set         = 0x31
)

// ErrProtocol is wrapped by every error about bytes that are not what LDAP
// sends.
var ErrProtocol = errors.New("protocol error")

// Malformed returns an error that wraps [ErrProtocol].
func Malformed(what string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrProtocol, fmt.Sprintf(what, args...))
}

// Bytes is what is read: bytes that have arrived, or a copy of them whose parts
// are kept as strings.
type Bytes interface{ ~string | ~[]byte }

// Element cuts the first element from b.
func Element[B Bytes](b B) (tag byte, body, rest B, err error) {
	var none B
	header, length, err := Measure(b)
	switch {
	case err != nil:
		return 0, none, none, err
	case header == 0:
		return 0, none, none, Malformed("an element's header is cut off")
	case length > len(b)-header:
		return 0, none, none, Malformed("an element of %d bytes is cut off after %d", length, len(b)-header)
	}
	return b[0], b[header : header+length], b[header+length:], nil
}

// Long is the least first length octet of a length that takes more than one.
const Long = 0x80

// Bounds returns where the contents of the element at b[at] begin and end; end
// is beyond b if there is no such element, or not all of it. Loops over many
// elements call it for those whose length is not in the short form.
func Bounds(b []byte, at int) (from, end int) {
	header, length, err := Measure(b[at:])
	if err != nil || header == 0 {
		return len(b), len(b) + 1
	}
	return at + header, at + header + length
}

// Measure reads the header of an element: its own length and that of what
// follows. header is 0 if b does not hold the whole header yet.
func Measure[B Bytes](b B) (header, length int, err error) {
	if len(b) == 0 {
		return 0, 0, nil
	}
	if b[0]&0x1f == 0x1f {
		return 0, 0, Malformed("tag 0x%02x: LDAP has no long tags", b[0])
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
		return 0, 0, Malformed("indefinite length") // RFC 4511 §5.1 forbids it
	case octets > 8:
		return 0, 0, Malformed("a length of %d octets", octets)
	case len(b) < 2+octets:
		return 0, 0, nil
	}
	for i := 2; i < 2+octets; i++ {
		if length > maxLength>>8 {
			return 0, 0, Malformed("a length over %d", maxLength)
		}
		length = length<<8 | int(b[i])
	}
	return 2 + octets, length, nil
}

// maxLength bounds any length, so that it fits an int on every platform with the
// header added.
const maxLength = 1<<30 - 1

// Expect cuts the first element from b, which must have the tag; what names it
// in the error.
func Expect[B Bytes](b B, tag byte, what string) (body, rest B, err error) {
	var none B
	got, body, rest, err := Element(b)
	if err != nil {
		return none, none, fmt.Errorf("%s: %w", what, err)
	}
	if got != tag {
		return none, none, Malformed("%s: tag 0x%02x where 0x%02x is due", what, got, tag)
	}
	return body, rest, nil
}

// Whole reads an element that must have the tag and be all of b.
func Whole[B Bytes](b B, tag byte, what string) (body B, err error) {
	body, rest, err := Expect(b, tag, what)
	if err == nil && len(rest) > 0 {
		err = Malformed("%d bytes after the %s", len(rest), what)
	}
	if err != nil {
		var none B
		return none, err
	}
	return body, nil
}

// Optional cuts the first element from b if it has the tag; otherwise ok is
// false and rest is b.
func Optional[B Bytes](b B, tag byte, what string) (body, rest B, ok bool, err error) {
	if len(b) == 0 || b[0] != tag {
		return body, b, false, nil
	}
	body, rest, err = Expect(b, tag, what)
	return body, rest, err == nil, err
}

// ParseInteger reads the contents of an INTEGER or ENUMERATED that fits 32
// bits; leading octets that say nothing are accepted.
func ParseInteger[B Bytes](b B, what string) (int32, error) {
	if len(b) == 0 {
		return 0, Malformed("%s is empty", what)
	}
	n := int64(int8(b[0]))
	for i := 1; i < len(b); i++ {
		n = n<<8 | int64(b[i])
		if n != int64(int32(n)) {
			return 0, Malformed("%s is over 32 bits", what)
		}
	}
	return int32(n), nil
}

// ParseBoolean reads the contents of a BOOLEAN. Any octet but 0 is true, as BER
// has it.
func ParseBoolean[B Bytes](b B, what string) (bool, error) {
	if len(b) != 1 {
		return false, Malformed("%s is a BOOLEAN of %d octets", what, len(b))
	}
	return b[0] != 0, nil
}

// AppendHeader appends the tag and length of an element whose contents are to
// be appended next. The length is in the shortest form.
func AppendHeader(dst []byte, tag byte, length int) []byte {
	dst = append(dst, tag)
	if length < 0x80 {
		return append(dst, byte(length))
	}
	octets := lengthOctets(length)
	dst = append(dst, 0x80|byte(octets))
	for shift := 8 * (octets - 1); shift >= 0; shift -= 8 {
		dst = append(dst, byte(length>>shift))
	}
	return dst
}

// Append appends an element.
func Append[B Bytes](dst []byte, tag byte, contents B) []byte {
	return append(AppendHeader(dst, tag, len(contents)), contents...)
}

// AppendInteger appends an INTEGER, or an ENUMERATED by the tag, in as few octets
// as it takes.
func AppendInteger(dst []byte, tag byte, n int32) []byte {
	octets := 1
	for n>>(8*octets-1) != 0 && n>>(8*octets-1) != -1 {
		octets++
	}
	dst = append(dst, tag, byte(octets))
	for shift := 8 * (octets - 1); shift >= 0; shift -= 8 {
		dst = append(dst, byte(n>>shift))
	}
	return dst
}

// AppendBoolean appends a BOOLEAN, or what the tag says in its place.
func AppendBoolean(dst []byte, tag byte, v bool) []byte {
	if v {
		return append(dst, tag, 1, 0xff) // RFC 4511 §5.1
	}
	return append(dst, tag, 1, 0)
}

// Open begins an element whose contents are appended next; [Close] ends it.
func Open(dst []byte, tag byte) (extended []byte, at int) {
	return append(dst, tag, 0), len(dst)
}

// Close ends the element that [Open] has begun at that place. The length is in
// the shortest form: contents of 128 bytes or more are moved by a few.
func Close(b []byte, at int) []byte {
	const header = 2
	length := len(b) - at - header
	if length < Long {
		b[at+1] = byte(length)
		return b
	}
	octets := lengthOctets(length)
	b = append(b, make([]byte, octets)...)
	copy(b[at+header+octets:], b[at+header:at+header+length])
	AppendHeader(b[:at], b[at], length)
	return b
}

// Size returns how many bytes an element takes whose contents have the length.
func Size(length int) int {
	if length < 0x80 {
		return 2 + length
	}
	return 2 + lengthOctets(length) + length
}

func lengthOctets(length int) int {
	n := 1
	for length > 0xff {
		length >>= 8
		n++
	}
	return n
}
