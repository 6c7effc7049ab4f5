// Command read times what LDAP clients do over one way to a slapd: it prints, for
// each of the number of runs given, the nanoseconds that it takes. The other
// arguments are what is done, the way's kind and address, and a DN and password:
// "bulk" reads all people, "small" looks one up on a connection that is open,
// "connect" opens a connection, binds and looks one up, and "endless" takes the
// bytes of a search's answer as they are, of which it is told how many there are.
package main

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/ldapedge/ldapedge/bench/bridge/lookup"
	"github.com/ldapedge/ldapedge/bench/bridge/wire"
	"github.com/ldapedge/ldapedge/bench/contest/turn"
	"github.com/ldapedge/ldapedge/bench/search/people"
	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/ldap/message"
)

// lookups is how many look-ups a run has.
const lookups = 1000

func main() { turn.Main(run) }

func run(runs int, args []string) error {
	ctx := context.Background()
	w, err := lookup.WayOf(args[1], args[2])
	if err != nil {
		return err
	}
	dn, password := args[3], args[4]
	switch args[0] {
	case "connect":
		return turn.Print(runs, func() (time.Duration, error) { return connect(ctx, w, dn, password) })
	case "endless":
		total, err := strconv.ParseInt(args[5], 10, 64)
		if err != nil {
			return err
		}
		return turn.Print(runs, func() (time.Duration, error) { return endless(ctx, w, dn, password, total) })
	}
	c, err := w.Open(ctx, dn, password)
	if err != nil {
		return err
	}
	defer c.Close()
	if args[0] == "small" {
		return turn.Time(runs, func() error {
			for i := range lookups {
				if err := lookup.One(ctx, c, i); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return turn.Time(runs, func() error { return people.All(all(ctx, c)) })
}

// connect takes the time until the answer is there.
func connect(ctx context.Context, w lookup.Way, dn, password string) (time.Duration, error) {
	begin := time.Now()
	c, err := w.Open(ctx, dn, password)
	if err != nil {
		return 0, err
	}
	err = errors.Join(c.Bind(ctx), lookup.One(ctx, c, 0))
	took := time.Since(begin)
	return took, errors.Join(err, c.Close())
}

// endless takes the time from the search to its last byte.
func endless(ctx context.Context, w lookup.Way, dn, password string, total int64) (time.Duration, error) {
	c, err := w(ctx)
	if err != nil {
		return 0, err
	}
	defer c.Close()
	if _, err := wire.Bind(c, dn, password); err != nil {
		return 0, err
	}
	begin := time.Now()
	if err := wire.Search(c); err != nil {
		return 0, err
	}
	buf := make([]byte, 64<<10)
	for total > 0 {
		n, err := c.Read(buf)
		if total -= int64(n); err != nil {
			return 0, err
		}
	}
	if total < 0 {
		return 0, errors.New("there is more than was sent")
	}
	return time.Since(begin), nil
}

func all(ctx context.Context, c *ldap.Connection) (entries int, err error) {
	sum := 0
	for e, err := range c.Search(ctx, message.SearchRequest{Base: people.Base, Scope: message.ScopeOne, Filter: people.Filter(), Attributes: people.Attributes}) {
		if err != nil {
			return 0, err
		}
		entries++
		for a := range e.Attributes() {
			for v := range a.Values() {
				sum += len(v)
			}
		}
	}
	if sum == 0 {
		return 0, errors.New("nothing is in the entries")
	}
	return entries, nil
}
