package convert

import (
	"fmt"
	"strings"
	"testing"
)

// account is a small part of Active Directory's schema.
const account = `dn: CN=Account-Expires,CN=Schema,CN=Configuration,DC=X
changetype: add
objectClass: top
objectClass: attributeSchema
cn: Account-Expires
attributeID: 1.2.840.113556.1.4.159
attributeSyntax: 2.5.5.16
oMSyntax: 65
isSingleValued: TRUE
rangeUpper: 7
lDAPDisplayName: accountExpires
adminDescription: Account-Expires
systemOnly: FALSE

dn: CN=System-Flags,CN=Schema,CN=Configuration,DC=X
objectClass: attributeSchema
attributeID: 1.2.840.113556.1.4.375
attributeSyntax: 2.5.5.9
oMSyntax: 2
isSingleValued: TRUE
lDAPDisplayName: systemFlags
systemOnly: TRUE

dn: CN=Member,CN=Schema,CN=Configuration,DC=X
objectClass: attributeSchema
attributeID: 2.5.4.31
attributeSyntax: 2.5.5.1
oMSyntax: 127
oMObjectClass:: KwwCh3McAIVK
isSingleValued: FALSE
lDAPDisplayName: member

dn: CN=Well-Known-Objects,CN=Schema,CN=Configuration,DC=X
attributeID: 1.2.840.113556.1.4.618
attributeSyntax: 2.5.5.7
oMSyntax: 127
oMObjectClass:: KoZIhvcUAQEBCw==
lDAPDisplayName: wellKnownObjects

dn: CN=Mail,CN=Schema,CN=Configuration,DC=X
attributeID: 0.9.2342.19200300.100.1.3
attributeSyntax: 2.5.5.12
oMSyntax: 64
isSingleValued: TRUE
rangeLower: 0
rangeUpper: 256
lDAPDisplayName: mail

dn: CN=Odd,CN=Schema,CN=Configuration,DC=X
attributeID: 1.1.1
attributeSyntax: 2.5.5.99
oMSyntax: 4
lDAPDisplayName: odd

dn: CN=Old,CN=Schema,CN=Configuration,DC=X
attributeID: 1.1.2
attributeSyntax: 2.5.5.12
oMSyntax: 64
lDAPDisplayName: old
isDefunct: TRUE

dn: CN=Nameless,CN=Schema,CN=Configuration,DC=X
objectClass: attributeSchema
attributeID: 1.1.3

dn: CN=Top,CN=Schema,CN=Configuration,DC=X
objectClass: classSchema
governsID: 2.5.6.0
subClassOf: top
objectClassCategory: 2
lDAPDisplayName: top
systemMustContain: objectClass
systemMayContain: systemFlags

dn: CN=Mail-Recipient,CN=Schema,CN=Configuration,DC=X
objectClass: classSchema
governsID: 1.2.840.113556.1.3.46
subClassOf: top
objectClassCategory: 3
lDAPDisplayName: mailRecipient
systemMustContain: cn
systemMayContain: mail
mayContain: systemFlags
mayContain: showInAddressBook

dn: CN=Group,CN=Schema,CN=Configuration,DC=X
objectClass: classSchema
governsID: 1.2.840.113556.1.5.8
subClassOf: top
objectClassCategory: 1
lDAPDisplayName: group
adminDescription: Group
systemMustContain: groupType
systemMayContain: member
mayContain: member
systemAuxiliaryClass: 1.2.840.113556.1.3.46

dn: CN=Special-Group,CN=Schema,CN=Configuration,DC=X
objectClass: classSchema
governsID: 1.1.4
subClassOf: group
objectClassCategory: 0
lDAPDisplayName: specialGroup
mayContain: mail

dn: CN=User,CN=Schema,CN=Configuration,DC=X
changetype: modify
add: mayContain
mayContain: odd
-

dn:
changetype: modify
add: schemaUpdateNow
schemaUpdateNow: 1
-
`

func TestReadActiveDirectory(t *testing.T) {
	s := readLDIF(t, account,
		`attributeTypes: no syntax is known for attributeSyntax "2.5.5.99" with oMSyntax "4"`,
		"attributeTypes: the object has no lDAPDisplayName", "objectClasses: a change of a class is left out")
	if s.Entry != "CN=Aggregate,CN=Schema,CN=Configuration,DC=X" {
		t.Errorf("entry %q", s.Entry)
	}
	wantDefinitions(t, s,
		"( 1.2.840.113556.1.4.159 NAME 'accountExpires' DESC 'Account-Expires' SYNTAX 1.2.840.113556.1.4.906 SINGLE-VALUE )",
		"( 1.2.840.113556.1.4.375 NAME 'systemFlags' SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE NO-USER-MODIFICATION )",
		"( 2.5.4.31 NAME 'member' SYNTAX 1.3.6.1.4.1.1466.115.121.1.12 )",
		"( 1.2.840.113556.1.4.618 NAME 'wellKnownObjects' SYNTAX 1.2.840.113556.1.4.903 )",
		"( 0.9.2342.19200300.100.1.3 NAME 'mail' SYNTAX 1.3.6.1.4.1.1466.115.121.1.15{256} SINGLE-VALUE )",
		"( 1.1.1 NAME 'odd' )",
		"( 2.5.6.0 NAME 'top' ABSTRACT MUST objectClass MAY systemFlags )",
		"( 1.2.840.113556.1.3.46 NAME 'mailRecipient' SUP top AUXILIARY MUST cn MAY ( mail $ systemFlags $ showInAddressBook ) )",
		"( 1.2.840.113556.1.5.8 NAME 'group' DESC 'Group' SUP top STRUCTURAL MUST groupType MAY member )",
		"( 1.1.4 NAME 'specialGroup' SUP group STRUCTURAL MAY mail )",
		"( 1.2.840.113556.1.5.8 NAME 'group' AUX mailRecipient MUST cn MAY ( mail $ showInAddressBook ) )",
		"( 1.1.4 NAME 'specialGroup' AUX mailRecipient MUST cn MAY showInAddressBook )")
	if p := s.Problems[1]; p.Text != "dn: CN=Nameless,CN=Schema,CN=Configuration,DC=X\nobjectClass: attributeSchema\nattributeID: 1.1.3\n" {
		t.Errorf("text %q", p.Text)
	}
}

