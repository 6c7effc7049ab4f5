package faults

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/ldapedge/ldapedge/ldap"
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

// clients open connections through a pool until they are told to stop.
type clients struct {
	pool   *pool.Pool
	dialer *dial.Dialer
	config Config
	over   chan struct{}
}

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

// Pool runs a pool of the strategy with background checks.
func Pool(ctx context.Context, strategy pool.Strategy, c Config) (*Report, error) {
	s, err := startServers(ctx)
	if err != nil {
		return nil, err
	}
	defer s.close()
	dialer := new(dial.Dialer)
	p, err := pool.New(nil, &pool.Options{Strategy: strategy, Checks: pool.Checks{Probe: dialer.Probe(dial.CheckLDAP), Timeout: c.ConnectTimeout}})
	if err != nil {
		return nil, err
	}
	m := &members{p, c, make(map[string]*server.Server)}
	for _, url := range s.members() {
		if err := m.Add(url); err != nil {
			return nil, err
		}
	}
	checking, stop := context.WithCancel(ctx)
	var checks sync.WaitGroup
	checks.Go(func() { p.Run(checking) })
	defer checks.Wait()
	defer stop()

	collected := newCollector(string(strategy))
	all := &clients{p, dialer, c, make(chan struct{})}
	var running sync.WaitGroup
	for range c.Clients {
		running.Go(func() { all.run(ctx, collected) })
	}
	err = disturb(ctx, s, m, c.Beat)
	close(all.over)
	running.Wait()
	if err != nil {
		return nil, err
	}
	return collected.done(), nil
}

func (c *clients) run(ctx context.Context, collected *collector) {
	for {
		select {
		case <-c.over:
			return
		default:
		}
		began := time.Now()
		url, err := c.open(ctx)
		if err != nil {
			collected.failed(err.Error(), time.Since(began))
			continue
		}
		collected.opened(url, time.Since(began))
	}
}

// open opens a connection, sees that the server answers, and closes it.
func (c *clients) open(ctx context.Context) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, c.config.OpenTimeout)
	defer cancel()
	var connection *ldap.Connection
	use, err := c.pool.Open(ctx, func(ctx context.Context, s *server.Server) error {
		connection = ldap.NewConnection(s, c.dialer, &ldap.Options{Timeout: c.config.ConnectTimeout})
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
