package convert

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/ldapedge/ldapedge/ldif"
	"github.com/ldapedge/ldapedge/schemajson"
)

// readLDIF reads a schema and wants the problems, in their order, to have these
// in them.
func readLDIF(t *testing.T, text string, problems ...string) *schemajson.SchemaInfo {
	t.Helper()
	s, err := ReadLDIF(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	wantProblems(t, s, problems...)
	return s
}

func wantProblems(t *testing.T, s *schemajson.SchemaInfo, problems ...string) {
	t.Helper()
	if len(s.Problems) != len(problems) {
		t.Errorf("problems %v, want %q", s.Problems, problems)
		return
	}
	for i, want := range problems {
		if p := s.Problems[i]; !strings.Contains(p.Error(), want) {
			t.Errorf("problem %v, want %q", p, want)
		}
	}
}

func wantDefinitions(t *testing.T, s *schemajson.SchemaInfo, want ...string) {
	t.Helper()
	if got := formatAll(s); !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestReadSubschema(t *testing.T) {
	s := readLDIF(t, `# extended LDIF

# Subschema
dn: cn=Subschema
objectClass: top
objectClass: subschema
cn: Subschema
attributeTypes: ( 2.5.4.4 NAME ( 'sn' 'surname' ) DESC 'RFC2256: last (fami
 ly) name' SUP name )
attributeTypes:: KCAxLjEgTkFNRSAnYScgREVTQyAnw6QnIFNZTlRBWCAxLjIgKQ==
attributeTypes: ( 1.2 NAME 'broken'
objectClasses: ( 2.5.6.6 NAME 'person' MUST sn )

# search result
search: 2
result: 0 Success
`, `attributeTypes: the closing ")" is missing at byte 19`)
	if s.Entry != "cn=Subschema" || !reflect.DeepEqual(s.Attribute("objectclass"), []string{"top", "subschema"}) {
		t.Errorf("entry %q, %v", s.Entry, s.Raw)
	}
	wantDefinitions(t, s, "( 2.5.4.4 NAME ( 'sn' 'surname' ) DESC 'RFC2256: last (family) name' SUP name )",
		"( 1.1 NAME 'a' DESC 'ä' SYNTAX 1.2 )", "( 2.5.6.6 NAME 'person' MUST sn )")
}

// Files of a server's schema, put together, are one schema; so are changes.
func TestReadSeveralSubschemas(t *testing.T) {
	s := readLDIF(t, `dn: cn=schema
objectClass: top
cn: schema
attributeTypes: ( 1.1 NAME 'a' SYNTAX 1.2 )

dn: cn=schema
objectClass: top
attributetypes: ( 1.2 NAME 'b' SYNTAX 1.2 )

dn: cn=schema
changetype: modify
add: objectClasses
objectClasses: ( 1.3 NAME 'c' MAY a )
-
add: nameForms
nameForms: ( 1.4 NAME 'd' OC c MUST a )
-

dn: uid=somebody
uid: somebody
`)
	if !reflect.DeepEqual(s.Attribute("objectClass"), []string{"top"}) || s.Attribute("uid") != nil {
		t.Errorf("attributes %v", s.Raw)
	}
	wantDefinitions(t, s, "( 1.1 NAME 'a' SYNTAX 1.2 )", "( 1.2 NAME 'b' SYNTAX 1.2 )", "( 1.3 NAME 'c' MAY a )", "( 1.4 NAME 'd' OC c MUST a )")
}

func TestReadConfig(t *testing.T) {
	s := readLDIF(t, `dn: cn=config
objectClass: olcGlobal
cn: config

dn: cn=schema,cn=config
objectClass: olcSchemaConfig
olcObjectIdentifier: {1}exampleType example:1
olcObjectIdentifier: {0}example 1.2.3
olcLdapSyntaxes: {0}( 1.3.6.1.4.1.99 DESC 'ours' X-SUBST '1.3.6.1.4.1.1466.115.121.1.15' )

dn: cn={0}one,cn=schema,cn=config
objectClass: olcSchemaConfig
cn: {0}one
olcAttributeTypes: {1}( exampleType:2 NAME 'second' SYNTAX ourString{64} )
olcAttributeTypes: {0}( ExampleType:1 NAME 'first' DESC 'see exampleType:7' SUP exampleType:9 )
olcAttributeTypes: {10}( missing:1 NAME 'last' SYNTAX 'ourString{32}' )
olcObjectIdentifier: ourString 1.3.6.1.4.1.99
olcObjectIdentifier: lonely
olcObjectIdentifier: bad nowhere:1
olcObjectClasses: ( example:3 NAME 'c' SUP top MAY ( first $ second ) )

dn: cn={1}two,cn=schema,cn=config
olcAttributeTypes: ( exampleType NAME 'third' SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )
olcDitContentRules: {0}( example:3 NAME 'rule' NOT third )
`, "objectIdentifier: a name and an OID are expected at byte 0", `objectIdentifier: the object identifier "nowhere" is not defined at byte 4`,
		`attributeTypes: the object identifier "missing" is not defined at byte 2`)
	wantDefinitions(t, s,
		"( 1.3.6.1.4.1.99 DESC 'ours' X-SUBST '1.3.6.1.4.1.1466.115.121.1.15' )",
		"( 1.2.3.1.1 NAME 'first' DESC 'see exampleType:7' SUP 1.2.3.1.9 )",
		"( 1.2.3.1.2 NAME 'second' SYNTAX 1.3.6.1.4.1.99{64} )",
		"( missing:1 NAME 'last' SYNTAX 1.3.6.1.4.1.99{32} )",
		"( 1.2.3.1 NAME 'third' SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )",
		"( 1.2.3.3 NAME 'c' SUP top MAY ( first $ second ) )",
		"( 1.2.3.3 NAME 'rule' NOT third )")
	if p := s.Problems[2]; p.Text[p.Offset:p.Offset+len("missing:1")] != "missing:1" {
		t.Errorf("offset %d in %q", p.Offset, p.Text)
	}
}

func TestReadLDIFErrors(t *testing.T) {
	for _, text := range []string{"", "dn: cn=a\ncn: a\n", "# nothing\n"} {
		if _, err := ReadLDIF(strings.NewReader(text)); !errors.Is(err, ErrNoDefinitions) {
			t.Errorf("%q: %v", text, err)
		}
	}
	_, err := ReadLDIF(strings.NewReader("dn: cn=schema\nattributeTypes ( 1.1 )\n"))
	if e := (*ldif.Error)(nil); !errors.As(err, &e) || e.Line != 2 {
		t.Errorf("got %v", err)
	}
}

func FuzzReadLDIF(f *testing.F) {
	for _, seed := range []string{
		"dn: cn=schema\nattributeTypes: ( 1.1 NAME 'a' SYNTAX 1.2 )\nobjectClasses:: KCAxLjEgKQ==\n",
		"dn: cn=a,cn=schema,cn=config\nolcObjectIdentifier: a 1.2\nolcAttributeTypes: {0}( a:1 SYNTAX b:2 SUP a:b )\n",
		account, "cn: a\nldapDisplayName: a\ngovernsId: 1.2\nauxiliaryClass: a, b\nsubClassOf: a\nobjectClassCategory: 3\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := ReadLDIF(strings.NewReader(text))
		if err == nil {
			checkRead(t, s)
			writeEverything(t, s)
		}
	})
}

// checkRead checks what all schemas have.
func checkRead(t *testing.T, s *schemajson.SchemaInfo) {
	for _, p := range s.Problems {
		if p.Offset < 0 || p.Offset > len(p.Text) {
			t.Errorf("the offset of %+v is not in its text", p)
		}
	}
}
