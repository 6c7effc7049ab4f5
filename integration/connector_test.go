package integration

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/coder/websocket"

	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/server"
	"github.com/ldapedge/ldapedge/tunnel"
)

// program builds the connector once and returns its path.
var program = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "ldapedge-")
	if err != nil {
		return "", err
	}
	file := filepath.Join(dir, "ldapedge")
	cmd := exec.Command("go", "build", "-o", file, "./native/connector")
	cmd.Dir = ".."
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building the connector: %w: %s", err, out)
	}
	return file, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if leaks := heard.leaks(); len(leaks) > 0 {
		fmt.Printf("FAIL: secrets are in the output of the program:\n%s\n", strings.Join(leaks, "\n"))
		code = 1
	}
	if file, err := program(); err == nil {
		os.RemoveAll(filepath.Dir(file))
	}
	os.Exit(code)
}

// connector is a running connector.
type connector struct {
	addr, token string
	// admin is where the operator's listener is, with the token that was made.
	admin, adminToken string

	cmd *exec.Cmd
	log written
}

// startConnector runs "ldapedge serve" with the configuration and returns once
// it listens.
func startConnector(t *testing.T, config string) *connector {
	t.Helper()
	file := filepath.Join(t.TempDir(), "ldapedge.yaml")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	c := &connector{cmd: exec.Command(path, "serve", "--config", file)}
	says := map[string]*string{"listening": &c.addr}
	if strings.Contains(config, "\nadmin:") {
		says["admin"] = &c.admin
		if !strings.Contains(config, "\nadmin_token_file:") {
			says["admin-token"] = &c.adminToken
		}
	}
	if !strings.Contains(config, "auth:") {
		says["token"] = &c.token
	}
	lines := startProgram(t, c.cmd, &c.log, len(says))
	t.Cleanup(func() { c.stop(t) })
	if len(lines) < len(says) {
		t.Fatalf("it does not listen: %s", &c.log)
	}
	for _, line := range lines {
		what, value, _ := strings.Cut(line, " ")
		if says[what] == nil {
			t.Fatalf("it says %q", line)
		}
		if _, address, ok := strings.Cut(value, "://"); ok {
			value = strings.TrimSuffix(address, "/")
		}
		*says[what] = value
	}
	secret(c.token)
	secret(c.adminToken)
	return c
}

// startProgram starts a process that serves and returns the first lines of its
// standard output, as many as that if there are. The log gets all else that it
// writes.
func startProgram(t *testing.T, cmd *exec.Cmd, log *written, most int) (lines []string) {
	t.Helper()
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = log
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	reader := bufio.NewReader(stdout)
	for len(lines) < most {
		line, err := reader.ReadString('\n')
		if err != nil {
			break
		}
		lines = append(lines, strings.TrimSuffix(line, "\n"))
	}
	go io.Copy(log, reader) // until it ends
	return lines
}

// stop ends the connector as an operator would and sees that it obeys.
func (c *connector) stop(t *testing.T) {
	t.Helper()
	if c.cmd.ProcessState != nil {
		return
	}
	c.cmd.Process.Signal(syscall.SIGTERM)
	if err := c.cmd.Wait(); err != nil {
		t.Errorf("the connector ends with %v: %s", err, &c.log)
	}
}

// Dial makes a connector a dialer: a stream is a WebSocket session to the
// server that it calls "dc1".
func (c *connector) Dial(ctx context.Context, _ *server.Server) (io.ReadWriteCloser, error) {
	ws, _, err := c.session(ctx, "dc1", "", tunnel.Subprotocol)
	if err != nil {
		return nil, err
	}
	if _, _, err := ws.Read(ctx); err != nil {
		return nil, err
	}
	return websocket.NetConn(context.Background(), ws, websocket.MessageBinary), nil
}

