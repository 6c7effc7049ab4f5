package schemajson

import (
	"slices"
	"strings"
)

// Merged tells what [Merge] has done to a collection.
type Merged struct {
	// Collection is its name.
	Collection string `json:"collection"`
	// Replaced are the names of the definitions that took the place of others,
	// but for those whose text is the same.
	Replaced []string `json:"replaced"`
	// Added are the names of those that follow.
	Added []string `json:"added"`
}

// Merge returns the schema base with the definitions of another. Those of added
// take the place of those of base that have the same OID, or number of a
// structure rule, and are of the same collection; the others follow those of
// base. Without an OID the first name decides. Neither schema is changed.
//
// Values that could not be parsed are kept, those of added behind the
// definitions, once. The entry and what it has beside definitions stay those of
// base. A name that the schemas have under two OIDs is among the merged schema's
// Problems.
//
// It also returns what was replaced and added, of each collection of which any
// was.
func Merge(base, added *SchemaInfo) (*SchemaInfo, []Merged) {
	raw := slices.Clone(base.Raw)
	var report []Merged
	for _, collection := range Collections {
		m := merger{report: Merged{Collection: collection, Replaced: []string{}, Added: []string{}}}
		m.gather(added.Raw, added.index(collection).definitions)
		if len(m.added) == 0 && len(m.unread) == 0 {
			continue
		}
		raw = m.merge(raw, base.index(collection).definitions)
		if len(m.report.Replaced) > 0 || len(m.report.Added) > 0 {
			report = append(report, m.report)
		}
	}
	merged := Parse(base.Entry, raw)
	merged.entryNull = base.entryNull
	return merged, report
}

// index returns the index of a collection.
func (s *SchemaInfo) index(collection string) *index {
	return map[string]*index{
		CollectionAttributeTypes: &s.attributeTypes, CollectionObjectClasses: &s.objectClasses,
		CollectionLDAPSyntaxes: &s.ldapSyntaxes, CollectionMatchingRules: &s.matchingRules,
		CollectionMatchingRuleUse: &s.matchingRuleUses, CollectionDITContentRules: &s.ditContentRules,
		CollectionDITStructureRules: &s.ditStructureRules, CollectionNameForms: &s.nameForms,
	}[collection]
}

// merger merges the definitions of one collection.
type merger struct {
	report Merged
	// added are the definitions to put in, by what identifies them, and order
	// that in which they come.
	added map[string][]*Definition
	order []string
	// unread are the values to put in that are no definitions.
	unread []string
	// before are the texts of the definitions that are replaced.
	before map[string][]string
}

// identity is what tells a definition from the others of its collection.
func identity(d *Definition) string {
	if d.OID != "" {
		return strings.ToLower(d.OID)
	}
	return "'" + strings.ToLower(d.Name()) // which no OID begins with
}

// gather takes the values that are to be put in.
func (m *merger) gather(attributes []Attribute, definitions []*Definition) {
	m.added = make(map[string][]*Definition)
	eachValue(attributes, m.report.Collection, definitions, func(_ int, value string, d *Definition) {
		if d == nil {
			m.unread = append(m.unread, value)
			return
		}
		key := identity(d)
		if m.added[key] == nil {
			m.order = append(m.order, key)
		}
		m.added[key] = append(m.added[key], d)
	})
}

// merge puts the values in. The attributes, which are changed, share no values
// of the collection with those before.
func (m *merger) merge(attributes []Attribute, definitions []*Definition) []Attribute {
	values := m.replace(attributes, definitions)
	last := -1
	for i := range attributes {
		if attributes[i].isOf(m.report.Collection) {
			attributes[i].Values = values[i]
			last = i
		}
	}
	follow := m.follow()
	switch {
	case last >= 0:
		attributes[last].Values = append(attributes[last].Values, follow...)
	case len(follow) > 0:
		attributes = append(attributes, Attribute{Name: m.report.Collection, Values: follow})
	}
	return attributes
}

// replace returns the values that the attributes have of the collection, after
// replacements, and notes what was replaced. Of what is to be put in and is no
// definition it leaves what is not there yet.
func (m *merger) replace(attributes []Attribute, definitions []*Definition) [][]string {
	values := make([][]string, len(attributes))
	m.before = make(map[string][]string)
	unread := make(map[string]bool)
	eachValue(attributes, m.report.Collection, definitions, func(i int, value string, d *Definition) {
		if d == nil {
			unread[value] = true
			values[i] = append(values[i], value)
			return
		}
		key := identity(d)
		in := m.added[key]
		switch {
		case in == nil:
			values[i] = append(values[i], value)
			return
		case m.before[key] == nil:
			values[i] = append(values[i], textsOf(in)...)
		}
		m.before[key] = append(m.before[key], value)
	})
	m.unread = slices.DeleteFunc(m.unread, func(value string) bool {
		there := unread[value]
		unread[value] = true
		return there
	})
	return values
}

// follow returns what comes behind all, and reports it and what was replaced.
func (m *merger) follow() (texts []string) {
	for _, key := range m.order {
		in := m.added[key]
		switch before := m.before[key]; {
		case before == nil:
			texts = append(texts, textsOf(in)...)
			m.report.Added = append(m.report.Added, namesOf(in)...)
		case !slices.Equal(before, textsOf(in)):
			m.report.Replaced = append(m.report.Replaced, namesOf(in)...)
		}
	}
	return append(texts, m.unread...)
}

// eachValue calls do for each value of a collection, with the number of its
// attribute and the definition that it is; nil if it is none.
func eachValue(attributes []Attribute, collection string, definitions []*Definition, do func(i int, value string, d *Definition)) {
	for i, a := range attributes {
		if !a.isOf(collection) {
			continue
		}
		for _, value := range a.Values {
			// The definitions are in the order of the values, and the same text is
			// always one or never.
			if len(definitions) > 0 && definitions[0].Raw == value {
				do(i, value, definitions[0])
				definitions = definitions[1:]
			} else {
				do(i, value, nil)
			}
		}
	}
}

func textsOf(definitions []*Definition) (all []string) {
	for _, d := range definitions {
		all = append(all, d.Raw)
	}
	return all
}

func namesOf(definitions []*Definition) (all []string) {
	for _, d := range definitions {
		all = append(all, d.Name())
	}
	return all
}
