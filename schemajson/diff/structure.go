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
	removed: func(c *comparison, d *ldapSyntax) verdict {
		if d.OID != "" && !c.namesSyntax(d.OID) {
			return verdict{Compatible, "nothing has the syntax"}
		}
		return verdict{Breaking, "attribute types and matching rules with the syntax are no longer defined in full"}
	},
}

// namesSyntax tells whether an attribute type or matching rule of the second
// schema names a syntax.
func (c *comparison) namesSyntax(oid string) bool {
	if c.syntaxes == nil {
		c.syntaxes = make(map[string]bool)
		for i := range c.schemas[1].AttributeTypes {
			c.syntaxes[c.schemas[1].AttributeTypes[i].Syntax] = true
		}
		for i := range c.schemas[1].MatchingRules {
			c.syntaxes[c.schemas[1].MatchingRules[i].Syntax] = true
		}
	}
	return c.syntaxes[oid]
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
		{name: "must", list: true, to: attributeTypes + 1, values: func(r *contentRule) []string { return r.Must }, judge: judgeRuleMust},
		{name: "may", list: true, to: attributeTypes + 1, values: func(r *contentRule) []string { return r.May }, judge: judgeRuleMay},
		{name: "not", list: true, to: attributeTypes + 1, values: func(r *contentRule) []string { return r.Not }, judge: judgeRuleNot},
	},
	added:   fixed[contentRule](Breaking, "entries of the class may have other auxiliary classes, or lack what the rule requires"),
	removed: fixed[contentRule](Breaking, "entries of the class may have what only the rule allowed"),
}

// ruleClass turns to the class that a content rule of one side is for; nil if it
// is not defined.
func ruleClass(x *change[contentRule], side int) *lineage {
	k := x.schemas[side].ObjectClass([]*contentRule{x.from, x.to}[side].OID)
	if k == nil {
		return nil
	}
	return x.lineage(side).of(k)
}

func classRequires(x *change[contentRule], side int, key any) bool {
	k := ruleClass(x, side)
	return k != nil && k.requires(key)
}

func classAllows(x *change[contentRule], side int, key any) bool {
	k := ruleClass(x, side)
	return k != nil && k.allows(key)
}

// judgeRuleMust and judgeRuleMay look at what the rule and its class say
// otherwise.
var (
	judgeRuleMust = byValue(
		func(x *change[contentRule], key any) verdict {
			if classRequires(x, 0, key) {
				return verdict{Cosmetic, "the class requires it already"}
			}
			return verdict{Breaking, "existing entries of the class may lack it"}
		},
		func(x *change[contentRule], key any) verdict {
			switch {
			case classRequires(x, 1, key):
				return verdict{Cosmetic, "the class requires it still"}
			case x.names(1, attributeTypes, x.to.May, key), classAllows(x, 1, key):
				return verdict{Compatible, "entries of the class may have it, but clients may meet some without"}
			}
			return verdict{Breaking, "entries of the class with it violate the schema, unless an auxiliary class allows it"}
		})
	judgeRuleMay = byValue(
		func(x *change[contentRule], key any) verdict {
			if x.names(0, attributeTypes, x.from.Must, key) || classAllows(x, 0, key) {
				return verdict{Cosmetic, "entries of the class may have it already"}
			}
			return verdict{Compatible, "entries of the class may have it"}
		},
		func(x *change[contentRule], key any) verdict {
			if x.names(1, attributeTypes, x.to.Must, key) || classAllows(x, 1, key) {
				return verdict{Cosmetic, "entries of the class may, or must, have it still"}
			}
			return verdict{Breaking, "entries of the class with it violate the schema, unless an auxiliary class allows it"}
		})
)

// judgeRuleNot looks at whether entries could have the attribute at all.
var judgeRuleNot = byValue(
	func(x *change[contentRule], key any) verdict {
		// An auxiliary class may allow it, and so may a class that is not known.
		if k := ruleClass(x, 0); k != nil && !k.allows(key) && len(x.from.Aux) == 0 &&
			!x.names(0, attributeTypes, x.from.Must, key) && !x.names(0, attributeTypes, x.from.May, key) {
			return verdict{Cosmetic, "entries of the class could not have it before"}
		}
		return verdict{Breaking, "entries of the class with it violate the schema"}
	},
	func(*change[contentRule], any) verdict {
		return verdict{Compatible, "entries of the class may have it, if a class of theirs allows it"}
	})

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
