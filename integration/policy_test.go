package integration

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ldapedge/ldapedge/integration/testserver"
	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/ldap/filter"
	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/server"
)

// through opens a connection through the connector with a token, bound as slapd's
// administrator: what is refused is refused by the connector.
func through(t *testing.T, c *connector, token string, slapd *testserver.Slapd) *ldap.Connection {
	t.Helper()
	srv, err := server.New("ldap://dc1", &server.Options{GetInfo: server.InfoNone})
	if err != nil {
		t.Fatal(err)
	}
	conn := ldap.NewConnection(srv, &connector{addr: c.addr, token: token}, &ldap.Options{Credentials: slapd.Credentials, NoCheckNames: true})
	if err := errors.Join(conn.Open(t.Context()), conn.Bind(t.Context())); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// TestPolicyOfAConnector holds what a configuration says against a real server:
// one subject reads, another writes below its base, and a third does as it likes.
func TestPolicyOfAConnector(t *testing.T) {
	slapd := startPeople(t, testserver.SlapdConfig{}, 3)
	tokens := make(map[string]string)
	config := "listen: 127.0.0.1:0\nadmin: 127.0.0.1:0\nservers: [{name: dc1, url: '" + slapd.URL() + "'}]\npolicies:\n" +
		"  - {subjects: [writer], operations: [default, modify], bases: ['ou=more,dc=example,dc=com'], writable_attributes: [userPassword]}\n" +
		"  - {subjects: [backup], unfiltered: true}\nauth:\n  tokens:\n"
	for _, subject := range []string{"reader", "writer", "backup"} {
		token, hash := makeToken(t)
		tokens[subject] = token
		config += "    - {subject: " + subject + ", servers: all, sha256: " + hash + "}\n"
	}
	c := startConnector(t, config)
	const more, alice = "uid=u1,ou=more,dc=example,dc=com", "uid=alice,ou=people,dc=example,dc=com"
	password := func(dn, value string) func(*ldap.Connection) error {
		return func(conn *ldap.Connection) error {
			_, err := conn.Modify(context.Background(), message.ModifyRequest{DN: dn, Changes: []message.Change{{Kind: message.ChangeReplace, Attribute: "userPassword", Values: []string{value}}}})
			return err
		}
	}
	describe := func(conn *ldap.Connection) error {
		_, err := conn.Modify(context.Background(), message.ModifyRequest{DN: more, Changes: []message.Change{{Kind: message.ChangeReplace, Attribute: "description", Values: []string{"x"}}}})
		return err
	}
	search := func(base string, f filter.Filter, attributes ...string) func(*ldap.Connection) error {
		return func(conn *ldap.Connection) error {
			var names []string
			for e, err := range conn.Search(context.Background(), message.SearchRequest{Base: base, Scope: message.ScopeSub, Filter: f, Attributes: attributes}) {
				if err != nil {
					return err
				}
				for a := range e.Entry.Attributes() {
					names = append(names, a.Name())
				}
			}
			slices.Sort(names)
			return fmt.Errorf("found %s", strings.Join(slices.Compact(names), " "))
		}
	}
	deleted := func(conn *ldap.Connection) error {
		_, err := conn.Delete(context.Background(), message.DeleteRequest{DN: more})
		return err
	}
	if err := password(more, "secret")(through(t, c, tokens["backup"], slapd)); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		subject, name string
		do            func(*ldap.Connection) error
		says          string
	}{
		{"reader", "reads", search(more, filter.Filter{}, "uid", "userPassword"), "found uid"},
		{"reader", "reads all", search(more, filter.Filter{}), "found cn gidNumber homeDirectory objectClass uid uidNumber"},
		{"reader", "guesses", search(more, filter.Equal("userPassword", "secret")), "insufficientAccessRights"},
		{"reader", "guesses by OID", search(more, filter.Present("2.5.4.35")), "insufficientAccessRights"},
		{"reader", "writes", describe, "insufficientAccessRights: policy: modify is not allowed"},
		{"reader", "deletes", deleted, "insufficientAccessRights: policy: delete is not allowed"},
		{"writer", "writes", describe, "<nil>"},
		{"writer", "sets a password", password(more, "other"), "<nil>"},
		{"writer", "writes elsewhere", password(alice, "other"), "insufficientAccessRights"},
		{"writer", "reads elsewhere", search(alice, filter.Filter{}), "insufficientAccessRights"},
		{"writer", "reads passwords", search(more, filter.Filter{}, "userPassword", "uid"), "found uid"},
		{"writer", "deletes", deleted, "insufficientAccessRights: policy: delete is not allowed"},
		{"backup", "reads passwords", search(more, filter.Filter{}, "userPassword"), "found userPassword"},
		{"backup", "deletes", deleted, "<nil>"},
	} {
		t.Run(test.subject+" "+test.name, func(t *testing.T) {
			if err := test.do(through(t, c, tokens[test.subject], slapd)); !strings.Contains(fmt.Sprint(err), test.says) {
				t.Errorf("%v", err)
			}
		})
	}
	eventually(t, "refusals are in the log", func() bool { return strings.Contains(c.log.String(), "refusals.attribute=1") })
	log := c.log.String()
	for _, secret := range append([]string{"secret", slapd.Credentials.Password}, tokens["reader"], tokens["writer"]) {
		if strings.Contains(log, secret) {
			t.Errorf("%q is in the log", secret)
		}
	}
	if !strings.Contains(log, "operations.search=1") || !strings.Contains(log, "subject=reader") {
		t.Errorf("the log is %s", log)
	}
}

