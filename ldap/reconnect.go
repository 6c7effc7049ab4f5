package ldap

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/server"
)

// DefaultReconnectDelay is the wait between two reopenings unless told
// otherwise.
const DefaultReconnectDelay = 2 * time.Second

// reopenTime is the least time that a source has to find another server, among
// which may be some that do not answer, each for [Options.Timeout].
const reopenTime = 30 * time.Second

// leaveDelay is how long a connection that is told to leave, but could not be
// opened elsewhere, stays before that is tried again.
const leaveDelay = 30 * time.Second

// ErrOutcomeUnknown is wrapped by the error of an update whose response did not
// come: it may have taken effect or not. It is not repeated.
var ErrOutcomeUnknown = errors.New("it is unknown whether it took effect")

// errRetired: the session is about to be replaced by another one.
var errRetired = errors.New("the connection is being reopened")

// errLogin: the server does not take the credentials that it, or another one, took
// before.
var errLogin = errors.New("the login is refused")

// login is what is repeated when a connection is opened anew.
type login struct {
	// startTLS is nil unless StartTLS was done.
	startTLS Upgrader
	// bind is the last successful bind, nil without one.
	bind func(context.Context, *session) error
}

// remember changes the login, if the session is still the connection's.
func (c *Connection) remember(s *session, change func(*login)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.session == s {
		change(&c.login)
	}
}

// repeat does what the login has on a new session.
func (l login) repeat(ctx context.Context, s *session) error {
	if l.startTLS != nil {
		if _, err := s.startTLS(ctx, l.startTLS); err != nil {
			return err
		}
	}
	if l.bind == nil {
		return nil
	}
	err := l.bind(ctx, s)
	var refused *ResultError
	if errors.As(err, &refused) && !IsResult(err, message.ResultBusy, message.ResultUnavailable) {
		return server.Final(fmt.Errorf("%w: %w", errLogin, err)) // no other server would take the credentials
	}
	return err
}

