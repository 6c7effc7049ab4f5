package integration

import (
	"context"
	"io"
	"os/exec"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ldapedge/ldapedge/integration/testserver"
	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/native/dial"
	"github.com/ldapedge/ldapedge/schemajson"
	"github.com/ldapedge/ldapedge/server"
)

// counting counts what a dialer's streams read.
type counting struct {
	ldap.Dialer
	read atomic.Int64
}

func (c *counting) Dial(ctx context.Context, s *server.Server) (io.ReadWriteCloser, error) {
	stream, err := c.Dialer.Dial(ctx, s)
	return &countingStream{stream, c}, err
}

type countingStream struct {
	io.ReadWriteCloser
	of *counting
}

func (s *countingStream) Read(p []byte) (int, error) {
	n, err := s.ReadWriteCloser.Read(p)
	s.of.read.Add(int64(n))
	return n, err
}

// A second connection to a server does not download the schema again. 389 says
// when it has changed; slapd does not, so that there only age counts.
func TestSchemaIsShared(t *testing.T) {
	slapd := startSlapd(t)
	ds, err := testserver.StartDS389(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ds.Close() })
	for _, test := range []struct {
		name, url   string
		credentials ldap.Credentials
		add         string
	}{
		{"slapd", slapd.URL(), slapd.Credentials, "dn: cn=schema,cn=config\nchangetype: modify\nadd: olcObjectClasses\nolcObjectClasses: "},
		{"389", ds.URL(), ds.Credentials, "dn: cn=schema\nchangetype: modify\nadd: objectClasses\nobjectClasses: "},
	} {
		t.Run(test.name, func(t *testing.T) {
			add := func(class string) {
				t.Helper()
				cmd := exec.Command("ldapmodify", "-x", "-H", test.url, "-D", test.credentials.DN, "-w", test.credentials.Password)
				cmd.Stdin = strings.NewReader(test.add + "( 1.1.2." + strconv.Itoa(len(class)) + " NAME '" + class + "' SUP top STRUCTURAL )\n")
				if out, err := cmd.CombinedOutput(); err != nil {
					t.Fatalf("ldapmodify: %v\n%s", err, out)
				}
			}
			if test.name == "389" { // it has no timestamp until something is changed
				add("earlyClass")
			}
			d := &counting{Dialer: new(dial.Dialer)}
			infos := new(server.Infos)
			first, whole := d.schema(t, test.url, infos)
			second, spared := d.schema(t, test.url, infos)
			t.Logf("the first connection reads %d bytes, the second %d", whole, spared)
			if second != first || spared > 4000 || whole < 20_000 || first.ObjectClass("person") == nil {
				t.Errorf("%d bytes, then %d", whole, spared)
			}
			time.Sleep(1100 * time.Millisecond) // timestamps are of seconds
			add("lateClass")
			if test.name == "slapd" {
				infos.MaxAge = time.Nanosecond
			}
			third, again := d.schema(t, test.url, infos)
			if again < whole || third.ObjectClass("lateClass") == nil {
				t.Errorf("after a change %d bytes are read, and there is %v", again, third.ObjectClass("lateClass"))
			}
		})
	}
}

// schema opens a connection, reads the schema and returns how many bytes came.
func (c *counting) schema(t *testing.T, url string, infos *server.Infos) (*schemajson.SchemaInfo, int64) {
	t.Helper()
	srv, err := server.New(url, nil)
	if err != nil {
		t.Fatal(err)
	}
	before := c.read.Load()
	conn := ldap.NewConnection(srv, c, &ldap.Options{Infos: infos})
	if err := conn.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	s, err := conn.ReadSchema(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return s, c.read.Load() - before
}
