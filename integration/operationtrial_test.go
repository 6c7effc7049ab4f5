package integration

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ldapedge/ldapedge/integration/testserver"
	"github.com/ldapedge/ldapedge/ldap"
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
	addLDIF(t, slapd.URL(), slapd.Credentials, "dn: dc=example,dc=com\nobjectClass: domain\ndc: example\n\n")
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
