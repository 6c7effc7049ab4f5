package dial

import (
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ldapedge/ldapedge/server"
)

// echo serves a listener that sends back what it receives and, when the
// client has finished sending, a full stop.
func echo(t *testing.T, l net.Listener) {
	t.Helper()
	serve(t, l, func(c net.Conn) {
		io.Copy(c, c)
		io.WriteString(c, ".")
	})
}

// serve calls handle with each connection of a listener until the test ends.
func serve(t *testing.T, l net.Listener, handle func(net.Conn)) {
	t.Helper()
	var all sync.WaitGroup
	t.Cleanup(func() { l.Close(); all.Wait() })
	all.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() { defer c.Close(); handle(c) })
		}
	})
}

func listen(t *testing.T) net.Listener { return listenAt(t, "tcp", "127.0.0.1:0") }

func listenAt(t *testing.T, network, address string) net.Listener {
	t.Helper()
	l, err := net.Listen(network, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

func mustServer(t *testing.T, url string, o *server.Options) *server.Server {
	t.Helper()
	s, err := server.New(url, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func roundTrip(t *testing.T, c *Conn) {
	t.Helper()
	if _, err := io.WriteString(c, "hello"); err != nil {
		t.Fatal(err)
	}
	if err := c.CloseWrite(); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(c); err != nil || string(got) != "hello." {
		t.Errorf("got %q, %v", got, err)
	}
}

// dns is a resolver with what is written in it, which counts what it is asked.
type dns struct {
	hosts map[string][]netip.Addr
	srv   map[string][]*net.SRV
	delay time.Duration

	mu    sync.Mutex
	asked []string
}

func (d *dns) ask(ctx context.Context, what string) error {
	d.mu.Lock()
	d.asked = append(d.asked, what)
	d.mu.Unlock()
	select {
	case <-time.After(d.delay):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (d *dns) count() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.asked)
}

func (d *dns) LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error) {
	if err := d.ask(ctx, network+" "+host); err != nil {
		return nil, err
	}
	var all []netip.Addr
	for _, a := range d.hosts[strings.TrimSuffix(host, ".")] {
		if network == "ip" || (network == "ip4") == a.Is4() {
			all = append(all, a)
		}
	}
	if len(all) == 0 {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	return all, nil
}

func (d *dns) LookupSRV(ctx context.Context, service, proto, name string) (string, []*net.SRV, error) {
	full := "_" + service + "._" + proto + "." + strings.TrimSuffix(name, ".")
	if err := d.ask(ctx, "srv "+full); err != nil {
		return "", nil, err
	}
	if len(d.srv[full]) == 0 {
		return "", nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
	}
	return full, d.srv[full], nil
}

func addresses(texts ...string) (all []netip.Addr) {
	for _, text := range texts {
		all = append(all, netip.MustParseAddr(text))
	}
	return all
}

// network is a network without sockets, where each address takes its time.
type network struct {
	hosts map[string]host // by address and port; what is not there never answers

	mu    sync.Mutex
	begin time.Time
	tried []string // address and when, in the order of being dialled
	open  int      // connections that are not closed
}

// host is how an address behaves.
type host struct {
	after time.Duration
	err   error          // why it refuses
	serve func(net.Conn) // what it does; default: nothing
	stays bool           // it goes on connecting though it is given up
}

var errRefused = errors.New("connection refused")

func newNetwork(hosts map[string]host) *network { return &network{hosts: hosts, begin: time.Now()} }

func (n *network) dial(ctx context.Context, _, address string) (net.Conn, error) {
	n.mu.Lock()
	n.tried = append(n.tried, address+" "+time.Since(n.begin).String())
	h, there := n.hosts[address]
	n.mu.Unlock()
	if !there {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	done := ctx.Done()
	if h.stays {
		done = nil
	}
	select {
	case <-time.After(h.after):
	case <-done:
		return nil, ctx.Err()
	}
	if h.err != nil {
		return nil, h.err
	}
	near, far := bufferedPipe()
	n.mu.Lock()
	n.open++
	n.mu.Unlock()
	if h.serve != nil {
		go func() { defer far.Close(); h.serve(far) }()
	}
	return &counted{Conn: near, far: far, n: n}, nil
}

func (n *network) left() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.open
}

// bufferedPipe is [net.Pipe] with writes that wait for nobody, as a socket has
// them.
func bufferedPipe() (net.Conn, net.Conn) {
	a, b := net.Pipe()
	return newBuffered(a), newBuffered(b)
}

type buffered struct {
	net.Conn
	mu      sync.Mutex
	waiting []byte
	more    chan struct{}
	closed  chan struct{}
	once    sync.Once
}

func newBuffered(c net.Conn) *buffered {
	b := &buffered{Conn: c, more: make(chan struct{}, 1), closed: make(chan struct{})}
	go b.pump()
	return b
}

// pump writes what is waiting, to the end should that come first.
func (b *buffered) pump() {
	defer b.Conn.Close()
	for {
		b.mu.Lock()
		out := b.waiting
		b.waiting = nil
		b.mu.Unlock()
		if len(out) > 0 {
			if _, err := b.Conn.Write(out); err != nil {
				return
			}
			continue
		}
		select {
		case <-b.more:
		case <-b.closed:
			return
		}
	}
}

func (b *buffered) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	select {
	case <-b.closed:
		return 0, net.ErrClosed
	default:
	}
	b.waiting = append(b.waiting, p...)
	select {
	case b.more <- struct{}{}:
	default:
	}
	return len(p), nil
}

func (b *buffered) Close() error {
	b.once.Do(func() {
		close(b.closed)
		b.Conn.SetReadDeadline(time.Unix(1, 0))
	})
	return nil
}

// counted is a connection that is counted until it is closed.
type counted struct {
	net.Conn
	far  net.Conn
	n    *network
	once sync.Once
}

func (c *counted) Close() error {
	c.once.Do(func() {
		c.n.mu.Lock()
		c.n.open--
		c.n.mu.Unlock()
		c.far.Close()
	})
	return c.Conn.Close()
}
