package view

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ldapedge/ldapedge/schemajson"
)

var entries = schemajson.Parse("", []schemajson.Attribute{
	{Name: "attributeTypes", Values: []string{"( 2.0 NAME 'objectClass' )", "( 2.3 NAME 'cn' )", "( 2.4 NAME 'sn' )", "( 2.5 NAME 'mail' )", "( 2.6 NAME 'fax' )"}},
	{Name: "objectClasses", Values: []string{
		"( 6.0 NAME 'top' ABSTRACT MUST objectClass )", "( 6.6 NAME 'person' SUP top STRUCTURAL MUST ( sn $ cn ) MAY fax )",
		"( 6.7 NAME 'orgPerson' SUP person STRUCTURAL MAY mail )", "( 6.8 NAME 'device' SUP top STRUCTURAL MUST ( cn $ serial ) )",
		"( 6.9 NAME 'mailer' SUP top AUXILIARY MUST mail )", "( 6.10 NAME 'faxer' SUP top AUXILIARY MUST fax )",
		"( 1.3.6.1.4.1.1466.101.120.111 NAME 'extensibleObject' SUP top AUXILIARY )",
	}},
	{Name: "dITContentRules", Values: []string{"( 6.7 NAME 'rule' AUX faxer MUST mail NOT fax )"}},
})

func TestEntryOf(t *testing.T) {
	tests := []struct{ classes, want string }{
		{"ORGPERSON", "structural orgPerson, rule rule, must sn from person, cn from person, objectClass from top, mail from rule, precluded fax"},
		{"person device", "structural person, must sn from person, cn from person, objectClass from top, serial from device, may fax from person; " +
			"several-structural [person device]; unknown-attribute [serial]"},
		{"mailer", "must mail from mailer, objectClass from top; no-structural-class []"},
		{"6.6 person nobody extensibleObject", "structural person, any, must sn from person, cn from person, objectClass from top, may fax from person; unknown-class [nobody]"},
		{"orgPerson faxer mailer", "structural orgPerson, rule rule, must sn from person, cn from person, objectClass from top, fax from faxer, mail from mailer; " +
			"auxiliary-not-allowed [mailer]; required-precluded [fax]"},
		{"", ""},
	}
	for _, test := range tests {
		if got := described(EntryOf(entries, strings.Fields(test.classes))); got != test.want {
			t.Errorf("%s:\n got %s\nwant %s", test.classes, got, test.want)
		}
	}
}

func described(e *Entry) string {
	var parts []string
	if e.Structural != nil {
		parts = append(parts, "structural "+e.Structural.Name)
	}
	if e.ContentRule != nil {
		parts = append(parts, "rule "+e.ContentRule.Name)
	}
	if e.Any {
		parts = append(parts, "any")
	}
	for _, of := range []struct {
		label string
		list  []EntryAttribute
	}{{"must", e.Must}, {"may", e.May}} {
		for i, a := range of.list {
			text := a.Name + " from " + a.From.Name
			if i == 0 {
				text = of.label + " " + text
			}
			parts = append(parts, text)
		}
	}
	for _, a := range e.Precluded {
		parts = append(parts, "precluded "+a.Name)
	}
	text := strings.Join(parts, ", ")
	for _, p := range e.Problems {
		text += fmt.Sprintf("; %s %v", p.Code, p.Definitions)
	}
	return text
}
