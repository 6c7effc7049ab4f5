package convert

import "github.com/ldapedge/ldapedge/schemajson"

// named is a definition with the collection that it is in.
type named struct {
	collection string
	*schemajson.Definition
	of any // the pointer to the definition of its kind
}

// Needed returns the definitions, by their collection, that others refer to,
// directly or through each other, and that are not among them: superclasses,
// attributes, supertypes, syntaxes, matching rules and what rules and forms are
// for. A reference that leads to no definition needs none.
func Needed(s *schemajson.SchemaInfo, has func(collection string, d *schemajson.Definition) bool) map[string][]*schemajson.Definition {
	needed := make(map[string][]*schemajson.Definition)
	seen := make(map[*schemajson.Definition]bool)
	var left []named
	for _, d := range allOf(s) {
		if has(d.collection, d.Definition) {
			seen[d.Definition] = true
			left = append(left, d)
		}
	}
	for len(left) > 0 {
		d := left[len(left)-1]
		left = left[:len(left)-1]
		for _, to := range references(s, d.of) {
			if !seen[to.Definition] {
				seen[to.Definition] = true
				needed[to.collection] = append(needed[to.collection], to.Definition)
				left = append(left, to)
			}
		}
	}
	return needed
}

// allOf returns all definitions.
func allOf(s *schemajson.SchemaInfo) (all []named) {
	f := &finder{SchemaInfo: s}
	for i := range s.ObjectClasses {
		f.class(&s.ObjectClasses[i])
	}
	for i := range s.AttributeTypes {
		f.attribute(&s.AttributeTypes[i])
	}
	for i := range s.MatchingRules {
		f.rule(&s.MatchingRules[i])
	}
	for i := range s.LDAPSyntaxes {
		f.syntax(&s.LDAPSyntaxes[i])
	}
	for i := range s.MatchingRuleUses {
		u := &s.MatchingRuleUses[i]
		f.add(schemajson.CollectionMatchingRuleUse, &u.Definition, u)
	}
	for i := range s.DITContentRules {
		r := &s.DITContentRules[i]
		f.add(schemajson.CollectionDITContentRules, &r.Definition, r)
	}
	for i := range s.DITStructureRules {
		f.structureRule(&s.DITStructureRules[i])
	}
	for i := range s.NameForms {
		f.form(&s.NameForms[i])
	}
	return f.found
}

// references returns what a definition refers to and the schema defines.
func references(s *schemajson.SchemaInfo, of any) []named {
	f := &finder{SchemaInfo: s}
	switch d := of.(type) {
	case *schemajson.ObjectClass:
		f.classes(d.SUP...)
		f.attributes(d.Must...)
		f.attributes(d.May...)
	case *schemajson.AttributeType:
		f.attributes(d.SUP)
		f.syntax(s.LDAPSyntax(d.Syntax))
		f.rules(d.Equality, d.Ordering, d.Substr)
	case *schemajson.MatchingRule:
		f.syntax(s.LDAPSyntax(d.Syntax))
	case *schemajson.MatchingRuleUse:
		f.rules(d.OID)
		f.attributes(d.Applies...)
	case *schemajson.DITContentRule:
		f.classes(d.OID)
		f.classes(d.Aux...)
		f.attributes(d.Must...)
		f.attributes(d.May...)
		f.attributes(d.Not...)
	case *schemajson.DITStructureRule:
		f.form(s.NameForm(d.Form))
		for _, number := range d.SUP {
			f.structureRule(s.DITStructureRule(number))
		}
	case *schemajson.NameForm:
		f.classes(d.OC)
		f.attributes(d.Must...)
		f.attributes(d.May...)
	}
	return f.found
}

// finder gathers definitions; those that are nil are left out.
type finder struct {
	*schemajson.SchemaInfo
	found []named
}

func (f *finder) add(collection string, d *schemajson.Definition, of any) {
	f.found = append(f.found, named{collection, d, of})
}

func (f *finder) class(c *schemajson.ObjectClass) {
	if c != nil {
		f.add(schemajson.CollectionObjectClasses, &c.Definition, c)
	}
}

func (f *finder) attribute(t *schemajson.AttributeType) {
	if t != nil {
		f.add(schemajson.CollectionAttributeTypes, &t.Definition, t)
	}
}

func (f *finder) rule(r *schemajson.MatchingRule) {
	if r != nil {
		f.add(schemajson.CollectionMatchingRules, &r.Definition, r)
	}
}

func (f *finder) syntax(x *schemajson.LDAPSyntax) {
	if x != nil {
		f.add(schemajson.CollectionLDAPSyntaxes, &x.Definition, x)
	}
}

func (f *finder) structureRule(r *schemajson.DITStructureRule) {
	if r != nil {
		f.add(schemajson.CollectionDITStructureRules, &r.Definition, r)
	}
}

func (f *finder) form(n *schemajson.NameForm) {
	if n != nil {
		f.add(schemajson.CollectionNameForms, &n.Definition, n)
	}
}

func (f *finder) classes(names ...string) {
	for _, name := range names {
		f.class(f.ObjectClass(name))
	}
}

func (f *finder) attributes(names ...string) {
	for _, name := range names {
		f.attribute(f.AttributeType(name))
	}
}

func (f *finder) rules(names ...string) {
	for _, name := range names {
		f.rule(f.MatchingRule(name))
	}
}
