package schemajson

import "slices"

// ClassUse is a class that requires or allows an attribute.
type ClassUse struct {
	Class *ObjectClass
	// From is the class that names the attribute: Class itself, or the
	// superclass that it inherits the attribute from.
	From *ObjectClass
}

// AttributeUse is what uses an attribute type.
type AttributeUse struct {
	// Required and Allowed are the classes whose entries must and may have the
	// attribute: those that name it first, in the schema's order, then those
	// that inherit it. A class that requires it is not repeated among those that
	// allow it.
	Required, Allowed []ClassUse
	// ContentRules are the content rules that name it in MUST, MAY or NOT.
	ContentRules []*DITContentRule
	// NameForms are the name forms that name it in MUST or MAY.
	NameForms []*NameForm
	// RuleUses are the matching rules that say they apply to it.
	RuleUses []*MatchingRuleUse
	// Subtypes are the attribute types that name it in SUP.
	Subtypes []*AttributeType
}

// AttributeUse returns what uses an attribute type.
func (s *SchemaInfo) AttributeUse(t *AttributeType) *AttributeUse {
	seen := make(map[*ObjectClass]bool)
	names := func(list []string) bool {
		return slices.ContainsFunc(list, func(name string) bool { return s.AttributeType(name) == t })
	}
	u := &AttributeUse{
		Required: s.classUse(&s.links.requiredBy, t, seen),
		Allowed:  s.classUse(&s.links.allowedBy, t, seen),
		Subtypes: s.Subtypes(t),
	}
	for i := range s.DITContentRules {
		if r := &s.DITContentRules[i]; names(r.Must) || names(r.May) || names(r.Not) {
			u.ContentRules = append(u.ContentRules, r)
		}
	}
	for i := range s.NameForms {
		if f := &s.NameForms[i]; names(f.Must) || names(f.May) {
			u.NameForms = append(u.NameForms, f)
		}
	}
	for i := range s.MatchingRuleUses {
		if m := &s.MatchingRuleUses[i]; names(m.Applies) {
			u.RuleUses = append(u.RuleUses, m)
		}
	}
	return u
}

func (s *SchemaInfo) classUse(by *relation, t *AttributeType, seen map[*ObjectClass]bool) (all []ClassUse) {
	direct := pick(s.ObjectClasses, by.of(int(t.number)))
	add := func(c, from *ObjectClass) {
		if !seen[c] {
			seen[c] = true
			all = append(all, ClassUse{c, from})
		}
	}
	for _, c := range direct {
		add(c, c)
	}
	for _, from := range direct {
		for _, c := range s.AllSubclasses(from) {
			add(c, from)
		}
	}
	return all
}

// SyntaxUse is what uses a syntax.
type SyntaxUse struct {
	// Attributes are the attribute types that name the syntax, and Inheriting
	// those that have it through SUP.
	Attributes, Inheriting []*AttributeType
	// MatchingRules are the matching rules whose assertions have the syntax.
	MatchingRules []*MatchingRule
}

// SyntaxUse returns what uses the syntax with the OID, which need not be
// defined.
func (s *SchemaInfo) SyntaxUse(oid string) *SyntaxUse {
	u := &SyntaxUse{}
	for i := range s.AttributeTypes {
		t := &s.AttributeTypes[i]
		switch of, _, from := s.SyntaxOf(t); {
		case of != oid:
		case from == t:
			u.Attributes = append(u.Attributes, t)
		default:
			u.Inheriting = append(u.Inheriting, t)
		}
	}
	for i := range s.MatchingRules {
		if r := &s.MatchingRules[i]; r.Syntax == oid {
			u.MatchingRules = append(u.MatchingRules, r)
		}
	}
	return u
}

// RuleUse is what uses a matching rule.
type RuleUse struct {
	// Equality, Ordering and Substr are the attribute types that have the rule
	// in that place, their own or inherited.
	Equality, Ordering, Substr []*AttributeType
	// Applies are the attribute types that the rule's matchingRuleUse lists.
	Applies []*AttributeType
}

// RuleUse returns what uses a matching rule.
func (s *SchemaInfo) RuleUse(r *MatchingRule) *RuleUse {
	u := &RuleUse{}
	for i := range s.AttributeTypes {
		t := &s.AttributeTypes[i]
		equality, ordering, substr := s.RulesOf(t)
		for _, place := range []struct {
			rule InheritedRule
			list *[]*AttributeType
		}{{equality, &u.Equality}, {ordering, &u.Ordering}, {substr, &u.Substr}} {
			if place.rule.From != nil && s.MatchingRule(place.rule.Name) == r {
				*place.list = append(*place.list, t)
			}
		}
	}
	if use := s.MatchingRuleUse(r.OID); use != nil && s.MatchingRule(r.OID) == r {
		for _, name := range use.Applies {
			if t := s.AttributeType(name); t != nil {
				u.Applies = append(u.Applies, t)
			}
		}
	}
	return u
}
