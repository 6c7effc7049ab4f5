package pool

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ldapedge/ldapedge/server"
)

func TestMembersThatCannotBe(t *testing.T) {
	a, b := newServer(t, "a"), newServer(t, "b")
	sub := func() *Pool { return mustPool(t, Servers(b), nil) }
	used := sub()
	newTrial().open(t.Context(), used)
	nested := sub()
	mustPool(t, []Member{{Pool: nested}}, nil)
	twice := sub()
	for want, members := range map[string][]Member{
		`pool servers[1] "ldap://a:389" is in the pool already`:                  Servers(a, a),
		`pool servers[2] "ldap://a:389" is in the pool already`:                  Servers(a, b, newServer(t, "a")),
		`pool servers[0] "" is neither a server nor a pool`:                      {{}},
		`pool servers[0] "ldap://a:389" is both a server and a pool`:             {{Server: a, Pool: sub()}},
		`pool servers[0].weight "-1" is not from 1 to 65536`:                     {{Server: a, Weight: -1}},
		`pool servers[0].max_connections "-1" is negative`:                       {{Server: a, MaxConnections: -1}},
		`pool servers[0].max_connections "1" is for servers alone`:               {{Pool: sub(), MaxConnections: 1}},
		`pool servers[0] "ROUND_ROBIN" has been used`:                            {{Pool: used}},
		`pool servers[0] "ROUND_ROBIN" is within another pool`:                   {{Pool: nested}},
		`pool servers[1] "ROUND_ROBIN" is in use, or is given twice`:             {{Pool: twice}, {Pool: twice}},
		`pool servers[1] "ldap://b:389" is in the pool already`:                  {{Server: b}, {Pool: sub()}},
		`pool servers[0].pool.active "2" is for the outermost pool alone`:        {{Pool: mustPool(t, nil, &Options{Active: 2})}},
		`pool servers[0].pool.loop_timeout "1s" is for the outermost pool alone`: {{Pool: mustPool(t, nil, &Options{LoopTimeout: time.Second})}},
		`pool servers[0].pool.checks.fall "4" is for the outermost pool alone`:   {{Pool: mustPool(t, nil, &Options{Checks: Checks{Fall: 4}})}},
		`pool servers[0].pool.exhaust "true" is for the outermost pool alone`:    {{Pool: mustPool(t, nil, &Options{Exhaust: ExhaustForever})}},
		`pool servers[0].pool.events "func" is for the outermost pool alone`:     {{Pool: mustPool(t, nil, &Options{Events: func(Event) {}})}},
	} {
		_, err := New(members, nil)
		var own *Error
		if !errors.As(err, &own) || err.Error() != want {
			t.Errorf("%v\nwant %s", err, want)
		}
	}
	if mustPool(t, []Member{{Pool: twice}}, nil) == nil { // a refusal leaves it as it was
		t.Error("a pool cannot be nested after it was refused")
	}
	p := mustPool(t, Servers(a), nil)
	if err := p.Add(Member{Pool: p}); err == nil || err.Error() != `pool servers[0] "ROUND_ROBIN" is this pool, or is in it already` {
		t.Errorf("a pool in itself: %v", err)
	}
	if err := p.Add(Servers(b, a)...); err == nil || len(p.Servers()) != 1 {
		t.Errorf("error %v, and there are %d servers: all or none are added", err, len(p.Servers()))
	}
	for want, s := range map[string]*server.Server{
		`pool server "ldap://b:389" is not in the pool`: b,
		`pool server "" is nil`:                         nil,
	} {
		if err := p.Remove(s); err == nil || err.Error() != want {
			t.Errorf("%v\nwant %s", err, want)
		}
	}
}

