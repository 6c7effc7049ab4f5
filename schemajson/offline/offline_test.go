package offline

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ldapedge/ldapedge/schemajson"
)

// sets are the sets and what is in them. Digests are the beginnings of SHA-256
// sums of what ldap3 writes; they are there for the sets that come from it.
var sets = []struct {
	name                 string
	entry                string
	schemaDigest, digest string // of the schema's and the root DSE's text

	attributeTypes, objectClasses, matchingRules, matchingRuleUses, contentRules, syntaxes int
	controls, extensions, features                                                         int
	vendor                                                                                 string
}{
	{name: "EDIR_8_8_8", entry: "cn=schema", schemaDigest: "31619b0d75bf93c4", digest: "52a608dde21d23d7",
		attributeTypes: 706, objectClasses: 109, syntaxes: 70, controls: 10, extensions: 63, features: 2, vendor: "NetIQ Corporation"},
	{name: "EDIR_9_1_4", entry: "cn=schema", schemaDigest: "bd0fc09075aca538", digest: "9a161409f5ce3029",
		attributeTypes: 726, objectClasses: 108, syntaxes: 72, controls: 13, extensions: 65, features: 2, vendor: "NetIQ Corporation"},
	{name: "AD_2012_R2", entry: "CN=Aggregate,CN=Schema,CN=Configuration,DC=AD2012,DC=LAB", schemaDigest: "aa6d590717de1167", digest: "53db411dda5d6a86",
		attributeTypes: 1472, objectClasses: 264, contentRules: 264, controls: 37, extensions: 5, features: 6},
	{name: "SLAPD_2_4", entry: "cn=Subschema", schemaDigest: "caa2eb9a6c6c693e", digest: "bb6088d845f15146",
		attributeTypes: 414, objectClasses: 117, matchingRules: 37, matchingRuleUses: 31, syntaxes: 32, controls: 9, extensions: 4, features: 6},
	{name: "DS389_1_3_3", entry: "cn=schema", schemaDigest: "9d15ccb7169d8251", digest: "dc5ff67a1d4c9bd3",
		attributeTypes: 853, objectClasses: 173, matchingRules: 525, syntaxes: 24, controls: 23, extensions: 14, vendor: "389 Project"},
	{name: "SLAPD_2_5", entry: "cn=Subschema",
		attributeTypes: 1408, objectClasses: 133, matchingRules: 38, matchingRuleUses: 31, syntaxes: 36, controls: 14, extensions: 5, features: 6},
	{name: "DS389_2_3", entry: "cn=schema",
		attributeTypes: 1015, objectClasses: 200, matchingRules: 527, syntaxes: 26, controls: 24, extensions: 14, features: 1, vendor: "389 Project"},
	{name: "AD_2016", entry: "CN=Aggregate,CN=Schema,CN=Configuration,DC=ad,DC=example,DC=com",
		attributeTypes: 1498, objectClasses: 269, contentRules: 9, controls: 21, features: 5, vendor: "Samba Team (https://www.samba.org)"},
}

// content returns the content of a set's file.
func content(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("data", name+".json.gz"))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestRead(t *testing.T) {
	for _, want := range sets {
		t.Run(want.name, func(t *testing.T) {
			set, err := Read(want.name, content(t, want.name))
			if err != nil {
				t.Fatal(err)
			}
			if set.Name != want.name || set.Schema.Entry != want.entry {
				t.Errorf("name %q, entry %q", set.Name, set.Schema.Entry)
			}
			s, d := set.Schema, set.Info
			counts := []struct {
				of        string
				got, want int
			}{
				{"attribute types", len(s.AttributeTypes), want.attributeTypes},
				{"object classes", len(s.ObjectClasses), want.objectClasses},
				{"matching rules", len(s.MatchingRules), want.matchingRules},
				{"matching rule uses", len(s.MatchingRuleUses), want.matchingRuleUses},
				{"DIT content rules", len(s.DITContentRules), want.contentRules},
				{"DIT structure rules", len(s.DITStructureRules), 0},
				{"name forms", len(s.NameForms), 0},
				{"syntaxes", len(s.LDAPSyntaxes), want.syntaxes},
				{"controls", len(d.SupportedControls), want.controls},
				{"extensions", len(d.SupportedExtensions), want.extensions},
				{"features", len(d.SupportedFeatures), want.features},
			}
			for _, c := range counts {
				if c.got != c.want {
					t.Errorf("%s: %d, not %d", c.of, c.got, c.want)
				}
			}
			if vendor := strings.Join(d.VendorName, ""); vendor != want.vendor {
				t.Errorf("vendor %q", vendor)
			}
			for _, p := range s.Problems {
				if p.Code == schemajson.ProblemSyntax {
					t.Errorf("%v", p)
				}
			}
		})
	}
}

// What is in a file is what ldap3 writes, and what is written here.
func TestTextsRoundTrip(t *testing.T) {
	for _, want := range sets {
		schema, info, err := texts(content(t, want.name))
		if err != nil {
			t.Fatal(err)
		}
		s, err := schemajson.SchemaInfoFromJSON(schema)
		if err != nil {
			t.Fatal(err)
		}
		d, err := schemajson.DsaInfoFromJSON(info)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(s.JSON(nil), schema) || !bytes.Equal(d.JSON(nil), info) {
			t.Errorf("%s: the text is another when written again", want.name)
		}
		if want.digest == "" {
			continue
		}
		if got := digest(schema); got != want.schemaDigest {
			t.Errorf("%s: the schema's digest is %s", want.name, got)
		}
		if got := digest(info); got != want.digest {
			t.Errorf("%s: the root DSE's digest is %s", want.name, got)
		}
	}
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:8])
}

