// Command pool measures what it costs to pick a server of a pool, side by side:
// python ldap3's ServerPool, which has three of the strategies, and this module
// natively and as WebAssembly in Node; of 1, 10 and 1,000 servers, and of 1,000
// of which all but one are out.
//
// The contestants run in turn, several rounds. The figures are medians over all
// runs, and minima. It needs node and python3-ldap3.
package main

import (
	"fmt"
	"strconv"

	"github.com/ldapedge/ldapedge/bench/contest"
	"github.com/ldapedge/ldapedge/pool"
)

// picks are those of a run.
const picks = 100_000

const rounds = 3

func main() { contest.Main(run) }

// row is a strategy with a number of servers, measured by all who can.
type row struct {
	strategy            pool.Strategy
	servers, out        int
	native, wasm, ldap3 *contest.Contestant
}

func run(dir string) error {
	pick, err := contest.Build(dir, "./pool/pick")
	if err != nil {
		return err
	}
	var rows []*row
	var all []*contest.Contestant
	for _, strategy := range pool.Strategies() {
		for _, size := range [][2]int{{1, 0}, {10, 0}, {1000, 0}, {1000, 999}} {
			r := newRow(strategy, size[0], size[1], pick)
			rows = append(rows, r)
			all = append(all, r.native, r.wasm)
			if r.ldap3 != nil {
				all = append(all, r.ldap3)
			}
		}
	}
	if err := contest.Run(all, rounds); err != nil {
		return err
	}
	return report(rows)
}

func newRow(strategy pool.Strategy, servers, out int, pick contest.Programs) *row {
	args := []string{string(strategy), strconv.Itoa(servers), strconv.Itoa(out)}
	r := &row{
		strategy: strategy, servers: servers, out: out,
		native: &contest.Contestant{Name: "native", Runs: 20, Program: pick.Native, Args: args},
		wasm:   &contest.Contestant{Name: "WebAssembly", Runs: 10, Program: pick.Wasm, Args: args},
	}
	switch strategy {
	case pool.First, pool.RoundRobin, pool.Random:
		if out == 0 {
			r.ldap3 = &contest.Contestant{Name: "ldap3", Runs: 10, Program: []string{"/usr/bin/python3", "pool/peers/ldap3_pick.py"}, Args: args[:2]}
		}
	}
	return r
}

func report(rows []*row) error {
	fmt.Println("ns a pick, median (least)")
	fmt.Printf("%-19s %7s %4s  %-17s %-17s %-18s %-8s %s\n", "strategy", "servers", "out", "native", "WebAssembly", "ldap3", "ldap3 is", "allocations, native")
	for _, r := range rows {
		ldap3, ratio := "", ""
		if r.ldap3 != nil {
			ldap3, ratio = figures(r.ldap3), fmt.Sprintf("%.0fx", r.ldap3.Median()/r.native.Median())
		}
		if len(r.native.Notes) != 1 {
			return fmt.Errorf("%s notes %v", r.strategy, r.native.Notes)
		}
		fmt.Printf("%-19s %7d %4d  %-17s %-17s %-18s %-8s %g\n", r.strategy, r.servers, r.out, figures(r.native), figures(r.wasm), ldap3, ratio, r.native.Notes[0])
	}
	return nil
}

func figures(c *contest.Contestant) string {
	return fmt.Sprintf("%.1f (%.1f)", c.Median()/picks, c.Min()/picks)
}
