package pool

import (
	"time"

	"github.com/ldapedge/ldapedge/server"
)

// checkState is how the background checks of a server go.
type checkState struct {
	next      time.Duration // none if it is not planned yet
	running   bool
	failed    int // in a row
	succeeded int // in a row
}

// Check is a background check that is to be made.
type Check struct {
	member  *member
	outages uint32
}

// Server returns the server to check.
func (c *Check) Server() *server.Server { return c.member.server }

// NextCheck returns a check to be made now, or nil and when to ask again. Each
// check is reported with Checked. Options.Checks say how often; a machine that
// is [Inactive] makes none.
func (m *Machine) NextCheck(now time.Duration) (*Check, time.Duration) {
	m.advance(now)
	if m.o.Active == Inactive {
		return nil, never
	}
	var first *member
	for _, s := range m.all {
		if s.checks.next == none { // the first checks do not come all at once
			s.checks.next = after(now, atMost(m.rng.Float64()*float64(m.o.Checks.DownInterval)))
		}
		if !s.checks.running && (first == nil || s.checks.next < first.checks.next) {
			first = s
		}
	}
	if first == nil {
		return nil, never
	}
	if first.checks.next > now {
		return nil, first.checks.next
	}
	first.checks.running = true
	return &Check{first, first.outages}, 0
}

// Checked reports the outcome of a check, nil for success.
func (m *Machine) Checked(c *Check, now time.Duration, err error) {
	m.advance(now)
	s := c.member
	s.checks.running = false
	if s.removed {
		return
	}
	s.lastCheck = now
	if c.outages == s.outages {
		if err == nil {
			m.checkSucceeded(s, now)
		} else {
			m.checkFailed(s, now, err)
		}
	}
	m.planCheck(s, now)
}

// CheckDropped reports that a check came to nothing, and that this says nothing
// about the server.
func (m *Machine) CheckDropped(c *Check) { c.member.checks.running = false }

func (m *Machine) checkSucceeded(s *member, now time.Duration) {
	s.checks.failed = 0
	s.checks.succeeded++
	if !s.out {
		m.well(s, now)
		return
	}
	// Where nobody is left, one success is better than none.
	if m.o.Exhaust == NoExhaust && (s.checks.succeeded >= m.o.Checks.Rise || !s.everWell || m.root.alives == 0) {
		m.well(s, now)
	}
}

func (m *Machine) checkFailed(s *member, now time.Duration, err error) {
	s.failures++
	s.lastErr = err
	s.checks.succeeded = 0
	s.checks.failed++
	if !s.out && (s.checks.failed >= m.o.Checks.Fall || s.probation) {
		m.takeOut(s, now, err)
	}
}

// planCheck sets when a server is checked next.
func (m *Machine) planCheck(s *member, now time.Duration) {
	interval := m.o.Checks.Interval
	if s.out || s.probation || s.checks.failed > 0 {
		interval = m.o.Checks.DownInterval
	}
	s.checks.next = after(now, m.jitter(interval))
	m.replan = true
}
