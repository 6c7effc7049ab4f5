package convert

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/ldapedge/ldapedge/schemajson"
)

// writeEverything writes a schema in all formats and reads back those that can
// be read.
func writeEverything(t *testing.T, s *schemajson.SchemaInfo) {
	t.Helper()
	var b bytes.Buffer
	if err := WriteLDIF(&b, s, nil); err == nil {
		again, err := ReadLDIF(&b)
		if err == nil && !slices.Equal(formatAll(again), formatAll(s)) {
			t.Errorf("LDIF:\n%q\n%q", formatAll(s), formatAll(again))
		}
	}
	changes := 0
	o := &Options{Changed: func(string, *schemajson.Definition, string) { changes++ }}
	var config, file bytes.Buffer
	if err := WriteOpenLDAPLDIF(&config, s, o); err != nil {
		t.Fatal(err)
	}
	if err := WriteOpenLDAP(&file, s, o); err != nil {
		t.Fatal(err)
	}
	one, errOne := ReadLDIF(&config)
	two, errTwo := ReadOpenLDAP(&file)
	if (errOne == nil) != (errTwo == nil) || errOne == nil && len(formatAll(one)) != len(formatAll(two)) {
		t.Errorf("cn=config: %v, slapd.conf: %v", errOne, errTwo)
	}
	for i := range s.ObjectClasses {
		class := s.ObjectClasses[i].Name()
		if s.ObjectClass(class) == nil {
			continue
		}
		if err := errors.Join(WriteJSONSchema(io.Discard, s, []string{class}, nil), WriteTypeScript(io.Discard, s, []string{class}),
			WritePlantUML(io.Discard, s, class), WriteMermaid(io.Discard, s, class)); err != nil {
			t.Error(err)
		}
	}
}

