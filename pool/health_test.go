package pool

import (
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// The times out of a server that fails whenever it is let in again.
func TestQuarantineGrows(t *testing.T) {
	for seed := range uint64(20) {
		synctest.Test(t, func(t *testing.T) {
			p := newPool(t, First, 1, &Options{Rand: rand.New(rand.NewPCG(seed, 0))})
			for n := 1; n <= 13; n++ {
				begin := time.Now()
				fail(p, p.Servers()[0], errRefused)
				st := p.State().Members[0]
				mid := min(time.Duration(n)*30, 300) * time.Second
				if out := st.Until.Sub(begin); out < mid*8/10 || out > mid*12/10 {
					t.Errorf("time %d: out for %v, want %v within a fifth", n, out, mid)
				}
				if st.Quarantines != min(n, 10) || st.State != Quarantined {
					t.Errorf("time %d: %+v", n, st)
				}
				time.Sleep(time.Until(st.Until) - 1)
				if got := p.State().Members[0].State; got != Quarantined {
					t.Errorf("time %d: %s just before it is over", n, got)
				}
				time.Sleep(time.Nanosecond)
				if got := p.State().Members[0].State; got != Probation {
					t.Errorf("time %d: %s when it is over, want probation", n, got)
				}
			}
		})
	}
}

func TestQuarantineIsSpread(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPool(t, First, 500, nil)
		begin := time.Now()
		var outs []time.Duration
		for _, s := range p.Servers() {
			fail(p, s, errRefused)
		}
		for _, st := range p.State().Members {
			outs = append(outs, st.Until.Sub(begin))
		}
		least, most := slices.Min(outs), slices.Max(outs)
		if least > 24500*time.Millisecond || most < 35500*time.Millisecond {
			t.Errorf("500 servers are out from %v to %v, want 24 to 36 s", least, most)
		}
	})
}

// Half a minute of health takes one time away.
func TestQuarantineDecays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPool(t, First, 1, nil)
		s := p.Servers()[0]
		for range 5 {
			fail(p, s, errRefused)
			time.Sleep(time.Until(p.State().Members[0].Until))
		}
		time.Sleep(time.Hour) // on probation nothing is known to be well
		if got := p.State().Members[0].Quarantines; got != 5 {
			t.Errorf("%d times in a row after an hour on probation, want 5", got)
		}
		newTrial().open(t.Context(), p)
		for i, want := range []int{5, 4, 3, 2, 1, 0, 0} {
			if got := p.State().Members[0].Quarantines; got != want {
				t.Errorf("after %d s of health %d times in a row, want %d", 30*i, got, want)
			}
			if i == 3 {
				time.Sleep(29 * time.Second)
				if got := p.State().Members[0].Quarantines; got != 2 {
					t.Errorf("after 119 s of health %d times in a row, want 2", got)
				}
				time.Sleep(time.Second)
				continue
			}
			time.Sleep(30 * time.Second)
		}
		fail(p, s, errRefused)
		if got := p.State().Members[0].Quarantines; got != 1 {
			t.Errorf("%d times in a row, want 1", got)
		}
	})
}

// None is refused for being quarantined: they come last, the soonest back first.
func TestQuarantinedAreTriedLast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPool(t, First, 4, nil)
		s := p.Servers()
		fail(p, s[1], errRefused)
		time.Sleep(13 * time.Second) // more than the jitter of both
		fail(p, s[0], errRefused)
		tr := newTrial("s0", "s1", "s2", "s3")
		tr.dead["s0"] = false
		if got := tr.open(t.Context(), p); got != "s0" {
			t.Errorf("opened %s", got)
		}
		if want := []string{"s2", "s3", "s1", "s0"}; !slices.Equal(tr.tried, want) {
			t.Errorf("tried %q, want %q", tr.tried, want)
		}
		if st := p.State().Members[0]; st.State != Up {
			t.Errorf("s0 was opened and is %s", st.State)
		}
	})
}

// A failure of one that was tried last does not prolong its time out.
func TestFailureWhileOutProlongsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPool(t, First, 1, &Options{Active: 1})
		tr := newTrial("s0")
		tr.open(t.Context(), p)
		until := p.State().Members[0].Until
		tr.open(t.Context(), p)
		st := p.State().Members[0]
		if st.Until != until || st.Quarantines != 1 || st.Failures != 2 {
			t.Errorf("state %+v, want it to be out until %v", st, until)
		}
	})
}

func TestSlowStart(t *testing.T) {
	for _, s := range []Strategy{RoundRobin, Random, Weighted} {
		synctest.Test(t, func(t *testing.T) {
			const window = 100 * time.Second
			p := newPool(t, s, 2, &Options{SlowStart: window})
			if _, counts := picks(t, p, 10000); counts["s0"] < 4800 || counts["s0"] > 5200 {
				t.Errorf("%s: at first start s0 has %d of 10,000", s, counts["s0"])
			}
			fail(p, p.Servers()[0], errRefused)
			time.Sleep(time.Until(p.State().Members[0].Until))
			back := time.Now()
			succeed(p, p.Servers()[0])
			if got := p.State().Members[0].State; got != SlowStart {
				t.Errorf("%s: s0 is %s, want slowStart", s, got)
			}
			for _, share := range []struct {
				after time.Duration
				want  float64
			}{{0, 0.1}, {5 * time.Second, 0.1}, {50 * time.Second, 0.5}, {90 * time.Second, 0.9}, {window, 1}} {
				time.Sleep(time.Until(back.Add(share.after)))
				_, counts := picks(t, p, 10000)
				got, than := float64(counts["s0"]), float64(counts["s1"])
				if s == Random { // what the server declines, the other one has beside its own
					than = 5000
				}
				if got /= than; got < share.want-0.04 || got > share.want+0.04 {
					t.Errorf("%s: after %v it takes %.2f of what s1 does, want %.2f", s, share.after, got, share.want)
				}
			}
			if got := p.State().Members[0].State; got != Up {
				t.Errorf("%s: s0 is %s in the end", s, got)
			}
		})
	}
}

// A server alone takes all, slow start or not.
func TestSlowStartRefusesNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPool(t, First, 1, &Options{SlowStart: time.Hour})
		fail(p, p.Servers()[0], errRefused)
		time.Sleep(time.Minute)
		if _, counts := picks(t, p, 100); counts["s0"] != 100 {
			t.Errorf("picks %v", counts)
		}
	})
}

// However long a server was out, health for as long as the longest quarantine
// makes up for it.
func TestQuarantineDecaysInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPool(t, First, 2, nil)
		s0 := p.Servers()[0]
		for range 100 {
			fail(p, s0, errRefused)
			time.Sleep(400 * time.Second)
		}
		succeed(p, s0)
		time.Sleep(301 * time.Second)
		fail(p, s0, errRefused)
		if left := time.Until(p.State().Members[0].Until); left > 36*time.Second {
			t.Errorf("quarantined for %v", left)
		}
	})
}
