package pool

import (
	"context"
	"sync"
	"time"
)

// Run does the pool's background work until the context ends: the checks of
// Options.Checks, and calling connections home. It returns nil when all that it
// began has ended, so a probe must heed its context. It is called for the
// outermost pool, and once at a time; else the error is an [*Error].
func (p *Pool) Run(ctx context.Context) error {
	c := p.lock()
	var err error
	switch {
	case c.m.root != p.group:
		err = wrong("run", string(p.group.strategy), "is for the outermost pool alone")
	case c.running:
		err = wrong("run", string(p.group.strategy), "runs already")
	default:
		c.running = true
	}
	c.unlock()
	if err != nil {
		return err
	}
	var checks sync.WaitGroup
	defer func() {
		checks.Wait()
		c.mu.Lock()
		c.running = false
		c.mu.Unlock()
	}()
	free := make(chan struct{}, c.m.o.Checks.Concurrency)
	for ctx.Err() == nil {
		check, wait := c.plan(len(free) < cap(free))
		if check == nil {
			sleep(ctx, wait, c.replan)
			continue
		}
		free <- struct{}{}
		checks.Go(func() {
			c.check(ctx, check)
			<-free
			select {
			case c.replan <- struct{}{}:
			default:
			}
		})
	}
	return nil
}

// plan returns a check to be made, or for how long there is nothing to do.
func (c *core) plan(free bool) (*Check, time.Duration) {
	c.mu.Lock()
	defer c.unlock()
	now := c.now()
	c.m.advance(now)
	at := c.m.due
	if free && c.m.o.Checks.Probe != nil {
		check, next := c.m.NextCheck(now)
		if check != nil {
			return check, 0
		}
		at = min(at, next)
	}
	return nil, at - now
}

func (c *core) check(ctx context.Context, check *Check) {
	within, cancel := context.WithTimeout(ctx, c.m.o.Checks.Timeout)
	defer cancel()
	reported := false
	defer func() {
		if !reported { // the probe panicked
			c.mu.Lock()
			c.m.CheckDropped(check)
			c.unlock()
		}
	}()
	err := c.m.o.Checks.Probe(within, check.Server())
	reported = true
	c.mu.Lock()
	defer c.unlock()
	if err != nil && ctx.Err() != nil {
		c.m.CheckDropped(check)
		return
	}
	c.m.Checked(check, c.now(), err)
}
