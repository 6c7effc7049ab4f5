package integration

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
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
// within its time.
func TestShutdownUnderLoad(t *testing.T) {
	slapd := startPeople(t, testserver.SlapdConfig{}, 0)
	c := startConnector(t, "listen: 127.0.0.1:0\nauth: none\nlimits: {drain: 6s, sessions: 200}\nlog: {level: warn}\nservers: [{name: dc1, url: '"+slapd.URL()+"'}]\n")
	const sessions = 200
	var all []*websocket.Conn
	for range sessions {
		ws, facts := c.facts(t, "dc1")
		if facts[0] != '{' {
			t.Fatal(facts)
		}
		all = append(all, ws)
	}
	if _, facts := c.facts(t, "dc1"); facts[0] == '{' {
		t.Error("there is one session more than there may be")
	}
	var busy, running sync.WaitGroup
	busy.Add(sessions / 2)
	ends := make([]error, sessions)
	for i, ws := range all {
		running.Go(func() {
			if i%2 == 0 { // and the others are idle
				ends[i] = rootDSE(t.Context(), ws)
				busy.Done()
				for ends[i] == nil {
					ends[i] = rootDSE(t.Context(), ws)
				}
				return
			}
			_, _, ends[i] = ws.Read(t.Context())
		})
	}
	busy.Wait()
	begin := time.Now()
	c.cmd.Process.Signal(syscall.SIGTERM)
	running.Wait()
	for i, err := range ends {
		if codeOf(err) != tunnel.CloseDraining {
			t.Errorf("session %d ends with %v", i, err)
		}
	}
	if err := c.cmd.Wait(); err != nil {
		t.Errorf("the connector ends with %v: %s", err, &c.log)
	}
	if took := time.Since(begin); took > 30*time.Second {
		t.Errorf("that took %v", took)
	}
	if _, err := net.Dial("tcp", c.addr); err == nil {
		t.Error("it listens still")
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
