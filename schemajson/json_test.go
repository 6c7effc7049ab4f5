package schemajson

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

const smallSchema = `{
    "raw": {
        "attributeTypes": [
            "( 2.5.4.3 NAME 'cn' )"
        ],
        "cn": [],
        "objectGUID": [
            "a",
            {
                "encoded": "/w==",
                "encoding": "base64"
            }
        ],
        "Über": [
            "\"\\\n\r\t\b\f\u0001` + "\x7f\u2028<>&é" + `"
        ]
    },
    "schema_entry": "cn=schema",
    "type": "SchemaInfo"
}`

func TestSchemaInfoJSON(t *testing.T) {
	s, err := SchemaInfoFromJSON([]byte(smallSchema))
	if err != nil {
		t.Fatal(err)
	}
	want := []Attribute{
		{"attributeTypes", []string{"( 2.5.4.3 NAME 'cn' )"}},
		{"cn", []string{}},
		{"objectGUID", []string{"a", "\xff"}},
		{"Über", []string{"\"\\\n\r\t\b\f\x01\x7f\u2028<>&é"}},
	}
	if s.Entry != "cn=schema" || !reflect.DeepEqual(s.Raw, want) || s.AttributeType("cn") == nil {
		t.Errorf("%q, %q", s.Entry, s.Raw)
	}
	if got := string(s.JSON(nil)); got != smallSchema {
		t.Errorf("written again:\n%s", got)
	}
	const compact = `{"raw": {"cn": ["a","b"],"objectClass": []},"schema_entry": null,"type": "SchemaInfo"}`
	s, err = SchemaInfoFromJSON([]byte(compact))
	if err != nil {
		t.Fatal(err)
	}
	if got := string(s.JSON(&JSONOptions{Compact: true})); got != compact {
		t.Errorf("compact: %s", got)
	}
	unsorted := Parse("e", []Attribute{{"b", []string{"1"}}, {"a", []string{"2"}}})
	if got := string(unsorted.JSON(&JSONOptions{Unsorted: true, Compact: true})); got != `{"type": "SchemaInfo","raw": {"b": ["1"],"a": ["2"]},"schema_entry": "e"}` {
		t.Errorf("unsorted: %s", got)
	}
	if got := string(Parse("", nil).JSON(&JSONOptions{Indent: 2})); got != "{\n  \"raw\": {},\n  \"schema_entry\": \"\",\n  \"type\": \"SchemaInfo\"\n}" {
		t.Errorf("empty: %s", got)
	}
}

// What ldap3 cannot read of its own, and what people write by hand.
func TestJSONIsReadTolerantly(t *testing.T) {
	s, err := SchemaInfoFromJSON([]byte(`{"extra": [1], "schema_entry": null, "type": "SchemaInfo", "raw": {"a": null, "b": "one", "c": [7, true], "d": [{"encoding": "base64", "encoded": "YQ=="}]}}`))
	if err != nil {
		t.Fatal(err)
	}
	want := []Attribute{{"a", []string{}}, {"b", []string{"one"}}, {"c", []string{"7", "true"}}, {"d", []string{"a"}}}
	if !reflect.DeepEqual(s.Raw, want) {
		t.Errorf("%q", s.Raw)
	}
}

func TestJSONErrors(t *testing.T) {
	tests := []struct {
		name, text string
		kind       JSONErrorKind
		path       string
		at         string // what stands at the offset
	}{
		{"empty", "", JSONSyntax, "", ""},
		{"no JSON", "dn: cn=schema", JSONSyntax, "", "n: cn=schema"},
		{"cut off", `{"raw": {}`, JSONSyntax, "", ""},
		{"a list", `[]`, JSONNoRaw, "", "[]"},
		{"no raw", `{"type": "SchemaInfo"}`, JSONNoRaw, "", "{"},
		{"raw is null", `{"raw": null, "type": "SchemaInfo"}`, JSONNoRaw, "", "null"},
		{"no type", `{"raw": {}}`, JSONNoType, "", "{"},
		{"other type", `{"raw": {}, "type": "DsaInfo", "schema_entry": ""}`, JSONOtherType, "type", `"DsaInfo"`},
		{"type is no string", `{"raw": {}, "type": 1}`, JSONOtherType, "type", `1`},
		{"no schema_entry", `{"raw": {}, "type": "SchemaInfo"}`, JSONNoSchemaEntry, "", "{"},
		{"schema_entry is no string", `{"raw": {}, "type": "SchemaInfo", "schema_entry": 7}`, JSONValue, "schema_entry", "7"},
		{"bad base64", `{"raw": {"a": ["x", {"encoding": "base64", "encoded": "!!"}]}, "type": "SchemaInfo", "schema_entry": ""}`, JSONBase64, "raw.a[1]", `{"encoding"`},
		{"other encoding", `{"raw": {"a": [{"encoding": "hex", "encoded": "00"}]}, "type": "SchemaInfo", "schema_entry": ""}`, JSONValue, "raw.a[0]", `{"encoding"`},
		{"list in a list", `{"raw": {"a": [[]]}, "type": "SchemaInfo", "schema_entry": ""}`, JSONValue, "raw.a[0]", `[]]`},
		{"null in a list", `{"raw": {"a": [null]}, "type": "SchemaInfo", "schema_entry": ""}`, JSONValue, "raw.a[0]", `null`},
		{"object for values", `{"raw": {"a": {}}, "type": "SchemaInfo", "schema_entry": ""}`, JSONValue, "raw.a", `{}`},
		{"deep", strings.Repeat("[", 1_000_000), JSONSyntax, "", "["},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := SchemaInfoFromJSON([]byte(test.text))
			var e *JSONError
			if !errors.As(err, &e) || e.Kind != test.kind || e.Path != test.path || !strings.HasPrefix(test.text[e.Offset:], test.at) {
				t.Errorf("%v", err)
			}
		})
	}
	if _, err := DsaInfoFromJSON([]byte(smallSchema)); err == nil {
		t.Error("a schema is read as a root DSE")
	}
}