func (c *connector) session(ctx context.Context, server, origin string, subprotocols ...string) (*websocket.Conn, *http.Response, error) {
	header := http.Header{}
	if origin != "" {
		header.Set("Origin", origin)
	}
	if c.token != "" {
		subprotocols = append(subprotocols, tunnel.TokenSubprotocol(c.token))
	}
	return websocket.Dial(ctx, "ws://"+c.addr+"/v1/ldap?server="+server, &websocket.DialOptions{Subprotocols: subprotocols, HTTPHeader: header})
}

// readsSchema reads the schema through the connector.
func (c *connector) readsSchema(t *testing.T) {
	t.Helper()
	srv, err := server.New("ldap://dc1", nil)
	if err != nil {
		t.Fatal(err)
	}
	conn := ldap.NewConnection(srv, c, nil)
	if err := conn.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	s, err := conn.ReadSchema(t.Context())
	if err != nil || s.ObjectClass("posixAccount") == nil {
		t.Errorf("schema through the connector: %v", err)
	}
}

func TestConnectorRefuses(t *testing.T) {
	for _, auth := range []string{"none", "token"} {
		t.Run(auth, func(t *testing.T) {
			config := fmt.Sprintf("listen: 127.0.0.1:0\nservers: [{name: dc1, url: %q}]\n", startSlapd(t).URL())
			if auth == "none" {
				config += "auth: none\n"
			}
			refuses(t, startConnector(t, config))
		})
	}
}

func refuses(t *testing.T, c *connector) {
	tests := []struct {
		name, server, origin, subprotocol string
		status                            int
		send                              func(*websocket.Conn) error
		code                              tunnel.CloseCode
	}{
		{name: "unknown server", server: "dc2", status: 101, code: tunnel.CloseUnknownServer},
		{name: "wrong subprotocol", server: "dc1", subprotocol: "ldapedge.v0", status: 400},
		{name: "foreign Origin", server: "dc1", origin: "https://evil.example", status: 403},
		{name: "unexpected text frame", server: "dc1", status: 101, code: tunnel.CloseProtocol,
			send: func(ws *websocket.Conn) error {
				return ws.Write(context.Background(), websocket.MessageText, []byte("hello"))
			}},
		{name: "100 MB frame", server: "dc1", status: 101, code: tunnel.CloseTooBig,
			send: func(ws *websocket.Conn) error {
				go ws.Write(context.Background(), websocket.MessageBinary, make([]byte, 100<<20)) // fails when it is refused
				return nil
			}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if test.subprotocol == "" {
				test.subprotocol = tunnel.Subprotocol
			}
			ws, response, err := c.session(t.Context(), test.server, test.origin, test.subprotocol)
			if response == nil || response.StatusCode != test.status {
				t.Fatalf("%v, %v", response, err)
			}
			if test.status == 101 {
				defer ws.CloseNow()
				if test.send != nil {
					if err := test.send(ws); err != nil {
						t.Fatal(err)
					}
				}
				if code := closeCode(t, ws); code != test.code {
					t.Errorf("close code %d, want %d", code, test.code)
				}
			}
			c.readsSchema(t)
		})
	}
}