// connect opens a session to the next server of the source, and logs in there.
func (c *Connection) connect(ctx context.Context, l login) (*session, error) {
	var s *session
	use, err := c.source.Open(ctx, func(ctx context.Context, srv *server.Server) (err error) {
		var stream io.ReadWriteCloser
		if stream, err = c.dialer.Dial(ctx, srv); err != nil {
			if strings.HasPrefix(err.Error(), srv.URL()+": ") {
				return err // it names the server
			}
			return fmt.Errorf("opening %s: %w", srv, err)
		}
		s = newSession(srv, stream, c.options)
		if err = l.repeat(ctx, s); err != nil {
			s.unbind()
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	s.adopt(use)
	return s, nil
}

// onSession does an operation on the session. It does it again on another one if
// the session has been lost, do says that it may be repeated, and
// [Options.Reconnect] allows. name is the operation's in errors of opening; those
// of do are to have it.
func (c *Connection) onSession(ctx context.Context, name string, do func(*session) (repeat bool, err error)) error {
	left := c.options.Reconnect
	for {
		if ctx.Err() != nil { // what is sent would take effect
			return fmt.Errorf("%s: %w", name, context.Cause(ctx))
		}
		s, err := c.ready(ctx, &left)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		repeat, err := do(s)
		switch {
		case err == nil || !repeat || ctx.Err() != nil:
			return err
		case errors.Is(err, errRetired):
		case left <= 0 || !errors.Is(err, ErrLost) || !s.ending():
			return err
		default:
			<-s.done // the source knows by then
		}
	}
}

// ready returns the session to use. One that is lost is opened anew, at most
// *left times.
func (c *Connection) ready(ctx context.Context, left *int) (*session, error) {
	for {
		s, err := c.open()
		if err != nil {
			return nil, err
		}
		lost := s.ended()
		switch {
		case !lost && !c.leaves(s):
			return s, nil
		case lost && (*left <= 0 || !errors.Is(s.err, ErrLost)):
			return nil, s.err
		case lost:
			if *left < c.options.Reconnect { // not the first time
				if err := pause(ctx, c.options.ReconnectDelay); err != nil {
					return nil, fmt.Errorf("%w: %w", s.err, err)
				}
			}
			*left--
		}
		err = c.reopen(ctx)
		if err == nil || !lost && ctx.Err() == nil { // a session that cannot be replaced goes on
			continue
		}
		if *left <= 0 || ctx.Err() != nil || errors.Is(err, ErrNotOpen) || errors.Is(err, errLogin) {
			return nil, fmt.Errorf("%w, and it could not be opened anew: %w", ErrLost, err)
		}
	}
}

func pause(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// leaves tells whether the session, which is open, is to be replaced by another
// one, or is being replaced.
func (c *Connection) leaves(s *session) bool {
	if c.options.Reconnect <= 0 {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.retired {
		return true
	}
	select {
	case <-s.use.Leave():
		return s.idle() && time.Now().After(s.stays)
	default:
		return false
	}
}

// retire has the session take no more operations, if none is in progress.
func (s *session) retire() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.retired = s.idle()
	return s.retired
}

// stay has it take operations again.
func (s *session) stay() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.retired, s.stays = false, time.Now().Add(leaveDelay)
}

// reopening is the replacement of a session, for all that wait for it.
type reopening struct {
	done    chan struct{}
	err     error // set before done is closed
	waiting int   // guarded by the connection's mu
	cancel  context.CancelFunc
}

// reopen replaces the session, or waits until somebody else has. It goes on
// while anyone waits.
func (c *Connection) reopen(ctx context.Context) error {
	c.mu.Lock()
	r := c.reopening
	if r == nil {
		r = &reopening{done: make(chan struct{})}
		var own context.Context
		own, r.cancel = context.WithCancel(context.WithoutCancel(ctx))
		c.reopening = r
		go c.replace(own, r)
	}
	r.waiting++
	c.mu.Unlock()
	defer func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if r.waiting--; r.waiting == 0 {
			r.cancel()
			c.leave(r)
		}
	}()
	select {
	case <-r.done:
		return r.err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// replace opens a new session in place of the present one.
func (c *Connection) replace(ctx context.Context, r *reopening) {
	defer r.cancel()
	if c.options.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, max(c.options.Timeout, reopenTime))
		defer cancel()
	}
	err := c.lock(ctx)
	if err == nil {
		err = c.replaceLocked(ctx)
		c.unlock()
	}
	c.mu.Lock()
	r.err = err
	c.leave(r)
	c.mu.Unlock()
	close(r.done)
}

// leave has nobody join the reopening any more.
func (c *Connection) leave(r *reopening) {
	if c.reopening == r {
		c.reopening = nil
	}
}

func (c *Connection) replaceLocked(ctx context.Context) error {
	c.mu.Lock()
	old, l := c.session, c.login
	c.mu.Unlock()
	if !old.ended() {
		if !c.leaves(old) || !old.retire() {
			return nil // it has been replaced, or is in use
		}
	} else if !errors.Is(old.err, ErrLost) {
		return old.err
	}
	s, err := c.connect(ctx, l)
	if err != nil {
		old.stay()
		return err
	}
	if !c.set(s) {
		s.unbind()
		return ErrNotOpen
	}
	old.unbind()
	return nil
}

// set makes a new session the connection's, unless that has been closed.
func (c *Connection) set(s *session) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.closed {
		c.session = s
	}
	return !c.closed
}

// stopReopening ends a reopening in progress, and waits a moment for it.
func (c *Connection) stopReopening() {
	c.mu.Lock()
	r := c.reopening
	c.mu.Unlock()
	if r == nil {
		return
	}
	r.cancel()
	late := time.NewTimer(unbindTime)
	defer late.Stop()
	select {
	case <-r.done:
	case <-late.C:
	}
}

// lock waits until nobody else opens the connection.
func (c *Connection) lock(ctx context.Context) error {
	select {
	case c.opening <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (c *Connection) unlock() { <-c.opening }
