package integration

import (
	"bytes"
	"context"
	"encoding/base64"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/ldapedge/ldapedge/integration/testserver"
	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/ldap/filter"
	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/native/demo"
	"github.com/ldapedge/ldapedge/native/dial"
	"github.com/ldapedge/ldapedge/schemajson"
	"github.com/ldapedge/ldapedge/server"
)

func startSlapd(t *testing.T) *testserver.Slapd {
	t.Helper()
	s, err := testserver.StartSlapd(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func startDemo(t *testing.T) *demo.Directory {
	t.Helper()
	d, err := demo.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

func connect(t *testing.T, url string, o *ldap.Options) *ldap.Connection {
	t.Helper()
	srv, err := server.New(url, nil)
	if err != nil {
		t.Fatal(err)
	}
	c := ldap.NewConnection(srv, new(dial.Dialer), o)
	if err := c.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// ldapsearch returns the values of an attribute of the subschema entry as
// OpenLDAP's own client reads them.
func ldapsearch(t *testing.T, url, attribute string) (values []string) {
	t.Helper()
	out, err := exec.Command("ldapsearch", "-x", "-LLL", "-o", "ldif-wrap=no", "-H", url, "-b", "cn=Subschema", "-s", "base", "(objectClass=subschema)", attribute).Output()
	if err != nil {
		t.Fatalf("ldapsearch: %v", err)
	}
	for line := range bytes.Lines(out) {
		s := strings.TrimRight(string(line), "\n")
		if v, ok := strings.CutPrefix(s, attribute+":: "); ok {
			b, err := base64.StdEncoding.DecodeString(v)
			if err != nil {
				t.Fatal(err)
			}
			values = append(values, string(b))
		} else if v, ok := strings.CutPrefix(s, attribute+": "); ok {
			values = append(values, v)
		}
	}
	return values
}

// The schema that we read is, definition by definition, what ldapsearch reads.
func TestSchemaEqualsLDAPSearch(t *testing.T) {
	for name, url := range map[string]string{"slapd": startSlapd(t).URL(), "demo": startDemo(t).URL()} {
		t.Run(name, func(t *testing.T) {
			s, err := connect(t, url, nil).ReadSchema(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range s.Problems {
				t.Errorf("%v", p)
			}
			compare(t, url, schemajson.CollectionAttributeTypes, raws(s.AttributeTypes, func(d *schemajson.AttributeType) string { return d.Raw }))
			compare(t, url, schemajson.CollectionObjectClasses, raws(s.ObjectClasses, func(d *schemajson.ObjectClass) string { return d.Raw }))
			compare(t, url, schemajson.CollectionMatchingRules, raws(s.MatchingRules, func(d *schemajson.MatchingRule) string { return d.Raw }))
			compare(t, url, schemajson.CollectionLDAPSyntaxes, raws(s.LDAPSyntaxes, func(d *schemajson.LDAPSyntax) string { return d.Raw }))
			must, _ := s.ClassAttributes(s.ObjectClass("inetOrgPerson"))
			from := make(map[string]string)
			for _, a := range must {
				from[a.Name] = a.From.Name()
			}
			if from["sn"] != "person" || from["cn"] != "person" || from["objectClass"] != "top" {
				t.Errorf("inetOrgPerson must have %v", from)
			}
		})
	}
}

func raws[D any](definitions []D, raw func(*D) string) (all []string) {
	for i := range definitions {
		all = append(all, raw(&definitions[i]))
	}
	return all
}

func compare(t *testing.T, url, collection string, got []string) {
	t.Helper()
	want := ldapsearch(t, url, collection)
	slices.Sort(want)
	slices.Sort(got)
	if len(want) == 0 || !slices.Equal(got, want) {
		t.Errorf("%s: %d definitions, ldapsearch has %d, or they differ", collection, len(got), len(want))
	}
	t.Logf("%s: %d", collection, len(got))
}

func TestBindAndSearch(t *testing.T) {
	slapd := startSlapd(t)
	admin := &ldap.Options{Credentials: ldap.Credentials{DN: "cn=admin,dc=example,dc=com", Password: "secret"}}
	c := connect(t, slapd.URL(), admin)
	if err := c.Bind(t.Context()); err != nil {
		t.Fatal(err)
	}
	var found []string
	for e, err := range c.Search(t.Context(), message.SearchRequest{Filter: filter.Present("objectClass"), Attributes: []string{"namingContexts", "supportedLDAPVersion"}}) {
		if err != nil {
			t.Fatal(err)
		}
		for a := range e.Attributes() {
			found = append(found, a.Name()+"="+strings.Join(a.Strings(), ","))
		}
	}
	if want := []string{"namingContexts=dc=example,dc=com", "supportedLDAPVersion=3"}; !slices.Equal(found, want) {
		t.Errorf("root DSE has %v", found)
	}
	wrong := connect(t, slapd.URL(), &ldap.Options{Credentials: ldap.Credentials{DN: "cn=admin,dc=example,dc=com", Password: "wrong"}})
	if err := wrong.Bind(t.Context()); !ldap.IsResult(err, message.ResultInvalidCredentials) {
		t.Errorf("wrong password: %v", err)
	}
	for _, err := range c.Search(t.Context(), message.SearchRequest{Base: "dc=nowhere"}) {
		if !ldap.IsResult(err, message.ResultNoSuchObject) {
			t.Errorf("no such base: %v", err)
		}
	}
}

// A server that is killed is noticed, and the same connection opens again.
func TestKillAndReopen(t *testing.T) {
	slapd := startSlapd(t)
	c := connect(t, slapd.URL(), nil)
	slapd.Kill()
	<-c.Done()
	if err := c.Check(t.Context()); err == nil {
		t.Error("a killed server answers")
	}
	if err := c.Open(t.Context()); err == nil {
		t.Error("a killed server is opened")
	}
	if err := slapd.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := c.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := c.ReadSchema(t.Context()); err != nil {
		t.Error(err)
	}
}
