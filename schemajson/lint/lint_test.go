package lint

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/ldapedge/ldapedge/schemajson"
)

// base is a schema without fault, which the cases add to.
var base = []string{
	"ls: ( 1.3.6.1.4.1.1466.115.121.1.12 DESC 'DN' )",
	"ls: ( 1.3.6.1.4.1.1466.115.121.1.15 DESC 'Directory String' )",
	"ls: ( 1.3.6.1.4.1.1466.115.121.1.27 DESC 'INTEGER' )",
	"ls: ( 1.3.6.1.4.1.1466.115.121.1.38 DESC 'OID' )",
	"ls: ( 1.3.6.1.4.1.1466.115.121.1.44 DESC 'Printable String' )",
	"ls: ( 1.3.6.1.4.1.1466.115.121.1.58 DESC 'Substring Assertion' )",
	"mr: ( 2.5.13.0 NAME 'objectIdentifierMatch' SYNTAX 1.3.6.1.4.1.1466.115.121.1.38 )",
	"mr: ( 2.5.13.1 NAME 'distinguishedNameMatch' SYNTAX 1.3.6.1.4.1.1466.115.121.1.12 )",
	"mr: ( 2.5.13.2 NAME 'caseIgnoreMatch' SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )",
	"mr: ( 2.5.13.3 NAME 'caseIgnoreOrderingMatch' SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )",
	"mr: ( 2.5.13.4 NAME 'caseIgnoreSubstringsMatch' SYNTAX 1.3.6.1.4.1.1466.115.121.1.58 )",
	"mr: ( 2.5.13.14 NAME 'integerMatch' SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 )",
	"at: ( 2.5.4.0 NAME 'objectClass' EQUALITY objectIdentifierMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.38 )",
	"at: ( 2.5.4.41 NAME 'name' EQUALITY caseIgnoreMatch ORDERING caseIgnoreOrderingMatch SUBSTR caseIgnoreSubstringsMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15{32768} )",
	"at: ( 2.5.4.3 NAME ( 'cn' 'commonName' ) DESC 'a name' SUP name )",
	"at: ( 2.5.4.4 NAME ( 'sn' 'surname' ) SUP name )",
	"at: ( 2.5.4.6 NAME 'c' SUP name SYNTAX 1.3.6.1.4.1.1466.115.121.1.44 SINGLE-VALUE )",
	"at: ( 2.5.4.49 NAME 'distinguishedName' EQUALITY distinguishedNameMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.12 )",
	"at: ( 2.5.18.10 NAME 'subschemaSubentry' EQUALITY distinguishedNameMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.12 SINGLE-VALUE NO-USER-MODIFICATION USAGE directoryOperation )",
	"at: ( 9.9.1 NAME 'number' EQUALITY integerMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 X-ORIGIN 'here' )",
	"at: ( 9.9.2 NAME 'together' SUP name COLLECTIVE )",
	"at: ( 9.9.3 NAME 'old' SUP name OBSOLETE )",
	"oc: ( 2.5.6.0 NAME 'top' ABSTRACT MUST objectClass )",
	"oc: ( 2.5.6.6 NAME 'person' SUP top STRUCTURAL MUST ( sn $ cn ) MAY ( distinguishedName $ number ) )",
	"oc: ( 2.5.6.7 NAME 'worker' SUP person STRUCTURAL MAY c )",
	"oc: ( 9.9.21 NAME 'extra' AUXILIARY MUST number MAY c )",
	"oc: ( 9.9.22 NAME 'abstract' SUP top ABSTRACT )",
	"oc: ( 9.9.23 NAME 'other' SUP top STRUCTURAL )",
	"nf: ( 9.9.31 NAME 'personForm' OC person MUST cn MAY sn )",
	"sr: ( 1 NAME 'root' FORM personForm )",
	"sr: ( 2 NAME 'below' FORM personForm SUP ( 1 2 ) )",
}

var prefixes = map[string]string{
	"at": schemajson.CollectionAttributeTypes, "oc": schemajson.CollectionObjectClasses, "ls": schemajson.CollectionLDAPSyntaxes,
	"mr": schemajson.CollectionMatchingRules, "mu": schemajson.CollectionMatchingRuleUse, "cr": schemajson.CollectionDITContentRules,
	"sr": schemajson.CollectionDITStructureRules, "nf": schemajson.CollectionNameForms,
}

// schema parses definitions, each with the abbreviation of its collection
// before it.
func schema(t testing.TB, definitions ...string) *schemajson.SchemaInfo {
	t.Helper()
	var attributes []schemajson.Attribute
	for _, d := range definitions {
		prefix, text, _ := strings.Cut(d, ": ")
		name, known := prefixes[prefix]
		if !known {
			t.Fatalf("no collection %q", prefix)
		}
		attributes = append(attributes, schemajson.Attribute{Name: name, Values: []string{legal(text)}})
	}
	return schemajson.Parse("cn=Subschema", attributes)
}

