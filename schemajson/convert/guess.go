package convert

import (
	"strings"

	"github.com/ldapedge/ldapedge/schemajson"
)

// likely are the collections, those that most unlabelled definitions are for
// first.
var likely = []string{
	schemajson.CollectionAttributeTypes, schemajson.CollectionObjectClasses, schemajson.CollectionMatchingRules,
	schemajson.CollectionDITContentRules, schemajson.CollectionNameForms, schemajson.CollectionDITStructureRules,
	schemajson.CollectionMatchingRuleUse, schemajson.CollectionLDAPSyntaxes,
}

// guess tells for which collection a definition is: the one that it has the
// fewest problems in, if it were closed. Among equals it is what is most likely.
func guess(source string) string {
	var n nesting
	if n.add(source) < 0 && n.depth > 0 && !n.quoted {
		source += strings.Repeat(" )", n.depth)
	}
	best := mostLikely(source)
	fewest := problemsIn(best, source)
	for _, collection := range likely {
		if n := problemsIn(collection, source); n < fewest {
			best, fewest = collection, n
		}
	}
	return best
}

func problemsIn(collection, source string) int { return len(parseOne(collection, source).Problems) }

func parseOne(collection, source string) *schemajson.SchemaInfo {
	return schemajson.Parse("", []schemajson.Attribute{{Name: collection, Values: []string{source}}})
}

// mostLikely tells what a definition is if its fields can be those of several
// kinds.
func mostLikely(source string) string {
	s := parseOne(schemajson.CollectionAttributeTypes, source)
	if len(s.AttributeTypes) == 0 {
		return likely[0]
	}
	switch t := &s.AttributeTypes[0]; {
	case t.Syntax != "" && strings.HasSuffix(strings.ToLower(t.Name()), "match"):
		return schemajson.CollectionMatchingRules
	case t.Syntax != "" || t.SUP != "" && !strings.EqualFold(t.SUP, "top"):
		return schemajson.CollectionAttributeTypes
	case len(t.Names) == 0 && t.SUP == "":
		return schemajson.CollectionLDAPSyntaxes
	}
	return schemajson.CollectionObjectClasses
}
