// Package diff compares two LDAP schemas: what the second has that the first
// has not, what it lacks, what it defines otherwise, and what each difference
// does to the entries and clients that live with the first.
//
// [Compare] takes two parsed schemas, the first of which is taken for the older
// one, and returns a [Result] for programs; [Result.WriteText] shows it to
// people:
//
//	result := diff.Compare(before, after, nil)
//	if result.Summary.Breaking > 0 {
//		result.WriteText(os.Stdout)
//	}
//
// # What is the same
//
// Definitions belong together if they have the same OID, or else a name in
// common. Names compare without case. A reference is the same if it leads to
// definitions that belong together, whether by name or OID: cn, CN and 2.5.4.3
// are equal. A usage or kind that is left out equals the default where that is
// written. The order of names and lists does not matter, but for the first name
// (see [Options]).
package diff

import (
	"slices"
	"strings"

	"github.com/ldapedge/ldapedge/schemajson"
)

// Effect tells what a difference does to existing entries and clients.
type Effect string

// The effects.
const (
	// Breaking: entries or clients that were right no longer are.
	Breaking Effect = "breaking"
	// Compatible: what was right stays right, but more, or other things, can be.
	Compatible Effect = "compatible"
	// Cosmetic: nothing behaves differently.
	Cosmetic Effect = "cosmetic"
)

// Kind tells what has become of a field.
type Kind string

// The kinds.
const (
	// Added: To has what was not there before; From is empty.
	Added Kind = "added"
	// Removed: From has what is no longer there; To is empty.
	Removed Kind = "removed"
	// Changed: From has what was there, and To what is there instead.
	Changed Kind = "changed"
	// Reordered: From and To are the same in another order.
	Reordered Kind = "reordered"
)

// Result is the difference between two schemas. Its lists are never nil.
type Result struct {
	// Summary counts what the collections hold.
	Summary Summary `json:"summary"`
	// Collections are those that differ, in the order attributeTypes,
	// objectClasses, ldapSyntaxes, matchingRules, matchingRuleUse,
	// dITContentRules, dITStructureRules, nameForms.
	Collections []Collection `json:"collections"`
}

// Summary counts the differences.
type Summary struct {
	// Added, Removed and Changed count definitions.
	Added   int `json:"added"`
	Removed int `json:"removed"`
	Changed int `json:"changed"`
	// Breaking, Compatible and Cosmetic count the effects of definitions added
	// and removed, and of each change of the others.
	Breaking   int `json:"breaking"`
	Compatible int `json:"compatible"`
	Cosmetic   int `json:"cosmetic"`
}

// Collection is the difference between two collections of definitions.
type Collection struct {
	// Name is the attribute of the subschema entry, such as "attributeTypes".
	Name string `json:"name"`
	// Added are the definitions that only the second schema has, in its order.
	Added []Definition `json:"added"`
	// Removed are those that only the first has, in its order.
	Removed []Definition `json:"removed"`
	// Changed are those that both have, but not alike, in the first's order.
	Changed []ChangedDefinition `json:"changed"`
}

// Definition is a definition that one schema has and the other has not.
type Definition struct {
	// Name is the first name, or the OID if there is none.
	Name string `json:"name"`
	// OID is the OID, or the number of a structure rule.
	OID string `json:"oid"`
	// Raw is the definition as the server sent it.
	Raw string `json:"raw"`
	// Effect is what its coming or going does, and Reason says why.
	Effect Effect `json:"effect"`
	Reason string `json:"reason"`
}

// ChangedDefinition is a definition that the two schemas do not have alike.
type ChangedDefinition struct {
	// Name and OID are those of the first schema.
	Name string `json:"name"`
	OID  string `json:"oid"`
	// RawFrom and RawTo are the two definitions as the servers sent them.
	RawFrom string `json:"rawFrom"`
	RawTo   string `json:"rawTo"`
	// Effect is the gravest among the changes'.
	Effect Effect `json:"effect"`
	// Changes are the differences, by field.
	Changes []Change `json:"changes"`
}

// Change is what has become of one field of a definition. What a list has won
// and lost are changes apart, and so are values that matter differently.
type Change struct {
	// Field is "oid", "names", "desc", "obsolete", the name of an extension in
	// capitals, or one of the kind's own: "sup", "equality", "ordering",
	// "substr", "syntax", "length", "singleValue", "collective",
	// "noUserModification", "usage", "kind", "must", "may", "applies", "aux",
	// "not", "form", "oc".
	Field string `json:"field"`
	Kind  Kind   `json:"kind"`
	// From and To are the values; of a list, those that were removed or added.
	From []string `json:"from"`
	To   []string `json:"to"`
	// Effect is what the change does, and Reason says why.
	Effect Effect `json:"effect"`
	Reason string `json:"reason"`
}

