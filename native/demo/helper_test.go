package demo

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/go-ldap/ldap/v3"
)

// start starts a demo directory, which ends with the test, after the connections
// that are opened later.
func start(t *testing.T, ctx context.Context) *Directory {
	t.Helper()
	d, err := Start(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return d
}

// dial starts a demo directory and connects to it; both end with the test.
func dial(t *testing.T) *ldap.Conn {
	t.Helper()
	return connect(t, start(t, t.Context()))
}

// connect opens a connection, which ends with the test, and makes sure by an
// anonymous bind that the server has taken it up.
func connect(t *testing.T, d *Directory) *ldap.Conn {
	t.Helper()
	conn, err := ldap.DialURL(d.URL())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if err := conn.UnauthenticatedBind(""); err != nil {
		t.Fatalf("anonymous bind: %v", err)
	}
	return conn
}

// query is a search with what a test does not care about left out.
type query struct {
	base       string
	scope      int
	filter     string
	attributes []string
	sizeLimit  int
	typesOnly  bool
	controls   []ldap.Control
}

func (q query) run(conn *ldap.Conn) (*ldap.SearchResult, error) {
	if q.filter == "" {
		q.filter = "(objectClass=*)"
	}
	return conn.Search(ldap.NewSearchRequest(q.base, q.scope, ldap.NeverDerefAliases,
		q.sizeLimit, 0, q.typesOnly, q.filter, q.attributes, q.controls))
}

func (q query) entries(t *testing.T, conn *ldap.Conn) []*ldap.Entry {
	t.Helper()
	found, err := q.run(conn)
	if err != nil {
		t.Fatalf("search of %q with %s: %v", q.base, q.filter, err)
	}
	return found.Entries
}

// read returns one entry.
func read(t *testing.T, conn *ldap.Conn, dn string, attributes ...string) *ldap.Entry {
	t.Helper()
	entries := query{base: dn, scope: ldap.ScopeBaseObject, attributes: attributes}.entries(t, conn)
	if len(entries) != 1 || entries[0].DN != dn {
		t.Fatalf("reading %q returned %d entries", dn, len(entries))
	}
	return entries[0]
}

func rdns(entries []*ldap.Entry) string {
	names := make([]string, len(entries))
	for i, e := range entries {
		rdn, _, _ := strings.Cut(e.DN, ",")
		_, names[i], _ = strings.Cut(rdn, "=")
	}
	return strings.Join(names, " ")
}

func attributeNames(e *ldap.Entry) string {
	names := make([]string, len(e.Attributes))
	for i, a := range e.Attributes {
		names[i] = a.Name
	}
	return strings.Join(names, " ")
}

// checkResult compares an error with a result code and diagnostic message.
func checkResult(t *testing.T, err error, code uint16, message string) {
	t.Helper()
	var result *ldap.Error
	if !errors.As(err, &result) {
		t.Fatalf("got %v, want the result %q", err, ldap.LDAPResultCodeMap[code])
	}
	if result.ResultCode != code {
		t.Errorf("result %d (%v), want %d", result.ResultCode, result.Err, code)
	}
	if got := result.Err.Error(); got != message {
		t.Errorf("diagnostic message %q, want %q", got, message)
	}
}
