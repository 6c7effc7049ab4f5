package integration

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ldapedge/ldapedge/schemajson"
)

// cli runs the program and returns what it printed and its exit status. What it
// prints on standard output was asked for, and may be a secret.
func cli(t *testing.T, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, args...)
	var out bytes.Buffer
	var errs written
	cmd.Stdout, cmd.Stderr = &out, &errs
	cmd.Run()
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

// succeed runs the program and returns what it printed.
func succeed(t *testing.T, args ...string) string {
	t.Helper()
	out, errs, status := cli(t, args...)
	if status != 0 {
		t.Fatalf("%v: status %d: %s", args, status, errs)
	}
	return out
}

func TestSchemaCommands(t *testing.T) {
	dir := t.TempDir()
	older, newer := filepath.Join(dir, "older.schema"), filepath.Join(dir, "newer.schema")
	for file, text := range map[string]string{
		older: "attributetype ( 1.1.1 NAME 'colour' SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )\nobjectclass ( 1.1.2 NAME 'car' SUP top STRUCTURAL MUST colour )\n",
		newer: "attributetype ( 1.1.1 NAME 'colour' SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )\nobjectclass ( 1.1.2 NAME 'car' SUP top STRUCTURAL MUST colour )\n",
	} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	slapd := startSlapd(t).URL()
	tests := []struct {
		name   string
		args   []string
		wanted []string
	}{
		{"show a class", []string{"schema", "show", "offline:SLAPD_2_4", "INETORGPERSON"}, []string{"objectClass", "MUST from person", "sn, cn", "superclasses"}},
		{"show an attribute", []string{"schema", "show", slapd, "2.5.4.3"}, []string{"cn, commonName", "Directory String, 1.3.6.1.4.1.1466.115.121.1.15, at most 32768 (from name)", "required by", "person"}},
		{"show as JSON", []string{"schema", "show", "--json", "--kind", "objectClasses", "offline:ad_2012_r2", "user"}, []string{`"collection": "objectClasses"`, `"name": "userPrincipalName"`, `"contentRule"`}},
		{"show all of one name", []string{"schema", "show", "offline:DS389_1_3_3", "caseIgnoreOrderingMatch-sk"}, []string{
			`definition 1 of 2 under "caseIgnoreOrderingMatch-sk"; look-ups take this one`, "2.16.840.1.113730.3.3.2.211.1\n",
			`definition 2 of 2 under "caseIgnoreOrderingMatch-sk"; look-ups take the first, caseIgnoreOrderingMatch-sk (2.16.840.1.113730.3.3.2.42.1)`,
		}},
		{"show all of one OID", []string{"schema", "show", "offline:EDIR_8_8_8", "0.9.2342.19200300.100.1.7"}, []string{
			"attributeType  ldapPhoto", `definition 2 of 2 under "0.9.2342.19200300.100.1.7"; look-ups take the first, photo (`,
		}},
		{"show all of one name as JSON", []string{"schema", "show", "--json", "offline:DS389_1_3_3", "caseIgnoreOrderingMatch-sk"}, []string{`"ordinal": 2,`, `"total": 2,`, `"oid": "2.16.840.1.113730.3.3.2.211.1"`}},
		{"show one collection", []string{"schema", "show", "--kind", "attributetypes", slapd, "cn"}, []string{"cn, commonName"}},
		{"find", []string{"schema", "find", slapd, "posix*"}, []string{"objectClasses  posixGroup    1.3.6.1.1.1.2.2"}},
		{"find as JSON", []string{"schema", "find", "--json", "--limit", "1", slapd, "person"}, []string{`"name": "person"`, `"oid": "2.5.6.6"`}},
		{"lint", []string{"schema", "lint", older}, []string{"definition-hidden", "0 errors, 0 warnings, 3 notes"}},
		{"lint with errors", []string{"schema", "lint", "offline:EDIR_9_1_4"}, []string{"error    oid-duplicate", "parse-quote"}},
		{"lint's checks", []string{"schema", "lint", "--checks"}, []string{"superclass-undefined", "warning"}},
		{"diff", []string{"schema", "diff", older, newer}, []string{"breaking", "colour", "singleValue"}},
		{"diff as JSON", []string{"schema", "diff", "--json", older, newer}, []string{`"breaking": 1`, `"field": "singleValue"`}},
		{"to ldif", []string{"schema", "convert", older, "--to", "ldif"}, []string{"dn: cn=Subschema\n", "attributeTypes: ( 1.1.1 NAME 'colour'"}},
		{"to openldap", []string{"schema", "convert", "offline:SLAPD_2_4", "--without", slapd, "--to", "openldap"}, []string{"attributetype ( "}},
		{"to JSON Schema", []string{"schema", "convert", slapd, "--to", "jsonschema", "--class", "inetOrgPerson"}, []string{`"https://json-schema.org/draft/2020-12/schema"`, `"sn"`}},
		{"to TypeScript", []string{"schema", "convert", slapd, "--to", "typescript", "--class", "inetOrgPerson"}, []string{"interface", "extends"}},
		{"to PlantUML", []string{"schema", "convert", slapd, "--to", "plantuml", "--class", "person"}, []string{"@startuml", "organizationalPerson", "@enduml"}},
		{"to Mermaid", []string{"schema", "convert", slapd, "--to", "mermaid", "--class", "person"}, []string{"classDiagram"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			out := succeed(t, test.args...)
			for _, wanted := range test.wanted {
				if !strings.Contains(out, wanted) {
					t.Errorf("%q is not in:\n%.1500s", wanted, out)
				}
			}
		})
	}
}

