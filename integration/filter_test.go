package integration

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	goldap "github.com/go-ldap/ldap/v3"

	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/ldap/filter"
	"github.com/ldapedge/ldapedge/ldap/message"
)

// filterVector is a vector of package filter. LDAPSearch and GoLDAP say why
// those make something else of the text.
type filterVector struct {
	Filter, Canonical, Reason string
	LDAPSearch                string `json:"ldapsearch"`
	GoLDAP                    string `json:"go-ldap"`
}

func filterVectors(t *testing.T) (all []filterVector) {
	t.Helper()
	text, err := os.ReadFile("../ldap/filter/testdata/filters.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &all); err != nil || len(all) == 0 {
		t.Fatal(len(all), err)
	}
	return all
}

// ourFilter returns the encoding that we send, nil for a text that we refuse.
func ourFilter(text string) []byte {
	f, err := filter.Parse(text)
	if err != nil {
		return nil
	}
	return f.AppendBER(nil)
}

// What we send is what ldapsearch and go-ldap send, but for the differences
// that the vectors name.
func TestFiltersBesidePeers(t *testing.T) {
	r := startRecorder(t)
	compared, differences := 0, 0
	check := func(peer, text, known string, ours, theirs []byte) {
		compared++
		if known != "" {
			differences++
		}
		if equal := bytes.Equal(ours, theirs); equal != (known == "") {
			t.Errorf("%q: %s sends %q, we %q; known: %q", text, peer, theirs, ours, known)
		}
	}
	for _, v := range filterVectors(t) {
		ours := ourFilter(v.Filter)
		var theirs []byte
		if p, err := goldap.CompileFilter(v.Filter); err == nil {
			theirs = p.Bytes()
		}
		check("go-ldap", v.Filter, v.GoLDAP, ours, theirs)
		// Without an equals sign ldapsearch takes it for an attribute, and a
		// null character ends an argument.
		if !strings.ContainsAny(v.Filter, "=()") || v.Filter == ")" || strings.Contains(v.Filter, "\x00") {
			continue
		}
		theirs = nil
		if request, _ := r.last(t, "ldapsearch", "", "-b", "", v.Filter); request != nil {
			theirs = filterOf(t, request)
		}
		check("ldapsearch", v.Filter, v.LDAPSearch, ours, theirs)
	}
	t.Logf("%d filters compared, %d different", compared, differences)
}

// filterEntries are what the filters are to find.
const filterEntries = `dn: dc=example,dc=com
objectClass: domain
dc: example

dn: ou=people,dc=example,dc=com
objectClass: organizationalUnit
ou: people

dn: cn=x,ou=people,dc=example,dc=com
objectClass: person
cn: x
sn: Jensen

dn: cn=Babs Jensen,ou=people,dc=example,dc=com
objectClass: person
cn: Babs Jensen
cn;lang-de: x
sn: Jensen
description: abcd

dn: cn=Tim Howes,ou=people,dc=example,dc=com
objectClass: person
cn: Tim Howes
sn:: THXEjWnEhw==
description: C:\MyFile

dn: cn=a\2Ab,ou=people,dc=example,dc=com
objectClass: person
cn: a*b
sn: Parens R Us (for all your parenthetical needs)

dn: cn=\5C2a,ou=people,dc=example,dc=com
objectClass: person
cn: \2a
sn: *

dn: o=university of michigan,dc=example,dc=com
objectClass: organization
o: university of michigan
seeAlso: dc=example,dc=com

dn: cn=device,dc=example,dc=com
objectClass: device
cn: device
cn: a=b
serialNumber: 5
`

// filterQueries are for those entries, beside the vectors.
var filterQueries = []string{
	"(objectClass=*)", "(&(objectClass=person)(sn=jensen))", "(cn=b*s*)", "(cn=*e*)", "(createTimestamp>=20000101000000Z)", "(createTimestamp<=29990101000000Z)", "(!(sn=*))",
	"(|(cn=Tim Howes)(o=*))", "(ou:dn:=people)", "(:dn:caseIgnoreMatch:=people)", "(sn:caseExactMatch:=jensen)", "(sn:caseExactMatch:=Jensen)",
	`(description=C:\5cMyFile)`, `(sn=\2a)`, `(sn=*\2a*)`, `(sn=*\28*\29)`, `(cn=\5c2a)`, "(seeAlso=dc=example, dc=com)", `(cn=a=b)`,
	"(&(|(ou=people)(cn=x))(!(sn=*)))", "(serialNumber=5)", "(unknownAttribute=x)", "(!(unknownAttribute=x))", "(description=a*b*c*d)",
	`(sn=Lu\c4\8di*)`, "(sn=Lučić)", "(cn~=Tim)", "(cn;lang-de=x)", "(&)", "(|)",
}

// addLDIF adds entries.
func addLDIF(t *testing.T, url string, as ldap.Credentials, text string) {
	t.Helper()
	if out, err := ldapmodify(t, url, as, text, "-a"); err != nil {
		t.Fatalf("ldapmodify: %v: %s", err, out)
	}
}

// found returns the DNs that our search finds, sorted.
func found(t *testing.T, c *ldap.Connection, text string) []string {
	t.Helper()
	f, err := filter.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	dns := []string{}
	for e, err := range c.Search(t.Context(), message.SearchRequest{Base: "dc=example,dc=com", Scope: message.ScopeSub, Filter: f, Attributes: []string{"1.1"}}) {
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		dns = append(dns, e.DN())
	}
	slices.Sort(dns)
	return dns
}

// A real server finds the same entries by our filters as by ldapsearch's.
func TestFiltersOnSlapd(t *testing.T) {
	s := startSlapd(t)
	addLDIF(t, s.URL(), s.Credentials, filterEntries)
	c := connect(t, s.URL(), &ldap.Options{NoCheckNames: true})
	queries := slices.Clone(filterQueries)
	for _, v := range filterVectors(t) {
		if v.Reason == "" && v.LDAPSearch == "" {
			queries = append(queries, v.Filter)
		}
	}
	hits := map[string]bool{}
	for _, query := range queries {
		out, err := exec.CommandContext(t.Context(), "ldapsearch", "-x", "-LLL", "-o", "ldif-wrap=no", "-H", s.URL(), "-b", "dc=example,dc=com", query, "1.1").Output()
		if err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		theirs := []string{}
		for line := range strings.Lines(string(out)) {
			if dn, ok := strings.CutPrefix(strings.TrimRight(line, "\n"), "dn: "); ok {
				theirs = append(theirs, dn)
			}
		}
		slices.Sort(theirs)
		ours := found(t, c, query)
		if !slices.Equal(ours, theirs) {
			t.Errorf("%s: we find %q, ldapsearch %q", query, ours, theirs)
		}
		for _, dn := range ours {
			hits[dn] = true
		}
		if len(ours) == 0 && slices.Contains(filterQueries, query) && !slices.Contains([]string{"(|)", "(unknownAttribute=x)", "(!(unknownAttribute=x))", "(sn:caseExactMatch:=jensen)"}, query) {
			t.Errorf("%s finds nothing", query)
		}
	}
	if len(queries) < 70 || len(hits) != 9 {
		t.Errorf("%d filters find %d entries", len(queries), len(hits))
	}
}
