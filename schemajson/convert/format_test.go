package convert

import (
	"reflect"
	"strings"
	"testing"

	"github.com/ldapedge/ldapedge/schemajson"
)

// formatOne parses a definition and formats it.
func formatOne(t *testing.T, collection, raw string) string {
	t.Helper()
	all := formatAll(parseOne(collection, raw))
	if len(all) != 1 {
		t.Fatalf("%s: %q is no definition", collection, raw)
	}
	return all[0]
}

// formatAll formats the definitions of a schema, collection by collection.
func formatAll(s *schemajson.SchemaInfo) (all []string) {
	all = append(all, formats(s.LDAPSyntaxes, Format[*schemajson.LDAPSyntax])...)
	all = append(all, formats(s.MatchingRules, Format[*schemajson.MatchingRule])...)
	all = append(all, formats(s.MatchingRuleUses, Format[*schemajson.MatchingRuleUse])...)
	all = append(all, formats(s.AttributeTypes, Format[*schemajson.AttributeType])...)
	all = append(all, formats(s.ObjectClasses, Format[*schemajson.ObjectClass])...)
	all = append(all, formats(s.DITContentRules, Format[*schemajson.DITContentRule])...)
	all = append(all, formats(s.NameForms, Format[*schemajson.NameForm])...)
	return append(all, formats(s.DITStructureRules, Format[*schemajson.DITStructureRule])...)
}

func formats[D any](definitions []D, format func(*D) string) (all []string) {
	for i := range definitions {
		all = append(all, format(&definitions[i]))
	}
	return all
}

// Definitions in the canonical form stay as they are.
func TestFormatKeepsCanonical(t *testing.T) {
	for collection, raws := range map[string][]string{
		schemajson.CollectionAttributeTypes: {
			`( 2.5.4.3 NAME ( 'cn' 'commonName' ) DESC 'RFC4519: common name' OBSOLETE SUP name EQUALITY caseIgnoreMatch ORDERING caseIgnoreOrderingMatch SUBSTR caseIgnoreSubstringsMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15{32768} SINGLE-VALUE COLLECTIVE NO-USER-MODIFICATION USAGE dSAOperation X-ORIGIN ( 'RFC 4519' 'user defined' ) X-ORDERED 'VALUES' )`,
			`( 1.1 NAME 'a' USAGE userApplications )`,
			`( 1.1 DESC 'it\27s a \5c, $ ( )' )`,
		},
		schemajson.CollectionObjectClasses: {
			`( 2.5.6.6 NAME 'person' DESC '' SUP ( top $ 1.2.3 ) STRUCTURAL MUST ( sn $ cn ) MAY userPassword )`,
			`( 2.5.6.0 NAME 'top' ABSTRACT MUST objectClass )`,
			`( 1.1 NAME 'c' )`,
		},
		schemajson.CollectionLDAPSyntaxes: {
			`( 1.3.6.1.4.1.1466.115.121.1.4 DESC 'Audio' X-NOT-HUMAN-READABLE 'TRUE' )`,
		},
		schemajson.CollectionMatchingRules: {
			`( 2.5.13.2 NAME 'caseIgnoreMatch' SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )`,
		},
		schemajson.CollectionMatchingRuleUse: {
			`( 2.5.13.2 NAME 'caseIgnoreMatch' APPLIES ( cn $ sn ) )`,
		},
		schemajson.CollectionDITContentRules: {
			`( 2.5.6.6 NAME 'rule' AUX ( a $ b ) MUST c MAY ( d $ e ) NOT f )`,
		},
		schemajson.CollectionDITStructureRules: {
			`( 2 NAME 'rule' FORM personForm SUP ( 1 3 ) )`,
			`( 2 FORM personForm SUP 1 )`,
		},
		schemajson.CollectionNameForms: {
			`( 1.2 NAME 'personForm' OC person MUST cn MAY ( sn $ uid ) )`,
		},
	} {
		for _, raw := range raws {
			if got := formatOne(t, collection, raw); got != raw {
				t.Errorf("%s:\ngot  %s\nwant %s", collection, got, raw)
			}
		}
	}
}

