package view

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/ldapedge/ldapedge/schemajson"
)

var people = schemajson.Parse("cn=Subschema", []schemajson.Attribute{
	{Name: "ldapSyntaxes", Values: []string{"( 1.15 DESC 'Directory String' )"}},
	{Name: "matchingRules", Values: []string{"( 1.2 NAME 'match' SYNTAX 1.15 )"}},
	{Name: "matchingRuleUse", Values: []string{"( 1.2 NAME 'match' APPLIES ( cn $ gone ) )"}},
	{Name: "attributeTypes", Values: []string{
		"( 2.41 NAME 'name' EQUALITY match SYNTAX 1.15{9} )", "( 2.3 NAME ( 'cn' 'commonName' ) DESC 'common' SUP name )", "( 2.0 NAME 'objectClass' )",
	}},
	{Name: "objectClasses", Values: []string{
		"( 6.0 NAME 'top' ABSTRACT MUST objectClass )", "( 6.6 NAME 'person' SUP top MUST cn MAY ( name $ gone ) )", "( 6.7 NAME 'orgPerson' SUP person STRUCTURAL )",
	}},
	{Name: "dITContentRules", Values: []string{"( 6.6 NAME 'rule' AUX orgPerson MAY cn )"}},
	{Name: "nameForms", Values: []string{"( 7.1 NAME 'form' OC person MUST cn )"}},
	{Name: "dITStructureRules", Values: []string{"( 1 NAME 'sr' FORM form SUP ( 1 2 ) )"}},
})

