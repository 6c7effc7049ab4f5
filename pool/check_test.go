package pool

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ldapedge/ldapedge/server"
)

// prober notes when which host was probed.
type prober struct {
	mu     sync.Mutex
	start  time.Time
	dead   map[string]bool
	probes map[string][]time.Duration
	lasts  time.Duration
	now    int
	most   int
}

func newProber() *prober {
	return &prober{start: time.Now(), dead: map[string]bool{}, probes: map[string][]time.Duration{}}
}

func (p *prober) probe(ctx context.Context, s *server.Server) error {
	p.mu.Lock()
	p.probes[s.Host()] = append(p.probes[s.Host()], time.Since(p.start))
	p.now++
	p.most = max(p.most, p.now)
	p.mu.Unlock()
	select {
	case <-ctx.Done():
	case <-time.After(p.lasts):
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.now--
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if p.dead[s.Host()] {
		return errRefused
	}
	return nil
}

func (p *prober) set(host string, dead bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.dead[host] = dead
}

func (p *prober) count(host string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.probes[host])
}

// run runs the pool's background work until the returned function is called,
// which waits for its end.
func run(t *testing.T, p *Pool) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- p.Run(ctx) }()
	return func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

func within(t *testing.T, what string, times []time.Duration, least, most time.Duration) {
	t.Helper()
	for i := 1; i < len(times); i++ {
		if d := times[i] - times[i-1]; d < least || d > most {
			t.Errorf("%s: %v between two checks, want %v to %v", what, d, least, most)
		}
	}
}

func TestCheckIntervals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pr := newProber()
		p := newPool(t, First, 20, &Options{Checks: Checks{Probe: pr.probe}})
		pr.set("s1", true)
		stop := run(t, p)
		time.Sleep(10 * time.Minute)
		stop()
		firsts := map[time.Duration]bool{}
		for host, times := range pr.probes {
			firsts[times[0]] = true
			if times[0] > 5*time.Second {
				t.Errorf("%s: the first check comes after %v", host, times[0])
			}
			if host == "s1" {
				within(t, host, times, 4*time.Second, 6*time.Second)
			} else {
				within(t, host, times, 24*time.Second, 36*time.Second)
			}
		}
		if len(pr.probes) != 20 || len(firsts) < 15 {
			t.Errorf("%d servers were checked, first at %d times", len(pr.probes), len(firsts))
		}
		if st := p.State().Members[0]; st.LastCheck.IsZero() || st.State != Up {
			t.Errorf("state %+v", st)
		}
	})
}

func TestFallAndRise(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pr := newProber()
		p := newPool(t, First, 2, &Options{
			Checks:     Checks{Probe: pr.probe, Interval: time.Second, DownInterval: time.Second},
			Quarantine: 100 * time.Second,
		})
		stop := run(t, p)
		defer stop()
		state := func() Health { return p.State().Members[0].State }
		// until returns how many checks it takes.
		until := func(want Health) int {
			begin := pr.count("s0")
			for state() != want {
				time.Sleep(time.Millisecond)
			}
			return pr.count("s0") - begin
		}
		time.Sleep(5 * time.Second)
		pr.set("s0", true)
		if n := until(Quarantined); n != 3 {
			t.Errorf("out after %d failed checks, want 3", n)
		}
		pr.set("s0", false)
		if n := until(Up); n != 2 {
			t.Errorf("back after %d successful checks, want 2", n)
		}
	})
}

