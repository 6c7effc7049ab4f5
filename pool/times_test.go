package pool

import (
	"context"
	"math"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ldapedge/ldapedge/server"
)

const huge = time.Duration(math.MaxInt64)

// The longest times there are mean for ever, and not at once.
func TestTheLongestTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Second)
		p := newPool(t, First, 1, &Options{LoopTimeout: huge})
		time.Sleep(time.Second)
		tr := newTrial("s0")
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		tries := 0
		_, err := p.Open(ctx, func(ctx context.Context, s *server.Server) error {
			if tries++; tries > 10 {
				cancel()
			}
			return tr.try(ctx, s)
		})
		if tries != 1 {
			t.Errorf("%d tries, want 1: %v", tries, err)
		}
	})
	for _, o := range []*Options{{Quarantine: huge}, {Quarantine: time.Hour, MaxQuarantine: huge}, {Exhaust: Exhaust(huge)}, {Exhaust: Exhaust(huge), Checks: Checks{Interval: huge, DownInterval: huge}}} {
		synctest.Test(t, func(t *testing.T) {
			p := newPool(t, First, 2, o)
			time.Sleep(time.Second)
			fail(p, p.Servers()[0], errRefused)
			time.Sleep(time.Minute)
			if st := p.State().Members[0]; st.State != Quarantined && st.State != Exhausted {
				t.Errorf("%+v: %+v", o, st)
			}
		})
	}
	synctest.Test(t, func(t *testing.T) {
		p := newPool(t, First, 2, &Options{SlowStart: huge})
		time.Sleep(time.Second)
		fail(p, p.Servers()[0], errRefused)
		time.Sleep(time.Hour)
		if st := p.State().Members[0]; st.State != Probation {
			t.Errorf("%+v", st)
		}
		succeed(p, p.Servers()[0])
		if p.core.Load().m.slowUntil < time.Hour {
			t.Errorf("slow start is over at %v", p.core.Load().m.slowUntil)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		p := newPool(t, First, 2, &Options{ReturnHome: huge})
		time.Sleep(time.Second)
		fail(p, p.Servers()[0], errRefused)
		use, err := p.Open(t.Context(), works)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Hour)
		defer cancel()
		if err := p.Run(ctx); err != nil {
			t.Fatal(err)
		}
		select {
		case <-use.Leave():
			t.Error("it is called home")
		default:
		}
	})
}
