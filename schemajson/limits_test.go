package schemajson

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// Inputs that are far too large, or made to hurt: each ends, with the right
// answer. What is quadratic in them would not end within a test's time.
func TestHugeValues(t *testing.T) {
	mega := 1 << 20
	if testing.Short() {
		mega >>= 4
	}
	tests := []struct {
		name, value string
		code        ProblemCode // of the first problem; none if there is to be none
		parsed      bool
	}{
		{"junk", strings.Repeat("junk! \x00\xff", 8*mega), ProblemSyntax, false},
		{"open parentheses", strings.Repeat("(", 4*mega), ProblemSyntax, false},
		{"parentheses after an unknown keyword", "( 1.1 FOO " + strings.Repeat("(", mega) + strings.Repeat(")", mega) + " )", ProblemKeyword, true},
		{"apostrophes that end nothing", "( 1.1 DESC " + strings.Repeat("'a", 4*mega) + "x", ProblemKeyword, false},
		{"a name of 8 MiB", "( 1.1 NAME '" + strings.Repeat("n", 8*mega) + "' )", "", true},
		{"a million names", "( 1.1 NAME ( " + strings.Repeat("'n' ", mega) + ") )", "", true},
		{"a million unknown keywords", "( 1.1 " + strings.Repeat("FOO 'x' ", mega) + ")", ProblemKeyword, true},
		{"a million times the same field", "( 1.1 " + strings.Repeat("SYNTAX 1.2 ", mega) + ")", ProblemRepeated, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := Parse("", []Attribute{{CollectionAttributeTypes, []string{test.value, "( 9.9 NAME 'good' )"}}})
			if s.AttributeType("good") == nil || (s.AttributeType("1.1") != nil) != test.parsed {
				t.Errorf("%d definitions", len(s.AttributeTypes))
			}
			if test.code == "" && len(s.Problems) == 0 {
				return
			}
			if len(s.Problems) == 0 || s.Problems[0].Code != test.code || len(s.Problems[0].Message) > 200 {
				t.Errorf("%d problems", len(s.Problems))
			}
		})
	}
}

// Two definitions with the same 200,000 names: one problem says so.
func TestManySharedNames(t *testing.T) {
	var names strings.Builder
	for i := range 200_000 {
		fmt.Fprintf(&names, "'n%d' ", i)
	}
	s := Parse("", []Attribute{{CollectionAttributeTypes, []string{"( 1.1 NAME ( " + names.String() + ") )", "( 1.2 NAME ( " + names.String() + ") )"}}})
	const want = `"n0", "n1", "n2" and 199997 more are already defined as n0 (1.1); the first definition is used`
	if len(s.Problems) != 1 || s.Problems[0].Message != want || s.AttributeType("N199999").OID != "1.1" {
		t.Errorf("problems %.300v", s.Problems)
	}
}

func TestMillionDefinitions(t *testing.T) {
	n := 1_000_000
	if testing.Short() {
		n /= 10
	}
	values := make([]string, n)
	for i := range values {
		values[i] = fmt.Sprintf("( 1.2.%d NAME 'a%d' SUP a%d )", i, i, i/2)
	}
	s := Parse("", []Attribute{{CollectionAttributeTypes, values}})
	if len(s.AttributeTypes) != n || len(s.Problems) != 0 {
		t.Fatalf("%d definitions, %d problems", len(s.AttributeTypes), len(s.Problems))
	}
	last := s.AttributeType(fmt.Sprintf("A%d", n-1))
	if last == nil || len(s.Supertypes(last)) < 10 || len(s.Subtypes(s.AttributeType("1.2.7"))) != 2 {
		t.Errorf("%+v", last)
	}
}

func TestDeepChain(t *testing.T) {
	const depth = 10_000
	var types, classes []string
	for i := range depth {
		types = append(types, fmt.Sprintf("( 1.1.%d NAME 'a%d' SUP a%d )", i, i, i+1))
		classes = append(classes, fmt.Sprintf("( 1.2.%d NAME 'c%d' SUP c%d MAY a%d )", i, i, i+1, i))
	}
	types = append(types, fmt.Sprintf("( 1.1.%d NAME 'a%d' SYNTAX 1.3{7} )", depth, depth))
	s := Parse("", []Attribute{{CollectionAttributeTypes, types}, {CollectionObjectClasses, classes}})
	if oid, length, from := s.SyntaxOf(s.AttributeType("a0")); oid != "1.3" || length != 7 || from.Names[0] != "a10000" {
		t.Errorf("syntax %s{%d}", oid, length)
	}
	if _, may := s.ClassAttributes(s.ObjectClass("c0")); len(may) != depth || may[depth-1].From.Names[0] != "c9999" {
		t.Errorf("%d attributes", len(may))
	}
	e := s.EntryAttributes([]string{"c0", "c5000", "nobody"})
	if len(e.Classes) != depth || len(e.May) != depth || len(e.Unknown) != 1 {
		t.Errorf("%d classes, %d attributes", len(e.Classes), len(e.May))
	}
	if use := s.AttributeUse(s.AttributeType("a9999")); len(use.Allowed) != depth || use.Allowed[depth-1].Class.Names[0] != "c0" {
		t.Errorf("%d classes use it", len(use.Allowed))
	}
}

// What is wrong with a value is listed up to a bound, and so is what is wrong
// in all; how much more there is is said.
func TestProblemsAreBounded(t *testing.T) {
	s := Parse("", []Attribute{{CollectionAttributeTypes, []string{"( 1.1 " + strings.Repeat("OBSOLETE ", 30_000) + ")"}}})
	if len(s.Problems) != 21 || s.Problems[20].Code != ProblemMore || s.Problems[20].Message != "29979 more problems are not listed" || s.AttributeType("1.1") == nil {
		t.Errorf("%d problems, the last: %v", len(s.Problems), s.Problems[len(s.Problems)-1])
	}
	s = Parse("", []Attribute{{CollectionAttributeTypes, slices.Repeat([]string{"( 1.1 NAME 'a' )"}, 5000)}})
	if len(s.Problems) != 1001 || s.Problems[1000].Error() != "3999 more problems are not listed" || len(s.AttributeTypes) != 5000 {
		t.Errorf("%d problems, the last: %v", len(s.Problems), s.Problems[len(s.Problems)-1])
	}
}
