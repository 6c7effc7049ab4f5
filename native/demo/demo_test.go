package demo

import (
	"context"
	"errors"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/go-hclog"
)

func TestURL(t *testing.T) {
	d := start(t, t.Context())
	u, err := url.Parse(d.URL())
	if err != nil {
		t.Fatal(err)
	}
	if u.Scheme != "ldap" || u.Hostname() != "127.0.0.1" || u.Port() == "" || u.Port() == "0" || u.Path != "" {
		t.Errorf("URL is %q, want ldap://127.0.0.1:PORT", d.URL())
	}
}

func TestStartTwice(t *testing.T) {
	first, second := start(t, t.Context()), start(t, t.Context())
	if first.URL() == second.URL() {
		t.Errorf("two directories have the URL %s", first.URL())
	}
	for _, d := range []*Directory{first, second} {
		read(t, connect(t, d), BaseDN)
	}
}

func TestStartCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	d, err := Start(ctx)
	if !errors.Is(err, context.Canceled) || d != nil {
		t.Errorf("got %v, %v; want context.Canceled", d, err)
	}
}

func TestStartContextEndsLater(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	d := start(t, ctx)
	cancel()
	if got := read(t, connect(t, d), BaseDN).GetAttributeValue("dc"); got != "example" {
		t.Errorf("dc is %q after the context of Start ended", got)
	}
}

func TestAwaitListener(t *testing.T) {
	failure := errors.New("no such address")
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	tests := []struct {
		name     string
		ctx      context.Context
		arrange  func(addr chan<- string, ran chan<- error)
		hostPort string
		message  string
	}{
		{"listens", t.Context(), func(addr chan<- string, _ chan<- error) { addr <- "127.0.0.1:4711" }, "127.0.0.1:4711", ""},
		{"fails", t.Context(), func(_ chan<- string, ran chan<- error) { ran <- failure }, "", "no such address"},
		{"ends", t.Context(), func(_ chan<- string, ran chan<- error) { ran <- nil }, "", "the server ended before it listened"},
		{"takes too long", cancelled, func(chan<- string, chan<- error) {}, "", "context canceled"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			addr, ran := make(chan string, 1), make(chan error, 1)
			test.arrange(addr, ran)
			hostPort, err := awaitListener(test.ctx, addr, ran)
			if hostPort != test.hostPort {
				t.Errorf("got the address %q, want %q", hostPort, test.hostPort)
			}
			if (err == nil) != (test.message == "") || err != nil && err.Error() != test.message {
				t.Errorf("got %v, want %q", err, test.message)
			}
		})
	}
}

func TestStopOnceListening(t *testing.T) {
	content, err := newTree()
	if err != nil {
		t.Fatal(err)
	}
	addr := make(chan string, 1)
	server, err := newServer(content, addr)
	if err != nil {
		t.Fatal(err)
	}
	ran := make(chan error, 1)
	go func() { ran <- server.Run("127.0.0.1:0") }()
	stopOnceListening(server, addr, ran)
	if err := <-ran; err != nil {
		t.Errorf("Run ended with %v", err)
	}
}

func TestCloseEndsListener(t *testing.T) {
	d, err := Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := connect(t, d).Close(); err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	checkNoListener(t, d)
	if err := d.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
}

func TestCloseWithOpenConnection(t *testing.T) {
	d, err := Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	connect(t, d)
	d.grace = time.Millisecond
	// A connection ends by itself if the server is not yet waiting for its next
	// request.
	if err := d.Close(); err != nil && !errors.Is(err, ErrConnectionsOpen) {
		t.Errorf("Close returned %v, want nil or ErrConnectionsOpen", err)
	}
	checkNoListener(t, d)
}

// stopFunc is a server that is only there to be stopped.
type stopFunc func() error

func (f stopFunc) Stop() error { return f() }

func TestCloseErrors(t *testing.T) {
	failure := errors.New("failure")
	tests := []struct {
		name string
		stop stopFunc
		ran  error
		want error
	}{
		{"connections outstay", func() error { <-t.Context().Done(); return nil }, nil, ErrConnectionsOpen},
		{"stop fails", func() error { return failure }, nil, failure},
		{"serving had failed", func() error { return nil }, failure, failure},
		{"nothing fails", func() error { return nil }, nil, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			ran := make(chan error, 1)
			ran <- test.ran
			d := &Directory{server: test.stop, ran: ran, grace: time.Second}
			if errors.Is(test.want, ErrConnectionsOpen) {
				d.grace = time.Millisecond
			}
			for range 2 {
				if err := d.Close(); !errors.Is(err, test.want) {
					t.Errorf("got %v, want %v", err, test.want)
				}
			}
		})
	}
}

func checkNoListener(t *testing.T, d *Directory) {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(d.URL(), "ldap://"))
	if err == nil {
		conn.Close()
		t.Error("the directory still listens after Close")
	}
}

func TestListenLogger(t *testing.T) {
	listener := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 4711}
	tests := []struct {
		name string
		msg  string
		args []any
		want string
	}{
		{"address", "listening", []any{"op", "Run", "addr", listener}, "127.0.0.1:4711"},
		{"other message", "stopped", []any{"addr", listener}, ""},
		{"other argument", "listening", []any{"peer", listener}, ""},
		{"no address", "listening", []any{"addr", "127.0.0.1:4711"}, ""},
		{"name without value", "listening", []any{"addr"}, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			addr := make(chan string, 1)
			logger := newListenLogger(addr)
			if logger.IsDebug() {
				t.Error("the logger makes the server dump packets")
			}
			// The second time finds the channel full and must not block.
			logger.Info(test.msg, test.args...)
			logger.Log(hclog.Info, test.msg, test.args...)
			close(addr)
			if got := <-addr; got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
