package faults

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"
	"text/tabwriter"
	"time"
)

// Report is what came of a run.
type Report struct {
	// Name says what was tried: what the clients do, and the pool's strategy.
	Name string
	// Opened is the number of connections that were opened and answered, or of
	// searches that were.
	Opened int
	// Failed are those that failed, by the error's text.
	Failed map[string]int
	// Slowest, Half and Most are the time of the slowest one, and those
	// within which half and 99 in 100 of them were done.
	Slowest, Half, Most time.Duration
	// ByServer counts the connections by the server's URL.
	ByServer map[string]int
}

// Failures returns the number of openings that failed.
func (r *Report) Failures() (n int) {
	for _, count := range r.Failed {
		n += count
	}
	return n
}

// collector makes a report of what clients tell it.
type collector struct {
	mu     sync.Mutex
	report Report
	times  []time.Duration
}

func newCollector(name string) *collector {
	return &collector{report: Report{Name: name, Failed: make(map[string]int), ByServer: make(map[string]int)}}
}

func (c *collector) opened(server string, took time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.report.Opened++
	c.report.ByServer[server]++
	c.times = append(c.times, took)
}

func (c *collector) failed(text string, took time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.report.Failed[text]++
	c.times = append(c.times, took)
}

func (c *collector) done() *Report {
	c.mu.Lock()
	defer c.mu.Unlock()
	slices.Sort(c.times)
	if n := len(c.times); n > 0 {
		c.report.Slowest, c.report.Half, c.report.Most = c.times[n-1], c.times[n/2], c.times[n*99/100]
	}
	return &c.report
}

// Write writes reports as a table, and the errors that there were below it.
func Write(w io.Writer, reports []*Report) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "clients\tdone\tfailed\thalf within\t99 % within\tslowest")
	for _, r := range reports {
		fmt.Fprintf(t, "%s\t%d\t%d\t%s\t%s\t%s\n", r.Name, r.Opened, r.Failures(),
			r.Half.Round(10*time.Microsecond), r.Most.Round(100*time.Microsecond), r.Slowest.Round(time.Millisecond))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, r := range reports {
		for _, text := range slices.Sorted(maps.Keys(r.Failed)) {
			if _, err := fmt.Fprintf(w, "%s: %d times: %s\n", r.Name, r.Failed[text], text); err != nil {
				return err
			}
		}
	}
	return nil
}
