package integration

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/ldapedge/ldapedge/integration/testserver"
	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/ldap/control"
	"github.com/ldapedge/ldapedge/ldap/filter"
	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/ldap/sasl"
	"github.com/ldapedge/ldapedge/native/dial"
	scram "github.com/ldapedge/ldapedge/native/sasl"
	"github.com/ldapedge/ldapedge/server"
)

// operationServer is a server on which all operations are tried.
type operationServer struct {
	name        string
	url         string
	options     server.Options
	socket      string // of ldapi, empty without
	credentials ldap.Credentials
	base        string
	// classes are those of a person, and container and containerRDN of what
	// people are in.
	classes                 []string
	container, containerRDN string
	// number is an attribute of a person that is a number.
	number string
	// user is a person that can bind, empty if none could be made.
	user ldap.Credentials
}

func startOperationServers(t *testing.T) []*operationServer {
	t.Helper()
	started := func(s interface{ Close() error }, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
	}
	slapd, err := testserver.SlapdConfig{
		TLS: true, Global: "authz-regexp uid=([^,]*),cn=[^,]*,cn=auth uid=$1,ou=people,dc=example,dc=com\n",
	}.Start(t.Context())
	started(slapd, err)
	ds389, err := testserver.StartDS389(t.Context())
	started(ds389, err)
	samba, err := testserver.SambaConfig{TLS: true}.Start(t.Context())
	started(samba, err)
	addLDIF(t, slapd, "dn: dc=example,dc=com\nobjectClass: domain\ndc: example\n\n")
	people := []string{"inetOrgPerson", "extensibleObject"}
	return []*operationServer{
		{
			name: "OpenLDAP", url: slapd.URL(), socket: slapd.Socket, credentials: slapd.Credentials, base: "dc=example,dc=com",
			options: server.Options{TLS: &server.TLS{Validate: server.ValidateRequired, CACertsFile: slapd.CAFile}},
			classes: people, container: "organizationalUnit", containerRDN: "ou=people", number: "uidNumber",
		},
		{
			name: "389 Directory Server", url: ds389.URL(), credentials: ds389.Credentials, base: "dc=example,dc=com",
			classes: people, container: "organizationalUnit", containerRDN: "ou=people", number: "uidNumber",
		},
		{
			name: "Samba", url: samba.URL(), credentials: samba.Credentials, base: "DC=ad,DC=example,DC=com",
			options: server.Options{TLS: &server.TLS{Validate: server.ValidateRequired, CACertsFile: samba.CAFile}},
			classes: []string{"contact"}, container: "organizationalUnit", containerRDN: "OU=people", number: "garbageCollPeriod",
		},
	}
}

// trial is the trial of one operation on one server.
type trial struct {
	*testing.T
	*operationServer
	c     *ldap.Connection // bound as the administrator
	names string           // begins the names of its entries
	made  int
}

// people is the DN of what people are in.
func (s *operationServer) people() string { return s.containerRDN + "," + s.base }

