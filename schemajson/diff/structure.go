package diff

import "github.com/ldapedge/ldapedge/schemajson"

type (
	ldapSyntax    = schemajson.LDAPSyntax
	matchingRule  = schemajson.MatchingRule
	ruleUse       = schemajson.MatchingRuleUse
	contentRule   = schemajson.DITContentRule
	structureRule = schemajson.DITStructureRule
	nameForm      = schemajson.NameForm
)

// fixed judges definitions that come or go alike, whatever they say.
func fixed[D any](effect Effect, reason string) func(*comparison, *D) verdict {
	return func(*comparison, *D) verdict { return verdict{effect, reason} }
}

var syntaxKind = &kind[ldapSyntax]{
	collection:  ldapSyntaxes,
	definitions: func(s *schemajson.SchemaInfo) []ldapSyntax { return s.LDAPSyntaxes },
	shared:      func(d *ldapSyntax) *schemajson.Definition { return &d.Definition },
	added:       fixed[ldapSyntax](Compatible, "attribute types may have the syntax"),
	removed:     fixed[ldapSyntax](Breaking, "attribute types and matching rules with the syntax are no longer defined in full"),
}

var matchingRuleKind = &kind[matchingRule]{
	collection:  matchingRules,
	definitions: func(s *schemajson.SchemaInfo) []matchingRule { return s.MatchingRules },
	shared:      func(d *matchingRule) *schemajson.Definition { return &d.Definition },
	fields: []field[matchingRule]{
		{name: "syntax", to: ldapSyntaxes + 1, values: optional(func(r *matchingRule) string { return r.Syntax }), judge: always[matchingRule](Breaking, "filters with the rule need values of another syntax")},
	},
	added:   fixed[matchingRule](Compatible, "attribute types and filters may have the rule"),
	removed: fixed[matchingRule](Breaking, "filters with the rule match nothing, and attribute types with it are no longer defined in full"),
}

var ruleUseKind = &kind[ruleUse]{
	collection:  matchingRuleUse,
	definitions: func(s *schemajson.SchemaInfo) []ruleUse { return s.MatchingRuleUses },
	shared:      func(d *ruleUse) *schemajson.Definition { return &d.Definition },
	fields: []field[ruleUse]{
		{name: "applies", list: true, to: attributeTypes + 1, values: func(u *ruleUse) []string { return u.Applies }, judge: byKind[ruleUse](verdicts{
			Added:   {Compatible, "extensible filters may apply the rule to it"},
			Removed: {Breaking, "extensible filters that apply the rule to it match nothing"},
		})},
	},
	added:   fixed[ruleUse](Compatible, "extensible filters may apply the rule to the attributes it lists"),
	removed: fixed[ruleUse](Breaking, "extensible filters that apply the rule may match nothing"),
}

var contentRuleKind = &kind[contentRule]{
	collection:  contentRules,
	definitions: func(s *schemajson.SchemaInfo) []contentRule { return s.DITContentRules },
	shared:      func(d *contentRule) *schemajson.Definition { return &d.Definition },
	fields: []field[contentRule]{
		{name: "aux", list: true, to: objectClasses + 1, values: func(r *contentRule) []string { return r.Aux }, judge: byKind[contentRule](verdicts{
			Added:   {Compatible, "entries of the class may have it"},
			Removed: {Breaking, "entries of the class with it violate the schema"},
		})},
		{name: "must", list: true, to: attributeTypes + 1, values: func(r *contentRule) []string { return r.Must }, judge: judgeRule(byKind[contentRule](verdicts{
			Added:   {Breaking, "existing entries of the class may lack it"},
			Removed: {Breaking, "entries of the class with it violate the schema, unless an auxiliary class allows it"},
		}))},
		{name: "may", list: true, to: attributeTypes + 1, values: func(r *contentRule) []string { return r.May }, judge: judgeRule(byKind[contentRule](verdicts{
			Added:   {Compatible, "entries of the class may have it"},
			Removed: {Breaking, "entries of the class with it violate the schema, unless an auxiliary class allows it"},
		}))},
		{name: "not", list: true, to: attributeTypes + 1, values: func(r *contentRule) []string { return r.Not }, judge: byKind[contentRule](verdicts{
			Added:   {Breaking, "entries of the class with it violate the schema"},
			Removed: {Compatible, "entries of the class may have it"},
		})},
	},
	added:   fixed[contentRule](Breaking, "entries of the class may have other auxiliary classes, or lack what the rule requires"),
	removed: fixed[contentRule](Breaking, "entries of the class may have what only the rule allowed"),
}

