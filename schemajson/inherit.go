package schemajson

import (
	"slices"
	"strings"
)

// closure returns what the relation leads to from one definition, nearest
// first (breadth first), without that definition. A cycle ends where it
// closes.
func (r *relation) closure(from int32) []int32 {
	all := []int32{from}
	seen := map[int32]bool{from: true, none: true}
	for i := 0; i < len(all); i++ {
		for _, n := range r.of(int(all[i])) {
			if !seen[n] {
				seen[n] = true
				all = append(all, n)
			}
		}
	}
	return all[1:]
}

// Superclasses returns the superclasses of a class, nearest first (breadth
// first, in the order of SUP), without the class itself. What SUP names and
// the schema does not define is left out; a cycle ends where it closes.
func (s *SchemaInfo) Superclasses(c *ObjectClass) []*ObjectClass {
	return pick(s.ObjectClasses, s.links.superclasses.closure(c.number))
}

// Subclasses returns the classes that name this one in SUP, in the schema's
// order.
func (s *SchemaInfo) Subclasses(c *ObjectClass) []*ObjectClass {
	return pick(s.ObjectClasses, s.links.subclasses.of(int(c.number)))
}

// AllSubclasses returns the subclasses of a class at any depth, nearest first.
func (s *SchemaInfo) AllSubclasses(c *ObjectClass) []*ObjectClass {
	return pick(s.ObjectClasses, s.links.subclasses.closure(c.number))
}

// Supertypes returns the supertypes of an attribute type, nearest first. It
// ends at a supertype that is not defined and where a cycle closes.
func (s *SchemaInfo) Supertypes(t *AttributeType) []*AttributeType {
	var all []*AttributeType
	seen := map[int32]bool{t.number: true, none: true}
	for n := s.links.supertype[t.number]; !seen[n]; n = s.links.supertype[n] {
		seen[n] = true
		all = append(all, &s.AttributeTypes[n])
	}
	return all
}

// Subtypes returns the attribute types that name this one in SUP, in the
// schema's order.
func (s *SchemaInfo) Subtypes(t *AttributeType) []*AttributeType {
	return pick(s.AttributeTypes, s.links.subtypes.of(int(t.number)))
}

// ClassAttribute is an attribute that a class requires or allows.
type ClassAttribute struct {
	// Name is the attribute as the class or rule names it.
	Name string
	// Type is its definition, nil if the schema has none.
	Type *AttributeType
	// From is the class that it comes from: the class asked for, or a
	// superclass. For an attribute that a content rule adds it is the rule's
	// class.
	From *ObjectClass
	// Rule is the content rule that adds the attribute, nil if a class does.
	Rule *DITContentRule
}

// key is the same for every way to name an attribute.
func (a ClassAttribute) key() any {
	if a.Type != nil {
		return a.Type
	}
	return strings.ToLower(a.Name)
}

// attributeSet collects attributes, each once.
type attributeSet struct {
	seen map[any]bool
	all  []ClassAttribute
}

func (l *attributeSet) add(a ClassAttribute) {
	if key := a.key(); !l.seen[key] {
		l.seen[key] = true
		l.all = append(l.all, a)
	}
}

// addOwn adds attributes that the classes themselves name.
func (l *attributeSet) addOwn(s *SchemaInfo, classes []*ObjectClass, names func(*ObjectClass) []string, resolved *relation) {
	for _, from := range classes {
		numbers := resolved.of(int(from.number))
		for i, name := range names(from) {
			a := ClassAttribute{Name: name, From: from}
			if numbers[i] != none {
				a.Type = &s.AttributeTypes[numbers[i]]
			}
			l.add(a)
		}
	}
}

func must(c *ObjectClass) []string { return c.Must }
func may(c *ObjectClass) []string  { return c.May }

// ClassAttributes returns the attributes that an entry of the class must and
// may have, inherited ones included (RFC 4512 §2.4.1): the class's own first,
// then each superclass's, nearest first. An attribute is listed once, with the
// nearest class that names it; one that is required anywhere is not repeated
// among the allowed.
func (s *SchemaInfo) ClassAttributes(c *ObjectClass) (required, allowed []ClassAttribute) {
	classes := append([]*ObjectClass{c}, s.Superclasses(c)...)
	l := attributeSet{seen: make(map[any]bool)}
	l.addOwn(s, classes, must, &s.links.must)
	required, l.all = l.all, nil
	l.addOwn(s, classes, may, &s.links.may)
	return required, l.all
}

