package convert_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/ldapedge/ldapedge/schemajson"
	"github.com/ldapedge/ldapedge/schemajson/convert"
)

func TestNeeded(t *testing.T) {
	s := schemajson.Parse("", []schemajson.Attribute{
		{Name: "ldapSyntaxes", Values: []string{"( 1.1 )", "( 1.2 )"}},
		{Name: "matchingRules", Values: []string{"( 2.1 NAME 'match' SYNTAX 1.2 )", "( 2.2 NAME 'other' SYNTAX 1.1 )"}},
		{Name: "matchingRuleUse", Values: []string{"( 2.2 NAME 'other' APPLIES b )"}},
		{Name: "attributeTypes", Values: []string{
			"( 3.1 NAME 'a' SUP base )", "( 3.2 NAME 'b' SYNTAX 1.1 )", "( 3.3 NAME 'base' EQUALITY match SYNTAX 1.1{8} )",
		}},
		{Name: "objectClasses", Values: []string{
			"( 4.0 NAME 'top' ABSTRACT SUP top )", "( 4.1 NAME 'one' SUP TOP MUST 3.1 MAY nothing )", "( 4.2 NAME 'two' AUXILIARY MAY b )",
		}},
		{Name: "dITContentRules", Values: []string{"( 4.1 NAME 'content' AUX two )"}},
		{Name: "nameForms", Values: []string{"( 5.1 NAME 'form' OC two MUST b )"}},
		{Name: "dITStructureRules", Values: []string{"( 1 NAME 'root' FORM form )", "( 2 NAME 'below' FORM form SUP 1 )"}},
	})
	for names, want := range map[string]string{
		"":        "",
		"nobody":  "",
		"a":       "1.1 1.2 base match",
		"one":     "1.1 1.2 a base match top",
		"content": "1.1 1.2 a b base match one top two",
		"below":   "1.1 b form root two",
		"one a":   "1.1 1.2 base match top",
		"match":   "1.2",
	} {
		var got []string
		needed := convert.Needed(s, func(_ string, d *schemajson.Definition) bool { return slices.Contains(strings.Fields(names), d.Name()) })
		for _, collection := range slices.Sorted(maps.Keys(needed)) {
			for _, d := range needed[collection] {
				got = append(got, d.Name())
			}
		}
		slices.Sort(got)
		if strings.Join(got, " ") != want {
			t.Errorf("%q needs %q, want %q", names, got, want)
		}
	}
}
