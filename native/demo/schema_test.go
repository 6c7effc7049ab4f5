package demo

import (
	"bytes"
	"image/jpeg"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/go-ldap/ldap/v3"
	"github.com/google/uuid"
)

// definitions parses the schema file's definitions of one kind and finds them by
// lower-case name and by object identifier.
func definitions(t *testing.T, kind string) map[string]definition {
	t.Helper()
	s, err := parseSchema(schemaLDIF)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]definition{}
	for _, text := range s.definitions[kind] {
		d, err := parseDefinition(text)
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range append([]string{d.oid}, d.words["NAME"]...) {
			key = strings.ToLower(key)
			if _, ok := found[key]; ok {
				t.Errorf("%s: %s is defined twice", kind, key)
			}
			found[key] = d
		}
	}
	if len(found) == 0 {
		t.Fatalf("the schema has no %s", kind)
	}
	return found
}

func TestSchemaRefersToItself(t *testing.T) {
	classes, attributes := definitions(t, "objectClasses"), definitions(t, "attributeTypes")
	syntaxes, rules := definitions(t, "ldapSyntaxes"), definitions(t, "matchingRules")
	references := []struct {
		kind    string
		from    map[string]definition
		keyword string
		to      map[string]definition
	}{
		{"matchingRules", rules, "SYNTAX", syntaxes},
		{"attributeTypes", attributes, "SYNTAX", syntaxes},
		{"attributeTypes", attributes, "SUP", attributes},
		{"attributeTypes", attributes, "EQUALITY", rules},
		{"attributeTypes", attributes, "ORDERING", rules},
		{"attributeTypes", attributes, "SUBSTR", rules},
		{"objectClasses", classes, "SUP", classes},
		{"objectClasses", classes, "MUST", attributes},
		{"objectClasses", classes, "MAY", attributes},
	}
	for _, ref := range references {
		t.Run(ref.kind+" "+ref.keyword, func(t *testing.T) {
			count := 0
			for key, d := range ref.from {
				for _, name := range d.words[ref.keyword] {
					count++
					name, _, _ = strings.Cut(name, "{")
					if _, ok := ref.to[strings.ToLower(name)]; !ok {
						t.Errorf("%s refers to %s, which is not defined", key, name)
					}
				}
			}
			if count == 0 {
				t.Error("nothing to check")
			}
		})
	}
}

func TestSchemaIsComplete(t *testing.T) {
	attributes, classes := definitions(t, "attributeTypes"), definitions(t, "objectClasses")
	for key, d := range attributes {
		if len(d.words["SUP"])+len(d.words["SYNTAX"]) == 0 {
			t.Errorf("attribute type %s has neither supertype nor syntax", key)
		}
	}
	for key, d := range classes {
		kinds := 0
		for _, kind := range []string{"ABSTRACT", "STRUCTURAL", "AUXILIARY"} {
			if _, ok := d.words[kind]; ok {
				kinds++
			}
		}
		if kinds != 1 {
			t.Errorf("object class %s is of %d kinds", key, kinds)
		}
		for _, list := range []string{"MUST", "MAY"} {
			if sorted := slices.Sorted(slices.Values(d.words[list])); len(slices.Compact(sorted)) != len(d.words[list]) {
				t.Errorf("object class %s names an attribute twice in %s", key, list)
			}
		}
	}
}

// oneDefinition is how each line of the file is written, so that what goes out is
// what RFC 4512 describes, keywords in their order.
var oneDefinition = map[string]*regexp.Regexp{
	"ldapSyntaxes":  regexp.MustCompile(`^\( [\d.]+ DESC '[^']+' \)$`),
	"matchingRules": regexp.MustCompile(`^\( [\d.]+ NAME '\w+' SYNTAX [\d.]+ \)$`),
	"attributeTypes": regexp.MustCompile(`^\( [\d.]+ NAME '\w+' DESC '[^']+'( SUP \w+)?( EQUALITY [\w.]+)?( ORDERING \w+)?( SUBSTR \w+)?` +
		`( SYNTAX [\d.]+(\{\d+\})?)?( SINGLE-VALUE)?( NO-USER-MODIFICATION)?( USAGE \w+)? \)$`),
	"objectClasses": regexp.MustCompile(`^\( [\d.]+ NAME '\w+' DESC '[^']+'( SUP \w+)? (ABSTRACT|STRUCTURAL|AUXILIARY)` +
		`( MUST (\w+|\( \w+( \$ \w+)+ \)))?( MAY (\w+|\( \w+( \$ \w+)+ \)))? \)$`),
}

