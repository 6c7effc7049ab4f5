// Command schema measures how long it takes from the strings of AD_2012_R2's
// definitions to a schema, side by side: OpenLDAP's libldap (the bare
// definitions), this module natively and as WebAssembly in Node (the complete
// indexed and linked model), and python ldap3. Every row is given as a
// multiple of libldap's.
//
// The contestants run in turn, several rounds of many runs each; the figures
// are medians over all runs. It needs gcc, libldap's headers, node and
// python3-ldap3.
package main

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

	"github.com/ldapedge/ldapedge/schemajson"
	"github.com/ldapedge/ldapedge/schemajson/offline"
)

const rounds = 5

// contestant is a program that prints the nanoseconds of each run.
type contestant struct {
	name  string
	runs  int
	input []byte
	cmd   []string

	times []float64
	note  string
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
	lines, err := definitionLines(text)
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
		}
	}
	report(all, len(lines))
	return nil
}

func definitionLines(text []byte) ([]byte, error) {
	s, err := schemajson.SchemaInfoFromJSON(text)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	for _, a := range s.Raw {
		if !strings.HasPrefix(a.Name, "attributeTypes") && !strings.HasPrefix(a.Name, "objectClasses") {
			continue
		}
		for _, v := range a.Values {
			fmt.Fprintf(&b, "%s\t%s\n", a.Name, v)
		}
	}
	return b.Bytes(), nil
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
		{name: "ldap3, without its JSON", runs: 5, input: text, cmd: []string{"/usr/bin/python3", "schema/peers/ldap3_time.py"}},
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
	c.note = strings.TrimSpace(notes.String())
	for line := range strings.Lines(string(out)) {
		ns, err := strconv.ParseFloat(strings.TrimSpace(line), 64)
		if err != nil {
			return err
		}
		c.times = append(c.times, ns)
	}
	if len(c.times) == 0 {
		return errors.New("it printed no times")
	}
	return nil
}

func median(times []float64) float64 {
	sorted := slices.Sorted(slices.Values(times))
	return sorted[len(sorted)/2]
}

func report(all []*contestant, bytes int) {
	base := median(all[0].times)
	fmt.Printf("AD_2012_R2, %d bytes of attributeTypes and objectClasses; medians of %d rounds\n", bytes, rounds)
	for _, c := range all {
		m := median(c.times)
		fmt.Printf("%-38s %8.3f ms  min %8.3f  %6.2fx libldap\n", c.name, m/1e6, slices.Min(c.times)/1e6, m/base)
	}
	var heap, text float64
	if _, err := fmt.Sscan(all[1].note, &heap, &text); err == nil {
		fmt.Printf("memory of the model, text included: %.0f bytes, %.2f times the text\n", heap, heap/text)
	}
}
