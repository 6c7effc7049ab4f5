// Command parse times schemajson on definitions: it reads lines
// "COLLECTION<tab>DEFINITION" from standard input and prints, for each of the
// number of runs given, the nanoseconds from the strings to the complete
// indexed and linked model. With "json" as second argument the input is
// ldap3's JSON, and reading it counts too.
//
// On standard error it prints the number of definitions and, without "json",
// the bytes that a schema takes and those of the definitions alone.
package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strconv"

	"github.com/ldapedge/ldapedge/bench/contest/turn"
	"github.com/ldapedge/ldapedge/schemajson"
)

func main() { turn.Main(run) }

func run(runs int, args []string) error {
	input, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	parse := func() (*schemajson.SchemaInfo, error) { return schemajson.SchemaInfoFromJSON(input) }
	if len(args) == 0 {
		attributes := definitions(input)
		parse = func() (*schemajson.SchemaInfo, error) { return schemajson.Parse("", attributes), nil }
	}
	count := 0
	err = turn.Time(runs, func() error {
		s, err := parse()
		if err == nil {
			count = len(s.AttributeTypes) + len(s.ObjectClasses)
		}
		return err
	})
	if err != nil {
		return err
	}
	note := strconv.Itoa(count)
	if len(args) == 0 {
		note += " " + memory(input)
	}
	fmt.Fprintln(os.Stderr, note)
	return nil
}

// definitions returns the input's, each value a string of its own, as a server's
// answer makes them.
func definitions(input []byte) []schemajson.Attribute {
	var all []schemajson.Attribute
	for line := range bytes.Lines(input) {
		collection, definition, _ := bytes.Cut(bytes.TrimSuffix(line, []byte("\n")), []byte("\t"))
		if len(all) == 0 || all[len(all)-1].Name != string(collection) {
			all = append(all, schemajson.Attribute{Name: string(collection)})
		}
		last := &all[len(all)-1]
		last.Values = append(last.Values, string(definition))
	}
	for i := range all {
		all[i].Values = slices.Clip(slices.Clone(all[i].Values))
	}
	return all
}

// memory returns the bytes that a schema takes, and those of its definitions: what
// is still on the heap after collecting, the strings and lists that it refers to
// included, as the mean of several.
func memory(input []byte) string {
	heap := func() uint64 {
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	const copies = 20
	text := 0
	before := heap()
	var kept []*schemajson.SchemaInfo
	for range copies {
		attributes := definitions(input)
		for _, a := range attributes {
			for _, v := range a.Values {
				text += len(v)
			}
		}
		kept = append(kept, schemajson.Parse("", attributes))
	}
	after := heap()
	runtime.KeepAlive(kept)
	return fmt.Sprint((after-before)/copies, " ", text/copies)
}
