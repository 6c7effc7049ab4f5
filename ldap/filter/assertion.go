package filter

import (
	"iter"
	"slices"

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
func (a Assertion) Filter() Filter { return Filter{string(a.append(nil))} }

// append appends the encoding. Where nothing is left of substrings it is that of
// [Present].
func (a Assertion) append(dst []byte) []byte {
	if a.Kind == KindPresent || a.Kind == KindSubstrings && !a.hasPieces() {
		return tlv.Append(dst, byte(KindPresent), a.Attribute)
	}
	dst, at := tlv.Open(dst, byte(a.Kind))
	switch a.Kind {
	case KindSubstrings:
		dst = a.appendPieces(tlv.Append(dst, tlv.OctetString, a.Attribute))
	case KindExtensible:
		dst = appendFilled(dst, tagRule, a.Rule)
		dst = appendFilled(dst, tagType, a.Attribute)
		dst = tlv.Append(dst, tagMatchValue, a.Value)
		if a.DNAttributes {
			dst = tlv.AppendBoolean(dst, tagDNAttributes, true)
		}
	default:
		dst = tlv.Append(dst, tlv.OctetString, a.Attribute)
		dst = tlv.Append(dst, tlv.OctetString, a.Value)
	}
	return tlv.Close(dst, at)
}

func (a Assertion) hasPieces() bool {
	return a.Initial != "" || a.Final != "" || slices.ContainsFunc(a.Any, func(piece string) bool { return piece != "" })
}

func (a Assertion) appendPieces(dst []byte) []byte {
	dst, at := tlv.Open(dst, tlv.Sequence)
	dst = appendFilled(dst, tagInitial, a.Initial)
	for _, piece := range a.Any {
		dst = appendFilled(dst, tagAny, piece)
	}
	return tlv.Close(appendFilled(dst, tagFinal, a.Final), at)
}

// appendFilled appends an element unless it is empty.
func appendFilled(dst []byte, tag byte, s string) []byte {
	if s == "" {
		return dst
	}
	return tlv.Append(dst, tag, s)
}

// Assertions goes over the tests of attributes, from the left to the right.
func (f Filter) Assertions() iter.Seq[Assertion] {
	return func(yield func(Assertion) bool) { f.each(yield) }
}

func (f Filter) each(yield func(Assertion) bool) bool {
	switch f.Kind() {
	case KindAnd, KindOr, KindNot:
		for body, _ := split(f.text()); body != ""; {
			_, rest := split(body)
			if part := (Filter{body[:len(body)-len(rest)]}); !part.each(yield) {
				return false
			}
			body = rest
		}
		return true
	}
	return yield(f.assertion())
}

// assertion returns the test that a filter without parts is.
func (f Filter) assertion() Assertion {
	a, _ := parseAssertion(f.text()) // was made by this package
	return a
}

// Map returns the filter with each test of an attribute replaced by what change
// makes of it. It ends with the first error of change, which it returns, and
// fails for a filter over [MaxDepth].
func (f Filter) Map(change func(Assertion) (Assertion, error)) (Filter, error) {
	n, err := decode(f.text(), 1, func(s string) (Filter, error) {
		a, err := parseAssertion(s)
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
