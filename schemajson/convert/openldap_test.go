package convert

import (
	"errors"
	"strings"
	"testing"
	"testing/iotest"
)

func TestReadOpenLDAP(t *testing.T) {
	s, err := ReadOpenLDAP(strings.NewReader(`# a comment
	that goes on ( here

include /etc/ldap/schema/core.schema
objectidentifier  Example 1.2.3
ObjectIdentifier exampleType Example:1

attributetype ( exampleType:1
	NAME ( 'first'
		'other' )
	SUP name )
AttributeType ( 1.2.3.1.2
	NAME 'second'
# a comment in the middle
#	of it ( '
	DESC 'over
   two lines'

	SYNTAX later{64} SINGLE-VALUE )
#attributetype ( 1.2.3.1.3
	NAME 'commented' )
objectidentifier later 1.3.6.1.4.1.1466.115.121.1.15

	objectclass( Example:2 NAME 'class' SUP top MAY ( first $ second ) )
attributetype ( 1.2.3.1.4 NAME 'open'
objectclasses ( Other:5 NAME 'x' SYNTAX 'later' )
ldapsyntax ( 1.2.3.9 DESC 'ours' X-SUBST '1.3.6.1.4.1.1466.115.121.1.15' )
ditcontentrule ( Example:2 NAME 'rule' NOT second )
`))
	if err != nil {
		t.Fatal(err)
	}
	wantProblems(t, s,
		`slapd.conf: line 4: the directive "include" defines nothing`,
		`objectClasses: the object identifier "Other" is not defined at byte 2`,
		`attributeTypes: the closing ")" is missing`,
		`objectClasses: unknown keyword "SYNTAX" at byte 19`)
	wantDefinitions(t, s,
		"( 1.2.3.9 DESC 'ours' X-SUBST '1.3.6.1.4.1.1466.115.121.1.15' )",
		"( 1.2.3.1.1 NAME ( 'first' 'other' ) SUP name )",
		"( 1.2.3.1.2 NAME 'second' DESC 'over   two lines' SYNTAX 1.3.6.1.4.1.1466.115.121.1.15{64} SINGLE-VALUE )",
		"( 1.2.3.2 NAME 'class' SUP top MAY ( first $ second ) )",
		"( Other:5 NAME 'x' SYNTAX '1.3.6.1.4.1.1466.115.121.1.15' )",
		"( 1.2.3.2 NAME 'rule' NOT second )")
	if raw := s.AttributeType("second").Raw; strings.ContainsAny(raw, "\n\t") {
		t.Errorf("raw %q", raw)
	}
}

func TestReadOpenLDAPErrors(t *testing.T) {
	for _, text := range []string{"", "# comment\n", "include a\nobjectidentifier a 1.2\n"} {
		if _, err := ReadOpenLDAP(strings.NewReader(text)); !errors.Is(err, ErrNoDefinitions) {
			t.Errorf("%q: %v", text, err)
		}
	}
	broken := errors.New("broken")
	if _, err := ReadOpenLDAP(iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	if _, err := readText(strings.NewReader("12345"), 4); err == nil || !strings.Contains(err.Error(), "longer than 4 bytes") {
		t.Errorf("got %v", err)
	}
}

func FuzzReadOpenLDAP(f *testing.F) {
	for _, seed := range []string{
		"attributetype ( 1.1\n\tNAME 'a'\n# c\n\n SYNTAX 1.2 )\n#x\n y\nobjectclass( 1.2 MAY a )\n",
		"objectidentifier a 1.2\nobjectidentifier b a:3\nldapsyntax ( b:4 X-SUBST 'b' )\nditcontentrule ( 'b{2}' AUX b:5 )\ninclude x",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := ReadOpenLDAP(strings.NewReader(text))
		if err == nil {
			checkRead(t, s)
			writeEverything(t, s)
		}
	})
}
