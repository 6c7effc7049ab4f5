//go:build !js

package bridge

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"github.com/ldapedge/ldapedge/native/connector/auth"
	"github.com/ldapedge/ldapedge/tunnel"
)

// handshake asks for a session with the server "echo".
const handshake = "GET /v1/ldap?server=echo HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
	"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: ldapedge.v1\r\n\r\n"

// Frames that a client sends along with its request, before it has an answer, are
// not lost: short ones, and what is longer than there is room for.
func TestFramesSentAhead(t *testing.T) {
	_, addr := start(t, Options{Servers: []Target{{"echo", upstream(t, echo)}}})
	for _, n := range []int{1, 100, ioSize, 3000, 60_000} {
		c, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		sent := bytes.Repeat([]byte{0xf5}, n)
		frame := append([]byte{finalBinary, 0xfe, byte(n >> 8), byte(n), 0, 0, 0, 0}, sent...) // masked with 0
		last := []byte{finalBinary, 0x80, 0, 0, 0, 0}
		if _, err := c.Write(append([]byte(handshake), append(frame, last...)...)); err != nil {
			t.Fatal(err)
		}
		var all []byte
		for !bytes.Contains(all, []byte{'.', finalBinary, 0}) {
			b := make([]byte, 1000)
			m, err := c.Read(b)
			if err != nil {
				t.Fatalf("%d bytes: %q, %v", n, all, err)
			}
			all = append(all, b[:m]...)
		}
		c.Close()
		if got := bytes.Count(all, []byte{0xf5}); got != n {
			t.Errorf("%d bytes: %d came back, of %d in all", n, got, len(all))
		}
	}
}

// What comes of the server comes whole and in order, over TCP and TLS, in frames of
// any length.
func TestFramesOfAnyLength(t *testing.T) {
	lengths := []int{1, 125, 126, 127, 1000, 4095, 4096, 65535, 65536, 65537, 1 << 20}
	for _, secure := range []bool{false, true} {
		h := New(Options{Servers: []Target{{"echo", upstream(t, echo)}}, Hosts: []string{"127.0.0.1"}, Auth: auth.Everyone(), Log: slog.New(slog.DiscardHandler)})
		s := httptest.NewUnstartedServer(h)
		if secure {
			s.StartTLS()
		} else {
			s.Start()
		}
		defer s.Close()
		ws, _, err := websocket.Dial(t.Context(), s.URL+"/v1/ldap?server=echo", &websocket.DialOptions{HTTPClient: s.Client(), Subprotocols: []string{tunnel.Subprotocol}})
		if err != nil {
			t.Fatal(err)
		}
		defer ws.CloseNow()
		ws.SetReadLimit(-1)
		if _, _, err := ws.Read(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, n := range lengths {
			sent := make([]byte, n)
			for i := range sent {
				sent[i] = byte(i * 31 >> 3)
			}
			go func() {
				for rest := sent; len(rest) > 0; rest = rest[min(len(rest), 1000):] {
					if err := ws.Write(t.Context(), websocket.MessageBinary, rest[:min(len(rest), 1000)]); err != nil {
						t.Error(err)
						return
					}
				}
			}()
			var got []byte
			for len(got) < n {
				kind, b, err := ws.Read(t.Context())
				if err != nil || kind != websocket.MessageBinary || len(b) == 0 || len(b) > batch {
					t.Fatalf("TLS %v, %d bytes: %d in a frame of kind %v, %v", secure, n, len(b), kind, err)
				}
				got = append(got, b...)
			}
			if !bytes.Equal(got, sent) {
				t.Errorf("TLS %v: %d bytes are not those that were sent", secure, n)
			}
		}
	}
}

func TestAppendHeader(t *testing.T) {
	for n, want := range map[int]string{
		0: "\x82\x00", 125: "\x82\x7d", 126: "\x82\x7e\x00\x7e", 65535: "\x82\x7e\xff\xff", 65536: "\x82\x7f\x00\x00\x00\x00\x00\x01\x00\x00",
	} {
		if got := appendHeader(nil, n); string(got) != want {
			t.Errorf("%d: % x", n, got)
		}
	}
}

// failing is an authenticator with a fault, for one token.
type failing struct{ Authenticator }

func (f failing) Authenticate(ctx context.Context, token string, state *tls.ConnectionState) (*auth.Identity, error) {
	if token == "fatal" {
		panic(errors.New("a fault"))
	}
	return f.Authenticator.Authenticate(ctx, token, state)
}

// A fault in a session ends it, says so and where in the log, and ends no other.
func TestFaultEndsOneSession(t *testing.T) {
	log := new(bytes.Buffer)
	h, addr := start(t, Options{Servers: []Target{{"echo", upstream(t, echo)}}, Auth: failing{auth.Everyone()}, Log: slog.New(slog.NewTextHandler(log, nil))})
	other, _ := open(t, addr, dialOptions{server: "echo"})
	refusedWith(t, addr, dialOptions{server: "echo", token: "fatal"}, tunnel.CloseInternal)
	send(t, other, websocket.MessageBinary, "still there")
	if _, b, err := other.Read(t.Context()); err != nil || string(b) != "still there" {
		t.Errorf("%q, %v", b, err)
	}
	if err := h.Drain(t.Context()); err != nil { // nothing is written to the log any more
		t.Fatal(err)
	}
	if s := log.String(); !strings.Contains(s, "a session has failed") || !strings.Contains(s, "stream_test.go") || strings.Contains(s, "fatal") {
		t.Error(s)
	}
}

var _ http.Hijacker = (*upgrade)(nil)
