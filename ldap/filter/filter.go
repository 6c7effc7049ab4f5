// Package filter makes, reads and writes search filters (RFC 4511 §4.5.1.7,
// and RFC 4515 for their text):
//
//	f, err := filter.Parse(`(&(objectClass=person)(cn=Babs J*\2a))`)
//	f = filter.And(filter.Equal("objectClass", "person"), filter.Substrings("cn", "Babs J", nil, "*"))
//
// A filter is read once, into the bytes that are sent: escapes are decoded
// there, exactly once, and nothing looks for them again. What the building
// functions are given is data, in which no character is special.
//
// [Filter.Map] goes over the tests of attributes that a filter is made of, so
// that their values can be checked against a schema.
package filter

import "github.com/ldapedge/ldapedge/ldap/internal/tlv"

// MaxDepth is how deep filters may be nested that [Parse], [Decode] and
// [Filter.Map] take: an item is 1 deep, one in a negation 2.
const MaxDepth = 1000

// Filter is a search filter. The zero value matches every entry that has an
// objectClass, which is every entry. But for the zero value, filters are equal by
// == if their encodings are.
type Filter struct {
	// encoded is one BER element, its lengths in their shortest form; empty for
	// the zero value.
	encoded string
}

// Kind is what a filter is: the tag of its encoding.
type Kind byte

// The kinds (RFC 4511 §4.5.1.7). The first three have parts, the others test an
// attribute.
const (
	KindAnd            Kind = 0xa0
	KindOr             Kind = 0xa1
	KindNot            Kind = 0xa2
	KindEquality       Kind = 0xa3
	KindSubstrings     Kind = 0xa4
	KindGreaterOrEqual Kind = 0xa5
	KindLessOrEqual    Kind = 0xa6
	KindPresent        Kind = 0x87
	KindApprox         Kind = 0xa8
	KindExtensible     Kind = 0xa9
)

// kindNames are the names of RFC 4511.
var kindNames = map[Kind]string{
	KindAnd: "and", KindOr: "or", KindNot: "not", KindEquality: "equalityMatch", KindSubstrings: "substrings",
	KindGreaterOrEqual: "greaterOrEqual", KindLessOrEqual: "lessOrEqual", KindPresent: "present",
	KindApprox: "approxMatch", KindExtensible: "extensibleMatch",
}

// String returns the kind's name in RFC 4511.
func (k Kind) String() string { return kindNames[k] }

// KindNamed returns the kind that RFC 4511 calls so, and whether there is one.
func KindNamed(name string) (k Kind, ok bool) {
	for k, known := range kindNames {
		if known == name {
			return k, true
		}
	}
	return 0, false
}

// And matches entries that every one of the filters matches; with none it is
// always true (RFC 4526).
func And(filters ...Filter) Filter { return join(KindAnd, filters) }

// Or matches entries that one of the filters matches; with none it is always
// false (RFC 4526).
func Or(filters ...Filter) Filter { return join(KindOr, filters) }

// Not matches entries that the filter does not match. Those for which it is
// undefined, as where the server does not know the attribute, are not matched
// either.
func Not(f Filter) Filter { return join(KindNot, []Filter{f}) }

// Present matches entries that have the attribute: (attribute=*).
func Present(attribute string) Filter {
	return Assertion{Kind: KindPresent, Attribute: attribute}.Filter()
}

// Equal matches entries that have the attribute with the value:
// (attribute=value).
func Equal(attribute, value string) Filter {
	return Assertion{Kind: KindEquality, Attribute: attribute, Value: value}.Filter()
}

// GreaterOrEqual matches entries with a value of the attribute that is the
// value or comes after it: (attribute>=value).
func GreaterOrEqual(attribute, value string) Filter {
	return Assertion{Kind: KindGreaterOrEqual, Attribute: attribute, Value: value}.Filter()
}

// LessOrEqual matches entries with a value of the attribute that is the value
// or comes before it: (attribute<=value).
func LessOrEqual(attribute, value string) Filter {
	return Assertion{Kind: KindLessOrEqual, Attribute: attribute, Value: value}.Filter()
}

// Approx matches entries with a value of the attribute that is like the value,
// as the server sees it: (attribute~=value).
func Approx(attribute, value string) Filter {
	return Assertion{Kind: KindApprox, Attribute: attribute, Value: value}.Filter()
}

// Substrings matches entries with a value of the attribute that begins with
// initial, then has each of any in their order, and ends with final:
// (attribute=initial*any*final). What is empty is left out; if all is, the
// filter is that of [Present].
func Substrings(attribute, initial string, any []string, final string) Filter {
	return Assertion{Kind: KindSubstrings, Attribute: attribute, Initial: initial, Any: any, Final: final}.Filter()
}

// Extensible matches entries with a value that the matching rule finds to match
// (attribute:rule:=value). Attribute or rule may be empty: for every attribute
// that the rule is for, and for the attribute's own equality rule. With
// dnAttributes the attributes of the entry's DN count too (attribute:dn:rule:=value).
func Extensible(attribute, rule, value string, dnAttributes bool) Filter {
	return Assertion{Kind: KindExtensible, Attribute: attribute, Rule: rule, Value: value, DNAttributes: dnAttributes}.Filter()
}

func join(kind Kind, filters []Filter) Filter {
	length := 0
	for _, f := range filters {
		length += len(f.text())
	}
	b := tlv.AppendHeader(make([]byte, 0, tlv.Size(length)), byte(kind), length)
	for _, f := range filters {
		b = append(b, f.text()...)
	}
	return Filter{string(b)}
}

// text returns the encoding.
func (f Filter) text() string {
	if f.encoded == "" {
		return everything
	}
	return f.encoded
}

// everything is the encoding of (objectClass=*).
const everything = "\x87\x0bobjectClass"

// AppendBER appends the filter's encoding, the Filter of a search request, and
// returns the extended slice.
func (f Filter) AppendBER(dst []byte) []byte { return append(dst, f.text()...) }

// Kind returns what the filter is.
func (f Filter) Kind() Kind { return Kind(f.text()[0]) }

// Parts returns the filters that an and, or or not is made of; nil for another
// kind.
func (f Filter) Parts() []Filter {
	if k := f.Kind(); k != KindAnd && k != KindOr && k != KindNot {
		return nil
	}
	body, _ := split(f.encoded)
	var all []Filter
	for body != "" {
		_, rest := split(body)
		all = append(all, Filter{body[:len(body)-len(rest)]})
		body = rest
	}
	return all
}

// split cuts the first element, which this package has made, from s, without
// copying.
func split(s string) (body, rest string) {
	header, length := 2, int(s[1])
	if length >= 0x80 {
		octets := length & 0x7f
		header, length = 2+octets, 0
		for _, c := range []byte(s[2:header]) {
			length = length<<8 | int(c)
		}
	}
	return s[header : header+length], s[header+length:]
}