// Microsoft's text files have no DNs, names in another case, OIDs in digits and
// several values in a line.
func TestReadMicrosoftText(t *testing.T) {
	s := readLDIF(t, "#a notice\n\n\ncn: Member\nldapDisplayName: member\nattributeId: 2.5.4.31\nattributeSyntax: 2.5.5.1\nomSyntax: 127\nomObjectClass: 1.3.12.2.1011.28.0.714\n"+
		"isSingleValued: FALSE\nschemaIdGuid:bf9679c0-0de6-11d0-a285-00aa003049e2\n\n"+
		"cn: Group\nldapDisplayName: group\ngovernsId: 1.2.840.113556.1.5.8\nobjectClassCategory: 1\nsubClassOf: top\nmayContain: member, mail,cn\npossSuperiors: ou, container\n")
	wantDefinitions(t, s, "( 2.5.4.31 NAME 'member' SYNTAX 1.3.6.1.4.1.1466.115.121.1.12 )",
		"( 1.2.840.113556.1.5.8 NAME 'group' SUP top STRUCTURAL MAY ( member $ mail $ cn ) )")
	if s.Entry != "" {
		t.Errorf("entry %q", s.Entry)
	}
}

func TestAuxiliaryClassesInCircle(t *testing.T) {
	s := readLDIF(t, strings.ReplaceAll(`cn: A;lDAPDisplayName: a;governsID: 1.1;objectClassCategory: 3;auxiliaryClass: b;subClassOf: b;mayContain: x

cn: B;lDAPDisplayName: b;governsID: 1.2;objectClassCategory: 3;auxiliaryClass: a;subClassOf: a;mustContain: y

cn: C;lDAPDisplayName: c;governsID: 1.3;objectClassCategory: 1;auxiliaryClass: a;subClassOf: c

cn: D;lDAPDisplayName: d;governsID: 1.4;objectClassCategory: 9;subClassOf: nowhere
`, ";", "\n"), `the objectClassCategory "9" is not known`)
	if got := formatAll(s)[4:]; got[0] != "( 1.3 NAME 'c' AUX ( a $ b ) MUST y MAY x )" || got[1] != "( 1.4 NAME 'd' AUX ( a $ b ) )" {
		t.Errorf("got %q", got)
	}
}

// Every structural class has a rule with every auxiliary class: what comes of a
// file that wants too much of that is bounded.
func TestTooManyContentRules(t *testing.T) {
	var b strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&b, "lDAPDisplayName: %s%d\ngovernsID: 1.%d\nobjectClassCategory: %d\n\n", strings.Repeat("x", 100), i, i, 1+i%2*2)
	}
	s := readLDIF(t, b.String(), "dITContentRules: there are too many classes")
	if n := len(s.DITContentRules); n < 100 || n > 1000 {
		t.Errorf("%d rules", n)
	}
}

func TestADSyntaxes(t *testing.T) {
	seen := make(map[[3]string]bool)
	for _, s := range adSyntaxes {
		key := [3]string{s.attributeSyntax, s.oMSyntax, s.oMObjectClass}
		if seen[key] {
			t.Errorf("%v comes twice", key)
		}
		seen[key] = true
		if got := adSyntaxOf(s.attributeSyntax, s.oMSyntax, s.oMObjectClass); got == nil || got.oid != s.oid {
			t.Errorf("%v is %v", key, got)
		}
	}
	for ber, want := range map[string]string{
		"\x2b\x0c\x02\x87\x73\x1c\x00\x85\x3e":     "1.3.12.2.1011.28.0.702",
		"\x2a\x86\x48\x86\xf7\x14\x01\x01\x01\x0c": "1.2.840.113556.1.1.1.12",
		"\x56\x06\x01\x02\x05\x0b\x1d":             "2.6.6.1.2.5.11.29",
		"":                                         "",
		"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff": "",
	} {
		if got := dotted(ber); got != want {
			t.Errorf("%x is %q, want %q", ber, got, want)
		}
	}
	if got := adSyntaxOf("2.5.5.14", "127", "\x2b\x0c\x02\x87\x73\x1c\x00\x85\x3e"); got == nil || got.oid != "1.3.6.1.4.1.1466.115.121.1.2" {
		t.Errorf("Object(Access-Point) is %v", got)
	}
	if got := adSyntaxOf("2.5.5.14", "127", ""); got == nil || got.oid != "1.2.840.113556.1.4.904" {
		t.Errorf("without a class it is %v", got)
	}
}

// What an entry must have is what Active Directory asks for.
func TestActiveDirectoryEntry(t *testing.T) {
	s, err := ReadLDIF(strings.NewReader(account))
	if err != nil {
		t.Fatal(err)
	}
	var must []string
	e := s.EntryAttributes([]string{"specialGroup"})
	for _, a := range e.Must {
		must = append(must, a.Name)
	}
	if got := strings.Join(must, " "); got != "groupType objectClass cn" || e.ContentRule == nil {
		t.Errorf("must have %q", got)
	}
}
