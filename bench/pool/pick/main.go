// Command pick times the picks of a pool: it prints, for each of the number of
// runs given, the nanoseconds of 100,000 picks. The other arguments are the
// strategy, the number of servers, and how many of these are out. To standard
// error goes how often a pick allocates.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/ldapedge/ldapedge/bench/contest/turn"
	"github.com/ldapedge/ldapedge/pool"
	"github.com/ldapedge/ldapedge/server"
)

const picks = 100_000

func main() { turn.Main(run) }

func run(runs int, args []string) error {
	servers, err := strconv.Atoi(args[1])
	if err != nil {
		return err
	}
	out, err := strconv.Atoi(args[2])
	if err != nil {
		return err
	}
	p, err := makePool(pool.Strategy(args[0]), servers, out)
	if err != nil {
		return err
	}
	err = turn.Time(runs, func() error {
		for range picks {
			if _, err := p.Pick(); err != nil {
				return err
			}
		}
		return nil
	})
	fmt.Fprintln(os.Stderr, testing.AllocsPerRun(picks, func() { p.Pick() }))
	return err
}

// makePool returns a pool of which the first servers are out.
func makePool(strategy pool.Strategy, servers, out int) (*pool.Pool, error) {
	var members []pool.Member
	for i := range servers {
		s, err := server.New(fmt.Sprintf("ldap://server%d.example.com", i), nil)
		if err != nil {
			return nil, err
		}
		members = append(members, pool.Member{Server: s, Weight: 1 + i%5})
	}
	p, err := pool.New(members, &pool.Options{Strategy: strategy, Quarantine: time.Hour, MaxQuarantine: time.Hour})
	if err != nil {
		return nil, err
	}
	down := make(map[*server.Server]bool)
	for _, m := range members[:out] {
		down[m.Server] = true
	}
	for tried := 0; tried < out; { // until each of them was tried and failed
		use, err := p.Open(context.Background(), func(_ context.Context, s *server.Server) error {
			if down[s] {
				tried++
				return errors.New("down")
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		defer use.Close()
	}
	return p, nil
}
