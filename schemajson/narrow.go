package schemajson

import (
	"slices"
	"strings"
)

// QueryError is a narrowing that [Finder.Find] does not know.
type QueryError struct {
	// Narrowing is its name, as "kind".
	Narrowing string
	// Value is what stands behind the colon, if the narrowing is known and the
	// value is not.
	Value string
}

// Error says what is expected instead.
func (e *QueryError) Error() string {
	if e.Value != "" {
		return "the query has " + e.Narrowing + ":" + Quote(e.Value) + "; " + strings.Join(kindNames(), ", ") + " are expected"
	}
	return "the query has " + Quote(e.Narrowing+":") + "; kind:, syntax:, must: and usedby: are expected, or quotation marks around the word"
}

// narrow returns what a definition must pass. A narrowing without a value, which
// is still being typed, narrows nothing.
func (f *Finder) narrow(all []narrowing) (passes []func(*candidate) bool, err error) {
	by := map[string]func(word) func(*candidate) bool{
		"kind": f.ofKind, "syntax": f.ofSyntax, "must": f.requiring, "usedby": f.usedBy,
	}
	for _, n := range all {
		do := by[n.name]
		if do == nil {
			return nil, &QueryError{Narrowing: n.name}
		}
		if n.value.text == "" {
			continue
		}
		pass := do(n.value)
		if pass == nil {
			return nil, &QueryError{n.name, n.value.text}
		}
		passes = append(passes, pass)
	}
	return passes, nil
}

// kindWord is a word for a collection, or for one of the kinds of classes.
type kindWord struct {
	word, collection string
	class            Kind
	ofClass          bool
}

var kindWords = []kindWord{
	{word: "class", collection: CollectionObjectClasses},
	{word: "abstract", collection: CollectionObjectClasses, class: Abstract, ofClass: true},
	{word: "structural", collection: CollectionObjectClasses, class: Structural, ofClass: true},
	{word: "auxiliary", collection: CollectionObjectClasses, class: Auxiliary, ofClass: true},
	{word: "attribute", collection: CollectionAttributeTypes},
	{word: "rule", collection: CollectionMatchingRules},
	{word: "syntax", collection: CollectionLDAPSyntaxes},
	{word: "ruleuse", collection: CollectionMatchingRuleUse},
	{word: "contentrule", collection: CollectionDITContentRules},
	{word: "structurerule", collection: CollectionDITStructureRules},
	{word: "nameform", collection: CollectionNameForms},
}

func kindNames() (all []string) {
	for _, k := range kindWords {
		all = append(all, k.word)
	}
	return all
}

// ofKind takes a word for a kind, a collection's name, or the beginning of one
// or several. It returns nil if there is none.
func (f *Finder) ofKind(value word) func(*candidate) bool {
	kinds := kindsThat(func(name string) bool { return name == value.text })
	if kinds == nil {
		kinds = kindsThat(func(name string) bool { return strings.HasPrefix(name, value.text) })
	}
	if kinds == nil {
		return nil
	}
	return func(c *candidate) bool {
		return slices.ContainsFunc(kinds, func(k kindWord) bool {
			return k.collection == c.collection && (!k.ofClass || f.schema.ObjectClasses[c.index].Kind == k.class)
		})
	}
}

func kindsThat(are func(string) bool) (all []kindWord) {
	for _, k := range kindWords {
		if are(k.word) || !k.ofClass && are(strings.ToLower(k.collection)) {
			all = append(all, k)
		}
	}
	return all
}

// ofSyntax passes attribute types and matching rules that have a syntax, their
// own or inherited. It goes by its OID, or by its description: the whole one if
// there is such a syntax, otherwise a part.
func (f *Finder) ofSyntax(value word) func(*candidate) bool {
	whole, part := make(map[string]bool), make(map[string]bool)
	for i := range f.all {
		c := &f.all[i]
		if c.collection != CollectionLDAPSyntaxes {
			continue
		}
		whole[c.definition.OID] = value.is(c.desc)
		part[c.definition.OID] = strings.Contains(c.desc, value.text)
		if value.is(c.desc) {
			whole[""] = true
		}
	}
	wanted := part
	if whole[""] {
		wanted = whole
	}
	return func(c *candidate) bool {
		oid := ""
		switch c.collection {
		case CollectionAttributeTypes:
			oid, _, _ = f.schema.SyntaxOf(&f.schema.AttributeTypes[c.index])
		case CollectionMatchingRules:
			oid = f.schema.MatchingRules[c.index].Syntax
		}
		return oid != "" && (wanted[oid] || value.is(strings.ToLower(oid)))
	}
}