// judgeRule judges what a content rule no longer names by what else allows it.
func judgeRule(otherwise func(*change[contentRule]) verdict) func(*change[contentRule]) verdict {
	return func(x *change[contentRule]) verdict {
		if x.kind != Removed {
			return otherwise(x)
		}
		key := x.identity(0, attributeTypes, x.before[0])
		if x.names(1, attributeTypes, x.to.Must, key) {
			return verdict{Cosmetic, "entries of the class may, or must, have it still"}
		}
		if x.names(1, attributeTypes, x.to.May, key) {
			return verdict{Compatible, "entries of the class may have it still"}
		}
		if k := x.schemas[1].ObjectClass(x.to.OID); k != nil && x.lineage(1).of(k).allows(key) {
			return verdict{Compatible, "the class allows it still"}
		}
		return otherwise(x)
	}
}

var structureRuleKind = &kind[structureRule]{
	collection:  structureRules,
	definitions: func(s *schemajson.SchemaInfo) []structureRule { return s.DITStructureRules },
	shared:      func(d *structureRule) *schemajson.Definition { return &d.Definition },
	fields: []field[structureRule]{
		{name: "form", to: nameForms + 1, values: optional(func(r *structureRule) string { return r.Form }), judge: always[structureRule](Breaking, "entries under the rule may be of another class, or named otherwise")},
		{name: "sup", list: true, to: structureRules + 1, values: func(r *structureRule) []string { return r.SUP }, judge: judgeSuperiors},
	},
	added: func(c *comparison, _ *structureRule) verdict {
		if len(c.schemas[0].DITStructureRules) == 0 {
			return verdict{Breaking, "the tree had no rules, and entries may be where none puts them"}
		}
		return verdict{Compatible, "entries may be in more places"}
	},
	removed: func(c *comparison, _ *structureRule) verdict {
		if len(c.schemas[1].DITStructureRules) == 0 {
			return verdict{Compatible, "the tree has no rules, and entries may be anywhere"}
		}
		return verdict{Breaking, "entries under the rule violate the schema"}
	},
}

// judgeSuperiors knows that a rule without superiors is for the top of a tree.
var judgeSuperiors = byValue(
	func(x *change[structureRule], _ any) verdict {
		if len(x.from.SUP) == 0 {
			return verdict{Breaking, "entries under the rule can no longer be at the top of a tree"}
		}
		return verdict{Compatible, "entries under the rule may be below entries under this one"}
	},
	func(*change[structureRule], any) verdict {
		return verdict{Breaking, "entries under the rule can no longer be below entries under this one"}
	})

var nameFormKind = &kind[nameForm]{
	collection:  nameForms,
	definitions: func(s *schemajson.SchemaInfo) []nameForm { return s.NameForms },
	shared:      func(d *nameForm) *schemajson.Definition { return &d.Definition },
	fields: []field[nameForm]{
		{name: "oc", to: objectClasses + 1, values: optional(func(f *nameForm) string { return f.OC }), judge: always[nameForm](Breaking, "the names of entries of the old class are no longer according to the form")},
		{name: "must", list: true, to: attributeTypes + 1, values: func(f *nameForm) []string { return f.Must }, judge: judgeForm},
		{name: "may", list: true, to: attributeTypes + 1, values: func(f *nameForm) []string { return f.May }, judge: judgeForm},
	},
	added:   fixed[nameForm](Compatible, "entries of the class may be named by the form, if a structure rule has it"),
	removed: fixed[nameForm](Breaking, "entries named by the form violate the schema, if a structure rule had it"),
}

// judgeForm looks at whether an attribute may, or must, still be in names.
var judgeForm = byValue(
	func(x *change[nameForm], key any) verdict {
		if x.names(1, attributeTypes, x.to.Must, key) && !x.names(0, attributeTypes, x.from.Must, key) {
			return verdict{Breaking, "entries named without it violate the schema"}
		}
		return verdict{Compatible, "entries may be named by it"}
	},
	func(x *change[nameForm], key any) verdict {
		if x.names(1, attributeTypes, x.to.Must, key) || x.names(1, attributeTypes, x.to.May, key) {
			return verdict{Compatible, "entries may be named by it still"}
		}
		return verdict{Breaking, "entries named by it violate the schema"}
	})
