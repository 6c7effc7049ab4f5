package pool

import (
	"time"

	"github.com/ldapedge/ldapedge/server"
)

// EventKind says what has happened.
type EventKind string

// The kinds of events.
const (
	// EventDown: a server is out, because of Err.
	EventDown EventKind = "down"
	// EventProbation: the time of a server's being out is over; it is not known
	// yet whether it is well.
	EventProbation EventKind = "probation"
	// EventUp: a server that was out is well again, or gets another chance
	// because members have changed.
	EventUp EventKind = "up"
	// EventAdded: a server was added.
	EventAdded EventKind = "added"
	// EventRemoved: a server was removed.
	EventRemoved EventKind = "removed"
	// EventExhausted: an opening has failed, with Err, an [*ExhaustedError].
	EventExhausted EventKind = "exhausted"
	// EventReturnHome: a connection to Server was told to leave, for an earlier
	// member is back.
	EventReturnHome EventKind = "returnHome"
)

// Event is what has happened to a pool.
type Event struct {
	Kind EventKind
	// Server is the one it is about, nil for EventExhausted.
	Server *server.Server
	// Err is the cause of EventDown and EventExhausted.
	Err error
	// At is when it happened, as the machine counts time; for a [Pool] since it
	// was made.
	At time.Duration
}

func (m *Machine) tell(kind EventKind, s *member, err error, now time.Duration) {
	if m.o.Events == nil {
		return
	}
	e := Event{Kind: kind, Err: err, At: now}
	if s != nil {
		e.Server = s.server
	}
	m.o.Events(e)
}

// deliver calls the events' receiver outside of the lock. One goroutine does at
// a time, also for the others, so that the order is kept.
func (c *core) deliver() {
	done := false
	defer func() {
		if !done { // the receiver panicked
			c.mu.Lock()
			c.delivering = false
			c.mu.Unlock()
		}
	}()
	for {
		c.mu.Lock()
		batch := c.queue
		c.queue = nil
		if len(batch) == 0 {
			c.delivering, done = false, true
			c.mu.Unlock()
			return
		}
		c.mu.Unlock()
		for _, e := range batch {
			c.events(e)
		}
	}
}
