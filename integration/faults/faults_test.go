package faults

import (
	"context"
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/ldapedge/ldapedge/native/dial"
	"github.com/ldapedge/ldapedge/pool"
	"github.com/ldapedge/ldapedge/server"
)

// smoke is a short run; build.sh faults is the long one.
var smoke = Config{Clients: 50, Beat: 300 * time.Millisecond, ConnectTimeout: time.Second, OpenTimeout: 30 * time.Second}

func TestPool(t *testing.T) {
	for _, strategy := range pool.Strategies() {
		noFailures(t, "open "+string(strategy), func() (*Report, error) { return Open(t.Context(), strategy, smoke) })
	}
	noFailures(t, "search", func() (*Report, error) { return Search(t.Context(), pool.RoundRobin, smoke) })
}

func noFailures(t *testing.T, name string, try func() (*Report, error)) {
	t.Helper()
	t.Run(name, func(t *testing.T) {
		goroutines, files := runtime.NumGoroutine(), openFiles(t)
		r, err := try()
		if err != nil {
			t.Fatal(err)
		}
		Write(t.Output(), []*Report{r})
		if r.Failures() > 0 || r.Opened < 10*smoke.Clients || len(r.ByServer) < 2 {
			t.Errorf("%d done, %d failed, by server %v", r.Opened, r.Failures(), r.ByServer)
		}
		settle(t, "goroutines", goroutines, runtime.NumGoroutine)
		settle(t, "open files", files, func() int { return openFiles(t) })
	})
}

// The same program finds fault with a pool that does not go on to the next
// server when one fails.
func TestLDAP3(t *testing.T) {
	r, err := LDAP3(t.Context(), "open", "ROUND_ROBIN", smoke)
	if err != nil {
		t.Fatal(err)
	}
	Write(t.Output(), []*Report{r})
	if r.Failures() == 0 || r.Opened == 0 {
		t.Errorf("%d opened, %d failed", r.Opened, r.Failures())
	}
}

// Without faults each server gets its share.
func TestShares(t *testing.T) {
	s, err := startServers(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.close() })
	const opened = 2400
	weights := []int{1, 2, 5}
	for _, test := range []struct {
		strategy pool.Strategy
		// within is how far a server may be from its share, relative to it.
		within float64
		share  func(i int) float64
	}{
		{pool.RoundRobin, 0.01, func(int) float64 { return 1. / 3 }},
		{pool.Weighted, 0.03, func(i int) float64 { return float64(weights[i]) / 8 }},
		{pool.Random, 1, func(int) float64 { return 1. / 3 }},
	} {
		t.Run(string(test.strategy), func(t *testing.T) {
			p, err := pool.New(nil, &pool.Options{Strategy: test.strategy, Rand: rand.New(rand.NewPCG(1, 2))})
			if err != nil {
				t.Fatal(err)
			}
			r := &run{members: &members{p, smoke, make(map[string]*server.Server)}, dialer: new(dial.Dialer)}
			for i, url := range s.members() {
				srv, err := r.make(url)
				if err != nil {
					t.Fatal(err)
				}
				if err := p.Add(pool.Member{Server: srv, Weight: weights[i]}); err != nil {
					t.Fatal(err)
				}
			}
			counts := r.openMany(t, opened)
			chi2 := 0.
			for i, url := range s.members() {
				expected := opened * test.share(i)
				off := float64(counts[url]) - expected
				chi2 += off * off / expected
				t.Logf("%d connections, %.0f expected", counts[url], expected)
				if math.Abs(off)/expected > test.within {
					t.Errorf("%.1f %% off", 100*off/expected)
				}
			}
			// At two degrees of freedom it is beyond 13.8 once in a thousand.
			if chi2 > 13.8 {
				t.Errorf("chi-square %.1f", chi2)
			}
		})
	}
}

// openMany opens so many connections from many clients and counts them by
// server.
func (r *run) openMany(t *testing.T, n int) map[string]int {
	t.Helper()
	c := newCollector("")
	todo := make(chan struct{}, n)
	for range n {
		todo <- struct{}{}
	}
	close(todo)
	var clients sync.WaitGroup
	for range r.config.Clients {
		clients.Go(func() {
			for range todo {
				if url, err := r.open(t.Context()); err != nil {
					t.Error(err)
				} else {
					c.opened(url, 0)
				}
			}
		})
	}
	clients.Wait()
	return c.done().ByServer
}

// A pool none of whose servers answers fails, and says so of each opening.
func TestNobodyAnswers(t *testing.T) {
	s, err := startServers(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.close() })
	c := smoke
	c.OpenTimeout = 300 * time.Millisecond
	run, err := newRun(pool.First, c, s)
	if err != nil {
		t.Fatal(err)
	}
	for _, slapd := range s {
		slapd.Kill()
	}
	begin := time.Now()
	if url, err := run.open(t.Context()); err == nil || context.Cause(t.Context()) != nil {
		t.Errorf("%s is open", url)
	} else if took := time.Since(begin); took < c.OpenTimeout || took > 10*c.OpenTimeout {
		t.Errorf("after %v: %v", took, err)
	}
}

func openFiles(t *testing.T) int {
	t.Helper()
	files, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(files)
}

// settle waits until a count is back where it was.
func settle(t *testing.T, what string, before int, count func() int) {
	t.Helper()
	for range 200 {
		if count() <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("%d %s, %d before", count(), what, before)
}