func TestFormatMakesCanonical(t *testing.T) {
	tests := []struct{ name, collection, raw, want string }{
		{"order, case and white space", schemajson.CollectionAttributeTypes,
			"(1.1\tx-a'b'\n single-value name('a''b')Usage directoryoperation syntax'1.2{5}'equality'x')",
			`( 1.1 NAME ( 'a' 'b' ) EQUALITY x SYNTAX 1.2{5} SINGLE-VALUE USAGE directoryOperation x-a 'b' )`},
		{"lists without parentheses", schemajson.CollectionObjectClasses, "( 1.1 MUST a $ b MAY (c ) )", `( 1.1 MUST ( a $ b ) MAY c )`},
		{"no OID", schemajson.CollectionAttributeTypes, "( NAME 'a' SYNTAX 1.2 )", `( '' NAME 'a' SYNTAX 1.2 )`},
		{"an OID that looks like a keyword", schemajson.CollectionAttributeTypes, "( 'name' NAME 'a' )", `( 'name' NAME 'a' )`},
		{"names that are no words", schemajson.CollectionObjectClasses, `( 'a b' SUP 'c$d' MUST ( '' $ 'e\27' ) )`, `( 'a b' SUP 'c$d' MUST ( '' $ 'e\27' ) )`},
		{"a length without a syntax", schemajson.CollectionAttributeTypes, "( 1.1 SYNTAX {5} )", "( 1.1 SYNTAX {5} )"},
		{"keywords that the RFC does not know", schemajson.CollectionObjectClasses, "( 1.1 FOO ( 'b' $ c ) QUX word BARE STRUCTURAL X-EMPTY ( ) )", "( 1.1 STRUCTURAL FOO ( 'b' 'c' ) QUX 'word' BARE X-EMPTY ( ) )"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := formatOne(t, test.collection, test.raw); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func FuzzFormat(f *testing.F) {
	for _, seed := range []string{
		`( 2.5.4.3 NAME ( 'cn' 'commonName' ) DESC 'it\27s' SUP name SYNTAX 1.2{3} USAGE dSAOperation X-A ( 'b' 'c' ) )`,
		`( 1.1 NAME 'c' SUP ( top $ foo ) AUXILIARY MUST ( sn $ cn ) MAY a )`, `( 1 FOO ( ( 'a' ) ) BAR )`, `( '' SYNTAX '{3}' MUST ( '' $ 'a\5c' ) )`,
		`( 2 FORM f SUP ( 1 3 ) AUX a NOT b OC c APPLIES d )`, `( 'NAME' NAME x{y} DESC ( 'a' 'b' ) X_A ( ) )`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		for _, collection := range collections {
			s := parseOne(collection, raw)
			for i, text := range formatAll(s) {
				again := parseOne(collection, text)
				if ambiguous(s) {
					return
				}
				for _, p := range again.Problems {
					if p.Code == schemajson.ProblemSyntax {
						t.Fatalf("%q becomes %q: %v", raw, text, p)
					}
				}
				withoutRaws(s)
				withoutRaws(again)
				if !reflect.DeepEqual(definitionsOf(again), definitionsOf(s)) {
					t.Fatalf("%q becomes %q\nwas %+v\nis  %+v", raw, text, definitionsOf(s), definitionsOf(again))
				}
				if twice := formatAll(again); twice[i] != text {
					t.Fatalf("%q becomes %q", text, twice[i])
				}
			}
		}
	})
}

func definitionsOf(s *schemajson.SchemaInfo) []any {
	return []any{s.AttributeTypes, s.ObjectClasses, s.LDAPSyntaxes, s.MatchingRules, s.MatchingRuleUses, s.DITContentRules, s.DITStructureRules, s.NameForms}
}

func withoutRaws(s *schemajson.SchemaInfo) {
	for _, c := range collections {
		eachOf(s, c, func(d *schemajson.Definition) { d.Raw = "" })
	}
}

// ambiguous tells whether the schema has what Format cannot tell apart.
func ambiguous(s *schemajson.SchemaInfo) (found bool) {
	for _, c := range collections {
		eachOf(s, c, func(d *schemajson.Definition) {
			for i, x := range d.Extensions {
				if i > 0 && len(d.Extensions[i-1].Values) == 0 && !isExtension(d.Extensions[i-1].Name) &&
					strings.Trim(x.Name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ-") != "" {
					found = true
				}
			}
		})
	}
	return found
}
