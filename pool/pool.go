// Package pool chooses among LDAP servers: which one a connection is opened to,
// which ones are out, and when they are back. It dials nothing: what opens a
// connection, and what probes a server, is handed in.
//
//	p, err := pool.New(pool.Servers(dc1, dc2), nil)
//	use, err := p.Open(ctx, try)
//
// Names and defaults are those of python ldap3's ServerPool. Where a pool does
// otherwise, testdata/ldap3.json has the scenario and the reason.
//
// # One opening
//
// [Pool.Open] tries servers in the order of the [Strategy] until one can be
// opened, each at most once in a cycle. After a cycle without success it waits
// for Options.LoopTimeout and begins another one: for ever by default, so give
// the context a deadline, or Options.Active a number of cycles. A server that is
// added while it waits, or has been seen well again since it was tried, is tried
// at once, besides the cycles. Each try gets an equal share of the context's
// time, at least 2 seconds.
//
// # Who is out
//
// A server that could not be opened is quarantined for 30 seconds, for 60 the
// next time, up to 300. In a cycle the quarantined ones come last, the one that
// is back first before the others: never are all refused. Afterwards a server is
// on probation until something succeeds; its next failure quarantines it again.
//
// An opening that fails quarantines at once, for it is what everything is
// about; background checks take three failures in a row. An opening that
// succeeds brings a server back at once, checks take two successes, but only one
// where all servers are out.
//
// With Options.Exhaust it is as in ldap3 instead: a dead server is not tried at
// all, for a time or until a member is added or removed. With Options.Active
// being [Inactive] nothing is remembered of any server.
//
// # Pools in pools
//
// A [Member] may be a pool, for example of the servers of one site. It counts as
// alive while one of its servers is, and these are tried before the next member
// is. All of them have one lock. Connections that had to go to a later member
// of a [First] pool are called back home, see Options.ReturnHome.
//
// # Machine and pool
//
// What decides is a [Machine], which has no clock, no goroutine and no lock. A
// [Pool] puts it behind one mutex, which is never held while something is tried
// or waited for, and adds contexts, the clock, and background work for as long
// as [Pool.Run] runs.
//
// # WebAssembly
//
// It is the same natively and as WebAssembly.
package pool

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/ldapedge/ldapedge/server"
)

// Pool is a source of many servers. It is safe for concurrent use. The zero value
// is a pool without members, with the default options.
type Pool struct {
	core  atomic.Pointer[core] // changes when the pool is nested
	group *group
	zero  sync.Once // makes core and group of a zero value
}

// core is what all pools of a tree share.
type core struct {
	mu    sync.Mutex
	m     *Machine
	start time.Time
	pools []*Pool

	wake    chan struct{} // closed when waiting openings may find something
	replan  chan struct{} // tells Run to look at its plans again
	running bool          // Run runs

	events     func(Event)
	queue      []Event
	delivering bool
}

// New returns a pool of the members, of which there may be none yet. o may be
// nil. The error is an [*Error].
func New(members []Member, o *Options) (*Pool, error) {
	p := new(Pool)
	if err := p.make(members, o); err != nil {
		return nil, err
	}
	return p, nil
}

func (p *Pool) make(members []Member, o *Options) error {
	m, err := NewMachine(members, o)
	if err != nil {
		return err
	}
	c := m.core
	c.start = time.Now()
	c.replan = make(chan struct{}, 1)
	if c.events = m.o.Events; c.events != nil {
		m.o.Events = func(e Event) { c.queue = append(c.queue, e) }
	}
	p.group = m.root
	c.pools = append(c.pools, p)
	p.core.Store(c)
	return nil
}

// load returns what the pool shares with those in its tree.
func (p *Pool) load() *core {
	if c := p.core.Load(); c != nil {
		return c
	}
	p.zero.Do(func() {
		if err := p.make(nil, nil); err != nil {
			panic(err) // cannot be: nothing is asked for
		}
	})
	return p.core.Load()
}

// lock locks the tree that the pool is in.
func (p *Pool) lock() *core {
	for {
		c := p.load()
		c.mu.Lock()
		if c == p.core.Load() {
			return c
		}
		c.mu.Unlock()
	}
}

// unlock tells those who wait what has changed, and then who wants to know of
// events.
func (c *core) unlock() {
	if c.m.woken {
		c.m.woken = false
		if c.wake != nil {
			close(c.wake)
			c.wake = nil
		}
	}
	if c.m.replan {
		c.m.replan = false
		select {
		case c.replan <- struct{}{}:
		default:
		}
	}
	deliver := len(c.queue) > 0 && !c.delivering
	if deliver {
		c.delivering = true
	}
	c.mu.Unlock()
	if deliver {
		c.deliver()
	}
}

// now is the time since the pool was made.
func (c *core) now() time.Duration { return time.Since(c.start) }

// Add adds members, see [Machine.Add]. Those who wait for a server try them.
func (p *Pool) Add(members ...Member) error {
	c := p.lock()
	defer c.unlock()
	return c.m.add(p.group, c.now(), members)
}

// Remove removes a server, see [Machine.Remove].
func (p *Pool) Remove(s *server.Server) error {
	c := p.lock()
	defer c.unlock()
	return c.m.remove(p.group, c.now(), s)
}

// Servers returns the servers in order, those of pools within too.
func (p *Pool) Servers() []*server.Server {
	c := p.lock()
	defer c.unlock()
	return p.group.list()
}

// Pick returns the server that Open would try first, and the next one with the
// next call. The error is [ErrEmpty] or an [*ExhaustedError].
func (p *Pool) Pick() (*server.Server, error) {
	c := p.lock()
	c.m.started = true
	var now time.Duration
	if c.m.timely() {
		now = c.now()
	}
	s, err := c.m.pickWithin(p.group, now)
	c.unlock()
	return s, err
}