func TestSchemaIsWellFormed(t *testing.T) {
	s, err := parseSchema(schemaLDIF)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.definitions) != len(oneDefinition) {
		t.Errorf("the file has %d kinds of definition, want %d", len(s.definitions), len(oneDefinition))
	}
	for kind, form := range oneDefinition {
		for _, text := range s.definitions[kind] {
			if !form.MatchString(text) {
				t.Errorf("%s: not as RFC 4512 wants it: %s", kind, text)
			}
		}
	}
}

func TestParseSchemaErrors(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"no attribute", "\n# comment\nnonsense", `schema line 3: no attribute name in "nonsense"`},
		{"no parentheses", "ldapSyntaxes: 1.2.3", `schema line 1: not a schema definition: "1.2.3"`},
		{"empty", "ldapSyntaxes: ( )", `schema line 1: not a schema definition: "( )"`},
		{"no name", "attributeTypes: ( 1.2.3 DESC 'x' )", "schema line 1: attribute type 1.2.3 has no name"},
		{"supertype below", "attributeTypes: ( 2.5.4.3 NAME 'cn' SUP name )", "schema line 1: cn stands above its supertype name"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := parseSchema(test.text)
			if err == nil || err.Error() != test.want {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

func TestNewEntryErrors(t *testing.T) {
	s, err := parseSchema(schemaLDIF)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.newEntry("nonsense"); err == nil {
		t.Error("an entry without a name was made")
	}
	if _, err := s.newEntry("cn=x", "noSuchAttribute: x"); err == nil {
		t.Error("an entry with an unknown attribute was made")
	}
}

// TestEntriesObeySchema checks each entry against the published schema as a
// strict server would when the entry is added.
func TestEntriesObeySchema(t *testing.T) {
	content, err := newTree()
	if err != nil {
		t.Fatal(err)
	}
	attributes, classes := definitions(t, "attributeTypes"), definitions(t, "objectClasses")
	for _, e := range append([]*entry{content.rootDSE, content.subschema}, content.entries...) {
		t.Run(e.dn, func(t *testing.T) {
			checkClasses(t, content, e, attributes, classes)
			checkValues(t, content, e, attributes)
			checkNaming(t, content, e)
		})
	}
}

// checkClasses checks the classes of an entry and the attributes that they ask for
// and allow.
func checkClasses(t *testing.T, content *tree, e *entry, attributes, classes map[string]definition) {
	held := e.values(content.schema.attribute("objectClass"))
	allowed := []string{}
	for _, name := range held {
		class, ok := classes[strings.ToLower(name)]
		if !ok {
			t.Errorf("class %s is not defined", name)
		}
		for _, sup := range class.words["SUP"] {
			if !slices.Contains(held, sup) {
				t.Errorf("class %s is there without its superclass %s", name, sup)
			}
		}
		for _, must := range class.words["MUST"] {
			if len(e.values(content.schema.attribute(must))) == 0 {
				t.Errorf("class %s wants %s", name, must)
			}
		}
		allowed = append(append(allowed, class.words["MUST"]...), class.words["MAY"]...)
	}
	for _, a := range e.attributes {
		if !a.operational && !slices.Contains(allowed, a.name) && !slices.Contains(held, "extensibleObject") {
			t.Errorf("no class allows %s", a.name)
		}
		if _, single := attributes[strings.ToLower(a.name)].words["SINGLE-VALUE"]; single && len(a.values) != 1 {
			t.Errorf("%s has %d values", a.name, len(a.values))
		}
	}
	if e != content.rootDSE {
		checkStructural(t, content, e, classes)
	}
}

// checkStructural checks that the structural classes of an entry form one chain,
// and that structuralObjectClass is its lower end.
func checkStructural(t *testing.T, content *tree, e *entry, classes map[string]definition) {
	chain := []string{}
	lowest := e.values(content.schema.attribute("structuralObjectClass"))[0]
	for name := lowest; name != "top"; name, _ = classes[strings.ToLower(name)].first("SUP") {
		chain = append(chain, name)
	}
	for _, name := range e.values(content.schema.attribute("objectClass")) {
		if _, ok := classes[strings.ToLower(name)].words["STRUCTURAL"]; ok && !slices.Contains(chain, name) {
			t.Errorf("structural class %s is not above %s", name, lowest)
		}
	}
}

// checkNaming checks that the entry holds the values that name it.
func checkNaming(t *testing.T, content *tree, e *entry) {
	if e == content.rootDSE {
		return
	}
	for _, ava := range e.name.RDNs[0].Attributes {
		if !slices.Contains(e.values(content.schema.attribute(ava.Type)), ava.Value) {
			t.Errorf("the entry does not hold %s %q, which names it", ava.Type, ava.Value)
		}
	}
	if content.find(e.name) != e {
		t.Error("another entry has the same name")
	}
}

var (
	printable = regexp.MustCompile(`^[A-Za-z0-9'()+,\-.=/:? ]+$`)
	ascii     = regexp.MustCompile(`^[\x00-\x7f]*$`)
)

func checkValues(t *testing.T, content *tree, e *entry, attributes map[string]definition) {
	isText := func(v string) bool { return v != "" && utf8.ValidString(v) }
	isDefinition := func(v string) bool { _, err := parseDefinition(v); return err == nil }
	const ldapSyntax = "1.3.6.1.4.1.1466.115.121.1."
	valid := map[string]func(string) bool{
		ldapSyntax + "3":  isDefinition,
		ldapSyntax + "7":  func(v string) bool { return v == "TRUE" || v == "FALSE" },
		ldapSyntax + "12": func(v string) bool { name, err := ldap.ParseDN(v); return err == nil && content.find(name) != nil },
		ldapSyntax + "15": isText,
		ldapSyntax + "24": func(v string) bool { _, err := time.Parse("20060102150405Z", v); return err == nil },
		ldapSyntax + "26": ascii.MatchString,
		ldapSyntax + "27": func(v string) bool { _, err := strconv.Atoi(v); return err == nil },
		ldapSyntax + "28": func(v string) bool { _, err := jpeg.Decode(bytes.NewReader([]byte(v))); return err == nil },
		ldapSyntax + "30": isDefinition,
		ldapSyntax + "37": isDefinition,
		ldapSyntax + "38": func(v string) bool { return regexp.MustCompile(`^[\d.]+$`).MatchString(content.schema.oid(v)) },
		ldapSyntax + "41": isText,
		ldapSyntax + "45": func(v string) bool { return v == "{}" },
		ldapSyntax + "50": printable.MatchString,
		ldapSyntax + "54": isDefinition,
		"1.3.6.1.1.16.1":  func(v string) bool { return uuid.Validate(v) == nil },
	}
	for _, a := range e.attributes {
		check, ok := valid[a.syntax]
		if !ok {
			t.Errorf("%s: no check for syntax %s", a.name, a.syntax)
			continue
		}
		for _, value := range a.values {
			if !check(value) {
				t.Errorf("%s: %q does not fit its syntax", a.name, value)
			}
		}
		sorted := slices.Sorted(slices.Values(a.values))
		if len(slices.Compact(sorted)) != len(a.values) {
			t.Errorf("%s has a value twice", a.name)
		}
	}
}
