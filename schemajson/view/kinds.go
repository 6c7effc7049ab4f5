package view

import "github.com/ldapedge/ldapedge/schemajson"

func (s schema) class(name string) *Definition {
	c := s.ObjectClass(name)
	if c == nil {
		return nil
	}
	d := base(schemajson.CollectionObjectClasses, &c.Definition)
	if !c.KindGiven {
		d.Defaulted = append(d.Defaulted, "kind")
	}
	must, may := s.ClassAttributes(c)
	d.Class = &Class{
		Kind: c.Kind.String(), SUP: refs(c.SUP, s.classRef),
		Superclasses: classes(s.Superclasses(c)), Subclasses: classes(s.Subclasses(c)),
		Must: s.classAttributes(c, must), May: s.classAttributes(c, may), NameForms: []Ref{},
	}
	if rule := s.DITContentRule(c.OID); rule != nil && c.OID != "" {
		r := ref(schemajson.CollectionDITContentRules, rule.Name(), &rule.Definition)
		d.Class.ContentRule = &r
	}
	for i := range s.NameForms {
		if f := &s.NameForms[i]; sameName(&c.Definition, f.OC) {
			d.Class.NameForms = append(d.Class.NameForms, ref(schemajson.CollectionNameForms, f.Name(), &f.Definition))
		}
	}
	return d
}

func (s schema) classAttributes(of *schemajson.ObjectClass, list []schemajson.ClassAttribute) []Inherited {
	all := make([]Inherited, 0, len(list))
	for _, a := range list {
		i := Inherited{Ref: s.attributeRef(a.Name)}
		if a.From != of {
			from := ref(schemajson.CollectionObjectClasses, a.From.Name(), &a.From.Definition)
			i.From = &from
		}
		all = append(all, i)
	}
	return all
}

func (s schema) attribute(name string) *Definition {
	t := s.AttributeType(name)
	if t == nil {
		return nil
	}
	d := base(schemajson.CollectionAttributeTypes, &t.Definition)
	if !t.UsageGiven {
		d.Defaulted = append(d.Defaulted, "usage")
	}
	use := s.AttributeUse(t)
	d.Attribute = &Attribute{
		Supertypes: attributes(s.Supertypes(t)), Subtypes: attributes(use.Subtypes),
		SingleValue: t.SingleValue, Collective: t.Collective, NoUserModification: t.NoUserModification, Usage: t.Usage.String(),
		RequiredBy: classUses(use.Required), AllowedBy: classUses(use.Allowed), Rules: s.namedBy(use),
	}
	if t.SUP != "" {
		sup := s.attributeRef(t.SUP)
		d.Attribute.SUP = &sup
	}
	if oid, length, from := s.SyntaxOf(t); from != nil {
		d.Attribute.Syntax = &Syntax{Inherited{s.syntaxRef(oid), inheritedFrom(t, from)}, length}
	}
	equality, ordering, substr := s.RulesOf(t)
	d.Attribute.Equality = s.inheritedRule(t, equality)
	d.Attribute.Ordering = s.inheritedRule(t, ordering)
	d.Attribute.Substr = s.inheritedRule(t, substr)
	return d
}

func classUses(list []schemajson.ClassUse) []Inherited {
	all := make([]Inherited, 0, len(list))
	for _, u := range list {
		i := Inherited{Ref: ref(schemajson.CollectionObjectClasses, u.Class.Name(), &u.Class.Definition)}
		if u.From != u.Class {
			from := ref(schemajson.CollectionObjectClasses, u.From.Name(), &u.From.Definition)
			i.From = &from
		}
		all = append(all, i)
	}
	return all
}

func (s schema) namedBy(use *schemajson.AttributeUse) []Ref {
	all := []Ref{}
	for _, r := range use.ContentRules {
		all = append(all, ref(schemajson.CollectionDITContentRules, r.Name(), &r.Definition))
	}
	for _, f := range use.NameForms {
		all = append(all, ref(schemajson.CollectionNameForms, f.Name(), &f.Definition))
	}
	for _, u := range use.RuleUses {
		all = append(all, ref(schemajson.CollectionMatchingRuleUse, u.Name(), &u.Definition))
	}
	return all
}