// schemaOf parses definitions in the form of LDIF without a DN.
func schemaOf(t *testing.T, text string) *schemajson.SchemaInfo {
	t.Helper()
	s, err := ReadLDIF(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// people is a schema whose definitions come in an order that no server takes.
const people = `ldapSyntaxes: ( 1.3.6.1.4.1.1466.115.121.1.15 DESC 'Directory String' )
ldapSyntaxes: ( 1.1.99 DESC 'ours' X-SUBST '1.3.6.1.4.1.1466.115.121.1.15' )
matchingRules: ( 2.5.13.2 NAME 'caseIgnoreMatch' SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )
attributeTypes: ( 2.5.4.3 NAME ( 'cn' 'commonName' ) DESC 'RFC4519: common name(s) for which the entity is known by' SUP name )
attributeTypes: ( 2.5.4.41 NAME 'name' EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15{32768} )
attributeTypes: ( 2.5.4.0 NAME 'objectClass' SYNTAX 1.3.6.1.4.1.1466.115.121.1.38 )
attributeTypes: ( 1.1.1 NAME 'level' DESC 'it\27s a number' SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE NO-USER-MODIFICATION )
attributeTypes: ( 1.1.2 NAME 'seen' DESC 'when */ seen' OBSOLETE SYNTAX 1.3.6.1.4.1.1466.115.121.1.24 SINGLE-VALUE USAGE dSAOperation )
attributeTypes: ( 1.1.3 NAME 'photo-x' SYNTAX 1.3.6.1.4.1.1466.115.121.1.28 FOO 'bar' X-ORIGIN 'us' )
attributeTypes: ( 1.1.4 NAME 'active' SYNTAX 1.3.6.1.4.1.1466.115.121.1.7 SINGLE-VALUE )
attributeTypes: ( 1.1.5 NAME 'nick' SYNTAX 1.1.99{16} SINGLE-VALUE )
attributeTypes: ( 1.1.6 NAME 'level' SYNTAX 1.1.99 )
objectClasses: ( 1.2.2 NAME 'employee' DESC 'works here' SUP person STRUCTURAL MUST level MAY ( photo-x $ seen $ nick $ active $ cn $ unknownOne ) )
objectClasses: ( 1.2.1 NAME 'person' SUP top STRUCTURAL MUST cn MAY nick )
objectClasses: ( 2.5.6.0 NAME 'top' ABSTRACT MUST objectClass )
objectClasses: ( 1.2.3 NAME 'helper' AUXILIARY MUST nick )
dITContentRules: ( 1.2.2 NAME 'employee' AUX helper NOT photo-x )
nameForms: ( 1.3.1 NAME 'personForm' OC person MUST cn )
dITStructureRules: ( 1 NAME 'rule' FORM personForm )
`

func TestWriteLDIF(t *testing.T) {
	s := schemaOf(t, people)
	var b bytes.Buffer
	if err := WriteLDIF(&b, s, nil); err != nil {
		t.Fatal(err)
	}
	want := "dn: cn=Subschema\nobjectClass: top\nobjectClass: subentry\nobjectClass: subschema\ncn: Subschema\nldapSyntaxes: ( 1.3.6.1.4.1.1466.115.121.1.15 DESC 'Directory String' )\n"
	if !strings.HasPrefix(b.String(), want) {
		t.Errorf("got %s", b.String())
	}
	again := schemaOf(t, b.String())
	if !slices.Equal(formatAll(again), formatAll(s)) {
		t.Errorf("got %q\nwant %q", formatAll(again), formatAll(s))
	}
}

// An entry keeps its attributes; values that are no definitions go.
func TestWriteLDIFOfEntry(t *testing.T) {
	text := "dn:: Y249w6Q=\nobjectClass: subschema\nattributeTypes: ( 1.1 NAME 'a' )\nmodifyTimestamp: 20260101000000Z\n"
	s := schemaOf(t, text+"attributeTypes: ( 1.2\nattributeTypes: ( 1.3 NAME 'c' )\n")
	var b bytes.Buffer
	if err := WriteLDIF(&b, s, &Options{Exclude: func(collection string, d *schemajson.Definition) bool {
		return collection == schemajson.CollectionAttributeTypes && d.OID == "1.3"
	}}); err != nil || b.String() != text {
		t.Errorf("%v, got %q", err, b.String())
	}
}

func TestWriteOpenLDAP(t *testing.T) {
	s := schemaOf(t, people)
	var changes []string
	o := &Options{Changed: func(collection string, d *schemajson.Definition, what string) {
		changes = append(changes, collection+" "+d.OID+" "+what)
	}, Exclude: BuiltIntoSlapd}
	var b bytes.Buffer
	if err := WriteOpenLDAP(&b, s, o); err != nil {
		t.Fatal(err)
	}
	want := `ldapsyntax ( 1.1.99
	DESC 'ours'
	X-SUBST '1.3.6.1.4.1.1466.115.121.1.15' )

attributetype ( 1.1.1
	NAME 'level'
	DESC 'it\27s a number'
	SYNTAX 1.3.6.1.4.1.1466.115.121.1.27
	SINGLE-VALUE )

attributetype ( 1.1.3
	NAME 'photo-x'
	SYNTAX 1.3.6.1.4.1.1466.115.121.1.28
	X-ORIGIN 'us' )

attributetype ( 1.1.4
	NAME 'active'
	SYNTAX 1.3.6.1.4.1.1466.115.121.1.7
	SINGLE-VALUE )

attributetype ( 1.1.5
	NAME 'nick'
	SYNTAX 1.1.99{16}
	SINGLE-VALUE )

objectclass ( 1.2.1
	NAME 'person'
	SUP top
	STRUCTURAL
	MUST cn
	MAY nick )

objectclass ( 1.2.2
	NAME 'employee'
	DESC 'works here'
	SUP person
	STRUCTURAL
	MUST level
	MAY ( photo-x $ seen $ nick $ active $ cn $ unknownOne ) )

objectclass ( 1.2.3
	NAME 'helper'
	AUXILIARY
	MUST nick )

ditcontentrule ( 1.2.2
	NAME 'employee'
	AUX helper
	NOT photo-x )
`
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
	wantChanges := []string{
		"attributeTypes 1.1.1 without NO-USER-MODIFICATION, which slapd has for operational attributes only",
		"attributeTypes 1.1.2 left out: slapd defines operational attributes itself",
		"attributeTypes 1.1.3 without the keywords that RFC 4512 does not know",
		`attributeTypes 1.1.6 left out: "level" is defined before`,
	}
	if !slices.Equal(changes, wantChanges) {
		t.Errorf("changes %q", changes)
	}
	if a := s.AttributeType("level"); !a.NoUserModification || len(s.AttributeType("photo-x").Extensions) != 2 {
		t.Error("writing has changed the schema")
	}
}

// Supertypes and superclasses come first.
func TestWriteOpenLDAPInOrder(t *testing.T) {
	var b bytes.Buffer
	if err := WriteOpenLDAP(&b, schemaOf(t, `attributeTypes: ( 1.1 NAME 'a' SUP b )
attributeTypes: ( 1.2 NAME 'b' SUP c )
attributeTypes: ( 1.3 NAME 'c' SUP 1.2 )
attributeTypes: ( 1.4 NAME 'd' SUP d )
objectClasses: ( 2.1 NAME 'e' SUP ( f $ g $ nowhere ) )
objectClasses: ( 2.2 NAME 'f' SUP h )
objectClasses: ( 2.3 NAME 'g' SUP ( h $ e ) )
objectClasses: ( 2.4 NAME 'h' )
`), nil); err != nil {
		t.Fatal(err)
	}
	s, err := ReadOpenLDAP(&b)
	if err != nil {
		t.Fatal(err)
	}
	wantDefinitions(t, s, "( 1.3 NAME 'c' SUP 1.2 )", "( 1.2 NAME 'b' SUP c )", "( 1.1 NAME 'a' SUP b )", "( 1.4 NAME 'd' SUP d )",
		"( 2.4 NAME 'h' )", "( 2.2 NAME 'f' SUP h )", "( 2.3 NAME 'g' SUP ( h $ e ) )", "( 2.1 NAME 'e' SUP ( f $ g $ nowhere ) )")
}

func TestWriteOpenLDAPLongLists(t *testing.T) {
	var names []string
	for i := range 30 {
		names = append(names, fmt.Sprintf("attribute%d", i))
	}
	s := schemaOf(t, "objectClasses: ( 1.1 NAME 'c' MAY ( "+strings.Join(names, " $ ")+" ) X-A 'one  two' )\n")
	var b bytes.Buffer
	if err := WriteOpenLDAP(&b, s, nil); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(b.String()) {
		if len(line) > 90 {
			t.Errorf("the line %q is long", line)
		}
	}
	again, err := ReadOpenLDAP(&b)
	if err != nil || !slices.Equal(formatAll(again), formatAll(s)) {
		t.Errorf("%v, got %q", err, formatAll(again))
	}
}

func TestWriteOpenLDAPLDIF(t *testing.T) {
	s := schemaOf(t, people)
	var b, file bytes.Buffer
	o := &Options{Name: "a, b"}
	if err := errors.Join(WriteOpenLDAPLDIF(&b, s, o), WriteOpenLDAP(&file, s, o)); err != nil {
		t.Fatal(err)
	}
	want := "dn: cn=a\\, b,cn=schema,cn=config\nobjectClass: olcSchemaConfig\ncn: a, b\nolcLdapSyntaxes: ( 1.1.99 DESC"
	if !strings.HasPrefix(b.String(), want) {
		t.Errorf("got %s", b.String())
	}
	one := schemaOf(t, b.String())
	two, err := ReadOpenLDAP(&file)
	if err != nil || len(one.AttributeTypes) != 7 || !slices.Equal(formatAll(one), formatAll(two)) {
		t.Errorf("%v, got %q\nand %q", err, formatAll(one), formatAll(two))
	}
}

func TestEscapeRDN(t *testing.T) {
	for s, want := range map[string]string{"a": "a", " a ": `\ a\ `, "#a#": `\#a#`, `a,b+c"d\e<f>g;h=i`: `a\,b\+c\"d\\e\<f\>g\;h\=i`, "\x00": `\00`, "": "", " ": `\ `} {
		if got := escapeRDN(s); got != want {
			t.Errorf("%q is %q, want %q", s, got, want)
		}
	}
}

func TestDefinedIn(t *testing.T) {
	s := schemaOf(t, people+"matchingRuleUse: ( 2.5.13.2 APPLIES cn )\n")
	excluded := DefinedIn(s)
	other := schemaOf(t, "attributeTypes: ( 1.9 NAME 'cn' )\nattributeTypes: ( 2.5.4.3 NAME 'x' )\nobjectClasses: ( '' NAME 'PERSON' )\n")
	for i, want := range []bool{false, true} {
		if got := excluded(schemajson.CollectionAttributeTypes, &other.AttributeTypes[i].Definition); got != want {
			t.Errorf("%s: %v", other.AttributeTypes[i].Raw, got)
		}
	}
	if !excluded(schemajson.CollectionObjectClasses, &other.ObjectClasses[0].Definition) {
		t.Error("a class is not found by its name")
	}
	var b bytes.Buffer
	if err := WriteLDIF(&b, s, &Options{Exclude: excluded}); err != nil || strings.Contains(b.String(), "(") {
		t.Errorf("%v, what is left is %s", err, b.String())
	}
}

// The same schema gives the same bytes.
func TestWritersAreDeterministic(t *testing.T) {
	write := func() string {
		s := schemaOf(t, people+"\n"+account)
		var b bytes.Buffer
		classes := []string{"employee", "1.2.3", "group"}
		if err := errors.Join(WriteLDIF(&b, s, nil), WriteOpenLDAPLDIF(&b, s, nil), WriteOpenLDAP(&b, s, nil), WriteJSONSchema(&b, s, classes, nil),
			WriteTypeScript(&b, s, classes), WritePlantUML(&b, s, "person"), WriteMermaid(&b, s, "person")); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	first := write()
	for range 10 {
		if again := write(); again != first {
			t.Fatalf("first\n%s\nthen\n%s", first, again)
		}
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func TestWriteErrors(t *testing.T) {
	s := schemaOf(t, people)
	w := brokenWriter{}
	for i, err := range []error{
		WriteLDIF(w, s, nil), WriteOpenLDAPLDIF(w, s, nil), WriteOpenLDAP(w, s, nil), WriteJSONSchema(w, s, []string{"person"}, nil),
		WriteTypeScript(w, s, []string{"person"}), WritePlantUML(w, s, "person"), WriteMermaid(w, s, "person"),
	} {
		if !errors.Is(err, io.ErrShortWrite) {
			t.Errorf("writer %d: %v", i, err)
		}
	}
	for i, err := range []error{
		WriteJSONSchema(io.Discard, s, []string{"person", "nobody"}, nil), WriteTypeScript(io.Discard, s, []string{"nobody"}),
		WritePlantUML(io.Discard, s, "nobody"), WriteMermaid(io.Discard, s, "nobody"),
	} {
		if err == nil || !strings.Contains(err.Error(), `no object class "nobody"`) {
			t.Errorf("writer %d: %v", i, err)
		}
	}
	if err := WriteJSONSchema(io.Discard, s, nil, nil); err == nil {
		t.Error("no class is a schema")
	}
}