// Where all are out, the first success brings one back, and whoever waits for the
// next cycle tries it at once.
func TestWhoWaitsHearsOfASuccess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pr := newProber()
		p := newPool(t, First, 2, &Options{Checks: Checks{Probe: pr.probe, DownInterval: time.Second}, LoopTimeout: time.Hour})
		pr.set("s0", true)
		pr.set("s1", true)
		stop := run(t, p)
		defer stop()
		var tried []string
		opened := make(chan error)
		go func() {
			_, err := p.Open(t.Context(), func(_ context.Context, s *server.Server) error {
				tried = append(tried, s.Host())
				return pr.probe(t.Context(), s)
			})
			opened <- err
		}()
		time.Sleep(10 * time.Second)
		begin := time.Now()
		pr.set("s1", false)
		if err := <-opened; err != nil || time.Since(begin) > 1200*time.Millisecond || !slices.Equal(tried, []string{"s0", "s1", "s1"}) {
			t.Errorf("after %v, tried %v: %v", time.Since(begin), tried, err)
		}
	})
}

// One that was never well is back with its first success.
func TestFirstSuccessIsEnoughAtStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pr := newProber()
		p := newPool(t, First, 1, &Options{Checks: Checks{Probe: pr.probe}})
		fail(p, p.Servers()[0], errRefused)
		stop := run(t, p)
		defer stop()
		time.Sleep(6 * time.Second)
		if st := p.State().Members[0]; st.State != Up || pr.count("s0") != 1 {
			t.Errorf("%s after %d checks", st.State, pr.count("s0"))
		}
	})
}

// On probation one failed check is enough.
func TestCheckFailsOnProbation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pr := newProber()
		pr.set("s0", true)
		p := newPool(t, First, 1, &Options{Checks: Checks{Probe: pr.probe, DownInterval: 20 * time.Second}})
		stop := run(t, p)
		defer stop()
		fail(p, p.Servers()[0], errRefused)
		time.Sleep(time.Until(p.State().Members[0].Until))
		if st := p.State().Members[0]; st.State != Probation {
			t.Fatalf("state %+v", st)
		}
		time.Sleep(24 * time.Second)
		if st := p.State().Members[0]; st.State != Quarantined || st.Quarantines != 2 {
			t.Errorf("state %+v after %d checks", st, pr.count("s0"))
		}
	})
}

// With exhaust a check lets nobody in.
func TestChecksAndExhaust(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pr := newProber()
		pr.set("s1", true)
		p := newPool(t, First, 2, &Options{Exhaust: ExhaustForever, Checks: Checks{Probe: pr.probe}})
		stop := run(t, p)
		defer stop()
		fail(p, p.Servers()[0], errRefused)
		time.Sleep(time.Hour)
		for _, st := range p.State().Members {
			if st.State != Exhausted {
				t.Errorf("%s is %s, want exhausted", st.URL, st.State)
			}
		}
	})
}

func TestChecksAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pr := newProber()
		pr.lasts = time.Hour // longer than the checks may
		p := newPool(t, First, 30, &Options{Checks: Checks{Probe: pr.probe, Concurrency: 3, Timeout: 2 * time.Second}})
		stop := run(t, p)
		time.Sleep(time.Minute)
		pr.mu.Lock()
		if pr.most != 3 {
			t.Errorf("%d checks at once, want 3", pr.most)
		}
		pr.mu.Unlock()
		if st := p.State().Members[0]; st.LastError != context.DeadlineExceeded.Error() {
			t.Errorf("state %+v", st)
		}
		errs := p.State()
		stop() // ends those that are running, and marks none for it
		if pr.now != 0 {
			t.Errorf("%d checks are left", pr.now)
		}
		for i, st := range p.State().Members {
			if st.Failures != errs.Members[i].Failures {
				t.Errorf("%s has %d failures, had %d before the end", st.URL, st.Failures, errs.Members[i].Failures)
			}
		}
	})
}

func TestRunOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPool(t, First, 1, nil)
		stop := run(t, p)
		synctest.Wait()
		var own *Error
		if err := p.Run(t.Context()); !errors.As(err, &own) || own.Reason != "runs already" {
			t.Errorf("error %v", err)
		}
		stop()
		run(t, p)()
	})
}