func TestOptionsThatCannotBe(t *testing.T) {
	for want, o := range map[string]Options{
		`pool strategy "LIFO" is none of FIRST, ROUND_ROBIN, RANDOM, WEIGHTED, FEWEST_CONNECTIONS, FASTEST`: {Strategy: "LIFO"},
		`pool exhaust "10" is for active pools alone`:                                                       {Active: Inactive, Exhaust: Exhaust(10 * time.Second)},
		`pool exhaust "true" is for active pools alone`:                                                     {Active: Inactive, Exhaust: ExhaustForever},
		`pool active "-2" is no number of cycles`:                                                           {Active: -2},
		`pool loop_timeout "-1s" is negative`:                                                               {LoopTimeout: -time.Second},
		`pool max_quarantine "1s" is less than quarantine, 30s`:                                             {MaxQuarantine: time.Second},
		`pool checks.rise "-1" is negative`:                                                                 {Checks: Checks{Rise: -1}},
	} {
		if _, err := New(nil, &o); err == nil || err.Error() != want {
			t.Errorf("%v\nwant %s", err, want)
		}
	}
}

// Those who have a connection to a server are told when it goes.
func TestRemovalTellsConnections(t *testing.T) {
	p := newPool(t, First, 2, nil)
	gone := p.Servers()[0]
	var uses []*server.Use
	for range 3 {
		use, err := p.Open(t.Context(), works)
		if err != nil {
			t.Fatal(err)
		}
		uses = append(uses, use)
	}
	uses[2].Close()
	if left(uses[0]) {
		t.Error("a connection is told to leave before its server goes")
	}
	if err := p.Remove(gone); err != nil {
		t.Fatal(err)
	}
	if !left(uses[0]) || !left(uses[1]) || left(uses[2]) {
		t.Errorf("told to leave: %v, %v, closed %v", left(uses[0]), left(uses[1]), left(uses[2]))
	}
	if got := newTrial().open(t.Context(), p); got != "s1" {
		t.Errorf("opened %s, want s1", got)
	}
	uses[0].Failed(errRefused) // of no interest any more
	uses[0].Close()
	uses[1].Close()
	if st := p.State(); st.Connections != 0 || len(st.Members) != 1 || st.Members[0].State != Up {
		t.Errorf("state %+v", st)
	}
}

func left(use *server.Use) bool {
	select {
	case <-use.Leave():
		return true
	default:
		return false
	}
}

// A server that goes while it is being opened is one to leave at once.
func TestRemovalDuringTry(t *testing.T) {
	p := newPool(t, First, 1, nil)
	tr := newTrial()
	use, err := p.Open(t.Context(), func(_ context.Context, s *server.Server) error {
		return errors.Join(tr.try(t.Context(), s), p.Remove(s))
	})
	if err != nil || !left(use) {
		t.Errorf("error %v", err)
	}
	use.Close()
}

func TestPoolsWithin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		siteA := newPoolOf(t, RoundRobin, "a1", "a2")
		siteB := newPoolOf(t, RoundRobin, "b1", "b2")
		p := mustPool(t, []Member{{Pool: siteA}, {Pool: siteB}}, options(First, nil))
		tr := newTrial("a1", "a2")
		if got := tr.open(t.Context(), p); got[0] != 'b' {
			t.Errorf("opened %s", got)
		}
		if len(tr.tried) != 3 || tr.tried[0][0] != 'a' || tr.tried[1][0] != 'a' {
			t.Errorf("tried %q, want all of site A first", tr.tried)
		}
		if st := p.State(); st.Members[0].State != Down || st.Members[1].State != Up || st.Members[0].Pool.Members[0].State != Quarantined {
			t.Errorf("state %+v", st)
		}
		// A server is added to the pool within, which is alive by it.
		if err := siteA.Add(Member{Server: newServer(t, "a3")}); err != nil {
			t.Fatal(err)
		}
		if got := tr.open(t.Context(), p); got != "a3" {
			t.Errorf("opened %s, want a3", got)
		}
		if err := p.Remove(newServer(t, "a3")); err != nil {
			t.Fatal(err)
		}
		if got := tr.open(t.Context(), p); got[0] != 'b' {
			t.Errorf("opened %s", got)
		}
		if err := siteB.Remove(newServer(t, "a1")); err == nil || err.Error() != `pool server "ldap://a1:389" is not in the pool` {
			t.Errorf("a1 is removed from site B: %v", err)
		}
		// A pool within opens among its own.
		if got := tr.open(t.Context(), siteB); got[0] != 'b' {
			t.Errorf("site B opened %s", got)
		}
		tr.tried = nil
		tr.dead["b1"], tr.dead["b2"] = true, true
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		tr.open(ctx, siteB)
		slices.Sort(tr.tried)
		if !slices.Equal(tr.tried, []string{"b1", "b2"}) {
			t.Errorf("site B tried %q", tr.tried)
		}
	})
}