// inheritedFrom returns where t has something from, nil if it is its own.
func inheritedFrom(t, from *schemajson.AttributeType) *Ref {
	if from == t {
		return nil
	}
	r := ref(schemajson.CollectionAttributeTypes, from.Name(), &from.Definition)
	return &r
}

func (s schema) inheritedRule(t *schemajson.AttributeType, rule schemajson.InheritedRule) *Inherited {
	if rule.From == nil {
		return nil
	}
	return &Inherited{s.ruleRef(rule.Name), inheritedFrom(t, rule.From)}
}

func (s schema) rule(name string) *Definition {
	r := s.MatchingRule(name)
	if r == nil {
		return nil
	}
	d := base(schemajson.CollectionMatchingRules, &r.Definition)
	use := s.RuleUse(r)
	d.Rule = &Rule{
		Equality: attributes(use.Equality), Ordering: attributes(use.Ordering), Substr: attributes(use.Substr), Applies: attributes(use.Applies),
	}
	if r.Syntax != "" {
		d.Rule.Syntax = &Syntax{Inherited: Inherited{Ref: s.syntaxRef(r.Syntax)}}
	}
	return d
}

func (s schema) syntax(oid string) *Definition {
	x := s.LDAPSyntax(oid)
	if x == nil {
		return nil
	}
	d := base(schemajson.CollectionLDAPSyntaxes, &x.Definition)
	use := s.SyntaxUse(x.OID)
	d.LDAPSyntax = &LDAPSyntax{Attributes: attributes(use.Attributes), Inheriting: attributes(use.Inheriting), Rules: []Ref{}}
	for _, r := range use.MatchingRules {
		d.LDAPSyntax.Rules = append(d.LDAPSyntax.Rules, ref(schemajson.CollectionMatchingRules, r.Name(), &r.Definition))
	}
	return d
}

func (s schema) ruleUse(name string) *Definition {
	u := s.MatchingRuleUse(name)
	if u == nil {
		return nil
	}
	d := base(schemajson.CollectionMatchingRuleUse, &u.Definition)
	d.RuleUse = &RuleUse{Rule: s.ruleRef(u.OID), Applies: refs(u.Applies, s.attributeRef)}
	return d
}

func (s schema) contentRule(name string) *Definition {
	r := s.DITContentRule(name)
	if r == nil {
		return nil
	}
	d := base(schemajson.CollectionDITContentRules, &r.Definition)
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

func (s schema) structureRule(name string) *Definition {
	r := s.DITStructureRule(name)
	if r == nil {
		return nil
	}
	d := base(schemajson.CollectionDITStructureRules, &r.Definition)
	d.StructureRule = &StructureRule{SUP: refs(r.SUP, func(number string) Ref {
		if sup := s.DITStructureRule(number); sup != nil {
			return ref(schemajson.CollectionDITStructureRules, number, &sup.Definition)
		}
		return ref(schemajson.CollectionDITStructureRules, number, nil)
	})}
	if r.Form != "" {
		form := ref(schemajson.CollectionNameForms, r.Form, nil)
		if f := s.NameForm(r.Form); f != nil {
			form = ref(schemajson.CollectionNameForms, r.Form, &f.Definition)
		}
		d.StructureRule.Form = &form
	}
	return d
}

func (s schema) nameForm(name string) *Definition {
	f := s.NameForm(name)
	if f == nil {
		return nil
	}
	d := base(schemajson.CollectionNameForms, &f.Definition)
	d.NameForm = &NameForm{Must: refs(f.Must, s.attributeRef), May: refs(f.May, s.attributeRef)}
	if f.OC != "" {
		oc := s.classRef(f.OC)
		d.NameForm.OC = &oc
	}
	return d
}
