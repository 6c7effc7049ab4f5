package integration

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	goldap "github.com/go-ldap/ldap/v3"
)

// eventually polls until the condition holds.
func eventually(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !condition(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not in time: %s", what)
		}
	}
}

// ends waits until the proxy closes a client's connection, and returns what came
// before.
func ends(t *testing.T, c net.Conn) string {
	t.Helper()
	c.SetReadDeadline(time.Now().Add(20 * time.Second))
	b, err := io.ReadAll(c)
	if err != nil && !strings.Contains(err.Error(), "reset") {
		t.Errorf("the connection does not end: %v", err)
	}
	return string(b)
}

// upstream is a server of bytes behind a connector: the connector does not look
// into them.
func upstream(t *testing.T, serve func(c *net.TCPConn)) *connector {
	t.Helper()
	return startConnector(t, serversConfig("127.0.0.1:0", listener(t, serve)))
}

func serversConfig(listen, address string) string {
	return fmt.Sprintf("listen: %s\nservers: [{name: dc1, url: %q}]\npolicies: [{unfiltered: true}]\n", listen, "ldap://"+address)
}

// echo sends back what it receives and, when the client has finished, a full
// stop.
func echo(c *net.TCPConn) {
	io.Copy(c, c)
	io.WriteString(c, ".")
}

// exchange sends a word and waits until it comes back.
func exchange(t *testing.T, c net.Conn) {
	t.Helper()
	c.SetReadDeadline(time.Now().Add(20 * time.Second))
	b := make([]byte, 4)
	if _, err := io.WriteString(c, "word"); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(c, b); err != nil || string(b) != "word" {
		t.Fatalf("%q, %v", b, err)
	}
}

func TestProxyHalfClose(t *testing.T) {
	t.Run("of the client", func(t *testing.T) {
		c := startProxy(t, upstream(t, echo)).dial(t)
		exchange(t, c)
		io.WriteString(c, "last")
		c.CloseWrite()
		if got := ends(t, c); got != "last." {
			t.Errorf("%q", got)
		}
	})
	t.Run("of the server", func(t *testing.T) {
		received := make(chan string, 1)
		c := startProxy(t, upstream(t, func(c *net.TCPConn) {
			io.WriteString(c, "first")
			c.CloseWrite()
			b, _ := io.ReadAll(c)
			received <- string(b)
		})).dial(t)
		if got := ends(t, c); got != "first" {
			t.Errorf("%q", got)
		}
		io.WriteString(c, "and more")
		c.CloseWrite()
		if got := <-received; got != "and more" {
			t.Errorf("the server receives %q", got)
		}
	})
}

// With the connector a session ends; a connection that is made while it is away
// waits, and works once it is back.
func TestProxyConnectorComesBack(t *testing.T) {
	for name, end := range map[string]func(*testing.T, *connector){
		"killed": func(_ *testing.T, c *connector) {
			c.cmd.Process.Kill()
			c.cmd.Wait()
		},
		"stopped": func(t *testing.T, c *connector) { c.stop(t) },
	} {
		t.Run(name, func(t *testing.T) {
			slapd := startSlapd(t)
			// A new token could not be in its file before the connector is asked.
			first := startConnector(t, serversConfig("127.0.0.1:0", slapd.Address)+"auth: none\n")
			p := startProxy(t, first)
			old := bindsAndStays(t, p)
			end(t, first)
			eventually(t, "the old connection ends", old.IsClosing)
			waiting := make(chan error, 1)
			go func() { waiting <- binds(p) }()
			eventually(t, "the proxy says that it waits", func() bool { return strings.Contains(p.log.String(), "connections wait for it") })
			startConnector(t, serversConfig(first.addr, slapd.Address)+"auth: none\n")
			if err := <-waiting; err != nil {
				t.Errorf("who waited: %v: %s", err, p.log.String())
			}
			if err := binds(p); err != nil {
				t.Errorf("who came later: %v", err)
			}
			p.stop(t)
			if log := p.log.String(); strings.Count(log, "connections wait for it") != 1 || !strings.Contains(log, "session breaks") {
				t.Errorf("log: %s", log)
			}
		})
	}
}