// TestPolicyOfDocuments: what a subject could not read in a session, no document of
// the server's tells it either.
func TestPolicyOfDocuments(t *testing.T) {
	slapd := startPeople(t, testserver.SlapdConfig{}, 3)
	tokens := make(map[string]string)
	config := "listen: 127.0.0.1:0\nservers: [{name: dc1, url: '" + slapd.URL() + "'}]\npolicies:\n" +
		"  - {subjects: [base], bases: ['ou=people,dc=example,dc=com']}\n" +
		"  - {subjects: [noschema], bases: ['ou=people,dc=example,dc=com'], refuse_subschema: true}\n" +
		"  - {subjects: [noroot], bases: ['ou=people,dc=example,dc=com'], refuse_root_dse: true}\n" +
		"  - {subjects: [bound], require_bind: true}\n" +
		"  - {subjects: [comparer], operations: [bind, compare]}\nauth:\n  tokens:\n"
	statuses := map[string][2]int{ // of schema and info
		"base": {200, 200}, "noschema": {403, 200}, "noroot": {200, 403}, "bound": {403, 403}, "comparer": {403, 403}, "other": {200, 200},
	}
	for subject := range statuses {
		token, hash := makeToken(t)
		tokens[subject] = token
		config += "    - {subject: " + subject + ", servers: all, sha256: " + hash + "}\n"
	}
	c := startConnector(t, config)
	for subject, want := range statuses {
		for i, document := range []string{"schema", "info"} {
			response, body := c.with(tokens[subject]).get(t, http.MethodGet, "/v1/servers/dc1/"+document)
			if status := response.StatusCode; status != want[i] || (status == 200) != strings.Contains(body, `"raw"`) || (status == 403) != strings.Contains(body, "policy") {
				t.Errorf("%s, %s: %d %.200s", subject, document, status, body)
			}
		}
	}
}

