package diff

import "github.com/ldapedge/ldapedge/schemajson"

type attributeType = schemajson.AttributeType

var attributeTypeKind = &kind[attributeType]{
	collection:  attributeTypes,
	definitions: func(s *schemajson.SchemaInfo) []attributeType { return s.AttributeTypes },
	shared:      func(t *attributeType) *schemajson.Definition { return &t.Definition },
	fields: []field[attributeType]{
		{name: "sup", to: attributeTypes + 1, values: optional(func(t *attributeType) string { return t.SUP }), judge: byKind[attributeType](verdicts{
			Added:   {Compatible, "searches for the supertype find the values too"},
			Removed: {Breaking, "searches for the supertype no longer find the values"},
			Changed: {Breaking, "searches for the old supertype no longer find the values, and those for the new one do"},
		})},
		{name: "equality", to: matchingRules + 1, values: optional(func(t *attributeType) string { return t.Equality }), judge: judgeEquality},
		{name: "ordering", to: matchingRules + 1, values: optional(func(t *attributeType) string { return t.Ordering }), judge: judgeOrdering},
		{name: "substr", to: matchingRules + 1, values: optional(func(t *attributeType) string { return t.Substr }), judge: judgeSubstr},
		{name: "syntax", to: ldapSyntaxes + 1, values: optional(func(t *attributeType) string { return t.Syntax }), judge: judgeSyntax},
		{name: "length", values: number(func(t *attributeType) int { return t.Length }), judge: judgeLength},
		{name: "singleValue", values: flag(func(t *attributeType) bool { return t.SingleValue }), judge: byKind[attributeType](verdicts{
			Added:   {Breaking, "entries with several values violate the schema"},
			Removed: {Compatible, "entries may have several values, where clients have seen one"},
		})},
		{name: "collective", values: flag(func(t *attributeType) bool { return t.Collective }), judge: byKind[attributeType](verdicts{
			Added:   {Breaking, "entries no longer hold the values themselves; clients cannot write them there"},
			Removed: {Breaking, "the values in collective attribute subentries no longer count for the entries"},
		})},
		{name: "noUserModification", values: flag(func(t *attributeType) bool { return t.NoUserModification }), judge: byKind[attributeType](verdicts{
			Added:   {Breaking, "clients that write the attribute are refused"},
			Removed: {Compatible, "clients may write the attribute"},
		})},
		{name: "usage", values: optional(func(t *attributeType) string { return t.Usage.String() }), judge: judgeUsage},
	},
	added: func(*comparison, *attributeType) verdict {
		return verdict{Compatible, "no entry has the attribute yet"}
	},
	removed: func(*comparison, *attributeType) verdict {
		return verdict{Breaking, "entries with the attribute violate the schema, and filters with it match nothing"}
	},
}

// inherited judges a field of an attribute type by what the type has in the
// end: where that is the same, its own or from a supertype, nothing has
// changed but the text.
func inherited(to int, of func(*schemajson.SchemaInfo, *attributeType) string, otherwise verdicts) func(*change[attributeType]) verdict {
	return func(x *change[attributeType]) verdict {
		before, after := of(x.schemas[0], x.from), of(x.schemas[1], x.to)
		switch {
		case before != "" && after != "" && x.identity(0, to, before) == x.identity(1, to, after):
			return verdict{Cosmetic, "the type has the same, its own or inherited"}
		case before == "":
			return otherwise[Added]
		case after == "":
			return otherwise[Removed]
		}
		return otherwise[Changed]
	}
}

var (
	judgeEquality = inherited(matchingRules, func(s *schemajson.SchemaInfo, t *attributeType) string {
		rule, _, _ := s.RulesOf(t)
		return rule.Name
	}, verdicts{
		Added:   {Compatible, "equality filters match, and values can be compared"},
		Removed: {Breaking, "equality filters no longer match, and values can no longer be deleted one by one"},
		Changed: {Breaking, "equality filters match other values, and values that were different may be the same"},
	})
	judgeOrdering = inherited(matchingRules, func(s *schemajson.SchemaInfo, t *attributeType) string {
		_, rule, _ := s.RulesOf(t)
		return rule.Name
	}, verdicts{
		Added:   {Compatible, "filters with >= and <= match"},
		Removed: {Breaking, "filters with >= and <= no longer match, and results cannot be sorted by the attribute"},
		Changed: {Breaking, "filters with >= and <= match other values, and results sort in another order"},
	})
	judgeSubstr = inherited(matchingRules, func(s *schemajson.SchemaInfo, t *attributeType) string {
		_, _, rule := s.RulesOf(t)
		return rule.Name
	}, verdicts{
		Added:   {Compatible, "substring filters match"},
		Removed: {Breaking, "substring filters no longer match"},
		Changed: {Breaking, "substring filters match other values"},
	})
	judgeSyntax = inherited(ldapSyntaxes, func(s *schemajson.SchemaInfo, t *attributeType) string {
		oid, _, _ := s.SyntaxOf(t)
		return oid
	}, verdicts{
		Added:   {Breaking, "values have a syntax, which existing ones may not keep to"},
		Removed: {Breaking, "values have no syntax, and clients do not know what they are"},
		Changed: {Breaking, "existing values may not keep to the syntax, and clients read and write them otherwise"},
	})
)

// judgeLength compares the lengths that the types have in the end. None is
// longer than any.
func judgeLength(x *change[attributeType]) verdict {
	_, before, _ := x.schemas[0].SyntaxOf(x.from)
	_, after, _ := x.schemas[1].SyntaxOf(x.to)
	switch {
	case before == after:
		return verdict{Cosmetic, "the type has the same, its own or inherited"}
	case after != 0 && (before == 0 || after < before):
		return verdict{Breaking, "existing values may be too long"}
	}
	return verdict{Compatible, "values may be longer than clients have seen"}
}

func judgeUsage(x *change[attributeType]) verdict {
	switch {
	case x.to.Usage == schemajson.UserApplications:
		return verdict{Breaking, "entries need a class that allows the attribute, and searches return it unasked"}
	case x.from.Usage == schemajson.UserApplications:
		return verdict{Breaking, "searches return the attribute only on request"}
	}
	return verdict{Compatible, "the attribute stays operational, but is shared between servers otherwise"}
}
