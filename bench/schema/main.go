// Command schema measures how long it takes from the strings of AD_2012_R2's
// definitions to a schema, side by side: OpenLDAP's libldap (the bare
// definitions), this module natively and as WebAssembly in Node (the complete
// indexed and linked model), and python ldap3. Every row is given as a
// multiple of libldap's.
//
// libldap, native and WebAssembly get the same strings. The two others get the
// whole document, where content rules make a third more text. Collecting garbage
// is within the times of Go and Python; libldap's leave out freeing what it made.
//
// The contestants run in turn, each a process of its own, several rounds of
// many runs each. The first tenth of a process's runs is to warm up and does
// not count; the figures are the median and the least of all others. It needs
// gcc, libldap's headers, node and python3-ldap3.
package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/ldapedge/ldapedge/schemajson"
	"github.com/ldapedge/ldapedge/schemajson/offline"
)

const rounds = 10

// contestant is a program that prints the nanoseconds of each run, and on
// standard error the number of definitions that it got out of its input.
type contestant struct {
	name  string
	runs  int
	input []byte
	cmd   []string

	times []float64
	notes []float64 // the numbers on standard error
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run() error {
	dir, err := os.MkdirTemp("", "bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	text, _, err := offline.Text("AD_2012_R2")
	if err != nil {
		return err
	}
	lines, count, err := definitionLines(text)
	if err != nil {
		return err
	}
	all, err := build(dir, lines, text)
	if err != nil {
		return err
	}
	for range rounds {
		for _, c := range all {
			if err := c.run(); err != nil {
				return fmt.Errorf("%s: %w", c.name, err)
			}
			if len(c.notes) > 0 && int(c.notes[0]) != count {
				return fmt.Errorf("%s: %v definitions of %d", c.name, c.notes[0], count)
			}
		}
	}
	report(all, count)
	return nil
}

// definitionLines returns the definitions that libldap is asked to parse, one a
// line, and their number.
func definitionLines(text []byte) (lines []byte, count int, err error) {
	s, err := schemajson.SchemaInfoFromJSON(text)
	if err != nil {
		return nil, 0, err
	}
	var b bytes.Buffer
	for _, a := range s.Raw {
		if a.Name != schemajson.CollectionAttributeTypes && a.Name != schemajson.CollectionObjectClasses {
			continue
		}
		for _, v := range a.Values {
			fmt.Fprintf(&b, "%s\t%s\n", a.Name, v)
		}
		count += len(a.Values)
	}
	return b.Bytes(), count, nil
}

// build compiles the contestants.
func build(dir string, lines, text []byte) ([]*contestant, error) {
	libldap, native, wasm := filepath.Join(dir, "libldap"), filepath.Join(dir, "native"), filepath.Join(dir, "parse.wasm")
	steps := [][]string{
		{"gcc", "-O2", "-o", libldap, "schema/peers/libldap.c", "-lldap", "-llber"},
		{"go", "build", "-o", native, "./schema/parse"},
		{"env", "GOOS=js", "GOARCH=wasm", "go", "build", "-o", wasm, "./schema/parse"},
	}
	for _, step := range steps {
		if out, err := exec.Command(step[0], step[1:]...).CombinedOutput(); err != nil {
			return nil, fmt.Errorf("%s: %w: %s", strings.Join(step, " "), err, out)
		}
	}
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return nil, err
	}
	node := filepath.Join(strings.TrimSpace(string(goroot)), "lib", "wasm", "go_js_wasm_exec")
	return []*contestant{
		{name: "libldap, bare definitions", runs: 100, input: lines, cmd: []string{libldap}},
		{name: "native, complete model", runs: 100, input: lines, cmd: []string{native}},
		{name: "WebAssembly in Node, complete model", runs: 60, input: lines, cmd: []string{node, wasm}},
		{name: "native, JSON and complete model", runs: 100, input: text, cmd: []string{native, "json"}},
		{name: "ldap3, without its JSON", runs: 10, input: text, cmd: []string{"/usr/bin/python3", "schema/peers/ldap3_time.py"}},
	}, nil
}

func (c *contestant) run() error {
	args := append([]string{}, c.cmd[1:]...)
	// The number of runs is the first argument after the program or script.
	at := len(args)
	if at > 0 && args[at-1] == "json" {
		at--
	}
	args = slices.Insert(args, at, strconv.Itoa(c.runs))
	cmd := exec.Command(c.cmd[0], args...)
	cmd.Stdin = bytes.NewReader(c.input)
	var notes bytes.Buffer
	cmd.Stderr = &notes
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("%w: %s", err, &notes)
	}
	if c.notes, err = numbers(notes.String()); err != nil {
		return err
	}
	times, err := numbers(string(out))
	if err != nil {
		return err
	}
	if len(times) != c.runs {
		return fmt.Errorf("%d times of %d runs", len(times), c.runs)
	}
	c.times = append(c.times, times[c.runs/10:]...)
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

func median(times []float64) float64 {
	sorted := slices.Sorted(slices.Values(times))
	return sorted[len(sorted)/2]
}

func report(all []*contestant, definitions int) {
	libldap, native, wasm := all[0], all[1], all[2]
	middle, least := median(libldap.times), slices.Min(libldap.times)
	heap, text := native.notes[1], native.notes[2]
	fmt.Printf("AD_2012_R2, %d definitions, %.0f bytes; median and least of %d rounds\n", definitions, text, rounds)
	for _, c := range all {
		m, l := median(c.times), slices.Min(c.times)
		fmt.Printf("%-36s %8.3f ms %6.2fx libldap   least %8.3f ms %6.2fx libldap\n", c.name, m/1e6, m/middle, l/1e6, l/least)
	}
	fmt.Printf("WebAssembly takes %.2f times as long as native, at least %.2f\n", median(wasm.times)/median(native.times), slices.Min(wasm.times)/slices.Min(native.times))
	fmt.Printf("memory of the model, text included: %.0f bytes, %.2f times the text\n", heap, heap/text)
}
