package integration

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"syscall"
	"testing"

	goldap "github.com/go-ldap/ldap/v3"

	"github.com/ldapedge/ldapedge/integration/testserver"
	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/ldap/filter"
	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/native/tunneldial"
	"github.com/ldapedge/ldapedge/server"
)

// proxyProcess is a running "ldapedge proxy".
type proxyProcess struct {
	url string // what it says that it listens on
	cmd *exec.Cmd
	log written
}

// startProxy runs "ldapedge proxy" to the connector's server dc1 on a port of its
// own, with more arguments, and returns once it listens.
func startProxy(t *testing.T, c *connector, more ...string) *proxyProcess {
	t.Helper()
	return startProxyTo(t, "ws://"+c.addr+"/v1/ldap?server=dc1", append([]string{"--listen", "127.0.0.1:0", "--token-file", tokenFile(t, c.token)}, more...)...)
}

func startProxyTo(t *testing.T, to string, args ...string) *proxyProcess {
	t.Helper()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	p := &proxyProcess{cmd: exec.Command(path, append([]string{"proxy", "--to", to, "--grace", "0"}, args...)...)}
	lines := startProgram(t, p.cmd, &p.log, 1)
	t.Cleanup(func() { p.stop(t) })
	if len(lines) == 1 {
		p.url, _ = strings.CutPrefix(lines[0], "listening ")
	}
	if p.url == "" {
		t.Fatalf("it does not listen: %s", &p.log)
	}
	return p
}

// stop ends the proxy as an operator would and sees that it obeys.
func (p *proxyProcess) stop(t *testing.T) {
	t.Helper()
	if p.cmd.ProcessState != nil {
		return
	}
	p.cmd.Process.Signal(syscall.SIGTERM)
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("the proxy ends with %v: %s", err, &p.log)
	}
}

