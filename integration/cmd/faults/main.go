// Command faults tries pools out, see package faults: openings, and searches on
// connections that are kept, each strategy in turn and python ldap3's pool
// beside, and prints what came of it. It fails if anything of ours failed.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"time"

	"github.com/ldapedge/ldapedge/integration/faults"
	"github.com/ldapedge/ldapedge/pool"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	beat := flag.Duration("beat", 5*time.Second, "time between two faults")
	clients := flag.Int("clients", 50, "clients that open connections all the time")
	only := flag.String("only", "", "what the clients do: open, search, or both if empty")
	flag.Parse()
	if err := run(ctx, *beat, *clients, *only); err != nil {
		fmt.Fprintln(os.Stderr, "faults:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, beat time.Duration, clients int, only string) error {
	c := faults.Config{Clients: clients, Beat: beat, ConnectTimeout: time.Second, OpenTimeout: 30 * time.Second}
	fmt.Printf("%d clients; per line %v of faults: servers killed, suspended, started, added, removed\n", clients, c.Schedule())
	var all []*faults.Report
	failures := 0
	for what, ours := range map[string]func(context.Context, pool.Strategy, faults.Config) (*faults.Report, error){"open": faults.Open, "search": faults.Search} {
		if only != "" && what != only {
			continue
		}
		// ldap3 first: what we leave of local ports in TIME_WAIT it cannot bind.
		for _, strategy := range []pool.Strategy{pool.First, pool.RoundRobin, pool.Random} {
			r, err := faults.LDAP3(ctx, what, string(strategy), c)
			if err != nil {
				return fmt.Errorf("ldap3 %s: %w", strategy, err)
			}
			all = append(all, r)
		}
		for _, strategy := range pool.Strategies() {
			r, err := ours(ctx, strategy, c)
			if err != nil {
				return fmt.Errorf("%s: %w", strategy, err)
			}
			all = append(all, r)
			failures += r.Failures()
		}
	}
	if err := faults.Write(os.Stdout, all); err != nil {
		return err
	}
	if failures > 0 {
		return errors.New("some failed")
	}
	return nil
}
