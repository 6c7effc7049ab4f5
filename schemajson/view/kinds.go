package view

import (
	"slices"

	"github.com/ldapedge/ldapedge/schemajson"
)

func (s schema) class(c *schemajson.ObjectClass) *Definition {
	d := s.common(schemajson.CollectionObjectClasses, &c.Definition, c.Dump())
	must, may := s.ClassAttributes(c)
	d.Class = &Class{
		Kind: c.Kind.String(), SUP: refs(c.SUP, s.classRef),
		Superclasses: s.classes(s.Superclasses(c)), Subclasses: s.classes(s.Subclasses(c)),
		Must: s.classAttributes(c, must), May: s.classAttributes(c, may),
		AuxiliaryIn: s.contentRulesWith(c), NameForms: []Ref{}, StructureRules: []Ref{},
	}
	// What governs the OID or the name governs the class that look-ups take.
	if rule := s.DITContentRule(c.OID); rule != nil && s.ObjectClass(c.OID) == c {
		r := s.to(schemajson.CollectionDITContentRules, &rule.Definition)
		d.Class.ContentRule = &r
	}
	for i := range s.NameForms {
		if f := &s.NameForms[i]; s.ObjectClass(f.OC) == c {
			d.Class.NameForms = append(d.Class.NameForms, s.to(schemajson.CollectionNameForms, &f.Definition))
			d.Class.StructureRules = append(d.Class.StructureRules, s.structureRulesFor(f)...)
		}
	}
	return d
}

// contentRulesWith are the content rules that have the class among their
// auxiliary ones.
func (s schema) contentRulesWith(c *schemajson.ObjectClass) []Ref {
	all := []Ref{}
	for i := range s.DITContentRules {
		r := &s.DITContentRules[i]
		if slices.ContainsFunc(r.Aux, func(name string) bool { return s.ObjectClass(name) == c }) {
			all = append(all, s.to(schemajson.CollectionDITContentRules, &r.Definition))
		}
	}
	return all
}

func (s schema) structureRulesFor(f *schemajson.NameForm) []Ref {
	return s.structureRules(func(r *schemajson.DITStructureRule) bool { return s.NameForm(r.Form) == f })
}

func (s schema) structureRules(are func(*schemajson.DITStructureRule) bool) []Ref {
	all := []Ref{}
	for i := range s.DITStructureRules {
		if r := &s.DITStructureRules[i]; are(r) {
			all = append(all, s.to(schemajson.CollectionDITStructureRules, &r.Definition))
		}
	}
	return all
}

func (s schema) classAttributes(of *schemajson.ObjectClass, list []schemajson.ClassAttribute) []Inherited {
	all := make([]Inherited, 0, len(list))
	for _, a := range list {
		i := Inherited{Ref: s.attributeRef(a.Name)}
		if a.From != of {
			from := s.to(schemajson.CollectionObjectClasses, &a.From.Definition)
			i.From = &from
		}
		all = append(all, i)
	}
	return all
}

func (s schema) attribute(t *schemajson.AttributeType) *Definition {
	d := s.common(schemajson.CollectionAttributeTypes, &t.Definition, t.Dump())
	use := s.AttributeUse(t)
	d.Attribute = &Attribute{
		Supertypes: s.attributes(s.Supertypes(t)), Subtypes: s.attributes(use.Subtypes),
		SingleValue: t.SingleValue, Collective: t.Collective, NoUserModification: t.NoUserModification, Usage: t.Usage.String(),
		RequiredBy: s.classUses(use.Required), AllowedBy: s.classUses(use.Allowed), Rules: s.namedBy(use),
	}
	if t.SUP != "" {
		sup := s.attributeRef(t.SUP)
		d.Attribute.SUP = &sup
	}
	if oid, length, from := s.SyntaxOf(t); from != nil {
		d.Attribute.Syntax = &Syntax{Inherited{s.syntaxRef(oid), s.inheritedFrom(t, from)}, length}
	}
	equality, ordering, substr := s.RulesOf(t)
	d.Attribute.Equality = s.inheritedRule(t, equality)
	d.Attribute.Ordering = s.inheritedRule(t, ordering)
	d.Attribute.Substr = s.inheritedRule(t, substr)
	return d
}

func (s schema) classUses(list []schemajson.ClassUse) []Inherited {
	all := make([]Inherited, 0, len(list))
	for _, u := range list {
		i := Inherited{Ref: s.to(schemajson.CollectionObjectClasses, &u.Class.Definition)}
		if u.From != u.Class {
			from := s.to(schemajson.CollectionObjectClasses, &u.From.Definition)
			i.From = &from
		}
		all = append(all, i)
	}
	return all
}

func (s schema) namedBy(use *schemajson.AttributeUse) []Ref {
	all := []Ref{}
	for _, r := range use.ContentRules {
		all = append(all, s.to(schemajson.CollectionDITContentRules, &r.Definition))
	}
	for _, f := range use.NameForms {
		all = append(all, s.to(schemajson.CollectionNameForms, &f.Definition))
	}
	for _, u := range use.RuleUses {
		all = append(all, s.to(schemajson.CollectionMatchingRuleUse, &u.Definition))
	}
	return all
}

// inheritedFrom returns where t has something from, nil if it is its own.
func (s schema) inheritedFrom(t, from *schemajson.AttributeType) *Ref {
	if from == t {
		return nil
	}
	r := s.to(schemajson.CollectionAttributeTypes, &from.Definition)
	return &r
}

