//go:build !small

package facade

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/ldapedge/ldapedge/schemajson"
	"github.com/ldapedge/ldapedge/schemajson/diff"
	"github.com/ldapedge/ldapedge/schemajson/lint"
	"github.com/ldapedge/ldapedge/schemajson/view"
)

// prebuilt returns the text of a pre-built set, as the host hands it over.
func prebuilt(t *testing.T, name string) []byte {
	t.Helper()
	f, err := os.Open("../../schemajson/offline/data/" + name + ".json.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// answered reads a call's answer.
func answered[T any](t *testing.T, a answer) (v T) {
	t.Helper()
	if a.err != nil {
		t.Fatal(a.err)
	}
	if err := json.Unmarshal(a.result, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// openPrebuilt returns a host with that set as source 1.
func openPrebuilt(t *testing.T, name string) *host {
	t.Helper()
	h := newHost(nil)
	answered[Summary](t, h.withFile(t, "read", fmt.Sprintf(`{"kind":"offline","name":%q}`, name), prebuilt(t, name)))
	return h
}

func definitions(s Summary) (n int) {
	for _, c := range s.Collections {
		n += len(c.Definitions)
	}
	return n
}

func TestReadPrebuilt(t *testing.T) {
	h := newHost(nil)
	s := answered[Summary](t, h.withFile(t, "read", `{"kind":"offline","name":"AD_2012_R2"}`, prebuilt(t, "AD_2012_R2")))
	if len(s.Collections[0].Definitions) != 264 || len(s.Collections[1].Definitions) != 1472 || s.Entry != "CN=Aggregate,CN=Schema,CN=Configuration,DC=AD2012,DC=LAB" {
		t.Errorf("%d definitions of %s", definitions(s), s.Entry)
	}
	if s.Origin != (Origin{Kind: "offline", Name: "AD_2012_R2", Format: "json", Modified: "2014-10-06T12:19:49Z", Saved: "2014-11-11T08:01:00Z"}) {
		t.Errorf("%+v", s.Origin)
	}
	for _, call := range []string{"check", "watch"} {
		if a := h.call(t, call, `{"source":1}`); a.err == nil || a.err.Code != CodeUsage || !strings.Contains(a.err.Cause, "no live server") {
			t.Errorf("%s: %+v", call, a.err)
		}
	}
	// What it is handed on as is the same.
	text := answered[struct{ Text string }](t, h.call(t, "text", `{"source":1}`)).Text
	again := answered[Summary](t, h.withFile(t, "read", `{"kind":"offline","name":"AD_2012_R2"}`, []byte(text)))
	again.Source = s.Source
	if fmt.Sprint(again) != fmt.Sprint(s) {
		t.Error("the schema is another when it was handed on")
	}
	if a := h.call(t, "close", `{"source":1}`); a.err != nil {
		t.Error(a.err)
	}
}

func TestReadText(t *testing.T) {
	saved, err := json.Marshal(map[string]any{"type": "SchemaInfo", "schema_entry": "cn=schema", "raw": map[string][]string{
		"attributeTypes": {"( 1.1 NAME 'a' )"}, "modifyTimestamp": {"20200102030405Z"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	const info = `{"type":"DsaInfo","raw":{"currentTime":["20210102030405.0Z"]}}`
	tests := []struct {
		name, params, text string
		want               Origin
		attribute          string
	}{
		{"json", `{"kind":"file","name":"s.json"}`, string(saved), Origin{"file", "s.json", "json", "2020-01-02T03:04:05Z", ""}, "a"},
		{"json with a mark and an info", `{"kind":"file","name":"","info":` + string(quoted(info)) + `}`, "\xef\xbb\xbf " + string(saved),
			Origin{"file", "", "json", "2020-01-02T03:04:05Z", "2021-01-02T03:04:05Z"}, "a"},
		{"both", `{"kind":"file"}`, `{"info":` + info + `,"schema":` + string(saved) + `}`,
			Origin{"file", "", "json", "2020-01-02T03:04:05Z", "2021-01-02T03:04:05Z"}, "a"},
		{"ldif", `{"kind":"file"}`, "dn: cn=Subschema\nattributeTypes: ( 1.1 NAME 'b' )\n", Origin{Kind: "file", Format: "ldif"}, "b"},
		{"openldap", `{"kind":"file"}`, "attributetype ( 1.1 NAME 'c' )\n", Origin{Kind: "file", Format: "openldap"}, "c"},
		{"definitions", `{"kind":"file"}`, "( 1.1 NAME 'd' SYNTAX 1.9 )", Origin{Kind: "file", Format: "definitions"}, "d"},
		{"active directory", `{"kind":"file"}`, "dn: CN=e,CN=Schema\nobjectClass: attributeSchema\nattributeID: 1.1\nlDAPDisplayName: e\n" +
			"attributeSyntax: 2.5.5.12\noMSyntax: 64\n", Origin{Kind: "file", Format: "ldif"}, "e"},
		{"given", `{"kind":"file","definitions":{"attributeTypes":["( 1.1 NAME 'f' )"]}}`, "", Origin{Kind: "file", Format: "definitions"}, "f"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := answered[Summary](t, newHost(nil).withFile(t, "read", test.params, []byte(test.text)))
			if s.Origin != test.want || len(s.Collections[1].Definitions) != 1 || s.Collections[1].Definitions[0].Name != test.attribute {
				t.Errorf("%+v, %+v", s.Origin, s.Collections[1])
			}
		})
	}
}

func quoted(text string) []byte {
	b, _ := json.Marshal(text) // strings always marshal
	return b
}

func TestReadErrors(t *testing.T) {
	tests := []struct {
		params, text string
		code         Code
		cause        string
	}{
		{`{"kind":"file","name":"x"}`, "", CodeUnreadable, "no schema definitions"},
		{`{"kind":"file","name":"x"}`, "{", CodeUnreadable, "not JSON"},
		{`{"kind":"file","name":"x"}`, "[]", CodeUnreadable, `no "raw"`},
		{`{"kind":"file","name":"x"}`, `{"type":"DsaInfo","raw":{}}`, CodeUnreadable, `"DsaInfo" where "SchemaInfo"`},
		{`{"kind":"file","name":"x","info":"{}"}`, "( 1.1 NAME 'd' )", CodeUnreadable, `no "raw"`},
		{`{"kind":"live"}`, "( 1.1 NAME 'd' )", CodeUsage, `"live"`},
		{`{"kind":"file","definitions":{"things":["( 1.1 )"]}}`, "", CodeUsage, `"things"`},
	}
	for _, test := range tests {
		a := newHost(nil).withFile(t, "read", test.params, []byte(test.text))
		if a.err == nil || a.err.Code != test.code || !strings.Contains(a.err.Cause, test.cause) || test.code == CodeUnreadable && a.err.Where != "x" {
			t.Errorf("%s %s: %+v", test.params, test.text, a.err)
		}
	}
}

func TestInfo(t *testing.T) {
	h := openPrebuilt(t, "AD_2012_R2")
	registry, err := os.ReadFile("../../schemajson/oids/registry.txt")
	if err != nil {
		t.Fatal(err)
	}
	rootDSE := answered[struct{ Text string }](t, h.call(t, "rootDSE", `{"source":1}`)).Text
	infoParams := `{"source":1,"rootDSE":` + string(quoted(rootDSE)) + `}`
	before := answered[Info](t, h.call(t, "info", infoParams))
	if len(before.Controls) != 37 || len(before.Controls[0].Names) != 0 {
		t.Errorf("without a registry: %+v", before.Controls)
	}
	if a := h.withFile(t, "oids", `{}`, registry); a.err != nil {
		t.Fatal(a.err)
	}
	info := answered[Info](t, h.call(t, "info", infoParams))
	if len(info.Controls) != 37 || len(info.Extensions) != 5 || len(info.Features) != 6 || len(info.NamingContexts) != 5 ||
		fmt.Sprint(info.SASLMechanisms) != "[GSSAPI GSS-SPNEGO EXTERNAL DIGEST-MD5]" || fmt.Sprint(info.LDAPVersions) != "[3 2]" {
		t.Errorf("%+v", info)
	}
	named := false
	for _, c := range info.Controls {
		named = named || c.OID == "1.2.840.113556.1.4.319" && c.Kind == "Control" && len(c.Names) == 1 && c.Doc == "RFC2696"
	}
	if !named {
		t.Errorf("controls %+v", info.Controls)
	}
	for _, a := range info.Attributes {
		if a.Name == "currentTime" && (string(a.Raw[0]) != "20141111080100.0Z" || a.Values.Values[0].Kind != "time" || string(a.Values.Values[0].Value) != `"2014-11-11T08:01:00.0Z"`) {
			t.Errorf("%+v", a)
		}
	}
	answered[Summary](t, h.withFile(t, "read", `{"kind":"file","name":"x"}`, []byte("( 1.1 NAME 'd' )")))
	if a := h.call(t, "rootDSE", `{"source":2}`); a.err == nil || a.err.Code != CodeNoRootDSE || a.err.Where != "x" {
		t.Errorf("%+v", a.err)
	}
}

func TestEntry(t *testing.T) {
	h := openPrebuilt(t, "SLAPD_2_5")
	e := answered[view.Entry](t, h.call(t, "entry", `{"source":1,"classes":["inetOrgPerson"]}`))
	from := make(map[string]string)
	for _, a := range e.Must {
		from[a.Name] = a.From.Name
	}
	if fmt.Sprint(from) != "map[cn:person objectClass:top sn:person]" || e.Structural.Name != "inetOrgPerson" || len(e.Problems) != 0 {
		t.Errorf("%v %+v", from, e)
	}
}

func TestLint(t *testing.T) {
	h := newHost(nil)
	const wrong = `{"kind":"file","definitions":{"attributeTypes":["( 1.1 NAME 'a' SUP gone )"],"objectClasses":["( 1.2 NAME 'x' SUP x MUST a )"]}}`
	answered[Summary](t, h.call(t, "read", wrong))
	lintOf := func(params string) []lint.Finding {
		t.Helper()
		return answered[struct{ Findings []lint.Finding }](t, h.call(t, "lint", params)).Findings
	}
	all := lintOf(`{"source":1}`)
	has := func(code lint.Code, definition string) (has bool) {
		for _, f := range all {
			has = has || f.Code == code && f.Definition == definition && f.Severity == lint.Error && f.Message != ""
		}
		return has
	}
	if !has(lint.SupertypeUndefined, "a") || !has(lint.ClassCycle, "x") {
		t.Errorf("%+v", all)
	}
	worst := lintOf(`{"source":1,"severity":"error","ignorePrefixes":["x"]}`)
	for _, f := range worst {
		if f.Severity != lint.Error || f.Definition == "x" {
			t.Errorf("%+v", f)
		}
	}
	if len(worst) == 0 || len(worst) >= len(all) {
		t.Errorf("%d findings of %d", len(worst), len(all))
	}
	for _, params := range []string{`{"source":1,"only":["no-such"]}`, `{"source":1,"severity":"grave"}`} {
		if a := h.call(t, "lint", params); a.err == nil || a.err.Code != CodeUsage {
			t.Errorf("%s: %+v", params, a.err)
		}
	}
	checks := answered[struct{ Checks []lint.CheckInfo }](t, h.call(t, "checks", `{}`)).Checks
	if len(checks) != len(lint.Checks) || checks[0] != lint.Checks[0] {
		t.Errorf("%+v", checks)
	}
}

func TestDiff(t *testing.T) {
	h := newHost(nil)
	for _, classes := range []string{`"( 1.1 NAME 'a' DESC 'x' )","( 1.2 NAME 'b' MAY cn )"`, `"( 1.1 NAME 'a' DESC 'y' )","( 1.2 NAME 'b' MUST cn )"`} {
		answered[Summary](t, h.call(t, "read", `{"kind":"file","definitions":{"attributeTypes":["( 2.5.4.3 NAME 'cn' )"],"objectClasses":[`+classes+`]}}`))
	}
	r := answered[diff.Result](t, h.call(t, "diff", `{"source":1,"other":2}`))
	if len(r.Collections) != 1 || len(r.Collections[0].Changed) != 2 || r.Collections[0].Changed[0].Name != "b" ||
		r.Collections[0].Changed[0].Effect != diff.Breaking || r.Collections[0].Changed[1].Effect != diff.Cosmetic {
		t.Errorf("%+v", r)
	}
	r = answered[diff.Result](t, h.call(t, "diff", `{"source":1,"other":2,"ignoreDescriptions":true,"collections":["objectClasses"]}`))
	if len(r.Collections) != 1 || len(r.Collections[0].Changed) != 1 {
		t.Errorf("%+v", r)
	}
	if a := h.call(t, "diff", `{"source":1,"other":9}`); a.err == nil || a.err.Code != CodeUsage {
		t.Errorf("%+v", a.err)
	}
}

func TestMerge(t *testing.T) {
	h := newHost(nil)
	const rootDSE = `{"type":"DsaInfo","raw":{"vendorName":["v"]}}`
	answered[Summary](t, h.withFile(t, "read", `{"kind":"file","name":"one","info":`+string(quoted(rootDSE))+`}`,
		[]byte("dn: cn=schema\nattributeTypes: ( 1.1 NAME 'a' )\nattributeTypes: ( 1.2 NAME 'b' )\n")))
	answered[Summary](t, h.withFile(t, "read", `{"kind":"file","name":"two"}`, []byte("attributetype ( 1.1 NAME 'A' DESC 'x' )\nobjectclass ( 1.3 NAME 'c' MUST a )")))
	type merged struct {
		Summary
		Merged []schemajson.Merged
	}
	m := answered[merged](t, h.call(t, "merge", `{"source":1,"other":2,"name":"both"}`))
	if m.Source != 3 || m.Origin != (Origin{Kind: "file", Name: "both"}) || m.Entry != "cn=schema" || definitions(m.Summary) != 3 {
		t.Errorf("%+v", m)
	}
	if fmt.Sprint(m.Merged) != "[{attributeTypes [A] []} {objectClasses [] [c]}]" {
		t.Errorf("%+v", m.Merged)
	}
	if a := h.call(t, "definition", `{"source":3,"collection":"objectClasses","name":"c","ordinal":1}`); !strings.Contains(string(a.result), "( 1.3 NAME 'c' MUST a )") {
		t.Errorf("%s %v", a.result, a.err)
	}
	if a := h.call(t, "rootDSE", `{"source":3}`); !strings.Contains(string(a.result), "vendorName") {
		t.Errorf("%s %v", a.result, a.err)
	}
	// The two are as they were, and nothing is new in what they have already.
	r := answered[diff.Result](t, h.call(t, "diff", `{"source":1,"other":3}`))
	if r.Summary.Added != 1 || r.Summary.Changed != 1 || r.Summary.Removed != 0 {
		t.Errorf("%+v", r.Summary)
	}
	if again := answered[merged](t, h.call(t, "merge", `{"source":3,"other":2,"name":"again"}`)); again.Merged == nil || len(again.Merged) != 0 {
		t.Errorf("%+v", again.Merged)
	}
	for _, params := range []string{`{"source":9,"other":2}`, `{"source":1,"other":9}`} {
		if a := h.call(t, "merge", params); a.err == nil || a.err.Code != CodeUsage || !strings.Contains(a.err.Cause, "source 9") {
			t.Errorf("%s: %+v", params, a.err)
		}
	}
}

func TestConvert(t *testing.T) {
	h := openPrebuilt(t, "SLAPD_2_5")
	convert := func(params string) converted {
		t.Helper()
		return answered[converted](t, h.call(t, "convert", `{"source":1,`+params+`}`))
	}
	const person = `,"selection":[{"collection":"objectClasses","name":"PERSON"},{"collection":"attributeTypes","name":"2.5.4.4"}]`
	for params, want := range map[string][]string{
		`"to":"json"` + person:                      {`"type": "SchemaInfo"`, "( 2.5.6.6 NAME 'person'", "( 2.5.4.4 NAME ( 'sn'"},
		`"to":"ldif"` + person:                      {"dn: cn=Subschema\n", "objectClasses: ( 2.5.6.6 NAME 'person'"},
		`"to":"openldap"`:                           {"objectclass ( 1.3.6.1.1.1.2.0\n\tNAME 'posixAccount'"},
		`"to":"openldap-ldif","name":"mine"`:        {"dn: cn=mine,cn=schema,cn=config", "posixAccount"},
		`"to":"jsonschema","title":"Mine"` + person: {`"title": "Mine"`, `"sn"`},
		`"to":"typescript"` + person:                {"export interface Person", "sn: string[];"},
		`"to":"plantuml"` + person:                  {"@startuml", `class "person"`},
		`"to":"mermaid"` + person:                   {"classDiagram", `["person"]`},
		`"to":"mermaid"`:                            {`["person"]`, `["posixAccount"]`, `["dcObject"]`},
		`"to":"ldif","without":[1]`:                 {"dn: cn=Subschema"},
	} {
		got := convert(params)
		for _, w := range want {
			if !strings.Contains(got.Text, w) {
				t.Errorf("%s: there is no %q in %.500s", params, w, got.Text)
			}
		}
		if strings.Contains(params, "selection") && strings.Contains(got.Text, "posixAccount") {
			t.Errorf("%s has what is not selected", params)
		}
	}
	if got := convert(`"to":"openldap","dependencies":true` + person); !strings.Contains(got.Text, "NAME 'seeAlso'") {
		t.Errorf("there is no seeAlso in %.500s", got.Text)
	}
	whole := convert(`"to":"ldif","dependencies":true` + person)
	for _, w := range []string{"NAME 'top'", "NAME 'objectClass'", "NAME 'caseIgnoreMatch'", "( 1.3.6.1.4.1.1466.115.121.1.38 "} {
		if !strings.Contains(whole.Text, w) {
			t.Errorf("there is no %q in %.500s", w, whole.Text)
		}
	}
	if !slices.Contains(whole.Needed, selected{"objectClasses", "top"}) || strings.Contains(whole.Text, "posixAccount") {
		t.Errorf("needed are %v", whole.Needed)
	}
	if got := convert(`"to":"ldif","without":[1]`); strings.Contains(got.Text, "( ") {
		t.Errorf("%.500s", got.Text)
	}
	for params, cause := range map[string]string{
		`"to":"xml"`:        `"xml"`,
		`"to":"jsonschema"`: "select its object classes",
		`"to":"jsonschema","selection":[{"collection":"attributeTypes","name":"cn"}]`: "no object class",
		`"to":"ldif","selection":[{"collection":"things","name":"cn"}]`:               `"things"`,
		`"to":"ldif","without":[7]`: "source 7",
	} {
		if a := h.call(t, "convert", `{"source":1,`+params+`}`); a.err == nil || a.err.Code != CodeUsage || !strings.Contains(a.err.Cause, cause) {
			t.Errorf("%s: %+v", params, a.err)
		}
	}
	// A format that cannot hold something says so.
	text := bytes.NewBufferString("( a-oid NAME 'a' SYNTAX 1.9 )")
	answered[Summary](t, h.withFile(t, "read", `{"kind":"file"}`, text.Bytes()))
	got := answered[converted](t, h.call(t, "convert", `{"source":2,"to":"openldap"}`))
	if len(got.Changes) == 0 || got.Changes[0].Name != "a" || got.Changes[0].Message == "" {
		t.Errorf("%+v", got)
	}
}

func TestFormatterKeys(t *testing.T) {
	h := openSmall(t)
	for attribute, want := range map[string]string{
		"HEIGHT;x": `{"keys":["height;x","height","1.1.1","height","1.3.6.1.4.1.1466.115.121.1.27"],"single":true}`,
		"gone":     `{"keys":["gone","gone",""],"single":false}`,
	} {
		if a := h.call(t, "keys", fmt.Sprintf(`{"source":1,"attribute":%q}`, attribute)); string(a.result) != want {
			t.Errorf("%s: %s %v", attribute, a.result, a.err)
		}
	}
}

func TestFirstTime(t *testing.T) {
	for value, want := range map[string]string{
		"20141006121949Z":        "2014-10-06T12:19:49Z",
		"20141111080100.0Z":      "2014-11-11T08:01:00Z",
		"20141111080100.250Z":    "2014-11-11T08:01:00.25Z",
		"20141111080100.5+0130":  "2014-11-11T08:01:00.5+01:30",
		"20141111080100-0800":    "2014-11-11T08:01:00-08:00",
		"":                       "",
		"20141111080100":         "",
		"201411110801Z":          "",
		"20141111080100.xZ":      "",
		"20141111080100,5Z":      "",
		"20141111080100Zulu":     "",
		"2014111108010<b>Z":      "",
		"20141111080100.5+01301": "",
	} {
		if got := firstTime([]string{value}); got != want {
			t.Errorf("%s: %q, want %q", value, got, want)
		}
	}
}
