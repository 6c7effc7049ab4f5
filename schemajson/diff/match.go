package diff

import (
	"maps"
	"slices"
	"strings"

	"github.com/ldapedge/ldapedge/schemajson"
)

// The collections, by their place in [schemajson.Collections].
const (
	attributeTypes = iota
	objectClasses
	ldapSyntaxes
	matchingRules
	matchingRuleUse
	contentRules
	structureRules
	nameForms
	collectionCount
)

// none stands for no partner.
const none = -1

// comparison is the state of one call of Compare. Side 0 is the first schema.
type comparison struct {
	schemas [2]*schemajson.SchemaInfo
	o       *Options
	// partner has for each collection, side and definition the number of the
	// definition on the other side that it belongs with, or none.
	partner [collectionCount][2][]int
	// first maps definitions that have a partner to the one on side 0.
	first map[*schemajson.Definition]*schemajson.Definition
	// lineages are those of the sides; see lineage.
	lineages [2]*lineage
	// inheritances are those of the sides; see inherited.
	inheritances [2]map[*attributeType]*inheritance
	// syntaxes are those that definitions of the second schema name, once asked
	// for.
	syntaxes map[string]bool
}

// pair finds out which definitions belong together.
func (c *comparison) pair() {
	c.first = make(map[*schemajson.Definition]*schemajson.Definition)
	pairUp(c, attributeTypeKind)
	pairUp(c, objectClassKind)
	pairUp(c, syntaxKind)
	pairUp(c, matchingRuleKind)
	pairUp(c, ruleUseKind)
	pairUp(c, contentRuleKind)
	pairUp(c, structureRuleKind)
	pairUp(c, nameFormKind)
}

// rounds are the keys by which definitions find each other, best first. Within
// a round those with the same key go together in the schemas' order. Both sides
// are treated alike, so that neither order of the schemas gives other pairs.
var rounds = []func(*schemajson.Definition) []string{
	func(d *schemajson.Definition) []string { // OID and name, which tells duplicates apart
		if d.OID == "" || len(d.Names) == 0 {
			return nil
		}
		return []string{d.OID + " " + d.Names[0]}
	},
	func(d *schemajson.Definition) []string {
		if d.OID == "" {
			return nil
		}
		return []string{d.OID}
	},
	func(d *schemajson.Definition) []string { return d.Names[:min(len(d.Names), 1)] },
	func(d *schemajson.Definition) []string { return d.Names },
	func(d *schemajson.Definition) []string {
		if d.OID != "" || len(d.Names) > 0 {
			return nil
		}
		return []string{d.Raw}
	},
}

func pairUp[D any](c *comparison, k *kind[D]) {
	var definitions [2][]*schemajson.Definition
	partner := &c.partner[k.collection]
	for side, s := range c.schemas {
		all := k.definitions(s)
		for i := range all {
			definitions[side] = append(definitions[side], k.shared(&all[i]))
		}
		partner[side] = slices.Repeat([]int{none}, len(all))
	}
	for _, keys := range rounds {
		var by [2]map[string][]int
		for side := range by {
			by[side] = byKey(definitions[side], partner[side], keys)
		}
		for _, key := range slices.Sorted(maps.Keys(by[0])) {
			left, right := free(by[0][key], partner[0]), free(by[1][key], partner[1])
			for n := range min(len(left), len(right)) {
				i, j := left[n], right[n]
				partner[0][i], partner[1][j] = j, i
				c.first[definitions[0][i]], c.first[definitions[1][j]] = definitions[0][i], definitions[0][i]
			}
		}
	}
}

// byKey lists the definitions without a partner by their keys, each once a key.
func byKey(definitions []*schemajson.Definition, partner []int, keys func(*schemajson.Definition) []string) map[string][]int {
	by := make(map[string][]int)
	for i, d := range definitions {
		if partner[i] != none {
			continue
		}
		for _, key := range keys(d) {
			key = strings.ToLower(key)
			if list := by[key]; len(list) == 0 || list[len(list)-1] != i {
				by[key] = append(list, i)
			}
		}
	}
	return by
}

func free(numbers, partner []int) []int {
	return slices.DeleteFunc(numbers, func(i int) bool { return partner[i] != none })
}

// leftOut tells whether the options leave a definition out.
func (c *comparison) leftOut(d *schemajson.Definition) bool {
	begins := func(name string) bool {
		return slices.ContainsFunc(c.o.IgnoreNamePrefixes, func(prefix string) bool {
			return prefix != "" && len(name) >= len(prefix) && strings.EqualFold(name[:len(prefix)], prefix)
		})
	}
	if begins(d.OID) || slices.ContainsFunc(d.Names, begins) {
		return true
	}
	return slices.ContainsFunc(c.o.IgnoreExtensionValues, func(ignored schemajson.Extension) bool {
		return slices.ContainsFunc(d.Extensions, func(x schemajson.Extension) bool {
			return strings.EqualFold(x.Name, ignored.Name) && (len(ignored.Values) == 0 || slices.ContainsFunc(x.Values, func(value string) bool {
				return slices.ContainsFunc(ignored.Values, func(v string) bool { return strings.EqualFold(v, value) })
			}))
		})
	})
}

// identity is the same for all references that lead to the same definition, or
// to two that belong together. What a schema does not define is looked up in
// the other one; what neither defines is what it is called.
func (c *comparison) identity(side, collection int, name string) any {
	d := lookUp(c.schemas[side], collection, name)
	if d == nil {
		d = lookUp(c.schemas[1-side], collection, name)
	}
	if d == nil {
		return strings.ToLower(name)
	}
	return c.identityOf(d)
}

func (c *comparison) identityOf(d *schemajson.Definition) any {
	if first, paired := c.first[d]; paired {
		return first
	}
	return d
}

// lookUp returns the definition of a collection with a name or OID, or nil.
func lookUp(s *schemajson.SchemaInfo, collection int, name string) *schemajson.Definition {
	switch collection {
	case attributeTypes:
		if d := s.AttributeType(name); d != nil {
			return &d.Definition
		}
	case objectClasses:
		if d := s.ObjectClass(name); d != nil {
			return &d.Definition
		}
	case ldapSyntaxes:
		if d := s.LDAPSyntax(name); d != nil {
			return &d.Definition
		}
	case matchingRules:
		if d := s.MatchingRule(name); d != nil {
			return &d.Definition
		}
	case structureRules:
		if d := s.DITStructureRule(name); d != nil {
			return &d.Definition
		}
	case nameForms:
		if d := s.NameForm(name); d != nil {
			return &d.Definition
		}
	}
	return nil
}
