package integration

import (
	"bytes"
	"io"
	"os/exec"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/ldapedge/ldapedge/integration/testserver"
	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/ldap/control"
	"github.com/ldapedge/ldapedge/ldap/filter"
	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/ldif"
)

// attribute is one of an entry in LDIF.
func attribute(name string, values ...string) ldif.Attribute {
	return ldif.Attribute{Name: name, Values: values}
}

// odd is a value that LDIF cannot have as it is, and that fills several lines.
var odd = " <: ä\r\n" + strings.Repeat("long ", 40)

// changesForSlapd has every kind of change.
func changesForSlapd() []ldif.Record {
	// One control a change: ldapmodify 2.5 stumbles over a second one.
	must := ldif.Control(control.Assertion{Filter: filter.Equal("sn", "one")}.Control())
	never := ldif.Control(control.ManageDsaIT.Optional())
	return []ldif.Record{
		{DN: "dc=example,dc=com", Change: ldif.ChangeAdd, Attributes: []ldif.Attribute{attribute("objectClass", "domain"), attribute("dc", "example")}},
		{DN: "ou=a,dc=example,dc=com", Change: ldif.ChangeAdd, Attributes: []ldif.Attribute{attribute("objectClass", "organizationalUnit"), attribute("ou", "a")}},
		{DN: "ou=b,dc=example,dc=com", Change: ldif.ChangeAdd, Attributes: []ldif.Attribute{attribute("objectClass", "organizationalUnit"), attribute("ou", "b")}},
		{DN: "cn=Jürgen,ou=a,dc=example,dc=com", Change: ldif.ChangeAdd, Attributes: []ldif.Attribute{
			attribute("objectClass", "inetOrgPerson", "posixAccount"), attribute("cn", "Jürgen"), attribute("sn", "one"), attribute("uid", "j"), attribute("homeDirectory", "/"),
			attribute("uidNumber", "1000"), attribute("gidNumber", "1"), attribute("description", odd, "gone"), attribute("mail", "a@example.com", "b@example.com"), attribute("title", "x")}},
		{DN: "cn=Jürgen,ou=a,dc=example,dc=com", Change: ldif.ChangeModify, Controls: []ldif.Control{must}, Modifications: []ldif.Modification{
			{Operation: ldif.OperationAdd, Attribute: attribute("jpegPhoto", "\xff\xd8\x00\xff")},
			{Operation: ldif.OperationDelete, Attribute: attribute("description", "gone")},
			{Operation: ldif.OperationDelete, Attribute: attribute("title")},
			{Operation: ldif.OperationReplace, Attribute: attribute("mail", "c@example.com")},
			{Operation: ldif.OperationIncrement, Attribute: attribute("uidNumber", "5")}}},
		{DN: "cn=Jürgen,ou=a,dc=example,dc=com", Change: ldif.ChangeModifyDN, NewRDN: "cn=José", DeleteOldRDN: true, NewSuperior: new("ou=b,dc=example,dc=com")},
		{DN: "ou=a,dc=example,dc=com", Change: ldif.ChangeDelete, Controls: []ldif.Control{never}},
		{DN: "ou=b,dc=example,dc=com", Change: ldif.ChangeModifyDN, NewRDN: "ou=c"},
	}
}

// ldapmodify has OpenLDAP's program make changes.
func ldapmodify(t *testing.T, url string, as ldap.Credentials, text string, args ...string) (out string, err error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "ldapmodify", append(args, "-x", "-H", url, "-D", as.DN, "-w", as.Password)...)
	cmd.Stdin = strings.NewReader(text)
	b, err := cmd.CombinedOutput()
	return string(b), err
}

// checkControlIsSent has a change refused by its control.
func checkControlIsSent(t *testing.T, s *testserver.Slapd) {
	t.Helper()
	var text bytes.Buffer
	err := ldif.NewWriter(&text).Write(&ldif.Record{DN: "dc=example,dc=com", Change: ldif.ChangeDelete,
		Controls: []ldif.Control{ldif.Control(control.Assertion{Filter: filter.Equal("dc", "other")}.Control())}})
	if err != nil {
		t.Fatal(err)
	}
	if out, err := ldapmodify(t, s.URL(), s.Credentials, text.String()); err == nil || !strings.Contains(out, "Assertion Failed (122)") {
		t.Errorf("a change whose assertion is false: %v, %s", err, out)
	}
}

// ldapmodify makes the changes that we write, and what ldapsearch then prints is
// read as the entries that the server has.
func TestLDIFChangesOnSlapd(t *testing.T) {
	s := startSlapd(t)
	var text bytes.Buffer
	w := ldif.NewWriter(&text)
	for _, r := range changesForSlapd() {
		if err := w.Write(&r); err != nil {
			t.Fatal(err)
		}
	}
	if out, err := ldapmodify(t, s.URL(), s.Credentials, text.String()); err != nil {
		t.Fatalf("ldapmodify: %v: %s", err, out)
	}
	checkControlIsSent(t, s)
	c := connect(t, s.URL(), &ldap.Options{Credentials: s.Credentials})
	seen := map[string]map[string][]string{}
	for e, err := range c.Search(t.Context(), message.SearchRequest{Base: "dc=example,dc=com", Scope: message.ScopeSub}) {
		if err != nil {
			t.Fatal(err)
		}
		seen[e.DN()] = map[string][]string{}
		for a := range e.Attributes() {
			seen[e.DN()][a.Name()] = a.Strings()
		}
	}
	person := seen["cn=José,ou=c,dc=example,dc=com"]
	want := map[string][]string{
		"objectClass": {"inetOrgPerson", "posixAccount"}, "cn": {"José"}, "sn": {"one"}, "uid": {"j"}, "homeDirectory": {"/"}, "uidNumber": {"1005"}, "gidNumber": {"1"},
		"description": {odd}, "mail": {"c@example.com"}, "jpegPhoto": {"\xff\xd8\x00\xff"},
	}
	if !reflect.DeepEqual(person, want) || len(seen) != 3 {
		t.Errorf("the person is %q among %d", person, len(seen))
	}
	if ou := slices.Sorted(slices.Values(seen["ou=c,dc=example,dc=com"]["ou"])); !slices.Equal(ou, []string{"b", "c"}) {
		t.Errorf("the renamed unit is %q", ou)
	}
	out, err := exec.CommandContext(t.Context(), "ldapsearch", "-x", "-LL", "-H", s.URL(), "-b", "dc=example,dc=com").Output()
	if err != nil {
		t.Fatal(err)
	}
	in := ldif.NewReader(bytes.NewReader(out))
	in.Changes = true
	printed := map[string]map[string][]string{}
	for {
		r, err := in.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		printed[r.DN] = map[string][]string{}
		for _, a := range r.Attributes {
			printed[r.DN][a.Name] = a.Values
		}
	}
	if !reflect.DeepEqual(printed, seen) {
		t.Errorf("ldapsearch prints %q\nthe server has %q", printed, seen)
	}
}
