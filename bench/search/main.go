// Command search measures how fast 50,000 people are read from one slapd on this
// machine, side by side: the bytes of the stream alone, OpenLDAP's ldapsearch,
// this module with the values raw and formatted, go-ldap, and python ldap3. The
// values of go-ldap are raw, for it has no types; those of ldap3 are formatted.
//
// The contestants run in turn, several rounds. The figures are medians over all
// runs, and minima, by the clock. It needs slapd, ldap-utils and python3-ldap3.
package main

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/ldapedge/ldapedge/bench/contest"
	"github.com/ldapedge/ldapedge/bench/search/people"
	"github.com/ldapedge/ldapedge/integration/testserver"
)

const rounds = 6

func main() { contest.Main(run) }

func run(dir string) error {
	for _, name := range []string{"ours", "goldap", "ldapsearch"} {
		if err := contest.Steps([]string{"go", "build", "-o", filepath.Join(dir, name), "./search/" + name}); err != nil {
			return err
		}
	}
	slapd, err := testserver.SlapdConfig{Entries: testserver.People(people.Count)}.Start(context.Background())
	if err != nil {
		return err
	}
	defer slapd.Close()
	of := func(name string, runs int, program string, args ...string) *contest.Contestant {
		return &contest.Contestant{Name: name, Runs: runs, Program: []string{filepath.Join(dir, program)}, Args: append([]string{slapd.URL()}, args...)}
	}
	goldap := of("go-ldap, raw", 3, "goldap")
	all := []*contest.Contestant{
		of("bytes alone", 5, "ours", "bytes"),
		of("ldapsearch", 5, "ldapsearch"),
		of("ours, raw", 5, "ours", "raw"),
		of("ours, formatted", 5, "ours", "typed"),
		goldap,
		{Name: "ldap3, formatted", Runs: 1, Program: []string{"/usr/bin/python3", "search/peers/ldap3_search.py"}, Args: []string{slapd.URL()}},
	}
	if err := contest.Run(all, rounds); err != nil {
		return err
	}
	fmt.Printf("%d people; entries a second\n", people.Count)
	for _, c := range all {
		rate := func(ns float64) float64 { return people.Count / ns * 1e9 }
		fmt.Printf("%-18s median %8.0f  %5.2fx go-ldap   best %8.0f  %5.2fx go-ldap\n",
			c.Name, rate(c.Median()), goldap.Median()/c.Median(), rate(c.Min()), goldap.Min()/c.Min())
	}
	return nil
}
