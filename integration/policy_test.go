package integration

import (
	"context"
	"errors"
	"fmt"
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