// dial connects as a client would.
func (p *proxyProcess) dial(t *testing.T) *net.TCPConn {
	t.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(p.url, "ldap://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c.(*net.TCPConn)
}

// tokenFile writes a token as an operator would; a connector that wants none does
// not look at it.
func tokenFile(t *testing.T, token string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte(cmp.Or(token, "none")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// proxied is a slapd with people, and a proxy that leads to it through a
// connector, which does TLS to it.
type proxied struct {
	slapd     *testserver.Slapd
	connector *connector
	proxy     *proxyProcess
	people    int
}

// proxiedPeople is how many people there are: 50,000 if the environment asks for
// a large directory.
func proxiedPeople() int {
	if n, err := strconv.Atoi(os.Getenv("PROXY_PEOPLE")); err == nil {
		return n
	}
	return 5_000
}

func startProxied(t *testing.T, people int) *proxied {
	t.Helper()
	slapd, err := testserver.SlapdConfig{TLS: true, Entries: testserver.People(people)}.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { slapd.Close() })
	c := startConnector(t, fmt.Sprintf("listen: 127.0.0.1:0\nservers: [{name: dc1, url: %q, tls: {ca_file: %q}}]\n", "ldaps://"+slapd.TLSAddress, slapd.CAFile))
	return &proxied{slapd, c, startProxy(t, c), people}
}

// Unmodified clients get through the proxy what they get directly.
func TestClientsThroughProxy(t *testing.T) {
	s := startProxied(t, proxiedPeople())
	t.Run("ldapsearch", s.ldapsearch)
	t.Run("ldap3", s.ldap3)
	t.Run("go-ldap", s.goLDAP)
	t.Run("wrong password", s.wrongPassword)
	s.proxy.stop(t)
	if log := s.proxy.log.String(); strings.Contains(log, s.connector.token) || strings.Contains(log, s.slapd.Credentials.Password) || strings.Contains(log, "person") || !strings.Contains(log, "session ends") {
		t.Errorf("log: %s", log)
	}
}

func (s *proxied) ldapsearch(t *testing.T) {
	for name, more := range map[string][]string{"at once": nil, "by pages": {"-E", "pr=300/noprompt"}, "one": {"(uid=person7)"}} {
		ldif := func(url string) []byte {
			t.Helper()
			cmd := exec.Command("ldapsearch", append([]string{"-x", "-LLL", "-H", url, "-D", s.slapd.Credentials.DN, "-w", s.slapd.Credentials.Password, "-b", testserver.Suffix}, more...)...)
			var said bytes.Buffer
			cmd.Stderr = &said
			out, err := cmd.Output()
			if err != nil {
				t.Fatalf("ldapsearch %s: %v: %s", url, err, &said)
			}
			return out
		}
		direct, through := ldif(s.slapd.URL()), ldif(s.proxy.url)
		entries := bytes.Count(through, []byte("dn: "))
		if !bytes.Equal(direct, through) || entries != s.people+2 && name != "one" || entries == 0 {
			t.Errorf("%s: %d bytes and %d entries through the proxy, %d bytes directly", name, len(through), entries, len(direct))
		}
	}
}

func (s *proxied) ldap3(t *testing.T) {
	type result struct {
		WhoAmI string
		All    []any
		Pages  []any
	}
	ask := func(url string) result {
		return fromJSON[result](t, askPython(t, nil, "ldap3_proxy.py", url, s.slapd.Credentials.DN, s.slapd.Credentials.Password, testserver.Suffix, "300"))[0]
	}
	direct, through := ask(s.slapd.URL()), ask(s.proxy.url)
	if !reflect.DeepEqual(direct, through) || through.All[0] != float64(s.people+2) || through.Pages[0] != through.All[0] || through.WhoAmI != "dn:"+s.slapd.Credentials.DN {
		t.Errorf("through the proxy %v, directly %v", through, direct)
	}
}

func (s *proxied) goLDAP(t *testing.T) {
	digest := func(url string, page uint32) (n int, sum string) {
		t.Helper()
		c, err := goldap.DialURL(url)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if err := c.Bind(s.slapd.Credentials.DN, s.slapd.Credentials.Password); err != nil {
			t.Fatal(err)
		}
		request := goldap.NewSearchRequest(testserver.Suffix, goldap.ScopeWholeSubtree, goldap.NeverDerefAliases, 0, 0, false, "(objectClass=*)", nil, nil)
		found, err := c.Search(request)
		if page > 0 {
			found, err = c.SearchWithPaging(request, page)
		}
		if err != nil {
			t.Fatal(err)
		}
		h := sha256.New()
		json.NewEncoder(h).Encode(found.Entries)
		return len(found.Entries), string(h.Sum(nil))
	}
	for _, page := range []uint32{0, 300} {
		n, direct := digest(s.slapd.URL(), page)
		m, through := digest(s.proxy.url, page)
		if direct != through || n != m || m != s.people+2 {
			t.Errorf("pages of %d: %d entries through the proxy, %d directly", page, m, n)
		}
	}
}

func (s *proxied) wrongPassword(t *testing.T) {
	c, err := goldap.DialURL(s.proxy.url)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Bind(s.slapd.Credentials.DN, "wrong"); !goldap.IsErrorWithCode(err, goldap.LDAPResultInvalidCredentials) {
		t.Errorf("%v", err)
	}
}

// A Go program reaches a server through a connector by the server's URL.
func TestDialThroughConnector(t *testing.T) {
	s := startProxied(t, 100)
	d, err := tunneldial.New("http://"+s.connector.addr, &tunneldial.Options{Token: tunneldial.TokenFile(tokenFile(t, s.connector.token))})
	if err != nil {
		t.Fatal(err)
	}
	srv, err := server.New("ldaps://"+s.slapd.TLSAddress, nil)
	if err != nil {
		t.Fatal(err)
	}
	c := ldap.NewConnection(srv, d, &ldap.Options{Credentials: s.slapd.Credentials})
	if err := c.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Bind(t.Context()); err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, err := range c.Search(t.Context(), message.SearchRequest{Base: testserver.Suffix, Scope: message.ScopeSub, Filter: filter.Equal("objectClass", "inetOrgPerson")}) {
		if err != nil {
			t.Fatal(err)
		}
		found++
	}
	if found != 100 {
		t.Errorf("%d people", found)
	}
	stream, err := d.Open(t.Context(), "dc1")
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Close()
	if h := stream.Hello(); h.Address != s.slapd.TLSAddress || h.TLS == nil || !h.TLS.Verified {
		t.Errorf("%+v", h)
	}
	other, err := server.New(s.slapd.URL(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := ldap.NewConnection(other, d, nil).Open(t.Context()); !errors.As(err, new(*tunneldial.NotOfferedError)) {
		t.Errorf("a server that is not offered: %v", err)
	}
}

// Clients may come by a Unix domain socket.
func TestProxyOnUnixSocket(t *testing.T) {
	s := startProxied(t, 10)
	path := filepath.Join(t.TempDir(), "ldapi")
	p := startProxyTo(t, "http://"+s.connector.addr, "--server", "dc1", "--unix", path, "--token-file", tokenFile(t, s.connector.token))
	if p.url != "ldapi://"+url.PathEscape(path) {
		t.Errorf("listens on %s", p.url)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	out, err := exec.Command("ldapsearch", "-x", "-LLL", "-H", p.url, "-b", testserver.Suffix, "(uid=person3)", "uid").CombinedOutput()
	if err != nil || !strings.Contains(string(out), "uid: person3") {
		t.Errorf("%v: %s", err, out)
	}
	p.stop(t)
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the socket is left: %v", err)
	}
}

func TestProxyUsage(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	const to, server = "--to=ws://127.0.0.1:1", "--server=dc1"
	tests := []struct {
		args   []string
		status int
		text   string
	}{
		{nil, 2, "proxy needs --to"},
		{[]string{to, server}, 2, "proxy needs --listen"},
		{[]string{to, "--listen=:0"}, 2, "proxy needs --server"},
		{[]string{to + "?server=dc2", server, "--listen=:0"}, 2, "names the server dc2"},
		{[]string{"--to=ldap://x", server, "--listen=:0"}, 2, "ws://"},
		{[]string{to, server, "--listen=here"}, 2, "host:port is expected"},
		{[]string{to, server, "--listen=:0", "--insecure", "--ca=x"}, 2, "--insecure"},
		{[]string{to, server, "--listen=:0", "--max-sessions=0"}, 2, "--max-sessions"},
		{[]string{to, server, "--listen=:0", "--wait=-1s"}, 2, "negative"},
		{[]string{to, server, "--listen=:0", "--ca=/not/there"}, 1, "no such file"},
		{[]string{to, server, "--listen=:0", "--token-file=/not/there"}, 1, "token file: open /not/there"},
		{[]string{to, server, "--listen=" + taken.Addr().String()}, 1, "address already in use"},
		{[]string{"now"}, 2, `not "now"`},
	}
	for _, test := range tests {
		stdout, stderr, status := cli(t, append([]string{"proxy"}, test.args...)...)
		if status != test.status || !strings.Contains(stderr, test.text) || strings.Count(stderr, "\n") != 1 || stdout != "" {
			t.Errorf("%v: status %d, %q", test.args, status, stderr)
		}
	}
}
