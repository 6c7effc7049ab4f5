package message

import (
	"iter"

	"github.com/ldapedge/ldapedge/ldap/internal/tlv"
)

// elements reads the elements of a request in their order. Its first error
// stays; after it everything read is empty. What is read are parts of one string,
// so that none of them is copied.
type elements struct {
	rest string
	err  error
}

func (e *elements) fail(err error) {
	if e.err == nil && err != nil {
		e.err, e.rest = err, ""
	}
}

// done returns the first error; bytes that are left over are one.
func (e *elements) done(what string) error {
	if e.err == nil && len(e.rest) > 0 {
		e.fail(tlv.Malformed("%d bytes after the last element of the %s", len(e.rest), what))
	}
	return e.err
}

func (e *elements) more() bool { return e.err == nil && len(e.rest) > 0 }

// tag returns the tag of the next element, 0 if there is none.
func (e *elements) tag() byte {
	if !e.more() {
		return 0
	}
	return e.rest[0]
}

func (e *elements) has(tag byte) bool { return e.more() && e.rest[0] == tag }

// next takes the next element, which must have the tag.
func (e *elements) next(tag byte, what string) string {
	if e.err != nil {
		return ""
	}
	body, rest, err := tlv.Expect(e.rest, tag, what)
	e.rest = rest
	e.fail(err)
	return body
}

// into takes an element and returns a reader of what is in it, which leave
// ends.
func (e *elements) into(tag byte, what string) *elements {
	body := e.next(tag, what)
	return &elements{rest: body, err: e.err}
}

func (e *elements) leave(inner *elements, what string) { e.fail(inner.done(what)) }

// each takes an element and goes over what is in it, until an error.
func (e *elements) each(tag byte, what string) iter.Seq[*elements] {
	return func(yield func(*elements) bool) {
		inner := e.into(tag, what)
		for inner.more() && yield(inner) {
			continue
		}
		e.leave(inner, what)
	}
}

func (e *elements) octets(what string) string { return e.next(tlv.OctetString, what) }

func (e *elements) integer(tag byte, what string) (n int32) {
	body := e.next(tag, what)
	if e.err == nil {
		var err error
		n, err = tlv.ParseInteger(body, what)
		e.fail(err)
	}
	return n
}

// choice takes an ENUMERATED from 0 to last.
func (e *elements) choice(what string, last int32) int32 {
	n := e.integer(tlv.Enumerated, what)
	if e.err == nil && (n < 0 || n > last) {
		e.fail(tlv.Malformed("%s %d is not known", what, n))
	}
	return n
}

// limit takes an INTEGER (0 .. maxInt).
func (e *elements) limit(what string) int {
	n := e.integer(tlv.Integer, what)
	if n < 0 {
		e.fail(tlv.Malformed("%s %d is negative", what, n))
	}
	return int(n)
}

func (e *elements) boolean(what string) (v bool) {
	body := e.next(tlv.Boolean, what)
	if e.err == nil {
		var err error
		v, err = tlv.ParseBoolean(body, what)
		e.fail(err)
	}
	return v
}
