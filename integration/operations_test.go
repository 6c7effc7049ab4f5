package integration

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/ldap/control"
	"github.com/ldapedge/ldapedge/ldap/filter"
	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/ldap/sasl"
)

// operationTrials are the lines of the table.
var operationTrials = []struct {
	name string
	try  func(*trial) string
}{
	{"bind, anonymous", func(t *trial) string { return t.bindAs(ldap.Credentials{}) }},
	{"bind, simple", func(t *trial) string { return t.bindAs(t.credentials) }},
	{"bind, simple, wrong password", func(t *trial) string { return t.bindAs(ldap.Credentials{DN: t.credentials.DN, Password: "x"}) }},
	{"bind, simple, as nobody", func(t *trial) string { return t.bindAs(ldap.Credentials{DN: t.missing(), Password: "x"}) }},
	{"bind, simple, with what is no DN", func(t *trial) string { return t.bindAs(ldap.Credentials{DN: "nobody", Password: "x"}) }},
	{"bind, again on the same connection", func(t *trial) string {
		c := t.connect(t.T, t.url, t.credentials)
		_, err := c.SimpleBind(t.Context(), ldap.Credentials{})
		return with(err, "then who am I: %s", t.who(c))
	}},
	{"bind, SASL PLAIN in plain text", func(t *trial) string { return t.plain(t.anonymous(), "secret", false) }},
	{"bind, SASL PLAIN in plain text all the same", func(t *trial) string { return t.plain(t.anonymous(), "secret", true) }},
	{"bind, SASL PLAIN after StartTLS", func(t *trial) string {
		c := t.anonymous()
		if err := c.StartTLS(t.Context()); err != nil {
			return notThere
		}
		return t.plain(c, "secret", false)
	}},
	{"bind, SASL PLAIN after StartTLS, wrong password", func(t *trial) string {
		c := t.anonymous()
		if err := c.StartTLS(t.Context()); err != nil {
			return notThere
		}
		return t.plain(c, "x", false)
	}},
	{"bind, SASL EXTERNAL", func(t *trial) string {
		_, err := t.anonymous().BindSASL(t.Context(), sasl.External{})
		return seen(err)
	}},
	{"bind, SASL EXTERNAL on a Unix domain socket", func(t *trial) string {
		if t.socket == "" {
			return notThere
		}
		c := t.connect(t.T, "ldapi://"+t.socket, ldap.Credentials{})
		if _, err := c.BindSASL(t.Context(), sasl.External{}); err != nil {
			return seen(err)
		}
		return t.who(c)
	}},
	{"bind, SASL SCRAM-SHA-256", func(t *trial) string { return t.scram("secret") }},
	{"bind, SASL SCRAM-SHA-256, wrong password", func(t *trial) string { return t.scram("x") }},
	{"bind, SASL, a mechanism that nobody knows", func(t *trial) string {
		_, err := t.anonymous().BindSASL(t.Context(), unknownMechanism{})
		return seen(err)
	}},
	{"StartTLS", func(t *trial) string { return seen(t.anonymous().StartTLS(t.Context())) }},
	{"StartTLS, after a bind, who am I", func(t *trial) string {
		c := t.connect(t.T, t.url, t.credentials)
		return with(c.StartTLS(t.Context()), "then who am I: %s", t.who(c))
	}},
	{"StartTLS, a second time", func(t *trial) string {
		c := t.anonymous()
		if err := c.StartTLS(t.Context()); err != nil {
			return notThere
		}
		if err := c.StartTLS(t.Context()); !errors.Is(err, ldap.ErrTLS) {
			t.Errorf("%s: %v", t.name, err)
		}
		return "not sent: " + ldap.ErrTLS.Error()
	}},
	{"who am I, anonymous", func(t *trial) string { return t.who(t.anonymous()) }},
	{"who am I", func(t *trial) string { return t.who(t.c) }},

	{"search, of more entries than a size limit of one", func(t *trial) string {
		t.add()
		t.add()
		return t.search(message.SearchRequest{Base: t.people(), Scope: message.ScopeOne, SizeLimit: 1, Attributes: []string{"1.1"}})
	}},
	{"search, base not there", func(t *trial) string { return t.search(message.SearchRequest{Base: t.missing()}) }},
	{"search, base is no DN", func(t *trial) string { return t.search(message.SearchRequest{Base: "nobody"}) }},

	{"compare, true", func(t *trial) string { return t.compare(t.add(), "sn", "smith") }},
	{"compare, false", func(t *trial) string { return t.compare(t.add(), "sn", "x") }},
	{"compare, attribute not there", func(t *trial) string { return t.compare(t.add(), "displayName", "x") }},
	{"compare, attribute that nobody knows", func(t *trial) string { return t.compare(t.add(), "nonesuch", "x") }},
	{"compare, with a critical control that nobody knows", func(t *trial) string {
		_, _, err := t.c.Compare(t.Context(), message.CompareRequest{DN: t.people(), Attribute: "ou", Value: "x"}, message.Control{OID: "1.2.3.4", Critical: true})
		return seen(err)
	}},
	{"compare, entry not there", func(t *trial) string { return t.compare(t.missing(), "sn", "x") }},

	{"add", func(t *trial) string { return seen(t.tryAdd(t.person())) }},
	{"add, already there", func(t *trial) string {
		r := t.person()
		t.tryAdd(r)
		return seen(t.tryAdd(r))
	}},
	{"add, below what is not there", func(t *trial) string {
		r := t.person()
		r.DN = "cn=x," + t.missing()
		return seen(t.tryAdd(r))
	}},
	{"add, DN is none", func(t *trial) string {
		r := t.person()
		r.DN = "nobody"
		return seen(t.tryAdd(r))
	}},
	{"add, without an object class", func(t *trial) string {
		r := t.person()
		r.Attributes = r.Attributes[1:]
		return seen(t.tryAdd(r))
	}},
	{"add, object class that nobody knows", func(t *trial) string {
		r := t.person()
		r.Attributes[0].Values = []string{"nonesuch"}
		return seen(t.tryAdd(r))
	}},
	{"add, attribute that nobody knows", func(t *trial) string { return seen(t.tryAdd(t.person(has("nonesuch", "x")))) }},
	{"add, value that is none", func(t *trial) string { return seen(t.tryAdd(t.person(has("seeAlso", "nobody")))) }},
	{"add, two values where one may be", func(t *trial) string { return seen(t.tryAdd(t.person(has("displayName", "a", "b")))) }},
	{"add, a value twice", func(t *trial) string { return seen(t.tryAdd(t.person(has("title", "a", "a")))) }},
	{"add, bytes", func(t *trial) string {
		r := t.person(has("jpegPhoto", "\xff\xd8\xff\xe0\x00\x10JFIF\x00\n"))
		err := t.tryAdd(r)
		return with(err, "`% x`", t.values(r.DN, "jpegPhoto"))
	}},
	{"add, anonymous", func(t *trial) string {
		_, err := t.anonymous().Add(t.Context(), t.person())
		return seen(err)
	}},
	{"add, with post-read", func(t *trial) string {
		r, err := t.c.Add(t.Context(), t.person(), control.PostRead{Attributes: []string{"sn"}}.Control())
		return with(err, "%s", t.read(r, control.OIDPostRead, control.ParsePostRead, "sn"))
	}},

	{"modify, add a value", func(t *trial) string {
		return t.change(message.ChangeAdd, "description", []string{"three"}, has("title", "x"))
	}},
	{"modify, add a value that is there", func(t *trial) string { return t.change(message.ChangeAdd, "description", []string{"one"}) }},
	{"modify, the same with permissive modify", func(t *trial) string {
		dn := t.add()
		_, err := t.c.Modify(t.Context(), message.ModifyRequest{DN: dn, Changes: []message.Change{{Attribute: "description", Values: []string{"one"}}}}, control.PermissiveModify.Control())
		return seen(err)
	}},
	{"modify, delete a value", func(t *trial) string { return t.change(message.ChangeDelete, "description", []string{"one"}) }},
	{"modify, delete a value that is not there", func(t *trial) string { return t.change(message.ChangeDelete, "description", []string{"x"}) }},
	{"modify, delete an attribute", func(t *trial) string { return t.change(message.ChangeDelete, "description", nil) }},
	{"modify, delete an attribute that is not there", func(t *trial) string { return t.change(message.ChangeDelete, "displayName", nil) }},
	{"modify, delete the RDN", func(t *trial) string { return t.change(message.ChangeDelete, "cn", nil) }},
	{"modify, delete what must be there", func(t *trial) string { return t.change(message.ChangeDelete, "objectClass", nil) }},
	{"modify, replace", func(t *trial) string { return t.change(message.ChangeReplace, "sn", []string{"Jones"}) }},
	{"modify, replace with nothing", func(t *trial) string { return t.change(message.ChangeReplace, "description", nil) }},
	{"modify, replace with two where one may be", func(t *trial) string { return t.change(message.ChangeReplace, "displayName", []string{"a", "b"}) }},
	{"modify, replace with a value that is none", func(t *trial) string { return t.change(message.ChangeReplace, "seeAlso", []string{"nobody"}) }},
	{"modify, attribute that nobody knows", func(t *trial) string { return t.change(message.ChangeReplace, "nonesuch", []string{"x"}) }},
	{"modify, increment", func(t *trial) string {
		return t.change(message.ChangeIncrement, t.number, []string{"-2"}, has(t.number, "7"))
	}},
	{"modify, increment what is not there", func(t *trial) string { return t.change(message.ChangeIncrement, t.number, []string{"1"}) }},
	{"modify, several changes", func(t *trial) string {
		dn := t.add()
		_, err := t.c.Modify(t.Context(), message.ModifyRequest{DN: dn, Changes: []message.Change{
			{Kind: message.ChangeDelete, Attribute: "sn"}, {Kind: message.ChangeAdd, Attribute: "sn", Values: []string{"Jones"}}, {Kind: message.ChangeDelete, Attribute: "description", Values: []string{"two"}},
		}})
		return with(err, "`%s`, `%s`", t.values(dn, "sn"), t.values(dn, "description"))
	}},
	{"modify, several changes of which one fails", func(t *trial) string {
		dn := t.add()
		_, err := t.c.Modify(t.Context(), message.ModifyRequest{DN: dn, Changes: []message.Change{
			{Kind: message.ChangeReplace, Attribute: "sn", Values: []string{"Jones"}}, {Kind: message.ChangeDelete, Attribute: "description", Values: []string{"x"}},
		}})
		return fmt.Sprintf("%s, and `%s` stays", seen(err), t.values(dn, "sn"))
	}},
	{"modify, entry not there", func(t *trial) string { return seen(t.title(t.c, t.missing())) }},
	{"modify, anonymous", func(t *trial) string { return seen(t.title(t.anonymous(), t.add())) }},
	{"modify, a false assertion", func(t *trial) string {
		return seen(t.title(t.c, t.add(), control.Assertion{Filter: filter.Equal("sn", "x")}.Control()))
	}},
	{"modify, with pre-read", func(t *trial) string {
		r, err := t.c.Modify(t.Context(), message.ModifyRequest{DN: t.add(), Changes: []message.Change{{Kind: message.ChangeReplace, Attribute: "sn", Values: []string{"x"}}}}, control.PreRead{Attributes: []string{"sn"}}.Control())
		return with(err, "%s", t.read(r, control.OIDPreRead, control.ParsePreRead, "sn"))
	}},

	{"modifyDN, rename", func(t *trial) string { return t.rename(message.ModifyDNRequest{}) }},
	{"modifyDN, rename and keep the old name", func(t *trial) string { return t.rename(message.ModifyDNRequest{KeepOldRDN: true}) }},
	{"modifyDN, move", func(t *trial) string {
		dn := t.add()
		rdn, _, _ := strings.Cut(dn, ",")
		_, err := t.c.ModifyDN(t.Context(), message.ModifyDNRequest{DN: dn, NewRDN: rdn, NewSuperior: &t.base})
		if err == nil {
			t.remove(rdn + "," + t.base)
		}
		return seen(err)
	}},
	{"modifyDN, to what is there", func(t *trial) string {
		rdn, _, _ := strings.Cut(t.add(), ",")
		_, err := t.c.ModifyDN(t.Context(), message.ModifyDNRequest{DN: t.add(), NewRDN: rdn})
		return seen(err)
	}},
	{"modifyDN, below what is not there", func(t *trial) string {
		_, err := t.c.ModifyDN(t.Context(), message.ModifyDNRequest{DN: t.add(), NewRDN: "cn=y", NewSuperior: new(t.missing())})
		return seen(err)
	}},
	{"modifyDN, RDN is none", func(t *trial) string {
		_, err := t.c.ModifyDN(t.Context(), message.ModifyDNRequest{DN: t.add(), NewRDN: "nobody"})
		return seen(err)
	}},
	{"modifyDN, entry not there", func(t *trial) string {
		_, err := t.c.ModifyDN(t.Context(), message.ModifyDNRequest{DN: t.missing(), NewRDN: "cn=y"})
		return seen(err)
	}},

	{"delete", func(t *trial) string { return seen(t.tryDelete(t.add())) }},
	{"delete, entry not there", func(t *trial) string { return seen(t.tryDelete(t.missing())) }},
	{"delete, with entries below it", func(t *trial) string { return seen(t.tryDelete(t.tree())) }},
	{"delete, with entries below it, by tree delete", func(t *trial) string { return seen(t.tryDelete(t.tree(), control.TreeDelete.Control())) }},
	{"delete, anonymous", func(t *trial) string {
		_, err := t.anonymous().Delete(t.Context(), message.DeleteRequest{DN: t.add()})
		return seen(err)
	}},

	{"password modify, a new one", func(t *trial) string {
		dn := t.add()
		if _, _, err := t.c.PasswordModify(t.Context(), ldap.PasswordModifyRequest{User: dn, NewPassword: "Fresh-1-fresh"}); err != nil {
			return seen(err)
		}
		return "success, then bind: " + t.bindAs(ldap.Credentials{DN: dn, Password: "Fresh-1-fresh"})
	}},
	{"password modify, one that the server makes", func(t *trial) string {
		dn := t.add()
		made, _, err := t.c.PasswordModify(t.Context(), ldap.PasswordModifyRequest{User: dn})
		if err != nil {
			return seen(err)
		}
		return "success, then bind: " + t.bindAs(ldap.Credentials{DN: dn, Password: made})
	}},
	{"password modify, one's own with a wrong old one", func(t *trial) string {
		if t.user == (ldap.Credentials{}) {
			return notThere
		}
		c := t.connect(t.T, t.url, t.user)
		_, _, err := c.PasswordModify(t.Context(), ldap.PasswordModifyRequest{OldPassword: "x", NewPassword: "Fresh-1-fresh"})
		return seen(err)
	}},
	{"password modify, anonymous", func(t *trial) string {
		_, _, err := t.anonymous().PasswordModify(t.Context(), ldap.PasswordModifyRequest{User: t.people(), NewPassword: "Fresh-1-fresh"})
		return seen(err)
	}},
	{"extended, an operation that nobody knows", func(t *trial) string {
		_, err := t.c.Extended(t.Context(), message.ExtendedRequest{Name: "1.2.3.4"})
		return seen(err)
	}},

	{"modify, below a referral object", func(t *trial) string {
		if t.name == "Samba" {
			return notThere
		}
		dn := "ou=elsewhere," + t.base
		if _, err := t.c.Add(t.Context(), message.AddRequest{DN: dn, Attributes: []message.PartialAttribute{
			has("objectClass", "referral", "extensibleObject"), has("ou", "elsewhere"), has("ref", "ldap://other.example.com/dc=x"),
		}}); err != nil {
			return "add: " + seen(err)
		}
		_, err := t.c.Modify(t.Context(), message.ModifyRequest{DN: "cn=x," + dn, Changes: []message.Change{{Kind: message.ChangeReplace, Attribute: "sn"}}})
		var refused *ldap.ResultError
		if !errors.As(err, &refused) || len(refused.Referral) == 0 {
			return seen(err)
		}
		return seen(err) + ", to `" + strings.Join(refused.Referral, " ") + "`"
	}},
	{"a context that has ended", func(t *trial) string {
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(errors.New("enough waited"))
		if _, err := t.c.Add(ctx, t.person()); err == nil || !strings.Contains(err.Error(), "enough waited") || errors.Is(err, ldap.ErrOutcomeUnknown) {
			t.Errorf("%s: %v", t.name, err)
		}
		return "not sent, then " + t.compare(t.people(), "ou", "people")
	}},
}

