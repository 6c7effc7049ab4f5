package pool

import (
	"time"
)

// Health is how a server does.
type Health string

// What a server's health may be.
const (
	// Up is for servers that may be tried.
	Up Health = "up"
	// Quarantined servers are tried last, until State.Until.
	Quarantined Health = "quarantined"
	// Exhausted servers are not tried, until State.Until if that is given.
	Exhausted Health = "exhausted"
	// Probation is after quarantine, while the server was not seen well.
	Probation Health = "probation"
	// SlowStart is after quarantine, while the server takes less than its share.
	SlowStart Health = "slowStart"
	// Down is for pools without a server that is not out.
	Down Health = "down"
)

// State is how a pool does, as data.
type State struct {
	Strategy    Strategy      `json:"strategy"`
	Active      Active        `json:"active"`
	Exhaust     Exhaust       `json:"exhaust"`
	Connections int           `json:"connections"`
	Members     []MemberState `json:"members"`
}

// MemberState is how a member does.
type MemberState struct {
	// URL is the server's, "" for a pool.
	URL string `json:"url,omitempty"`
	// Pool is the pool within, nil for a server.
	Pool *State `json:"pool,omitempty"`
	// State is the member's health.
	State Health `json:"state"`
	// Until is when a server is no longer out; zero if it is not, or is for
	// ever.
	Until  time.Time `json:"until,omitzero"`
	Weight int       `json:"weight"`
	// MaxConnections is 0 without a limit.
	MaxConnections int `json:"maxConnections,omitempty"`
	// Connections are those that are open or being opened.
	Connections int `json:"connections"`
	// Picks is how often a server was chosen.
	Picks uint64 `json:"picks"`
	// Failures is how often in a row opening and checking it failed.
	Failures int `json:"failures"`
	// Quarantines is how often in a row it was quarantined, less what health has
	// taken away, and no more often than makes a quarantine the longest.
	Quarantines int    `json:"quarantines"`
	LastError   string `json:"lastError,omitempty"`
	// LastCheck is when its last check ended, zero if there was none.
	LastCheck time.Time `json:"lastCheck,omitzero"`
	// LatencySeconds is how long opening it takes on average, 0 if that is not
	// known.
	LatencySeconds float64 `json:"latencySeconds,omitempty"`
}

// State returns how all members do. epoch is the moment from which the machine
// counts time.
func (m *Machine) State(now time.Duration, epoch time.Time) State {
	return m.state(m.root, now, epoch)
}

// State returns how all members do.
func (p *Pool) State() State {
	c := p.lock()
	defer c.unlock()
	return c.m.state(p.group, c.now(), c.start)
}

func (m *Machine) state(g *group, now time.Duration, epoch time.Time) State {
	m.advance(now)
	st := State{Strategy: g.strategy, Active: m.o.Active, Exhaust: m.o.Exhaust, Connections: g.connections, Members: []MemberState{}}
	for _, e := range g.entries {
		ms := MemberState{Weight: int(e.weight), Connections: e.connections, LatencySeconds: e.latency.Seconds()}
		if e.group != nil {
			within := m.state(e.group, now, epoch)
			ms.Pool = &within
			ms.State = Up
			if !e.alive {
				ms.State = Down
			}
		} else {
			m.describe(&ms, e.member, now, epoch)
		}
		st.Members = append(st.Members, ms)
	}
	return st
}

func (m *Machine) describe(ms *MemberState, s *member, now time.Duration, epoch time.Time) {
	ms.URL = s.server.URL()
	ms.State = m.health(s, now)
	ms.MaxConnections, ms.Picks, ms.Failures = s.limit, s.picks, s.failures
	ms.Quarantines = m.row(s, now)
	if s.out && s.until != never {
		ms.Until = epoch.Add(s.until)
	}
	if s.lastErr != nil {
		ms.LastError = s.lastErr.Error()
	}
	if s.lastCheck != none {
		ms.LastCheck = epoch.Add(s.lastCheck)
	}
}

func (m *Machine) health(s *member, now time.Duration) Health {
	switch {
	case s.out && m.o.Exhaust != NoExhaust:
		return Exhausted
	case s.out:
		return Quarantined
	case s.probation:
		return Probation
	case s.returned != none && now-s.returned < m.o.SlowStart:
		return SlowStart
	}
	return Up
}
