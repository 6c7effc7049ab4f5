package integration

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/ldapedge/ldapedge/integration/testserver"
	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/tunnel"
)

// codeOf is the code with which a session was closed, -1 if there was none.
func codeOf(err error) tunnel.CloseCode { return tunnel.CloseCode(websocket.CloseStatus(err)) }

// A shutdown under load closes each session by name, takes no new one, and is over
// within its time, which the connector itself says by how it ends. That some
// clients take nothing of what they are sent, and some servers do not answer, does
// not keep it.
func TestShutdownUnderLoad(t *testing.T) {
	moreDescriptors(t)
	slapd := startManyPeople(t)
	endless := listener(t, func(c *net.TCPConn) {
		for err := error(nil); err == nil; {
			_, err = c.Write(make([]byte, 64<<10))
		}
	})
	most := manySessions()
	c := startConnector(t, fmt.Sprintf("listen: 127.0.0.1:0\nauth: none\nlimits: {drain: 12s, sessions: %d}\npolicies: [{servers: [endless], unfiltered: true}, {}]\nservers:\n", most)+
		"  - {name: slapd, url: '"+slapd.URL()+"'}\n  - {name: endless, url: 'ldap://"+endless+"'}\n  - {name: hole, url: 'ldap://"+blackHole(t)+"', connect_timeout: 1m}\n")
	const stalled, dialling = 20, 20
	for range stalled {
		ws, err := c.begin(t.Context(), "endless")
		if err != nil {
			t.Fatal(err)
		}
		defer ws.CloseNow()
	}
	var dials sync.WaitGroup
	for range dialling {
		ws, _, err := c.session(t.Context(), "hole", "", tunnel.Subprotocol)
		if err != nil {
			t.Fatal(err)
		}
		defer ws.CloseNow()
		dials.Go(func() {
			if _, _, err := ws.Read(t.Context()); codeOf(err) != tunnel.CloseDraining {
				t.Errorf("a session that waits for its server ends with %v", err)
			}
		})
	}
	var clients atomic.Int32
	var busy sync.WaitGroup
	busy.Add((most - stalled - dialling) / 2)
	shutdown := func() {
		if _, err := c.begin(t.Context(), "slapd"); codeOf(err) != tunnel.CloseTooMany {
			t.Errorf("one session more than there may be: %v", err)
		}
		go func() {
			busy.Wait()
			c.cmd.Process.Signal(syscall.SIGTERM)
		}()
	}
	for i, err := range c.together(t, "slapd", most-stalled-dialling, shutdown, func(ctx context.Context, ws *websocket.Conn) error {
		if clients.Add(1)%2 == 0 {
			_, _, err := ws.Read(ctx) // idle
			return err
		}
		err := readsPeople(ctx, ws)
		busy.Done()
		for err == nil {
			err = readsPeople(ctx, ws)
		}
		return err
	}) {
		if codeOf(err) != tunnel.CloseDraining {
			t.Errorf("session %d ends with %v", i, err)
		}
	}
	dials.Wait()
	if err := c.cmd.Wait(); err != nil {
		t.Errorf("the connector ends with %v: %s", err, &c.log)
	}
	if n := strings.Count(c.log.String(), "code=1001 reason="); n != most {
		t.Errorf("the log has %d of %d sessions that the shutdown has ended", n, most)
	}
	if _, err := net.Dial("tcp", c.addr); err == nil {
		t.Error("it listens still")
	}
}

// A shutdown lets a client have the answer that it waits for, however quiet its
// session is until then.
func TestShutdownWaitsForAnswers(t *testing.T) {
	slapd := startManyPeople(t)
	c := startConnector(t, "listen: 127.0.0.1:0\nauth: none\nadmin: 127.0.0.1:0\nlimits: {drain: 40s}\nservers: [{name: slapd, url: '"+slapd.URL()+"'}]\n")
	idle, _ := c.facts(t, "slapd")
	asks, err := c.begin(t.Context(), "slapd")
	if err != nil {
		t.Fatal(err)
	}
	slapd.Suspend()
	defer slapd.Resume()
	answered := make(chan error, 1)
	go func() { answered <- readsPeople(t.Context(), asks) }()
	eventually(t, "the connector has passed the question on", func() bool {
		_, text := c.operate(t, http.MethodGet, "/metrics", "")
		return metric(t, text, "ldapedge_sent_bytes_total") > 0
	})
	c.cmd.Process.Signal(syscall.SIGTERM)
	if code := closeCode(t, idle); code != tunnel.CloseDraining {
		t.Errorf("the idle session is closed with %d", code)
	}
	slapd.Resume()
	if err := <-answered; err != nil {
		t.Errorf("who waited for an answer has %v", err)
	}
	if code := closeCode(t, asks); code != tunnel.CloseDraining {
		t.Errorf("and is closed with %d", code)
	}
	if err := c.cmd.Wait(); err != nil {
		t.Errorf("the connector ends with %v: %s", err, &c.log)
	}
}

// What goes wrong with a server is told by the close code, and the connector goes
// on for others.
func TestServerFaultsAreNamed(t *testing.T) {
	reset := listener(t, func(c *net.TCPConn) {
		c.Read(make([]byte, 1))
		c.SetLinger(0)
	})
	rubbish := listener(t, func(c *net.TCPConn) {
		c.Read(make([]byte, 1))
		io.WriteString(c, "HTTP/1.1 400 Bad Request\r\n\r\n")
		io.Copy(io.Discard, c)
	})
	ends := listener(t, func(c *net.TCPConn) { c.Read(make([]byte, 1000)) })
	slapd := startPeople(t, testserver.SlapdConfig{}, 0)
	c := startConnector(t, "listen: 127.0.0.1:0\nauth: none\nlimits: {idle: 1s}\nservers:\n  - {name: dc1, url: '"+slapd.URL()+"'}\n  - {name: reset, url: 'ldap://"+reset+
		"'}\n  - {name: rubbish, url: 'ldap://"+rubbish+"'}\n  - {name: ends, url: 'ldap://"+ends+"'}\n")
	for name, want := range map[string]tunnel.CloseCode{"reset": tunnel.CloseDialFailed, "rubbish": tunnel.CloseDialFailed, "ends": tunnel.CloseNormal} {
		ws, _ := c.facts(t, name)
		err := rootDSE(t.Context(), ws)
		if errors.Is(err, io.ErrUnexpectedEOF) { // the server has finished: so does the client
			ws.Write(t.Context(), websocket.MessageBinary, nil)
			_, _, err = ws.Read(t.Context())
		}
		if errors.Is(err, message.ErrDisconnected) { // the connector says so before it closes
			_, _, err = ws.Read(t.Context())
		}
		if codeOf(err) != want {
			t.Errorf("%s: %v and not %d", name, err, want)
		}
	}
	stopped, _ := c.facts(t, "dc1")
	slapd.Suspend()
	defer slapd.Resume()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := rootDSE(ctx, stopped); codeOf(err) != tunnel.CloseIdle {
		t.Errorf("a server that stands still: %v", err)
	}
	slapd.Resume()
	ws, _ := c.facts(t, "dc1")
	if err := rootDSE(t.Context(), ws); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

// listener serves TCP connections until the test ends, and returns where.
func listener(t *testing.T, serve func(*net.TCPConn)) string {
	t.Helper()
	return listenerOn(t, "127.0.0.1:0", serve)
}

func listenerOn(t *testing.T, address string, serve func(*net.TCPConn)) string {
	t.Helper()
	l, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				serve(c.(*net.TCPConn))
			}()
		}
	}()
	return l.Addr().String()
}
