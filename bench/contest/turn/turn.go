// Package turn is what the programs that compete in a benchmark have in common:
// see package contest.
package turn

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// Main calls run with the number of runs, which is the first argument, and with
// the other arguments, and ends the program.
func Main(run func(runs int, args []string) error) {
	runs, err := strconv.Atoi(os.Args[1])
	if err == nil {
		err = run(runs, os.Args[2:])
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", filepath.Base(os.Args[0]), err)
		os.Exit(1)
	}
}

// Time prints the nanoseconds that each run of once takes. Nothing is written
// before the last is over: whoever reads it would take the processor from the
// next.
func Time(runs int, once func() error) error {
	return Print(runs, func() (time.Duration, error) {
		begin := time.Now()
		err := once()
		return time.Since(begin), err
	})
}

// Print is Time for what measures itself.
func Print(runs int, measure func() (time.Duration, error)) error {
	times := make([]time.Duration, runs)
	for i := range times {
		var err error
		if times[i], err = measure(); err != nil {
			return err
		}
	}
	for _, t := range times {
		fmt.Println(t.Nanoseconds())
	}
	return nil
}
