package pool

import (
	"slices"
	"strconv"
	"time"

	"github.com/ldapedge/ldapedge/server"
)

// Member is a server of a pool, or another pool within it: one of the two.
type Member struct {
	Server *server.Server
	// Pool is tried through before the next member of the pool that it is in,
	// and shares its lock and its options, see [Options]. It must not have been
	// used, nor be within another one. Servers can still be added to it and
	// removed.
	Pool *Pool
	// Weight is the member's share with [Weighted], at most [MaxWeight].
	// Default (0): 1.
	Weight int
	// MaxConnections is how many connections a server may have; a full one is
	// passed over. It is for servers alone. Default (0): no limit.
	MaxConnections int
}

// Servers returns members that are servers, without weights and limits.
func Servers(servers ...*server.Server) []Member {
	members := make([]Member, len(servers))
	for i, s := range servers {
		members[i].Server = s
	}
	return members
}

func (m *Member) check(field string) error {
	switch {
	case m.Server == nil && m.Pool == nil:
		return wrong(field, "", "is neither a server nor a pool")
	case m.Server != nil && m.Pool != nil:
		return wrong(field, m.Server.URL(), "is both a server and a pool")
	case m.Weight < 0 || m.Weight > MaxWeight:
		return wrong(field+".weight", strconv.Itoa(m.Weight), "is not from 1 to "+strconv.Itoa(MaxWeight))
	case m.MaxConnections < 0:
		return wrong(field+".max_connections", strconv.Itoa(m.MaxConnections), "is negative")
	case m.Pool != nil && m.MaxConnections > 0:
		return wrong(field+".max_connections", strconv.Itoa(m.MaxConnections), "is for servers alone")
	}
	return nil
}

func (m *Member) weight() int { return max(m.Weight, 1) }

// Add adds members at the pool's end. A server that is in the pool already, or
// one with the URL of another, is an error, and so is a pool that has been used;
// then none is added. The error is an [*Error]. With Options.Exhaust servers
// that are out get another chance.
func (m *Machine) Add(now time.Duration, members ...Member) error {
	return m.add(m.root, now, members)
}

func (m *Machine) add(g *group, now time.Duration, members []Member) error {
	cores, err := m.checkMembers(members)
	defer func() {
		for _, c := range cores {
			c.mu.Unlock()
		}
	}()
	if err != nil || len(members) == 0 {
		return err
	}
	for i := range members {
		if members[i].Pool != nil {
			m.adopt(g, members[i].Pool.load(), members[i].weight(), now)
			continue
		}
		s := newMember(members[i].Server, members[i].weight(), members[i].MaxConnections)
		g.insert(&s.entry)
		m.enter(s, now)
	}
	g.order.reset(g.entries)
	m.changed(now)
	return nil
}

// checkMembers returns the locked cores of the pools among the members, on an
// error too.
func (m *Machine) checkMembers(members []Member) (cores []*core, err error) {
	urls := map[string]bool{}
	for i := range members {
		field := "servers[" + strconv.Itoa(i) + "]"
		if err := members[i].check(field); err != nil {
			return cores, err
		}
		servers := []*server.Server{members[i].Server}
		if p := members[i].Pool; p != nil {
			c, err := m.borrow(p, field)
			if err != nil {
				return cores, err
			}
			cores = append(cores, c)
			servers = p.group.list()
		}
		for _, s := range servers {
			url := s.URL()
			if urls[url] || m.byURL[url] != nil {
				return cores, wrong(field, url, "is in the pool already")
			}
			urls[url] = true
		}
	}
	return cores, nil
}

// borrow locks the core of a pool that is to be nested. It does not wait: who
// holds the lock of a pool may be nesting this one in it.
func (m *Machine) borrow(p *Pool, field string) (*core, error) {
	c := p.load()
	switch {
	case c == m.core:
		return nil, wrong(field, string(p.group.strategy), "is this pool, or is in it already")
	case !c.mu.TryLock():
		return nil, wrong(field, string(p.group.strategy), "is in use, or is given twice")
	}
	var err error
	switch {
	case c.m.root != p.group || p.core.Load() != c:
		err = wrong(field, string(p.group.strategy), "is within another pool")
	case c.m.started || c.running:
		err = wrong(field, string(p.group.strategy), "has been used")
	default:
		if err = c.m.given.within(); err != nil {
			own := *err.(*Error)
			own.Field = field + ".pool." + own.Field
			err = &own
		}
	}
	if err != nil {
		c.mu.Unlock()
		return nil, err
	}
	return c, nil
}

// adopt makes another machine's tree a member of a group.
func (m *Machine) adopt(g *group, c *core, weight int, now time.Duration) {
	child := c.m.root
	child.weight = uint32(weight)
	child.renew(m)
	g.insert(&child.entry)
	child.walk(func(s *member) { m.enter(s, now) })
	for _, p := range c.pools {
		p.core.Store(m.core)
	}
	m.core.pools = append(m.core.pools, c.pools...)
	c.pools = nil
}

// renew gives a group and those in it the randomness of their new machine.
func (g *group) renew(m *Machine) {
	for _, e := range g.entries {
		e.turn = 0
		if e.group != nil {
			e.group.renew(m)
		}
	}
	g.order = newOrder(g.strategy, m.rng)
	g.order.reset(g.entries)
}

func (g *group) list() (servers []*server.Server) {
	g.walk(func(s *member) { servers = append(servers, s.server) })
	return servers
}

func (m *Machine) enter(s *member, now time.Duration) {
	m.byURL[s.server.URL()] = s
	m.all = append(m.all, s)
	m.tell(EventAdded, s, nil, now)
}

// Remove removes a server, also from a pool within; one with the same URL is
// the same. Its connections are told to leave. One that is not there is an
// error, an [*Error]. With Options.Exhaust servers that are out get another
// chance.
func (m *Machine) Remove(now time.Duration, s *server.Server) error { return m.remove(m.root, now, s) }

func (m *Machine) remove(g *group, now time.Duration, srv *server.Server) error {
	if srv == nil {
		return wrong("server", "", "is nil")
	}
	s := m.byURL[srv.URL()]
	if s == nil || !s.within(g) {
		return wrong("server", srv.URL(), "is not in the pool")
	}
	delete(m.byURL, srv.URL())
	m.all = slices.DeleteFunc(m.all, func(other *member) bool { return other == s })
	if s.out {
		m.noLongerOut(s)
	}
	s.parent.take(&s.entry)
	s.removed = true
	for h := s.holds; h != nil; h = h.next {
		m.comeHome(h)
		h.tell()
	}
	m.tell(EventRemoved, s, nil, now)
	m.changed(now)
	return nil
}

// changed does what follows from a change of the members.
func (m *Machine) changed(now time.Duration) {
	m.woken, m.replan = true, true
	for m.o.Exhaust != NoExhaust && len(m.outs) > 0 {
		m.revive(m.outs[0], now, true)
	}
}
