package pool

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/ldapedge/ldapedge/server"
)

var errRefused = errors.New("connection refused")

func newServer(t testing.TB, host string) *server.Server {
	t.Helper()
	s, err := server.New("ldap://"+host, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func newServers(t testing.TB, n int) []*server.Server {
	t.Helper()
	servers := make([]*server.Server, n)
	for i := range servers {
		servers[i] = newServer(t, fmt.Sprintf("s%d", i))
	}
	return servers
}

// newPool returns a pool of n servers, s0, s1 and so on, with a fixed seed.
func newPool(t testing.TB, s Strategy, n int, o *Options) *Pool {
	t.Helper()
	return mustPool(t, Servers(newServers(t, n)...), options(s, o))
}

func options(s Strategy, o *Options) *Options {
	if o == nil {
		o = &Options{}
	}
	o.Strategy = s
	if o.Rand == nil {
		o.Rand = rand.New(rand.NewPCG(1, 2))
	}
	return o
}

func mustPool(t testing.TB, members []Member, o *Options) *Pool {
	t.Helper()
	p, err := New(members, o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// fail has a server fail, as a lost connection would.
func fail(p *Pool, s *server.Server, err error) {
	c := p.lock()
	defer c.unlock()
	c.m.advance(c.now())
	m := c.m.byURL[s.URL()]
	c.m.failed(m, m.outages, c.now(), err)
}

// succeed has a server seen well.
func succeed(p *Pool, s *server.Server) {
	c := p.lock()
	defer c.unlock()
	c.m.well(c.m.byURL[s.URL()], c.now())
}

func works(context.Context, *server.Server) error { return nil }

// trial is a try that notes what was tried, and when.
type trial struct {
	dead  map[string]bool // by host
	tried []string
	at    []time.Duration
	start time.Time
}

func newTrial(dead ...string) *trial {
	tr := &trial{dead: map[string]bool{}, start: time.Now()}
	for _, host := range dead {
		tr.dead[host] = true
	}
	return tr
}

func (tr *trial) try(_ context.Context, s *server.Server) error {
	tr.tried = append(tr.tried, s.Host())
	tr.at = append(tr.at, time.Since(tr.start))
	if tr.dead[s.Host()] {
		return fmt.Errorf("%s: %w", s.Host(), errRefused)
	}
	return nil
}

// open opens and returns the host that was opened, or the error's text.
func (tr *trial) open(ctx context.Context, p *Pool) string {
	use, err := p.Open(ctx, tr.try)
	if err != nil {
		return err.Error()
	}
	use.Close()
	return use.Server().Host()
}

// newPoolOf returns a pool that can be nested.
func newPoolOf(t testing.TB, s Strategy, hosts ...string) *Pool {
	t.Helper()
	var servers []*server.Server
	for _, host := range hosts {
		servers = append(servers, newServer(t, host))
	}
	return mustPool(t, Servers(servers...), &Options{Strategy: s})
}