// connect opens a connection, and binds with the credentials unless they are
// zero.
func (s *operationServer) connect(t *testing.T, url string, as ldap.Credentials) *ldap.Connection {
	t.Helper()
	c := ldap.NewConnection(newServer(t, url, &s.options), new(dial.Dialer), &ldap.Options{Credentials: as, Timeout: 10 * time.Second, NoCheckNames: true, Referrals: ldap.ReferralsOff})
	if err := c.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if as != (ldap.Credentials{}) {
		if err := c.Bind(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

// person returns the addition of a new person.
func (t *trial) person(more ...message.PartialAttribute) message.AddRequest {
	t.made++
	name := fmt.Sprintf("%s%d", t.names, t.made)
	attributes := append([]message.PartialAttribute{
		{Name: "objectClass", Values: t.classes}, {Name: "cn", Values: []string{name}}, {Name: "sn", Values: []string{"Smith"}},
		{Name: "description", Values: []string{"one", "two"}},
	}, more...)
	return message.AddRequest{DN: "cn=" + name + "," + t.people(), Attributes: attributes}
}

// add adds a person that must be there for an operation, and returns its DN.
func (t *trial) add(more ...message.PartialAttribute) string {
	t.Helper()
	r := t.person(more...)
	if _, err := t.c.Add(t.Context(), r); err != nil {
		t.Fatalf("%s: %v", t.name, err)
	}
	return r.DN
}

// anonymous returns another connection that is not bound.
func (t *trial) anonymous() *ldap.Connection {
	return t.connect(t.T, t.url, ldap.Credentials{})
}

// values returns what an attribute of an entry has, nothing without the entry.
func (t *trial) values(dn, name string) string {
	t.Helper()
	for e, err := range t.c.Search(t.Context(), message.SearchRequest{Base: dn, Attributes: []string{name}}) {
		if ldap.IsNotFound(err) {
			return ""
		}
		if err != nil {
			t.Fatal(err)
		}
		a, _ := e.Attribute(name)
		return strings.Join(a.Strings(), ", ")
	}
	return ""
}

// missing is a DN below the people that is not there.
func (t *trial) missing() string { return "cn=nobody," + t.people() }

// seen is what a trial's error says in the table.
func seen(err error) string {
	var refused *ldap.ResultError
	switch {
	case err == nil:
		return "success"
	case errors.As(err, &refused) && refused.MatchedDN != "":
		return fmt.Sprintf("%s, matched `%s`", refused.Code, refused.MatchedDN)
	case errors.As(err, &refused):
		return refused.Code.String()
	}
	return "error: " + err.Error()
}

// with adds what came back to a success.
func with(err error, what string, args ...any) string {
	if err != nil {
		return seen(err)
	}
	return "success, " + fmt.Sprintf(what, args...)
}

// quoted is a value in the table.
func quoted(s string) string {
	if s == "" {
		return "nothing"
	}
	return "`" + s + "`"
}

// notThere is for what a server cannot be asked.
const notThere = "–"

func (t *trial) compare(dn, attribute, value string) string {
	matches, r, err := t.c.Compare(t.Context(), message.CompareRequest{DN: dn, Attribute: attribute, Value: value})
	if err == nil && matches != (r.Code == message.ResultCompareTrue) {
		t.Errorf("%v, but %s", matches, r.Code)
	}
	if err != nil {
		return seen(err)
	}
	return r.Code.String()
}

// change modifies a new person, and returns the result and what the attribute
// then has.
func (t *trial) change(kind message.ChangeKind, attribute string, values []string, has ...message.PartialAttribute) string {
	dn := t.add(has...)
	_, err := t.c.Modify(t.Context(), message.ModifyRequest{DN: dn, Changes: []message.Change{{Kind: kind, Attribute: attribute, Values: values}}})
	return with(err, "%s", quoted(t.values(dn, attribute)))
}

func has(name string, values ...string) message.PartialAttribute {
	return message.PartialAttribute{Name: name, Values: values}
}

// plain binds by PLAIN as the user.
func (t *trial) plain(c *ldap.Connection, password string, insecure bool) string {
	_, err := c.BindSASL(t.Context(), sasl.Plain{User: "bob", Password: password, InsecureAllowPlaintext: insecure})
	if errors.Is(err, sasl.ErrPlaintext) {
		return "not sent: " + sasl.ErrPlaintext.Error()
	}
	if err != nil {
		return seen(err)
	}
	return t.who(c)
}

func (t *trial) who(c *ldap.Connection) string {
	identity, _, err := c.WhoAmI(t.Context())
	return with(err, "%s", quoted(identity))
}

func (t *trial) bindAs(as ldap.Credentials) string {
	_, err := t.anonymous().SimpleBind(t.Context(), as)
	return seen(err)
}

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
	{"a context that ends", func(t *trial) string {
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(errors.New("enough waited"))
		if _, err := t.c.Add(ctx, t.person()); err == nil || !strings.Contains(err.Error(), "enough waited") || !errors.Is(err, ldap.ErrOutcomeUnknown) {
			t.Errorf("%s: %v", t.name, err)
		}
		return "abandoned, then " + t.compare(t.people(), "ou", "people")
	}},
}

// unknownMechanism is one that no server has.
type unknownMechanism struct{ sasl.External }

func (unknownMechanism) Name() string { return "X-NONESUCH" }

func (t *trial) scram(password string) string {
	m, err := scram.NewSCRAMSHA256(scram.Credentials{User: "bob", Password: password})
	if err != nil {
		t.Fatal(err)
	}
	c := t.anonymous()
	if _, err := c.BindSASL(t.Context(), m); err != nil {
		return seen(err)
	}
	return t.who(c)
}

func (t *trial) search(r message.SearchRequest) string {
	n := 0
	for _, err := range t.c.Search(t.Context(), r) {
		if err != nil {
			if n > r.SizeLimit {
				t.Errorf("%s: %d entries", t.name, n)
			}
			return seen(err)
		}
		n++
	}
	if r.SizeLimit > 0 && n > r.SizeLimit {
		return "success, with more entries"
	}
	return "success"
}

func (t *trial) tryAdd(r message.AddRequest) error {
	_, err := t.c.Add(t.Context(), r)
	return err
}

func (t *trial) tryDelete(dn string, controls ...message.Control) error {
	_, err := t.c.Delete(t.Context(), message.DeleteRequest{DN: dn}, controls...)
	return err
}

func (t *trial) remove(dn string) {
	t.Helper()
	if err := t.tryDelete(dn); err != nil {
		t.Fatal(err)
	}
}

func (t *trial) title(c *ldap.Connection, dn string, controls ...message.Control) error {
	_, err := c.Modify(t.Context(), message.ModifyRequest{DN: dn, Changes: []message.Change{{Kind: message.ChangeReplace, Attribute: "title", Values: []string{"x"}}}}, controls...)
	return err
}

// rename gives a new person another name, and returns the names that it has.
func (t *trial) rename(r message.ModifyDNRequest) string {
	r.DN, r.NewRDN = t.add(), "cn="+t.names+"-renamed"
	_, err := t.c.ModifyDN(t.Context(), r)
	if err != nil {
		return seen(err)
	}
	dn := r.NewRDN + "," + t.people()
	names := strings.Count(t.values(dn, "cn"), ",") + 1
	t.remove(dn)
	return with(nil, "%d names", names)
}

// tree adds a container with a person in it, and returns its DN.
func (t *trial) tree() string {
	t.Helper()
	dn := "ou=" + t.names + "," + t.people()
	if err := t.tryAdd(message.AddRequest{DN: dn, Attributes: []message.PartialAttribute{has("objectClass", t.container), has("ou", t.names)}}); err != nil {
		t.Fatal(err)
	}
	r := t.person()
	r.DN = strings.Replace(r.DN, t.people(), dn, 1)
	if err := t.tryAdd(r); err != nil {
		t.Fatal(err)
	}
	return dn
}

// read returns what an attribute of the entry in a response's control has.
func (t *trial) read(r ldap.Response, oid string, parse func(message.Control) (message.Entry, error), name string) string {
	c, ok := r.Controls.Find(oid)
	if !ok {
		return "without the entry"
	}
	e, err := parse(c)
	if err != nil {
		t.Error(err)
	}
	a, _ := e.Attribute(name)
	return quoted(strings.Join(a.Strings(), ", "))
}

// prepare adds the people's container, and bob.
func (s *operationServer) prepare(t *testing.T) *ldap.Connection {
	t.Helper()
	c := s.connect(t, s.url, s.credentials)
	if _, err := c.Add(t.Context(), message.AddRequest{DN: s.people(), Attributes: []message.PartialAttribute{has("objectClass", s.container), has("ou", "people")}}); err != nil {
		t.Fatal(err)
	}
	if s.name == "Samba" {
		return c
	}
	s.user = ldap.Credentials{DN: "uid=bob," + s.people(), Password: "secret"}
	if _, err := c.Add(t.Context(), message.AddRequest{DN: s.user.DN, Attributes: []message.PartialAttribute{
		has("objectClass", s.classes...), has("uid", "bob"), has("cn", "Bob"), has("sn", "Smith"), has("userPassword", s.user.Password),
	}}); err != nil {
		t.Fatal(err)
	}
	return c
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
