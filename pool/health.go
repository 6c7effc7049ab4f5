package pool

import "time"

// advance lets in those whose time out is over, and calls connections home.
func (m *Machine) advance(now time.Duration) {
	if now < m.due {
		return
	}
	for i := len(m.outs) - 1; i >= 0; i-- {
		if s := m.outs[i]; s.until <= now {
			m.revive(s, now, false)
		}
	}
	if now >= m.homeDue {
		m.callHome(now)
	}
	m.due = m.homeDue
	for _, s := range m.outs {
		m.due = min(m.due, s.until)
	}
}

// well notes that a server was opened, or checked, with success.
func (m *Machine) well(s *member, now time.Duration) {
	s.failures = 0
	s.everWell = true
	if m.o.Active == Inactive {
		return
	}
	if s.out {
		m.revive(s, now, true)
	} else if s.probation {
		s.probation = false
		m.seenWell(s)
		m.tell(EventUp, s, nil, now)
	}
	if s.wellSince == none {
		s.wellSince = now
	}
}

// failed notes that a server could not be opened, or failed later. outages is
// how often it had been out when that began: what began before it was last out
// says nothing new.
func (m *Machine) failed(s *member, outages uint32, now time.Duration, err error) {
	if s.removed {
		return
	}
	s.failures++
	s.lastErr = err
	if m.o.Active != Inactive && !s.out && s.outages == outages {
		m.takeOut(s, now, err)
	}
}

// takeOut quarantines a server, or exhausts it.
func (m *Machine) takeOut(s *member, now time.Duration, err error) {
	s.out, s.probation, s.returned = true, false, none
	s.outages++
	s.checks.failed, s.checks.succeeded = 0, 0
	s.until = never
	switch m.o.Exhaust {
	case NoExhaust:
		s.until = after(now, m.quarantine(s, now))
	case ExhaustForever:
	default:
		s.until = after(now, time.Duration(m.o.Exhaust))
	}
	s.wellSince = none
	s.outPlace = len(m.outs)
	m.outs = append(m.outs, s)
	m.due = min(m.due, s.until)
	s.setAlive(false, revival{})
	s.setReady(false)
	m.planCheck(s, now)
	m.tell(EventDown, s, err, now)
}

// quarantine returns how long a server is out this time.
func (m *Machine) quarantine(s *member, now time.Duration) time.Duration {
	longest := m.o.MaxQuarantine
	s.row = min(m.row(s, now), int((longest-1)/m.o.Quarantine)) + 1 // more would take health longer to make up for
	if s.row > int(longest/m.o.Quarantine) {
		return m.jitter(longest)
	}
	return m.jitter(time.Duration(s.row) * m.o.Quarantine)
}

// row returns how often in a row a server was quarantined, less one for each
// Quarantine of health since.
func (m *Machine) row(s *member, now time.Duration) int {
	if s.wellSince == none {
		return s.row
	}
	return max(s.row-int((now-s.wellSince)/m.o.Quarantine), 0)
}

// timely tells whether the time makes a difference to what is picked.
func (m *Machine) timely() bool { return m.due != never || m.slowUntil != none }

// jitter lengthens or shortens a time by up to a fifth.
func (m *Machine) jitter(d time.Duration) time.Duration {
	return atMost(float64(d) * (0.8 + 0.4*m.rng.Float64()))
}

// atMost is a number of nanoseconds, never if there are no so many.
func atMost(ns float64) time.Duration {
	if ns >= float64(never) {
		return never
	}
	return time.Duration(ns)
}

// revive lets a server in again, which was seen well or else is on probation.
func (m *Machine) revive(s *member, now time.Duration, well bool) {
	m.noLongerOut(s)
	s.probation = !well
	if m.o.SlowStart > 0 && m.o.Exhaust == NoExhaust {
		s.returned = now
		m.slowUntil = max(m.slowUntil, after(now, m.o.SlowStart))
	}
	m.revivals++
	s.setAlive(true, revival{now, m.revivals})
	s.setReady(!s.full())
	if len(m.away) > 0 {
		m.homeDue = now
		m.due = min(m.due, now)
	}
	m.replan = true
	if well {
		m.seenWell(s)
		m.tell(EventUp, s, nil, now)
	} else {
		m.tell(EventProbation, s, nil, now)
	}
}

// seenWell has waiting openings try a server again.
func (m *Machine) seenWell(s *member) {
	s.wells++
	m.woken = true
}

func (m *Machine) noLongerOut(s *member) {
	s.out = false
	last := m.outs[len(m.outs)-1]
	m.outs[s.outPlace] = last
	last.outPlace = s.outPlace
	m.outs[len(m.outs)-1] = nil
	m.outs = m.outs[:len(m.outs)-1]
}
