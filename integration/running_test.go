package integration

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/ldapedge/ldapedge/integration/testserver"
	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/native/authorities"
	"github.com/ldapedge/ldapedge/tunnel"
)

// facts opens a session and returns what its first frame says, or how it was
// closed.
func (c *connector) facts(t *testing.T, server string) (*websocket.Conn, string) {
	t.Helper()
	ws, _, err := c.session(t.Context(), server, "", tunnel.Subprotocol)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ws.CloseNow() })
	_, b, err := ws.Read(t.Context())
	if err != nil {
		return ws, err.Error()
	}
	return ws, string(b)
}

// rootDSE asks for the root DSE over a session that has begun.
func rootDSE(ctx context.Context, ws *websocket.Conn) error {
	_, err := search(ctx, ws, message.SearchRequest{})
	return err
}

// search returns how many entries are found.
func search(ctx context.Context, ws *websocket.Conn, r message.SearchRequest) (entries int, err error) {
	var m message.Machine
	if _, err := m.Search(r); err != nil {
		return 0, err
	}
	if err := ws.Write(ctx, websocket.MessageBinary, m.Output()); err != nil {
		return 0, err
	}
	for {
		_, b, err := ws.Read(ctx)
		if err != nil {
			return entries, err
		}
		if len(b) == 0 { // the server has finished
			return entries, io.ErrUnexpectedEOF
		}
		m.Take(b)
		for {
			event, ok, err := m.Next()
			if err != nil || event.Done {
				return entries, err
			}
			if !ok {
				break
			}
			entries++
		}
	}
}

// A configuration that is read again ends the sessions of servers that it does
// not have any more, and no others; one that is wrong changes nothing.
func TestConfigurationIsReadAgain(t *testing.T) {
	slapd := startPeople(t, testserver.SlapdConfig{}, 0)
	before := "listen: 127.0.0.1:0\nauth: none\nadmin: 127.0.0.1:0\nservers:\n  - {name: stays, url: '" + slapd.URL() + "'}\n  - {name: goes, url: '" + slapd.URL() + "'}\n" +
		"pools: [{name: pool, servers: [stays]}]\n"
	c := startConnector(t, before)
	sessions := make(map[string]*websocket.Conn)
	for _, name := range []string{"stays", "goes", "pool"} {
		ws, facts := c.facts(t, name)
		if !strings.Contains(facts, `"server":"`+name+`"`) {
			t.Fatalf("%s: %s", name, facts)
		}
		sessions[name] = ws
	}
	if status, body := c.configure(t, before+"colour: blue\n"); status != 422 || !strings.Contains(body, `unknown field \"colour\"`) {
		t.Errorf("an unknown key: %d %s", status, body)
	}
	if status, body := c.configure(t, strings.Replace(before, "127.0.0.1:0", "127.0.0.1:1", 1)); status != 422 || !strings.Contains(body, "listen: it cannot change") {
		t.Errorf("another address: %d %s", status, body)
	}
	if status, body := c.configure(t, before+"admin_token_file: "+operatorsToken(t)+"\n"); status != 422 || !strings.Contains(body, "admin_token_file: it cannot change") {
		t.Errorf("another token of the operator: %d %s", status, body)
	}
	for name, ws := range sessions {
		if err := rootDSE(t.Context(), ws); err != nil {
			t.Errorf("%s, after what was refused: %v", name, err)
		}
	}
	after := strings.Replace(before, "name: goes", "name: comes", 1)
	if status, body := c.configure(t, after); status != 204 {
		t.Errorf("%d %s", status, body)
	}
	for _, name := range []string{"stays", "pool"} {
		if err := rootDSE(t.Context(), sessions[name]); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, _, err := sessions["goes"].Read(t.Context()); websocket.CloseStatus(err) != websocket.StatusCode(tunnel.CloseUnknownServer) || !strings.Contains(err.Error(), "not offered any more") {
		t.Errorf("the session of the server that goes: %v", err)
	}
	if _, facts := c.facts(t, "comes"); !strings.Contains(facts, `"server":"comes"`) {
		t.Errorf("the one that comes: %s", facts)
	}
	if _, facts := c.facts(t, "goes"); !strings.Contains(facts, "no server of that name") {
		t.Errorf("the one that has gone: %s", facts)
	}

	// The file says what it said: a signal brings that back.
	c.cmd.Process.Signal(syscall.SIGHUP)
	eventually(t, "the file is in force", func() bool { _, facts := c.facts(t, "goes"); return strings.Contains(facts, `"server":"goes"`) })
	if err := rootDSE(t.Context(), sessions["stays"]); err != nil {
		t.Errorf("after the signal: %v", err)
	}
}

// roots are the certificates of a PEM file.
func roots(t *testing.T, file string) *x509.CertPool {
	t.Helper()
	pool, err := authorities.File(file)
	if err != nil {
		t.Fatal(err)
	}
	return pool
}

// configure puts a configuration in force.
func (c *connector) configure(t *testing.T, text string) (int, string) {
	t.Helper()
	return c.operate(t, http.MethodPut, "/config", text)
}

// operate asks something of the operator's listener.
func (c *connector) operate(t *testing.T, method, path, body string) (status int, answer string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, "http://"+c.admin+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+c.adminToken)
	return do(t, r)
}

