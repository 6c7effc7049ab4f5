package integration

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
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
	"github.com/ldapedge/ldapedge/tunnel"
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

// startProxied starts a slapd with people, and the rest; upgrade has the connector
// do StartTLS in place of ldaps. The connector's server "plain" is the same slapd,
// without TLS.
func startProxied(t *testing.T, c testserver.SlapdConfig, people int, upgrade bool) *proxied {
	t.Helper()
	c.TLS, c.Entries = true, testserver.People(people)
	slapd, err := c.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { slapd.Close() })
	url := "ldaps://" + slapd.TLSAddress
	if upgrade {
		url = slapd.URL()
	}
	connector := startConnector(t, fmt.Sprintf("listen: 127.0.0.1:0\nservers: [{name: dc1, url: %q, start_tls: %t, tls: {ca_file: %q}}, {name: plain, url: %q}]\n", url, upgrade, slapd.CAFile, slapd.URL()))
	return &proxied{slapd, connector, startProxy(t, connector), people}
}

// proxiedPeople is how many people unmodified clients have to read at once.
func proxiedPeople() int {
	if testing.Short() {
		return 10_000
	}
	return 50_000
}

// Unmodified clients get through the proxy what they get directly from a server
// that shows nothing to who has not bound, and does nothing without TLS: directly
// they do StartTLS themselves, and through the proxy the connector does.
func TestClientsThroughProxy(t *testing.T) {
	s := startProxied(t, testserver.SlapdConfig{Global: "security tls=1\n", Suffix: "access to * by users read by * auth\n"}, proxiedPeople(), true)
	t.Run("ldapsearch", s.ldapsearch)
	t.Run("ldap3 and go-ldap", s.libraries)
	t.Run("wrong password", s.wrongPassword)
	t.Run("without TLS", s.withoutTLS)
	s.proxy.stop(t)
	if log := s.proxy.log.String(); strings.Contains(log, s.connector.token) || strings.Contains(log, s.slapd.Credentials.Password) || strings.Contains(log, "person") || !strings.Contains(log, "session ends") {
		t.Errorf("log: %s", log)
	}
}

func (s *proxied) ldapsearch(t *testing.T) {
	ldif := func(url string, args ...string) []byte {
		t.Helper()
		cmd := exec.Command("ldapsearch", append([]string{"-x", "-LLL", "-H", url, "-D", s.slapd.Credentials.DN, "-w", s.slapd.Credentials.Password, "-b", testserver.Suffix}, args...)...)
		cmd.Env = append(os.Environ(), "LDAPTLS_CACERT="+s.slapd.CAFile)
		var said bytes.Buffer
		cmd.Stderr = &said
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("ldapsearch %s: %v: %s", url, err, &said)
		}
		return out
	}
	for name, test := range map[string]struct {
		args    []string
		entries int
	}{
		"at once":  {nil, s.people + 2},
		"by pages": {[]string{"-E", fmt.Sprintf("pr=%d/noprompt", pageSize)}, s.people + 2},
		"one":      {[]string{"(uid=person7)"}, 1},
	} {
		direct, through := ldif(s.slapd.URL(), append([]string{"-ZZ"}, test.args...)...), ldif(s.proxy.url, test.args...)
		if entries := bytes.Count(through, []byte("dn: ")); !bytes.Equal(direct, through) || entries != test.entries {
			t.Errorf("%s: %d bytes and %d entries through the proxy, %d bytes directly", name, len(through), entries, len(direct))
		}
	}
}

// readings are what a library has read: all people, at once and by pages.
type readings struct {
	WhoAmI     string
	All, Pages reading
}

// reading is how many entries were read, and the digest of them as
// ldap3_proxy.py renders them.
type reading struct {
	Entries int
	SHA256  string
}

const pageSize = 1000

// readAttributes have one value and several, not ASCII and binary.
var readAttributes = []string{"cn", "jpegPhoto", "mail"}

