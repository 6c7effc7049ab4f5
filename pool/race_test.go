package pool

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ldapedge/ldapedge/server"
)

// A million picks by eight goroutines, while servers come, go, fail and are
// back.
func TestMillionPicks(t *testing.T) {
	total := 1000000
	if testing.Short() {
		total = 100000
	}
	for _, s := range strategies {
		const pickers = 8
		p := newPool(t, s, 10, &Options{Rand: rand.New(rand.NewPCG(5, 6))})
		stop := make(chan struct{})
		var others, all sync.WaitGroup
		stay := p.Servers()
		others.Go(func() { comeAndGo(t, p, stop) })
		others.Go(func() { failAndRecover(p, stay, stop) })
		var done atomic.Int64
		for range pickers {
			all.Go(func() {
				for range total / len(strategies) / pickers {
					if _, err := p.Pick(); err != nil {
						t.Error(err)
						return
					}
					done.Add(1)
				}
			})
		}
		all.Wait()
		close(stop)
		others.Wait()
		c := p.lock()
		if err := checkGroup(p.group); err != nil {
			t.Errorf("%s: %v", s, err)
		}
		c.unlock()
		if n := int(done.Load()); n != total/len(strategies)/pickers*pickers {
			t.Errorf("%s: %d picks", s, n)
		}
	}
}

func comeAndGo(t *testing.T, p *Pool, stop <-chan struct{}) {
	s := newServer(t, "comes-and-goes")
	for {
		select {
		case <-stop:
			return
		case <-time.After(100 * time.Microsecond):
		}
		if err := errors.Join(p.Add(Member{Server: s}), p.Remove(s)); err != nil {
			t.Error(err)
			return
		}
	}
}

func failAndRecover(p *Pool, servers []*server.Server, stop <-chan struct{}) {
	for i := 0; ; i++ {
		select {
		case <-stop:
			return
		case <-time.After(100 * time.Microsecond):
		}
		s := servers[i%len(servers)]
		fail(p, s, errRefused)
		succeed(p, s)
	}
}

// Openers, while servers die and are back, come and go, events are told and
// connections are closed: every opening that a live server could answer
// succeeds, and nothing is left over.
func TestOpenersInTheStorm(t *testing.T) {
	for _, s := range strategies {
		storm(t, s)
	}
}

func storm(t *testing.T, s Strategy) {
	const openers, each = 8, 400
	p := mustPool(t, []Member{
		{Pool: newPoolOf(t, s, "a1", "a2")},
		{Pool: newPoolOf(t, First, "b1", "b2", "always")},
	}, &Options{Strategy: s, Events: func(Event) {}})
	var dead sync.Map
	stop := make(chan struct{})
	var others, all sync.WaitGroup
	others.Go(func() { comeAndGo(t, p, stop) })
	others.Go(func() {
		hosts := []string{"a1", "a2", "b1", "b2", "comes-and-goes"}
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			case <-time.After(50 * time.Microsecond):
			}
			dead.Store(hosts[i%len(hosts)], i%3 != 0)
		}
	})
	ctx, cancel := context.WithCancel(t.Context())
	others.Go(func() {
		if err := p.Run(ctx); err != nil {
			t.Error(err)
		}
	})
	for range openers {
		all.Go(func() {
			for i := range each {
				use, err := p.Open(t.Context(), func(_ context.Context, s *server.Server) error {
					if isDead, _ := dead.Load(s.Host()); isDead == true {
						return errRefused
					}
					return nil
				})
				if err != nil {
					t.Error(err)
					return
				}
				if i%5 == 0 {
					use.Failed(errRefused)
				}
				use.Close()
			}
		})
	}
	all.Wait()
	close(stop)
	cancel()
	others.Wait()
	if st := p.State(); st.Connections != 0 {
		t.Errorf("%s: %d connections are left", s, st.Connections)
	}
	c := p.lock()
	defer c.unlock()
	if err := checkGroup(p.group); err != nil {
		t.Errorf("%s: %v", s, err)
	}
}

// A pool that is nested while it is asked is nested, or it is not.
func TestNestingUnderUse(t *testing.T) {
	for range 200 {
		a, b := newPoolOf(t, First, "a"), newPoolOf(t, First, "b")
		var errs [2]error
		var all sync.WaitGroup
		all.Go(func() { errs[0] = a.Add(Member{Pool: b}) })
		all.Go(func() { errs[1] = b.Add(Member{Pool: a}) })
		all.Go(func() { a.State() })
		all.Wait()
		if errs[0] == nil && errs[1] == nil {
			t.Fatal("each is in the other")
		}
		if n := max(len(a.Servers()), len(b.Servers())); errs[0] == nil && n != 2 {
			t.Fatalf("%d servers", n)
		}
	}
}