// do does a request and returns status and body.
func do(t *testing.T, r *http.Request) (int, string) {
	t.Helper()
	response, body := answer(t, r)
	return response.StatusCode, body
}

// answer does a request, without following where it leads, and returns the response
// and its body.
func answer(t *testing.T, r *http.Request) (*http.Response, string) {
	t.Helper()
	response, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(body)
}

// operatorsToken returns a file with one.
func operatorsToken(t *testing.T) (file string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte(secret("a-token-of-the-operator")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestOperatorsListener(t *testing.T) {
	slapd := startPeople(t, testserver.SlapdConfig{}, 0)
	socket := filepath.Join(t.TempDir(), "admin")
	c := startConnector(t, "listen: 127.0.0.1:0\nauth: none\nadmin: 127.0.0.1:0\nadmin_token_file: "+operatorsToken(t)+"\nlog: {format: json}\nservers: [{name: dc1, url: '"+slapd.URL()+"'}]\npools: [{name: pool, servers: [dc1]}]\n")
	ws, _ := c.facts(t, "dc1")
	if err := rootDSE(t.Context(), ws); err != nil {
		t.Fatal(err)
	}
	c.facts(t, "nobody")
	get := func(path, host, token, origin string) (int, string) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+c.admin+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = host
		if token != "" {
			r.Header.Set("Authorization", "Bearer "+token)
		}
		if origin != "" {
			r.Header.Set("Origin", origin)
		}
		return do(t, r)
	}
	for _, test := range []struct {
		path, host, token, origin string
		status                    int
		contains                  string
	}{
		{"/healthz", "", "", "", 200, "ok"},
		{"/readyz", "localhost", "", "", 200, "ok"},
		{"/healthz", "evil.example.com", "", "", 403, "names of loopback"},
		{"/healthz", "", "", "http://evil.example.com", 403, "no page"},
		{"/metrics", "", "", "", 401, "token is needed"},
		{"/metrics", "", "a-token-of-the-operato", "", 401, "token is needed"},
		{"/metrics", "", "a-token-of-the-operator", "", 200, "\nldapedge_sessions{server=\"dc1\"} 1\n"},
		{"/metrics", "", "a-token-of-the-operator", "", 200, "\nldapedge_closes_total{code=\"4404\"} 1\n"},
		{"/metrics", "", "a-token-of-the-operator", "", 200, "\nldapedge_pool_member_available{pool=\"pool\",url=\"" + slapd.URL() + "\"} 1\n"},
		{"/metrics", "", "a-token-of-the-operator", "", 200, "\nldapedge_sent_bytes_total{server=\"dc1\"} 39\n"},
		{"/nothing", "", "", "", 404, "not found"},
	} {
		if status, body := get(test.path, test.host, test.token, test.origin); status != test.status || !strings.Contains(body, test.contains) {
			t.Errorf("%+v: %d %s", test, status, body)
		}
	}
	if log := c.log.String(); !strings.Contains(log, `"msg":"session begins"`) || strings.Contains(log, "a-token") {
		t.Errorf("the log is %s", log)
	}
	text := "listen: 127.0.0.1:0\nauth: none\nadmin: 'unix:" + socket + "'\nservers: [{name: dc1, url: '" + slapd.URL() + "'}]\n"
	unix := startConnector(t, text)
	if unix.admin != "unix:"+socket {
		t.Errorf("it is at %q", unix.admin)
	}
	if info, err := os.Stat(socket); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	// A socket that is left behind is in nobody's way.
	unix.cmd.Process.Kill()
	unix.cmd.Wait()
	if again := startConnector(t, text); again.admin != "unix:"+socket {
		t.Errorf("after one that was killed it is at %q", again.admin)
	}
}

// The connector does StartTLS where the configuration says so, and the client is
// told with what.
func TestConnectorStartsTLS(t *testing.T) {
	slapd := startPeople(t, testserver.SlapdConfig{TLS: true}, 0)
	c := startConnector(t, "listen: 127.0.0.1:0\nauth: none\nservers:\n"+
		"  - {name: dc1, url: '"+slapd.URL()+"', start_tls: true, tls: {ca_file: '"+slapd.CAFile+"'}}\n"+
		"  - {name: strangers, url: '"+slapd.URL()+"', start_tls: true}\n  - {name: plain, url: '"+slapd.URL()+"'}\n")
	ws, facts := c.facts(t, "dc1")
	if !strings.Contains(facts, `"tls":{"version":"TLS 1.3"`) || !strings.Contains(facts, `"verified":true`) {
		t.Errorf("%s", facts)
	}
	if err := rootDSE(t.Context(), ws); err != nil {
		t.Error(err)
	}
	if _, facts := c.facts(t, "strangers"); !strings.Contains(facts, "certificate signed by unknown") {
		t.Errorf("%s", facts)
	}
	if _, facts := c.facts(t, "plain"); !strings.Contains(facts, `"tls":null`) {
		t.Errorf("%s", facts)
	}
	r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+c.addr+"/v1/servers", nil)
	if _, list := do(t, r); !strings.Contains(list, `{"name":"dc1","url":"`+slapd.URL()+`","mode":"IP_V6_PREFERRED","tls":true}`) || !strings.Contains(list, `{"name":"plain","url":"`+slapd.URL()+`","mode":"IP_V6_PREFERRED","tls":false}`) {
		t.Errorf("%s", list)
	}
}

