package integration

import (
	"encoding/json"
	"os"
	"os/exec"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/ldapedge/ldapedge/schemajson"
)

// ldap3Schema is what python ldap3 makes of a schema.
type ldap3Schema struct {
	// Definitions has the fields of each definition, by collection.
	Definitions map[string][]map[string]any
	// Again is the schema as ldap3 writes it after reading it.
	Again string
}

// readByLDAP3 lets python ldap3 read schemas in its JSON format.
func readByLDAP3(t *testing.T, texts ...string) (all []ldap3Schema) {
	t.Helper()
	all = fromJSON[ldap3Schema](t, askPython(t, toJSON(t, texts...), "ldap3_dump.py"))
	if len(all) != len(texts) {
		t.Fatalf("%d of %d schemas are answered", len(all), len(texts))
	}
	return all
}

// fault is a fault of ldap3's that makes it differ from us. Differences in the
// fields of a definition are excused if the definition has what triggers it.
type fault struct {
	name, reason string
	// fields are those that it spoils; all if there are none.
	fields   []string
	triggers func(raw string) bool
}

var quotedText = regexp.MustCompile(`'[^']*'`)

// inQuotes tells whether a pattern stands inside a quoted string.
func inQuotes(pattern string) func(string) bool {
	p := regexp.MustCompile(pattern)
	return func(raw string) bool {
		for _, q := range quotedText.FindAllString(raw, -1) {
			if p.MatchString(q) {
				return true
			}
		}
		return false
	}
}

var faults = []fault{
	{"keyword in a string", "ldap3 splits a definition at keywords without regard to quotes",
		[]string{"description", "extensions", "experimental", "name", "obsolete", "superior", "syntax", "must_contain", "may_contain"},
		inQuotes(` (NAME|DESC|OBSOLETE|SUP|EQUALITY|ORDERING|SUBSTR|SYNTAX|SINGLE-VALUE|COLLECTIVE|NO-USER-MODIFICATION|USAGE|ABSTRACT|STRUCTURAL|AUXILIARY|MUST|MAY|NOT|AUX|FORM|OC|APPLIES)( |'$)| [XE]-`)},
	{"escapes", `ldap3 leaves \27 and \5c in descriptions`, []string{"description"}, inQuotes(`\\(27|5[cC])`)},
	{"length in quotes", "ldap3 does not see {len} in a quoted syntax", []string{"syntax", "min_length"},
		regexp.MustCompile(`SYNTAX\s+'[^']*\{`).MatchString},
	{"tabs", "ldap3 separates by spaces alone", nil, regexp.MustCompile(`\t`).MatchString},
	{"no space around a parenthesis", "ldap3 finds a keyword only between spaces", nil, regexp.MustCompile(`[A-Z]\(|\)[A-Z]`).MatchString},
	{"small letters", "ldap3 knows keywords in capitals alone", nil, regexp.MustCompile(` (name|sup|must) `).MatchString},
	{"length that is no number", "ldap3 keeps what is no length as part of the syntax", []string{"syntax"}, regexp.MustCompile(`\{[a-z]`).MatchString},
	{"list for one value", "ldap3 gives a list where there can be one syntax", []string{"syntax"}, regexp.MustCompile(`SYNTAX \( `).MatchString},
	{"unknown keyword", "ldap3 takes a keyword that it does not know for a value of the field before", []string{"name", "syntax", "extensions"},
		regexp.MustCompile(` FOO | EQUALITY .* MUST`).MatchString},
	{"usage in another case", "ldap3 compares the usage with its case", []string{"usage"}, regexp.MustCompile(`USAGE [^ ]*D?sa`).MatchString},
	{"unknown usage", "ldap3 calls it \"unknown\", which is no usage; here it is a problem and the default holds", []string{"usage"}, regexp.MustCompile(`USAGE now`).MatchString},
	{"list of rule numbers", "ldap3 does not split the superiors of a structure rule", []string{"superior"}, regexp.MustCompile(`SUP \( [0-9]`).MatchString},
	{"malformed, yet taken", "ldap3 takes what is no definition, and makes something of it", []string{"error"},
		regexp.MustCompile(`NAME \)|'a \)$|\) \( 1|\( \( a`).MatchString},
}

// excused tells whether a difference in a field is ldap3's fault, and notes
// that the fault was met.
func excused(field, raw string, met map[string]int) bool {
	for _, f := range faults {
		if (f.fields == nil || slices.Contains(f.fields, field)) && f.triggers(raw) {
			met[f.name]++
			return true
		}
	}
	return false
}

// ours gives a definition of ours as ldap3 has it: None for what is not there,
// lists where ldap3 has lists, and its names for kind and usage.
type ours map[string]any