// Each library reads directly and through the proxy, and all read the same.
func (s *proxied) libraries(t *testing.T) {
	var all [4]readings
	t.Run("read", func(t *testing.T) {
		for i, read := range []func(*testing.T, string, string) readings{s.ldap3, s.goLDAP} {
			for j, url := range []string{s.slapd.URL(), s.proxy.url} {
				t.Run(fmt.Sprint([]string{"ldap3", "go-ldap"}[i], []string{" directly", " through the proxy"}[j]), func(t *testing.T) {
					t.Parallel()
					all[2*i+j] = read(t, url, []string{s.slapd.CAFile, ""}[j])
				})
			}
		}
	})
	everyone := reading{s.people + 2, all[0].All.SHA256}
	want := readings{"dn:" + s.slapd.Credentials.DN, everyone, everyone}
	for i, got := range all {
		if got != want {
			t.Errorf("reading %d: %+v and not %+v", i, got, want)
		}
	}
}

func (s *proxied) ldap3(t *testing.T, url, ca string) readings {
	args := []string{url, s.slapd.Credentials.DN, s.slapd.Credentials.Password, ca, testserver.Suffix, strconv.Itoa(pageSize)}
	got := fromJSON[readings](t, askPython(t, nil, "ldap3_proxy.py", append(args, readAttributes...)...))
	return got[0]
}

func (s *proxied) goLDAP(t *testing.T, url, ca string) readings {
	c, err := goldap.DialURL(url)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if ca != "" {
		if err := c.StartTLS(&tls.Config{RootCAs: roots(t, ca), ServerName: "localhost"}); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Bind(s.slapd.Credentials.DN, s.slapd.Credentials.Password); err != nil {
		t.Fatal(err)
	}
	who, err := c.WhoAmI(nil)
	if err != nil {
		t.Fatal(err)
	}
	search := goldap.NewSearchRequest(testserver.Suffix, goldap.ScopeWholeSubtree, goldap.NeverDerefAliases, 0, 0, false, "(objectClass=*)", readAttributes, nil)
	found, err := c.Search(search)
	if err != nil {
		t.Fatal(err)
	}
	pages, err := c.SearchWithPaging(search, pageSize)
	if err != nil {
		t.Fatal(err)
	}
	return readings{who.AuthzID, readingOf(found.Entries), readingOf(pages.Entries)}
}

// readingOf is of entries in the order in which they came.
func readingOf(entries []*goldap.Entry) reading {
	h := sha256.New()
	for _, e := range entries {
		fmt.Fprintf(h, "dn: %s\n", e.DN)
		slices.SortFunc(e.Attributes, func(a, b *goldap.EntryAttribute) int { return strings.Compare(a.Name, b.Name) })
		for _, a := range e.Attributes {
			for _, v := range a.ByteValues {
				fmt.Fprintf(h, "%s:: %s\n", a.Name, base64.StdEncoding.EncodeToString(v))
			}
		}
		fmt.Fprintln(h)
	}
	return reading{len(entries), hex.EncodeToString(h.Sum(nil))}
}

// withoutTLS sees that the connector's TLS was needed: a client that reaches the
// server without it is told so.
func (s *proxied) withoutTLS(t *testing.T) {
	plain := startProxyTo(t, "ws://"+s.connector.addr+"/v1/ldap?server=plain", "--listen", "127.0.0.1:0", "--token-file", tokenFile(t, s.connector.token))
	for _, url := range []string{s.slapd.URL(), plain.url} {
		c, err := goldap.DialURL(url)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if err := c.Bind(s.slapd.Credentials.DN, s.slapd.Credentials.Password); !goldap.IsErrorWithCode(err, goldap.LDAPResultConfidentialityRequired) {
			t.Errorf("%s: %v", url, err)
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
	s := startProxied(t, testserver.SlapdConfig{}, 100, false)
	d, err := tunneldial.New("http://"+s.connector.addr, &tunneldial.Options{Token: tunneldial.TokenFile(tokenFile(t, s.connector.token))})
	if err != nil {
		t.Fatal(err)
	}
	srv := newServer(t, "ldaps://"+s.slapd.TLSAddress, nil)
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
	other := newServer(t, "ldap://other.example.com", nil)
	if err := ldap.NewConnection(other, d, nil).Open(t.Context()); !errors.As(err, new(*tunnel.NotOfferedError)) {
		t.Errorf("a server that is not offered: %v", err)
	}
}

// Clients may come by a Unix domain socket.
func TestProxyOnUnixSocket(t *testing.T) {
	s := startProxied(t, testserver.SlapdConfig{}, 10, false)
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
