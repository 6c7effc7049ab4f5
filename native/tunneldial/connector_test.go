package tunneldial

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/coder/websocket"

	"github.com/ldapedge/ldapedge/tunnel"
)

// hello is what the connectors of these tests say first.
var hello = tunnel.Hello{Server: "dc1", Address: "10.0.0.1:389", Limits: tunnel.Limits{Frame: 1000, IdleSeconds: 600}}

// session makes a connector's handler of what a session does after its first
// frame.
func session(do func(ctx context.Context, ws *websocket.Conn)) http.Handler {
	return deafSession(false, do)
}

// deafSession is one that may be deaf to pings.
func deafSession(deaf bool, do func(ctx context.Context, ws *websocket.Conn)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ws, err := websocket.Accept(w, r, &websocket.AcceptOptions{
			Subprotocols:   []string{tunnel.Subprotocol},
			OnPingReceived: func(context.Context, []byte) bool { return !deaf },
		})
		if err != nil {
			return
		}
		defer ws.CloseNow()
		ws.SetReadLimit(-1)
		if ws.Write(context.Background(), websocket.MessageText, hello.Frame()) == nil {
			do(context.Background(), ws)
		}
	})
}

// dialer returns a dialer for a connector that the handler is.
func dialer(t *testing.T, handler http.Handler, o *Options) *Dialer {
	t.Helper()
	s := httptest.NewServer(handler)
	t.Cleanup(s.Close)
	return newDialer(t, s.URL+"?server=dc1", o)
}

func newDialer(t *testing.T, url string, o *Options) *Dialer {
	t.Helper()
	d, err := New(url, o)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// open opens a session of the connector that the handler is.
func open(t *testing.T, handler http.Handler, o *Options) *Stream {
	t.Helper()
	s, err := dialer(t, handler, o).Open(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// frames reads a session's binary frames, "|" for an empty one, until it ends or
// there have been n.
func frames(ctx context.Context, ws *websocket.Conn, n int) (all []string) {
	for len(all) < n {
		kind, b, err := ws.Read(ctx)
		if err != nil {
			return all
		}
		if kind == websocket.MessageBinary {
			if len(b) == 0 {
				b = []byte("|")
			}
			all = append(all, string(b))
		}
	}
	return all
}

func send(ctx context.Context, ws *websocket.Conn, s string) error {
	return ws.Write(ctx, websocket.MessageBinary, []byte(s))
}

// code returns the close code that an error has.
func code(err error) tunnel.CloseCode {
	var e *tunnel.CloseError
	if errors.As(err, &e) {
		return e.Code
	}
	return 0
}

// pipes is a listener whose connections are in memory.
type pipes struct {
	ends   chan net.Conn
	closed chan struct{}
}

func newPipes() *pipes { return &pipes{ends: make(chan net.Conn), closed: make(chan struct{})} }

func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	near, left := net.Pipe()
	right, far := net.Pipe()
	carry := func(to, from net.Conn) { // what is under way is room for a Write
		io.Copy(to, from)
		to.Close()
	}
	go carry(left, right)
	go carry(right, left)
	select {
	case p.ends <- far:
		return near, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.ends:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }

func (p *pipes) Close() error {
	close(p.closed)
	return nil
}
