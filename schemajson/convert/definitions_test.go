package convert

import (
	"errors"
	"testing"

	"github.com/ldapedge/ldapedge/schemajson"
)

func readDefinitions(t *testing.T, text string, problems ...string) *schemajson.SchemaInfo {
	t.Helper()
	s, err := ReadDefinitions(text)
	if err != nil {
		t.Fatal(err)
	}
	wantProblems(t, s, problems...)
	return s
}

func TestGuess(t *testing.T) {
	for raw, want := range map[string]string{
		"( 1.1 NAME 'a' SUP name )":                             schemajson.CollectionAttributeTypes,
		"( 1.1 NAME 'a' SYNTAX 1.2 )":                           schemajson.CollectionAttributeTypes,
		"( 1.1 NAME 'match' EQUALITY b SYNTAX 1.2 )":            schemajson.CollectionAttributeTypes,
		"( 1.1 name 'a' syntax 1.2 single-value )":              schemajson.CollectionAttributeTypes,
		"( 1.1 NAME 'a' USAGE dSAOperation )":                   schemajson.CollectionAttributeTypes,
		"( 1.1 NAME 'a' DESC 'MUST MAY AUX' SYNTAX 1.2 )":       schemajson.CollectionAttributeTypes,
		"( 1.1 NAME 'a' SYNTAX 1.2 X-FOO 'b' BAR ":              schemajson.CollectionAttributeTypes,
		"( 1.1 NAME 'c' )":                                      schemajson.CollectionObjectClasses,
		"( 1.1 NAME 'c' SUP TOP )":                              schemajson.CollectionObjectClasses,
		"( 1.1 NAME 'c' SUP ( a $ b ) )":                        schemajson.CollectionObjectClasses,
		"( 1.1 NAME 'c' MUST a )":                               schemajson.CollectionObjectClasses,
		"( 1.1 NAME 'c' AUXILIARY )":                            schemajson.CollectionObjectClasses,
		"( 1.1 NAME 'c' MUST ( a $ b ":                          schemajson.CollectionObjectClasses,
		"( 1.1 DESC 'Boolean' )":                                schemajson.CollectionLDAPSyntaxes,
		"( 1.1 X-SUBST '1.2' )":                                 schemajson.CollectionLDAPSyntaxes,
		"( 2.5.13.2 NAME 'caseIgnoreMatch' SYNTAX 1.2 )":        schemajson.CollectionMatchingRules,
		"( 2.5.13.2 NAME 'caseIgnoreMatch' APPLIES ( a $ b ) )": schemajson.CollectionMatchingRuleUse,
		"( 1.1 NAME 'r' AUX a MUST b )":                         schemajson.CollectionDITContentRules,
		"( 1.1 MAY a NOT b )":                                   schemajson.CollectionDITContentRules,
		"( 1 NAME 'r' FORM f SUP ( 2 3 ) )":                     schemajson.CollectionDITStructureRules,
		"( 1.1 NAME 'f' OC c MUST a )":                          schemajson.CollectionNameForms,
		"( )":                                                   schemajson.CollectionAttributeTypes,
	} {
		if got := guess(raw); got != want {
			t.Errorf("%s is for %s, want %s", raw, got, want)
		}
	}
}

func TestReadDefinitions(t *testing.T) {
	s := readDefinitions(t, `
# ( not this )
attributeTypes: ( 1.1 NAME 'a'
   DESC 'with ( in it' SYNTAX 1.2 )
olcAttributeTypes: {12}( 1.2 NAME 'b' )( 1.3 NAME 'c' MAY ( a $ b ) )
ATTRIBUTETYPE
  ( 1.4 NAME 'd' )
"( 1.5 NAME 'e' SUP a )", "( 1.6 NAME 'f' SUP top )",
matchingRule(1.7 NAME 'g' SYNTAX 1.2)
these are
nameForms: ( 1.8 NAME 'h' OC c MUST a ) and the end`,
		`nameForms: the text is no definition and is left out at byte 0`, `: the text is no definition`)
	wantDefinitions(t, s, "( 1.7 NAME 'g' SYNTAX 1.2 )",
		"( 1.1 NAME 'a' DESC 'with ( in it' SYNTAX 1.2 )", "( 1.2 NAME 'b' )", "( 1.4 NAME 'd' )", "( 1.5 NAME 'e' SUP a )",
		"( 1.3 NAME 'c' MAY ( a $ b ) )", "( 1.6 NAME 'f' SUP top )", "( 1.8 NAME 'h' OC c MUST a )")
	if s.Problems[0].Text != "these are" || s.Problems[1].Text != "and the end" {
		t.Errorf("problems %+v", s.Problems)
	}
}

