package filter

import (
	"iter"

	"github.com/ldapedge/ldapedge/ldap/internal/tlv"
)

// Assertion is a filter's test of an attribute. Its values are any bytes.
type Assertion struct {
	// Kind is one of those that have no parts.
	Kind Kind
	// Attribute is the attribute description, options included. It is empty only
	// for KindExtensible, where a rule is for several attributes.
	Attribute string
	// Value is what is compared with. KindPresent and KindSubstrings have none.
	Value string
	// Initial, Any and Final are those of KindSubstrings; what is empty is left
	// out.
	Initial string
	Any     []string
	Final   string
	// Rule is the matching rule of KindExtensible, empty for the attribute's own.
	Rule string
	// DNAttributes lets KindExtensible look at the attributes of the DN too.
	DNAttributes bool
}

// The tags inside of items (RFC 4511 §4.5.1.7).
const (
	tagInitial = 0x80
	tagAny     = 0x81
	tagFinal   = 0x82

	tagRule         = 0x81
	tagType         = 0x82
	tagMatchValue   = 0x83
	tagDNAttributes = 0x84
)

// Filter returns the filter that makes this test alone.
func (a Assertion) Filter() Filter {
	if a.Kind == KindPresent {
		return Filter{string(tlv.Append(nil, byte(KindPresent), a.Attribute))}
	}
	var b []byte
	switch a.Kind {
	case KindSubstrings:
		pieces := a.pieces()
		if pieces == nil {
			return Present(a.Attribute)
		}
		b = tlv.Append(b, tlv.OctetString, a.Attribute)
		b = tlv.Append(b, tlv.Sequence, pieces)
	case KindExtensible:
		if a.Rule != "" {
			b = tlv.Append(b, tagRule, a.Rule)
		}
		if a.Attribute != "" {
			b = tlv.Append(b, tagType, a.Attribute)
		}
		b = tlv.Append(b, tagMatchValue, a.Value)
		if a.DNAttributes {
			b = append(b, tagDNAttributes, 1, 0xff)
		}
	default:
		b = tlv.Append(b, tlv.OctetString, a.Attribute)
		b = tlv.Append(b, tlv.OctetString, a.Value)
	}
	return Filter{string(tlv.Append(nil, byte(a.Kind), b))}
}

func (a Assertion) pieces() (b []byte) {
	if a.Initial != "" {
		b = tlv.Append(b, tagInitial, a.Initial)
	}
	for _, piece := range a.Any {
		if piece != "" {
			b = tlv.Append(b, tagAny, piece)
		}
	}
	if a.Final != "" {
		b = tlv.Append(b, tagFinal, a.Final)
	}
	return b
}

// Assertions goes over the tests of attributes, from the left to the right.
func (f Filter) Assertions() iter.Seq[Assertion] {
	return func(yield func(Assertion) bool) { f.each(yield) }
}

func (f Filter) each(yield func(Assertion) bool) bool {
	switch f.Kind() {
	case KindAnd, KindOr, KindNot:
		for _, part := range f.Parts() {
			if !part.each(yield) {
				return false
			}
		}
		return true
	}
	return yield(f.assertion())
}

// assertion returns the test that a filter without parts is.
func (f Filter) assertion() Assertion {
	a, _ := parseAssertion([]byte(f.text())) // was made by this package
	return a
}

// Map returns the filter with each test of an attribute replaced by what change
// makes of it. It ends with the first error of change, which it returns, and
// fails for a filter over [MaxDepth].
func (f Filter) Map(change func(Assertion) (Assertion, error)) (Filter, error) {
	n, err := decode([]byte(f.text()), 1, func(b []byte) (Filter, error) {
		a, err := parseAssertion(b)
		if err != nil {
			return Filter{}, err
		}
		if a, err = change(a); err != nil {
			return Filter{}, err
		}
		return a.Filter(), nil
	})
	if err != nil {
		return Filter{}, err
	}
	return n.filter(), nil
}
