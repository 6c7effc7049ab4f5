package tunneldial

import (
	"context"
	"encoding/pem"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// through has the dialer's sessions go through an HTTP proxy.
func through(t *testing.T, d *Dialer, proxy string) {
	t.Helper()
	u, err := url.Parse(proxy)
	if err != nil {
		t.Fatal(err)
	}
	d.sessions.Transport.(*upgrader).proxied.Proxy = http.ProxyURL(u)
}

// Sessions go through the HTTP proxy that the environment names.
func TestSessionThroughProxy(t *testing.T) {
	s := httptest.NewTLSServer(session(func(ctx context.Context, ws *websocket.Conn) { send(ctx, ws, "hello") }))
	defer s.Close()
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	var asked atomic.Int32
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		if r.Method != http.MethodConnect {
			t.Errorf("%s %s", r.Method, r.URL)
			return
		}
		far, err := net.Dial("tcp", r.Host)
		if err != nil {
			t.Error(err)
			return
		}
		near, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		io.WriteString(near, "HTTP/1.1 200 OK\r\n\r\n")
		go io.Copy(far, near)
		go io.Copy(near, far)
	}))
	defer proxy.Close()
	d := newDialer(t, s.URL+"?server=dc1", &Options{CAFile: file})
	through(t, d, proxy.URL)
	stream, err := d.Open(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Close()
	b := make([]byte, 5)
	if _, err := io.ReadFull(stream, b); err != nil || string(b) != "hello" || asked.Load() != 1 {
		t.Errorf("%q, %v, the proxy was asked %d times", b, err, asked.Load())
	}
}

// raw makes a dialer for a connector that answers with bytes of its own.
func raw(t *testing.T, o *Options, serve func(net.Conn)) *Dialer {
	t.Helper()
	return dialer(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		c, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer c.Close()
		serve(c)
	}), o)
}

// A response that never ends, or never comes, ends as it does elsewhere.
func TestUpgradeWithoutEnd(t *testing.T) {
	long := raw(t, nil, func(c net.Conn) {
		io.WriteString(c, "HTTP/1.1 101 Switching Protocols\r\n")
		for err := error(nil); err == nil; {
			_, err = io.WriteString(c, "X-Filler: "+strings.Repeat("x", 1000)+"\r\n")
		}
	})
	if _, err := long.Open(t.Context(), ""); !errors.Is(err, errLongHeader) {
		t.Errorf("a header without end: %v", err)
	}
	over := make(chan struct{})
	silent := raw(t, &Options{ConnectTimeout: 50 * time.Millisecond}, func(c net.Conn) {
		c.Read(make([]byte, 1)) // until the client has gone
		close(over)
	})
	if _, err := silent.Open(t.Context(), ""); !errors.Is(err, context.DeadlineExceeded) || !Unavailable(err) {
		t.Errorf("no header: %v", err)
	}
	<-over
	cut := raw(t, nil, func(c net.Conn) { io.WriteString(c, "HTTP/1.1 101 Swi") })
	if _, err := cut.Open(t.Context(), ""); !errors.Is(err, io.ErrUnexpectedEOF) || !Unavailable(err) {
		t.Errorf("half a header: %v", err)
	}
}