// A schema comes through a pipe as well, and cannot steer the terminal.
func TestSchemaFromStandardInput(t *testing.T) {
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, "schema", "show", "-", "car")
	cmd.Stdin = strings.NewReader("( 1.1 NAME 'car' DESC '\x1b[31m' STRUCTURAL X-\x1b[31m 'x' )")
	out, err := cmd.Output()
	if err != nil || !strings.Contains(string(out), "objectClass") || strings.Contains(string(out), "\x1b") {
		t.Errorf("%q, %v", out, err)
	}
}

// Who does not wait for a program that waits for its reader interrupts it again.
func TestASecondInterruptEnds(t *testing.T) {
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, "schema", "dump", "offline:AD_2016")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Process.Kill()
	if _, err := out.Read(make([]byte, 1)); err != nil { // more than a pipe holds is to come
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { cmd.Process.Wait(); close(ended) }()
	for range 100 {
		cmd.Process.Signal(os.Interrupt)
		select {
		case <-ended:
			return
		case <-time.After(100 * time.Millisecond):
		}
	}
	t.Error("it goes on")
}

func TestSchemaDump(t *testing.T) {
	for _, source := range []string{startSlapd(t).URL(), "offline:DS389_1_3_3"} {
		var dump map[string]json.RawMessage
		if err := json.Unmarshal([]byte(succeed(t, "schema", "dump", source)), &dump); err != nil {
			t.Fatal(err)
		}
		for _, collection := range []string{"attributeTypes", "objectClasses", "ldapSyntaxes", "matchingRules", "matchingRuleUse", "dITContentRules", "dITStructureRules", "nameForms", "problems"} {
			if len(dump[collection]) == 0 || dump[collection][0] != '[' {
				t.Errorf("%s: %s is %.40s", source, collection, dump[collection])
			}
		}
		var classes []schemajson.DefinitionDump
		if err := json.Unmarshal(dump["objectClasses"], &classes); err != nil || len(classes) < 70 || classes[0].Raw == "" {
			t.Errorf("%s: %d classes, %v", source, len(classes), err)
		}
	}
}

func TestExport(t *testing.T) {
	dir := t.TempDir()
	schema, info := filepath.Join(dir, "schema.json"), filepath.Join(dir, "info.json")
	succeed(t, "export", startSlapd(t).URL(), "--schema", schema, "--info", info)
	s, err := schemajson.SchemaInfoFromFile(schema)
	if err != nil || s.ObjectClass("posixAccount") == nil {
		t.Errorf("schema: %v", err)
	}
	d, err := schemajson.DsaInfoFromFile(info)
	if err != nil || d.SchemaEntry[0] != "cn=Subschema" || !d.HasControl("LDAP Simple Paged Results") {
		t.Errorf("info: %v", err)
	}
	text, err := os.ReadFile(schema)
	if err != nil {
		t.Fatal(err)
	}
	if again := readByLDAP3(t, string(text))[0].Again; again != string(text) {
		t.Error("ldap3 writes the file otherwise")
	}
}