func TestShow(t *testing.T) {
	tests := []struct{ collection, name, want string }{
		{"objectClasses", "ORGPERSON", `{"kind":"STRUCTURAL","sup":[{"collection":"objectClasses","name":"person","known":true}],"superclasses":[{"collection":"objectClasses","name":"person","known":true},{"collection":"objectClasses","name":"top","known":true}],"subclasses":[],"must":[{"collection":"attributeTypes","name":"cn","desc":"common","known":true,"from":{"collection":"objectClasses","name":"person","known":true}},{"collection":"attributeTypes","name":"objectClass","known":true,"from":{"collection":"objectClasses","name":"top","known":true}}],"may":[{"collection":"attributeTypes","name":"name","known":true,"from":{"collection":"objectClasses","name":"person","known":true}},{"collection":"attributeTypes","name":"gone","known":false,"from":{"collection":"objectClasses","name":"person","known":true}}],"auxiliaryIn":[{"collection":"dITContentRules","name":"rule","known":true}],"nameForms":[],"structureRules":[]}`},
		{"objectClasses", "person", `{"kind":"STRUCTURAL","sup":[{"collection":"objectClasses","name":"top","known":true}],"superclasses":[{"collection":"objectClasses","name":"top","known":true}],"subclasses":[{"collection":"objectClasses","name":"orgPerson","known":true}],"must":[{"collection":"attributeTypes","name":"cn","desc":"common","known":true},{"collection":"attributeTypes","name":"objectClass","known":true,"from":{"collection":"objectClasses","name":"top","known":true}}],"may":[{"collection":"attributeTypes","name":"name","known":true},{"collection":"attributeTypes","name":"gone","known":false}],"contentRule":{"collection":"dITContentRules","name":"rule","known":true},"auxiliaryIn":[],"nameForms":[{"collection":"nameForms","name":"form","known":true}],"structureRules":[{"collection":"dITStructureRules","name":"sr","known":true}]}`},
		{"attributeTypes", "commonname", `{"sup":{"collection":"attributeTypes","name":"name","known":true},"supertypes":[{"collection":"attributeTypes","name":"name","known":true}],"subtypes":[],"syntax":{"collection":"ldapSyntaxes","name":"1.15","desc":"Directory String","known":true,"from":{"collection":"attributeTypes","name":"name","known":true},"length":9},"equality":{"collection":"matchingRules","name":"match","known":true,"from":{"collection":"attributeTypes","name":"name","known":true}},"singleValue":false,"collective":false,"noUserModification":false,"usage":"userApplications","requiredBy":[{"collection":"objectClasses","name":"person","known":true},{"collection":"objectClasses","name":"orgPerson","known":true,"from":{"collection":"objectClasses","name":"person","known":true}}],"allowedBy":[],"rules":[{"collection":"dITContentRules","name":"rule","known":true},{"collection":"nameForms","name":"form","known":true},{"collection":"matchingRuleUse","name":"match","known":true}]}`},
		{"matchingRules", "match", `{"syntax":{"collection":"ldapSyntaxes","name":"1.15","desc":"Directory String","known":true},"equality":[{"collection":"attributeTypes","name":"name","known":true},{"collection":"attributeTypes","name":"cn","desc":"common","known":true,"from":{"collection":"attributeTypes","name":"name","known":true}}],"ordering":[],"substr":[],"applies":[{"collection":"attributeTypes","name":"cn","desc":"common","known":true}],"use":{"collection":"matchingRuleUse","name":"match","known":true}}`},
		{"ldapSyntaxes", "1.15", `{"attributes":[{"collection":"attributeTypes","name":"name","known":true}],"inheriting":[{"collection":"attributeTypes","name":"cn","desc":"common","known":true}],"rules":[{"collection":"matchingRules","name":"match","known":true}]}`},
		{"matchingRuleUse", "1.2", `{"rule":{"collection":"matchingRules","name":"1.2","known":true},"applies":[{"collection":"attributeTypes","name":"cn","desc":"common","known":true},{"collection":"attributeTypes","name":"gone","known":false}]}`},
		{"dITContentRules", "rule", `{"class":{"collection":"objectClasses","name":"person","known":true},"aux":[{"collection":"objectClasses","name":"orgPerson","known":true}],"must":[],"may":[{"collection":"attributeTypes","name":"cn","desc":"common","known":true}],"not":[]}`},
		{"dITStructureRules", "1", `{"form":{"collection":"nameForms","name":"form","known":true},"oc":{"collection":"objectClasses","name":"person","known":true},"sup":[{"collection":"dITStructureRules","name":"1","known":true},{"collection":"dITStructureRules","name":"2","known":false}],"subordinates":[{"collection":"dITStructureRules","name":"sr","known":true}]}`},
		{"nameForms", "form", `{"oc":{"collection":"objectClasses","name":"person","known":true},"must":[{"collection":"attributeTypes","name":"cn","desc":"common","known":true}],"may":[],"structureRules":[{"collection":"dITStructureRules","name":"sr","known":true}]}`},
	}
	for _, test := range tests {
		t.Run(test.collection+" "+test.name, func(t *testing.T) {
			d, ok := Show(people, test.collection, test.name, 1)
			if !ok || d == nil || d.Collection != test.collection {
				t.Fatalf("%+v, %v", d, ok)
			}
			for _, part := range []any{d.Class, d.Attribute, d.Rule, d.LDAPSyntax, d.RuleUse, d.ContentRule, d.StructureRule, d.NameForm} {
				b, err := json.Marshal(part)
				if err != nil {
					t.Fatal(err)
				}
				if string(b) != "null" && string(b) != test.want {
					t.Errorf("got  %s\nwant %s", b, test.want)
				}
			}
		})
	}
	if d, ok := Show(people, "objectClasses", "nobody", 1); d != nil || !ok {
		t.Errorf("a class that is not there: %v, %v", d, ok)
	}
	if _, ok := Show(people, "things", "person", 1); ok {
		t.Error("a collection that is not there is known")
	}
}

// What the parser has to say of a definition goes with it, and not with others.
func TestProblems(t *testing.T) {
	s := schemajson.Parse("", []schemajson.Attribute{{Name: "attributeTypes", Values: []string{
		"( 1.1 NAME 'a' USAGE often )", "( 1.2 NAME 'b' )", "( 1.3 NAME 'c'",
	}}})
	for name, want := range map[string]string{"a": `[{"code":"value","offset":21,"message":"unknown usage \"often\""}]`, "b": "[]"} {
		d, _ := Show(s, "attributeTypes", name, 1)
		if b, err := json.Marshal(d.Problems); err != nil || string(b) != want {
			t.Errorf("%s has the problems %s, %v", name, b, err)
		}
	}
}

