package schemajson

import (
	"reflect"
	"strings"
	"testing"
)

// clean drops what every definition keeps anyway, so that the tables show only
// what they are about.
func clean[D any, P kindOf[D]](d D) D {
	P(&d).definition().Raw = ""
	return d
}

func TestParseAttributeType(t *testing.T) {
	tests := []struct {
		name, raw string
		want      AttributeType
	}{
		{"every field", `( 2.5.4.3 NAME ( 'cn' 'commonName' ) DESC 'RFC4519: common name' OBSOLETE SUP name EQUALITY caseIgnoreMatch ORDERING caseIgnoreOrderingMatch SUBSTR caseIgnoreSubstringsMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15{32768} SINGLE-VALUE COLLECTIVE NO-USER-MODIFICATION USAGE dSAOperation X-ORIGIN ( 'RFC 4519' 'user defined' ) X-ORDERED 'VALUES' )`,
			AttributeType{
				Definition: Definition{OID: "2.5.4.3", Names: []string{"cn", "commonName"}, Desc: "RFC4519: common name", DescGiven: true, Obsolete: true,
					Extensions: []Extension{{"X-ORIGIN", []string{"RFC 4519", "user defined"}}, {"X-ORDERED", []string{"VALUES"}}}},
				SUP: "name", Equality: "caseIgnoreMatch", Ordering: "caseIgnoreOrderingMatch", Substr: "caseIgnoreSubstringsMatch",
				Syntax: "1.3.6.1.4.1.1466.115.121.1.15", Length: 32768, SingleValue: true, Collective: true, NoUserModification: true,
				Usage: DSAOperation, UsageGiven: true,
			}},
		{"default usage is told from a given one", `( 1.1 NAME 'a' )`,
			AttributeType{Definition: Definition{OID: "1.1", Names: []string{"a"}}, Usage: UserApplications}},
		{"keywords inside a description", `( 1.1 NAME 'a' DESC 'the NAME of X-thing that MAY contain SYNTAX (1) $ OBSOLETE' SYNTAX 1.2 )`,
			AttributeType{Definition: Definition{OID: "1.1", Names: []string{"a"}, Desc: "the NAME of X-thing that MAY contain SYNTAX (1) $ OBSOLETE", DescGiven: true}, Syntax: "1.2", Usage: UserApplications}},
		{"tabs, newlines and no spaces", "(1.1\tNAME('a''b')\n DESC'd'\tSYNTAX\t1.2{7}SINGLE-VALUE)",
			AttributeType{Definition: Definition{OID: "1.1", Names: []string{"a", "b"}, Desc: "d", DescGiven: true}, Syntax: "1.2", Length: 7, SingleValue: true, Usage: UserApplications}},
		{"keywords in any case", `( 1.1 name 'a' Syntax 1.2 Single-Value usage DIRECTORYOPERATION )`,
			AttributeType{Definition: Definition{OID: "1.1", Names: []string{"a"}}, Syntax: "1.2", SingleValue: true, Usage: DirectoryOperation, UsageGiven: true}},
		{"escapes", `( 1.1 NAME 'a' DESC 'it\27s a \5c and a \5C, not \28' )`,
			AttributeType{Definition: Definition{OID: "1.1", Names: []string{"a"}, Desc: `it's a \ and a \, not \28`, DescGiven: true}, Usage: UserApplications}},
		{"Active Directory quotes the syntax", `( 1.2.840.113556.1.4.2 NAME 'x' SYNTAX '1.3.6.1.4.1.1466.115.121.1.12{64}' SINGLE-VALUE )`,
			AttributeType{Definition: Definition{OID: "1.2.840.113556.1.4.2", Names: []string{"x"}}, Syntax: "1.3.6.1.4.1.1466.115.121.1.12", Length: 64, SingleValue: true, Usage: UserApplications}},
		{"389 Directory Server's descriptors for OIDs", `( nsBindDN-oid NAME 'nsBindDN' SUP 2.5.4.41 )`,
			AttributeType{Definition: Definition{OID: "nsBindDN-oid", Names: []string{"nsBindDN"}}, SUP: "2.5.4.41", Usage: UserApplications}},
		{"no name", `( 1.1 DESC '' )`, AttributeType{Definition: Definition{OID: "1.1", DescGiven: true}, Usage: UserApplications}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := Parse("", []Attribute{{CollectionAttributeTypes, []string{test.raw}}})
			if len(s.AttributeTypes) != 1 {
				t.Fatalf("not parsed: %v", s.Problems)
			}
			got := s.AttributeTypes[0]
			if got.Raw != test.raw {
				t.Errorf("Raw = %q", got.Raw)
			}
			if got := clean(got); !reflect.DeepEqual(got, test.want) {
				t.Errorf("got  %+v\nwant %+v", got, test.want)
			}
		})
	}
}

