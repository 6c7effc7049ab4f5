// Package proxy lets unmodified LDAP clients speak through a distant connector:
// each connection that it accepts becomes a session of its own, and bytes go both
// ways, with backpressure and half-close.
//
// A session that breaks closes its connection: what the LDAP server knows of it,
// such as who is bound and which searches are in progress, is lost with it, so
// that no other session could take its place. The client connects anew, as it
// would to an LDAP server that went away.
package proxy

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"sync"
	"time"
)

// Stream is a session with the connector.
type Stream interface {
	// WriterTo writes what arrives until the LDAP server has sent its last byte.
	io.WriterTo
	// Writer sends.
	io.Writer
	// CloseWrite says that nothing more will be sent.
	CloseWrite() error
	// Close ends the session, whatever is in progress. It may be called
	// repeatedly, and by anyone.
	Close() error
}

// Options are what a [Proxy] opens and how long it waits.
type Options struct {
	// Open opens a session.
	Open func(ctx context.Context) (Stream, error)
	// Unavailable tells of an error of Open whether it may pass, and opening is to
	// be tried again. Default (nil): none may.
	Unavailable func(error) bool
	// Wait is how long a new connection waits for a connector that is unavailable.
	// Default (0): [DefaultWait]. Negative: it is tried once.
	Wait time.Duration
	// Grace is how long sessions may go on once the proxy is to end. Default (0):
	// [DefaultGrace]. Negative: they end at once.
	Grace time.Duration
	// MaxSessions is how many connections there may be at a time. Default (0):
	// [DefaultMaxSessions].
	MaxSessions int
	// Log is where sessions are noted. Default (nil): [slog.Default].
	Log *slog.Logger
	// Rand returns a number from 0 to 1, for the wait between two tries. It is
	// called by several goroutines. Default (nil): [math/rand/v2.Float64].
	Rand func() float64
}

// The defaults. There are as many sessions as a connector takes by its own.
const (
	DefaultWait        = 30 * time.Second
	DefaultGrace       = 5 * time.Second
	DefaultMaxSessions = 1000
)

// Proxy carries connections through a connector.
type Proxy struct {
	options  Options
	sessions sync.WaitGroup
	places   chan struct{} // one for each session
	state    state
}

// New returns a proxy.
func New(o Options) *Proxy {
	if o.Unavailable == nil {
		o.Unavailable = func(error) bool { return false }
	}
	if o.Rand == nil {
		o.Rand = rand.Float64
	}
	o.Wait = cmp.Or(o.Wait, DefaultWait)
	o.Grace = cmp.Or(o.Grace, DefaultGrace)
	o.MaxSessions = cmp.Or(o.MaxSessions, DefaultMaxSessions)
	o.Log = cmp.Or(o.Log, slog.Default())
	return &Proxy{options: o, places: make(chan struct{}, o.MaxSessions)}
}

// Serve accepts connections until the context ends or a listener fails, and
// closes the listeners. Sessions in progress may then go on for [Options.Grace],
// and are closed; those that wait for the connector end at once. It returns once
// all have ended, without error if it was the context.
func (p *Proxy) Serve(ctx context.Context, listeners ...net.Listener) error {
	accepting, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	cut, cutNow := context.WithCancel(context.WithoutCancel(ctx))
	defer cutNow()
	var loops sync.WaitGroup
	for _, l := range listeners {
		loops.Go(func() {
			if err := p.accept(accepting, cut, l); err != nil {
				stop(err)
			}
		})
		defer context.AfterFunc(accepting, func() { l.Close() })()
	}
	loops.Wait()
	p.drain(cutNow)
	if ctx.Err() != nil {
		return nil
	}
	return context.Cause(accepting)
}

// drain waits for the sessions, and cuts those that take longer than they may.
func (p *Proxy) drain(cut func()) {
	ended := make(chan struct{})
	go func() {
		p.sessions.Wait()
		close(ended)
	}()
	if p.options.Grace > 0 {
		timer := time.NewTimer(p.options.Grace)
		defer timer.Stop()
		select {
		case <-ended:
			return
		case <-timer.C:
		}
	}
	if n := len(p.places); n > 0 {
		p.options.Log.Warn("sessions in progress are closed", "sessions", n)
	}
	cut()
	<-ended
}

// maxPause is the longest wait after a connection that could not be accepted.
const maxPause = time.Second

// accept accepts connections until accepting ends.
func (p *Proxy) accept(accepting, cut context.Context, l net.Listener) error {
	var pause time.Duration
	for {
		conn, err := l.Accept()
		switch {
		case accepting.Err() != nil:
			if err == nil {
				conn.Close()
			}
			return nil
		case errors.Is(err, net.ErrClosed):
			return fmt.Errorf("accepting connections: %w", err)
		case err != nil: // such as too many open files
			pause = min(max(2*pause, 5*time.Millisecond), maxPause)
			p.options.Log.Warn("cannot accept a connection", "error", err)
			if sleep(accepting, pause) != nil {
				return nil
			}
			continue
		}
		pause = 0
		select {
		case p.places <- struct{}{}:
		default:
			p.state.note(p.options.Log, slog.LevelWarn, "connections are refused: there are as many sessions as there may be", "max", p.options.MaxSessions)
			conn.Close()
			continue
		}
		p.sessions.Go(func() {
			defer func() { <-p.places }()
			defer conn.Close()
			p.session(accepting, cut, conn)
		})
	}
}