// bindsAndStays returns a connection that is bound.
func bindsAndStays(t *testing.T, p *proxyProcess) *goldap.Conn {
	t.Helper()
	c, err := goldap.DialURL(p.url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.UnauthenticatedBind(""); err != nil {
		t.Fatal(err)
	}
	return c
}

func binds(p *proxyProcess) error {
	c, err := goldap.DialURL(p.url)
	if err != nil {
		return err
	}
	defer c.Close()
	c.SetTimeout(20 * time.Second)
	return c.UnauthenticatedBind("")
}

// A connector that hangs is found out by its silence; connections work again when
// it goes on.
func TestProxyConnectorHangs(t *testing.T) {
	connector := upstream(t, echo)
	p := startProxy(t, connector, "--ping", "500ms", "--timeout", "1s")
	c := p.dial(t)
	exchange(t, c)
	connector.cmd.Process.Signal(syscall.SIGSTOP)
	defer connector.cmd.Process.Signal(syscall.SIGCONT)
	begin := time.Now()
	ends(t, c)
	if took := time.Since(begin); took > 10*time.Second {
		t.Errorf("only after %v: %s", took, &p.log)
	}
	eventually(t, "the proxy says why", func() bool { return strings.Contains(p.log.String(), "no answer to a ping in 500ms") })
	next := p.dial(t)
	io.WriteString(next, "wait")
	eventually(t, "the proxy says that it waits", func() bool { return strings.Contains(p.log.String(), "connections wait for it") })
	connector.cmd.Process.Signal(syscall.SIGCONT)
	next.SetReadDeadline(time.Now().Add(20 * time.Second))
	b := make([]byte, 4)
	if _, err := io.ReadFull(next, b); err != nil || string(b) != "wait" {
		t.Errorf("%q, %v: %s", b, err, &p.log)
	}
	exchange(t, next)
}

// A silent session is no dead one.
func TestProxySilence(t *testing.T) {
	p := startProxy(t, upstream(t, echo), "--ping", "50ms")
	c := p.dial(t)
	exchange(t, c)
	c.SetReadDeadline(time.Now().Add(time.Second)) // twenty times the time of a ping
	if n, err := c.Read(make([]byte, 1)); n != 0 || !os.IsTimeout(err) {
		t.Errorf("%d bytes, %v: %s", n, err, &p.log)
	}
	exchange(t, c)
}

// What will never work ends connections at once, and is said once.
func TestProxyRefused(t *testing.T) {
	c := upstream(t, echo)
	down, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	down.Close()
	cut := startConnector(t, serversConfig("127.0.0.1:0", down.Addr().String()))
	listen := []string{"--listen", "127.0.0.1:0"}
	tests := []struct {
		name, to, token, text string
	}{
		{"wrong token", "ws://" + c.addr + "?server=dc1", "wrong", "not authenticated"},
		{"unknown server", "ws://" + c.addr + "?server=dc2", c.token, "no such server"},
		{"unknown host", "ws://" + strings.Replace(c.addr, "127.0.0.1", "127.0.0.2", 1) + "?server=dc1", c.token, "connection refused"},
		{"server down", "ws://" + cut.addr + "?server=dc1", cut.token, "the LDAP server cannot be reached"},
		{"no connector", "ws://" + c.addr + "/elsewhere?server=dc1", c.token, "404"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := startProxyTo(t, test.to, append(listen, "--token-file", tokenFile(t, test.token), "--wait", "1s")...)
			for range 3 {
				client := p.dial(t)
				io.WriteString(client, "bind")
				if got := ends(t, client); got != "" {
					t.Errorf("%q", got)
				}
			}
			p.stop(t)
			if log := p.log.String(); strings.Count(log, "connections are closed: ") != 1 || !strings.Contains(log, test.text) || strings.Contains(log, test.token) && test.token != "wrong" || strings.Contains(log, "bind") {
				t.Errorf("log: %s", log)
			}
		})
	}
}

// A connector may be behind a proxy that does TLS, and below a path of it.
func TestProxyOverTLS(t *testing.T) {
	c := upstream(t, echo)
	front := httptest.NewTLSServer(http.StripPrefix("/below", &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(&url.URL{Scheme: "http", Host: c.addr})
	}}))
	defer front.Close()
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: front.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	to := "wss://" + front.Listener.Addr().String() + "/below/v1/ldap?server=dc1"
	for name, test := range map[string]struct {
		args []string
		text string
	}{
		"verified":     {[]string{"--ca", ca}, ""},
		"insecure":     {[]string{"--insecure"}, "the connector's certificate is not verified"},
		"not verified": {nil, "connections are closed: connector https"},
	} {
		t.Run(name, func(t *testing.T) {
			p := startProxyTo(t, to, append(test.args, "--listen", ":0", "--token-file", tokenFile(t, c.token))...)
			if client := p.dial(t); test.args != nil {
				exchange(t, client)
			} else if got := ends(t, client); got != "" {
				t.Errorf("%q", got)
			}
			p.stop(t)
			if log := p.log.String(); !strings.Contains(log, test.text) {
				t.Errorf("log: %s", log)
			}
		})
	}
}

