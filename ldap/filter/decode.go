package filter

import (
	"fmt"
	"strings"

	"github.com/ldapedge/ldapedge/ldap/internal/tlv"
)

// ErrProtocol is wrapped by the errors of [Decode].
var ErrProtocol = tlv.ErrProtocol

// Decode reads a filter from its encoding, which must be all of b, and checks
// all of it. Any definite length form is accepted; the filter has the shortest
// ones. The error wraps [ErrProtocol].
func Decode[B ~string | ~[]byte](b B) (Filter, error) {
	s := string(b)
	if _, _, rest, err := tlv.Element(s); err != nil {
		return Filter{}, fmt.Errorf("filter: %w", err)
	} else if len(rest) > 0 {
		return Filter{}, tlv.Malformed("%d bytes after the filter", len(rest))
	}
	n, err := decode(s, 1, func(s string) (Filter, error) {
		a, err := parseAssertion(s)
		if err != nil {
			return Filter{}, err
		}
		var small [128]byte
		own := a.append(small[:0])
		if string(own) == s {
			return Filter{s}, nil // there is no need of another copy
		}
		return Filter{string(own)}, nil
	})
	if err != nil {
		return Filter{}, fmt.Errorf("filter: %w", err)
	}
	return n.filter(), nil
}

// decode reads one element; item makes the filter of one without parts.
func decode(s string, depth int, item func(string) (Filter, error)) (node, error) {
	if depth > MaxDepth {
		return node{}, tlv.Malformed("nested more than %d deep", MaxDepth)
	}
	tag, body, _, err := tlv.Element(s)
	if err != nil {
		return node{}, err
	}
	n := node{kind: Kind(tag)}
	switch n.kind {
	case KindAnd, KindOr, KindNot:
	default:
		f, err := item(s)
		return node{item: f.text()}, err
	}
	for len(body) > 0 {
		_, _, rest, err := tlv.Element(body)
		if err != nil {
			return node{}, err
		}
		part, err := decode(body[:len(body)-len(rest)], depth+1, item)
		if err != nil {
			return node{}, err
		}
		n.add(part)
		body = rest
	}
	if n.kind == KindNot && len(n.parts) != 1 {
		return node{}, tlv.Malformed("a not of %d filters", len(n.parts))
	}
	return n, nil
}

// parseAssertion reads the element of a filter without parts.
func parseAssertion(s string) (Assertion, error) {
	tag, body, _, err := tlv.Element(s)
	if err != nil {
		return Assertion{}, err
	}
	a := Assertion{Kind: Kind(tag)}
	switch a.Kind {
	case KindPresent:
		a.Attribute = body
	case KindExtensible:
		err = a.parseExtensible(body)
	case KindSubstrings:
		err = a.parseSubstrings(body)
	case KindEquality, KindGreaterOrEqual, KindLessOrEqual, KindApprox:
		err = a.parseValue(body)
	default:
		return Assertion{}, tlv.Malformed("tag 0x%02x is no kind of filter", tag)
	}
	if err == nil {
		err = a.check()
	}
	if err != nil {
		return Assertion{}, fmt.Errorf("%s: %w", kindNames[a.Kind], err)
	}
	return a, nil
}

// check tells whether the names can be written as text.
func (a Assertion) check() error {
	if n := descriptionPrefix(a.Attribute); n < len(a.Attribute) || n == 0 && a.Kind != KindExtensible {
		return tlv.Malformed("%.100q is no attribute description", a.Attribute)
	}
	if a.Kind != KindExtensible {
		return nil
	}
	if rulePrefix(a.Rule) < len(a.Rule) {
		return tlv.Malformed("%.100q is no matching rule", a.Rule)
	}
	if strings.EqualFold(a.Rule, "dn") && !a.DNAttributes { // text would have it for dnAttributes
		return tlv.Malformed("the matching rule is %q without dnAttributes", a.Rule)
	}
	if a.Attribute == "" && a.Rule == "" {
		return tlv.Malformed("there is neither an attribute nor a matching rule")
	}
	return nil
}

func (a *Assertion) parseValue(body string) error {
	attribute, rest, err := tlv.Expect(body, tlv.OctetString, "attributeDesc")
	if err != nil {
		return err
	}
	value, err := tlv.Whole(rest, tlv.OctetString, "assertionValue")
	a.Attribute, a.Value = attribute, value
	return err
}

func (a *Assertion) parseSubstrings(body string) error {
	attribute, rest, err := tlv.Expect(body, tlv.OctetString, "type")
	if err != nil {
		return err
	}
	a.Attribute = attribute
	pieces, err := tlv.Whole(rest, tlv.Sequence, "substrings")
	if err != nil {
		return err
	}
	if len(pieces) == 0 {
		return tlv.Malformed("there are no substrings")
	}
	for len(pieces) > 0 {
		tag, piece, rest, err := tlv.Element(pieces)
		switch {
		case err != nil:
			return err
		case len(piece) == 0:
			return tlv.Malformed("a substring is empty")
		case tag == tagInitial && a.Initial == "" && a.Any == nil:
			a.Initial = piece
		case tag == tagAny:
			a.Any = append(a.Any, piece)
		case tag == tagFinal && len(rest) == 0:
			a.Final = piece
		default:
			return tlv.Malformed("a substring with tag 0x%02x where none is due", tag)
		}
		pieces = rest
	}
	return nil
}

func (a *Assertion) parseExtensible(body string) error {
	rule, rest, _, err := tlv.Optional(body, tagRule, "matchingRule")
	if err != nil {
		return err
	}
	attribute, rest, _, err := tlv.Optional(rest, tagType, "type")
	if err != nil {
		return err
	}
	value, rest, err := tlv.Expect(rest, tagMatchValue, "matchValue")
	if err != nil {
		return err
	}
	a.Rule, a.Attribute, a.Value = rule, attribute, value
	if len(rest) == 0 {
		return nil
	}
	flag, err := tlv.Whole(rest, tagDNAttributes, "dnAttributes")
	if err != nil {
		return err
	}
	a.DNAttributes, err = tlv.ParseBoolean(flag, "dnAttributes")
	return err
}
