package tunneldial

import (
	"context"
	"crypto/tls"
	"encoding/pem"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"github.com/ldapedge/ldapedge/server"
	"github.com/ldapedge/ldapedge/tunnel"
)

// What is sent to open a session: the token as it is now, the name, and nothing
// of compression.
func TestOpenSends(t *testing.T) {
	file := filepath.Join(t.TempDir(), "token")
	sent := make(chan *http.Request, 1)
	d := dialer(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sent <- r
		session(func(context.Context, *websocket.Conn) {}).ServeHTTP(w, r)
	}), &Options{Token: TokenFile(file)})
	for token, name := range map[string]string{"first\n": "", "second\r\n": "a b&c"} {
		if err := os.WriteFile(file, []byte(token), 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := d.Open(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		s.Close()
		r := <-sent
		if name == "" {
			name = "dc1"
		}
		if r.Header.Get("Authorization") != "Bearer "+strings.TrimSpace(token) || r.URL.Query().Get("server") != name || r.URL.Path != "/v1/ldap" ||
			r.Header.Get("Sec-WebSocket-Protocol") != tunnel.Subprotocol || r.Header.Get("Sec-WebSocket-Extensions") != "" || r.Header.Get("Origin") != "" {
			t.Errorf("%v %v", r.URL, r.Header)
		}
	}
	for _, bad := range []string{"", "\n", "two lines\nof text"} {
		if err := os.WriteFile(file, []byte(bad), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Open(t.Context(), ""); err == nil || Unavailable(err) || bad != "\n" && bad != "" && strings.Contains(err.Error(), "two") {
			t.Errorf("token %q: %v", bad, err)
		}
	}
}

// Why a session cannot be opened, and whether that may pass.
func TestOpenFails(t *testing.T) {
	status := func(status int, contentType, body string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", contentType)
			w.Header().Set("Location", "http://127.0.0.1:1/elsewhere")
			w.WriteHeader(status)
			io.WriteString(w, body)
		})
	}
	closing := func(code tunnel.CloseCode) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			ws, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{tunnel.Subprotocol}})
			if err == nil {
				ws.Close(websocket.StatusCode(code), "the reason")
			}
		})
	}
	begins := func(kind websocket.MessageType, first string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			ws, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{tunnel.Subprotocol}})
			if err == nil {
				ws.Write(context.Background(), kind, []byte(first))
				ws.Close(websocket.StatusNormalClosure, "")
			}
		})
	}
	tests := []struct {
		name        string
		handler     http.Handler
		unavailable bool
		code        tunnel.CloseCode
		status      int
		text        string
	}{
		{"no token", closing(tunnel.CloseNotAuthenticated), false, 4401, 0, "not authenticated: the reason"},
		{"not permitted", closing(tunnel.CloseNotPermitted), false, 4403, 0, ""},
		{"no such server", closing(tunnel.CloseUnknownServer), false, 4404, 0, "no such server"},
		{"protocol", closing(tunnel.CloseProtocol), false, 4400, 0, ""},
		{"too many", closing(tunnel.CloseTooMany), false, 4429, 0, ""},
		{"server down", closing(tunnel.CloseDialFailed), false, 4502, 0, ""},
		{"draining", closing(tunnel.CloseDraining), true, 1001, 0, "shutting down"},
		{"forbidden", status(403, "application/problem+json", `{"detail":"not this host"}`), false, 0, 403, "403 Forbidden: not this host"},
		{"redirected", status(302, "text/plain", ""), false, 0, 302, "302 Found"},
		{"behind a proxy", status(503, "text/html", "<html>"), true, 0, 503, "503 Service Unavailable"},
		{"no WebSocket", status(200, "text/html", "<html>"), false, 0, 200, "200 OK"},
		{"no hello", begins(websocket.MessageBinary, "x"), false, 0, 0, "not text"},
		{"no JSON", begins(websocket.MessageText, "x"), false, 0, 0, "first frame"},
		{"no limit", begins(websocket.MessageText, "{}"), false, 0, 0, "frames of 0 bytes"},
		{"another subprotocol", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if ws, err := websocket.Accept(w, r, nil); err == nil {
				ws.Close(websocket.StatusNormalClosure, "")
			}
		}), false, 0, 0, "is it a connector?"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := dialer(t, test.handler, nil).Open(t.Context(), "")
			var refused *HTTPError
			errors.As(err, &refused)
			if err == nil || Unavailable(err) != test.unavailable || code(err) != test.code || (refused != nil) != (test.status != 0) || refused != nil && refused.Status != test.status || !strings.Contains(err.Error(), test.text) {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestUnreachable(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	d := newDialer(t, "ws://"+l.Addr().String()+"?server=dc1", nil)
	l.Close()
	_, err = d.Open(t.Context(), "")
	if !errors.As(err, new(*Error)) || !Unavailable(err) || !strings.Contains(err.Error(), "connection refused") {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.Open(ctx, ""); err != context.Canceled || Unavailable(err) {
		t.Errorf("given up: %v", err)
	}
}

func TestTLS(t *testing.T) {
	s := httptest.NewUnstartedServer(session(func(ctx context.Context, ws *websocket.Conn) { frames(ctx, ws, 1) }))
	s.EnableHTTP2 = true // which it must not choose
	s.TLS = &tls.Config{}
	s.StartTLS()
	defer s.Close()
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	address := "wss://" + s.Listener.Addr().String()
	for name, test := range map[string]struct {
		o    Options
		good bool
	}{
		"verified": {Options{CAFile: file}, true},
		"insecure": {Options{InsecureSkipVerify: true}, true},
		"unknown":  {Options{}, false},
	} {
		stream, err := newDialer(t, address, &test.o).Open(t.Context(), "dc1")
		if (err == nil) != test.good || Unavailable(err) {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil {
			stream.Close()
		}
	}
	if _, err := New(address, &Options{CAFile: file + "x"}); err == nil {
		t.Error("a file that is not there is taken")
	}
}

const offers = `{"servers":[{"name":"both","url":"ldaps://dc2.example.com:636","tls":true,"pool":{"strategy":"FIRST","servers":[]}},
{"name":"one","url":"ldaps://DC1.example.com:636","tls":true}]}`

func TestDialByURL(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("/below/v1/servers", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer secret" {
			w.WriteHeader(401)
			return
		}
		io.WriteString(w, offers)
	})
	mux.Handle("/below/v1/ldap", session(func(ctx context.Context, ws *websocket.Conn) { frames(ctx, ws, 1) }))
	s := httptest.NewServer(mux)
	defer s.Close()
	d := newDialer(t, s.URL+"/below/", &Options{Token: func() (string, error) { return "secret", nil }})
	dial := func(url string) error {
		srv, err := server.New(url, nil)
		if err != nil {
			t.Fatal(err)
		}
		stream, err := d.Dial(t.Context(), srv)
		if err == nil {
			stream.Close()
		}
		return err
	}
	if err := dial("ldaps://dc1.example.com"); err != nil {
		t.Error(err)
	}
	for _, url := range []string{"ldap://dc1.example.com", "ldaps://dc2.example.com", "ldaps://dc1.example.com:1636"} {
		if err := dial(url); !errors.As(err, new(*tunnel.NotOfferedError)) || !strings.Contains(err.Error(), url) {
			t.Errorf("%s: %v", url, err)
		}
	}
	var refused *HTTPError
	if _, err := newDialer(t, s.URL+"/below", nil).Servers(t.Context()); !errors.As(err, &refused) || refused.Status != 401 {
		t.Errorf("without a token: %v", err)
	}
}

func TestParseURL(t *testing.T) {
	for text, want := range map[string][2]string{
		"ws://host":                               {"http://host", ""},
		"WSS://host:8443/":                        {"https://host:8443", ""},
		"http://host/v1/ldap?server=dc1":          {"http://host", "dc1"},
		"https://host/below/v1/ldap/?server=a%20": {"https://host/below", "a "},
		"ws://[::1]:8389?server=dc1":              {"http://[::1]:8389", "dc1"},
		"ldap://host":                             {},
		"host:8389":                               {},
		"ws://":                                   {},
		"ws://user:secret@host":                   {},
		"ws://host?token=secret":                  {},
		"ws://host?server=a&server=b":             {},
		"ws://host#x":                             {},
		"ws://user:secret@host:port":              {},
	} {
		base, name, err := ParseURL(text)
		if want == [2]string{} {
			if err == nil || strings.Contains(err.Error(), "secret") {
				t.Errorf("%s: %v, %v", text, base, err)
			}
			continue
		}
		if err != nil || base.String() != want[0] || name != want[1] {
			t.Errorf("%s: %v, %q, %v", text, base, name, err)
		}
	}
}
