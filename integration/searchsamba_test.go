package integration

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ldapedge/ldapedge/formatters"
	"github.com/ldapedge/ldapedge/integration/testserver"
	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/ldap/control"
	"github.com/ldapedge/ldapedge/ldap/filter"
	"github.com/ldapedge/ldapedge/ldap/message"
)

// What Active Directory has and others do not, of Samba's.
func TestSearchOfSamba(t *testing.T) {
	samba, err := testserver.StartSamba(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer samba.Close()
	const domain = "DC=ad,DC=example,DC=com"

	// Before a bind the schema may not be read. The search says so itself.
	var warnings []string
	c := connect(t, samba.URL(), &ldap.Options{Credentials: samba.Credentials, Warn: func(err error) { warnings = append(warnings, err.Error()) }})
	for _, err := range c.Search(t.Context(), message.SearchRequest{Base: domain}) {
		if !ldap.IsResult(err, message.ResultOperationsError) {
			t.Errorf("without a bind: %v", err)
		}
	}
	if len(warnings) != 1 || !strings.Contains(warnings[0], "reading the schema") {
		t.Errorf("warnings %q", warnings)
	}
	if err := c.Bind(t.Context()); err != nil {
		t.Fatal(err)
	}
	one := func(r message.SearchRequest, controls ...message.Control) (found ldap.Entry) {
		t.Helper()
		n := 0
		for e, err := range c.Search(t.Context(), r, controls...) {
			if err != nil {
				t.Fatalf("%+v: %v", r, err)
			}
			found = e
			n++
		}
		if n != 1 {
			t.Fatalf("%+v: %d entries", r, n)
		}
		return found
	}
	by := func(attribute, value string) message.SearchRequest {
		return message.SearchRequest{Base: domain, Scope: message.ScopeSub, Filter: filter.Equal(attribute, value)}
	}

	admin := one(by("sAMAccountName", "Administrator"))
	for name, kind := range map[string]formatters.Kind{
		"objectGUID": formatters.KindGUID, "objectSid": formatters.KindSID, "userAccountControl": formatters.KindFlags,
		"whenCreated": formatters.KindTime, "accountExpires": formatters.KindNever, "memberOf": formatters.KindText,
	} {
		if v := admin.Values(name); len(v.Values) == 0 || v.Values[0].Kind() != kind {
			t.Errorf("%s: %+v", name, v)
		}
	}
	// By what people write, and by the bytes.
	for _, name := range []string{"objectGUID", "objectSid", "whenCreated"} {
		raw, _ := admin.Attribute(name)
		for _, value := range []string{admin.Values(name).Values[0].String(), raw.Strings()[0]} {
			if name == "whenCreated" { // many have it
				r := by(name, value)
				r.Filter = filter.And(r.Filter, filter.Equal("sAMAccountName", "Administrator"))
				one(r)
			} else if e := one(by(name, value)); e.DN() != admin.DN() {
				t.Errorf("%s=%q finds %s", name, value, e.DN())
			}
		}
	}
	if e := one(message.SearchRequest{Base: fmt.Sprintf("<GUID=%s>", strings.Trim(admin.Values("objectGUID").Values[0].String(), "{}"))}); e.DN() != admin.DN() {
		t.Errorf("the GUID leads to %s", e.DN())
	}
	if guid, sid, dn := control.SplitExtendedDN(one(by("sAMAccountName", "Administrator"), control.ExtendedDN{Text: true}.Control()).DN()); dn != admin.DN() || guid == "" || sid != admin.Values("objectSid").Values[0].String() {
		t.Errorf("extended DN %q, %q, %q", guid, sid, dn)
	}

	// A reference comes with every search of the domain, unless it is not wanted.
	q := c.NewSearch(by("sAMAccountName", "Administrator"), nil)
	foundBy(t, q)
	if len(q.References()) == 0 || !strings.HasPrefix(q.References()[0].URLs[0], "ldap://ad.example.com/") {
		t.Errorf("references %+v", q.References())
	}
	q = c.NewSearch(by("sAMAccountName", "Administrator"), &ldap.SearchOptions{Controls: []message.Control{control.DomainScope.Control()}})
	if foundBy(t, q); len(q.References()) != 0 {
		t.Errorf("with the control of the domain %+v", q.References())
	}

	// All of it in pages, every value formatted.
	values, problems := 0, 0
	all := message.SearchRequest{Base: domain, Scope: message.ScopeSub, Attributes: []string{"*", "nTSecurityDescriptor"}}
	for e, err := range c.NewSearch(all, &ldap.SearchOptions{PageSize: 50}).Entries(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		for a := range e.Attributes() {
			v := a.Typed()
			values += len(v.Values)
			problems += len(v.Problems)
			for _, p := range v.Problems {
				t.Logf("%s: %v", e.DN(), p.Err)
			}
		}
	}
	if values < 1000 || problems > 0 {
		t.Errorf("%d values, %d of them not what their attribute says", values, problems)
	}

	// A range of values, which Samba returns to those who ask for one.
	const group = "CN=many,CN=Users," + domain
	var b strings.Builder
	fmt.Fprintf(&b, "dn: %s\nchangetype: add\nobjectClass: group\nsAMAccountName: many\n", group)
	for i := range 12 {
		fmt.Fprintf(&b, "\ndn: CN=m%d,CN=Users,%s\nchangetype: add\nobjectClass: user\nsAMAccountName: m%d\n", i, domain, i)
	}
	fmt.Fprintf(&b, "\ndn: %s\nchangetype: modify\nadd: member\n", group)
	for i := range 12 {
		fmt.Fprintf(&b, "member: CN=m%d,CN=Users,%s\n", i, domain)
	}
	modifyLDIF(t, samba.URL(), samba.Credentials, b.String())
	part := one(message.SearchRequest{Base: group, Attributes: []string{"member;range=0-4"}})
	if got := string(part.AppendJSON(nil)); !strings.Contains(got, `"member;range=0-4":["CN=m`) {
		t.Errorf("a range: %s", got)
	}
	if n := len(one(message.SearchRequest{Base: group, Attributes: []string{"member"}}).Values("member").Values); n != 12 {
		t.Errorf("%d members", n)
	}
}
