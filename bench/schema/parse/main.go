// Command parse times schemajson on definitions: it reads lines
// "COLLECTION<tab>DEFINITION" from standard input and prints, for each of the
// number of runs given, the nanoseconds from the strings to the complete
// indexed and linked model. With "json" as second argument the input is
// ldap3's JSON, and reading it counts too.
package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ldapedge/ldapedge/schemajson"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "parse:", err)
		os.Exit(1)
	}
}

func run() error {
	runs, err := strconv.Atoi(os.Args[1])
	if err != nil {
		return err
	}
	input, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	parse := func() int {
		s, err := schemajson.SchemaInfoFromJSON(input)
		if err != nil {
			panic(err)
		}
		return len(s.AttributeTypes) + len(s.ObjectClasses)
	}
	if len(os.Args) < 3 {
		attributes := definitions(input)
		parse = func() int {
			s := schemajson.Parse("", attributes)
			return len(s.AttributeTypes) + len(s.ObjectClasses)
		}
	}
	for range runs {
		begin := time.Now()
		n := parse()
		elapsed := time.Since(begin)
		if n == 0 {
			return fmt.Errorf("nothing was parsed")
		}
		fmt.Println(elapsed.Nanoseconds())
	}
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, memory(input))
	}
	return nil
}

func definitions(input []byte) []schemajson.Attribute {
	var all []schemajson.Attribute
	for line := range bytes.Lines(input) {
		collection, definition, _ := strings.Cut(strings.TrimSuffix(string(line), "\n"), "\t")
		if len(all) == 0 || all[len(all)-1].Name != collection {
			all = append(all, schemajson.Attribute{Name: collection})
		}
		last := &all[len(all)-1]
		last.Values = append(last.Values, definition)
	}
	for i := range all {
		all[i].Values = slices.Clip(slices.Clone(all[i].Values))
	}
	return all
}

// memory returns the bytes that a schema takes, text included, and the text's.
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
