package lint

import (
	"slices"
	"strings"

	"github.com/ldapedge/ldapedge/schemajson"
)

// effective is what an attribute type has, its own or inherited (RFC 4512
// §4.1.2).
type effective struct {
	syntax, equality, ordering, substr string
}

// typeFacts is what the checks of an attribute type look at.
type typeFacts struct {
	*attributeTypeChecker
	t   *attributeType
	sup *attributeType // nil if there is none, or it is not defined
	// has is what the type has, and supHas what its supertype has.
	has, supHas effective
}

// attributeTypeChecker knows the attribute types' hierarchy.
type attributeTypeChecker struct {
	s         *schemajson.SchemaInfo
	standards *standards
	number    map[*attributeType]int32
	supertype []int32 // none where there is none
	has       []effective
}

// none stands for what is not defined.
const none int32 = -1

// checkAttributeTypes checks what attribute types say, and their hierarchy.
func (c *checker) checkAttributeTypes() {
	x := c.types
	for i := range c.s.AttributeTypes {
		facts := typeFacts{attributeTypeChecker: x, t: &c.s.AttributeTypes[i], has: x.has[i]}
		if n := x.supertype[i]; n != none {
			facts.sup, facts.supHas = &c.s.AttributeTypes[n], x.has[n]
		}
		run(c, c.at(attributeTypes, i), facts, typeChecks)
	}
	c.checkEquality()
	c.checkNoUserModification()
	for _, cycle := range cycles(len(x.supertype), x.next) {
		c.report(c.at(attributeTypes, int(cycle[0])), SupertypeCycle, "SUP", "the type is its own supertype: "+c.path(attributeTypes, cycle))
	}
}

func newAttributeTypeChecker(s *schemajson.SchemaInfo) *attributeTypeChecker {
	n := len(s.AttributeTypes)
	x := &attributeTypeChecker{s: s, standards: newStandards(s), supertype: make([]int32, n), has: make([]effective, n)}
	x.number = make(map[*attributeType]int32, n)
	for i := range s.AttributeTypes {
		x.number[&s.AttributeTypes[i]] = int32(i)
	}
	for i := range s.AttributeTypes {
		x.supertype[i] = none
		if sup := s.AttributeTypes[i].SUP; sup != "" {
			if t := s.AttributeType(sup); t != nil {
				x.supertype[i] = x.number[t]
			}
		}
	}
	x.inherit()
	return x
}

// next returns a type's supertype as a list.
func (x *attributeTypeChecker) next(i int32) []int32 {
	if x.supertype[i] == none {
		return nil
	}
	return x.supertype[i : i+1]
}

// inherit works out what each type has, supertypes first.
func (x *attributeTypeChecker) inherit() {
	const (
		fresh = iota
		begun
		done
	)
	state := make([]uint8, len(x.supertype))
	var chain []int32
	for i := range x.supertype {
		chain = chain[:0]
		for n := int32(i); n != none && state[n] == fresh; n = x.supertype[n] {
			state[n] = begun
			chain = append(chain, n)
		}
		for _, n := range slices.Backward(chain) {
			t := &x.s.AttributeTypes[n]
			own := effective{t.Syntax, t.Equality, t.Ordering, t.Substr}
			if sup := x.supertype[n]; sup != none && state[sup] == done {
				own = own.over(x.has[sup])
			}
			x.has[n], state[n] = own, done
		}
	}
}

// over fills in what is not there from a supertype.
func (e effective) over(sup effective) effective {
	fill := func(own, inherited string) string {
		if own != "" {
			return own
		}
		return inherited
	}
	return effective{fill(e.syntax, sup.syntax), fill(e.equality, sup.equality), fill(e.ordering, sup.ordering), fill(e.substr, sup.substr)}
}

