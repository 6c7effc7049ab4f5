package pool

import (
	"cmp"
	"math/rand/v2"
	"time"

	"github.com/ldapedge/ldapedge/server"
)

// Machine decides which server of a pool is to be tried next, and remembers how
// they do. It does no I/O, waits for nothing and has no clock: the time goes in,
// as the time since a moment of the caller's own that stays the same. It is for
// those who cannot block, such as an edge function; others take a [Pool]. It is
// not safe for concurrent use.
//
//	var o pool.Opening
//	for {
//		switch d := m.Next(&o, now()); {
//		case d.Err != nil:  // no server: d.Err says why
//		case d.Server == nil:  // call Next again at d.At
//		default:  // try d.Server, then m.Opened, m.Failed or m.Dropped
//		}
//	}
type Machine struct {
	o     Options // settled
	given Options
	core  *core
	rng   *rand.Rand
	root  *group
	byURL map[string]*member
	all   []*member

	outs      []*member     // those that are out
	away      []*Hold       // those that may be called home
	due       time.Duration // when advance has something to do
	homeDue   time.Duration
	slowUntil time.Duration // after it no server is in slow start
	revivals  uint64

	woken   bool // a waiting Opening may find something
	replan  bool // the time of the next check may have changed
	started bool // it has been used
}

// Opening is one search for a server that can be opened. The zero value is a
// new one.
type Opening struct {
	within  *group // nil for the outermost
	cycle   int
	tries   map[*member]*attempt
	at      *group // where the last one was tried
	waiting bool
	wake    time.Duration

	current *member
	outages uint32
	wells   uint64
	began   time.Duration
}

// attempt is the last try of a server within an opening.
type attempt struct {
	cycle int
	wells uint64 // how often the server had been seen well when it began
	err   error
}

// Decision is what to do next.
type Decision struct {
	// Server is to be tried.
	Server *server.Server
	// At is when to call Next again, if Server and Err are nil.
	At time.Duration
	// Err is [ErrEmpty] or an [*ExhaustedError].
	Err error
}

// NewMachine returns a machine for the members. o may be nil. Options.Events is
// called during the machine's methods, and must not call them. Pools among the
// members become parts of the machine, and are not to be used any more. The
// error is an [*Error].
func NewMachine(members []Member, o *Options) (*Machine, error) {
	var given Options
	if o != nil {
		given = *o
	}
	settled, err := given.settle()
	if err != nil {
		return nil, err
	}
	m := &Machine{o: settled, given: given, rng: settled.Rand, byURL: map[string]*member{}, due: never, homeDue: never, slowUntil: none}
	m.core = &core{m: m}
	m.root = newGroup(m, settled.Strategy, settled.ReturnHome)
	m.o.Events = nil // of the first members nobody is told
	if err := m.add(m.root, 0, members); err != nil {
		return nil, err
	}
	m.o.Events = settled.Events
	return m, nil
}

// Next says what to do next. A server that it names has a connection reserved
// until the outcome is reported with Opened, Failed or Dropped.
func (m *Machine) Next(o *Opening, now time.Duration) Decision {
	m.advance(now)
	m.started = true
	if o.within == nil {
		o.within = m.root
	}
	if o.waiting && now >= o.wake {
		o.waiting = false
		o.cycle++
		o.at = nil
	}
	s := m.choose(o, now)
	if s == nil {
		d, waits := m.endCycle(o, now)
		if !waits {
			return d
		}
		if s = m.choose(o, now); s == nil { // else it was seen well during the cycle
			return d
		}
	}
	o.current, o.outages, o.wells, o.began = s, s.outages, s.wells, now
	s.picks++
	s.connect(1)
	return Decision{Server: s.server}
}

// Pick returns the server that Next would name first, without a connection to
// it. The error is ErrEmpty or an [*ExhaustedError].
func (m *Machine) Pick(now time.Duration) (*server.Server, error) { return m.pickWithin(m.root, now) }

func (m *Machine) pickWithin(g *group, now time.Duration) (*server.Server, error) {
	m.advance(now)
	s := m.pick(g, now)
	if s == nil {
		o := Opening{within: g}
		if s = m.lastResort(&o); s == nil {
			if g.servers == 0 {
				return nil, ErrEmpty
			}
			return nil, m.exhausted(&o)
		}
	}
	s.picks++
	return s.server, nil
}

// Left returns how many servers are left in this cycle, with the one that is
// being tried: for its share of the time.
func (m *Machine) Left(o *Opening) int {
	left, within := 0, o.within
	if within == nil {
		within = m.root
	}
	within.walk(func(s *member) {
		if s == o.current || o.untried(s) && !s.full() && !(s.out && m.o.Exhaust != NoExhaust) {
			left++
		}
	})
	return max(left, 1)
}

// untried tells whether a server may still be tried in this cycle: one that has
// been seen well since its try began may, while the opening waits for the next
// cycle.
func (o *Opening) untried(s *member) bool {
	t := o.tries[s]
	return t == nil || t.cycle < o.cycle || o.waiting && t.wells < s.wells
}

// choose returns the next server of this cycle, nil at its end.
func (m *Machine) choose(o *Opening, now time.Duration) *member {
	if o.tries == nil {
		if s := m.pick(o.within, now); s != nil {
			return s
		}
	}
	g := o.at
	if g == nil {
		g = o.within
	}
	for ; g != nil; g = g.parent {
		if s := m.descend(g, o, now); s != nil {
			return s
		}
		if g == o.within {
			break
		}
	}
	return m.lastResort(o)
}

