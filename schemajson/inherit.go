package schemajson

import (
	"slices"
	"strings"
)

// Superclasses returns the superclasses of a class, nearest first (breadth
// first, in the order of SUP), without the class itself. What SUP names and
// the schema does not define is left out; a cycle ends where it closes.
func (s *SchemaInfo) Superclasses(c *ObjectClass) []*ObjectClass {
	all := []*ObjectClass{c}
	seen := map[*ObjectClass]bool{c: true}
	for i := 0; i < len(all); i++ {
		for _, name := range all[i].SUP {
			if sup := s.ObjectClass(name); sup != nil && !seen[sup] {
				seen[sup] = true
				all = append(all, sup)
			}
		}
	}
	return all[1:]
}

// Subclasses returns the classes that name this one in SUP, in the schema's
// order.
func (s *SchemaInfo) Subclasses(c *ObjectClass) []*ObjectClass {
	var all []*ObjectClass
	for i := range s.ObjectClasses {
		sub := &s.ObjectClasses[i]
		if sub != c && slices.ContainsFunc(sub.SUP, func(name string) bool { return s.ObjectClass(name) == c }) {
			all = append(all, sub)
		}
	}
	return all
}

// ClassAttribute is an attribute that a class requires or allows.
type ClassAttribute struct {
	// Name is the attribute as the class names it.
	Name string
	// Type is its definition, nil if the schema has none.
	Type *AttributeType
	// From is the class that it comes from: the class asked for, or a
	// superclass.
	From *ObjectClass
}

// ClassAttributes returns the attributes that an entry of the class must and
// may have, inherited ones included (RFC 4512 §2.4.1): the class's own first,
// then each superclass's, nearest first. An attribute is listed once, with the
// nearest class that names it; one that is required anywhere is not repeated
// among the allowed.
func (s *SchemaInfo) ClassAttributes(c *ObjectClass) (must, may []ClassAttribute) {
	classes := append([]*ObjectClass{c}, s.Superclasses(c)...)
	seen := make(map[any]bool)
	collect := func(list func(*ObjectClass) []string) (all []ClassAttribute) {
		for _, from := range classes {
			for _, name := range list(from) {
				a := ClassAttribute{Name: name, Type: s.AttributeType(name), From: from}
				if key := a.key(); !seen[key] {
					seen[key] = true
					all = append(all, a)
				}
			}
		}
		return all
	}
	must = collect(func(c *ObjectClass) []string { return c.Must })
	may = collect(func(c *ObjectClass) []string { return c.May })
	return must, may
}

// key is the same for every way to name an attribute.
func (a ClassAttribute) key() any {
	if a.Type != nil {
		return a.Type
	}
	return strings.ToLower(a.Name)
}

// Supertypes returns the supertypes of an attribute type, nearest first. It
// ends at a supertype that is not defined and where a cycle closes.
func (s *SchemaInfo) Supertypes(t *AttributeType) []*AttributeType {
	if t.SUP == "" {
		return nil
	}
	var all []*AttributeType
	seen := map[*AttributeType]bool{t: true}
	for sup := s.AttributeType(t.SUP); sup != nil && !seen[sup]; sup = s.AttributeType(sup.SUP) {
		seen[sup] = true
		all = append(all, sup)
	}
	return all
}

// nearest returns the first of an attribute type and its supertypes that has
// something, or nil.
func (s *SchemaInfo) nearest(t *AttributeType, has func(*AttributeType) bool) *AttributeType {
	if has(t) {
		return t
	}
	for _, sup := range s.Supertypes(t) {
		if has(sup) {
			return sup
		}
	}
	return nil
}

// SyntaxOf returns the OID and the length (0 for none) of an attribute type's
// syntax, its own or inherited through SUP (RFC 4512 §2.5.1), and the type that
// gives it; an empty OID and nil if there is none.
func (s *SchemaInfo) SyntaxOf(t *AttributeType) (oid string, length int, from *AttributeType) {
	from = s.nearest(t, func(t *AttributeType) bool { return t.Syntax != "" })
	if from == nil {
		return "", 0, nil
	}
	return from.Syntax, from.Length, from
}

// InheritedRule is a matching rule of an attribute type with the type that it
// comes from.
type InheritedRule struct {
	// Name is the rule as written, empty if there is none.
	Name string
	// From is the type that names the rule, nil if there is none.
	From *AttributeType
}

// RulesOf returns the equality, ordering and substrings rules of an attribute
// type, each its own or inherited through SUP (RFC 4512 §2.5.1).
func (s *SchemaInfo) RulesOf(t *AttributeType) (equality, ordering, substr InheritedRule) {
	rule := func(of func(*AttributeType) string) InheritedRule {
		from := s.nearest(t, func(t *AttributeType) bool { return of(t) != "" })
		if from == nil {
			return InheritedRule{}
		}
		return InheritedRule{Name: of(from), From: from}
	}
	return rule(func(t *AttributeType) string { return t.Equality }),
		rule(func(t *AttributeType) string { return t.Ordering }),
		rule(func(t *AttributeType) string { return t.Substr })
}