// Options choose what [Compare] looks at. The zero value and nil compare
// everything but order.
type Options struct {
	// IgnoreDescriptions leaves DESC out.
	IgnoreDescriptions bool
	// IgnoreExtensions leaves the X- fields out.
	IgnoreExtensions bool
	// Order reports values that have changed places in names, MUST, MAY and the
	// other lists. A name that has become the first is reported anyway: servers
	// show it.
	Order bool
	// IgnoreNamePrefixes leaves out definitions of which a name or the OID
	// begins with one of these, in any case, in either schema.
	IgnoreNamePrefixes []string
	// IgnoreExtensionValues leaves out definitions that have one of these values
	// of an extension, in either schema, in any case; with no values, all that
	// have the extension: {"X-ORIGIN", {"user defined"}}.
	IgnoreExtensionValues []schemajson.Extension
	// OnlyCollections, unless empty, are the collections to compare, in any
	// case.
	OnlyCollections []string
}

// Compare returns how the schema to differs from the schema from. Compare of
// the same two the other way round has the same differences, mirrored.
func Compare(from, to *schemajson.SchemaInfo, o *Options) *Result {
	if o == nil {
		o = &Options{}
	}
	c := &comparison{schemas: [2]*schemajson.SchemaInfo{from, to}, o: o}
	c.pair()
	r := &Result{Collections: []Collection{}}
	collect(c, r, attributeTypeKind)
	collect(c, r, objectClassKind)
	collect(c, r, syntaxKind)
	collect(c, r, matchingRuleKind)
	collect(c, r, ruleUseKind)
	collect(c, r, contentRuleKind)
	collect(c, r, structureRuleKind)
	collect(c, r, nameFormKind)
	return r
}

// Equal tells whether nothing differs.
func (r *Result) Equal() bool { return len(r.Collections) == 0 }

// collect compares one collection and adds the outcome to the result.
func collect[D any](c *comparison, r *Result, k *kind[D]) {
	only := func(name string) bool { return strings.EqualFold(name, schemajson.Collections[k.collection]) }
	if len(c.o.OnlyCollections) > 0 && !slices.ContainsFunc(c.o.OnlyCollections, only) {
		return
	}
	fields := slices.Concat(commonFields(c, k), k.fields)
	before, after := k.definitions(c.schemas[0]), k.definitions(c.schemas[1])
	all := Collection{Name: schemajson.Collections[k.collection], Added: []Definition{}, Removed: []Definition{}, Changed: []ChangedDefinition{}}
	for i := range before {
		d := &before[i]
		j := c.partner[k.collection][0][i]
		switch {
		case c.leftOut(k.shared(d)):
		case j == none:
			all.Removed = append(all.Removed, describe(k.shared(d), k.removed(c, d)))
		case !c.leftOut(k.shared(&after[j])):
			if one, differs := compareFields(c, k, fields, d, &after[j]); differs {
				all.Changed = append(all.Changed, one)
			}
		}
	}
	for j := range after {
		if d := &after[j]; c.partner[k.collection][1][j] == none && !c.leftOut(k.shared(d)) {
			all.Added = append(all.Added, describe(k.shared(d), k.added(c, d)))
		}
	}
	if len(all.Added)+len(all.Removed)+len(all.Changed) > 0 {
		r.Collections = append(r.Collections, all)
		r.Summary.count(&all)
	}
}

func describe(d *schemajson.Definition, v verdict) Definition {
	return Definition{Name: d.Name(), OID: d.OID, Raw: d.Raw, Effect: v.effect, Reason: v.reason}
}

func (s *Summary) count(c *Collection) {
	s.Added += len(c.Added)
	s.Removed += len(c.Removed)
	s.Changed += len(c.Changed)
	for _, d := range slices.Concat(c.Added, c.Removed) {
		s.add(d.Effect)
	}
	for _, d := range c.Changed {
		for _, change := range d.Changes {
			s.add(change.Effect)
		}
	}
}

func (s *Summary) add(e Effect) {
	switch e {
	case Breaking:
		s.Breaking++
	case Compatible:
		s.Compatible++
	case Cosmetic:
		s.Cosmetic++
	}
}