// Who listens off loopback is warned, and nobody else.
func TestProxyListens(t *testing.T) {
	c := upstream(t, echo)
	for listen, warned := range map[string]bool{":0": false, "localhost:0": false, "0.0.0.0:0": true} {
		p := startProxyTo(t, "ws://"+c.addr+"?server=dc1", "--listen", listen, "--token-file", tokenFile(t, c.token))
		p.stop(t)
		if !warned && !strings.HasPrefix(p.url, "ldap://127.0.0.1:") && !strings.HasPrefix(p.url, "ldap://[::1]:") || strings.Contains(p.log.String(), "off loopback") != warned {
			t.Errorf("%s: listens on %s: %s", listen, p.url, &p.log)
		}
	}
}

const (
	// manyBytes is more than there is room for on the way, in the kernel too.
	manyBytes = 256 << 20
	// mostMemory is how much a process may grow while as much is held back, in
	// bytes.
	mostMemory = 24 << 20
)

// What is held back by a slow reader, on either side, stays where it is: neither
// proxy nor connector keeps it, and nothing is lost.
func TestProxySlowReader(t *testing.T) {
	t.Run("the client", func(t *testing.T) {
		var sent atomic.Int64
		connector := upstream(t, func(c *net.TCPConn) { sendMany(c, &sent) })
		p := startProxy(t, connector, "--ping", "200ms")
		c := p.dial(t)
		before := []int64{memory(t, p.cmd), memory(t, connector.cmd)}
		stalls(t, &sent)
		grown(t, before, p, connector)
		receiveMany(t, c)
		grown(t, before, p, connector)
	})
	t.Run("the server", func(t *testing.T) {
		var sent atomic.Int64
		read, done := make(chan struct{}), make(chan struct{})
		connector := upstream(t, func(c *net.TCPConn) {
			<-read
			receiveMany(t, c)
			close(done)
		})
		p := startProxy(t, connector)
		c := p.dial(t)
		before := []int64{memory(t, p.cmd), memory(t, connector.cmd)}
		go func() {
			sendMany(c, &sent)
			c.CloseWrite()
		}()
		stalls(t, &sent)
		grown(t, before, p, connector)
		close(read)
		<-done
		grown(t, before, p, connector)
	})
}

// sendMany sends blocks that are told apart, and counts them.
func sendMany(c *net.TCPConn, sent *atomic.Int64) {
	for i := 0; sent.Load() < manyBytes; i++ {
		n, err := c.Write(block(i))
		sent.Add(int64(n))
		if err != nil {
			return
		}
	}
}

const blockSize = 64 << 10

func block(i int) []byte { return bytes.Repeat([]byte{byte(i), byte(i >> 8), '-', '\n'}, blockSize/4) }

func receiveMany(t *testing.T, c *net.TCPConn) {
	t.Helper()
	want, got := sha256.New(), sha256.New()
	for i := range manyBytes / blockSize {
		want.Write(block(i))
	}
	c.SetReadDeadline(time.Now().Add(time.Minute))
	n, err := io.CopyN(got, c, manyBytes)
	if err != nil || hex.EncodeToString(got.Sum(nil)) != hex.EncodeToString(want.Sum(nil)) {
		t.Errorf("%d of %d bytes, %v", n, manyBytes, err)
	}
}

// stalls waits until nothing more is sent for a while.
func stalls(t *testing.T, sent *atomic.Int64) {
	t.Helper()
	last, since := int64(-1), time.Now()
	eventually(t, "the sender is held back", func() bool {
		if n := sent.Load(); n != last || n == 0 {
			last, since = n, time.Now()
		}
		return time.Since(since) > 2*time.Second
	})
	t.Logf("held back after %d MB", last>>20)
	if last >= manyBytes {
		t.Error("everything was taken")
	}
}

func grown(t *testing.T, before []int64, p *proxyProcess, c *connector) {
	t.Helper()
	for i, cmd := range []*exec.Cmd{p.cmd, c.cmd} {
		if now := memory(t, cmd); now > before[i]+mostMemory {
			t.Errorf("%s: memory grows from %d to %d MB", cmd.Args[1], before[i]>>20, now>>20)
		}
	}
}

// memory returns the largest resident set that a process has had, in bytes.
func memory(t *testing.T, cmd *exec.Cmd) int64 {
	t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(b), "VmHWM:")
	n, err := strconv.ParseInt(strings.Fields(after)[0], 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n << 10
}