// A server that is added is checked, one that is removed no more.
func TestChecksFollowTheMembers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pr := newProber()
		p := newPool(t, First, 1, &Options{Checks: Checks{Probe: pr.probe}})
		stop := run(t, p)
		defer stop()
		time.Sleep(time.Minute)
		gone := p.Servers()[0]
		if err := p.Remove(gone); err != nil {
			t.Fatal(err)
		}
		if err := p.Add(Member{Server: newServer(t, "new")}); err != nil {
			t.Fatal(err)
		}
		before := pr.count("s0")
		time.Sleep(time.Minute)
		if pr.count("new") < 2 || pr.count("s0") != before {
			t.Errorf("%d checks of the new one, %d of the old one after it was removed", pr.count("new"), pr.count("s0")-before)
		}
	})
}

// Run ends after all that it began.
func TestRunWaitsForItsChecks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var running atomic.Int32
		p := newPool(t, First, 5, &Options{Checks: Checks{DownInterval: time.Second, Probe: func(context.Context, *server.Server) error {
			running.Add(1)
			defer running.Add(-1)
			time.Sleep(4 * time.Second)
			return nil
		}}})
		stop := run(t, p)
		time.Sleep(2 * time.Second)
		if n := running.Load(); n != 5 {
			t.Errorf("%d checks run, want 5", n)
		}
		stop()
		if n := running.Load(); n != 0 {
			t.Errorf("%d checks run after the end", n)
		}
	})
}

// checkNow has a machine hear of a check of its first server; others are well.
func checkNow(t *testing.T, m *Machine, now *time.Duration, err error) Health {
	t.Helper()
	first := m.root.list()[0]
	for *now += 6 * time.Second; ; {
		c, at := m.NextCheck(*now)
		switch {
		case c == nil:
			*now = at
		case c.Server() != first:
			m.Checked(c, *now, nil)
		default:
			m.Checked(c, *now, err)
			return m.State(*now, time.Time{}).Members[0].State
		}
	}
}

// Fall and rise count what comes in a row.
func TestFallAndRiseInARow(t *testing.T) {
	m, err := NewMachine(Servers(newServer(t, "a"), newServer(t, "b")), options(First, &Options{Quarantine: time.Hour}))
	if err != nil {
		t.Fatal(err)
	}
	var now time.Duration
	for i, step := range []struct {
		err  error
		want Health
	}{
		{nil, Up}, {errRefused, Up}, {errRefused, Up}, {nil, Up}, {errRefused, Up}, {errRefused, Up}, {errRefused, Quarantined},
		{nil, Quarantined}, {errRefused, Quarantined}, {nil, Quarantined}, {nil, Up}, {errRefused, Up},
	} {
		if got := checkNow(t, m, &now, step.err); got != step.want {
			t.Errorf("after check %d it is %s, want %s", i, got, step.want)
		}
	}
}

// What began before a server was taken out says nothing about it since.
func TestWhatBeganBeforeIsOld(t *testing.T) {
	m, err := NewMachine(Servers(newServer(t, "a")), options(First, nil))
	if err != nil {
		t.Fatal(err)
	}
	state := func(now time.Duration) Health { return m.State(now, time.Time{}).Members[0].State }
	check, _ := m.NextCheck(0)
	if check == nil {
		check, _ = m.NextCheck(6 * time.Second)
	}
	const start = 6 * time.Second
	var first, second, third Opening
	m.Next(&first, start)
	m.Next(&second, start)
	m.Next(&third, start)
	m.Failed(&first, start, errRefused)
	m.Opened(&second, start)
	m.Checked(check, start, nil) // the first success would be enough
	if got := state(start); got != Quarantined {
		t.Errorf("it is %s, want quarantined", got)
	}
	later := start + 40*time.Second
	if got := state(later); got != Probation {
		t.Errorf("it is %s, want probation", got)
	}
	m.Failed(&third, later, errRefused)
	if got := state(later); got != Probation {
		t.Errorf("an old failure makes it %s", got)
	}
}
