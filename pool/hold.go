package pool

import (
	"cmp"
	"time"
)

// Hold is an open connection of a server's, as the machine sees it.
type Hold struct {
	member     *member
	outages    uint32
	prev, next *Hold // those of the same server
	enlisted   bool
	closed     bool
	leaving    bool
	leave      chan struct{} // closed when it is told, may be nil

	awayPlace int // in the machine's away, if isAway
	isAway    bool
	revivals  uint64  // how many there had been when it was opened
	spread    float64 // 0 to 1: when among others it is called home
}

// Leaving tells whether the connection had better be closed, once it is idle,
// and opened anew: its server was removed, or a better one is back.
func (h *Hold) Leaving() bool { return h.leaving }

func (h *Hold) tell() {
	if h.leaving {
		return
	}
	h.leaving = true
	if h.leave != nil {
		close(h.leave)
	}
}

func (h *Hold) enlist() {
	h.enlisted = true
	h.next = h.member.holds
	if h.next != nil {
		h.next.prev = h
	}
	h.member.holds = h
}

func (h *Hold) delist() {
	if !h.enlisted {
		return
	}
	h.enlisted = false
	if h.prev == nil {
		h.member.holds = h.next
	} else {
		h.prev.next = h.next
	}
	if h.next != nil {
		h.next.prev = h.prev
	}
	h.prev, h.next = nil, nil
}

// Lost reports that the server has failed after it was open.
func (m *Machine) Lost(h *Hold, now time.Duration, err error) {
	m.advance(now)
	m.failed(h.member, h.outages, now, cmp.Or(err, errUnknown))
}

// Closed reports that the connection is closed. Repeated calls do nothing.
func (m *Machine) Closed(h *Hold) {
	if h.closed {
		return
	}
	h.closed = true
	m.comeHome(h)
	h.delist()
	m.release(h.member)
}

// leaveHome notes that a connection is to be called home one day, if an earlier
// member of a FIRST pool is out.
func (m *Machine) leaveHome(h *Hold) {
	if len(m.outs) == 0 {
		return
	}
	for e := &h.member.entry; e.parent != nil; e = &e.parent.entry {
		if !e.parent.callsHome() {
			continue
		}
		for _, earlier := range e.parent.entries[:e.index] {
			if !earlier.alive {
				h.isAway, h.awayPlace = true, len(m.away)
				h.revivals, h.spread = m.revivals, m.rng.Float64()
				m.away = append(m.away, h)
				return
			}
		}
	}
}

func (g *group) callsHome() bool { return g.strategy == First && g.returnHome > 0 }

// comeHome forgets that a connection is to be called home.
func (m *Machine) comeHome(h *Hold) {
	if !h.isAway {
		return
	}
	h.isAway = false
	last := m.away[len(m.away)-1]
	m.away[h.awayPlace] = last
	last.awayPlace = h.awayPlace
	m.away[len(m.away)-1] = nil
	m.away = m.away[:len(m.away)-1]
}

// callHome tells the connections whose time it is to leave. Those whose times
// lie within a moment are told together, so that many of them cost little.
func (m *Machine) callHome(now time.Duration) {
	const moment = 100 * time.Millisecond
	next := never
	for i := len(m.away) - 1; i >= 0; i-- {
		h := m.away[i]
		at := h.homeAt()
		if at > now {
			next = min(next, at)
			continue
		}
		m.comeHome(h)
		h.tell()
		m.tell(EventReturnHome, h.member, nil, now)
	}
	m.homeDue = never
	if next != never {
		m.homeDue = max(next, now+moment)
	}
}

// homeAt returns when a connection is to leave for an earlier member that has
// come back since it was opened.
func (h *Hold) homeAt() time.Duration {
	at := never
	for e := &h.member.entry; e.parent != nil; e = &e.parent.entry {
		if !e.parent.callsHome() {
			continue
		}
		wait := atMost((1 + h.spread/2) * float64(e.parent.returnHome))
		for _, earlier := range e.parent.entries[:e.index] {
			if earlier.alive && earlier.revival.number > h.revivals {
				at = min(at, after(earlier.revival.at, wait))
			}
		}
	}
	return at
}
