package integration

import (
	"errors"
	"testing"
	"time"

	"github.com/ldapedge/ldapedge/integration/testserver"
	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/native/dial"
	"github.com/ldapedge/ldapedge/pool"
	"github.com/ldapedge/ldapedge/server"
)

// A connection to two real servers goes on when the one that it is open to is
// killed or hangs, over TLS and with its identity as before.
func TestReconnectToRealServers(t *testing.T) {
	var slapds []*testserver.Slapd
	var servers []*server.Server
	for range 2 {
		s, err := testserver.SlapdConfig{TLS: true}.Start(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		addLDIF(t, s.URL(), s.Credentials, "dn: dc=example,dc=com\nobjectClass: domain\ndc: example\n\n")
		slapds = append(slapds, s)
		servers = append(servers, newServer(t, s.URL(), &server.Options{GetInfo: server.InfoNone, TLS: &server.TLS{Validate: server.ValidateRequired, CACertsFile: s.CAFile}}))
	}
	p, err := pool.New(pool.Servers(servers...), nil)
	if err != nil {
		t.Fatal(err)
	}
	d := new(dial.Dialer)
	c := ldap.NewConnection(p, d, &ldap.Options{Credentials: slapds[0].Credentials, Reconnect: 3, Timeout: 2 * time.Second})
	if err := c.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.StartTLS(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := c.Bind(t.Context()); err != nil {
		t.Fatal(err)
	}
	current := func() *testserver.Slapd {
		for i, s := range servers {
			if s == c.Server() {
				return slapds[i]
			}
		}
		t.Fatal("open to no server")
		return nil
	}
	who := func(when string) {
		t.Helper()
		begin := time.Now()
		identity, _, err := c.WhoAmI(t.Context())
		if err != nil || identity != "dn:cn=admin,dc=example,dc=com" {
			t.Errorf("%s: %q, %v", when, identity, err)
		}
		t.Logf("%s: %s", when, time.Since(begin).Round(time.Millisecond))
	}
	who("at first")
	at := current()
	at.Kill()
	<-c.Done()
	who("after a kill")
	if current() == at {
		t.Error("it is open to the one that was killed")
	}
	if err := at.Start(t.Context()); err != nil {
		t.Fatal(err)
	}

	at = current()
	at.Suspend()
	who("after a hang")
	at.Resume()
	if current() == at {
		t.Error("it is open to the one that hangs")
	}

	// An update that a hanging server has got is not repeated elsewhere.
	at = current()
	at.Suspend()
	_, err = c.Modify(t.Context(), message.ModifyRequest{DN: "dc=example,dc=com", Changes: []message.Change{{Kind: message.ChangeReplace, Attribute: "description", Values: []string{"changed"}}}})
	if !errors.Is(err, ldap.ErrOutcomeUnknown) || !errors.Is(err, ldap.ErrTimeout) {
		t.Errorf("an update: %v", err)
	}
	who("after an update")
	at.Resume()
	for e, err := range c.Search(t.Context(), message.SearchRequest{Base: "dc=example,dc=com", Attributes: []string{"description"}}) {
		if a, has := e.Attribute("description"); err != nil || has {
			t.Errorf("the other server has the update: %v, %v", a.Strings(), err)
		}
	}
}
