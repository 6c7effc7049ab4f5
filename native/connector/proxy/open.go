package proxy

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// The wait between two tries doubles from the first to the last of these; half of
// it is left to chance, so that many clients do not come back all at once.
const (
	firstDelay = 100 * time.Millisecond
	lastDelay  = 5 * time.Second
)

// open opens a session, and tries again while the connector is unavailable and
// there is time.
func (p *Proxy) open(ctx context.Context) (Stream, error) {
	deadline := time.Now().Add(p.options.Wait)
	for delay := firstDelay; ; delay = min(2*delay, lastDelay) {
		stream, err := p.options.Open(ctx)
		if err == nil {
			p.state.clear()
			return stream, nil
		}
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		pause := delay/2 + time.Duration(p.options.Rand()*float64(delay/2))
		if !p.options.Unavailable(err) || time.Now().Add(pause).After(deadline) {
			return nil, err
		}
		p.state.note(p.options.Log, slog.LevelWarn, "the connector is unavailable; connections wait for it", "error", err)
		if err := sleep(ctx, pause); err != nil {
			return nil, err
		}
	}
}

// sleep waits, unless the context ends before.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return nil
	}
}

// state is what has been logged since a session could be opened: the same again
// is not worth a line, however often clients try.
type state struct {
	mu    sync.Mutex
	noted map[string]bool
}

// maxNoted bounds what is remembered.
const maxNoted = 100

// note logs a message unless it has been.
func (s *state) note(log *slog.Logger, level slog.Level, message string, args ...any) {
	s.mu.Lock()
	again := s.noted[message]
	if len(s.noted) >= maxNoted || s.noted == nil {
		s.noted = make(map[string]bool)
	}
	s.noted[message] = true
	s.mu.Unlock()
	if again {
		level = slog.LevelDebug
	}
	log.Log(context.Background(), level, message, args...)
}

func (s *state) clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.noted = nil
}
