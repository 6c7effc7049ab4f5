package control

import (
	"bytes"
	"fmt"

	"github.com/ldapedge/ldapedge/ldap/internal/tlv"
	"github.com/ldapedge/ldapedge/ldap/message"
)

// reader reads the elements of a value in their order. Its first error stays.
type reader struct {
	what string
	rest []byte
	err  error
}

// read returns a reader of the sequence that the control's value is; what names
// the control in errors.
func read(c message.Control, oid, what string) *reader {
	r := readValue(c, oid, what)
	return r.whole(tlv.Sequence, "value")
}

// readValue returns a reader of the control's value.
func readValue(c message.Control, oid, what string) *reader {
	r := &reader{what: what, rest: c.Value}
	switch {
	case c.OID != oid:
		r.err = fmt.Errorf("%w: its OID is %.60q, not %s", message.ErrProtocol, c.OID, oid)
	case c.Value == nil:
		r.err = tlv.Malformed("there is no value")
	}
	return r
}

// done returns the first error.
func (r *reader) done() error {
	if r.err == nil {
		return nil
	}
	return fmt.Errorf("%s control: %w", r.what, r.err)
}

func (r *reader) fail(reason string, args ...any) {
	if r.err == nil {
		r.err = tlv.Malformed(reason, args...)
	}
}

// element takes the next element, which must have the tag.
func (r *reader) element(tag byte, name string) (body []byte) {
	if r.err == nil {
		body, r.rest, r.err = tlv.Expect(r.rest, tag, name)
	}
	return body
}

// has tells whether the next element has the tag.
func (r *reader) has(tag byte) bool { return r.err == nil && len(r.rest) > 0 && r.rest[0] == tag }

// into takes an element and returns a reader of what is in it, with this one's
// error.
func (r *reader) into(tag byte, name string) *reader {
	body := r.element(tag, name)
	return &reader{what: r.what, rest: body, err: r.err}
}

// whole is into for an element that must be the last.
func (r *reader) whole(tag byte, name string) *reader {
	inner := r.into(tag, name)
	if len(r.rest) > 0 {
		inner.fail("%d bytes after the %s", len(r.rest), name)
	}
	return inner
}

// leave ends the reading of what is in an element.
func (r *reader) leave(inner *reader) {
	if r.err == nil {
		r.err = inner.err
	}
}

// octets takes an OCTET STRING and copies it; an empty one is nil.
func (r *reader) octets(tag byte, name string) []byte {
	body := r.element(tag, name)
	if len(body) == 0 {
		return nil
	}
	return bytes.Clone(body)
}

// optional is octets for one that need not be there.
func (r *reader) optional(tag byte, name string) []byte {
	if !r.has(tag) {
		return nil
	}
	return r.octets(tag, name)
}

// integer takes an INTEGER or ENUMERATED.
func (r *reader) integer(tag byte, name string) (n int32) {
	body := r.element(tag, name)
	if r.err == nil {
		n, r.err = tlv.ParseInteger(body, name)
	}
	return n
}

// boolean takes a BOOLEAN that need not be there.
func (r *reader) boolean(name string, absent bool) (v bool) {
	if !r.has(tlv.Boolean) {
		return absent
	}
	body := r.element(tlv.Boolean, name)
	if r.err == nil {
		v, r.err = tlv.ParseBoolean(body, name)
	}
	return v
}
