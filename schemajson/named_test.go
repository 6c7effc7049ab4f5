package schemajson

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestNamed(t *testing.T) {
	s := Parse("", []Attribute{
		{CollectionAttributeTypes, []string{
			`( 1.1 NAME ( 'a' 'b' ) )`, `( 1.2 NAME 'B' DESC 'second b' )`, `( 1.1 NAME 'c' )`, `( 1.3 NAME ( 'b' 'b' ) )`, `( 1.1 )`,
		}},
		{CollectionObjectClasses, []string{`( 2.1 NAME 'x' )`, `( 2.1 NAME 'x' )`}},
		{CollectionLDAPSyntaxes, []string{`( 3.1 DESC 'x' )`, `( 3.1 DESC 'y' )`}},
		{CollectionMatchingRules, []string{`( 4.1 NAME 'm' SYNTAX 3.1 )`, `( 4.2 NAME 'm' SYNTAX 3.1 )`}},
		{CollectionMatchingRuleUse, []string{`( 4.1 NAME 'm' APPLIES a )`, `( 4.1 NAME 'm' APPLIES b )`}},
		{CollectionDITContentRules, []string{`( 2.1 NAME 'r' )`, `( 2.1 NAME 'q' )`}},
		{CollectionDITStructureRules, []string{`( 1 NAME 's' FORM f )`, `( 1 NAME 't' FORM f )`}},
		{CollectionNameForms, []string{`( 5.1 NAME 'f' OC x MUST a )`, `( 5.2 NAME 'F' OC x MUST a )`}},
	})
	tests := []struct {
		name string
		got  []*Definition
		want string // numbers in the collection and ordinals
	}{
		{"names of attribute types", bases(s.AttributeTypesNamed("B;lang-de")), "0:1 1:2 3:3"},
		{"OIDs of attribute types", bases(s.AttributeTypesNamed("1.1")), "0:1 2:1 4:3"},
		{"a name of one", bases(s.AttributeTypesNamed("c")), "2:1"},
		{"a name of none", bases(s.AttributeTypesNamed("d")), ""},
		{"nothing", bases(s.AttributeTypesNamed("")), ""},
		{"classes", bases(s.ObjectClassesNamed("X")), "0:1 1:2"},
		{"syntaxes", bases(s.LDAPSyntaxesNamed("3.1")), "0:1 1:2"},
		{"matching rules", bases(s.MatchingRulesNamed("m")), "0:1 1:2"},
		{"matching rules by OID", bases(s.MatchingRulesNamed("4.2")), "1:2"},
		{"matching rule uses", bases(s.MatchingRuleUsesNamed("4.1")), "0:1 1:2"},
		{"content rules", bases(s.DITContentRulesNamed("2.1")), "0:1 1:1"},
		{"structure rules", bases(s.DITStructureRulesNamed("1")), "0:1 1:1"},
		{"name forms", bases(s.NameFormsNamed("f")), "0:1 1:2"},
	}
	for _, test := range tests {
		var got []string
		for _, d := range test.got {
			got = append(got, fmt.Sprintf("%d:%d", d.number, s.Ordinal(d)))
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%s: %v, not %s", test.name, got, test.want)
		}
	}
}

func bases[D any, P kindOf[D]](definitions []*D) (all []*Definition) {
	for _, d := range definitions {
		all = append(all, P(d).definition())
	}
	return all
}

// Whatever shares names with whatever: the ordinal leads back to the
// definition, and the first is what look-ups take.
func FuzzNamed(f *testing.F) {
	f.Add("ab a ba b")
	f.Add("aA AB Σ σ ba")
	f.Fuzz(func(t *testing.T, names string) {
		names = strings.NewReplacer("'", "", `\`, "").Replace(names)
		var values []string
		for i, word := range strings.Fields(names) {
			quoted := "'" + strings.Join(strings.Split(word, ""), "' '") + "'"
			values = append(values, fmt.Sprintf("( 1.%d NAME ( %s ) )", i%3, quoted))
		}
		s := Parse("", []Attribute{{CollectionObjectClasses, values}})
		for i := range s.ObjectClasses {
			d := &s.ObjectClasses[i]
			all := s.ObjectClassesNamed(d.Name())
			if len(all) == 0 || all[0] != s.ObjectClass(d.Name()) {
				t.Fatalf("%q: %d are named so", d.Name(), len(all))
			}
			if isASCII(names) && slices.Index(all, d)+1 != s.Ordinal(&d.Definition) {
				t.Errorf("%q is number %d, not %d", d.Raw, slices.Index(all, d)+1, s.Ordinal(&d.Definition))
			}
		}
	})
}

func isASCII(s string) bool { return !strings.ContainsFunc(s, func(r rune) bool { return r >= 0x80 }) }

// Very many definitions of one name: each knows its place.
func TestManyOfOneName(t *testing.T) {
	const n = 100_000
	s := Parse("", []Attribute{{CollectionAttributeTypes, slices.Repeat([]string{"( 1.1 NAME 'a' )"}, n)}})
	if all := s.AttributeTypesNamed("A"); len(all) != n || s.Ordinal(&all[n-1].Definition) != n {
		t.Errorf("%d, the last is number %d", len(all), s.Ordinal(&s.AttributeTypes[n-1].Definition))
	}
}
