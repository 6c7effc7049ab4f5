// Command decode measures how fast the responses of a search for 50,000 people
// are decoded, side by side: a bare walk over the headers of all BER elements,
// this module natively and as WebAssembly in Node, and go-ldap. The stream is
// captured from slapd, and given to all from memory.
//
// The contestants run in turn, several rounds. The figures are medians over all
// runs, and minima, by the clock. It needs slapd and node.
package main

import (
	"context"
	"fmt"
	"net"
	"path/filepath"

	"github.com/ldapedge/ldapedge/bench/contest"
	"github.com/ldapedge/ldapedge/bench/search/people"
	"github.com/ldapedge/ldapedge/integration/testserver"
	"github.com/ldapedge/ldapedge/ldap/message"
)

const rounds = 3

func main() { contest.Main(run) }

func run(dir string) error {
	ours, err := contest.Build(dir, "./decode/ours")
	if err != nil {
		return err
	}
	goldapProgram := filepath.Join(dir, "goldap")
	if err := contest.Steps([]string{"go", "build", "-o", goldapProgram, "./decode/goldap"}); err != nil {
		return err
	}
	stream, err := capture()
	if err != nil {
		return err
	}
	walk := &contest.Contestant{Name: "walk over headers", Runs: 20, Input: stream, Program: ours.Native, Args: []string{"walk"}}
	goldap := &contest.Contestant{Name: "go-ldap", Runs: 3, Input: stream, Program: []string{goldapProgram}}
	all := []*contest.Contestant{
		walk,
		{Name: "ours", Runs: 20, Input: stream, Program: ours.Native, Args: []string{"machine"}},
		{Name: "ours, WebAssembly", Runs: 10, Input: stream, Program: ours.Wasm, Args: []string{"machine"}},
		goldap,
	}
	if err := contest.Run(all, rounds); err != nil {
		return err
	}
	fmt.Printf("%d people, %d bytes\n", people.Count, len(stream))
	for _, c := range all {
		rate := func(ns float64) float64 { return float64(len(stream)) / ns * 1e3 }
		fmt.Printf("%-18s median %7.0f MB/s  %6.2fx walk  %6.1fx go-ldap   best %7.0f MB/s  %6.2fx walk  %6.1fx go-ldap\n", c.Name,
			rate(c.Median()), walk.Median()/c.Median(), goldap.Median()/c.Median(), rate(c.Min()), walk.Min()/c.Min(), goldap.Min()/c.Min())
	}
	return nil
}

// capture returns the responses of a search, the first request of its
// connection.
func capture() ([]byte, error) {
	slapd, err := testserver.SlapdConfig{Entries: testserver.People(people.Count)}.Start(context.Background())
	if err != nil {
		return nil, err
	}
	defer slapd.Close()
	c, err := net.Dial("tcp", slapd.Address)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	m := new(message.Machine)
	if _, err := m.Search(message.SearchRequest{Base: people.Base, Scope: message.ScopeOne, Filter: people.Filter(), Attributes: people.Attributes}); err != nil {
		return nil, err
	}
	if _, err := c.Write(m.Output()); err != nil {
		return nil, err
	}
	var stream []byte
	for {
		space := m.Space()
		n, err := c.Read(space)
		if err != nil {
			return nil, err
		}
		stream = append(stream, space[:n]...)
		m.Received(n)
		for {
			event, ok, err := m.Next()
			if err != nil {
				return nil, err
			}
			if event.Done {
				return stream, nil
			}
			if !ok {
				break
			}
		}
	}
}