func common(d *schemajson.Definition) ours {
	o := ours{"oid": d.OID, "name": listOrNil(d.Names), "obsolete": d.Obsolete, "description": nil, "extensions": nil, "experimental": nil}
	if d.DescGiven {
		o["description"] = d.Desc
	}
	var extensions []any
	for _, e := range d.Extensions {
		extensions = append(extensions, []any{e.Name, anyList(e.Values)})
	}
	if extensions != nil {
		o["extensions"] = extensions
	}
	return o
}

func anyList(list []string) []any {
	all := make([]any, 0, len(list))
	for _, s := range list {
		all = append(all, s)
	}
	return all
}

func listOrNil(list []string) any {
	if len(list) == 0 {
		return nil
	}
	return anyList(list)
}

func one(s string) any {
	if s == "" {
		return nil
	}
	return anyList([]string{s})
}

func stringOrNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}

var usages = map[schemajson.Usage]string{
	schemajson.UserApplications: "USER_APPLICATION", schemajson.DirectoryOperation: "DIRECTORY_OPERATION",
	schemajson.DistributedOperation: "DISTRIBUTED_OPERATION", schemajson.DSAOperation: "DSA_OPERATION",
}

func (o ours) attributeType(t *schemajson.AttributeType) ours {
	o["superior"], o["equality"], o["ordering"], o["substr"] = one(t.SUP), one(t.Equality), one(t.Ordering), one(t.Substr)
	o["syntax"], o["min_length"], o["usage"] = stringOrNil(t.Syntax), nil, nil
	if t.Length > 0 {
		o["min_length"] = strconv.Itoa(t.Length)
	}
	if t.UsageGiven {
		o["usage"] = usages[t.Usage]
	}
	o["single_value"], o["collective"], o["no_user_modification"] = t.SingleValue, t.Collective, t.NoUserModification
	return o
}

func (o ours) objectClass(c *schemajson.ObjectClass) ours {
	o["superior"], o["kind"] = listOrNil(c.SUP), nil
	if c.KindGiven {
		o["kind"] = c.Kind.String()
	}
	o["must_contain"], o["may_contain"] = anyList(c.Must), anyList(c.May)
	return o
}

// definitionsOf returns our definitions as ldap3 has them, by collection and
// raw text.
func definitionsOf(s *schemajson.SchemaInfo) map[string]map[string]ours {
	all := make(map[string]map[string]ours)
	add := func(collection string, d *schemajson.Definition, o ours) {
		if all[collection] == nil {
			all[collection] = make(map[string]ours)
		}
		all[collection][d.Raw] = o
	}
	for i := range s.AttributeTypes {
		d := &s.AttributeTypes[i]
		add("attributeTypes", &d.Definition, common(&d.Definition).attributeType(d))
	}
	for i := range s.ObjectClasses {
		d := &s.ObjectClasses[i]
		add("objectClasses", &d.Definition, common(&d.Definition).objectClass(d))
	}
	for i := range s.LDAPSyntaxes {
		d := &s.LDAPSyntaxes[i]
		add("ldapSyntaxes", &d.Definition, common(&d.Definition))
	}
	for i := range s.MatchingRules {
		d := &s.MatchingRules[i]
		o := common(&d.Definition)
		o["syntax"] = stringOrNil(d.Syntax)
		add("matchingRules", &d.Definition, o)
	}
	for i := range s.MatchingRuleUses {
		d := &s.MatchingRuleUses[i]
		o := common(&d.Definition)
		o["apply_to"] = listOrNil(d.Applies)
		add("matchingRuleUse", &d.Definition, o)
	}
	for i := range s.DITContentRules {
		d := &s.DITContentRules[i]
		o := common(&d.Definition)
		o["auxiliary_classes"], o["must_contain"], o["may_contain"], o["not_contains"] = listOrNil(d.Aux), listOrNil(d.Must), listOrNil(d.May), listOrNil(d.Not)
		add("dITContentRules", &d.Definition, o)
	}
	for i := range s.DITStructureRules {
		d := &s.DITStructureRules[i]
		o := common(&d.Definition)
		o["superior"], o["name_form"] = listOrNil(d.SUP), one(d.Form)
		add("dITStructureRules", &d.Definition, o)
	}
	for i := range s.NameForms {
		d := &s.NameForms[i]
		o := common(&d.Definition)
		o["object_class"], o["must_contain"], o["may_contain"] = one(d.OC), listOrNil(d.Must), listOrNil(d.May)
		add("nameForms", &d.Definition, o)
	}
	return all
}

