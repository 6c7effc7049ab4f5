package lint

import (
	"strings"

	"github.com/ldapedge/ldapedge/schemajson"
)

// reference is a field of definitions D by which they name others.
type reference[D any] struct {
	field string
	// to is the collection of what it names.
	to int
	// undefined is the finding where that does not exist.
	undefined Code
	names     func(*D) []string
}

// one makes a list of a field that has one name at most.
func one[D any](of func(*D) string) func(*D) []string {
	return func(d *D) []string {
		if name := of(d); name != "" {
			return []string{name}
		}
		return nil
	}
}

type (
	attributeType = schemajson.AttributeType
	objectClass   = schemajson.ObjectClass
	matchingRule  = schemajson.MatchingRule
	ruleUse       = schemajson.MatchingRuleUse
	contentRule   = schemajson.DITContentRule
	structureRule = schemajson.DITStructureRule
	nameForm      = schemajson.NameForm
)

var (
	attributeReferences = []reference[attributeType]{
		{"SUP", attributeTypes, SupertypeUndefined, one(func(t *attributeType) string { return t.SUP })},
		{"EQUALITY", matchingRules, EqualityUndefined, one(func(t *attributeType) string { return t.Equality })},
		{"ORDERING", matchingRules, OrderingUndefined, one(func(t *attributeType) string { return t.Ordering })},
		{"SUBSTR", matchingRules, SubstrUndefined, one(func(t *attributeType) string { return t.Substr })},
		{"SYNTAX", ldapSyntaxes, SyntaxUndefined, one(func(t *attributeType) string { return t.Syntax })},
	}
	classReferences = []reference[objectClass]{
		{"SUP", objectClasses, SuperclassUndefined, func(k *objectClass) []string { return k.SUP }},
		{"MUST", attributeTypes, AttributeUndefined, func(k *objectClass) []string { return k.Must }},
		{"MAY", attributeTypes, AttributeUndefined, func(k *objectClass) []string { return k.May }},
	}
	matchingRuleReferences = []reference[matchingRule]{
		{"SYNTAX", ldapSyntaxes, SyntaxUndefined, one(func(r *matchingRule) string { return r.Syntax })},
	}
	ruleUseReferences = []reference[ruleUse]{
		{"OID", matchingRules, MatchingRuleUndefined, one(func(u *ruleUse) string { return u.OID })},
		{"APPLIES", attributeTypes, AttributeUndefined, func(u *ruleUse) []string { return u.Applies }},
	}
	contentRuleReferences = []reference[contentRule]{
		{"OID", objectClasses, ClassUndefined, one(func(r *contentRule) string { return r.OID })},
		{"AUX", objectClasses, ClassUndefined, func(r *contentRule) []string { return r.Aux }},
		{"MUST", attributeTypes, AttributeUndefined, func(r *contentRule) []string { return r.Must }},
		{"MAY", attributeTypes, AttributeUndefined, func(r *contentRule) []string { return r.May }},
		{"NOT", attributeTypes, AttributeUndefined, func(r *contentRule) []string { return r.Not }},
	}
	structureRuleReferences = []reference[structureRule]{
		{"FORM", nameForms, NameFormUndefined, one(func(r *structureRule) string { return r.Form })},
		{"SUP", structureRules, SuperiorRuleUndefined, func(r *structureRule) []string { return r.SUP }},
	}
	nameFormReferences = []reference[nameForm]{
		{"OC", objectClasses, ClassUndefined, one(func(f *nameForm) string { return f.OC })},
		{"MUST", attributeTypes, AttributeUndefined, func(f *nameForm) []string { return f.Must }},
		{"MAY", attributeTypes, AttributeUndefined, func(f *nameForm) []string { return f.May }},
	}
)

// resolver follows references and notes what they lead to.
type resolver struct {
	*checker
	// used are the definitions that others name.
	used map[*schemajson.Definition]bool
	// wanted tells which of the absent collections references lead into.
	wanted [collectionCount]bool
	// hidden are the names, by collection, that servers need not list.
	hidden [collectionCount][]string
	// lists counts the lists; seen and unseen have for each thing named, defined
	// or not, the list that named it last.
	lists  int
	seen   map[*schemajson.Definition]int
	unseen map[string]int
}

// checkReferences follows every reference.
func (c *checker) checkReferences() {
	r := &resolver{
		checker: c,
		used:    make(map[*schemajson.Definition]bool),
		seen:    make(map[*schemajson.Definition]int),
		unseen:  make(map[string]int),
	}
	follow(r, attributeTypes, c.s.AttributeTypes, attributeReferences)
	follow(r, objectClasses, c.s.ObjectClasses, classReferences)
	follow(r, matchingRules, c.s.MatchingRules, matchingRuleReferences)
	follow(r, matchingRuleUse, c.s.MatchingRuleUses, ruleUseReferences)
	follow(r, contentRules, c.s.DITContentRules, contentRuleReferences)
	follow(r, structureRules, c.s.DITStructureRules, structureRuleReferences)
	follow(r, nameForms, c.s.NameForms, nameFormReferences)
	r.reportAbsent()
	for collection, names := range r.hidden {
		if names = unique(names); len(names) > 0 {
			r.report(place{collection: collection, number: whole}, DefinitionHidden, "", "named, but not listed: "+listed(names))
		}
	}
	r.reportUnused(ldapSyntaxes, SyntaxesUnused, "no attribute type and no matching rule has the syntax")
	r.reportUnused(matchingRules, MatchingRulesUnused, "no attribute type has the rule, and no matching rule use applies it")
}