// named returns the definitions with a name or OID.
func (f *Finder) named(value word, collections ...string) (all []*candidate) {
	for i := range f.all {
		c := &f.all[i]
		if (len(collections) == 0 || slices.Contains(collections, c.collection)) && slices.ContainsFunc(c.keys, value.is) {
			all = append(all, c)
		}
	}
	return all
}

// definitions are a set of them.
type definitions map[*Definition]bool

func (d definitions) pass(c *candidate) bool { return d[c.definition] }

// requiring passes the classes whose entries must have an attribute, and the
// content rules and name forms that require it.
func (f *Finder) requiring(value word) func(*candidate) bool {
	s, all := f.schema, definitions{}
	for _, c := range f.named(value, CollectionAttributeTypes) {
		t := &s.AttributeTypes[c.index]
		names := func(list []string) bool {
			return slices.ContainsFunc(list, func(name string) bool { return s.AttributeType(name) == t })
		}
		use := s.AttributeUse(t)
		for _, u := range use.Required {
			all[&u.Class.Definition] = true
		}
		for _, r := range use.ContentRules {
			all[&r.Definition] = all[&r.Definition] || names(r.Must)
		}
		for _, n := range use.NameForms {
			all[&n.Definition] = all[&n.Definition] || names(n.Must)
		}
	}
	return all.pass
}

// usedBy passes what a definition uses: what it names, and what it inherits.
func (f *Finder) usedBy(value word) func(*candidate) bool {
	u := users{f.schema, definitions{}}
	for _, c := range f.named(value) {
		u.of(c)
	}
	return u.used.pass
}

// users gathers what definitions use.
type users struct {
	*SchemaInfo
	used definitions
}

func (u users) of(c *candidate) {
	switch i := c.index; c.collection {
	case CollectionObjectClasses:
		u.class(&u.ObjectClasses[i])
	case CollectionAttributeTypes:
		u.attribute(&u.AttributeTypes[i])
	case CollectionMatchingRules:
		u.syntax(u.MatchingRules[i].Syntax)
	case CollectionMatchingRuleUse:
		u.rule(u.MatchingRuleUses[i].OID)
		u.attributes(u.MatchingRuleUses[i].Applies)
	case CollectionDITContentRules:
		r := &u.DITContentRules[i]
		u.classes(append([]string{r.OID}, r.Aux...))
		u.attributes(slices.Concat(r.Must, r.May, r.Not))
	case CollectionDITStructureRules:
		r := &u.DITStructureRules[i]
		if form := u.NameForm(r.Form); form != nil {
			u.used[&form.Definition] = true
		}
		for _, sup := range r.SUP {
			if rule := u.DITStructureRule(sup); rule != nil {
				u.used[&rule.Definition] = true
			}
		}
	case CollectionNameForms:
		form := &u.NameForms[i]
		u.classes([]string{form.OC})
		u.attributes(slices.Concat(form.Must, form.May))
	}
}

func (u users) class(c *ObjectClass) {
	for _, sup := range u.Superclasses(c) {
		u.used[&sup.Definition] = true
	}
	must, may := u.ClassAttributes(c)
	for _, a := range slices.Concat(must, may) {
		u.attributes([]string{a.Name})
	}
}

func (u users) attribute(t *AttributeType) {
	for _, sup := range u.Supertypes(t) {
		u.used[&sup.Definition] = true
	}
	oid, _, _ := u.SyntaxOf(t)
	u.syntax(oid)
	equality, ordering, substr := u.RulesOf(t)
	for _, rule := range []InheritedRule{equality, ordering, substr} {
		u.rule(rule.Name)
	}
}

func (u users) classes(names []string) {
	for _, name := range names {
		if c := u.ObjectClass(name); c != nil {
			u.used[&c.Definition] = true
		}
	}
}

func (u users) attributes(names []string) {
	for _, name := range names {
		if t := u.AttributeType(name); t != nil {
			u.used[&t.Definition] = true
		}
	}
}

func (u users) rule(name string) {
	if r := u.MatchingRule(name); r != nil {
		u.used[&r.Definition] = true
	}
}

func (u users) syntax(oid string) {
	if x := u.LDAPSyntax(oid); x != nil {
		u.used[&x.Definition] = true
	}
}
