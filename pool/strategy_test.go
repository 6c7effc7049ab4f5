package pool

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ldapedge/ldapedge/server"
)

func picks(t testing.TB, p *Pool, n int) (hosts []string, counts map[string]int) {
	t.Helper()
	counts = map[string]int{}
	for range n {
		s, err := p.Pick()
		if err != nil {
			t.Fatal(err)
		}
		hosts = append(hosts, s.Host())
		counts[s.Host()]++
	}
	return hosts, counts
}

func TestFirstPicksTheFirst(t *testing.T) {
	p := newPool(t, First, 3, nil)
	hosts, _ := picks(t, p, 3)
	if want := []string{"s0", "s0", "s0"}; !slices.Equal(hosts, want) {
		t.Errorf("picks %q, want %q", hosts, want)
	}
	fail(p, p.Servers()[0], errRefused)
	if hosts, _ = picks(t, p, 1); hosts[0] != "s1" {
		t.Errorf("picks %q while s0 is out, want s1", hosts)
	}
}

func TestRoundRobinGoesAround(t *testing.T) {
	p := newPool(t, RoundRobin, 3, nil)
	hosts, _ := picks(t, p, 9)
	for i := range hosts[3:] {
		if hosts[i+3] != hosts[i] {
			t.Fatalf("picks %q: not around", hosts)
		}
	}
	if _, counts := picks(t, newPool(t, RoundRobin, 7, nil), 7000); len(counts) != 7 || counts["s0"] != 1000 || counts["s6"] != 1000 {
		t.Errorf("7,000 picks of 7: %v, want 1,000 each", counts)
	}
}

func TestBeginsAnywhere(t *testing.T) {
	for _, s := range strategies[1:] {
		begins := map[string]bool{}
		for range 200 {
			p := mustPool(t, Servers(newServers(t, 3)...), &Options{Strategy: s})
			hosts, _ := picks(t, p, 1)
			begins[hosts[0]] = true
		}
		if len(begins) != 3 {
			t.Errorf("%s: 200 pools began with %v alone", s, begins)
		}
	}
}

// The next one keeps being the next when members come and go.
func TestRoundRobinKeepsItsPlace(t *testing.T) {
	for removed, want := range map[int]string{0: "s3", 2: "s3", 3: "s4", 4: "s3"} {
		p := newPool(t, RoundRobin, 5, nil)
		for hosts := []string{""}; hosts[0] != "s2"; {
			hosts, _ = picks(t, p, 1)
		}
		if err := p.Remove(p.Servers()[removed]); err != nil {
			t.Fatal(err)
		}
		if hosts, _ := picks(t, p, 1); hosts[0] != want {
			t.Errorf("after s2, s%d being removed, picks %s, want %s", removed, hosts[0], want)
		}
	}
}

func TestWeightedSharesAreEven(t *testing.T) {
	weights := []int{1, 2, 3, 10, 84}
	var members []Member
	for i, s := range newServers(t, len(weights)) {
		members = append(members, Member{Server: s, Weight: weights[i]})
	}
	hosts, counts := picks(t, mustPool(t, members, options(Weighted, nil)), 10000)
	for i, w := range weights {
		host := members[i].Server.Host()
		want := float64(w) * 100
		if got := float64(counts[host]); math.Abs(got-want) > 0.03*want {
			t.Errorf("%s with a weight of %d of 100: %v of 10,000 picks, want %v within 3 %%", host, w, got, want)
		}
		last := -1
		for at, h := range hosts {
			if h != host {
				continue
			}
			if gap := at - last; last >= 0 && gap > 2*100/w+2 {
				t.Errorf("%s with a weight of %d of 100 waits for %d picks", host, w, gap)
				break
			}
			last = at
		}
	}
}

func TestWeightedOfManyIsExact(t *testing.T) {
	var members []Member
	total := 0
	for i, s := range newServers(t, 1000) {
		members = append(members, Member{Server: s, Weight: 1 + i%7})
		total += 1 + i%7
	}
	const rounds = 100
	_, counts := picks(t, mustPool(t, members, options(Weighted, nil)), rounds*total)
	for _, m := range members {
		want := float64(rounds * m.Weight)
		if got := float64(counts[m.Server.Host()]); math.Abs(got-want) > 0.03*want {
			t.Errorf("%s: %v picks, want %v within 3 %%", m.Server.Host(), got, want)
		}
	}
}

func TestWeightedDoesNotMakeUpForTimeOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPool(t, Weighted, 2, nil)
		fail(p, p.Servers()[0], errRefused)
		picks(t, p, 1000)
		time.Sleep(time.Minute)
		hosts, _ := picks(t, p, 100)
		for i := range hosts[1:] {
			if hosts[i] == hosts[i+1] {
				t.Fatalf("after its time out they do not take turns: %q", hosts)
			}
		}
	})
}

func TestRandomIsUniform(t *testing.T) {
	const n, draws = 10, 100000
	_, counts := picks(t, newPool(t, Random, n, nil), draws)
	chi := 0.0
	for _, s := range newServers(t, n) {
		d := float64(counts[s.Host()]) - draws/n
		chi += d * d / (draws / n)
	}
	if const999 := 27.88; chi > const999 { // 9 degrees of freedom, 99.9 %
		t.Errorf("chi-square is %.1f: %v", chi, counts)
	}
}

