package message

import (
	"iter"
	"strings"

	"github.com/ldapedge/ldapedge/ldap/internal/tlv"
)

// Entry is a search result entry (RFC 4511 §4.5.2). It refers to the received
// bytes, which stay as they are: an entry may be kept, at the price of keeping
// the piece of the stream that it came in.
type Entry struct {
	dn         []byte
	attributes []byte
}

// Entry reads the message as a SearchResultEntry and checks all of it, so that
// walking it cannot fail. The error wraps [ErrProtocol].
func (m Message) Entry() (Entry, error) {
	if m.Op != OpSearchResultEntry {
		return Entry{}, tlv.Malformed("tag 0x%02x is no search result entry", byte(m.Op))
	}
	return parseEntry(m.body)
}

// ParseEntry reads a SearchResultEntry that is all of b, as some controls have
// one for their value. The error wraps [ErrProtocol].
func ParseEntry(b []byte) (Entry, error) {
	body, err := tlv.Whole(b, byte(OpSearchResultEntry), "SearchResultEntry")
	if err != nil {
		return Entry{}, err
	}
	return parseEntry(body)
}

func parseEntry(b []byte) (Entry, error) {
	dn, rest, err := tlv.Expect(b, tlv.OctetString, "objectName")
	if err != nil {
		return Entry{}, err
	}
	attributes, _, err := tlv.Expect(rest, tlv.Sequence, "attributes")
	if err != nil {
		return Entry{}, err
	}
	for left := attributes; len(left) > 0; {
		if left, err = checkAttribute(left); err != nil {
			return Entry{}, err
		}
	}
	return Entry{dn: dn, attributes: attributes}, nil
}

func checkAttribute(b []byte) (rest []byte, err error) {
	body, rest, err := tlv.Expect(b, tlv.Sequence, "attribute")
	if err != nil {
		return nil, err
	}
	_, values, err := tlv.Expect(body, tlv.OctetString, "attribute type")
	if err != nil {
		return nil, err
	}
	set, _, err := tlv.Expect(values, tlv.Set, "attribute values")
	if err != nil {
		return nil, err
	}
	for len(set) > 0 {
		if _, set, err = tlv.Expect(set, tlv.OctetString, "attribute value"); err != nil {
			return nil, err
		}
	}
	return rest, nil
}

// NewEntry makes an entry, for where one is put together of pieces.
func NewEntry(dn string, attributes ...Attribute) Entry {
	e := Entry{dn: []byte(dn)}
	for _, a := range attributes {
		body := tlv.Append(nil, tlv.OctetString, a.name)
		body = tlv.Append(body, tlv.Set, a.values)
		e.attributes = tlv.Append(e.attributes, tlv.Sequence, body)
	}
	return e
}

// DN returns the entry's distinguished name.
func (e Entry) DN() string { return string(e.dn) }

// Attributes walks the attributes in the order in which they came.
func (e Entry) Attributes() iter.Seq[Attribute] {
	return func(yield func(Attribute) bool) {
		for rest := e.attributes; len(rest) > 0; {
			var body []byte
			_, body, rest, _ = tlv.Element(rest) // checked by Message.Entry
			_, name, set, _ := tlv.Element(body)
			_, values, _, _ := tlv.Element(set)
			if !yield(Attribute{name: name, values: values}) {
				return
			}
		}
	}
}

// Attribute returns the attribute of that description, compared without case,
// and whether the entry has it.
func (e Entry) Attribute(description string) (Attribute, bool) {
	for a := range e.Attributes() {
		if strings.EqualFold(string(a.name), description) {
			return a, true
		}
	}
	return Attribute{}, false
}

// Attribute is one attribute of an entry. It refers to the received bytes.
type Attribute struct {
	name   []byte
	values []byte
}

// NewAttribute makes an attribute, for [NewEntry]. It refers to nothing that it
// is given.
func NewAttribute(description string, values ...[]byte) Attribute {
	a := Attribute{name: []byte(description)}
	for _, v := range values {
		a.values = tlv.Append(a.values, tlv.OctetString, v)
	}
	return a
}

// Name returns the attribute description as the server wrote it, options
// included.
func (a Attribute) Name() string { return string(a.name) }

// NameBytes is [Attribute.Name] without a copy. It must not be modified.
func (a Attribute) NameBytes() []byte { return a.name }

// Len returns how many values there are.
func (a Attribute) Len() (n int) {
	for range a.Values() {
		n++
	}
	return n
}

// Values walks the values in the order in which they came. A value must not be
// modified; it may be kept.
func (a Attribute) Values() iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for rest := a.values; len(rest) > 0; {
			var value []byte
			_, value, rest, _ = tlv.Element(rest) // checked by Message.Entry
			if !yield(value[:len(value):len(value)]) {
				return
			}
		}
	}
}

// Strings returns copies of the values as strings, whatever their bytes.
func (a Attribute) Strings() []string {
	var all []string
	for v := range a.Values() {
		all = append(all, string(v))
	}
	return all
}