func follow[D any](r *resolver, collection int, all []D, references []reference[D]) {
	for i := range all {
		at := r.at(collection, i)
		for j := range references {
			ref := &references[j]
			if names := ref.names(&all[i]); len(names) > 0 {
				r.list(at, ref.field, ref.to, ref.undefined, names)
			}
		}
	}
}

// list follows the names in one field of a definition.
func (r *resolver) list(at place, field string, to int, undefinedCode Code, names []string) {
	absent := len(r.definitions[to]) == 0
	if absent {
		r.wanted[to] = true
	}
	r.lists++
	var undefined, repeated, obsolete []string
	for _, name := range names {
		d := r.lookUp(to, name)
		if r.again(d, name) {
			repeated = append(repeated, name)
			continue
		}
		switch {
		case d == nil && absent:
		case d == nil && r.isHidden(to, name):
			if !r.leftOut(at.definition) {
				r.hidden[to] = append(r.hidden[to], name)
			}
		case d == nil:
			undefined = append(undefined, name)
		default:
			if d.Obsolete && !at.definition.Obsolete && needs(at, field) {
				obsolete = append(obsolete, name)
			}
			r.used[d] = true
		}
	}
	if len(undefined) > 0 {
		r.report(at, undefinedCode, field, listed(undefined)+" "+isAre(len(undefined))+" not defined")
	}
	if repeated = withoutStandard(at, ListRepeated, unique(repeated)); len(repeated) > 0 {
		r.report(at, ListRepeated, field, listed(repeated)+" "+isAre(len(repeated))+" in the list more than once")
	}
	if len(obsolete) > 0 {
		r.report(at, ObsoleteUsed, field, listed(obsolete)+" "+isAre(len(obsolete))+" obsolete")
	}
}

// needs tells whether a definition is the worse for naming something obsolete: a
// rule that precludes it, or says what matching rules can do with it, is not.
func needs(at place, field string) bool { return at.collection != matchingRuleUse && field != "NOT" }

// again tells whether the list at hand has named something before.
func (r *resolver) again(d *schemajson.Definition, name string) bool {
	if d != nil {
		before := r.seen[d]
		r.seen[d] = r.lists
		return before == r.lists
	}
	name = strings.ToLower(name)
	before := r.unseen[name]
	r.unseen[name] = r.lists
	return before == r.lists
}

// unique returns the names without those that come again, in whatever case.
func unique(names []string) []string {
	seen := make(map[string]bool, len(names))
	return selected(names, func(name string) bool {
		name = strings.ToLower(name)
		known := seen[name]
		seen[name] = true
		return !known
	})
}

// reportAbsent reports the collections that the schema does not have, where
// something would be checked against them.
func (r *resolver) reportAbsent() {
	if len(r.s.AttributeTypes) > 0 {
		r.wanted[ldapSyntaxes], r.wanted[matchingRules] = true, true
	}
	for collection, wanted := range r.wanted {
		if wanted && len(r.definitions[collection]) == 0 {
			r.report(place{collection: collection, number: whole}, CollectionAbsent, "", "the schema has no "+schemajson.Collections[collection]+"; what refers to them is not checked")
		}
	}
}

// reportUnused reports the definitions of a collection that nothing uses, in
// one finding: a server publishes what it can do, used or not.
func (r *resolver) reportUnused(collection int, code Code, message string) {
	if len(r.s.AttributeTypes) == 0 {
		return
	}
	var unused []string
	for _, d := range r.definitions[collection] {
		if !r.used[d] && !r.leftOut(d) {
			unused = append(unused, d.Name())
		}
	}
	if len(unused) > 0 {
		r.report(place{collection: collection, number: whole}, code, "", message+": "+listed(unused))
	}
}

// lookUp returns the definition of a collection with a name or OID, or nil.
func (c *checker) lookUp(collection int, name string) *schemajson.Definition {
	switch collection {
	case attributeTypes:
		if d := c.s.AttributeType(name); d != nil {
			return &d.Definition
		}
	case objectClasses:
		if d := c.s.ObjectClass(name); d != nil {
			return &d.Definition
		}
	case ldapSyntaxes:
		if d := c.s.LDAPSyntax(name); d != nil {
			return &d.Definition
		}
	case matchingRules:
		if d := c.s.MatchingRule(name); d != nil {
			return &d.Definition
		}
	case structureRules:
		if d := c.s.DITStructureRule(name); d != nil {
			return &d.Definition
		}
	case nameForms:
		if d := c.s.NameForm(name); d != nil {
			return &d.Definition
		}
	}
	return nil
}