// Servers that are out come after all that are not, in whatever pool.
func TestQuarantinedComeLastInPoolsToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		siteA := newPoolOf(t, First, "a1", "a2")
		p := mustPool(t, []Member{{Pool: siteA}, {Server: newServer(t, "b")}}, options(First, &Options{Active: 1}))
		fail(p, siteA.Servers()[0], errRefused)
		tr := newTrial("a1", "a2", "b")
		tr.open(t.Context(), p)
		if want := []string{"a2", "b", "a1"}; !slices.Equal(tr.tried, want) {
			t.Errorf("tried %q, want %q", tr.tried, want)
		}
	})
}

func TestWeightsOfPools(t *testing.T) {
	p := mustPool(t, []Member{
		{Pool: newPoolOf(t, RoundRobin, "a1", "a2"), Weight: 3},
		{Pool: newPoolOf(t, RoundRobin, "b1")},
	}, options(Weighted, nil))
	_, counts := picks(t, p, 8000)
	if counts["a1"] != 3000 || counts["a2"] != 3000 || counts["b1"] != 2000 {
		t.Errorf("8,000 picks: %v, want 3,000, 3,000 and 2,000", counts)
	}
}

func TestFewestConnectionsOfPools(t *testing.T) {
	p := mustPool(t, []Member{
		{Pool: newPoolOf(t, FewestConnections, "a1", "a2")},
		{Pool: newPoolOf(t, FewestConnections, "b1")},
	}, options(FewestConnections, nil))
	for range 8 {
		if _, err := p.Open(t.Context(), works); err != nil {
			t.Fatal(err)
		}
	}
	st := p.State()
	if a, b := st.Members[0].Pool, st.Members[1].Pool; a.Connections != 4 || b.Connections != 4 || a.Members[0].Connections != 2 {
		t.Errorf("state %+v", st)
	}
}

func TestReturnHome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		siteA := newPoolOf(t, First, "a")
		p := mustPool(t, []Member{{Pool: siteA}, {Pool: newPoolOf(t, First, "b")}}, options(First, nil))
		stop := run(t, p)
		defer stop()
		before, _ := p.Open(t.Context(), works)
		a := siteA.Servers()[0]
		fail(p, a, errRefused)
		var away []*server.Use
		for range 50 {
			use, err := p.Open(t.Context(), works)
			if err != nil || use.Server().Host() != "b" {
				t.Fatalf("opened %v, %v", use, err)
			}
			away = append(away, use)
		}
		closed := away[49]
		closed.Close()
		away = away[:49]
		told := func() (n int) {
			for _, use := range away {
				if left(use) {
					n++
				}
			}
			return n
		}
		// Back for less than a minute is not back.
		succeed(p, a)
		time.Sleep(59 * time.Second)
		fail(p, a, errRefused)
		time.Sleep(time.Second)
		succeed(p, a)
		home, _ := p.Open(t.Context(), works)
		time.Sleep(59 * time.Second)
		if told() != 0 {
			t.Errorf("%d are called home before a minute of health", told())
		}
		var counts []int
		for range 4 {
			time.Sleep(8 * time.Second)
			counts = append(counts, told())
		}
		if counts[0] == 0 || counts[0] > 30 || counts[1] <= counts[0] || counts[3] != 49 {
			t.Errorf("called home over half a minute: %v, want them spread, and 49 in the end", counts)
		}
		if left(before) || left(home) || left(closed) {
			t.Error("one that is at home, or closed, is called home")
		}
	})
}

