package demo

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"
)

// maxFilterDepth is how deep the parts of a filter may be nested.
const maxFilterDepth = 50

var (
	errFilterTooDeep   = fmt.Errorf("the filter is nested more than %d deep", maxFilterDepth)
	errMalformedFilter = errors.New("the filter is malformed")
)

// truth is the value of a filter for an entry: a filter that cannot be evaluated
// is neither true nor false (RFC 4511, section 4.5.1.7).
type truth int8

const (
	undefined truth = iota
	isFalse
	isTrue
)

func truthOf(b bool) truth {
	if b {
		return isTrue
	}
	return isFalse
}

// filter evaluates a search filter for an entry.
type filter func(*entry) truth

func constant(value truth) filter { return func(*entry) truth { return value } }

// compileFilter reads a filter as RFC 4515 writes it. An attribute that the schema
// does not have makes its part undefined, and so does an extensible match. A filter
// on a supertype, such as name, does not look at the subtypes.
func (s *schema) compileFilter(text string) (filter, error) {
	if nesting(text) > maxFilterDepth {
		return nil, errFilterTooDeep
	}
	packet, err := ldap.CompileFilter(text)
	if err != nil {
		return nil, err
	}
	return s.compile(packet)
}

// nesting returns how deep the parentheses of a filter go. Those that belong to
// values do not count, for they are escaped.
func nesting(text string) int {
	depth, deepest := 0, 0
	for _, c := range text {
		switch c {
		case '(':
			depth++
		case ')':
			depth--
		}
		deepest = max(deepest, depth)
	}
	return deepest
}

func (s *schema) compile(packet *ber.Packet) (filter, error) {
	switch packet.Tag {
	case ldap.FilterAnd:
		return s.compileSet(packet.Children, isFalse)
	case ldap.FilterOr:
		return s.compileSet(packet.Children, isTrue)
	case ldap.FilterNot:
		return s.compileNot(packet.Children)
	case ldap.FilterPresent:
		return s.compilePresent(packet.Data.String()), nil
	case ldap.FilterSubstrings:
		return s.compileSubstrings(packet.Children)
	case ldap.FilterEqualityMatch, ldap.FilterApproxMatch:
		return s.compileComparison(packet.Children, func(order int) bool { return order == 0 })
	case ldap.FilterGreaterOrEqual:
		return s.compileComparison(packet.Children, func(order int) bool { return order >= 0 })
	case ldap.FilterLessOrEqual:
		return s.compileComparison(packet.Children, func(order int) bool { return order <= 0 })
	case ldap.FilterExtensibleMatch:
		return constant(undefined), nil
	}
	return nil, errMalformedFilter
}

// compileSet makes an "and", which one false part decides, or an "or", which one
// true part decides.
func (s *schema) compileSet(packets []*ber.Packet, decides truth) (filter, error) {
	parts := make([]filter, len(packets))
	for i, packet := range packets {
		part, err := s.compile(packet)
		if err != nil {
			return nil, err
		}
		parts[i] = part
	}
	return func(e *entry) truth {
		result := negate(decides)
		for _, part := range parts {
			switch part(e) {
			case decides:
				return decides
			case undefined:
				result = undefined
			}
		}
		return result
	}, nil
}

func (s *schema) compileNot(packets []*ber.Packet) (filter, error) {
	if len(packets) != 1 {
		return nil, errMalformedFilter
	}
	part, err := s.compile(packets[0])
	if err != nil {
		return nil, err
	}
	return func(e *entry) truth { return negate(part(e)) }, nil
}

func negate(t truth) truth {
	switch t {
	case isTrue:
		return isFalse
	case isFalse:
		return isTrue
	}
	return undefined
}

func (s *schema) compilePresent(description string) filter {
	a := s.attribute(description)
	if a == nil {
		return constant(undefined)
	}
	return func(e *entry) truth { return truthOf(len(e.values(a)) > 0) }
}

func (s *schema) compileComparison(packets []*ber.Packet, holds func(order int) bool) (filter, error) {
	if len(packets) != 2 {
		return nil, errMalformedFilter
	}
	a := s.attribute(packets[0].Data.String())
	if a == nil {
		return constant(undefined), nil
	}
	asserted := s.comparable(a, packets[1].Data.String())
	return anyValue(a, func(value string) bool {
		return holds(strings.Compare(s.comparable(a, value), asserted))
	}), nil
}

func (s *schema) compileSubstrings(packets []*ber.Packet) (filter, error) {
	if len(packets) != 2 {
		return nil, errMalformedFilter
	}
	a := s.attribute(packets[0].Data.String())
	if a == nil {
		return constant(undefined), nil
	}
	pieces := make([]substring, len(packets[1].Children))
	for i, packet := range packets[1].Children {
		pieces[i] = substring{tag: packet.Tag, text: fold(a, packet.Data.String())}
	}
	return anyValue(a, func(value string) bool { return containsAll(fold(a, value), pieces) }), nil
}

// anyValue is true of an entry if the test holds for any value of the attribute.
func anyValue(a *attributeType, test func(value string) bool) filter {
	return func(e *entry) truth { return truthOf(slices.ContainsFunc(e.values(a), test)) }
}

// substring is one piece of a substrings filter; the tag says where it belongs.
type substring struct {
	tag  ber.Tag
	text string
}

// containsAll reports whether the pieces follow each other in the value.
func containsAll(value string, pieces []substring) bool {
	for _, piece := range pieces {
		switch piece.tag {
		case ldap.FilterSubstringsInitial:
			rest, ok := strings.CutPrefix(value, piece.text)
			if !ok {
				return false
			}
			value = rest
		case ldap.FilterSubstringsFinal:
			if !strings.HasSuffix(value, piece.text) {
				return false
			}
		default:
			_, rest, ok := strings.Cut(value, piece.text)
			if !ok {
				return false
			}
			value = rest
		}
	}
	return true
}

// comparable returns a value in a form in which equal ones are the same text. Names,
// object identifiers and telephone numbers are treated as their matching rules
// want it. Everything else is compared without regard to case, whatever rule the
// schema names: good enough for a demo, and kinder to those who try it.
func (s *schema) comparable(a *attributeType, value string) string {
	switch a.syntax {
	case syntaxDN:
		if name, err := ldap.ParseDN(value); err == nil {
			return strings.ToLower(name.String())
		}
	case syntaxOID:
		return s.oid(value)
	}
	return strings.Join(strings.Fields(fold(a, value)), " ")
}

// fold drops what no comparison of the attribute's values looks at.
func fold(a *attributeType, value string) string {
	if a.syntax == syntaxTelephoneNumber {
		value = strings.NewReplacer(" ", "", "-", "").Replace(value)
	}
	return strings.ToLower(value)
}