// shared is a schema whose definitions share names and OIDs in every way.
var shared = schemajson.Parse("", []schemajson.Attribute{
	{Name: "ldapSyntaxes", Values: []string{"( 3.1 DESC 'one' )", "( 3.1 DESC '' )"}},
	{Name: "matchingRules", Values: []string{"( 4.1 NAME 'm' SYNTAX 3.1 )", "( 4.1 NAME 'M' SYNTAX 3.1 )"}},
	{Name: "matchingRuleUse", Values: []string{"( 4.1 NAME 'm' APPLIES a )"}},
	{Name: "attributeTypes", Values: []string{
		"( 1.1 NAME ( 'a' 'b' ) EQUALITY m SYNTAX 3.1 )", "( 1.2 NAME 'B' DESC 'second b' SUP a )", "( 1.1 NAME 'c' )", "( 1.3 NAME 'd' SUP b )",
	}},
	{Name: "objectClasses", Values: []string{"( 2.1 NAME 'x' MUST b )", "( 2.1 NAME 'x' MAY a )", "( 2.2 NAME 'y' SUP x )"}},
	{Name: "dITContentRules", Values: []string{"( 2.1 NAME 'r' )"}},
	{Name: "nameForms", Values: []string{"( 5.1 NAME 'f' OC x MUST a )"}},
})

func TestShared(t *testing.T) {
	tests := []struct {
		collection, name string
		ordinal          int
		want             string // OID, ordinal and what is shared, or nothing
	}{
		{"attributeTypes", "b", 1, `1.1 0 [{"name":"b","ordinal":1,"total":2,"first":{"name":"a","oid":"1.1"}},{"name":"1.1","ordinal":1,"total":2,"first":{"name":"a","oid":"1.1"}}]`},
		{"attributeTypes", "b", 2, `1.2 2 [{"name":"B","ordinal":2,"total":2,"first":{"name":"a","oid":"1.1"}}]`},
		{"attributeTypes", "b", 3, ""},
		{"attributeTypes", "b", 0, ""},
		{"attributeTypes", "c", 1, `1.1 0 [{"name":"1.1","ordinal":2,"total":2,"first":{"name":"a","oid":"1.1"}}]`},
		{"attributeTypes", "d", 1, `1.3 0 []`},
		{"objectClasses", "X", 2, `2.1 2 [{"name":"x","ordinal":2,"total":2,"first":{"name":"x","oid":"2.1"}},{"name":"2.1","ordinal":2,"total":2,"first":{"name":"x","oid":"2.1"}}]`},
	}
	for _, test := range tests {
		d, ok := Show(shared, test.collection, test.name, test.ordinal)
		if !ok || (d == nil) != (test.want == "") {
			t.Errorf("%s %d: %+v, %v", test.name, test.ordinal, d, ok)
			continue
		}
		if d == nil {
			continue
		}
		b, err := json.Marshal(d.Shared)
		if got := fmt.Sprintf("%s %d %s", d.OID, d.Ordinal, b); err != nil || got != test.want {
			t.Errorf("%s %d: %s, %v", test.name, test.ordinal, got, err)
		}
	}
}

// What names a definition names the first; references to others say which.
func TestReferencesToShared(t *testing.T) {
	show := func(collection, name string, ordinal int) *Definition {
		t.Helper()
		d, _ := Show(shared, collection, name, ordinal)
		if d == nil {
			t.Fatalf("%s %s is missing", collection, name)
		}
		return d
	}
	if c := show("objectClasses", "x", 1).Class; c.ContentRule == nil || len(c.NameForms) != 1 || len(c.Subclasses) != 1 {
		t.Errorf("the first class: %+v", c)
	}
	if c := show("objectClasses", "x", 2).Class; c.ContentRule != nil || len(c.NameForms) != 0 || len(c.Subclasses) != 0 {
		t.Errorf("the second class: %+v", c)
	}
	a := show("attributeTypes", "a", 1).Attribute
	if fmt.Sprint(a.Subtypes) != "[{attributeTypes B second b true 2} {attributeTypes d  true 0}]" || fmt.Sprint(a.AllowedBy) != "[{{objectClasses x  true 2} <nil>}]" {
		t.Errorf("the subtypes are %v, the classes %v", a.Subtypes, a.AllowedBy)
	}
	for ordinal, n := range map[int]int{1: 1, 2: 0} {
		if r := show("matchingRules", "4.1", ordinal).Rule; len(r.Applies) != n {
			t.Errorf("matching rule %d applies to %v", ordinal, r.Applies)
		}
		x := show("ldapSyntaxes", "3.1", ordinal)
		if len(x.LDAPSyntax.Attributes) != n || len(x.LDAPSyntax.Rules) != 2*n || x.Desc == nil {
			t.Errorf("syntax %d: %+v", ordinal, x.LDAPSyntax)
		}
	}
}

func ExampleAll() {
	for _, d := range All(people, "MATCH") {
		fmt.Println(d.Collection, d.Name)
	}
	// Output:
	// matchingRules match
	// matchingRuleUse match
}