// closeCode reads until the session is closed.
func closeCode(t *testing.T, ws *websocket.Conn) tunnel.CloseCode {
	t.Helper()
	for {
		_, _, err := ws.Read(t.Context())
		var e websocket.CloseError
		if errors.As(err, &e) {
			return tunnel.CloseCode(e.Code)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestConnectorTellsWhyTheServerIsAway(t *testing.T) {
	slapd := startSlapd(t)
	c := startConnector(t, fmt.Sprintf("listen: 127.0.0.1:0\nauth: none\nservers: [{name: dc1, url: %q}]\n", slapd.URL()))
	slapd.Kill()
	ws, _, err := c.session(t.Context(), "dc1", "", tunnel.Subprotocol)
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = ws.Read(t.Context())
	var e websocket.CloseError
	if !errors.As(err, &e) || tunnel.CloseCode(e.Code) != tunnel.CloseDialFailed || !strings.Contains(e.Reason, "connection refused") {
		t.Errorf("%v", err)
	}
	if err := slapd.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	c.readsSchema(t)
}

func TestConnectorTokenIsNoSecretOfTheLog(t *testing.T) {
	c := startConnector(t, fmt.Sprintf("listen: 127.0.0.1:0\nservers: [{name: dc1, url: %q}]\n", startSlapd(t).URL()))
	if len(c.token) < 20 {
		t.Fatalf("the token is %q", c.token)
	}
	c.readsSchema(t)
	token := c.token
	c.token = ""
	ws, _, err := c.session(t.Context(), "dc1", "", tunnel.Subprotocol)
	if err != nil {
		t.Fatal(err)
	}
	if code := closeCode(t, ws); code != tunnel.CloseNotAuthenticated {
		t.Errorf("without the token: %d", code)
	}
	c.stop(t)
	if log := c.log.String(); strings.Contains(log, token) || !strings.Contains(log, "session begins") {
		t.Errorf("log: %s", log)
	}
}

func TestCommandLineErrors(t *testing.T) {
	bad := filepath.Join(t.TempDir(), "bad.yaml")
	if err := os.WriteFile(bad, []byte("listen: 127.0.0.1:0\nsevers: []\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		args   []string
		status int
		text   string
	}{
		{[]string{"serve"}, 2, "ldapedge: serve needs --config FILE or --demo\n"},
		{[]string{"serve", "--demo", "--listen", "0.0.0.0:0"}, 1, `auth: "none" is accepted on loopback alone`},
		{[]string{"serve", "--config", bad}, 1, bad + `: line 2, column 1: unknown field "severs"`},
		{[]string{"serve", "--config", bad + ".not"}, 1, "no such file"},
		{[]string{"serve", "--confg", bad}, 2, "unknown flag: --confg"},
		{[]string{"serve", "now"}, 2, `not "now"`},
		{[]string{"fly"}, 2, `unknown command "fly"`},
	}
	for _, test := range tests {
		stdout, stderr, status := cli(t, test.args...)
		if status != test.status || !strings.Contains(stderr, test.text) || strings.Count(stderr, "\n") != 1 || stdout != "" {
			t.Errorf("%v: status %d, %q", test.args, status, stderr)
		}
	}
}

// A pool is asked for by its name like a server, and while one of its servers
// answers, so does it.
func TestConnectorPool(t *testing.T) {
	first, second := startSlapd(t), startSlapd(t)
	c := startConnector(t, fmt.Sprintf(`listen: 127.0.0.1:0
auth: none
servers: [{name: first, url: %q}, {name: second, url: %q}]
pools: [{name: both, strategy: POOLING_STRATEGY_FIRST_ACTIVE, servers: [first, second]}]
`, first.URL(), second.URL()))
	response, err := http.Get("http://" + c.addr + "/v1/servers")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	list, err := io.ReadAll(response.Body)
	if want := fmt.Sprintf(`{"name":"both","url":%q,"tls":false,"pool":{"strategy":"FIRST","servers":[%q,%q],"members":[{"url":%q,"state":"up"},{"url":%q,"state":"up"}]}}]}`,
		first.URL(), first.URL(), second.URL(), first.URL(), second.URL()); err != nil || !strings.Contains(string(list), want) {
		t.Errorf("%s, %v", list, err)
	}
	address := func() string {
		t.Helper()
		ws, _, err := c.session(t.Context(), "both", "", tunnel.Subprotocol)
		if err != nil {
			t.Fatal(err)
		}
		defer ws.CloseNow()
		_, frame, err := ws.Read(t.Context())
		if err != nil {
			return err.Error()
		}
		var hello tunnel.Hello
		if err := json.Unmarshal(frame, &hello); err != nil || hello.Server != "both" {
			t.Errorf("%s, %v", frame, err)
		}
		return hello.Address
	}
	if got := address(); got != first.Address {
		t.Errorf("leads to %s, not to the first", got)
	}
	first.Kill()
	if got := address(); got != second.Address {
		t.Errorf("leads to %s, not to the second", got)
	}
}
