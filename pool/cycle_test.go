package pool

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ldapedge/ldapedge/server"
)

func TestCyclesAreTenSecondsApart(t *testing.T) {
	for _, s := range strategies {
		synctest.Test(t, func(t *testing.T) {
			p := newPool(t, s, 2, &Options{Active: 3})
			tr := newTrial("s0", "s1")
			_, err := p.Open(t.Context(), tr.try)
			if want := []time.Duration{0, 0, 10 * time.Second, 10 * time.Second, 20 * time.Second, 20 * time.Second}; !slices.Equal(tr.at, want) {
				t.Errorf("%s: tries at %v, want %v", s, tr.at, want)
			}
			for i := 0; i < len(tr.tried); i += 2 {
				if tr.tried[i] == tr.tried[i+1] {
					t.Errorf("%s: %q in one cycle", s, tr.tried[i:i+2])
				}
			}
			if took := time.Since(tr.start); took != 20*time.Second {
				t.Errorf("%s: the error comes after %v, want 20 s: there is no wait after the last cycle", s, took)
			}
			if want := "pool exhausted after 3 cycles: ldap://s0:389: s0: connection refused; ldap://s1:389: s1: connection refused"; err == nil || err.Error() != want {
				t.Errorf("%s: %v\nwant %s", s, err, want)
			}
			var exhausted *ExhaustedError
			if !errors.Is(err, ErrExhausted) || !errors.Is(err, errRefused) || !errors.As(err, &exhausted) || len(exhausted.Causes) != 2 {
				t.Errorf("%s: error %#v", s, err)
			}
		})
	}
}

func TestForeverEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPool(t, Random, 2, nil)
		const almost = time.Hour - time.Second
		ctx, cancel := context.WithTimeout(t.Context(), almost)
		defer cancel()
		tr := newTrial("s0", "s1")
		_, err := p.Open(ctx, tr.try)
		if !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, errRefused) {
			t.Errorf("error %v", err)
		}
		if took := time.Since(tr.start); took != almost || len(tr.tried) != 720 {
			t.Errorf("%d tries in %v, want 720 in almost an hour", len(tr.tried), took)
		}
	})
}

func TestLoopTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPool(t, First, 1, &Options{LoopTimeout: 300 * time.Millisecond})
		begin := time.Now()
		_, err := p.Open(t.Context(), func(context.Context, *server.Server) error {
			if time.Since(begin) < time.Second {
				return errRefused
			}
			return nil
		})
		if took := time.Since(begin); err != nil || took != 1200*time.Millisecond {
			t.Errorf("error %v after %v, want success after 1.2 s", err, took)
		}
	})
}

func TestInactiveRemembersNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPool(t, First, 2, &Options{Active: Inactive})
		tr := newTrial("s0")
		for range 3 {
			if got := tr.open(t.Context(), p); got != "s1" {
				t.Errorf("opened %s", got)
			}
		}
		if want := []string{"s0", "s1", "s0", "s1", "s0", "s1"}; !slices.Equal(tr.tried, want) {
			t.Errorf("tried %q, want %q", tr.tried, want)
		}
		tr.dead["s1"] = true
		_, err := p.Open(t.Context(), tr.try)
		if !errors.Is(err, ErrExhausted) || time.Since(tr.start) != 0 {
			t.Errorf("error %v after %v", err, time.Since(tr.start))
		}
		if st := p.State().Members[0]; st.State != Up {
			t.Errorf("state %+v", st)
		}
	})
}

func TestExhaustForever(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPool(t, First, 2, &Options{Exhaust: ExhaustForever})
		tr := newTrial("s0")
		if got := tr.open(t.Context(), p); got != "s1" {
			t.Fatalf("opened %s", got)
		}
		tr.dead["s0"] = false
		time.Sleep(24 * time.Hour)
		if got := tr.open(t.Context(), p); got != "s1" {
			t.Errorf("opened %s, want s1: s0 stays out", got)
		}
		tr.dead["s1"] = true
		begin := time.Now()
		_, err := p.Open(t.Context(), tr.try)
		if !errors.Is(err, ErrExhausted) || time.Since(begin) != 0 {
			t.Errorf("error %v after %v, want one at once", err, time.Since(begin))
		}
		if _, err := p.Pick(); !errors.Is(err, ErrExhausted) {
			t.Errorf("a pick has the error %v", err)
		}
		if st := p.State().Members[0]; st.State != Exhausted || !st.Until.IsZero() {
			t.Errorf("state %+v", st)
		}
		if err := p.Add(Member{Server: newServer(t, "s2")}); err != nil {
			t.Fatal(err)
		}
		if got := tr.open(t.Context(), p); got != "s0" {
			t.Errorf("opened %s, want s0: a new member gives all another chance", got)
		}
		fail(p, p.Servers()[0], errRefused)
		if err := p.Remove(newServer(t, "s2")); err != nil {
			t.Fatal(err)
		}
		if got := tr.open(t.Context(), p); got != "s0" {
			t.Errorf("opened %s, want s0: so does a removed one", got)
		}
	})
}

func TestExhaustSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPool(t, First, 2, &Options{Exhaust: Exhaust(30 * time.Second)})
		tr := newTrial("s0")
		var got []string
		for range 7 {
			got = append(got, tr.open(t.Context(), p))
			time.Sleep(10 * time.Second)
		}
		if want := []string{"s0", "s1", "s1", "s1", "s0", "s1", "s1", "s1", "s0", "s1"}; !slices.Equal(tr.tried, want) {
			t.Errorf("tried %q, want %q: s0 again after 30 s", tr.tried, want)
		}
		if !slices.Equal(got, []string{"s1", "s1", "s1", "s1", "s1", "s1", "s1"}) {
			t.Errorf("opened %q", got)
		}
		// With both out cycles go by until one is let in again.
		fail(p, p.Servers()[1], errRefused)
		tr.dead["s0"] = false
		begin := time.Now()
		if got := tr.open(t.Context(), p); got != "s0" || time.Since(begin) != 20*time.Second {
			t.Errorf("opened %s after %v, want s0 after 20 s", got, time.Since(begin))
		}
	})
}

// With exhaust, quarantined last is not the rule: those out are not tried.
func TestExhaustedAreNotTriedLast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPool(t, First, 2, &Options{Active: 2, Exhaust: ExhaustForever})
		fail(p, p.Servers()[0], errRefused)
		tr := newTrial("s1")
		_, err := p.Open(t.Context(), tr.try)
		if want := "pool exhausted: ldap://s0:389: connection refused; ldap://s1:389: s1: connection refused"; err == nil || err.Error() != want {
			t.Errorf("%v\nwant %s", err, want)
		}
		if !slices.Equal(tr.tried, []string{"s1"}) {
			t.Errorf("tried %q", tr.tried)
		}
	})
}

func TestAddEndsTheWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPool(t, First, 1, &Options{Active: 2})
		time.AfterFunc(3*time.Second, func() {
			if err := p.Add(Member{Server: newServer(t, "new")}); err != nil {
				t.Error(err)
			}
		})
		tr := newTrial("s0")
		if got := tr.open(t.Context(), p); got != "new" || time.Since(tr.start) != 3*time.Second {
			t.Errorf("opened %s after %v, want new after 3 s", got, time.Since(tr.start))
		}
	})
	// One that fails leaves the next cycle where it was.
	synctest.Test(t, func(t *testing.T) {
		p := newPool(t, First, 1, &Options{Active: 2})
		time.AfterFunc(3*time.Second, func() {
			if err := p.Add(Member{Server: newServer(t, "new")}); err != nil {
				t.Error(err)
			}
		})
		tr := newTrial("s0", "new")
		tr.open(t.Context(), p)
		want := []time.Duration{0, 3 * time.Second, 10 * time.Second, 10 * time.Second}
		if !slices.Equal(tr.at, want) || time.Since(tr.start) != 10*time.Second {
			t.Errorf("tries at %v, want %v", tr.at, want)
		}
	})
}

func TestRemovalOfTheLastEndsTheWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPool(t, First, 1, nil)
		time.AfterFunc(3*time.Second, func() {
			if err := p.Remove(p.Servers()[0]); err != nil {
				t.Error(err)
			}
		})
		tr := newTrial("s0")
		if _, err := p.Open(t.Context(), tr.try); !errors.Is(err, ErrEmpty) || time.Since(tr.start) != 3*time.Second {
			t.Errorf("error %v after %v", err, time.Since(tr.start))
		}
	})
}

// Each cycle begins at the beginning, also in pools within.
func TestCyclesBeginAtTheBeginning(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := mustPool(t, []Member{{Pool: newPoolOf(t, First, "a1", "a2")}, {Pool: newPoolOf(t, First, "b1", "b2")}},
			options(First, &Options{Active: 2, Exhaust: Exhaust(time.Second)}))
		tr := newTrial("a1", "a2", "b1", "b2")
		tr.open(t.Context(), p)
		if want := []string{"a1", "a2", "b1", "b2", "a1", "a2", "b1", "b2"}; !slices.Equal(tr.tried, want) {
			t.Errorf("tried %q, want %q", tr.tried, want)
		}
	})
}
