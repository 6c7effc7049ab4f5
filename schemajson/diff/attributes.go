package diff

import (
	"slices"
	"strings"

	"github.com/ldapedge/ldapedge/schemajson"
)

type attributeType = schemajson.AttributeType

var attributeTypeKind = &kind[attributeType]{
	collection:  attributeTypes,
	definitions: func(s *schemajson.SchemaInfo) []attributeType { return s.AttributeTypes },
	shared:      func(t *attributeType) *schemajson.Definition { return &t.Definition },
	fields: slices.Concat([]field[attributeType]{
		{name: "sup", to: attributeTypes + 1, values: optional(func(t *attributeType) string { return t.SUP }), judge: judgeSupertype},
	}, inheritedFields(), []field[attributeType]{
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
	}),
	added: func(*comparison, *attributeType) verdict {
		return verdict{Compatible, "no entry has the attribute yet"}
	},
	removed: func(*comparison, *attributeType) verdict {
		return verdict{Breaking, "entries with the attribute violate the schema, and filters with it match nothing"}
	},
}

// inheritable is a field that an attribute type has itself or from a supertype.
type inheritable struct {
	name string
	// to is the collection of what the values name plus one, 0 if they name
	// nothing.
	to int
	// own is the type's own value, and effective what it has in the end; empty
	// where there is none.
	own       func(*attributeType) string
	effective func(*inheritance) string
	// judge compares two effective values that differ.
	judge func(x *change[attributeType], before, after string) verdict
}

var inheritables = []inheritable{
	{
		name: "equality", to: matchingRules + 1, own: func(t *attributeType) string { return t.Equality },
		effective: func(t *inheritance) string { return t.equality },
		judge:     judgeEquality,
	},
	{
		name: "ordering", to: matchingRules + 1, own: func(t *attributeType) string { return t.Ordering },
		effective: func(t *inheritance) string { return t.ordering },
		judge: byPresence(verdicts{
			Added:   {Compatible, "filters with >= and <= match"},
			Removed: {Breaking, "filters with >= and <= no longer match, and results cannot be sorted by the attribute"},
			Changed: {Breaking, "filters with >= and <= match other values, and results sort in another order"},
		}),
	},
	{
		name: "substr", to: matchingRules + 1, own: func(t *attributeType) string { return t.Substr },
		effective: func(t *inheritance) string { return t.substr },
		judge: byPresence(verdicts{
			Added:   {Compatible, "substring filters match"},
			Removed: {Breaking, "substring filters no longer match"},
			Changed: {Breaking, "substring filters match other values"},
		}),
	},
	{
		name: "syntax", to: ldapSyntaxes + 1, own: func(t *attributeType) string { return t.Syntax },
		effective: func(t *inheritance) string { return t.syntax },
		judge:     judgeSyntax,
	},
	{
		name: "length", own: func(t *attributeType) string { return numeral(t.Length) },
		effective: func(t *inheritance) string { return numeral(t.length) },
		judge:     judgeLength,
	},
}

func inheritedFields() (fields []field[attributeType]) {
	for i := range inheritables {
		fields = append(fields, inheritables[i].field())
	}
	return fields
}

// field makes a field of attribute types. Where a type has the same in the end,
// its own or inherited, nothing has changed but the text.
func (f *inheritable) field() field[attributeType] {
	return field[attributeType]{name: f.name, to: f.to, values: optional(f.own), judge: f.compare}
}

// compare judges what the types have in the end.
func (f *inheritable) compare(x *change[attributeType]) verdict {
	before, after := f.effective(x.inherited(0, x.from)), f.effective(x.inherited(1, x.to))
	if f.same(x.comparison, before, after) {
		return verdict{Cosmetic, "the type has the same, its own or inherited"}
	}
	return f.judge(x, before, after)
}

// same tells whether two values are, or name, the same.
func (f *inheritable) same(c *comparison, before, after string) bool {
	return before == after || f.to > 0 && before != "" && after != "" && c.identity(0, f.to-1, before) == c.identity(1, f.to-1, after)
}

// byPresence judges by whether there was a value, and still is one.
func byPresence(of verdicts) func(x *change[attributeType], before, after string) verdict {
	return func(_ *change[attributeType], before, after string) verdict {
		switch {
		case before == "":
			return of[Added]
		case after == "":
			return of[Removed]
		}
		return of[Changed]
	}
}

// judgeEquality knows that two values of an attribute must not be the same by its
// rule, or, without one, identical (RFC 4512 §2.2).
func judgeEquality(x *change[attributeType], before, after string) verdict {
	switch {
	case after == "":
		return verdict{Breaking, "equality filters no longer match, values can no longer be deleted one by one, and entries not be named by them"}
	case before != "":
		return verdict{Breaking, "equality filters match other values, and values that were different may be the same, also in names"}
	case x.from.SingleValue || x.to.SingleValue || x.tellsAllApart(after):
		return verdict{Compatible, "equality filters match, and values can be compared"}
	}
	return verdict{Breaking, "values of an entry that were different may be the same"}
}

// identityRules are the rules by which no two different values are the same.
var identityRules = map[string]bool{
	"2.5.13.13": true, "booleanmatch": true, "2.5.13.14": true, "integermatch": true,
	"2.5.13.16": true, "bitstringmatch": true, "2.5.13.17": true, "octetstringmatch": true,
}

// tellsAllApart tells whether a rule of the second schema is the same for
// identical values alone.
func (c *comparison) tellsAllApart(rule string) bool {
	if d := c.schemas[1].MatchingRule(rule); d != nil && d.OID != "" {
		rule = d.OID
	}
	return identityRules[strings.ToLower(rule)]
}

// judgeSyntax knows the syntaxes that narrow others.
func judgeSyntax(_ *change[attributeType], before, after string) verdict {
	switch {
	case before == "":
		return verdict{Breaking, "values have a syntax, which existing ones may not keep to"}
	case after == "":
		return verdict{Breaking, "values have no syntax, and clients do not know what they are"}
	case schemajson.RefinesSyntax(before, after):
		return verdict{Compatible, "existing values keep to the syntax, but there may be others than clients have seen"}
	}
	return verdict{Breaking, "existing values may not keep to the syntax, and clients read and write them otherwise"}
}

// judgeSupertype looks at whether searches for the old supertype still find the
// values, and at what the type now inherits otherwise.
func judgeSupertype(x *change[attributeType]) verdict {
	v := verdict{Compatible, "searches for the supertype find the values too"}
	if x.kind != Added && !x.hasSupertype(x.to, x.identity(0, attributeTypes, x.before[0])) {
		v = verdict{Breaking, "searches for the old supertype no longer find the values"}
	}
	for i := range inheritables {
		f := &inheritables[i]
		if f.own(x.from) != "" || f.own(x.to) != "" {
			continue // is judged by itself
		}
		if one := f.compare(x); one.effect == Breaking && v.effect != Breaking {
			v = verdict{Breaking, f.name + ": " + one.reason}
		}
	}
	return v
}

// hasSupertype tells whether a type of the second schema has a supertype with an
// identity. It looks as far up as any schema goes that is not made to keep it
// busy.
func (c *comparison) hasSupertype(t *attributeType, key any) bool {
	for range 1000 {
		if t = c.schemas[1].AttributeType(t.SUP); t == nil {
			break
		}
		if c.identityOf(&t.Definition) == key {
			return true
		}
	}
	return false
}

// judgeLength knows that no length is longer than any.
func judgeLength(_ *change[attributeType], before, after string) verdict {
	shorter := len(after) < len(before) || len(after) == len(before) && after < before
	if after != "" && (before == "" || shorter) {
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