func TestParseObjectClass(t *testing.T) {
	tests := []struct {
		name, raw string
		want      ObjectClass
	}{
		{"every field", `( 2.5.6.6 NAME 'person' DESC 'a person' SUP top STRUCTURAL MUST ( sn $ cn ) MAY ( userPassword $ telephoneNumber $ description ) )`,
			ObjectClass{Definition: Definition{OID: "2.5.6.6", Names: []string{"person"}, Desc: "a person", DescGiven: true}, SUP: []string{"top"}, Kind: Structural, KindGiven: true,
				Must: []string{"sn", "cn"}, May: []string{"userPassword", "telephoneNumber", "description"}}},
		{"default kind is told from a given one", `( 1.1 NAME 'c' MUST a )`,
			ObjectClass{Definition: Definition{OID: "1.1", Names: []string{"c"}}, Kind: Structural, Must: []string{"a"}}},
		{"several superclasses and lists without spaces", `(1.1 NAME 'c' SUP(top$foo)AUXILIARY MUST(sn$cn)MAY a)`,
			ObjectClass{Definition: Definition{OID: "1.1", Names: []string{"c"}}, SUP: []string{"top", "foo"}, Kind: Auxiliary, KindGiven: true, Must: []string{"sn", "cn"}, May: []string{"a"}}},
		{"Active Directory's lists", `( 1.1 NAME 'c' SUP top ABSTRACT MUST (cn ) MAY (a $ b ) )`,
			ObjectClass{Definition: Definition{OID: "1.1", Names: []string{"c"}}, SUP: []string{"top"}, Kind: Abstract, KindGiven: true, Must: []string{"cn"}, May: []string{"a", "b"}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := Parse("", []Attribute{{CollectionObjectClasses, []string{test.raw}}})
			if len(s.ObjectClasses) != 1 || len(s.Problems) != 0 {
				t.Fatalf("%d classes, problems %v", len(s.ObjectClasses), s.Problems)
			}
			if got := clean(s.ObjectClasses[0]); !reflect.DeepEqual(got, test.want) {
				t.Errorf("got  %+v\nwant %+v", got, test.want)
			}
		})
	}
}

func TestParseSyntaxAndMatchingRule(t *testing.T) {
	s := Parse("cn=Subschema", []Attribute{
		{"LDAPSYNTAXES", []string{`( 1.3.6.1.4.1.1466.115.121.1.15 DESC 'Directory String' X-NOT-HUMAN-READABLE 'FALSE' )`}},
		{"matchingRules;x-option", []string{`( 2.5.13.2 NAME 'caseIgnoreMatch' SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )`}},
		{"cn", []string{"Subschema"}},
	})
	if got := s.LDAPSyntax("1.3.6.1.4.1.1466.115.121.1.15"); got == nil || got.Desc != "Directory String" || got.Name() != got.OID {
		t.Errorf("syntax: %+v", got)
	}
	if got := s.MatchingRule("CASEIGNOREMATCH"); got == nil || got.Syntax != "1.3.6.1.4.1.1466.115.121.1.15" {
		t.Errorf("rule: %+v", got)
	}
	if !reflect.DeepEqual(s.Other(), []Attribute{{"cn", []string{"Subschema"}}}) || s.Entry != "cn=Subschema" {
		t.Errorf("other: %+v, entry %q", s.Other(), s.Entry)
	}
}

