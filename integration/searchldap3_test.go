package integration

import (
	"encoding/hex"
	"errors"
	"reflect"
	"slices"
	"testing"

	"github.com/ldapedge/ldapedge/dn"
	"github.com/ldapedge/ldapedge/formatters"
	"github.com/ldapedge/ldapedge/integration/testserver"
	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/ldap/filter"
	"github.com/ldapedge/ldapedge/ldap/message"
)

// ldap3Search is a search that ldap3 and we do.
type ldap3Search struct {
	Base       string   `json:"base"`
	Scope      string   `json:"scope"`
	Filter     string   `json:"filter"`
	Attributes []string `json:"attributes"`
	CheckNames bool     `json:"checkNames"`
	Empty      bool     `json:"empty"`
	Page       int      `json:"page"`

	// ours is our outcome where it is another one by intent, and why.
	ours string
}

// ldap3Found is an outcome: entries, a result's code, or the exception of ldap3
// that stands for what was refused.
type ldap3Found struct {
	Entries []ldap3FoundEntry
	Error   string
	Result  int
}

type ldap3FoundEntry struct {
	DN  string
	Raw map[string][]string
}

func ldap3Searches(t *testing.T, s *testserver.Slapd, searches []ldap3Search) (all []ldap3Found) {
	t.Helper()
	job := map[string]any{"url": s.URL(), "user": s.Credentials.DN, "password": s.Credentials.Password, "searches": searches}
	return fromJSON[ldap3Found](t, askPython(t, toJSON(t, job), "ldap3_search.py"))
}

func ownFound(t *testing.T, s *testserver.Slapd, search ldap3Search) (found ldap3Found) {
	t.Helper()
	c := bound(t, s.URL(), s.Credentials, ldap.Options{NoCheckNames: !search.CheckNames, NoEmptyAttributes: !search.Empty})
	f, err := filter.Parse(search.Filter)
	if err != nil {
		t.Fatal(err)
	}
	scope := map[string]message.Scope{"base": message.ScopeBase, "one": message.ScopeOne, "sub": message.ScopeSub}[search.Scope]
	q := c.NewSearch(message.SearchRequest{Base: search.Base, Scope: scope, Filter: f, Attributes: search.Attributes}, nil)
	found.Entries = []ldap3FoundEntry{}
	n := 0
	for e, err := range q.Entries(t.Context()) {
		if err != nil {
			found.Error, found.Result = ldap3Exception(t, err)
			break
		}
		if n++; search.Page > 0 && n > search.Page {
			break // ldap3's search returns one page
		}
		raw := make(map[string][]string)
		for a := range e.Attributes() {
			values := []string{}
			for v := range a.Values() {
				values = append(values, hex.EncodeToString(v))
			}
			slices.Sort(values)
			raw[a.Name()] = values
		}
		found.Entries = append(found.Entries, ldap3FoundEntry{e.DN(), raw})
	}
	return found
}

// ldap3Exception is what ldap3 calls our error.
func ldap3Exception(t *testing.T, err error) (exception string, result int) {
	t.Helper()
	var name *ldap.NameError
	var refused *ldap.ResultError
	switch {
	case errors.As(err, &name) && name.Kind == "object class":
		return "LDAPObjectClassError", 0
	case errors.As(err, &name):
		return "LDAPAttributeError", 0
	case errors.As(err, new(*formatters.ValueError)):
		return "LDAPInvalidValueError", 0
	case errors.As(err, new(*dn.SyntaxError)):
		return "LDAPInvalidDnError", 0
	case errors.As(err, &refused):
		return "", int(refused.Code)
	}
	t.Fatal(err)
	return "", 0
}

// Searches beside ldap3's: what is refused, and what is found.
func TestSearchesEqualLDAP3(t *testing.T) {
	slapd := startPeople(t, testserver.SlapdConfig{}, 12)
	const base = "dc=example,dc=com"
	sub := func(f string, attributes ...string) ldap3Search {
		return ldap3Search{Base: base, Scope: "sub", Filter: f, Attributes: attributes, CheckNames: true, Empty: true}
	}
	but := func(s ldap3Search, change func(*ldap3Search)) ldap3Search {
		change(&s)
		return s
	}
	const unchecked = "with check_names off no name is checked"
	searches := []ldap3Search{
		sub("(objectClass=*)"), sub("(objectClass=*)", "*", "+"), sub("(uid=alice)", "cn", "sn", "mail", "title"), sub("(uid=alice)", "1.1"),
		sub("(uid=alice)", "cn;lang-de", "cn;lang-fr", "userCertificate;binary"), sub("(&(objectClass=posixAccount)(uidNumber>=5))", "uid"),
		sub("(|(uid=u1)(uid=u2)(!(objectClass=posixAccount)))", "uid", "cn"), sub("(cn=User 1*)", "cn"), sub("(cn:caseExactMatch:=Alice)", "cn"),
		sub(`(cn=Al\69ce)`, "cn"), sub("(uid=nobody)"), sub("(objectClass=subschema)"), sub("(entryUUID=00000000-0000-0000-0000-000000000000)"),
		sub("(createTimestamp>=20200101000000Z)", "createTimestamp"), sub("(hasSubordinates=true)", "hasSubordinates"),
		{Base: "ou=nowhere," + base, Scope: "base", Filter: "(objectClass=*)", CheckNames: true, Empty: true},
		{Base: "nodn", Scope: "base", Filter: "(objectClass=*)", CheckNames: true, Empty: true},
		{Base: "nodn", Scope: "base", Filter: "(objectClass=*)", Empty: true},
		sub("(objectClass=*)", "zzz"), sub("(objectClass=*)", "cn", "zzz;lang-de"), sub("(zzz=1)"), sub("(zzz=*)"), sub("(!(zzz=1*))"),
		sub("(objectClass=zzz)"), sub("(uidNumber=x)"), sub("(createTimestamp<=yesterday)"), sub("(entryUUID=x)"),
		but(sub("(uid=alice)", "cn", "mail"), func(s *ldap3Search) { s.CheckNames = false }),
		but(sub("(uid=alice)", "cn", "zzz"), func(s *ldap3Search) { s.CheckNames, s.ours = false, unchecked }),
		but(sub("(zzz=1)"), func(s *ldap3Search) { s.CheckNames = false }),
		but(sub("(objectClass=zzz)"), func(s *ldap3Search) { s.CheckNames = false }),
		but(sub("(uidNumber=x)"), func(s *ldap3Search) { s.CheckNames = false }),
		but(sub("(uid=alice)", "cn", "mail", "jpegPhoto"), func(s *ldap3Search) { s.Empty = false }),
		but(sub("(objectClass=*)"), func(s *ldap3Search) { s.Page = 3 }),
	}
	found := ldap3Searches(t, slapd, searches)
	refused := make(map[string]int)
	for i, theirs := range found {
		search := searches[i]
		ours := ownFound(t, slapd, search)
		refused[ours.Error]++
		if equal := reflect.DeepEqual(ours, theirs); equal == (search.ours != "") {
			t.Errorf("%+v:\nours   %.600v\nldap3's %.600v", search, ours, theirs)
		}
	}
	t.Logf("%d searches, refused %v", len(found), refused)
	if len(found) != len(searches) {
		t.Errorf("%d searches were done by ldap3, not %d", len(found), len(searches))
	}
}
