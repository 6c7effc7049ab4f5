package schemajson

import "strings"

const syntaxPrefix = "1.3.6.1.4.1.1466.115.121.1."

// refinements are the syntaxes of RFC 4517 of which every value is one of the
// other syntax too: for the general one those that narrow it.
var refinements = map[string][]string{
	syntaxPrefix + "15": {syntaxPrefix + "11", syntaxPrefix + "26", syntaxPrefix + "36", syntaxPrefix + "44", syntaxPrefix + "50"}, // Directory String
	syntaxPrefix + "26": {syntaxPrefix + "11", syntaxPrefix + "36", syntaxPrefix + "44", syntaxPrefix + "50"},                      // IA5 String
	syntaxPrefix + "34": {syntaxPrefix + "12"},                                                                                     // Name And Optional UID
	syntaxPrefix + "44": {syntaxPrefix + "11", syntaxPrefix + "36", syntaxPrefix + "50"},                                           // Printable String
}

// RefinesSyntax tells whether every value of a syntax is one of another: whether
// the two are the same, or RFC 4517 §3.3 has one narrow the other. Both are
// OIDs. It is false where that is not known.
func RefinesSyntax(syntax, general string) bool {
	if strings.EqualFold(syntax, general) {
		return true
	}
	for _, one := range refinements[general] {
		if one == syntax {
			return true
		}
	}
	return false
}