func TestProblems(t *testing.T) {
	tests := []struct {
		name, raw string
		code      ProblemCode
		offset    int
		message   string
		kept      bool
	}{
		{"empty", "  ", ProblemSyntax, 2, "empty", false},
		{"no parentheses", "1.1 NAME 'a'", ProblemSyntax, 0, `begins with "("`, false},
		{"not closed", "( 1.1 NAME 'a'", ProblemSyntax, 14, `closing ")"`, false},
		{"quote not closed", "( 1.1 NAME 'a )", ProblemSyntax, 11, "closing quote", false},
		{"value missing", "( 1.1 NAME 'a' SYNTAX )", ProblemSyntax, 22, `"SYNTAX" has no value`, false},
		{"list not closed", "( 1.1 SUP ( a $ b", ProblemSyntax, 17, `the list of "SUP"`, false},
		{"rest", "( 1.1 ) x", ProblemSyntax, 8, `after the closing ")" comes "x"`, false},
		{"no OID at all", "( ( 1.1 ) )", ProblemSyntax, 2, "an OID is expected", false},
		{"no OID", "( NAME 'a' )", ProblemValue, 2, "no OID", true},
		{"unknown keyword", "( 1.1 NAME 'a' FOO ( 'bar' baz ) SINGLE-VALUE )", ProblemKeyword, 15, `unknown keyword "FOO"`, true},
		{"bad length", "( 1.1 NAME 'a' SYNTAX 1.2{x} )", ProblemValue, 22, `"{x}" is not a length`, true},
		{"bad usage", "( 1.1 NAME 'a' USAGE sometimes )", ProblemValue, 21, `"sometimes"`, true},
		{"apostrophe", "( 1.1 NAME 'a' DESC 'New Object's DS Rights' SINGLE-VALUE )", ProblemQuote, 31, `escaped as \27`, true},
		{"word after a string", "( 1.1 NAME 'a'b SINGLE-VALUE )", ProblemKeyword, 14, `unknown keyword "b"`, true},
		{"twice", "( 1.1 NAME 'a' SYNTAX 1.2 SYNTAX 1.3 )", ProblemRepeated, 26, "given twice", true},
		{"several where one can be", "( 1.1 NAME 'a' SUP ( b $ c ) )", ProblemValue, 19, "one name or OID", true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			good := "( 9.9 NAME 'good' )"
			s := Parse("", []Attribute{{CollectionAttributeTypes, []string{test.raw, good}}})
			if len(s.Problems) != 1 {
				t.Fatalf("problems %v", s.Problems)
			}
			p := s.Problems[0]
			if p.Code != test.code || p.Offset != test.offset || p.Text != test.raw || p.Collection != CollectionAttributeTypes || !strings.Contains(p.Message, test.message) {
				t.Errorf("problem %+v", p)
			}
			if s.AttributeType("good") == nil {
				t.Error("the definition after the bad one is lost")
			}
			if got := len(s.AttributeTypes) == 2; got != test.kept {
				t.Errorf("kept = %v", got)
			}
		})
	}
}

func TestUnknownKeywordIsKept(t *testing.T) {
	s := Parse("", []Attribute{{CollectionAttributeTypes, []string{"( 1.1 NAME 'a' FOO ( 'bar' $ baz ) QUX word SINGLE-VALUE BARE SYNTAX 1.2 )"}}})
	want := []Extension{{"FOO", []string{"bar", "baz"}}, {"QUX", []string{"word"}}, {"BARE", nil}}
	a := s.AttributeType("a")
	if !reflect.DeepEqual(a.Extensions, want) || !a.SingleValue || a.Syntax != "1.2" {
		t.Errorf("got %+v", a)
	}
}

func TestApostropheIsKept(t *testing.T) {
	s := Parse("", []Attribute{{CollectionAttributeTypes, []string{"( 1.1 NAME 'a' DESC 'New Object's DS Rights' X-NDS_NAME ( 'it's' 'b' )SINGLE-VALUE)"}}})
	a := s.AttributeType("a")
	if a == nil || a.Desc != "New Object's DS Rights" || !reflect.DeepEqual(a.Extensions, []Extension{{"X-NDS_NAME", []string{"it's", "b"}}}) || !a.SingleValue || len(s.Problems) != 2 {
		t.Errorf("%+v, %v", a, s.Problems)
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		`( 2.5.4.3 NAME ( 'cn' 'commonName' ) DESC 'it\27s' SUP name SYNTAX 1.2{3} X-A ( 'b' 'c' ) )`,
		`( 1.1 NAME 'c' SUP ( top $ foo ) AUXILIARY MUST ( sn $ cn ) MAY a )`, `(((((`, `( 1 FOO ( ( 'a' ) ) )`, "(\t'",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		s := Parse("", []Attribute{
			{CollectionAttributeTypes, []string{raw}}, {CollectionObjectClasses, []string{raw}},
			{CollectionLDAPSyntaxes, []string{raw}}, {CollectionMatchingRules, []string{raw}},
		})
		for _, p := range s.Problems {
			if p.Offset < 0 || p.Offset > len(raw) {
				t.Errorf("offset %d outside of %q", p.Offset, raw)
			}
		}
		if len(s.AttributeTypes) == 0 && len(s.Problems) == 0 {
			t.Error("a value vanished without a problem")
		}
		for i := range s.AttributeTypes {
			a := &s.AttributeTypes[i]
			for _, name := range a.Names {
				if name != "" && !strings.Contains(name, ";") && s.AttributeType(name) != a {
					t.Errorf("%q is not found", name)
				}
			}
		}
		for i := range s.ObjectClasses {
			s.ClassAttributes(&s.ObjectClasses[i])
		}
	})
}
