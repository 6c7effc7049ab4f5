// Package contest runs the contestants of a benchmark, each a program of its
// own, in turns.
package contest

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Contestant is a program that is given its input on standard input and, as
// first of its Args, the number of runs, and prints the nanoseconds of each. The
// first tenth of a turn's runs is to warm up and does not count.
type Contestant struct {
	Name  string
	Runs  int
	Input []byte
	// Program is the program, with the script if it is an interpreter.
	Program []string
	// Args are the arguments after the number of runs.
	Args []string

	// Times are the nanoseconds of all runs.
	Times []float64
	// Notes are the numbers that it wrote to standard error in its last turn.
	Notes []float64
}

// Main calls a benchmark's run with a folder for its programs, and ends the
// program.
func Main(run func(dir string) error) {
	dir, err := os.MkdirTemp("", "bench-")
	if err == nil {
		err = errors.Join(run(dir), os.RemoveAll(dir))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// Run lets all run in turns, so many each, or as many as the environment's
// BENCH_ROUNDS says, and prints how many. With one round, to see that all is there,
// each has a fifth of its runs.
func Run(all []*Contestant, rounds int) error {
	if text := os.Getenv("BENCH_ROUNDS"); text != "" {
		var err error
		if rounds, err = strconv.Atoi(text); err != nil || rounds < 1 {
			return fmt.Errorf("BENCH_ROUNDS is %q, not a number of rounds", text)
		}
	}
	fmt.Printf("%d rounds\n", rounds)
	if rounds == 1 {
		for _, c := range all {
			c.Runs = max(c.Runs/5, 1)
		}
	}
	for range rounds {
		for _, c := range all {
			if err := c.turn(); err != nil {
				return fmt.Errorf("%s: %w", c.Name, err)
			}
		}
	}
	return nil
}

func (c *Contestant) turn() error {
	args := slices.Concat(c.Program[1:], []string{strconv.Itoa(c.Runs)}, c.Args)
	cmd := exec.Command(c.Program[0], args...)
	cmd.Stdin = bytes.NewReader(c.Input)
	var notes bytes.Buffer
	cmd.Stderr = &notes
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("%w: %s", err, &notes)
	}
	if c.Notes, err = numbers(notes.String()); err != nil {
		return err
	}
	times, err := numbers(string(out))
	if err != nil {
		return err
	}
	if len(times) != c.Runs {
		return fmt.Errorf("%d times of %d runs", len(times), c.Runs)
	}
	c.Times = append(c.Times, times[c.Runs/10:]...)
	return nil
}

func numbers(text string) (all []float64, err error) {
	for _, word := range strings.Fields(text) {
		n, err := strconv.ParseFloat(word, 64)
		if err != nil {
			return nil, err
		}
		all = append(all, n)
	}
	return all, nil
}

// Median returns the median of all runs.
func (c *Contestant) Median() float64 {
	sorted := slices.Sorted(slices.Values(c.Times))
	return sorted[len(sorted)/2]
}

// Min returns the fastest of all runs.
func (c *Contestant) Min() float64 { return slices.Min(c.Times) }

// Programs are a Go program, built for this machine and as WebAssembly.
type Programs struct {
	Native, Wasm []string
}

// Build compiles the package into the folder.
func Build(dir, pkg string) (p Programs, err error) {
	name := filepath.Join(dir, filepath.Base(pkg))
	err = Steps(
		[]string{"go", "build", "-o", name, pkg},
		[]string{"env", "GOOS=js", "GOARCH=wasm", "go", "build", "-o", name + ".wasm", pkg},
	)
	if err != nil {
		return p, err
	}
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return p, err
	}
	node := filepath.Join(strings.TrimSpace(string(goroot)), "lib", "wasm", "go_js_wasm_exec")
	return Programs{Native: []string{name}, Wasm: []string{node, name + ".wasm"}}, nil
}

// Steps runs programs one after the other.
func Steps(steps ...[]string) error {
	for _, step := range steps {
		if out, err := exec.Command(step[0], step[1:]...).CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w: %s", strings.Join(step, " "), err, out)
		}
	}
	return nil
}
