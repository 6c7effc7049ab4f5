package main

import (
	"bytes"
	"context"
	"reflect"
	"strings"
	"testing"

	"github.com/ldapedge/ldapedge/schemajson"
	"github.com/ldapedge/ldapedge/schemajson/offline"
)

// What ldap3 writes is what the package has; and servers that are set up anew
// give the same texts again.
func TestSources(t *testing.T) {
	for _, s := range sources() {
		t.Run(s.name, func(t *testing.T) {
			got, err := s.read(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if _, err := got.check(); err != nil {
				t.Error(err)
			}
			want, err := again(t.Context(), s)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got.schema, want.schema) || !bytes.Equal(got.info, want.info) {
				t.Errorf("the texts are others")
			}
		})
	}
}

// again returns a set's texts from the package, or, where they are a server's
// and so depend on its version, by reading another one.
func again(ctx context.Context, s source) (t texts, err error) {
	switch s.name {
	case "SLAPD_2_5", "DS389_2_3", "AD_2016":
		return s.read(ctx)
	}
	t.schema, t.info, err = offline.Text(s.name)
	return t, err
}

func TestPackage(t *testing.T) {
	var names []string
	for _, s := range sources() {
		names = append(names, s.name)
		if _, err := offline.Load(s.name); err != nil {
			t.Error(err)
		}
	}
	if len(names) != len(offline.Names()) {
		t.Errorf("the package has %q, this makes %q", offline.Names(), names)
	}
}

func TestDocuments(t *testing.T) {
	info := []schemajson.Attribute{
		{Name: "currentTime", Values: []string{"20200101000000.0Z"}},
		{Name: "dNSHostName", Values: []string{"dc1"}},
		{Name: "supportedSASLMechanisms", Values: []string{"PLAIN", "EXTERNAL"}},
		{Name: "supportedControl", Values: []string{"2", "1"}},
	}
	schema := schemajson.Parse("cn=schema", []schemajson.Attribute{
		{Name: "modifyTimeStamp", Values: []string{"20200101000000.0Z"}},
		{Name: "attributeTypes", Values: []string{"( 2.5.4.4 NAME 'sn' )", "( 2.5.4.3 NAME 'cn' )"}},
		{Name: "objectClass", Values: []string{"top", "subSchema"}},
	})
	tests := []struct {
		tidy  func([]schemajson.Attribute)
		types []string
	}{
		{inNoOrder, []string{"( 2.5.4.3 NAME 'cn' )", "( 2.5.4.4 NAME 'sn' )"}},
		{nil, []string{"( 2.5.4.4 NAME 'sn' )", "( 2.5.4.3 NAME 'cn' )"}},
	}
	for _, test := range tests {
		docs := documents(info, schema, test.tidy)
		d, err := schemajson.DsaInfoFromJSON(docs.info)
		if err != nil {
			t.Fatal(err)
		}
		want := []schemajson.Attribute{
			{Name: "supportedControl", Values: []string{"2", "1"}},
			{Name: "supportedSASLMechanisms", Values: []string{"EXTERNAL", "PLAIN"}},
		}
		if !reflect.DeepEqual(d.Raw, want) {
			t.Errorf("the root DSE is %q", d.Raw)
		}
		s, err := schemajson.SchemaInfoFromJSON(docs.schema)
		if err != nil {
			t.Fatal(err)
		}
		want = []schemajson.Attribute{
			{Name: "attributeTypes", Values: test.types},
			{Name: "objectClass", Values: []string{"top", "subSchema"}},
		}
		if s.Entry != "cn=schema" || !reflect.DeepEqual(s.Raw, want) {
			t.Errorf("the schema is %q", s.Raw)
		}
	}
}

func TestPack(t *testing.T) {
	docs := documents([]schemajson.Attribute{{Name: "vendorName", Values: []string{"x"}}}, schemajson.Parse("cn=schema", nil), nil)
	first, err := docs.pack()
	if err != nil {
		t.Fatal(err)
	}
	second, err := docs.pack()
	if err != nil || !bytes.Equal(first, second) {
		t.Errorf("packed again: %v", err)
	}
	// RFC 1952 §2.3: deflate, no flags, no time, best compression, unknown system.
	if header := []byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 0xff}; !bytes.HasPrefix(first, header) {
		t.Errorf("the header is % x", first[:len(header)])
	}
	set, err := offline.Read("SMALL", first)
	if err != nil || set.Info.VendorName[0] != "x" || set.Schema.Entry != "cn=schema" {
		t.Errorf("read: %+v, %v", set, err)
	}
}

func TestErrors(t *testing.T) {
	if err := run(t.Context(), t.TempDir(), []string{"SLAPD_9"}); err == nil || !strings.Contains(err.Error(), `"SLAPD_9"`) {
		t.Errorf("an unknown set: %v", err)
	}
	if _, err := fromLDAP3("nonesuch", "x")(t.Context()); err == nil || !strings.Contains(err.Error(), "No module named 'ldap3.protocol.schemas.nonesuch'") {
		t.Errorf("an unknown module: %v", err)
	}
	unsorted := texts{info: []byte(`{"type": "DsaInfo", "raw": {}}`), schema: []byte(`{"raw": {}, "schema_entry": "", "type": "SchemaInfo"}`)}
	if _, err := unsorted.check(); err == nil || !strings.Contains(err.Error(), "changes") {
		t.Errorf("a text that is laid out differently: %v", err)
	}
}