// legal moves the OIDs of the cases, which begin with 9.9 for short, to where
// OIDs may be.
func legal(text string) string {
	return strings.ReplaceAll(text, " 9.9.", " 1.3.6.1.4.1.99999.9.")
}

func codes(findings []Finding) []Code {
	var all []Code
	for _, f := range findings {
		all = append(all, f.Code)
	}
	return all
}

func TestBaseIsFaultless(t *testing.T) {
	if found := Check(schema(t, base...), nil); len(found) != 0 || found == nil {
		t.Errorf("%+v", found)
	}
}

func TestEmptySchemaIsFaultless(t *testing.T) {
	for _, s := range []*schemajson.SchemaInfo{{}, schema(t)} {
		if found := Check(s, nil); len(found) != 0 {
			t.Errorf("%+v", found)
		}
	}
}

func TestEveryCheckFindsItsFaultAlone(t *testing.T) {
	for _, test := range cases {
		t.Run(string(test.code), func(t *testing.T) {
			keep := slices.Clone(base)
			if test.without != "" {
				keep = slices.DeleteFunc(keep, func(d string) bool { return strings.HasPrefix(d, test.without) })
			}
			bad := Check(schema(t, append(keep, test.bad...)...), nil)
			if len(bad) == 0 {
				t.Fatal("nothing is found")
			}
			for _, f := range bad {
				if f.Code != test.code || f.Field != test.field || f.Severity != severityOf(f.Code) || f.Message == "" {
					t.Errorf("finds %+v", f)
				}
			}
			if len(test.good) > 0 {
				for _, f := range Check(schema(t, append(slices.Clone(base), test.good...)...), nil) {
					t.Errorf("finds %+v where all is well", f)
				}
			}
		})
	}
}

func TestEveryCheckHasACase(t *testing.T) {
	for _, one := range Checks {
		if !slices.ContainsFunc(cases, func(c testCase) bool { return c.code == one.Code }) && one.Code != ClassTangle {
			t.Errorf("no case for %s", one.Code)
		}
	}
}

func TestChecksAreSortedAndDescribed(t *testing.T) {
	for i, one := range Checks {
		if i > 0 && Checks[i-1].Code >= one.Code {
			t.Errorf("%s after %s", one.Code, Checks[i-1].Code)
		}
		if !slices.Contains([]Severity{Error, Warning, Info}, one.Severity) || !strings.HasSuffix(one.Description, ".") {
			t.Errorf("%+v", one)
		}
		if strings.Trim(string(one.Code), "abcdefghijklmnopqrstuvwxyz-8") != "" {
			t.Errorf("%q is not kebab case", one.Code)
		}
	}
	if severityOf("no-such-check") != Info || severityOf(SyntaxMissing) != Error {
		t.Error("severities are not found")
	}
}

func TestFindingNamesItsDefinition(t *testing.T) {
	raw := "( 1.1.1 NAME ( 'a' 'b' ) SUP nowhere )"
	found := Check(schemajson.Parse("", []schemajson.Attribute{{Name: "attributeTypes", Values: []string{raw}}}), &Options{Only: []Code{SupertypeUndefined}})
	want := Finding{Code: SupertypeUndefined, Severity: Error, Collection: "attributeTypes", Definition: "a", OID: "1.1.1", Raw: raw, Field: "SUP", Message: `"nowhere" is not defined`}
	if len(found) != 1 || found[0] != want {
		t.Errorf("%+v", found)
	}
	text, err := json.Marshal(found[0])
	if err != nil || string(text) != `{"code":"supertype-undefined","severity":"error","collection":"attributeTypes","definition":"a","oid":"1.1.1","raw":"( 1.1.1 NAME ( 'a' 'b' ) SUP nowhere )","field":"SUP","message":"\"nowhere\" is not defined"}` {
		t.Errorf("%s, %v", text, err)
	}
}

func TestOptions(t *testing.T) {
	s := schema(t, append(slices.Clone(base),
		"at: ( 9.9.51 NAME 'vendor-a' SUP nowhere )",
		"at: ( 9.9.52 NAME 'mine' SUP nowhere )",
		"oc: ( 9.9.53 NAME 'k' SUP ( top $ gone ) MAY what )",
	)...)
	tests := []struct {
		name string
		o    *Options
		want []Code
	}{
		{"all", nil, []Code{SupertypeUndefined, SupertypeUndefined, AttributeUndefined, SuperclassUndefined}},
		{"only", &Options{Only: []Code{AttributeUndefined, SuperclassUndefined}}, []Code{AttributeUndefined, SuperclassUndefined}},
		{"ignore", &Options{Ignore: []Code{AttributeUndefined}}, []Code{SupertypeUndefined, SupertypeUndefined, SuperclassUndefined}},
		{"ignore prevails", &Options{Only: []Code{AttributeUndefined, SuperclassUndefined}, Ignore: []Code{AttributeUndefined}}, []Code{SuperclassUndefined}},
		{"a code that is none", &Options{Only: []Code{"no-such-check"}}, nil},
		{"name prefix", &Options{IgnoreNamePrefixes: []string{"VENDOR-"}}, []Code{SupertypeUndefined, AttributeUndefined, SuperclassUndefined}},
		{"OID prefix", &Options{IgnoreNamePrefixes: []string{"1.3.6.1.4.1.99999.9.5"}}, nil},
		{"empty prefix", &Options{IgnoreNamePrefixes: []string{""}}, []Code{SupertypeUndefined, SupertypeUndefined, AttributeUndefined, SuperclassUndefined}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := codes(Check(s, test.o)); !slices.Equal(got, test.want) {
				t.Errorf("got  %v\nwant %v", got, test.want)
			}
		})
	}
}