func TestFewestConnections(t *testing.T) {
	p := newPool(t, FewestConnections, 3, nil)
	var uses []*server.Use
	open := func() string {
		use, err := p.Open(t.Context(), works)
		if err != nil {
			t.Fatal(err)
		}
		uses = append(uses, use)
		return use.Server().Host()
	}
	a, b, c := open(), open(), open()
	if a == b || b == c || a == c {
		t.Fatalf("three connections went to %s, %s, %s", a, b, c)
	}
	if again := open(); again != a {
		t.Errorf("among equals %s is taken, want %s, which was taken longest ago", again, a)
	}
	uses[1].Close()
	uses[1].Close() // does nothing
	if again := open(); again != b {
		t.Errorf("%s is taken, want %s, which has none", again, b)
	}
	if st := p.State(); st.Connections != 4 {
		t.Errorf("%d connections, want 4", st.Connections)
	}
}

func TestFewestConnectionsTakesTheNew(t *testing.T) {
	for range 20 {
		p := mustPool(t, Servers(newServers(t, 3)...), &Options{Strategy: FewestConnections})
		picks(t, p, 3)
		if err := p.Add(Member{Server: newServer(t, "new")}); err != nil {
			t.Fatal(err)
		}
		if hosts, _ := picks(t, p, 1); hosts[0] != "new" {
			t.Fatalf("picks %s, want the new one, which was never picked", hosts[0])
		}
	}
}

// The same randomness makes the same choices, in pools within too.
func TestRandomnessIsHandedIn(t *testing.T) {
	for _, s := range strategies {
		var first []string
		for i := range 3 {
			p := mustPool(t, []Member{{Pool: newPoolOf(t, s, "a", "b", "c", "d")}, {Server: newServer(t, "e")}}, options(Random, nil))
			hosts, _ := picks(t, p, 50)
			if i == 0 {
				first = hosts
			} else if !slices.Equal(hosts, first) {
				t.Errorf("%s: one seed picks %q, and then %q", s, first, hosts)
			}
		}
	}
}

func TestLatencyIsAveraged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPool(t, Fastest, 1, nil)
		for _, d := range []time.Duration{10 * time.Millisecond, 20 * time.Millisecond} {
			if _, err := p.Open(t.Context(), func(context.Context, *server.Server) error { time.Sleep(d); return nil }); err != nil {
				t.Fatal(err)
			}
		}
		if got := p.State().Members[0].LatencySeconds; got != 0.0125 {
			t.Errorf("10 and 20 ms are %v s on average, want 0.0125", got)
		}
	})
}

func TestFastest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPool(t, Fastest, 3, nil)
		delays := map[string]time.Duration{"s0": 30 * time.Millisecond, "s1": 10 * time.Millisecond, "s2": 20 * time.Millisecond}
		counts := map[string]int{}
		for range 900 {
			use, err := p.Open(t.Context(), func(_ context.Context, s *server.Server) error {
				time.Sleep(delays[s.Host()])
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			counts[use.Server().Host()]++
			use.Close()
		}
		// Two draws with replacement: 5/9, 3/9, 1/9.
		for host, want := range map[string]int{"s1": 500, "s2": 300, "s0": 100} {
			if got := counts[host]; got < want*8/10 || got > want*12/10 {
				t.Errorf("%s: %d of 900, want about %d", host, got, want)
			}
		}
		if got := p.State().Members[1].LatencySeconds; math.Abs(got-0.010) > 0.0001 {
			t.Errorf("the average of s1 is %v s, want 0.010", got)
		}
	})
}

func TestParseStrategy(t *testing.T) {
	for name, want := range map[string]string{
		"FIRST": "FIRST", "ROUND_ROBIN": "ROUND_ROBIN", "RANDOM": "RANDOM",
		"WEIGHTED": "WEIGHTED", "FEWEST_CONNECTIONS": "FEWEST_CONNECTIONS", "FASTEST": "FASTEST",
		"POOLING_STRATEGY_FIRST": "FIRST", "POOLING_STRATEGY_ROUND_ROBIN": "ROUND_ROBIN", "POOLING_STRATEGY_RANDOM": "RANDOM",
		"0": "FIRST", "1": "ROUND_ROBIN", "2": "RANDOM",
		"POOLING_STRATEGY_FIRST_ACTIVE": "FIRST true", "POOLING_STRATEGY_ROUND_ROBIN_ACTIVE": "ROUND_ROBIN true",
		"POOLING_STRATEGY_ROUND_ROBIN_PASSIVE": "ROUND_ROBIN false", "POOLING_STRATEGY_NONE": "FIRST false",
	} {
		s, active, err := ParseStrategy(name)
		got := string(s)
		if active != nil {
			got += " " + active.text()
		}
		if err != nil || got != want {
			t.Errorf("%s is %q, %v; want %q", name, got, err, want)
		}
	}
	_, _, err := ParseStrategy("LIFO")
	var own *Error
	if !errors.As(err, &own) || own.Field != "strategy" || own.Value != "LIFO" {
		t.Errorf("LIFO: %#v", err)
	}
	if want := `pool strategy "LIFO" is none of FIRST, ROUND_ROBIN, RANDOM, WEIGHTED, FEWEST_CONNECTIONS, FASTEST`; err.Error() != want {
		t.Errorf("%s\nwant %s", err, want)
	}
}

// Turns never run ahead of the wheel, even if one server alone is retried.
func TestWeightedKeepsWithinItsRound(t *testing.T) {
	p := newPool(t, Weighted, 3, nil)
	for range 1000 {
		p.group.order.among(p.group.entries[:1])
		if err := checkGroup(p.group); err != nil {
			t.Fatal(err)
		}
	}
	if _, counts := picks(t, p, 9000); counts["s1"] < 2900 || counts["s2"] < 2900 {
		t.Errorf("9,000 picks afterwards: %v", counts)
	}
}
