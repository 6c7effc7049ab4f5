package bridge

import (
	"context"
	"sync"
	"time"

	"github.com/ldapedge/ldapedge/tunnel"
)

// keepAlive asks the client whether it is there whenever there was no traffic
// for the time, and ends the session if it does not answer: what is between
// here and there forgets idle connections, and a client that has gone may not
// have said so. stop ends it.
func (s *session) keepAlive() (stop func()) {
	if s.limits.Ping < 0 {
		return func() {}
	}
	var mu sync.Mutex // guards what the ticks, one after another, leave to the next
	var timer *time.Timer
	var seen int64
	tick := func() {
		now := s.up.Load() + s.down.Load()
		mu.Lock()
		quiet := now == seen && !s.writing.Load() // a ping would wait behind what a slow client has not taken
		seen = now
		mu.Unlock()
		if quiet && !s.answers() {
			s.end(tunnel.CloseIdle, "the client has not answered for "+s.limits.Pong.String())
		}
		if s.over.Err() == nil {
			mu.Lock()
			defer mu.Unlock()
			timer.Reset(s.limits.Ping)
		}
	}
	mu.Lock()
	defer mu.Unlock()
	timer = time.AfterFunc(s.limits.Ping, tick)
	return func() { timer.Stop() }
}

func (s *session) answers() bool {
	ctx, cancel := context.WithTimeout(s.over, s.limits.Pong)
	defer cancel()
	return s.ws.Ping(ctx) == nil
}
