package schemajson

import "testing"

func TestRefinesSyntax(t *testing.T) {
	for _, test := range []struct {
		syntax, general string
		want            bool
	}{
		{syntaxPrefix + "26", syntaxPrefix + "15", true},
		{syntaxPrefix + "15", syntaxPrefix + "26", false},
		{syntaxPrefix + "12", syntaxPrefix + "34", true},
		{syntaxPrefix + "12", syntaxPrefix + "15", false},
		{"OctetString", "octetString", true},
		{"", "1.2", false},
	} {
		if got := RefinesSyntax(test.syntax, test.general); got != test.want {
			t.Errorf("%s, %s: %v", test.syntax, test.general, got)
		}
	}
}
