package view

import (
	"encoding/json"
	"testing"

	"github.com/ldapedge/ldapedge/schemajson"
)

func TestLists(t *testing.T) {
	lists := Lists(schemajson.Parse("", []schemajson.Attribute{
		{Name: "attributeTypes", Values: []string{
			"( 2.3 NAME 'cn' SUP name )", "( 2.41 NAME 'name' X-ORIGIN ( 'RFC 4519' 'X.520' ) )",
			"( 2.4 NAME 'loop' OBSOLETE SUP loop USAGE dSAOperation X-SCHEMA-FILE '99user.ldif' )",
		}},
		{Name: "objectClasses", Values: []string{"( 6.6 NAME 'person' DESC 'one' SUP ( top $ gone $ base ) MUST CN )", "( 6.0 NAME 'top' ABSTRACT )", "( 6.1 NAME 'base' AUXILIARY )"}},
		{Name: "nameForms", Values: []string{"( 7.1 NAME 'form' OC person MUST cn )"}},
		{Name: "dITStructureRules", Values: []string{"( 1 NAME 'sr' FORM form )"}},
	}))
	got, err := json.Marshal(lists)
	if err != nil {
		t.Fatal(err)
	}
	const want = `[{"collection":"objectClasses","definitions":[{"name":"person","oid":"6.6","desc":"one","kind":"STRUCTURAL","sup":[1,2]},` +
		`{"name":"top","oid":"6.0","kind":"ABSTRACT"},{"name":"base","oid":"6.1","kind":"AUXILIARY"}]},` +
		`{"collection":"attributeTypes","definitions":[{"name":"cn","oid":"2.3","usage":"userApplications","sup":[1]},` +
		`{"name":"name","oid":"2.41","usage":"userApplications","origin":["RFC 4519","X.520"],"unused":true},` +
		`{"name":"loop","oid":"2.4","usage":"dSAOperation","obsolete":true,"origin":["99user.ldif"],"unused":true}]},` +
		`{"collection":"matchingRules","definitions":[]},{"collection":"ldapSyntaxes","definitions":[]},` +
		`{"collection":"matchingRuleUse","definitions":[]},{"collection":"dITContentRules","definitions":[]},` +
		`{"collection":"dITStructureRules","definitions":[{"name":"sr","oid":"1"}]},{"collection":"nameForms","definitions":[{"name":"form","oid":"7.1"}]}]`
	if string(got) != want {
		t.Errorf("%s", got)
	}
	var appended []byte
	for i, l := range lists {
		if l.Collection != Collections[i] {
			t.Errorf("list %d is of %s, not of %s", i, l.Collection, Collections[i])
		}
		appended = append(l.AppendJSON(appended), ',')
	}
	if string(appended) != want[1:len(want)-1]+"," {
		t.Errorf("appended: %s", appended)
	}
}

// Whatever a server publishes is valid JSON.
func TestAppendJSON(t *testing.T) {
	hostile := Item{Name: "a\"\\\x00\n\xff", OID: "\u2028</script>", Desc: "\xed\xa0\x80", Origin: []string{"", "b"}, Ordinal: 2, Unused: true}
	var got Item
	if err := json.Unmarshal(hostile.AppendJSON(nil), &got); err != nil {
		t.Fatal(err)
	}
	if got.Name != "a\"\\\x00\n\uFFFD" || got.OID != hostile.OID || got.Desc != "\uFFFD" || len(got.Origin) != 2 || got.Ordinal != 2 || !got.Unused {
		t.Errorf("%+v", got)
	}
}
