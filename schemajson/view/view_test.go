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
		{"objectClasses", "ORGPERSON", `{"kind":"STRUCTURAL","sup":[{"collection":"objectClasses","name":"person","known":true}],"superclasses":[{"collection":"objectClasses","name":"person","known":true},{"collection":"objectClasses","name":"top","known":true}],"subclasses":[],"must":[{"collection":"attributeTypes","name":"cn","desc":"common","known":true,"from":{"collection":"objectClasses","name":"person","known":true}},{"collection":"attributeTypes","name":"objectClass","known":true,"from":{"collection":"objectClasses","name":"top","known":true}}],"may":[{"collection":"attributeTypes","name":"name","known":true,"from":{"collection":"objectClasses","name":"person","known":true}},{"collection":"attributeTypes","name":"gone","known":false,"from":{"collection":"objectClasses","name":"person","known":true}}],"nameForms":[]}`},
		{"objectClasses", "person", `{"kind":"STRUCTURAL","sup":[{"collection":"objectClasses","name":"top","known":true}],"superclasses":[{"collection":"objectClasses","name":"top","known":true}],"subclasses":[{"collection":"objectClasses","name":"orgPerson","known":true}],"must":[{"collection":"attributeTypes","name":"cn","desc":"common","known":true},{"collection":"attributeTypes","name":"objectClass","known":true,"from":{"collection":"objectClasses","name":"top","known":true}}],"may":[{"collection":"attributeTypes","name":"name","known":true},{"collection":"attributeTypes","name":"gone","known":false}],"contentRule":{"collection":"dITContentRules","name":"rule","known":true},"nameForms":[{"collection":"nameForms","name":"form","known":true}]}`},
		{"attributeTypes", "commonname", `{"sup":{"collection":"attributeTypes","name":"name","known":true},"supertypes":[{"collection":"attributeTypes","name":"name","known":true}],"subtypes":[],"syntax":{"collection":"ldapSyntaxes","name":"1.15","desc":"Directory String","known":true,"from":{"collection":"attributeTypes","name":"name","known":true},"length":9},"equality":{"collection":"matchingRules","name":"match","known":true,"from":{"collection":"attributeTypes","name":"name","known":true}},"singleValue":false,"collective":false,"noUserModification":false,"usage":"userApplications","requiredBy":[{"collection":"objectClasses","name":"person","known":true},{"collection":"objectClasses","name":"orgPerson","known":true,"from":{"collection":"objectClasses","name":"person","known":true}}],"allowedBy":[],"rules":[{"collection":"dITContentRules","name":"rule","known":true},{"collection":"nameForms","name":"form","known":true},{"collection":"matchingRuleUse","name":"match","known":true}]}`},
		{"matchingRules", "match", `{"syntax":{"collection":"ldapSyntaxes","name":"1.15","desc":"Directory String","known":true},"equality":[{"collection":"attributeTypes","name":"name","known":true},{"collection":"attributeTypes","name":"cn","desc":"common","known":true}],"ordering":[],"substr":[],"applies":[{"collection":"attributeTypes","name":"cn","desc":"common","known":true}]}`},
		{"ldapSyntaxes", "1.15", `{"attributes":[{"collection":"attributeTypes","name":"name","known":true}],"inheriting":[{"collection":"attributeTypes","name":"cn","desc":"common","known":true}],"rules":[{"collection":"matchingRules","name":"match","known":true}]}`},
		{"matchingRuleUse", "1.2", `{"rule":{"collection":"matchingRules","name":"1.2","known":true},"applies":[{"collection":"attributeTypes","name":"cn","desc":"common","known":true},{"collection":"attributeTypes","name":"gone","known":false}]}`},
		{"dITContentRules", "rule", `{"class":{"collection":"objectClasses","name":"person","known":true},"aux":[{"collection":"objectClasses","name":"orgPerson","known":true}],"must":[],"may":[{"collection":"attributeTypes","name":"cn","desc":"common","known":true}],"not":[]}`},
		{"dITStructureRules", "1", `{"form":{"collection":"nameForms","name":"form","known":true},"sup":[{"collection":"dITStructureRules","name":"1","known":true},{"collection":"dITStructureRules","name":"2","known":false}]}`},
		{"nameForms", "form", `{"oc":{"collection":"objectClasses","name":"person","known":true},"must":[{"collection":"attributeTypes","name":"cn","desc":"common","known":true}],"may":[]}`},
	}
	for _, test := range tests {
		t.Run(test.collection+" "+test.name, func(t *testing.T) {
			d, ok := Show(people, test.collection, test.name)
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
	if d, ok := Show(people, "objectClasses", "nobody"); d != nil || !ok {
		t.Errorf("a class that is not there: %v, %v", d, ok)
	}
	if _, ok := Show(people, "things", "person"); ok {
		t.Error("a collection that is not there is known")
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