func TestSchemaCommandErrors(t *testing.T) {
	dir := t.TempDir()
	bad, custom := filepath.Join(dir, "bad.json"), filepath.Join(dir, "custom")
	for file, text := range map[string]string{bad: `{"raw": {}, "type": "DsaInfo"}`, custom: "( 1.1 NAME 'car' STRUCTURAL MAY owner )"} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	tests := []struct {
		args   []string
		status int
		text   string
	}{
		{[]string{"schema", "dump"}, 2, "dump takes SOURCE, not 0 arguments"},
		{[]string{"schema", "show", "offline:SLAPD_2_4"}, 2, "SOURCE and NAME"},
		{[]string{"schema", "fly"}, 2, `unknown command "fly" for schema`},
		{[]string{"schema", "dump", "offline:NOTHING"}, 1, "AD_2012_R2"},
		{[]string{"schema", "dump", "/no/such/file"}, 1, "/no/such/file: no such file or directory"},
		{[]string{"schema", "dump", bad}, 1, `other "type"`},
		{[]string{"schema", "dump", "ldap://127.0.0.1:1"}, 1, "connection refused"},
		{[]string{"schema", "dump", "ldap://h:x"}, 1, `server port "x"`},
		{[]string{"schema", "dump", "-D", "cn=a", "ldap://h"}, 2, "-D and -y go together"},
		{[]string{"schema", "show", "offline:SLAPD_2_4", "nobody"}, 1, `no definition "nobody"`},
		{[]string{"schema", "show", "--kind", "x", "offline:SLAPD_2_4", "cn"}, 2, `--kind "x": one of attributeTypes, `},
		{[]string{"schema", "diff", "--kind", "x", "offline:SLAPD_2_4", "offline:SLAPD_2_4"}, 2, `--kind "x": one of attributeTypes, `},
		{[]string{"schema", "lint", "--only", "x", "offline:SLAPD_2_4"}, 2, `no check "x"`},
		{[]string{"schema", "lint", "--fail-on", "error", "offline:EDIR_9_1_4"}, 1, "findings of severity error or worse"},
		{[]string{"schema", "diff", "--fail-on", "breaking", "offline:SLAPD_2_4", "offline:SLAPD_2_5"}, 1, "differences are breaking or graver"},
		{[]string{"schema", "convert", "offline:SLAPD_2_4"}, 2, "convert needs --to"},
		{[]string{"schema", "convert", "--to", "xml", "offline:SLAPD_2_4"}, 2, `--to "xml"`},
		{[]string{"schema", "convert", "--to", "mermaid", "offline:SLAPD_2_4"}, 2, "needs --class"},
		{[]string{"schema", "convert", "--to", "mermaid", "--class", "nobody", "offline:SLAPD_2_4"}, 1, "nobody"},
		{[]string{"schema", "convert", "--to", "ldif", "--class", "person", "offline:SLAPD_2_4"}, 2, "--to ldif takes no --class"},
		{[]string{"schema", "convert", "--to", "mermaid", "--class", "top,person", "ldap://127.0.0.1:1"}, 2, "--to mermaid draws one --class"},
		{[]string{"schema", "convert", "--to", "json", "--without", "offline:SLAPD_2_4", "offline:SLAPD_2_4"}, 2, "--to json takes no --without"},
		{[]string{"schema", "convert", "--to", "ldif", "--name", "x", "offline:SLAPD_2_4"}, 2, "--to ldif takes no --name"},
		{[]string{"export", "offline:SLAPD_2_4"}, 2, "export needs"},
		{[]string{"schema", "find", "offline:SLAPD_2_4", " "}, 2, "QUERY is empty"},
		{[]string{"schema", "find", "--limit", "-1", "offline:SLAPD_2_4", "x"}, 2, "--limit -1"},
		{[]string{"schema", "find", "offline:SLAPD_2_4"}, 2, "SOURCE and QUERY, not 1 argument\n"},
		{[]string{"schema", "lint", "--checks", "offline:SLAPD_2_4"}, 2, "no SOURCE with --checks"},
		{[]string{"schema", "lint", "--fail-on", "info", "--severity", "error", "--only", "class-structural-no-sup", custom}, 1, "1 finding of severity info or worse"},
		{[]string{"schema", "dump", "--timeout", "0s", "ldap://127.0.0.1:1"}, 2, "--timeout 0s"},
		{[]string{"schema", "dump", "-D", "cn=a", "-y", "/no/such/file", "ldap://h"}, 1, "password file: open /no/such/file"},
		{[]string{"schema", "dump", "http://127.0.0.1"}, 1, `http://127.0.0.1: server scheme "http"`},
		{[]string{"schema", "dump", ""}, 1, `"": no such file or directory`},
		{[]string{"schema", "dump", "/dev/zero"}, 1, "/dev/zero: more than the 67108864 bytes"},
		{[]string{"schema", "dump", dir}, 1, dir + ": is a directory"},
		{[]string{"schema", "dump", "-"}, 1, "-: reading definitions: there are no schema definitions"},
	}
	for _, test := range tests {
		_, errs, status := cli(t, test.args...)
		if status != test.status || !strings.Contains(errs, test.text) || strings.Count(errs, "\n") != 1 {
			t.Errorf("%v: status %d, %q", test.args, status, errs)
		}
	}
}