func TestLookUp(t *testing.T) {
	tests := []struct{ set, class, attribute, oid, syntax string }{
		{"EDIR_8_8_8", "ncpServer", "GUID", "2.16.840.1.113719.1.1.4.1.501", "1.3.6.1.4.1.1466.115.121.1.40"},
		{"EDIR_9_1_4", "inetOrgPerson", "loginTime", "2.16.840.1.113719.1.1.4.1.50", "1.3.6.1.4.1.1466.115.121.1.24"},
		{"AD_2012_R2", "user", "objectSid", "1.2.840.113556.1.4.146", "1.3.6.1.4.1.1466.115.121.1.40"},
		{"SLAPD_2_4", "posixAccount", "pwdChangedTime", "1.3.6.1.4.1.42.2.27.8.1.16", "1.3.6.1.4.1.1466.115.121.1.24"},
		{"DS389_1_3_3", "nsRoleDefinition", "nsUniqueId", "2.16.840.1.113730.3.1.542", "1.3.6.1.4.1.1466.115.121.1.15"},
		{"SLAPD_2_5", "pwdPolicy", "memberOf", "1.2.840.113556.1.2.102", "1.3.6.1.4.1.1466.115.121.1.12"},
		{"DS389_2_3", "nsPerson", "memberOf", "1.2.840.113556.1.2.102", "1.3.6.1.4.1.1466.115.121.1.12"},
		{"AD_2016", "user", "msDS-KeyCredentialLink", "1.2.840.113556.1.4.2328", "1.2.840.113556.1.4.903"},
	}
	for _, test := range tests {
		set, err := Read(test.set, content(t, test.set))
		if err != nil {
			t.Fatal(err)
		}
		if set.Schema.ObjectClass(test.class) == nil {
			t.Errorf("%s has no class %s", test.set, test.class)
		}
		a := set.Schema.AttributeType(test.attribute)
		if a == nil || a.OID != test.oid || a.Syntax != test.syntax || set.Schema.AttributeType(test.oid) != a {
			t.Errorf("%s: %s is %+v", test.set, test.attribute, a)
		}
	}
}

// Of the servers that were started to be read nothing is known that another one
// of the same kind would not say.
func TestNothingOfTheMachine(t *testing.T) {
	for _, name := range []string{"SLAPD_2_5", "DS389_2_3", "AD_2016"} {
		set, err := Read(name, content(t, name))
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range append(set.Info.Other, set.Schema.Other()...) {
			for _, passing := range []string{"time", "usn", "csn", "guid", "uuid", "host", "servername", "servicename", "when", "dataversion"} {
				if strings.Contains(strings.ToLower(a.Name), passing) {
					t.Errorf("%s has %s: %q", name, a.Name, a.Values)
				}
			}
			for _, v := range a.Values {
				if strings.Contains(v, "127.") || strings.Contains(v, "localhost") {
					t.Errorf("%s has an address: %s: %q", name, a.Name, a.Values)
				}
			}
		}
	}
}

func pack(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := io.WriteString(z, text); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const (
	smallInfo   = `{"raw": {"vendorName": ["x"]}, "type": "DsaInfo"}`
	smallSchema = `{"raw": {"cn": []}, "schema_entry": "cn=schema", "type": "SchemaInfo"}`
)

func TestReadErrors(t *testing.T) {
	good := pack(t, `{"info": `+smallInfo+`, "schema": `+smallSchema+`}`)
	set, err := Read("SMALL", good)
	if err != nil || set.Name != "SMALL" || set.Schema.Entry != "cn=schema" || set.Info.VendorName[0] != "x" {
		t.Fatalf("a good file: %v", err)
	}
	tests := []struct {
		name    string
		content []byte
		says    string
	}{
		{"nothing", nil, "EOF"},
		{"not gzip", []byte("<!doctype html>"), "gzip: invalid header"},
		{"cut off", good[:len(good)/2], "unexpected EOF"},
		{"more behind", append(bytes.Clone(good), "more and more"...), "gzip: invalid header"},
		{"not JSON", pack(t, `{"info": `+smallInfo), "not JSON"},
		{"empty", pack(t, ""), "not JSON"},
		{"a list", pack(t, "[]"), `no object under "schema"`},
		{"no schema", pack(t, `{"info": `+smallInfo+`}`), `no object under "schema"`},
		{"no info", pack(t, `{"schema": `+smallSchema+`}`), `no object under "info"`},
		{"info is no object", pack(t, `{"info": 7, "schema": `+smallSchema+`}`), `no object under "info"`},
		{"exchanged", pack(t, `{"info": `+smallSchema+`, "schema": `+smallInfo+`}`), `"schema": schema JSON: other "type"`},
		{"bad info", pack(t, `{"info": {}, "schema": `+smallSchema+`}`), `"info": schema JSON: no "raw"`},
		{"too large", pack(t, strings.Repeat(" ", maxText+1)), "more than 16 MiB"},
	}
	for _, test := range tests {
		set, err := Read("SMALL", test.content)
		if set != nil || err == nil || !strings.HasPrefix(err.Error(), "offline set SMALL: ") || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: %v", test.name, err)
		}
		if errors.Is(err, ErrTooLarge) != (test.name == "too large") {
			t.Errorf("%s: %v is or is not ErrTooLarge", test.name, err)
		}
		var of *schemajson.JSONError
		if errors.As(err, &of) != strings.Contains(test.says, "schema JSON") {
			t.Errorf("%s: %v is or is not a JSONError", test.name, err)
		}
	}
	if _, err := Read("FULL", pack(t, `{"info": `+smallInfo+`, "schema": `+smallSchema+`}`+strings.Repeat(" ", maxText-len(smallInfo)-len(smallSchema)-22))); err != nil {
		t.Errorf("16 MiB: %v", err)
	}
}
