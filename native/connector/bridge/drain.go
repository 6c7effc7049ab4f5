package bridge

import (
	"context"
	"sync"

	"github.com/ldapedge/ldapedge/tunnel"
)

// sessions are those in progress.
type sessions struct {
	mu       sync.Mutex
	all      map[*session]struct{}
	draining bool
	running  sync.WaitGroup
}

const shuttingDown = "the connector is shutting down"

// add notes a session. It is refused, with the close code, once draining has
// begun and when there are as many as there may be.
func (l *sessions) add(s *session, most int) (refused tunnel.CloseCode, reason string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.draining {
		return tunnel.CloseDraining, shuttingDown
	}
	if len(l.all) >= most {
		return tunnel.CloseTooMany, "the connector has as many sessions as it may have"
	}
	if l.all == nil {
		l.all = make(map[*session]struct{})
	}
	l.all[s] = struct{}{}
	l.running.Add(1)
	return 0, ""
}

func (l *sessions) remove(s *session) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.all, s)
	l.running.Done()
}

// Drain refuses new sessions, closes those in progress as draining and waits
// until they have ended or the context has.
func (h *Handler) Drain(ctx context.Context) error {
	l := &h.sessions
	l.mu.Lock()
	l.draining = true
	for s := range l.all {
		go s.end(tunnel.CloseDraining, shuttingDown)
	}
	l.mu.Unlock()
	done := make(chan struct{})
	go func() {
		l.running.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
