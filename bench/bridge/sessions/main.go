// Command sessions holds many sessions over one way to a slapd. Its arguments are
// how many, what they do, and the way's kind and address. "busy" ones, given a DN,
// a password and a time, look people up one after the other for that long: it
// prints how many each has. "idle" ones do nothing: it prints a line when all are
// open, and ends them when its input ends.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/ldapedge/ldapedge/bench/bridge/lookup"
	"github.com/ldapedge/ldapedge/bench/contest/turn"
)

func main() { turn.Main(run) }

func run(sessions int, args []string) error {
	w, err := lookup.WayOf(args[1], args[2])
	if err != nil {
		return err
	}
	if args[0] == "idle" {
		return idle(w, sessions)
	}
	lasts, err := time.ParseDuration(args[5])
	if err != nil {
		return err
	}
	return busy(w, sessions, args[3], args[4], lasts)
}

func idle(w lookup.Way, sessions int) error {
	var all []io.Closer
	for range sessions {
		c, err := w(context.Background())
		if err != nil {
			return fmt.Errorf("after %d: %w", len(all), err)
		}
		all = append(all, c)
	}
	fmt.Println(len(all))
	io.Copy(io.Discard, os.Stdin)
	var closing sync.WaitGroup
	for _, c := range all {
		closing.Go(func() { c.Close() })
	}
	closing.Wait()
	return nil
}

// busy begins to count when all sessions are open.
func busy(w lookup.Way, sessions int, dn, password string, lasts time.Duration) error {
	ctx := context.Background()
	counts, failures := make([]int, sessions), make([]error, sessions)
	var open, done sync.WaitGroup
	begin := make(chan struct{})
	var until time.Time
	one := func(i int) error {
		c, err := w.Open(ctx, dn, password)
		if err == nil {
			defer c.Close()
			err = c.Bind(ctx)
		}
		open.Done()
		if err != nil {
			return err
		}
		<-begin
		for person := i; time.Now().Before(until); person++ {
			if err := lookup.One(ctx, c, person); err != nil {
				return err
			}
			counts[i]++
		}
		return nil
	}
	open.Add(sessions)
	for i := range sessions {
		done.Go(func() { failures[i] = one(i) })
	}
	open.Wait()
	until = time.Now().Add(lasts)
	close(begin)
	done.Wait()
	for i, n := range counts {
		if failures[i] != nil {
			return fmt.Errorf("session %d: %w", i, failures[i])
		}
		fmt.Println(n)
	}
	return nil
}
