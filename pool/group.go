package pool

import (
	"time"

	"github.com/ldapedge/ldapedge/server"
)

// none is the place of an entry that is in none.
const none = -1

// never is later than any time.
const never = time.Duration(1<<63 - 1)

// after is a time from now, never if there is no such time.
func after(now, d time.Duration) time.Duration {
	if at := now + d; at >= now {
		return at
	}
	return never
}

// entry is what a member is to its group, whether it is a server or a group
// itself.
type entry struct {
	parent *group // nil for the outermost group, and after removal
	index  int32  // in the parent's entries
	place  int32  // the list's own
	weight uint32
	ready  bool // alive, and not full
	alive  bool // not out; of a group, that one of its members is alive

	connections int
	latency     time.Duration // average of openings, 0 for none yet
	turn        uint64        // the order's own
	revival     revival       // what made it alive, zero if it always was

	group  *group  // this entry as a group
	member *member // this entry as a server
}

// group is a pool within the machine's tree.
type group struct {
	entry
	strategy   Strategy
	returnHome time.Duration
	entries    []*entry
	order      order
	readies    int // how many entries are ready
	alives     int // how many are alive
	servers    int // how many are within, at any depth
}

// member is a server within the tree.
type member struct {
	entry
	server *server.Server
	limit  int
	picks  uint64
	holds  *Hold // the first of those that are open

	removed   bool
	probation bool          // back, but not seen well yet
	out       bool          // quarantined or exhausted
	until     time.Duration // when it is no longer out
	outPlace  int           // in the machine's outs
	outages   uint32        // how often it was out; what began before the last says nothing new
	row       int           // how often it was out in a row, for the quarantine
	wellSince time.Duration // since when it is well, none if not
	returned  time.Duration // when slow start began, none without
	everWell  bool
	wells     uint64 // how often it was seen well after being out, or on probation

	failures  int // in a row
	lastErr   error
	checks    checkState
	lastCheck time.Duration // none if there was none
}

func newMember(s *server.Server, weight, limit int) *member {
	m := &member{server: s, limit: limit, wellSince: none, returned: none, lastCheck: none}
	m.entry = entry{place: none, weight: uint32(weight), ready: true, alive: true, member: m}
	m.checks.next = none
	return m
}

func (m *member) full() bool { return m.limit > 0 && m.connections >= m.limit }

func newGroup(m *Machine, s Strategy, returnHome time.Duration) *group {
	g := &group{strategy: s, returnHome: returnHome, order: newOrder(s, m.rng)}
	g.entry = entry{place: none, weight: 1, group: g}
	return g
}

// insert puts an entry at the group's end. The order is to be reset afterwards.
func (g *group) insert(e *entry) {
	e.parent, e.index, e.place = g, int32(len(g.entries)), none
	g.entries = append(g.entries, e)
	g.count(e, 1)
}

// take takes an entry out of the group.
func (g *group) take(e *entry) {
	e.parent = nil
	g.entries = append(g.entries[:e.index:e.index], g.entries[e.index+1:]...)
	for i := int(e.index); i < len(g.entries); i++ {
		g.entries[i].index = int32(i)
	}
	g.count(e, -1)
	g.order.reset(g.entries)
}

// count adds what an entry has to the group's sums, and to those above, or
// takes it away.
func (g *group) count(e *entry, sign int) {
	servers := 1
	if e.group != nil {
		servers = e.group.servers
	}
	for up := g; up != nil; up = up.parent {
		up.servers += sign * servers
		up.connections += sign * e.connections
		if up.parent != nil {
			up.parent.order.moved(&up.entry)
		}
	}
	if e.alive {
		g.alives += sign
		g.setAlive(g.alives > 0, revival{})
	}
	if e.ready {
		g.readies += sign
		g.setReady(g.readies > 0)
	}
}

// setReady says whether an entry can be picked, and what that means above.
func (e *entry) setReady(ready bool) {
	if e.ready == ready {
		return
	}
	e.ready = ready
	g := e.parent
	if g == nil {
		return
	}
	if ready {
		g.order.put(e)
		g.readies++
	} else {
		g.order.drop(e)
		g.readies--
	}
	g.setReady(g.readies > 0)
}

// revival is when something came back, and how many did before it.
type revival struct {
	at     time.Duration
	number uint64
}

// setAlive says whether an entry is out, and what that means above. The revival
// is of one that no longer is.
func (e *entry) setAlive(alive bool, r revival) {
	if e.alive == alive {
		return
	}
	e.alive = alive
	if alive {
		e.revival = r
	}
	g := e.parent
	if g == nil {
		return
	}
	if alive {
		g.alives++
	} else {
		g.alives--
	}
	g.setAlive(g.alives > 0, r)
}

// connect adds to the connections of a server and of the groups around it.
func (m *member) connect(n int) {
	for e := &m.entry; ; e = &e.parent.entry {
		e.connections += n
		if e.parent == nil {
			break
		}
		e.parent.order.moved(e)
	}
	m.setReady(m.alive && !m.full())
}

// within tells whether a server is one of a group's, at any depth.
func (m *member) within(g *group) bool {
	for up := m.parent; up != nil; up = up.parent {
		if up == g {
			return true
		}
	}
	return false
}

// walk calls f with each server of a group, in order, at any depth.
func (g *group) walk(f func(*member)) {
	for _, e := range g.entries {
		if e.member != nil {
			f(e.member)
		} else {
			e.group.walk(f)
		}
	}
}

// measured adds a latency to the averages of a server and of the groups around
// it.
func (m *member) measured(d time.Duration) {
	for e := &m.entry; ; e = &e.parent.entry {
		if e.latency == 0 {
			e.latency = max(d, 1)
		} else {
			e.latency = max(e.latency+(d-e.latency)/4, 1)
		}
		if e.parent == nil {
			return
		}
	}
}
