// Command gen writes the registry of OIDs: those that python3-ldap3's table
// knows, and, with a kind and a name but no document, the attribute types,
// object classes, syntaxes and matching rules that the pre-built schemas of
// the same package name beside. It needs Debian's python3-ldap3.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"

	"github.com/ldapedge/ldapedge/schemajson"
)

const head = `# OIDs with kind, document and names, separated by tabs; sorted by OID.
# Gathered from the table of Debian's python3-ldap3 (ldap3/protocol/oid.py: IANA's ldap-parameters and
# oid-registry, and products' documentation) and from the definitions of the schemas beside it that
# the table does not have. Written by go generate.
`

// dump prints the table and the schemas as JSON.
const dump = `
import json
from ldap3.protocol import oid
from ldap3.protocol.schemas import ad2012R2, ds389, edir888, edir914, slapd24
schemas = [slapd24.slapd_2_4_schema, ds389.ds389_1_3_3_schema, edir914.edir_9_1_4_schema, edir888.edir_8_8_8_schema, ad2012R2.ad_2012_r2_schema]
print(json.dumps({"oids": {k: [oid.constant_to_oid_kind(v[1]), v[2], v[3]] for k, v in oid.Oids.items()}, "schemas": schemas}))
`

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run() error {
	out, err := exec.Command("/usr/bin/python3", "-c", dump).Output()
	if err != nil {
		return fmt.Errorf("python3-ldap3 (Debian's package) cannot be read: %w", err)
	}
	var from struct {
		OIDs    map[string][3]any
		Schemas []string
	}
	if err := json.Unmarshal(out, &from); err != nil {
		return err
	}
	lines := make(map[string]string)
	for oid, v := range from.OIDs {
		lines[oid] = line(oid, fmt.Sprint(v[0]), text(v[2]), names(v[1]))
	}
	for _, schema := range from.Schemas {
		if err := addSchema(lines, schema); err != nil {
			return err
		}
	}
	var b bytes.Buffer
	b.WriteString(head)
	for _, oid := range slices.Sorted(maps.Keys(lines)) {
		b.WriteString(lines[oid])
	}
	return os.WriteFile("registry.txt", b.Bytes(), 0o644)
}

func text(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	return ""
}

// names are one name or a list of them.
func names(v any) (all []string) {
	if list, ok := v.([]any); ok {
		for _, one := range list {
			all = append(all, text(one))
		}
		return all
	}
	return []string{text(v)}
}

func line(oid, kind, doc string, names []string) string {
	fields := append([]string{oid, kind, doc}, names...)
	for i := range fields {
		fields[i] = strings.Join(strings.Fields(fields[i]), " ")
	}
	return strings.Join(fields, "\t") + "\n"
}

var numeric = regexp.MustCompile(`^[0-2](\.(0|[1-9][0-9]*))+$`)

// addSchema adds what a schema defines and the table does not have.
func addSchema(lines map[string]string, text string) error {
	s, err := schemajson.SchemaInfoFromJSON([]byte(text))
	if err != nil {
		return err
	}
	add := func(kind string, d *schemajson.Definition, names []string) {
		if lines[d.OID] == "" && numeric.MatchString(d.OID) && len(names) > 0 {
			lines[d.OID] = line(d.OID, kind, "", names)
		}
	}
	for i := range s.AttributeTypes {
		add("Attribute Type", &s.AttributeTypes[i].Definition, s.AttributeTypes[i].Names)
	}
	for i := range s.ObjectClasses {
		add("Object Class", &s.ObjectClasses[i].Definition, s.ObjectClasses[i].Names)
	}
	for i := range s.MatchingRules {
		add("Matching Rule", &s.MatchingRules[i].Definition, s.MatchingRules[i].Names)
	}
	for i := range s.LDAPSyntaxes {
		if desc := s.LDAPSyntaxes[i].Desc; desc != "" {
			add("LDAP Syntax", &s.LDAPSyntaxes[i].Definition, []string{desc})
		}
	}
	return nil
}