// A definition that is not closed takes none of the others with it.
func TestReadUnclosedDefinitions(t *testing.T) {
	s := readDefinitions(t, `( 1.1 NAME 'a' SYNTAX ( 1.2 )
( 1.2 NAME 'b' SYNTAX 1.2 )
attributetype ( 1.3 NAME 'c' DESC 'it's
  open SYNTAX 1.2
attributetype ( 1.4 NAME 'd'
  ( 'e' SYNTAX 1.2 )
objectClasses: ( 1.5 NAME 'f'
`, `closing ")" is missing at byte 29`, `unknown keyword "s" at byte 24`, `closing ")" is missing at byte 41`, `a keyword is expected, not "("`, `closing ")" is missing`)
	wantDefinitions(t, s, "( 1.2 NAME 'b' SYNTAX 1.2 )")
}

// Lines that ldapsearch has folded are put together, others are not.
func TestReadFoldedDefinitions(t *testing.T) {
	s := readDefinitions(t, `attributeTypes: ( 1.2.840.113556.1.2.102 NAME 'memberOf' DESC 'Group that the
  entry belongs to' EQUALITY distinguishedNameMatch SYNTAX 1.3.6.1.4.1.1466.115
 .121.1.12 NO-USER-MODIFICATION USAGE dSAOperation X-ORIGIN 'iPlanet Delegated
  Administrator' )
attributeTypes: ( 1.1
 NAME 'a'
 SYNTAX 1.2 )
( 1.2.840.113556.1.2.103 NAME 'other' DESC 'a description that makes the line long'
 SYNTAX 1.2 )`)
	wantDefinitions(t, s,
		"( 1.2.840.113556.1.2.102 NAME 'memberOf' DESC 'Group that the entry belongs to' EQUALITY distinguishedNameMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.12 NO-USER-MODIFICATION USAGE dSAOperation X-ORIGIN 'iPlanet Delegated Administrator' )",
		"( 1.1 NAME 'a' SYNTAX 1.2 )",
		"( 1.2.840.113556.1.2.103 NAME 'other' DESC 'a description that makes the line long' SYNTAX 1.2 )")
}

func TestReadDefinitionsErrors(t *testing.T) {
	for _, text := range []string{"", "nothing here", "# ( 1.1 )"} {
		if _, err := ReadDefinitions(text); !errors.Is(err, ErrNoDefinitions) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestDetect(t *testing.T) {
	for text, want := range map[string]FileFormat{
		"\xef\xbb\xbf {\"raw\": {}}":         FormatJSON,
		"\n[1]":                              FormatJSON,
		"# c\nversion: 1\n":                  FormatLDIF,
		"dn: cn=schema\n":                    FormatLDIF,
		"dn:: Y249c2NoZW1h\n":                FormatLDIF,
		"cn: Account-Expires\n":              FormatLDIF,
		"objectClass: top\ncn: a\n":          FormatLDIF,
		"attributeTypes:: KCAxLjEgKQ==\n":    FormatLDIF,
		"attributetype ( 1.1 )":              FormatOpenLDAP,
		"objectclass( 1.1 )":                 FormatOpenLDAP,
		"\n#c\nobjectIdentifier a 1.2":       FormatOpenLDAP,
		"include x\nldapsyntax\n\t( 1.1 )":   FormatOpenLDAP,
		"( 1.1 NAME 'a' )":                   FormatDefinitions,
		"  (1.1)":                            FormatDefinitions,
		"\"( 1.1 NAME 'a' )\",":              FormatDefinitions,
		"attributeTypes: ( 1.1 )\n( 1.2 )":   FormatDefinitions,
		"olcObjectClasses: {0}( 1.1 )":       FormatDefinitions,
		"attributeTypes:\n ( 1.1 )":          FormatDefinitions,
		"\"attributeTypes\": [\n\"( 1.1 )\"": FormatDefinitions,
		"matchingRule ( 1.1 )":               FormatUnknown,
		"":                                   FormatUnknown,
		"<html>":                             FormatUnknown,
		"# only a comment":                   FormatUnknown,
	} {
		if got := Detect([]byte(text)); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

func FuzzReadDefinitions(f *testing.F) {
	for _, seed := range []string{
		"attributeTypes: {1}( 1.1 NAME 'a' )\n# c\n( 1.2 DESC 'it's' ) x ( 1.3", "\"( 1.1 )\",( (\nobjectclass ( 1 FORM a )",
		"attributeTypes: ( 1.2.840.113556.1.2.102 NAME 'memberOf' DESC 'Group that the\n  entry' )",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		Detect([]byte(text))
		s, err := ReadDefinitions(text)
		if err != nil {
			return
		}
		checkRead(t, s)
		writeEverything(t, s)
	})
}