// EntryAttributes is what an entry with some object classes must and may have.
type EntryAttributes struct {
	// Classes are the entry's classes with all their superclasses, each once:
	// as given, each followed by its superclasses.
	Classes []*ObjectClass
	// Unknown are the names among those given that the schema does not define.
	Unknown []string
	// ContentRule is the rule of the most subordinate structural class, nil if
	// there is none.
	ContentRule *DITContentRule
	// Must and May are the attributes; each is listed once, and one that is
	// required is not repeated among the allowed.
	Must, May []ClassAttribute
	// Precluded are the attributes that the content rule forbids; they are not
	// in May.
	Precluded []ClassAttribute
	// AuxiliaryNotAllowed are auxiliary classes among those given that the
	// content rule does not list (RFC 4512 §4.1.6).
	AuxiliaryNotAllowed []*ObjectClass
	// Structural is the most subordinate structural class, nil if there is none.
	Structural *ObjectClass
	// OtherStructural are more such classes, which no entry can have: all its
	// structural classes are one's superclasses (RFC 4512 §2.4.2).
	OtherStructural []*ObjectClass
	// Any tells that the entry may have any user attribute, for
	// extensibleObject is among its classes (RFC 4512 §4.3).
	Any bool
}

// extensibleObject is the OID of the class that allows every attribute.
const extensibleObject = "1.3.6.1.4.1.1466.101.120.111"

// EntryAttributes returns what an entry of the classes must and may have, with
// the content rule that governs it (RFC 4512 §2.4, §4.1.6). classes are names
// or OIDs in any case.
func (s *SchemaInfo) EntryAttributes(classes []string) *EntryAttributes {
	e := &EntryAttributes{}
	var given []*ObjectClass
	listed := make(map[*ObjectClass]bool)
	for _, name := range classes {
		c := s.ObjectClass(name)
		if c == nil {
			e.Unknown = append(e.Unknown, name)
			continue
		}
		given = append(given, c)
		for _, one := range append([]*ObjectClass{c}, s.Superclasses(c)...) {
			if !listed[one] {
				listed[one] = true
				e.Classes = append(e.Classes, one)
			}
		}
	}
	e.Any = slices.ContainsFunc(e.Classes, func(c *ObjectClass) bool { return c.OID == extensibleObject })
	if all := s.mostSubordinate(e.Classes); len(all) > 0 {
		e.Structural, e.OtherStructural = all[0], all[1:]
		if e.Structural.OID != "" {
			e.ContentRule = s.DITContentRule(e.Structural.OID)
		}
	}
	s.gather(e, e.Structural)
	if e.ContentRule != nil {
		s.checkAuxiliaries(e, given)
	}
	return e
}

// mostSubordinate returns the structural classes that are no superclass of
// another among the entry's: one, if the entry is as it should be.
func (s *SchemaInfo) mostSubordinate(classes []*ObjectClass) (all []*ObjectClass) {
	superior := make(map[int32]bool)
	for _, c := range classes {
		for _, n := range s.links.superclasses.of(int(c.number)) {
			superior[n] = true
		}
	}
	for _, c := range classes {
		if c.Kind == Structural && !superior[c.number] {
			all = append(all, c)
		}
	}
	return all
}

func (s *SchemaInfo) gather(e *EntryAttributes, structural *ObjectClass) {
	l := attributeSet{seen: make(map[any]bool)}
	fromRule := func(names []string) {
		for _, name := range names {
			l.add(ClassAttribute{Name: name, Type: s.AttributeType(name), From: structural, Rule: e.ContentRule})
		}
	}
	l.addOwn(s, e.Classes, must, &s.links.must)
	if e.ContentRule != nil {
		fromRule(e.ContentRule.Must)
	}
	e.Must, l.all = l.all, nil
	if e.ContentRule != nil {
		fromRule(e.ContentRule.Not)
		e.Precluded, l.all = l.all, nil
	}
	l.addOwn(s, e.Classes, may, &s.links.may)
	if e.ContentRule != nil {
		fromRule(e.ContentRule.May)
	}
	e.May = l.all
}

func (s *SchemaInfo) checkAuxiliaries(e *EntryAttributes, given []*ObjectClass) {
	for _, c := range given {
		if c.Kind != Auxiliary {
			continue
		}
		listed := slices.ContainsFunc(e.ContentRule.Aux, func(name string) bool { return s.ObjectClass(name) == c })
		if !listed {
			e.AuxiliaryNotAllowed = append(e.AuxiliaryNotAllowed, c)
		}
	}
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
	return rule(equalityOf), rule(orderingOf), rule(substrOf)
}

func equalityOf(t *AttributeType) string { return t.Equality }
func orderingOf(t *AttributeType) string { return t.Ordering }
func substrOf(t *AttributeType) string   { return t.Substr }