// What only the server's own schema tells to be a secret is kept as one is; where the
// connector may not read the schema, sessions are what they are without.
func TestPolicyKnowsTheServersSchema(t *testing.T) {
	slapd := startPeople(t, testserver.SlapdConfig{Global: "disallow bind_anon\nrequire bind\n", Definitions: "attributetype ( 1.3.6.1.4.1.4203.666.99.1 NAME ( 'doorCode' 'pin' ) SUP userPassword )\n" +
		"attributetype ( 1.3.6.1.4.1.4203.666.99.2 NAME 'backDoorCode' SUP doorCode )\n" +
		"attributetype ( 1.3.6.1.4.1.4203.666.99.3 NAME 'door' SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 EQUALITY caseIgnoreMatch )\n" +
		"objectclass ( 1.3.6.1.4.1.4203.666.99.4 NAME 'doorUser' SUP top AUXILIARY MAY ( doorCode $ backDoorCode $ door ) )\n"}, 1)
	const user = "uid=u0,ou=more,dc=example,dc=com"
	addLDIF(t, slapd.URL(), slapd.Credentials, "dn: "+user+"\nchangetype: modify\nadd: objectClass\nobjectClass: doorUser\n-\nadd: doorCode\ndoorCode: 1234\n-\nadd: backDoorCode\nbackDoorCode: 5678\n-\nadd: door\ndoor: front\n-\n")
	password := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(password, []byte(slapd.Credentials.Password+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	as := ", bind: {dn: '" + slapd.Credentials.DN + "', password_file: " + password + "}"
	secrets := []string{"doorCode", "PIN", "pin;x-a", "1.3.6.1.4.1.4203.666.99.1", "backDoorCode", "1.3.6.1.4.1.4203.666.99.2"}
	for _, test := range []struct {
		name, servers string
		known         bool
	}{
		{"a server", "servers: [{name: dc1, url: '" + slapd.URL() + "'" + as + "}]\n", true},
		{"a pool", "servers: [{name: one, url: '" + slapd.URL() + "'" + as + "}]\npools: [{name: dc1, servers: [one]}]\n", true},
		{"a server without a schema", "servers: [{name: dc1, url: '" + slapd.URL() + "'}]\n", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			conn := through(t, startConnector(t, "listen: 127.0.0.1:0\nauth: none\n"+test.servers), "", slapd)
			find := func(f filter.Filter, attributes ...string) string {
				var found []string
				for e, err := range conn.Search(t.Context(), message.SearchRequest{Base: user, Filter: f, Attributes: attributes}) {
					if err != nil {
						return err.Error()
					}
					for a := range e.Entry.Attributes() {
						found = append(found, a.Name())
					}
				}
				slices.Sort(found)
				return strings.Join(found, " ")
			}
			for _, name := range secrets {
				refused := test.known || strings.Contains(name, ".") // an OID may be anything
				if got := find(filter.Present(name)); strings.Contains(got, "insufficientAccessRights") != refused {
					t.Errorf("test of %s: %s", name, got)
				}
				if got := find(filter.Filter{}, "uid", name); refused && got != "uid" {
					t.Errorf("of %s: %s", name, got)
				}
			}
			got, want := find(filter.Present("1.3.6.1.4.1.4203.666.99.3")), "cn door gidNumber homeDirectory objectClass uid uidNumber"
			if !test.known {
				want = "insufficientAccessRights"
			}
			if !strings.Contains(got, want) || strings.Contains(got, "Code") {
				t.Errorf("all that there is: %s", got)
			}
		})
	}
}

// Of many entries none is lost or changed, wherever reads cut them, over TLS too; but
// passwords are taken out.
func TestPolicyPassesManyEntries(t *testing.T) {
	slapd := startPeople(t, testserver.SlapdConfig{TLS: true}, 3000)
	var passwords strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&passwords, "dn: uid=u%d,ou=more,dc=example,dc=com\nchangetype: modify\nreplace: description\ndescription: x%s\n-\nadd: objectClass\nobjectClass: simpleSecurityObject\n-\nadd: userPassword\nuserPassword: x%d\n-\n\n", 3*i, strings.Repeat("long ", 30*(i%7)), i)
	}
	addLDIF(t, slapd.URL(), slapd.Credentials, passwords.String())
	c := startConnector(t, fmt.Sprintf("listen: 127.0.0.1:0\nauth: none\nservers: [{name: dc1, url: %q}]\n", slapd.URL()))
	overTLS := startConnector(t, fmt.Sprintf("listen: 127.0.0.1:0\nauth: none\nservers: [{name: dc1, url: %q, tls: {ca_file: %q}}]\n", "ldaps://"+slapd.TLSAddress, slapd.CAFile))
	unfiltered := startConnector(t, fmt.Sprintf("listen: 127.0.0.1:0\nauth: none\nservers: [{name: dc1, url: %q}]\npolicies: [{unfiltered: true}]\n", slapd.URL()))
	read := func(c *connector) (all []string, passwords int) {
		t.Helper()
		for e, err := range through(t, c, "", slapd).Search(t.Context(), message.SearchRequest{Base: "dc=example,dc=com", Scope: message.ScopeSub}) {
			if err != nil {
				t.Fatal(err)
			}
			text := e.DN()
			for a := range e.Entry.Attributes() {
				if a.Name() == "userPassword" {
					passwords++
				} else {
					text += fmt.Sprintf(" %s=%q", a.Name(), a.Strings())
				}
			}
			all = append(all, text)
		}
		return all, passwords
	}
	want, hidden := read(unfiltered)
	if len(want) < 3000 || hidden < 1000 {
		t.Fatalf("%d entries, %d passwords", len(want), hidden)
	}
	for name, c := range map[string]*connector{"plain": c, "TLS": overTLS} {
		if got, passwords := read(c); passwords != 0 || !slices.Equal(got, want) {
			t.Errorf("%s: %d entries of %d, %d passwords", name, len(got), len(want), passwords)
		}
	}
}
