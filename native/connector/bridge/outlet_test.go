//go:build !js

package bridge

import (
	"context"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/ldapedge/ldapedge/ldap/filter"
	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/ldap/policy"
	"github.com/ldapedge/ldapedge/tunnel"
)

// judged serves one server behind the default policy.
func judged(t *testing.T, serve func(*net.TCPConn)) (addr string) {
	t.Helper()
	p, err := policy.New(policy.Rules{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, addr = start(t, Options{Servers: []Target{{"dc1", upstream(t, serve)}}, Policy: func(string, string) *policy.Policy { return p }})
	return addr
}

func request(t *testing.T, id int32, r message.Request) string {
	t.Helper()
	b, err := message.AppendRequest(nil, id, r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// What is answered in the server's place comes between messages of the server, also
// while the client's window has let only a part of one pass.
func TestAnswersKeepMessagesWhole(t *testing.T) {
	entry := message.NewEntry("cn=" + strings.Repeat("x", 3000)).Message(1).Append(nil)
	addr := judged(t, func(c *net.TCPConn) {
		c.Read(make([]byte, 1000))
		c.Write(entry)
		c.Read(make([]byte, 1000))
	})
	ws, _ := open(t, addr, dialOptions{server: "dc1"})
	send(t, ws, websocket.MessageText, string(tunnel.CreditFrame(1000)))
	send(t, ws, websocket.MessageBinary, request(t, 1, message.SearchRequest{Base: "cn=x", Filter: filter.Present("objectClass")}))
	_, got, err := ws.Read(t.Context())
	if err != nil || len(got) != 1000 {
		t.Fatalf("%d bytes, %v", len(got), err)
	}
	for id := range int32(3) {
		send(t, ws, websocket.MessageBinary, request(t, 2+id, message.DeleteRequest{DN: "cn=x"}))
	}
	send(t, ws, websocket.MessageText, string(tunnel.CreditFrame(1<<20)))
	var answers []int32
	for len(answers) < 3 {
		_, b, err := ws.Read(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, b...)
		for len(got) > len(entry) {
			rest := got[len(entry):]
			n := 2 + int(rest[1])
			m, err := message.Parse(rest[:n])
			if err != nil || m.Op != message.OpDelResponse {
				t.Fatalf("% x: %v", rest, err)
			}
			answers, got = append(answers, m.ID), append(got[:len(entry)], rest[n:]...)
		}
	}
	if string(got) != string(entry) || answers[0] != 2 || answers[1] != 3 || answers[2] != 4 {
		t.Errorf("%d bytes of the server, answers %v", len(got), answers)
	}
}

// A client that asks for answers and does not take them is not kept.
func TestAnswersNotTaken(t *testing.T) {
	addr := judged(t, func(c *net.TCPConn) { c.Read(make([]byte, 1000)) })
	ws, _ := open(t, addr, dialOptions{server: "dc1"})
	send(t, ws, websocket.MessageText, string(tunnel.CreditFrame(1)))
	refused := strings.Repeat(request(t, 2, message.DeleteRequest{DN: "cn=x"}), 1000)
	for range 100 { // of at least 50 bytes each
		if ws.Write(t.Context(), websocket.MessageBinary, []byte(refused)) != nil {
			break
		}
	}
	if got, code, reason := closed(t, ws); code != tunnel.CloseProtocol || len(got) > 1 {
		t.Errorf("%d bytes, code %d, %s", len(got), code, reason)
	}
}

// faulty is an observer with a fault in what it is told first of bytes for clients.
type faulty struct{ nobody }

func (faulty) Carried(_ string, _, down int) {
	if down > 0 {
		panic("a fault")
	}
}

// A fault while a message of the server's is sent ends the session, also where an
// answer waits for its turn.
func TestFaultWhileSending(t *testing.T) {
	h, addr := start(t, Options{Servers: []Target{{"echo", upstream(t, echo)}}, Observer: faulty{}})
	ws, _ := open(t, addr, dialOptions{server: "echo"})
	send(t, ws, websocket.MessageBinary, "x")
	if _, code, _ := closed(t, ws); code != tunnel.CloseInternal {
		t.Errorf("code %d", code)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := h.Drain(ctx); err != nil {
		t.Error("the session is not over")
	}
	s := &session{out: outlet{turn: make(chan struct{}, 1)}}
	func() {
		defer func() { recover() }()
		s.inTurn(func() { panic("a fault") })
	}()
	done := make(chan struct{})
	go s.inTurn(func() { close(done) })
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Error("the turn is kept")
	}
}