func (s schema) inheritedRule(t *schemajson.AttributeType, rule schemajson.InheritedRule) *Inherited {
	if rule.From == nil {
		return nil
	}
	return &Inherited{s.ruleRef(rule.Name), s.inheritedFrom(t, rule.From)}
}

func (s schema) rule(r *schemajson.MatchingRule) *Definition {
	d := s.common(schemajson.CollectionMatchingRules, &r.Definition, r.Dump())
	use := s.RuleUse(r)
	d.Rule = &Rule{
		Equality: s.placedIn(use.Equality, func(equality, _, _ schemajson.InheritedRule) schemajson.InheritedRule { return equality }),
		Ordering: s.placedIn(use.Ordering, func(_, ordering, _ schemajson.InheritedRule) schemajson.InheritedRule { return ordering }),
		Substr:   s.placedIn(use.Substr, func(_, _, substr schemajson.InheritedRule) schemajson.InheritedRule { return substr }),
		Applies:  s.attributes(use.Applies),
	}
	if u := s.MatchingRuleUse(r.OID); u != nil && s.MatchingRule(r.OID) == r {
		to := s.to(schemajson.CollectionMatchingRuleUse, &u.Definition)
		d.Rule.Use = &to
	}
	if r.Syntax != "" {
		d.Rule.Syntax = &Syntax{Inherited: Inherited{Ref: s.syntaxRef(r.Syntax)}}
	}
	return d
}

// placedIn are attribute types that have a rule in one of their places, with
// where each has it from: own ones first.
func (s schema) placedIn(types []*schemajson.AttributeType, place func(equality, ordering, substr schemajson.InheritedRule) schemajson.InheritedRule) []Inherited {
	all := make([]Inherited, 0, len(types))
	for _, t := range types {
		all = append(all, Inherited{s.to(schemajson.CollectionAttributeTypes, &t.Definition), s.inheritedFrom(t, place(s.RulesOf(t)).From)})
	}
	slices.SortStableFunc(all, func(a, b Inherited) int {
		switch {
		case a.From == nil && b.From != nil:
			return -1
		case a.From != nil && b.From == nil:
			return 1
		}
		return 0
	})
	return all
}

func (s schema) syntax(x *schemajson.LDAPSyntax) *Definition {
	d := s.common(schemajson.CollectionLDAPSyntaxes, &x.Definition, x.Dump())
	use := new(schemajson.SyntaxUse)
	if s.LDAPSyntax(x.OID) == x {
		use = s.SyntaxUse(x.OID)
	}
	d.LDAPSyntax = &LDAPSyntax{Attributes: s.attributes(use.Attributes), Inheriting: s.attributes(use.Inheriting), Rules: []Ref{}}
	for _, r := range use.MatchingRules {
		d.LDAPSyntax.Rules = append(d.LDAPSyntax.Rules, s.to(schemajson.CollectionMatchingRules, &r.Definition))
	}
	return d
}

func (s schema) ruleUse(u *schemajson.MatchingRuleUse) *Definition {
	d := s.common(schemajson.CollectionMatchingRuleUse, &u.Definition, u.Dump())
	d.RuleUse = &RuleUse{Rule: s.ruleRef(u.OID), Applies: refs(u.Applies, s.attributeRef)}
	return d
}

func (s schema) contentRule(r *schemajson.DITContentRule) *Definition {
	d := s.common(schemajson.CollectionDITContentRules, &r.Definition, r.Dump())
	class := s.classRef(r.OID)
	if c := s.ObjectClass(r.OID); c != nil {
		class.Name = c.Name()
	}
	d.ContentRule = &ContentRule{
		Class: class, Aux: refs(r.Aux, s.classRef),
		Must: refs(r.Must, s.attributeRef), May: refs(r.May, s.attributeRef), Not: refs(r.Not, s.attributeRef),
	}
	return d
}

func (s schema) structureRule(r *schemajson.DITStructureRule) *Definition {
	d := s.common(schemajson.CollectionDITStructureRules, &r.Definition, r.Dump())
	d.StructureRule = &StructureRule{SUP: refs(r.SUP, func(number string) Ref {
		if sup := s.DITStructureRule(number); sup != nil {
			return ref(schemajson.CollectionDITStructureRules, number, &sup.Definition)
		}
		return ref(schemajson.CollectionDITStructureRules, number, nil)
	})}
	d.StructureRule.Subordinates = s.structureRules(func(other *schemajson.DITStructureRule) bool {
		return slices.ContainsFunc(other.SUP, func(number string) bool { return s.DITStructureRule(number) == r })
	})
	if r.Form != "" {
		form := ref(schemajson.CollectionNameForms, r.Form, nil)
		if f := s.NameForm(r.Form); f != nil {
			form = ref(schemajson.CollectionNameForms, r.Form, &f.Definition)
			d.StructureRule.OC = s.classOf(f)
		}
		d.StructureRule.Form = &form
	}
	return d
}

func (s schema) nameForm(f *schemajson.NameForm) *Definition {
	d := s.common(schemajson.CollectionNameForms, &f.Definition, f.Dump())
	d.NameForm = &NameForm{
		OC: s.classOf(f), Must: refs(f.Must, s.attributeRef), May: refs(f.May, s.attributeRef), StructureRules: s.structureRulesFor(f),
	}
	return d
}

// classOf is the class that a name form is for, nil if it names none.
func (s schema) classOf(f *schemajson.NameForm) *Ref {
	if f.OC == "" {
		return nil
	}
	oc := s.classRef(f.OC)
	return &oc
}
