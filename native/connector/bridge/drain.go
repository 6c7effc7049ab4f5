package bridge

import (
	"context"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ldapedge/ldapedge/native/connector/auth"
	"github.com/ldapedge/ldapedge/tunnel"
)

// sessions are those in progress.
type sessions struct {
	mu       sync.Mutex
	all      map[*session]struct{}
	draining bool
	running  sync.WaitGroup
	count    atomic.Uint64 // of all that there have been
}

const (
	shuttingDown = "the connector is shutting down"
	notOffered   = "the server is not offered any more"
	notAccepted  = "the credential is not accepted any more"
)

// quietTime is how long a session carries nothing before a shutdown takes it for
// one that waits for its client to do something.
const quietTime = 200 * time.Millisecond

// add notes a session. It is refused, with the close code, once draining has
// begun and when there are as many as there may be.
func (l *sessions) add(s *session, most Limits) (refused tunnel.CloseCode, reason string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.draining {
		return tunnel.CloseDraining, shuttingDown
	}
	if len(l.all) >= most.Sessions {
		return tunnel.CloseTooMany, "the connector has as many sessions as it may have"
	}
	if most.SessionsPerClient < most.Sessions && l.of(s.client) >= most.SessionsPerClient {
		return tunnel.CloseTooMany, "the client has as many sessions as it may have"
	}
	if l.all == nil {
		l.all = make(map[*session]struct{})
	}
	l.all[s] = struct{}{}
	l.running.Add(1)
	return 0, ""
}

// of counts those of a client.
func (l *sessions) of(client netip.Addr) (n int) {
	for s := range l.all {
		if perClient(s.client) == perClient(client) {
			n++
		}
	}
	return n
}

func (l *sessions) remove(s *session) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.all, s)
	l.running.Done()
}

// aim notes where a session leads to, and whose it is.
func (l *sessions) aim(s *session, t *Target, i *auth.Identity) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s.target, s.identity = t, i
}

// watch has a session judged, which tells what is in progress.
func (l *sessions) watch(s *session, j *judge) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s.judge = j
}

// review ends the sessions that the options in force do not allow.
func (l *sessions) review(h *Handler) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for s := range l.all {
		if s.target == nil {
			continue
		}
		if code, reason := h.holds(s); code != 0 {
			go s.end(code, reason)
		}
	}
}

// holds tells with which code a session is to be ended by what is in force now, 0
// if it may go on.
func (h *Handler) holds(s *session) (code tunnel.CloseCode, reason string) {
	now := h.current.Load()
	switch {
	case !slices.Contains(now.Servers, *s.target) && !s.identity.Names(s.target.Name):
		return tunnel.CloseUnknownServer, notOffered
	case !now.Auth.Holds(s.identity, s.target.Name):
		return tunnel.CloseNotAuthenticated, notAccepted
	}
	return 0, ""
}

// Drain refuses new sessions, closes those in progress as draining, each as soon
// as it is quiet and waits for no answer but after half of the context's time in
// any case, and waits until they have ended or the context has. Clients that take
// nothing, and so cannot be told, are cut off after three quarters of the time.
func (h *Handler) Drain(ctx context.Context) error {
	l := &h.sessions
	l.mu.Lock()
	l.draining = true
	log := h.current.Load().Log.With("sessions", len(l.all))
	l.mu.Unlock()
	log.Info("shutting down: no new session is taken, and those in progress are closed")
	done := make(chan struct{})
	go func() {
		l.running.Wait()
		close(done)
	}()
	patience := quietTime
	deadline, limited := ctx.Deadline()
	if limited {
		patience = time.Until(deadline) / 2
	}
	late, last := time.After(patience), (<-chan time.Time)(nil)
	tick := time.NewTicker(quietTime)
	defer tick.Stop()
	carried := make(map[*session]int64)
	l.close(carried, false)
	for {
		select {
		case <-tick.C:
			l.close(carried, false)
		case <-late:
			l.close(carried, true)
			if limited {
				last = time.After(patience / 2)
			}
		case <-last:
			l.cut()
		case <-done:
			log.Info("all sessions are closed")
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// close closes all sessions, or those that have carried nothing since the map was
// last filled and wait for no answer.
func (l *sessions) close(carried map[*session]int64, all bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for s := range l.all {
		before, known := carried[s]
		now := s.up.Load() + s.down.Load()
		if carried[s] = now; all || known && before == now && !s.writing.Load() && s.judge.inFlight() == 0 {
			go s.end(tunnel.CloseDraining, shuttingDown)
		}
	}
}

// cut ends what sessions that are being closed still wait for from their clients.
func (l *sessions) cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for s := range l.all {
		if s.over.Err() != nil {
			s.stream.SetDeadline(time.Now())
		}
	}
}
