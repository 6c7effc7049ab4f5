package integration

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ldapedge/ldapedge/integration/testserver"
	"github.com/ldapedge/ldapedge/schemajson"
	"github.com/ldapedge/ldapedge/schemajson/convert"
)

// writtenSchemas are those of Debian's slapd that load together.
var writtenSchemas = []string{"core", "cosine", "inetorgperson", "nis", "misc", "openldap", "java", "corba", "duaconf", "collective", "pmi", "dyngroup"}

// ownDefinitions have what those schemas do not.
const ownDefinitions = `
ldapSyntaxes: ( 1.3.6.1.4.1.99999.1 DESC 'ours' X-SUBST '1.3.6.1.4.1.1466.115.121.1.15' )
attributeTypes: ( 1.3.6.1.4.1.99999.2 NAME 'ownText' DESC 'it\27s "quoted", 100% of \5c, # and $ { } ( ä' SYNTAX 1.3.6.1.4.1.99999.1 X-ORIGIN ( 'one' 'two' ) )
attributeTypes: ( 1.3.6.1.4.1.99999.3 NAME ( 'ownSub' 'ownOther' ) OBSOLETE SUP name SINGLE-VALUE )
objectClasses: ( 1.3.6.1.4.1.99999.4 NAME 'ownClass' DESC 'ours' SUP person STRUCTURAL MUST ownText MAY ( ownSub $ description ) )
dITContentRules: ( 1.3.6.1.4.1.99999.4 NAME 'ownRule' AUX ( dcObject $ uidObject ) MAY l NOT seeAlso )
`

// servedSchema reads the schema of a slapd with the schema files.
func servedSchema(t *testing.T, schemas ...string) *schemajson.SchemaInfo {
	t.Helper()
	slapd, err := testserver.SlapdConfig{Schemas: schemas}.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer slapd.Close()
	s, err := connect(t, slapd.URL(), nil).ReadSchema(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// withOwn adds ownDefinitions to a schema.
func withOwn(t *testing.T, s *schemajson.SchemaInfo) *schemajson.SchemaInfo {
	t.Helper()
	var b bytes.Buffer
	if err := convert.WriteLDIF(&b, s, nil); err != nil {
		t.Fatal(err)
	}
	all, err := convert.ReadLDIF(strings.NewReader(b.String() + ownDefinitions))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// definitionTexts are the attribute types, classes and content rules that
// excluded does not leave out, and the syntaxes that are substitutes, in a form
// in which equal ones are equal.
func definitionTexts(s *schemajson.SchemaInfo, excluded func(string, *schemajson.Definition) bool) (all []string) {
	add := func(collection string, d *schemajson.Definition, text string) {
		if !excluded(collection, d) {
			all = append(all, text)
		}
	}
	for i := range s.AttributeTypes {
		d := &s.AttributeTypes[i]
		add(schemajson.CollectionAttributeTypes, &d.Definition, convert.Format(d))
	}
	for i := range s.ObjectClasses {
		d := &s.ObjectClasses[i]
		add(schemajson.CollectionObjectClasses, &d.Definition, convert.Format(d))
	}
	for i := range s.DITContentRules {
		d := &s.DITContentRules[i]
		add(schemajson.CollectionDITContentRules, &d.Definition, convert.Format(d))
	}
	for i := range s.LDAPSyntaxes {
		if d := &s.LDAPSyntaxes[i]; strings.Contains(d.Raw, "X-SUBST") {
			add(schemajson.CollectionLDAPSyntaxes, &d.Definition, convert.Format(d))
		}
	}
	slices.Sort(all)
	return all
}

func equalDefinitions(t *testing.T, got, want []string) {
	t.Helper()
	if len(want) == 0 {
		t.Error("there is nothing to compare")
	}
	for _, d := range want {
		if !slices.Contains(got, d) {
			t.Errorf("missing %s", d)
		}
	}
	for _, d := range got {
		if !slices.Contains(want, d) {
			t.Errorf("not written %s", d)
		}
	}
	t.Logf("%d definitions", len(want))
}

func noneExcluded(string, *schemajson.Definition) bool { return false }

func wantUnchanged(t *testing.T) func(string, *schemajson.Definition, string) {
	return func(collection string, d *schemajson.Definition, what string) {
		t.Errorf("%s %s: %s", collection, d.Name(), what)
	}
}

// A slapd that has nothing but a written .schema serves the schema that was
// written: so what is left out is what slapd has anyway.
func TestSlapdLoadsWrittenSchema(t *testing.T) {
	want := withOwn(t, servedSchema(t, writtenSchemas...))
	file := filepath.Join(t.TempDir(), "written.schema")
	var b bytes.Buffer
	if err := convert.WriteOpenLDAP(&b, want, &convert.Options{Exclude: convert.BuiltIntoSlapd, Changed: wantUnchanged(t)}); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	relative, err := filepath.Rel("/etc/ldap/schema", strings.TrimSuffix(file, ".schema"))
	if err != nil {
		t.Fatal(err)
	}
	got := servedSchema(t, relative)
	equalDefinitions(t, definitionTexts(got, noneExcluded), definitionTexts(want, noneExcluded))
}

// A written entry of cn=config can be added to one, and comes back as it was.
func TestSlapdLoadsWrittenConfig(t *testing.T) {
	want := withOwn(t, servedSchema(t, writtenSchemas...))
	dir := t.TempDir()
	config := filepath.Join(dir, "slapd.d")
	if err := os.Mkdir(config, 0o700); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer // what run's programs read
	b.WriteString("dn: cn=config\nobjectClass: olcGlobal\ncn: config\n\ndn: cn=schema,cn=config\nobjectClass: olcSchemaConfig\ncn: schema\n")
	run := func(program string, args ...string) string {
		t.Helper()
		if path, err := exec.LookPath(program); err == nil {
			program = path
		} else {
			program = filepath.Join("/usr/sbin", program)
		}
		cmd := exec.Command(program, args...)
		var stderr bytes.Buffer
		cmd.Stdin, cmd.Stderr = &b, &stderr
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%v: %v\n%s", cmd, err, stderr.Bytes())
		}
		return string(out)
	}
	run("slapadd", "-n", "0", "-F", config)
	o := &convert.Options{Name: "written, by us", Exclude: convert.BuiltIntoSlapd, Changed: wantUnchanged(t)}
	if err := convert.WriteOpenLDAPLDIF(&b, want, o); err != nil {
		t.Fatal(err)
	}
	run("slapadd", "-n", "0", "-F", config)
	got, err := convert.ReadLDIF(strings.NewReader(run("slapcat", "-n", "0", "-F", config)))
	if err != nil {
		t.Fatal(err)
	}
	equalDefinitions(t, definitionTexts(got, convert.BuiltIntoSlapd), definitionTexts(want, convert.BuiltIntoSlapd))
}
