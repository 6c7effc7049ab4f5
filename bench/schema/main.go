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
	"path/filepath"

	"github.com/ldapedge/ldapedge/bench/contest"
	"github.com/ldapedge/ldapedge/schemajson"
	"github.com/ldapedge/ldapedge/schemajson/offline"
)

const rounds = 10

func main() { contest.Main(run) }

func run(dir string) error {
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
	if err := contest.Run(all, rounds); err != nil {
		return err
	}
	for _, c := range all {
		if len(c.Notes) > 0 && int(c.Notes[0]) != count {
			return fmt.Errorf("%s: %v definitions of %d", c.Name, c.Notes[0], count)
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
func build(dir string, lines, text []byte) ([]*contest.Contestant, error) {
	libldap := filepath.Join(dir, "libldap")
	if err := contest.Steps([]string{"gcc", "-O2", "-o", libldap, "schema/peers/libldap.c", "-lldap", "-llber"}); err != nil {
		return nil, err
	}
	parse, err := contest.Build(dir, "./schema/parse")
	if err != nil {
		return nil, err
	}
	return []*contest.Contestant{
		{Name: "libldap, bare definitions", Runs: 100, Input: lines, Program: []string{libldap}},
		{Name: "native, complete model", Runs: 100, Input: lines, Program: parse.Native},
		{Name: "WebAssembly in Node, complete model", Runs: 60, Input: lines, Program: parse.Wasm},
		{Name: "native, JSON and complete model", Runs: 100, Input: text, Program: parse.Native, Args: []string{"json"}},
		{Name: "ldap3, without its JSON", Runs: 10, Input: text, Program: []string{"/usr/bin/python3", "schema/peers/ldap3_time.py"}},
	}, nil
}

func report(all []*contest.Contestant, definitions int) {
	libldap, native, wasm := all[0], all[1], all[2]
	heap, text := native.Notes[1], native.Notes[2]
	fmt.Printf("AD_2012_R2, %d definitions, %.0f bytes; median and least\n", definitions, text)
	for _, c := range all {
		fmt.Printf("%-36s %8.3f ms %6.2fx libldap   least %8.3f ms %6.2fx libldap\n",
			c.Name, c.Median()/1e6, c.Median()/libldap.Median(), c.Min()/1e6, c.Min()/libldap.Min())
	}
	fmt.Printf("WebAssembly takes %.2f times as long as native, at least %.2f\n", wasm.Median()/native.Median(), wasm.Min()/native.Min())
	fmt.Printf("memory of the model, text included: %.0f bytes, %.2f times the text\n", heap, heap/text)
}
