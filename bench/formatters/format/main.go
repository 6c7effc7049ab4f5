// Command format times package formatters on the values of bench/formatters,
// from standard input: it prints, for each of the number of runs given, the
// nanoseconds of the processor that all values take, each attribute looked up
// once. To standard error goes a line for each attribute: the
// nanoseconds that one of its values takes among its like, and how often that
// allocates.
package main

import (
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/ldapedge/ldapedge/bench/contest/turn"
	"github.com/ldapedge/ldapedge/formatters"
	"github.com/ldapedge/ldapedge/schemajson"
)

func main() { turn.Main(run) }

// values are values as they are in the input. There are no pointers to them:
// a million would burden the collector, and be no part of what is measured.
type values struct {
	names []string
	bytes []byte
	at    []place
}

// place is where a value's bytes are, and which attribute's it is.
type place struct{ name, from, to uint32 }

func run(runs int, _ []string) error {
	input, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	text, input := part(input)
	schema, err := schemajson.SchemaInfoFromJSON(text)
	if err != nil {
		return err
	}
	f := formatters.New(schema, nil)
	list, input := part(input)
	names := strings.Split(string(list), "\n")
	all := readValues(input, names)
	if err := turn.Print(runs, func() (time.Duration, error) { return all.format(f) }); err != nil {
		return err
	}
	for i := range names {
		like := all.of(uint32(i))
		n, err := like.allocations(f)
		if err != nil {
			return err
		}
		elapsed, err := like.format(f)
		if err != nil {
			return err
		}
		fmt.Fprintln(os.Stderr, float64(elapsed.Nanoseconds())/float64(len(like.at)), n)
	}
	return nil
}

// part cuts off what has its length before it.
func part(input []byte) (first, rest []byte) {
	n := 4 + binary.BigEndian.Uint32(input)
	return input[4:n], input[n:]
}

func readValues(input []byte, names []string) values {
	all := values{names: names, bytes: input}
	for i := uint32(0); i < uint32(len(input)); {
		from := i + 3
		to := from + uint32(binary.BigEndian.Uint16(input[i+1:]))
		all.at = append(all.at, place{uint32(input[i]), from, to})
		i = to
	}
	return all
}

// of returns the values of one attribute.
func (v values) of(name uint32) values {
	like := values{names: v.names, bytes: v.bytes}
	for _, at := range v.at {
		if at.name == name {
			like.at = append(like.at, at)
		}
	}
	return like
}

func (v values) format(f *formatters.Formatters) (elapsed time.Duration, err error) {
	begin := used()
	attributes := make([]*formatters.Attribute, len(v.names))
	for i, name := range v.names {
		attributes[i] = f.Attribute(name)
	}
	for _, at := range v.at {
		if _, err := attributes[at.name].Format(v.bytes[at.from:at.to]); err != nil {
			return 0, err
		}
	}
	return used() - begin, nil
}

// allocations returns how often formatting one of the values allocates.
func (v values) allocations(f *formatters.Formatters) (float64, error) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := v.format(f); err != nil {
		return 0, err
	}
	runtime.ReadMemStats(&after)
	return float64(after.Mallocs-before.Mallocs) / float64(len(v.at)), nil
}