func TestOrderIsByCollectionDefinitionAndCode(t *testing.T) {
	s := schema(t,
		"oc: ( 9.9.1 NAME '_x' MAY nothing )",
		"at: ( 9.9.2 NAME 'b' SUP nothing DESC '' )",
		"at: ( NAME 'a' SYNTAX 1.2.3 )",
		"at: nonsense",
		"nf: ( 9.9.3 NAME 'f' )",
	)
	want := []Code{ParseSyntax, DescEmpty, SupertypeUndefined, OIDMissing, AttributeUndefined, ClassStructuralNoSup, NameInitial, NameUnderscore,
		CollectionAbsent, CollectionAbsent, NameFormNoClass, NameFormNoMust}
	for range 3 {
		if got := codes(Check(s, nil)); !slices.Equal(got, want) {
			t.Fatalf("got  %v\nwant %v", got, want)
		}
	}
}

func TestOneFindingForAnAbsentCollection(t *testing.T) {
	var definitions []string
	for _, d := range base {
		if !strings.HasPrefix(d, "mr") && !strings.HasPrefix(d, "ls") {
			definitions = append(definitions, d)
		}
	}
	found := Check(schema(t, definitions...), nil)
	if got := codes(found); !slices.Equal(got, []Code{CollectionAbsent, CollectionAbsent}) || found[0].Collection != "ldapSyntaxes" || found[1].Collection != "matchingRules" {
		t.Errorf("%+v", found)
	}
}

func TestHabitsAreOneFinding(t *testing.T) {
	definitions := slices.Clone(base)
	for _, c := range "abcdefghij" {
		definitions = append(definitions, "at: ( 9.9.4"+string('0'+c-'a')+" NAME '"+string(c)+"' SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )")
	}
	definitions = slices.DeleteFunc(definitions, func(d string) bool { return strings.Contains(d, "NAME 'c' SUP") })
	found := Check(schema(t, definitions...), &Options{Only: []Code{EqualityMissing}})
	if len(found) != 1 || found[0].Definition != "" || found[0].Message != `10 types have no EQUALITY, though the syntax has a rule for it: "a", "b", "c", "d", "e", "f", "g", "h", … (2 more)` {
		t.Errorf("%+v", found)
	}
	some := Check(schema(t, definitions...), &Options{Only: []Code{EqualityMissing}, IgnoreNamePrefixes: []string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"}})
	if len(some) != 0 {
		t.Errorf("%+v", some)
	}
}

func TestMessagesSpellKindsAndUsages(t *testing.T) {
	found := Check(schema(t, append(slices.Clone(base), "oc: ( 9.9.51 NAME 'k' SUP extra )", "at: ( 9.9.52 NAME 'a' SUP name USAGE dSAOperation )", "cr: ( 9.9.21 )")...), nil)
	var got []string
	for _, f := range found {
		got = append(got, f.Message)
	}
	want := []string{
		`the usage is dSAOperation, but userApplications that of the supertype "name"`,
		`the class is STRUCTURAL, but derives from "extra"`,
		`"extra" is AUXILIARY, not STRUCTURAL`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestMessagesObeyNoTerminal(t *testing.T) {
	name := "evil\x1b[31m" + strings.Repeat("x", 1000)
	for _, f := range Check(schema(t, "at: ( 9.9.1 NAME '"+name+"' SUP '"+name+"' )"), nil) {
		if strings.ContainsRune(f.Message, '\x1b') || len(f.Message) > 200 {
			t.Errorf("%s: %q", f.Code, f.Message)
		}
	}
}

// Names that belong to several definitions are told of with each.
func TestNameDuplicateNamesTheOwner(t *testing.T) {
	found := Check(schema(t, append(slices.Clone(base), "at: ( 9.9.50 NAME ( 'cn' 'sn' 'mine' 'surname' ) SUP name )")...), nil)
	var got []string
	for _, f := range found {
		got = append(got, string(f.Code)+": "+f.Message)
	}
	want := []string{`name-duplicate: "cn" is already the name of "cn" ("2.5.4.3")`, `name-duplicate: "sn", "surname" are already the name of "sn" ("2.5.4.4")`}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}
