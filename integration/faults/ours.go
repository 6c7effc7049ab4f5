package faults

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/ldapedge/ldapedge/integration/testserver"
	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/native/dial"
	"github.com/ldapedge/ldapedge/pool"
	"github.com/ldapedge/ldapedge/server"
)

// Config says how a pool is tried.
type Config struct {
	// Clients open connections at the same time.
	Clients int
	// Beat is the time between two steps of the schedule.
	Beat time.Duration
	// ConnectTimeout is how long one server may take to connect and to answer.
	ConnectTimeout time.Duration
	// OpenTimeout is how long an opening may take, all servers together.
	OpenTimeout time.Duration
}

// Schedule returns how long a run takes at least.
func (c Config) Schedule() time.Duration { return time.Duration(len(schedule)+1) * c.Beat }

// members changes a pool by URLs.
type members struct {
	pool   *pool.Pool
	config Config
	byURL  map[string]*server.Server
}

func (m *members) make(url string) (*server.Server, error) {
	s, err := server.New(url, &server.Options{ConnectTimeout: m.config.ConnectTimeout})
	if err == nil {
		m.byURL[url] = s
	}
	return s, err
}

func (m *members) Add(url string) error {
	s, err := m.make(url)
	if err != nil {
		return err
	}
	return m.pool.Add(pool.Member{Server: s})
}

func (m *members) Remove(url string) error { return m.pool.Remove(m.byURL[url]) }

// run is a pool that clients open connections through until they are told to
// stop.
type run struct {
	*members
	dialer *dial.Dialer
	over   chan struct{}
}

func newRun(strategy pool.Strategy, c Config, s *servers) (*run, error) {
	r := &run{dialer: new(dial.Dialer), over: make(chan struct{})}
	p, err := pool.New(nil, &pool.Options{
		Strategy: strategy, Checks: pool.Checks{Probe: r.dialer.Probe(dial.CheckLDAP), Timeout: c.ConnectTimeout, DownInterval: c.Beat},
	})
	if err != nil {
		return nil, err
	}
	r.members = &members{p, c, make(map[string]*server.Server)}
	for _, url := range s.members() {
		if err := r.Add(url); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// Open has clients open one connection after another through a pool of the
// strategy with background checks.
func Open(ctx context.Context, strategy pool.Strategy, c Config) (*Report, error) {
	return try(ctx, "open, "+string(strategy), strategy, c, (*run).opener)
}

// Search has clients search, each on a connection of its own through the pool,
// which opens itself anew, elsewhere, when it is lost.
func Search(ctx context.Context, strategy pool.Strategy, c Config) (*Report, error) {
	return try(ctx, "search, "+string(strategy), strategy, c, (*run).searcher)
}

func try(ctx context.Context, name string, strategy pool.Strategy, c Config, client func(*run, context.Context, *collector)) (*Report, error) {
	s, err := startServers(ctx)
	if err != nil {
		return nil, err
	}
	defer s.close()
	r, err := newRun(strategy, c, s)
	if err != nil {
		return nil, err
	}
	checking, stop := context.WithCancel(ctx)
	collected := newCollector(name)
	var running sync.WaitGroup
	running.Go(func() { r.pool.Run(checking) })
	for range c.Clients {
		running.Go(func() { client(r, ctx, collected) })
	}
	err = disturb(ctx, s, r, c.Beat)
	close(r.over)
	stop()
	running.Wait()
	if err != nil {
		return nil, err
	}
	return collected.done(), nil
}

// ended tells whether clients are to stop.
func (r *run) ended() bool {
	select {
	case <-r.over:
		return true
	default:
		return false
	}
}

// searcher does one search after another.
func (r *run) searcher(ctx context.Context, collected *collector) {
	c := ldap.NewConnection(r.pool, r.dialer, &ldap.Options{
		Timeout: r.config.ConnectTimeout, Reconnect: reopenings, ReconnectDelay: reopeningDelay, NoCheckNames: true,
	})
	defer c.Close()
	opening, cancel := context.WithTimeout(ctx, r.config.OpenTimeout)
	err := c.Open(opening)
	cancel()
	if err != nil {
		collected.failed(err.Error(), 0)
		return
	}
	for i := 0; !r.ended(); i++ {
		began := time.Now()
		if err := r.search(ctx, c, i%people); err != nil {
			collected.failed(err.Error(), time.Since(began))
			continue
		}
		collected.opened(c.Server().URL(), time.Since(began))
	}
}

const (
	// reopenings is how often a search may open its connection anew.
	reopenings     = 5
	reopeningDelay = 100 * time.Millisecond
)

// search looks a person up.
func (r *run) search(ctx context.Context, c *ldap.Connection, i int) error {
	ctx, cancel := context.WithTimeout(ctx, r.config.OpenTimeout)
	defer cancel()
	uid := fmt.Sprintf("person%d", i)
	found := 0
	for e, err := range c.Search(ctx, message.SearchRequest{Base: "uid=" + uid + ",ou=people," + testserver.Suffix}) {
		if err != nil {
			return err
		}
		if a, ok := e.Attribute("uid"); ok && slices.Contains(a.Strings(), uid) {
			found++
		}
	}
	if found != 1 {
		return fmt.Errorf("%s is found %d times", uid, found)
	}
	return nil
}

// opener opens one connection after another.
func (r *run) opener(ctx context.Context, collected *collector) {
	for !r.ended() {
		began := time.Now()
		url, err := r.open(ctx)
		if err != nil {
			collected.failed(err.Error(), time.Since(began))
			continue
		}
		collected.opened(url, time.Since(began))
	}
}

// open opens a connection, sees that the server answers, and closes it.
func (r *run) open(ctx context.Context) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, r.config.OpenTimeout)
	defer cancel()
	var connection *ldap.Connection
	use, err := r.pool.Open(ctx, func(ctx context.Context, s *server.Server) error {
		connection = ldap.NewConnection(s, r.dialer, &ldap.Options{Timeout: r.config.ConnectTimeout})
		if err := connection.Open(ctx); err != nil {
			return err
		}
		if err := connection.Check(ctx); err != nil {
			return errors.Join(err, connection.Close())
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	defer use.Close()
	return use.Server().URL(), connection.Close()
}