// An earlier one that was full, and not out, calls nobody home.
func TestFullIsNotOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServers(t, 4)
		p := mustPool(t, []Member{{Server: s[0], MaxConnections: 1}, {Server: s[1]}, {Server: s[2]}, {Server: s[3]}},
			options(First, &Options{Exhaust: Exhaust(time.Hour)}))
		stop := run(t, p)
		defer stop()
		full, _ := p.Open(t.Context(), works)
		fail(p, s[3], errRefused)
		second, _ := p.Open(t.Context(), works) // none before it is out
		fail(p, s[1], errRefused)
		use, err := p.Open(t.Context(), works)
		if err != nil || use.Server() != s[2] {
			t.Fatalf("opened %v, %v", use, err)
		}
		succeed(p, s[3])
		time.Sleep(50 * time.Minute)
		if left(use) {
			t.Error("a connection is called home by a server that was full")
		}
		fail(p, s[0], errRefused)
		time.Sleep(12 * time.Minute)
		if !left(use) {
			t.Error("a connection is not called home by a server that was out")
		}
		time.Sleep(time.Hour)
		if left(full) || left(second) {
			t.Error("a connection is called home that was opened while none before it was out")
		}
	})
}

func TestReturnHomeNever(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPool(t, First, 2, &Options{ReturnHome: -1})
		stop := run(t, p)
		defer stop()
		fail(p, p.Servers()[0], errRefused)
		use, err := p.Open(t.Context(), works)
		if err != nil {
			t.Fatal(err)
		}
		succeed(p, p.Servers()[0])
		time.Sleep(time.Hour)
		if left(use) {
			t.Error("a connection is called home")
		}
	})
}

func TestEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var got []string
		var p *Pool
		o := &Options{Active: 1, Events: func(e Event) {
			line := string(e.Kind)
			if e.Server != nil {
				line += " " + e.Server.Host()
			}
			if e.Err != nil {
				line += ": " + e.Err.Error()
			}
			got = append(got, line)
			if e.Kind == EventAdded { // it may call the pool
				if err := p.Remove(e.Server); err != nil {
					t.Error(err)
				}
			}
		}}
		p = newPool(t, First, 2, o)
		tr := newTrial("s0", "s1")
		tr.open(t.Context(), p)
		tr.dead["s1"] = false
		tr.open(t.Context(), p)
		if err := p.Add(Member{Server: newServer(t, "new")}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		if _, err := p.Pick(); err != nil {
			t.Fatal(err)
		}
		tr.dead["s0"] = false
		tr.open(t.Context(), p)
		want := []string{
			"down s0: s0: connection refused", "down s1: s1: connection refused",
			"exhausted: pool exhausted: ldap://s0:389: s0: connection refused; ldap://s1:389: s1: connection refused",
			"up s1", "added new", "removed new", "probation s0", "up s0",
		}
		if !slices.Equal(got, want) {
			t.Errorf("events\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	})
}

// A receiver of events that panics is called again with the next.
func TestPanicOfTheReceiver(t *testing.T) {
	n := 0
	p := newPool(t, First, 0, &Options{Events: func(Event) {
		if n++; n == 1 {
			panic("boom")
		}
	}})
	s := newServer(t, "a")
	func() {
		defer func() {
			if r := recover(); r != "boom" {
				t.Errorf("recovered %v", r)
			}
		}()
		_ = p.Add(Member{Server: s})
	}()
	if err := p.Remove(s); err != nil || n != 2 {
		t.Errorf("error %v, %d events", err, n)
	}
}

// Events of many goroutines come one at a time and in order.
func TestEventsInOrder(t *testing.T) {
	var mu sync.Mutex
	up := map[string]bool{}
	o := &Options{Events: func(e Event) {
		if !mu.TryLock() {
			t.Error("two events at once")
			return
		}
		defer mu.Unlock()
		host := e.Server.Host()
		if e.Kind == EventAdded == up[host] {
			t.Errorf("%s %s out of order", e.Kind, host)
		}
		up[host] = e.Kind == EventAdded
	}}
	p := newPool(t, First, 0, o)
	var all sync.WaitGroup
	for _, s := range newServers(t, 8) {
		all.Go(func() {
			for range 200 {
				if err := errors.Join(p.Add(Member{Server: s}), p.Remove(s)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
}
