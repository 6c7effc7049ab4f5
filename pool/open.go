package pool

import (
	"context"
	"errors"
	"time"

	"github.com/ldapedge/ldapedge/server"
)

const (
	// leastShare is the least time that a try gets, if the context has it.
	leastShare = 2 * time.Second
	// blame is how long a try must have lasted for the server to be at fault when
	// the context's time is up: one that was begun just before says nothing.
	blame = time.Second
)

// source is what [Pool] and [server.Server] are to a connection.
type source interface {
	Open(ctx context.Context, try server.Try) (*server.Use, error)
}

var (
	_ source = (*Pool)(nil)
	_ source = (*server.Server)(nil)
)

// Open tries servers until one can be opened, and returns the use of it: the
// caller closes the use when the connection is closed. What try returns is the
// server's failure, unless it is [server.Final]: that is returned as it is. The
// other errors are [ErrEmpty]; an [*ExhaustedError]; a [*CanceledError], or the
// context's own error if nothing was tried.
func (p *Pool) Open(ctx context.Context, try server.Try) (*server.Use, error) {
	var o Opening
	for {
		if err := ctx.Err(); err != nil {
			return nil, p.canceled(&o, err)
		}
		d, share, wait, wake := p.next(ctx, &o)
		if d.Err != nil {
			return nil, d.Err
		}
		if d.Server == nil {
			sleep(ctx, wait, wake)
			continue
		}
		use, done, err := p.try(ctx, &o, d.Server, share, try)
		if done {
			return use, err
		}
	}
}

// next returns what to do next: a server and its share of the time, or how
// long to wait and what ends the wait early.
func (p *Pool) next(ctx context.Context, o *Opening) (d Decision, share, wait time.Duration, wake <-chan struct{}) {
	c := p.lock()
	defer c.unlock()
	o.within = p.group
	now := c.now()
	d = c.m.Next(o, now)
	if d.Server != nil {
		if deadline, ok := ctx.Deadline(); ok {
			rest := time.Until(deadline)
			if share = max(rest/time.Duration(c.m.Left(o)), leastShare); share >= rest {
				share = 0
			}
		}
	} else if d.Err == nil {
		if c.wake == nil {
			c.wake = make(chan struct{})
		}
		wait, wake = d.At-now, c.wake
	}
	return d, share, wait, wake
}

func sleep(ctx context.Context, d time.Duration, wake <-chan struct{}) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	case <-wake:
	}
}

// try tries one server, in its share of the time if that is not 0, and tells
// whether the opening is done.
func (p *Pool) try(ctx context.Context, o *Opening, s *server.Server, share time.Duration, try server.Try) (use *server.Use, done bool, err error) {
	reported := false
	defer func() {
		if !reported { // try panicked
			c := p.lock()
			c.m.Dropped(o, nil)
			c.unlock()
		}
	}()
	err = limited(ctx, s, share, try)
	reported = true
	c := p.lock()
	defer c.unlock()
	if err == nil {
		return p.opened(c, o), true, nil
	}
	if cause, final := server.IsFinal(err); final {
		c.m.Dropped(o, nil)
		return nil, true, cause
	}
	now := c.now()
	switch ended := ctx.Err(); {
	case ended == nil:
		c.m.Failed(o, now, err)
		return nil, false, nil
	case errors.Is(ended, context.DeadlineExceeded) && now-o.began >= blame:
		c.m.Failed(o, now, err)
		return nil, true, &CanceledError{ended, c.m.causes(o)}
	default:
		c.m.Dropped(o, err)
		return nil, true, &CanceledError{ended, c.m.causes(o)}
	}
}

func limited(ctx context.Context, s *server.Server, share time.Duration, try server.Try) error {
	if share > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, share)
		defer cancel()
	}
	return try(ctx, s)
}

func (p *Pool) opened(c *core, o *Opening) *server.Use {
	h := &Hold{leave: make(chan struct{})}
	s := o.current.server
	c.m.opened(o, h, c.now())
	failed := func(err error) {
		c := p.lock()
		c.m.Lost(h, c.now(), err)
		c.unlock()
	}
	closed := func() {
		c := p.lock()
		c.m.Closed(h)
		c.unlock()
	}
	return server.NewUse(s, h.leave, failed, closed)
}

func (p *Pool) canceled(o *Opening, err error) error {
	c := p.lock()
	defer c.unlock()
	if causes := c.m.causes(o); causes != nil {
		return &CanceledError{err, causes}
	}
	return err
}