// compareWithLDAP3 holds every field of every definition against ldap3's, and
// what we write against what ldap3 writes. It returns how many definitions
// were compared.
func compareWithLDAP3(t *testing.T, s *schemajson.SchemaInfo, theirs ldap3Schema, met map[string]int) (compared int) {
	t.Helper()
	definitions := definitionsOf(s)
	for collection, list := range theirs.Definitions {
		raws := s.Attribute(collection)
		if len(list) != len(raws) {
			t.Errorf("%s: ldap3 has %d definitions, we have %d values", collection, len(list), len(raws))
			continue
		}
		for i, fields := range list {
			compared++
			mine := definitions[collection][raws[i]]
			for _, field := range differing(mine, fields) {
				if !excused(field, raws[i], met) {
					t.Errorf("%s: %s is %v, ldap3 has %v: %s", collection, field, mine[field], fields[field], raws[i])
				}
			}
		}
	}
	if got := string(s.JSON(nil)); got != theirs.Again {
		t.Errorf("the JSON differs: %d bytes, ldap3 writes %d", len(got), len(theirs.Again))
	}
	return compared
}

// equalFields compares values as JSON has them. ldap3 has [] or None for an
// empty list, as it comes.
func equalFields(a, b any) bool {
	empty := func(v any) bool {
		list, ok := v.([]any)
		return v == nil || ok && len(list) == 0
	}
	if n, ok := b.(float64); ok {
		b = strconv.Itoa(int(n))
	}
	return empty(a) && empty(b) || reflect.DeepEqual(a, b)
}

// prebuilt are the schemas that ldap3 brings along.
var prebuilt = []string{"edir888.edir_8_8_8", "edir914.edir_9_1_4", "ad2012R2.ad_2012_r2", "slapd24.slapd_2_4", "ds389.ds389_1_3_3"}

// ldap3Text returns the JSON of a pre-built schema or root DSE.
func ldap3Text(t *testing.T, name, what string) string {
	t.Helper()
	module, variable, _ := strings.Cut(name, ".")
	out, err := exec.Command(python, "-c", "import sys; from ldap3.protocol.schemas import "+module+" as m; sys.stdout.buffer.write(m."+variable+"_"+what+".encode())").Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func TestSchemaEqualsLDAP3(t *testing.T) {
	met := make(map[string]int)
	for _, name := range prebuilt {
		t.Run(name, func(t *testing.T) {
			text := ldap3Text(t, name, "schema")
			s, err := schemajson.SchemaInfoFromJSON([]byte(text))
			if err != nil {
				t.Fatal(err)
			}
			n := compareWithLDAP3(t, s, readByLDAP3(t, text)[0], met)
			t.Logf("%d definitions, %d problems", n, len(s.Problems))
		})
	}
	t.Logf("excused: %v", met)
}

// The cases of the vector file go through ldap3 too. Wherever it differs, the
// table of its faults must say why; and each of its rows must be met.
func TestVectorsAgainstLDAP3(t *testing.T) {
	text, err := os.ReadFile("../schemajson/testdata/definitions.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors []struct{ Name, Collection, Definition string }
	if err := json.Unmarshal(text, &vectors); err != nil {
		t.Fatal(err)
	}
	var schemas []*schemajson.SchemaInfo
	var texts []string
	for _, v := range vectors {
		s := schemajson.Parse("", []schemajson.Attribute{{Name: v.Collection, Values: []string{v.Definition}}})
		schemas, texts = append(schemas, s), append(texts, string(s.JSON(nil)))
	}
	met := make(map[string]int)
	for i, answer := range readByLDAP3(t, texts...) {
		v := vectors[i]
		t.Run(v.Name, func(t *testing.T) {
			mine := definitionsOf(schemas[i])[v.Collection][v.Definition]
			theirs := answer.Definitions[v.Collection][0]
			if mine == nil && theirs["error"] != nil {
				return // it is no definition for either
			}
			for _, field := range differing(mine, theirs) {
				if !excused(field, v.Definition, met) {
					t.Errorf("%s is %v, ldap3 has %v: %s", field, mine[field], theirs[field], v.Definition)
				}
			}
		})
	}
	for _, f := range faults {
		if met[f.name] == 0 {
			t.Errorf("no vector meets the fault %q", f.name)
		}
	}
}

// differing returns the fields in which a definition of ours is not ldap3's.
func differing(mine ours, theirs map[string]any) (fields []string) {
	if theirs["error"] != nil || mine == nil {
		return []string{"error"}
	}
	for field, want := range theirs {
		if field != "_oid_info" && field != "oid_info" && !equalFields(mine[field], want) {
			fields = append(fields, field)
		}
	}
	return fields
}
