package tunneldial

import (
	"context"
	"time"

	"github.com/ldapedge/ldapedge/tunnel"
)

// watch ends the session when nothing has been heard of the connector for a time
// and it does not answer a ping either: it may be gone without a word, or hang.
func (s *Stream) watch() {
	timer := time.NewTimer(s.options.PingAfter)
	defer timer.Stop()
	for {
		select {
		case <-s.ended:
			return
		case <-timer.C:
		}
		if left := s.options.PingAfter - time.Since(s.lastHeard()); left > 0 {
			timer.Reset(left)
			continue
		}
		if !s.answers() {
			s.end(&tunnel.CloseError{Code: tunnel.CloseAbnormal, Reason: "no answer to a ping in " + s.options.PingTimeout.String()})
			s.ws.CloseNow()
			return
		}
		timer.Reset(s.options.PingAfter)
	}
}

// retryPing is the wait before a ping that could not be sent, for a Write was in
// its way, is sent again.
const retryPing = 100 * time.Millisecond

// answers asks the connector, and tells whether it is heard of in time.
func (s *Stream) answers() bool {
	begin := time.Now()
	ctx, cancel := context.WithTimeout(context.Background(), s.options.PingTimeout)
	defer cancel()
	for {
		if s.ws.Ping(ctx) == nil || s.lastHeard().After(begin) {
			return true
		}
		select {
		case <-s.ended:
			return true // and it is known why
		case <-ctx.Done():
			return false
		case <-time.After(retryPing):
		}
	}
}

// lastHeard returns when the connector was last heard of: just now, if nobody listens
// or it is the reader here that is waited for.
func (s *Stream) lastHeard() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.full || !s.receiving {
		return time.Now()
	}
	return s.heard
}
