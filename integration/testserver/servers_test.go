package testserver

import (
	"context"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/ldapedge/ldapedge/ldap"
)

// server is what all servers have.
type server interface {
	URL() string
	Start(context.Context) error
	Kill()
	Close() error
}

var (
	_ server = (*Slapd)(nil)
	_ server = (*DS389)(nil)
	_ server = (*Samba)(nil)
)

func TestSlapd(t *testing.T) {
	s, err := StartSlapd(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	test(t, s, &s.process, s.Credentials, "dc=example,dc=com")
}

func TestSlapdConfig(t *testing.T) {
	s, err := SlapdConfig{
		Schemas:  []string{"core", "cosine", "inetorgperson", "openldap"},
		Modules:  []string{"ppolicy"},
		Overlays: []string{"ppolicy"},
	}.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if out := ldapsearch(t, s, &s.Credentials, "olcOverlay={0}ppolicy,olcDatabase={2}mdb,cn=config", "olcOverlay"); !strings.Contains(out, "olcOverlay: {0}ppolicy\n") {
		t.Errorf("cn=config has the overlay %q", out)
	}
	out := ldapsearch(t, s, nil, "cn=Subschema", "attributeTypes", "objectClasses")
	for _, name := range []string{"'OpenLDAPdisplayableObject'", "'pwdPolicy'"} {
		if !strings.Contains(out, name) {
			t.Errorf("the schema has no %s", name)
		}
	}
	_, err = SlapdConfig{Schemas: []string{"nonesuch"}}.Start(t.Context())
	if err == nil || !strings.Contains(err.Error(), "nonesuch") {
		t.Errorf("a schema that is not there: %v", err)
	}
}

func TestDS389(t *testing.T) {
	d, err := StartDS389(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if out := ldapsearch(t, d, nil, "dc=example,dc=com", "dc"); !strings.Contains(out, "dc: example\n") {
		t.Errorf("the suffix's entry is %q", out)
	}
	test(t, d, &d.process, d.Credentials, "dc=example,dc=com")
}

func TestSamba(t *testing.T) {
	s, err := StartSamba(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	const schema = "CN=Aggregate,CN=Schema,CN=Configuration,DC=ad,DC=example,DC=com"
	if out := ldapsearch(t, s, &s.Credentials, schema, "objectClasses"); !strings.Contains(out, "NAME 'msDS-AuthNPolicySilo'") {
		t.Errorf("the schema has not the classes of 2012 R2: %.200q…", out)
	}
	test(t, s, &s.process, s.Credentials, "DC=ad,DC=example,DC=com")
}

func TestSambaConfig(t *testing.T) {
	_, err := SambaConfig{BaseSchema: "1999"}.Start(t.Context())
	if err == nil || !strings.Contains(err.Error(), "'1999'") {
		t.Errorf("a schema that does not exist: %v", err)
	}
}

// test reads a server's root DSE, kills and starts it, and closes it, which
// must leave nothing behind.
func test(t *testing.T, s server, p *process, administrator ldap.Credentials, context string) {
	t.Helper()
	defer s.Close()
	u, err := url.Parse(s.URL())
	if err != nil || !strings.HasPrefix(u.Hostname(), "127.") {
		t.Errorf("the server is not on loopback: %s, %v", s.URL(), err)
	}
	for range 2 {
		for _, as := range []*ldap.Credentials{nil, &administrator} {
			if out := ldapsearch(t, s, as, "", "namingContexts"); !strings.Contains(out, "namingContexts: "+context+"\n") {
				t.Errorf("the root DSE has not the naming context %q: %q", context, out)
			}
		}
		s.Kill()
		if _, err := search(s, nil, "", "namingContexts"); err == nil {
			t.Error("a killed server answers")
		}
		if err := s.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if users(t, p.dir) == 0 {
		t.Error("no process has the folder open: the test is wrong")
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if err := syscall.Kill(-p.cmd.Process.Pid, 0); err != syscall.ESRCH {
		t.Errorf("the process group is still there: %v", err)
	}
	if n := users(t, p.dir); n > 0 {
		t.Errorf("%d processes have the folder open", n)
	}
	if _, err := os.Stat(p.dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the folder is still there: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("closed again: %v", err)
	}
}

// ldapsearch returns what OpenLDAP's own client reads of an entry, anonymously
// if as is nil.
func ldapsearch(t *testing.T, s server, as *ldap.Credentials, base string, attributes ...string) string {
	t.Helper()
	out, err := search(s, as, base, attributes...)
	if err != nil {
		t.Errorf("ldapsearch: %v: %s", err, out)
	}
	return out
}

func search(s server, as *ldap.Credentials, base string, attributes ...string) (string, error) {
	args := []string{"-x", "-LLL", "-o", "ldif-wrap=no", "-H", s.URL(), "-b", base, "-s", "base"}
	if as != nil {
		args = append(args, "-D", as.DN, "-w", as.Password)
	}
	out, err := exec.Command("ldapsearch", append(append(args, "(objectClass=*)"), attributes...)...).CombinedOutput()
	return string(out), err
}

// users counts the processes that have a file of the folder open. One that has
// been killed is given a moment to end.
func users(t *testing.T, dir string) (n int) {
	t.Helper()
	for range 20 {
		open := make(map[string]bool)
		files, err := filepath.Glob("/proc/[0-9]*/fd/*")
		if err != nil {
			t.Fatal(err)
		}
		for _, fd := range files {
			// Processes end, and close files, while this goes on.
			if target, err := os.Readlink(fd); err == nil && strings.HasPrefix(target, dir+"/") {
				open[strings.Split(fd, "/")[2]] = true
			}
		}
		if n = len(open); n == 0 {
			break
		}
		if _, err := os.Stat(dir); err == nil { // the server has not been closed
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	return n
}
