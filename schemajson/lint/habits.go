package lint

import (
	"slices"
	"strconv"

	"github.com/ldapedge/ldapedge/schemajson"
)

// Some servers leave a field out of all their attribute types. That is one
// thing to tell, not one for each type.

// checkEquality reports user attributes that bring a syntax with an equality
// rule, but no rule, where the schema has rules at all. Subtypes that inherit
// the lack are not told of again, nor are operational attributes: those of the
// RFCs have none. If more than one in five types is without, the server does
// without, or has rules of its own accord.
func (c *checker) checkEquality() {
	if len(c.s.MatchingRules) == 0 {
		return
	}
	with := 0
	var without []int
	for i := range c.s.AttributeTypes {
		t, has := &c.s.AttributeTypes[i], c.types.has[i]
		inherits := t.Syntax == "" && c.types.supertype[i] != none
		switch {
		case syntaxFamilies[has.syntax] == unknownFamily || t.Usage != schemajson.UserApplications || inherits:
		case has.equality != "":
			with++
		case t.Ordering == "" && t.Substr == "": // else RuleWithoutEquality says so
			without = append(without, i)
		}
	}
	c.reportHabit(EqualityMissing, "EQUALITY", without, 4*len(without) > with && len(without) > mostNames, "no EQUALITY, though the syntax has a rule for it")
}

// checkNoUserModification reports user attributes that users may not modify. If
// no type is operational, the server does not tell usages.
func (c *checker) checkNoUserModification() {
	var which []int
	for i := range c.s.AttributeTypes {
		if t := &c.s.AttributeTypes[i]; t.NoUserModification && t.Usage == schemajson.UserApplications {
			which = append(which, i)
		}
	}
	habit := len(which) > mostNames && !slices.ContainsFunc(c.s.AttributeTypes, func(t attributeType) bool { return t.Usage != schemajson.UserApplications })
	c.reportHabit(NoUserModificationUsage, "NO-USER-MODIFICATION", which, habit, "NO-USER-MODIFICATION, but the usage userApplications")
}

// reportHabit reports some attribute types, one by one or, if it is the
// server's habit, in one finding.
func (c *checker) reportHabit(code Code, field string, which []int, habit bool, message string) {
	if !habit {
		for _, i := range which {
			c.report(c.at(attributeTypes, i), code, field, "the type has "+message)
		}
		return
	}
	var names []string
	for _, i := range which {
		if d := c.definitions[attributeTypes][i]; !c.leftOut(d) {
			names = append(names, d.Name())
		}
	}
	if len(names) > 0 {
		c.report(place{collection: attributeTypes, number: whole}, code, field, strconv.Itoa(len(names))+" types have "+message+": "+listed(names))
	}
}