var typeChecks = []check[typeFacts]{
	{SyntaxMissing, "SYNTAX", func(f typeFacts) string {
		if f.t.Syntax != "" || f.t.SUP != "" {
			return ""
		}
		return "the type has neither SYNTAX nor SUP"
	}},
	{SyntaxNotOID, "SYNTAX", func(f typeFacts) string { return notOID(f.s, f.t.Syntax) }},
	{SyntaxDiffers, "SYNTAX", func(f typeFacts) string {
		if f.t.Syntax == "" || f.supHas.syntax == "" || schemajson.RefinesSyntax(f.t.Syntax, f.supHas.syntax) {
			return ""
		}
		return "the syntax is not " + schemajson.Quote(f.supHas.syntax) + ", that of the supertype " + named(&f.sup.Definition)
	}},
	{RuleWithoutEquality, "EQUALITY", func(f typeFacts) string {
		if f.has.equality != "" || f.t.Ordering == "" && f.t.Substr == "" {
			return ""
		}
		return "the type has " + f.otherRule() + ", but no EQUALITY"
	}},
	{RulePlace, "EQUALITY", func(f typeFacts) string { return f.misplaced("EQUALITY", f.t.Equality) }},
	{RulePlace, "ORDERING", func(f typeFacts) string { return f.misplaced("ORDERING", f.t.Ordering) }},
	{RulePlace, "SUBSTR", func(f typeFacts) string { return f.misplaced("SUBSTR", f.t.Substr) }},
	{RuleSyntax, "EQUALITY", func(f typeFacts) string { return f.standards.misfit(f.t.Equality, f.has.syntax) }},
	{RuleSyntax, "ORDERING", func(f typeFacts) string { return f.standards.misfit(f.t.Ordering, f.has.syntax) }},
	{RuleSyntax, "SUBSTR", func(f typeFacts) string { return f.standards.misfit(f.t.Substr, f.has.syntax) }},
	{UsageDiffers, "USAGE", func(f typeFacts) string {
		if f.sup == nil || f.sup.Usage == f.t.Usage {
			return ""
		}
		return "the usage is " + f.t.Usage.String() + ", but " + f.sup.Usage.String() + " that of the supertype " + named(&f.sup.Definition)
	}},
	{CollectiveSingleValue, "SINGLE-VALUE", func(f typeFacts) string {
		if !f.t.Collective || !f.t.SingleValue {
			return ""
		}
		return "the type is collective, but single-valued"
	}},
	{CollectiveUsage, "USAGE", func(f typeFacts) string {
		if !f.t.Collective || f.t.Usage == schemajson.UserApplications {
			return ""
		}
		return "the type is collective, but its usage is " + f.t.Usage.String()
	}},
	{CollectiveSup, "SUP", func(f typeFacts) string {
		if f.sup == nil || !f.sup.Collective || f.t.Collective {
			return ""
		}
		return "the supertype " + named(&f.sup.Definition) + " is collective, but the type is not"
	}},
}

// notOID tells of a SYNTAX that is a name. One that is not defined either is
// told of as that.
func notOID(s *schemajson.SchemaInfo, syntax string) string {
	if syntax == "" || oidFault(syntax) == "" || len(s.LDAPSyntaxes) > 0 && s.LDAPSyntax(syntax) == nil {
		return ""
	}
	return schemajson.Quote(syntax) + " is not a numeric OID"
}

func (f typeFacts) otherRule() string {
	switch {
	case f.t.Ordering == "":
		return "SUBSTR"
	case f.t.Substr == "":
		return "ORDERING"
	}
	return "ORDERING and SUBSTR"
}

// misplaced tells of a standard rule that belongs in another field.
func (f typeFacts) misplaced(field, name string) string {
	rule := f.standards.rule(name)
	if rule == nil || rule.field == field {
		return ""
	}
	return rule.name + " is for " + rule.field
}

// path shows a cycle in a message, from its first definition back to it.
func (c *checker) path(collection int, cycle []int32) string {
	names := make([]string, 0, min(len(cycle), mostNames)+2)
	for _, n := range cycle[:min(len(cycle), mostNames)] {
		names = append(names, schemajson.Quote(c.definitions[collection][n].Name()))
	}
	if len(cycle) > mostNames {
		names = append(names, "…")
	}
	return strings.Join(append(names, names[0]), " → ")
}
