// Command bridge measures the ways to one slapd on this machine, side by side with
// one client: a socket, HAProxy in TCP mode, the connector with its default policy
// and with none, and websockify. Reading 50,000 people, at once and with a delay
// before each way, what comes of a source that never waits, looking one up, and
// connecting, binding and looking one up; then how fair many sessions that look up
// are served, and what memory idle ones take. It needs slapd, haproxy and
// websockify.
package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"
	"time"

	"github.com/ldapedge/ldapedge/bench/contest"
	"github.com/ldapedge/ldapedge/bench/search/people"
	"github.com/ldapedge/ldapedge/integration/testserver"
)

const (
	rounds = 5
	// delay is that of each byte, in each direction.
	delay = 50 * time.Millisecond
)

func main() { contest.Main(run) }

// programs are those that are measured and measure.
type programs struct{ read, sessions, connector string }

func run(dir string) error {
	p := programs{filepath.Join(dir, "read"), filepath.Join(dir, "sessions"), filepath.Join(dir, "ldapedge")}
	if err := contest.Steps(
		[]string{"go", "build", "-o", p.read, "./bridge/read"}, []string{"go", "build", "-o", p.sessions, "./bridge/sessions"},
		[]string{"go", "build", "-C", "..", "-o", p.connector, "./native/connector"},
	); err != nil {
		return err
	}
	slapd, err := testserver.SlapdConfig{Entries: testserver.People(people.Count)}.Start(context.Background())
	if err != nil {
		return err
	}
	defer slapd.Close()
	all, err := ways(dir, p.connector, slapd.Address)
	if err != nil {
		return err
	}
	defer stop(all)
	login := []string{slapd.Credentials.DN, slapd.Credentials.Password}
	for _, what := range []struct {
		name, title string
		runs        int
	}{{"bulk", "50,000 people", 3}, {"small", "1,000 look-ups on an open connection", 10}, {"connect", "connecting, binding and one look-up", 100}} {
		if err := measure(what.title, what.runs, p.read, all, func(w way) []string { return append([]string{what.name, w.kind, w.address}, login...) }); err != nil {
			return err
		}
	}
	if err := delayed(p.read, all, login); err != nil {
		return err
	}
	if err := endless(dir, p, slapd); err != nil {
		return err
	}
	if err := fair(p.sessions, all, login); err != nil {
		return err
	}
	return idle(dir, p)
}

// measure times what the reader does over each way, given arguments.
func measure(title string, runs int, read string, ways []way, args func(way) []string) error {
	var all []*contest.Contestant
	for _, w := range ways {
		all = append(all, &contest.Contestant{Name: w.name, Runs: runs, Program: []string{read}, Args: args(w)})
	}
	if err := contest.Run(all, rounds); err != nil {
		return err
	}
	fmt.Println(title)
	for _, c := range all {
		fmt.Printf("%-22s median %9.3f ms  %5.2fx direct   least %9.3f ms  %5.2fx direct\n",
			c.Name, c.Median()/1e6, c.Median()/all[0].Median(), c.Min()/1e6, c.Min()/all[0].Min())
	}
	return nil
}

// delayed measures reading people over ways that are longer.
func delayed(read string, all []way, login []string) error {
	var longer []way
	for _, w := range all {
		d, err := newDelay(w.address, delay)
		if err != nil {
			return err
		}
		defer d.close()
		w.address = d.address()
		longer = append(longer, w)
	}
	return measure("50,000 people, each byte "+delay.String()+" later in each direction", 3, read, longer, func(w way) []string {
		return append([]string{"bulk", w.kind, w.address}, login...)
	})
}

// endless measures what is carried of a source that never waits.
func endless(dir string, p programs, slapd *testserver.Slapd) error {
	s, err := record(slapd)
	if err != nil {
		return err
	}
	defer s.close()
	all, err := ways(dir, p.connector, s.address())
	if err != nil {
		return err
	}
	defer stop(all)
	return measure(fmt.Sprintf("%d MB of a source that never waits", s.total()>>20), 5, p.read, all, func(w way) []string {
		return []string{"endless", w.kind, w.address, slapd.Credentials.DN, slapd.Credentials.Password, strconv.Itoa(s.total())}
	})
}