// pick is choose where nothing has been tried yet.
func (m *Machine) pick(g *group, now time.Duration) *member {
	for {
		e := g.order.pick()
		if e == nil {
			return nil
		}
		if e.group != nil {
			g = e.group
			continue
		}
		s := e.member
		if now < m.slowUntil && !m.accepts(s, now) {
			return m.insteadOf(s, g, now)
		}
		return s
	}
}

// descend returns a server of a group that has not been tried in this cycle.
func (m *Machine) descend(g *group, o *Opening, now time.Duration) *member {
	for {
		var some, slow []*entry
		for _, e := range g.entries {
			switch {
			case !e.ready || !o.open(e):
			case e.member != nil && now < m.slowUntil && !m.accepts(e.member, now):
				slow = append(slow, e)
			default:
				some = append(some, e)
			}
		}
		if len(some) == 0 {
			some = slow
		}
		if len(some) == 0 {
			return nil
		}
		e := g.order.among(some)
		if e.member != nil {
			return e.member
		}
		g = e.group
	}
}

// open tells whether an entry has a ready server that is still to be tried.
func (o *Opening) open(e *entry) bool {
	if e.member != nil {
		return o.untried(e.member)
	}
	for _, within := range e.group.entries {
		if within.ready && o.open(within) {
			return true
		}
	}
	return false
}

// accepts draws whether a server in slow start takes what falls to it.
func (m *Machine) accepts(s *member, now time.Duration) bool {
	if s.returned == none || now-s.returned >= m.o.SlowStart {
		return true
	}
	const least = 0.1
	return m.rng.Float64() < max(least, float64(now-s.returned)/float64(m.o.SlowStart))
}

// insteadOf returns another server of the group than one that declined, or that
// one if there is no other.
func (m *Machine) insteadOf(declined *member, g *group, now time.Duration) *member {
	var some []*entry
	for _, e := range g.entries {
		if e.ready && e != &declined.entry && (e.member == nil || m.accepts(e.member, now)) {
			some = append(some, e)
		}
	}
	if len(some) == 0 {
		return declined
	}
	e := g.order.among(some)
	if e.member != nil {
		return e.member
	}
	return m.pick(e.group, now)
}

// lastResort returns the quarantined server that has not been tried in this
// cycle and would be back first: none is refused for being quarantined.
func (m *Machine) lastResort(o *Opening) *member {
	if m.o.Exhaust != NoExhaust {
		return nil
	}
	var best *member
	for _, s := range m.outs {
		if (best == nil || s.until < best.until) && !s.full() && o.untried(s) && s.within(o.within) {
			best = s
		}
	}
	return best
}

// endCycle says what to do when all servers have been tried, and tells whether
// the wait for the next cycle begins.
func (m *Machine) endCycle(o *Opening, now time.Duration) (d Decision, waits bool) {
	switch {
	case o.within.servers == 0:
		return Decision{Err: ErrEmpty}, false
	case o.waiting:
		return Decision{At: o.wake}, false
	case m.o.Active == Inactive,
		m.o.Active > 0 && o.cycle+1 >= int(m.o.Active),
		m.o.Exhaust == ExhaustForever && o.within.alives == 0:
		err := m.exhausted(o)
		m.tell(EventExhausted, nil, err, now)
		return Decision{Err: err}, false
	}
	o.waiting = true
	o.wake = after(now, m.o.LoopTimeout)
	return Decision{At: o.wake}, true
}

func (m *Machine) exhausted(o *Opening) error {
	e := &ExhaustedError{Cycles: o.cycle + 1}
	o.within.walk(func(s *member) {
		err := s.lastErr
		if t := o.tries[s]; t != nil {
			err = t.err
		}
		if s.full() && o.untried(s) {
			err = limitError(s.limit)
		}
		err = cmp.Or(err, errUnknown)
		e.Causes = append(e.Causes, Cause{s.server, err})
	})
	return e
}

// causes returns the last cause of each server that was tried.
func (m *Machine) causes(o *Opening) (causes []Cause) {
	if o.tries == nil {
		return nil
	}
	o.within.walk(func(s *member) {
		if t := o.tries[s]; t != nil {
			causes = append(causes, Cause{s.server, t.err})
		}
	})
	return causes
}

// settleTry ends the try of the current server.
func (o *Opening) settleTry(err error) *member {
	s := o.current
	o.current = nil
	if err != nil {
		if o.tries == nil {
			o.tries = map[*member]*attempt{}
		}
		o.tries[s] = &attempt{o.cycle, o.wells, err}
		o.at = s.parent
	}
	return s
}

// Opened reports that the server that Next named was opened, and returns the
// hold on it. Report what becomes of it with [Machine.Lost] and
// [Machine.Closed].
func (m *Machine) Opened(o *Opening, now time.Duration) *Hold {
	h := &Hold{}
	m.opened(o, h, now)
	return h
}

func (m *Machine) opened(o *Opening, h *Hold, now time.Duration) {
	m.advance(now)
	s := o.settleTry(nil)
	h.member, h.outages = s, s.outages
	if s.removed {
		h.tell()
		return
	}
	s.measured(now - o.began)
	if s.outages == o.outages {
		m.well(s, now)
	}
	h.outages = s.outages
	h.enlist()
	m.leaveHome(h)
}

// Failed reports that the server that Next named could not be opened, and why.
func (m *Machine) Failed(o *Opening, now time.Duration, err error) {
	m.advance(now)
	err = cmp.Or(err, errUnknown)
	s := o.settleTry(err)
	m.release(s)
	m.failed(s, o.outages, now, err)
}

// Dropped reports that the try of the server that Next named came to nothing,
// and that this says nothing about the server. err may be nil.
func (m *Machine) Dropped(o *Opening, err error) { m.release(o.settleTry(err)) }

func (m *Machine) release(s *member) {
	full := s.full()
	s.connect(-1)
	m.woken = m.woken || full && !s.removed
}