func TestDsaInfo(t *testing.T) {
	const text = `{
    "raw": {
        "altServer": [],
        "currentTime": [
            "20200101000000Z"
        ],
        "namingContexts": [
            "dc=x"
        ],
        "subschemaSubentry": [
            "cn=schema"
        ],
        "supportedCapabilities": [
            "1.2.840.113556.1.4.800"
        ],
        "supportedControl": [
            "1.2.840.113556.1.4.319",
            "1.1.1",
            ""
        ],
        "supportedExtension": [
            "1.3.6.1.4.1.1466.20037"
        ],
        "supportedFeatures": [
            "1.3.6.1.4.1.4203.1.5.1"
        ],
        "supportedLdapVersion": [
            "3"
        ],
        "vendorName": [
            "Fake"
        ]
    },
    "type": "DsaInfo"
}`
	d, err := DsaInfoFromJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if got := string(d.JSON(nil)); got != text {
		t.Errorf("written again:\n%s", got)
	}
	got := fmt.Sprintln(d.NamingContexts, d.SchemaEntry, d.SupportedLDAPVersions, d.VendorName, d.VendorVersion, len(d.AltServers), len(d.Other), d.Attribute("CURRENTTIME"))
	if want := "[dc=x] [cn=schema] [3] [Fake] [] 0 1 [20200101000000Z]\n"; got != want {
		t.Errorf("got %s", got)
	}
	if len(d.SupportedControls) != 2 || d.SupportedControls[0].String() != "1.1.1" || d.SupportedControls[1].String() != "1.2.840.113556.1.4.319 - LDAP Simple Paged Results - Control - RFC2696" {
		t.Errorf("controls %v", d.SupportedControls)
	}
	if len(d.SupportedFeatures) != 2 || d.SupportedFeatures[0].OID != "1.3.6.1.4.1.4203.1.5.1" {
		t.Errorf("features %v: those of supportedFeatures come first", d.SupportedFeatures)
	}
	for name, has := range map[string]bool{"1.2.840.113556.1.4.319": true, "ldap simple paged results": true, "1.1.1": true, "": false, "LDAP": false} {
		if d.HasControl(name) != has {
			t.Errorf("HasControl(%q) is %v", name, !has)
		}
	}
	if !d.HasExtension("1.3.6.1.4.1.1466.20037") || !d.HasExtension("StartTLS") || d.HasExtension("1.1.1") || !d.HasFeature("1.2.840.113556.1.4.800") || !d.HasFeature("all op attrs") {
		t.Errorf("extensions %v, features %v", d.SupportedExtensions, d.SupportedFeatures)
	}
}

func FuzzJSON(f *testing.F) {
	f.Add([]byte(smallSchema))
	f.Add([]byte(`{"raw": {"a": null}, "type": "SchemaInfo", "schema_entry": null}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := SchemaInfoFromJSON(text)
		if err != nil {
			var e *JSONError
			if !errors.As(err, &e) || e.Offset < 0 || e.Offset > len(text) {
				t.Fatalf("%v", err)
			}
			return
		}
		once := s.JSON(nil)
		again, err := SchemaInfoFromJSON(once)
		if err != nil {
			t.Fatalf("what was written is not read: %v\n%s", err, once)
		}
		if !bytes.Equal(again.JSON(nil), once) {
			t.Fatalf("written twice it differs:\n%s", once)
		}
	})
}
