package schemajson

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func people(t *testing.T) *SchemaInfo {
	t.Helper()
	s := Parse("cn=Subschema", []Attribute{
		{CollectionAttributeTypes, []string{
			`( 2.5.4.0 NAME 'objectClass' EQUALITY objectIdentifierMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.38 )`,
			`( 2.5.4.41 NAME 'name' EQUALITY caseIgnoreMatch SUBSTR caseIgnoreSubstringsMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15{32768} )`,
			`( 2.5.4.3 NAME ( 'cn' 'commonName' ) SUP name )`,
			`( 2.5.4.4 NAME ( 'sn' 'surname' ) SUP 2.5.4.41 EQUALITY caseExactMatch )`,
			`( 1.1.1 NAME 'loop' SUP pool )`,
			`( 1.1.2 NAME 'pool' SUP loop )`,
			`( 1.1.3 NAME 'CN' SYNTAX 1.2 )`,
		}},
		{CollectionObjectClasses, []string{
			`( 2.5.6.0 NAME 'top' ABSTRACT MUST objectClass )`,
			`( 2.5.6.6 NAME 'person' SUP top STRUCTURAL MUST ( sn $ cn ) MAY ( description $ seeAlso ) )`,
			`( 2.5.6.7 NAME 'organizationalPerson' SUP person STRUCTURAL MAY ( title $ commonName $ 2.5.4.4 ) )`,
			`( 1.2.1 NAME 'a' SUP b )`,
			`( 1.2.2 NAME 'b' SUP ( a $ nowhere $ top ) AUXILIARY MAY x )`,
		}},
	})
	if len(s.AttributeTypes) != 7 || len(s.ObjectClasses) != 5 {
		t.Fatalf("problems %v", s.Problems)
	}
	return s
}

func TestLookUp(t *testing.T) {
	s := people(t)
	for _, name := range []string{"cn", "CN", "commonname", "2.5.4.3", "cn;lang-de", "CN;binary"} {
		if got := s.AttributeType(name); got == nil || got.OID != "2.5.4.3" {
			t.Errorf("%q finds %+v", name, got)
		}
	}
	for _, name := range []string{"", "c", "cnn", "2.5.4", strings.Repeat("x", 500)} {
		if got := s.AttributeType(name); got != nil {
			t.Errorf("%q finds %+v", name, got)
		}
	}
	var empty SchemaInfo
	if empty.ObjectClass("top") != nil {
		t.Error("an empty schema finds top")
	}
}

func TestDuplicateIsReportedAndFirstWins(t *testing.T) {
	s := people(t)
	if len(s.Problems) != 1 || s.Problems[0].Code != ProblemDuplicate || s.Problems[0].Message != `"CN" is already defined as cn (2.5.4.3); the first definition is used` {
		t.Errorf("problems %v", s.Problems)
	}
	if got := s.AttributeType("1.1.3"); got == nil || got.Syntax != "1.2" {
		t.Errorf("the second definition is not found by its OID: %+v", got)
	}
}

func TestLookUpAllocatesNothing(t *testing.T) {
	s := people(t)
	n := testing.AllocsPerRun(100, func() {
		if s.AttributeType("COMMONNAME;lang-de") == nil || s.ObjectClass("Person") == nil {
			t.Fatal("not found")
		}
	})
	if n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func attributesOf(list []ClassAttribute) (all []string) {
	for _, a := range list {
		all = append(all, a.Name+"<"+a.From.Name())
	}
	return all
}

func TestClassAttributes(t *testing.T) {
	s := people(t)
	must, may := s.ClassAttributes(s.ObjectClass("organizationalPerson"))
	if got, want := attributesOf(must), []string{"sn<person", "cn<person", "objectClass<top"}; !slices.Equal(got, want) {
		t.Errorf("must %v, want %v", got, want)
	}
	// commonName and 2.5.4.4 are cn and sn by another name: required already.
	if got, want := attributesOf(may), []string{"title<organizationalPerson", "description<person", "seeAlso<person"}; !slices.Equal(got, want) {
		t.Errorf("may %v, want %v", got, want)
	}
	if must[0].Type == nil || must[0].Type.OID != "2.5.4.4" || may[0].Type != nil {
		t.Errorf("types %+v, %+v", must[0].Type, may[0].Type)
	}
}

func TestSuperclassCycle(t *testing.T) {
	s := people(t)
	var names []string
	for _, c := range s.Superclasses(s.ObjectClass("a")) {
		names = append(names, c.Name())
	}
	if want := []string{"b", "top"}; !slices.Equal(names, want) {
		t.Errorf("superclasses %v, want %v", names, want)
	}
	must, may := s.ClassAttributes(s.ObjectClass("a"))
	if !slices.Equal(attributesOf(must), []string{"objectClass<top"}) || !slices.Equal(attributesOf(may), []string{"x<b"}) {
		t.Errorf("must %v, may %v", attributesOf(must), attributesOf(may))
	}
	subs := s.Subclasses(s.ObjectClass("top"))
	if len(subs) != 2 || subs[0].Name() != "person" || subs[1].Name() != "b" {
		t.Errorf("subclasses %v", subs)
	}
}

func TestAttributeInheritance(t *testing.T) {
	s := people(t)
	sn := s.AttributeType("sn")
	if oid, length, from := s.SyntaxOf(sn); oid != "1.3.6.1.4.1.1466.115.121.1.15" || length != 32768 || from.Name() != "name" {
		t.Errorf("syntax %q{%d} from %v", oid, length, from)
	}
	equality, ordering, substr := s.RulesOf(sn)
	if equality.Name != "caseExactMatch" || equality.From != sn || ordering != (InheritedRule{}) || substr.Name != "caseIgnoreSubstringsMatch" || substr.From.Name() != "name" {
		t.Errorf("rules %+v %+v %+v", equality, ordering, substr)
	}
	if oid, _, from := s.SyntaxOf(s.AttributeType("loop")); oid != "" || from != nil {
		t.Errorf("a cycle has the syntax %q", oid)
	}
}

func ExampleParse() {
	s := Parse("cn=Subschema", []Attribute{
		{"attributeTypes", []string{"( 2.5.4.4 NAME ( 'sn' 'surname' ) SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )"}},
		{"objectClasses", []string{
			"( 2.5.6.6 NAME 'person' STRUCTURAL MUST sn )",
			"( 2.5.6.7 NAME 'organizationalPerson' SUP person STRUCTURAL MAY title )",
		}},
	})
	must, may := s.ClassAttributes(s.ObjectClass("ORGANIZATIONALPERSON"))
	for _, a := range must {
		fmt.Println("MUST", a.Name, "from", a.From.Name())
	}
	for _, a := range may {
		fmt.Println("MAY", a.Name, "from", a.From.Name())
	}
	// Output:
	// MUST sn from person
	// MAY title from organizationalPerson
}