// A certificate that is renewed is the one of the next connection; sessions of
// the one before go on.
func TestCertificateReloadMidFlight(t *testing.T) {
	slapd := startPeople(t, testserver.SlapdConfig{TLS: true}, 0)
	other := startPeople(t, testserver.SlapdConfig{TLS: true}, 0)
	dir := t.TempDir()
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	install := func(s *testserver.Slapd) *x509.CertPool {
		t.Helper()
		for to, from := range map[string]string{cert: s.CAFile, key: filepath.Join(filepath.Dir(s.CAFile), "key.pem")} {
			b, err := os.ReadFile(from)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(to, b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		return roots(t, s.CAFile)
	}
	first := install(slapd)
	c := startConnector(t, fmt.Sprintf("listen: 127.0.0.1:0\nauth: none\ntls: {cert_file: %s, key_file: %s}\nservers: [{name: dc1, url: '%s'}]\n", cert, key, slapd.URL()))
	open := func(roots *x509.CertPool) (*websocket.Conn, error) {
		client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}}
		ws, _, err := websocket.Dial(t.Context(), "wss://"+c.addr+"/v1/ldap?server=dc1", &websocket.DialOptions{Subprotocols: []string{tunnel.Subprotocol}, HTTPClient: client})
		if err != nil {
			return nil, err
		}
		t.Cleanup(func() { ws.CloseNow() })
		_, _, err = ws.Read(t.Context())
		return ws, err
	}
	ws, err := open(first)
	if err != nil {
		t.Fatal(err)
	}
	second := install(other)
	if _, err := open(second); err != nil {
		t.Errorf("the new certificate: %v", err)
	}
	if _, err := open(first); err == nil {
		t.Error("the old certificate is still in use")
	}
	if err := rootDSE(t.Context(), ws); err != nil {
		t.Errorf("a session of the old one: %v", err)
	}
	if err := os.WriteFile(cert, []byte("half a certif"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := open(second); err != nil {
		t.Errorf("while it cannot be read: %v", err)
	}
	if !strings.Contains(c.log.String(), "the one before stays") {
		t.Errorf("the log is %s", &c.log)
	}
}

// systemd is told when the connector is ready, reads its configuration again and
// stops, and the socket that it holds is used.
func TestConnectorUnderSystemd(t *testing.T) {
	slapd := startPeople(t, testserver.SlapdConfig{}, 0)
	dir := t.TempDir()
	notices, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: filepath.Join(dir, "notify"), Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer notices.Close()
	told := func(wanted string) {
		t.Helper()
		buf := make([]byte, 1000)
		notices.SetReadDeadline(time.Now().Add(20 * time.Second))
		n, err := notices.Read(buf)
		if got, _, _ := strings.Cut(string(buf[:n]), "\n"); err != nil || got != wanted {
			t.Errorf("told %q, %v and not %q", got, err, wanted)
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	socket, err := l.(*net.TCPListener).File()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "ldapedge.yaml")
	if err := os.WriteFile(file, []byte("auth: none\nservers: [{name: dc1, url: '"+slapd.URL()+"'}]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	c := &connector{addr: l.Addr().String(), cmd: exec.Command("sh", "-c", `LISTEN_PID=$$ exec "$0" serve --config "$1"`, path, file)}
	c.cmd.Env = append(os.Environ(), "NOTIFY_SOCKET="+notices.LocalAddr().String(), "LISTEN_FDS=1")
	c.cmd.ExtraFiles = []*os.File{socket}
	c.cmd.Stdout, c.cmd.Stderr = &c.log, &c.log
	c.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.stop(t) })
	l.Close()
	socket.Close()
	told("READY=1")
	ws, facts := c.facts(t, "dc1")
	if err := rootDSE(t.Context(), ws); err != nil {
		t.Errorf("%s: %v", facts, err)
	}
	c.cmd.Process.Signal(syscall.SIGHUP)
	told("RELOADING=1")
	told("READY=1")
	c.cmd.Process.Signal(syscall.SIGTERM)
	told("STOPPING=1")
	if _, _, err := ws.Read(t.Context()); websocket.CloseStatus(err) != websocket.StatusCode(tunnel.CloseDraining) {
		t.Errorf("the session ends with %v", err)
	}
	if err := c.cmd.Wait(); err != nil {
		t.Errorf("the connector ends with %v: %s", err, &c.log)
	}
}

// A configuration is looked at without anything being started.
func TestCheckConfig(t *testing.T) {
	file := filepath.Join(t.TempDir(), "ldapedge.yaml")
	for text, wanted := range map[string]string{
		"servers: [{name: dc1, url: ldap://dc1}]":            "",
		"servers: [{name: dc1, url: ldap://dc1}]\ncolour: 1": "ldapedge: " + file + `: line 2, column 1: unknown field "colour"` + "\n",
		"servers: [{name: dc1, url: http://dc1}]":            "ldapedge: " + file + `: servers[0] "dc1": `,
	} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		out, stderr, status := cli(t, "serve", "--config", file, "--check-config")
		if (status == 0) != (wanted == "") || out != "" || !strings.HasPrefix(stderr, wanted) || wanted == "" && stderr != "" {
			t.Errorf("%s: %d, %q, %q", text, status, out, stderr)
		}
	}
}

// Tokens by their hash and client certificates let in whom the configuration
// says, and to the servers that it says.
func TestConnectorAuthentication(t *testing.T) {
	slapd := startPeople(t, testserver.SlapdConfig{TLS: true}, 0)
	token, hash := makeToken(t)
	key := filepath.Join(filepath.Dir(slapd.CAFile), "key.pem")
	servers := fmt.Sprintf("servers: [{name: dc1, url: '%s'}, {name: dc2, url: '%s'}]\n", slapd.URL(), slapd.URL())
	c := startConnector(t, "listen: 127.0.0.1:0\nauth: {tokens: [{subject: alice, servers: [dc1], sha256: "+hash+"}], certificates: [{dns_name: localhost, subject: edge, servers: [dc2]}]}\n"+
		fmt.Sprintf("tls: {cert_file: '%s', key_file: '%s', client_ca_file: '%s'}\n", slapd.CAFile, key, slapd.CAFile)+servers)
	pair, err := tls.LoadX509KeyPair(slapd.CAFile, key)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, server, token string
		certificate         bool
		says                string
	}{
		{"a token", "dc1", token, false, `"server":"dc1"`},
		{"a token for another server", "dc2", token, false, "4403"},
		{"another token", "dc1", token[1:] + token[:1], false, "4401"},
		{"nothing", "dc1", "", false, "4401"},
		{"a certificate", "dc2", "", true, `"server":"dc2"`},
		{"a certificate for another server", "dc1", "", true, "4403"},
		{"a token that is wrong, and a certificate", "dc2", "x", true, "4401"},
	} {
		t.Run(test.name, func(t *testing.T) {
			config := &tls.Config{RootCAs: roots(t, slapd.CAFile)}
			if test.certificate {
				config.Certificates = []tls.Certificate{pair}
			}
			subprotocols := []string{tunnel.Subprotocol}
			if test.token != "" {
				subprotocols = append(subprotocols, tunnel.TokenSubprotocol(test.token))
			}
			ws, _, err := websocket.Dial(t.Context(), "wss://"+c.addr+"/v1/ldap?server="+test.server, &websocket.DialOptions{
				Subprotocols: subprotocols, HTTPClient: &http.Client{Transport: &http.Transport{TLSClientConfig: config}},
			})
			if err != nil {
				t.Fatal(err)
			}
			defer ws.CloseNow()
			_, b, err := ws.Read(t.Context())
			if got := fmt.Sprint(string(b), err); !strings.Contains(got, test.says) {
				t.Errorf("%s", got)
			}
		})
	}
	if log := c.log.String(); strings.Contains(log, token) || !strings.Contains(log, "alice") {
		t.Errorf("the log is %s", log)
	}
}