var writeOperations = flag.Bool("write-operations", false, "write docs/operations.md anew")

const operationsPage = "../docs/operations.md"

const operationsHead = `# Operations

What servers answer to the operations of package ` + "`ldap`" + `: OpenLDAP, 389 Directory Server and Samba's Active Directory, as Debian
has them, set up by the tests with little beside their defaults; 389 without TLS, Samba with simple binds in plain text. A run of the tests wrote this page,
` + "`go test -run TestOperationsPage -write-operations .`" + ` in ` + "`integration`" + `, and any other run fails if a server answers otherwise.

A word is the result code (RFC 4511 appendix A); "matched" is the nearest entry that exists; "–" is what a server cannot be asked.

`

// Every operation, and every error that can be had of a server, on real ones.
func TestOperationsPage(t *testing.T) {
	servers := startOperationServers(t)
	connections := make([]*ldap.Connection, len(servers))
	var page strings.Builder
	page.WriteString(operationsHead + "| operation |")
	for i, s := range servers {
		connections[i] = s.prepare(t)
		page.WriteString(" " + s.name + " |")
	}
	page.WriteString("\n|---|" + strings.Repeat("---|", len(servers)) + "\n")
	for i, line := range operationTrials {
		page.WriteString("| " + line.name + " |")
		for j, s := range servers {
			result := line.try(&trial{T: t, operationServer: s, c: connections[j], names: fmt.Sprintf("t%d-", i)})
			if err := connections[j].Err(); err != nil {
				t.Fatalf("%s, %s: the connection is lost: %v", line.name, s.name, err)
			}
			page.WriteString(" " + result + " |")
		}
		page.WriteString("\n")
	}
	t.Logf("%d operations on %d servers", len(operationTrials), len(servers))
	if *writeOperations {
		if err := os.WriteFile(operationsPage, []byte(page.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(operationsPage)
	if err != nil {
		t.Fatal(err)
	}
	known := strings.Split(string(text), "\n")
	for i, line := range strings.Split(page.String(), "\n") {
		if i >= len(known) || known[i] != line {
			t.Errorf("seen\n%s\nand %s has\n%s", line, operationsPage, strings.Join(known[min(i, len(known)):min(i+1, len(known))], ""))
		}
	}
}
