//go:build !js

package bridge

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/ldapedge/ldapedge/native/connector/auth"
	"github.com/ldapedge/ldapedge/pool"
	"github.com/ldapedge/ldapedge/server"
	"github.com/ldapedge/ldapedge/tunnel"
)

// upstream is a TCP server that hands each connection to the test.
func upstream(t *testing.T, serve func(c *net.TCPConn)) *server.Server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
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
	s, err := server.New("ldap://"+l.Addr().String(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// echo sends back what it receives and, when the client has finished, a full
// stop.
func echo(c *net.TCPConn) {
	io.Copy(c, c)
	io.WriteString(c, ".")
}

// start serves a handler on a port of its own and returns its address.
func start(t *testing.T, o Options) (*Handler, string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if o.Hosts == nil {
		o.Hosts = []string{"127.0.0.1"}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Auth == nil {
		o.Auth = auth.Everyone()
	}
	h := New(o)
	s := NewServer(h)
	go s.Serve(l)
	t.Cleanup(func() {
		s.Close()
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := h.Drain(ctx); err != nil {
			t.Errorf("sessions are left: %v", err)
		}
	})
	return h, l.Addr().String()
}

type dialOptions struct {
	server, origin, host, token, client string
	subprotocols                        []string
}

func dialWS(t *testing.T, addr string, o dialOptions) (*websocket.Conn, *http.Response, error) {
	t.Helper()
	if o.subprotocols == nil {
		o.subprotocols = []string{tunnel.Subprotocol}
	}
	if o.token != "" {
		o.subprotocols = append(o.subprotocols, tunnel.TokenSubprotocol(o.token))
	}
	header := http.Header{}
	if o.origin != "" {
		header.Set("Origin", o.origin)
	}
	if o.client != "" {
		header.Set("X-Forwarded-For", o.client)
	}
	ws, response, err := websocket.Dial(t.Context(), "ws://"+addr+"/v1/ldap?server="+o.server, &websocket.DialOptions{Subprotocols: o.subprotocols, HTTPHeader: header, Host: o.host})
	if err == nil {
		ws.SetReadLimit(-1)
		t.Cleanup(func() { ws.CloseNow() })
	}
	return ws, response, err
}

// open opens a session and returns it with its first frame.
func open(t *testing.T, addr string, o dialOptions) (*websocket.Conn, tunnel.Hello) {
	t.Helper()
	ws, _, err := dialWS(t, addr, o)
	if err != nil {
		t.Fatal(err)
	}
	kind, frame, err := ws.Read(t.Context())
	if err != nil || kind != websocket.MessageText {
		t.Fatalf("first frame: %v %q, %v", kind, frame, err)
	}
	hello, err := tunnel.ParseHello(frame)
	if err != nil {
		t.Fatal(err)
	}
	return ws, hello
}

func send(t *testing.T, ws *websocket.Conn, kind websocket.MessageType, b string) {
	t.Helper()
	if err := ws.Write(t.Context(), kind, []byte(b)); err != nil {
		t.Fatal(err)
	}
}

// closed reads until the session is closed and returns what came before.
func closed(t *testing.T, ws *websocket.Conn) (got string, code tunnel.CloseCode, reason string) {
	t.Helper()
	for {
		_, b, err := ws.Read(t.Context())
		var e websocket.CloseError
		switch {
		case errors.As(err, &e):
			return got, tunnel.CloseCode(e.Code), e.Reason
		case err != nil:
			t.Fatalf("after %q: %v", got, err)
		case len(b) == 0:
			got += "|"
		}
		got += string(b)
	}
}

func TestSessionCarriesBytesAndHalfClose(t *testing.T) {
	_, addr := start(t, Options{Servers: []Target{{"echo", upstream(t, echo)}}})
	ws, hello := open(t, addr, dialOptions{server: "echo"})
	if ws.Subprotocol() != tunnel.Subprotocol {
		t.Errorf("subprotocol %q", ws.Subprotocol())
	}
	if hello.Server != "echo" || !strings.HasPrefix(hello.Address, "127.0.0.1:") || hello.TLS != nil || hello.Limits != (tunnel.Limits{Frame: 1 << 20, IdleSeconds: 600}) {
		t.Errorf("hello %+v", hello)
	}
	big := strings.Repeat("0123456789", 50_000)
	send(t, ws, websocket.MessageBinary, "a")
	send(t, ws, websocket.MessageBinary, big)
	send(t, ws, websocket.MessageBinary, "")
	got, code, _ := closed(t, ws)
	if want := "a" + big + ".|"; got != want || code != tunnel.CloseNormal {
		t.Errorf("%d bytes of %d, code %d", len(got), len(want), code)
	}
}

func TestWindowHoldsTheServerBack(t *testing.T) {
	_, addr := start(t, Options{Servers: []Target{{"echo", upstream(t, echo)}}})
	ws, _ := open(t, addr, dialOptions{server: "echo"})
	send(t, ws, websocket.MessageText, `{"credit":5}`)
	send(t, ws, websocket.MessageBinary, "x")
	if _, b, err := ws.Read(t.Context()); err != nil || string(b) != "x" {
		t.Fatalf("%q, %v", b, err)
	}
	send(t, ws, websocket.MessageBinary, "0123456789")
	if _, b, err := ws.Read(t.Context()); err != nil || len(b) > 5 {
		t.Fatalf("%q, %v", b, err)
	}
	read := make(chan string)
	go func() {
		var all string
		for len(all) < 5 {
			_, b, err := ws.Read(context.Background())
			if err != nil {
				break
			}
			all += string(b)
		}
		read <- all
	}()
	send(t, ws, websocket.MessageText, `{"credit":100}`)
	if got := <-read; !strings.HasSuffix("0123456789", got) {
		t.Errorf("then %q", got)
	}
}

func TestCloseCodes(t *testing.T) {
	refusing := upstream(t, echo)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	down, err := server.New("ldap://"+l.Addr().String(), nil)
	if err != nil {
		t.Fatal(err)
	}
	silent, err := server.New("ldaps://"+upstream(t, func(c *net.TCPConn) { io.Copy(io.Discard, c) }).Address(), &server.Options{ConnectTimeout: 100 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	resetting := upstream(t, func(c *net.TCPConn) {
		c.Read(make([]byte, 1))
		c.SetLinger(0)
	})
	_, addr := start(t, Options{Servers: []Target{{"echo", refusing}, {"down", down}, {"silent", silent}, {"resetting", resetting}}})
	text := func(s string) func(*testing.T, *websocket.Conn) {
		return func(t *testing.T, ws *websocket.Conn) { send(t, ws, websocket.MessageText, s) }
	}
	tests := []struct {
		name, server string
		then         func(*testing.T, *websocket.Conn)
		code         tunnel.CloseCode
		reason       string
	}{
		{"unknown server", "nobody", nil, tunnel.CloseUnknownServer, "no server of that name"},
		{"no server named", "", nil, tunnel.CloseUnknownServer, "no server of that name"},
		{"server down", "down", nil, tunnel.CloseDialFailed, "connection refused"},
		{"server silent", "silent", nil, tunnel.CloseTimeout, "tls"},
		{"text frame", "echo", text("hello"), tunnel.CloseProtocol, "text frame"},
		{"credit of nothing", "echo", text(`{"credit":0}`), tunnel.CloseProtocol, "credit"},
		{"frame after the last", "echo", func(t *testing.T, ws *websocket.Conn) {
			send(t, ws, websocket.MessageText, `{"credit":1}`) // the full stop waits, so the session is not over
			send(t, ws, websocket.MessageBinary, "ab")
			send(t, ws, websocket.MessageBinary, "")
			send(t, ws, websocket.MessageBinary, "c")
		}, tunnel.CloseProtocol, "after the empty one"},
		{"reset by the server", "resetting", func(t *testing.T, ws *websocket.Conn) { send(t, ws, websocket.MessageBinary, "x") }, tunnel.CloseDialFailed, "lost"},
		{"frame over the limit", "echo", func(t *testing.T, ws *websocket.Conn) {
			send(t, ws, websocket.MessageBinary, strings.Repeat("x", 1<<20+1))
		}, tunnel.CloseTooBig, "over the limit"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			ws, _, err := dialWS(t, addr, dialOptions{server: test.server})
			if err != nil {
				t.Fatal(err)
			}
			if test.then != nil {
				test.then(t, ws)
			}
			if _, code, reason := closed(t, ws); code != test.code || !strings.Contains(reason, test.reason) {
				t.Errorf("code %d, reason %q", code, reason)
			}
		})
	}
	ws, _ := open(t, addr, dialOptions{server: "echo"})
	send(t, ws, websocket.MessageBinary, "still there")
	if _, b, err := ws.Read(t.Context()); err != nil || string(b) != "still there" {
		t.Errorf("afterwards: %q, %v", b, err)
	}
}

// A frame of exactly the limit passes, and its bytes arrive.
func TestFrameAtTheLimit(t *testing.T) {
	_, addr := start(t, Options{Servers: []Target{{"echo", upstream(t, echo)}}})
	ws, hello := open(t, addr, dialOptions{server: "echo"})
	send(t, ws, websocket.MessageBinary, strings.Repeat("x", hello.Limits.Frame))
	send(t, ws, websocket.MessageBinary, "")
	if got, code, _ := closed(t, ws); len(got) != hello.Limits.Frame+2 || code != tunnel.CloseNormal {
		t.Errorf("%d bytes, code %d", len(got), code)
	}
}

// Nothing of a 100 MB frame reaches the server, and the client is told why.
func TestHugeFrame(t *testing.T) {
	t.Parallel()
	received := make(chan int64, 1)
	sink := upstream(t, func(c *net.TCPConn) {
		n, _ := io.Copy(io.Discard, c)
		received <- n
	})
	_, addr := start(t, Options{Servers: []Target{{"sink", sink}}})
	ws, _ := open(t, addr, dialOptions{server: "sink"})
	result := make(chan error, 1)
	go func() { result <- ws.Write(context.Background(), websocket.MessageBinary, make([]byte, 100<<20)) }()
	if _, code, _ := closed(t, ws); code != tunnel.CloseTooBig {
		t.Errorf("code %d", code)
	}
	<-result
	if n := <-received; n != 0 {
		t.Errorf("the server received %d bytes", n)
	}
}

// A client that announces a huge frame and then stalls is not waited for.
func TestStalledHugeFrame(t *testing.T) {
	t.Parallel()
	h, addr := start(t, Options{Servers: []Target{{"echo", upstream(t, echo)}}})
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	io.WriteString(c, handshake)
	frame := append([]byte{0x82, 0xff, 0, 0, 0, 0, 6, 0x40, 0, 0, 1, 2, 3, 4}, make([]byte, 2<<20)...)
	go c.Write(frame)
	all, _ := io.ReadAll(c) // ends when the connector gives up
	if !bytes.Contains(all, []byte{0x88}) || !bytes.Contains(all, []byte{0x03, 0xf1}) {
		t.Errorf("no close frame 1009 in %d bytes", len(all))
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := h.Drain(ctx); err != nil {
		t.Error("the session is held open")
	}
}

func TestIdle(t *testing.T) {
	_, addr := start(t, Options{Servers: []Target{{"echo", upstream(t, echo)}}, Limits: Limits{Idle: 50 * time.Millisecond}})
	ws, _ := open(t, addr, dialOptions{server: "echo"})
	if _, code, reason := closed(t, ws); code != tunnel.CloseIdle || reason != "no traffic for 50ms" {
		t.Errorf("code %d, reason %q", code, reason)
	}
}

func TestLifetime(t *testing.T) {
	_, addr := start(t, Options{Servers: []Target{{"echo", upstream(t, echo)}}, Limits: Limits{Lifetime: 50 * time.Millisecond}})
	ws, _ := open(t, addr, dialOptions{server: "echo"})
	go func() {
		for ws.Write(context.Background(), websocket.MessageBinary, []byte("x")) == nil { // traffic does not help
		}
	}()
	if _, code, reason := closed(t, ws); code != tunnel.CloseIdle || reason != "a session lasts no longer than 50ms" {
		t.Errorf("code %d, reason %q", code, reason)
	}
}

// A client that is there and says nothing is asked again and again, and keeps
// its session; one that does not answer loses it.
func TestPing(t *testing.T) {
	h, addr := start(t, Options{Servers: []Target{{"echo", upstream(t, echo)}}, Limits: Limits{Ping: 10 * time.Millisecond, Pong: 200 * time.Millisecond}})
	pinged := make(chan struct{}, 1000)
	dial := func(answer bool) *websocket.Conn {
		ws, _, err := websocket.Dial(t.Context(), "ws://"+addr+"/v1/ldap?server=echo", &websocket.DialOptions{
			Subprotocols:   []string{tunnel.Subprotocol},
			OnPingReceived: func(context.Context, []byte) bool { pinged <- struct{}{}; return answer },
		})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { ws.CloseNow() })
		return ws
	}
	there := dial(true)
	answered := make(chan string)
	go func() {
		there.Read(t.Context()) // the facts
		_, b, err := there.Read(t.Context())
		answered <- fmt.Sprint(string(b), err)
	}()
	for range 5 {
		<-pinged
	}
	send(t, there, websocket.MessageBinary, "still there")
	if got := <-answered; got != "still there<nil>" {
		t.Error(got)
	}
	if _, code, reason := closed(t, dial(false)); code != tunnel.CloseIdle || reason != "the client has not answered for 200ms" {
		t.Errorf("code %d, reason %q", code, reason)
	}
	there.CloseNow()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := h.Drain(ctx); err != nil {
		t.Error("a session is left")
	}
}

func TestTooManySessions(t *testing.T) {
	_, addr := start(t, Options{Servers: []Target{{"echo", upstream(t, echo)}}, Limits: Limits{Sessions: 1}})
	first, _ := open(t, addr, dialOptions{server: "echo"})
	second, _, err := dialWS(t, addr, dialOptions{server: "echo"})
	if err != nil {
		t.Fatal(err)
	}
	if _, code, _ := closed(t, second); code != tunnel.CloseTooMany {
		t.Errorf("code %d", code)
	}
	send(t, first, websocket.MessageBinary, "still there")
	if _, b, err := first.Read(t.Context()); err != nil || string(b) != "still there" {
		t.Errorf("the first session: %q, %v", b, err)
	}
}

// A request that promises a body and never sends it is answered, not waited
// for.
func TestBodyIsRefused(t *testing.T) {
	_, addr := start(t, Options{})
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	io.WriteString(c, "GET /v1/servers HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\n")
	head := make([]byte, 12)
	if _, err := io.ReadFull(c, head); err != nil || string(head) != "HTTP/1.1 400" {
		t.Errorf("%q, %v", head, err)
	}
}

// Two of the largest grants together are no overflow, on 32 bits either.
func TestWindowDoesNotOverflow(t *testing.T) {
	var w window
	w.changed = sync.NewCond(&w.mu)
	for range 3 {
		w.grant(tunnel.MaxCredit)
	}
	if w.credit != tunnel.MaxCredit {
		t.Errorf("credit %d", w.credit)
	}
	n, ok := w.take(batch)
	w.grant(tunnel.MaxCredit)
	w.grant(1)
	if n != batch || !ok || w.credit != tunnel.MaxCredit {
		t.Errorf("took %d, %v; credit %d", n, ok, w.credit)
	}
}

func TestNoWebSocketFrame(t *testing.T) {
	_, addr := start(t, Options{Servers: []Target{{"echo", upstream(t, echo)}}})
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	io.WriteString(c, handshake)
	c.Write([]byte{0x82, 0x01, 'x'}) // a client must mask
	c.(*net.TCPConn).CloseWrite()
	all, _ := io.ReadAll(c)
	if bytes.Contains(all, []byte{0x88, 0x02, 0x03, 0xe8}) {
		t.Error("it is closed as if both sides had finished")
	}
}

func TestDrain(t *testing.T) {
	h, addr := start(t, Options{Servers: []Target{{"echo", upstream(t, echo)}}})
	ws, _ := open(t, addr, dialOptions{server: "echo"})
	drained := make(chan error, 1)
	go func() { drained <- h.Drain(context.Background()) }()
	if _, code, _ := closed(t, ws); code != tunnel.CloseDraining {
		t.Errorf("code %d", code)
	}
	if err := <-drained; err != nil {
		t.Error(err)
	}
	late, _, err := dialWS(t, addr, dialOptions{server: "echo"})
	if err != nil {
		t.Fatal(err)
	}
	if _, code, _ := closed(t, late); code != tunnel.CloseDraining {
		t.Errorf("late: code %d", code)
	}
}

// A client that takes nothing does not hold a shutdown up.
func TestDrainOfStalledClient(t *testing.T) {
	endless := upstream(t, func(c *net.TCPConn) {
		for err := error(nil); err == nil; {
			_, err = c.Write(make([]byte, 64<<10))
		}
	})
	h, addr := start(t, Options{Servers: []Target{{"endless", endless}}})
	open(t, addr, dialOptions{server: "endless"})
	ctx, cancel := context.WithTimeout(t.Context(), closeTime)
	defer cancel()
	if err := h.Drain(ctx); err != nil {
		t.Error(err)
	}
}

func TestRefusedBeforeTheUpgrade(t *testing.T) {
	_, addr := start(t, Options{Servers: []Target{{"echo", upstream(t, echo)}}, Origins: []string{"https://tools.example.com"}, Hosts: []string{"127.0.0.1", "ldapedge.test"}})
	tests := []struct {
		name   string
		o      dialOptions
		status int
	}{
		{"no origin", dialOptions{}, 101},
		{"own origin", dialOptions{origin: "http://" + addr}, 101},
		{"listed origin", dialOptions{origin: "https://tools.example.com"}, 101},
		{"listed host", dialOptions{host: "LDAPEDGE.test:1234", origin: "http://ldapedge.test:1234"}, 101},
		{"foreign origin", dialOptions{origin: "https://evil.example"}, 403},
		{"listed origin, other scheme", dialOptions{origin: "http://tools.example.com"}, 403},
		{"null origin", dialOptions{origin: "null"}, 403},
		{"own host, other port", dialOptions{origin: "http://127.0.0.1:1"}, 403},
		{"DNS rebinding", dialOptions{host: "evil.example", origin: "http://evil.example"}, 403},
		{"a port that is no number", dialOptions{host: "ldapedge.test:evil"}, 403},
		{"a port that is no port", dialOptions{host: "ldapedge.test:65536"}, 403},
		{"two ports", dialOptions{host: "ldapedge.test:1:2"}, 403},
		{"wrong subprotocol", dialOptions{subprotocols: []string{"ldapedge.v2"}}, 400},
		{"no subprotocol", dialOptions{subprotocols: []string{}}, 400},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.o.server = "echo"
			_, response, err := dialWS(t, addr, test.o)
			if response == nil || response.StatusCode != test.status {
				t.Fatalf("%v, %v", response, err)
			}
			if test.status != 101 {
				checkProblem(t, response)
			}
		})
	}
}

func checkProblem(t *testing.T, response *http.Response) {
	t.Helper()
	var p struct {
		Title, Detail string
		Status        int
	}
	err := json.NewDecoder(response.Body).Decode(&p)
	if err != nil || response.Header.Get("Content-Type") != "application/problem+json" || p.Status != response.StatusCode || p.Title == "" || p.Detail == "" {
		t.Errorf("problem %+v, %v", p, err)
	}
}

// tokenAuth lets in whoever has the token "s3cret", of which more may be said.
func tokenAuth(t *testing.T, more auth.Token, o auth.Options) *auth.Authenticator {
	t.Helper()
	more.Subject, more.SHA256 = "alice", fmt.Sprintf("%x", sha256.Sum256([]byte("s3cret")))
	if len(more.Servers.Names) == 0 {
		more.Servers.All = true
	}
	a, err := auth.New(auth.Settings{Tokens: []auth.Token{more}}, o)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestToken(t *testing.T) {
	var logged bytes.Buffer
	h, addr := start(t, Options{Servers: []Target{{"echo", upstream(t, echo)}}, Auth: tokenAuth(t, auth.Token{}, auth.Options{}), Log: slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	for _, token := range []string{"", "wrong", "s3cre", "s3cret2"} {
		ws, _, err := dialWS(t, addr, dialOptions{server: "echo", token: token})
		if err != nil {
			t.Fatal(err)
		}
		if _, code, _ := closed(t, ws); code != tunnel.CloseNotAuthenticated {
			t.Errorf("token %q: code %d", token, code)
		}
	}
	// Whether a server exists is not told to whoever has no token.
	ws, _, err := dialWS(t, addr, dialOptions{server: "nobody"})
	if err != nil {
		t.Fatal(err)
	}
	if _, code, _ := closed(t, ws); code != tunnel.CloseNotAuthenticated {
		t.Errorf("unknown server without a token: code %d", code)
	}
	ws, _ = open(t, addr, dialOptions{server: "echo", token: "s3cret"})
	if got := ws.Subprotocol(); got != tunnel.Subprotocol {
		t.Errorf("the subprotocol %q is echoed", got)
	}
	ws.CloseNow()
	if err := h.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(logged.String(), "s3cret") {
		t.Errorf("the token is in the log: %s", &logged)
	}
}

func get(t *testing.T, addr, path string, header http.Header) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "GET", "http://"+addr+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header = header
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { response.Body.Close() })
	return response
}

func TestServers(t *testing.T) {
	a, err := server.New("ldap://a.test", nil)
	if err != nil {
		t.Fatal(err)
	}
	b, err := server.New("ldaps://b.test:1636", nil)
	if err != nil {
		t.Fatal(err)
	}
	_, addr := start(t, Options{Servers: []Target{{"a", a}, {"b", b}}, Auth: tokenAuth(t, auth.Token{}, auth.Options{}), Origins: []string{"https://tools.example.com"}})
	for _, authorization := range []string{"", "Bearer wrong", "Basic s3cret"} {
		response := get(t, addr, "/v1/servers", http.Header{"Authorization": {authorization}})
		if response.StatusCode != 401 || !strings.HasPrefix(response.Header.Get("WWW-Authenticate"), "Bearer") {
			t.Errorf("%q: %v", authorization, response)
		}
		checkProblem(t, response)
	}
	response := get(t, addr, "/v1/servers", http.Header{"Authorization": {"bearer s3cret"}, "Origin": {"https://tools.example.com"}})
	body, err := io.ReadAll(response.Body)
	const want = `{"servers":[{"name":"a","url":"ldap://a.test:389","mode":"IP_V6_PREFERRED","tls":false},{"name":"b","url":"ldaps://b.test:1636","mode":"IP_V6_PREFERRED","tls":true}]}` + "\n"
	if err != nil || string(body) != want || response.Header.Get("Access-Control-Allow-Origin") != "https://tools.example.com" {
		t.Errorf("%s, %v, %v", body, err, response.Header)
	}
	if response := get(t, addr, "/v1/nothing", nil); response.StatusCode != 404 {
		t.Errorf("unknown path: %v", response.Status)
	} else {
		checkProblem(t, response)
	}
	if response := get(t, addr, "/v1/servers", http.Header{"Origin": {"https://evil.example"}}); response.StatusCode != 403 {
		t.Errorf("foreign origin: %v", response.Status)
	}
}

func TestPoolsAmongServers(t *testing.T) {
	a, err := server.New("ldaps://a.test", nil)
	if err != nil {
		t.Fatal(err)
	}
	full, err := pool.New(pool.Servers(a), &pool.Options{Strategy: pool.First})
	if err != nil {
		t.Fatal(err)
	}
	_, addr := start(t, Options{Servers: []Target{{"full", full}, {"empty", new(pool.Pool)}}})
	body, err := io.ReadAll(get(t, addr, "/v1/servers", nil).Body)
	const want = `{"servers":[{"name":"full","url":"ldaps://a.test:636","tls":true,"pool":{"strategy":"FIRST","servers":["ldaps://a.test:636"],"members":[{"url":"ldaps://a.test:636","state":"up"}]}},` +
		`{"name":"empty","url":"","tls":false,"pool":{"strategy":"ROUND_ROBIN","servers":[],"members":[]}}]}` + "\n"
	if err != nil || string(body) != want {
		t.Errorf("%s, %v", body, err)
	}
}
