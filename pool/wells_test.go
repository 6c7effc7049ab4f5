package pool

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ldapedge/ldapedge/server"
)

// A server that is seen well while another one is tried is not forgotten.
func TestWellWhileAnotherIsTried(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPool(t, First, 2, nil)
		s0 := p.Servers()[0]
		time.AfterFunc(3*time.Second, func() { succeed(p, s0) })
		begin := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 9*time.Second)
		defer cancel()
		use, err := p.Open(ctx, func(_ context.Context, s *server.Server) error {
			if s != s0 {
				time.Sleep(4 * time.Second)
				return errRefused
			}
			if time.Since(begin) < 3*time.Second {
				return errRefused
			}
			return nil
		})
		if err != nil || use.Server() != s0 || time.Since(begin) != 4*time.Second {
			t.Errorf("%v after %v", err, time.Since(begin))
		}
	})
}

// One that is seen well while it is itself tried is tried once more.
func TestWellWhileItIsTried(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPool(t, First, 1, nil)
		s0 := p.Servers()[0]
		fail(p, s0, errRefused)
		time.AfterFunc(3*time.Second, func() { succeed(p, s0) })
		begin := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 9*time.Second)
		defer cancel()
		_, err := p.Open(ctx, func(_ context.Context, s *server.Server) error {
			if time.Since(begin) < 3*time.Second {
				time.Sleep(4 * time.Second) // a server that did not answer when it began
				return errRefused
			}
			return nil
		})
		if err != nil || time.Since(begin) != 4*time.Second {
			t.Errorf("%v after %v", err, time.Since(begin))
		}
	})
}

// A server on probation that is seen well ends the wait too.
func TestProbationEndsTheWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPool(t, First, 1, &Options{LoopTimeout: 10 * time.Minute})
		s0 := p.Servers()[0]
		time.AfterFunc(time.Minute, func() {
			if st := p.State().Members[0].State; st != Probation {
				t.Errorf("it is %s", st)
			}
			succeed(p, s0)
		})
		begin := time.Now()
		_, err := p.Open(t.Context(), func(_ context.Context, s *server.Server) error {
			if time.Since(begin) < time.Minute {
				return errRefused
			}
			return nil
		})
		if err != nil || time.Since(begin) != time.Minute {
			t.Errorf("%v after %v", err, time.Since(begin))
		}
	})
}
