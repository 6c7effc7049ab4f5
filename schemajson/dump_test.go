package schemajson

import (
	"encoding/json"
	"testing"
)

func TestDump(t *testing.T) {
	s := Parse("cn=schema", []Attribute{
		{CollectionAttributeTypes, []string{
			`( 1.1 NAME ( 'a' 'b' ) DESC '' OBSOLETE SUP c EQUALITY e ORDERING o SUBSTR s SYNTAX 1.2{3} SINGLE-VALUE COLLECTIVE NO-USER-MODIFICATION USAGE dSAOperation X-ORIGIN ( 'x' 'y' ) )`,
			`( 1.2 )`, `(`,
		}},
		{CollectionObjectClasses, []string{`( 1.3 NAME 'c' SUP ( d $ e ) AUXILIARY MUST a MAY ( b $ c ) )`, `( 1.4 )`}},
		{CollectionLDAPSyntaxes, []string{`( 1.5 DESC 'Text' )`}},
		{CollectionMatchingRules, []string{`( 1.6 NAME 'm' SYNTAX 1.5 )`}},
		{CollectionMatchingRuleUse, []string{`( 1.6 NAME 'm' APPLIES ( a $ b ) )`}},
		{CollectionDITContentRules, []string{`( 1.3 NAME 'r' AUX x MUST a MAY b NOT c )`}},
		{CollectionDITStructureRules, []string{`( 7 NAME 'sr' FORM f SUP ( 1 3 ) )`}},
		{CollectionNameForms, []string{`( 1.7 NAME 'f' OC c MUST a MAY b )`}},
	})
	const want = `{"entry":"cn=schema","attributeTypes":[` +
		`{"oid":"1.1","names":["a","b"],"desc":"","obsolete":true,"sup":["c"],"equality":"e","ordering":"o","substr":"s","syntax":"1.2","length":3,"singleValue":true,"collective":true,"noUserModification":true,"usage":"dSAOperation","extensions":[{"name":"X-ORIGIN","values":["x","y"]}],"raw":"( 1.1 NAME ( 'a' 'b' ) DESC '' OBSOLETE SUP c EQUALITY e ORDERING o SUBSTR s SYNTAX 1.2{3} SINGLE-VALUE COLLECTIVE NO-USER-MODIFICATION USAGE dSAOperation X-ORIGIN ( 'x' 'y' ) )"},` +
		`{"oid":"1.2","usage":"userApplications","defaulted":["usage"],"raw":"( 1.2 )"}],` +
		`"objectClasses":[{"oid":"1.3","names":["c"],"sup":["d","e"],"kind":"AUXILIARY","must":["a"],"may":["b","c"],"raw":"( 1.3 NAME 'c' SUP ( d $ e ) AUXILIARY MUST a MAY ( b $ c ) )"},{"oid":"1.4","kind":"STRUCTURAL","defaulted":["kind"],"raw":"( 1.4 )"}],` +
		`"ldapSyntaxes":[{"oid":"1.5","desc":"Text","raw":"( 1.5 DESC 'Text' )"}],` +
		`"matchingRules":[{"oid":"1.6","names":["m"],"syntax":"1.5","raw":"( 1.6 NAME 'm' SYNTAX 1.5 )"}],` +
		`"matchingRuleUse":[{"oid":"1.6","names":["m"],"applies":["a","b"],"raw":"( 1.6 NAME 'm' APPLIES ( a $ b ) )"}],` +
		`"dITContentRules":[{"oid":"1.3","names":["r"],"must":["a"],"may":["b"],"not":["c"],"aux":["x"],"raw":"( 1.3 NAME 'r' AUX x MUST a MAY b NOT c )"}],` +
		`"dITStructureRules":[{"oid":"7","names":["sr"],"sup":["1","3"],"form":"f","raw":"( 7 NAME 'sr' FORM f SUP ( 1 3 ) )"}],` +
		`"nameForms":[{"oid":"1.7","names":["f"],"must":["a"],"may":["b"],"oc":"c","raw":"( 1.7 NAME 'f' OC c MUST a MAY b )"}],` +
		`"problems":[{"code":"syntax","collection":"attributeTypes","text":"(","offset":1,"message":"an OID is expected, not the end"}]}`
	got, err := json.Marshal(s.Dump())
	if err != nil || string(got) != want {
		t.Errorf("%v\ngot  %s\nwant %s", err, got, want)
	}
	empty, err := json.Marshal(Parse("", nil).Dump())
	if err != nil || string(empty) != `{"attributeTypes":[],"objectClasses":[],"ldapSyntaxes":[],"matchingRules":[],"matchingRuleUse":[],"dITContentRules":[],"dITStructureRules":[],"nameForms":[],"problems":[]}` {
		t.Errorf("%s, %v", empty, err)
	}
}
