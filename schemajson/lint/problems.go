package lint

import (
	"strings"

	"github.com/ldapedge/ldapedge/schemajson"
)

// problemCodes are the findings that the parser's problems become. Duplicates
// have checks of their own, which also know names from OIDs.
var problemCodes = map[schemajson.ProblemCode]Code{
	schemajson.ProblemSyntax:   ParseSyntax,
	schemajson.ProblemValue:    ParseValue,
	schemajson.ProblemKeyword:  ParseKeyword,
	schemajson.ProblemRepeated: ParseRepeated,
	schemajson.ProblemQuote:    ParseQuote,
}

// checkProblems reports what the parser met.
func (c *checker) checkProblems() {
	if len(c.s.Problems) == 0 {
		return
	}
	type value struct {
		collection string
		text       string
	}
	byText := make(map[value]place)
	for collection, definitions := range c.definitions {
		for number, d := range definitions {
			key := value{schemajson.Collections[collection], d.Raw}
			if _, found := byText[key]; !found {
				byText[key] = c.at(collection, number)
			}
		}
	}
	quoted := make(map[place]bool)
	for _, p := range c.s.Problems {
		code, known := problemCodes[p.Code]
		if !known {
			continue
		}
		at, found := byText[value{p.Collection, p.Text}]
		if code == ParseSyntax || !found {
			c.reportValue(p)
			continue
		}
		if code == ParseValue && at.definition.OID == "" && isFirstWord(p) {
			continue // OIDMissing says so
		}
		if code == ParseQuote {
			if quoted[at] {
				continue // one finding stands for all the apostrophes of a value
			}
			quoted[at] = true
		}
		c.report(at, code, "", p.Message)
	}
}

// reportValue reports a value that is no definition.
func (c *checker) reportValue(p schemajson.Problem) {
	for collection, name := range schemajson.Collections {
		if name != p.Collection {
			continue
		}
		before := len(c.found)
		c.report(place{collection: collection, number: whole}, problemCodes[p.Code], "", p.Message)
		if len(c.found) > before {
			c.found[before].finding.Raw = p.Text
		}
	}
}

// isFirstWord tells whether a problem is with the first word in a definition.
func isFirstWord(p schemajson.Problem) bool {
	return strings.Trim(p.Text[:p.Offset], " \t\r\n") == "("
}
