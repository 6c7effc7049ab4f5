// Command modulesize tells what the browser's module weighs and of which
// packages its code is made:
//
//	modulesize [--write FILE] NAMED.wasm ASSETS
//
// NAMED.wasm is the module with its names; ASSETS is the folder where the
// viewer's build put the module as it is shipped, plain and compressed. The
// status is 1 if the compressed one is over the limit.
package main

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// limit is the most that the module may weigh compressed, in bytes.
const limit = 1_150_000

// shown is how many packages the table has.
const shown = 25

func main() {
	write := flag.String("write", "", "write the table to this file too")
	flag.Parse()
	if err := run(flag.Arg(0), flag.Arg(1), *write); err != nil {
		fmt.Fprintln(os.Stderr, "modulesize:", err)
		os.Exit(1)
	}
}

func run(named, assets, write string) error {
	plain, err := size(assets, "ldapedge-*.wasm")
	if err != nil {
		return err
	}
	compressed, err := size(assets, "ldapedge-*.wasm.br")
	if err != nil {
		return err
	}
	module, err := os.ReadFile(named)
	if err != nil {
		return err
	}
	packages, err := codeByPackage(module)
	if err != nil {
		return fmt.Errorf("%s: %w", named, err)
	}
	table := table(plain, compressed, packages)
	fmt.Print(table)
	if write != "" {
		if err := os.WriteFile(write, []byte(table), 0o644); err != nil {
			return err
		}
	}
	if compressed > limit {
		return fmt.Errorf("the module is %d bytes compressed, over the limit of %d", compressed, limit)
	}
	return nil
}

func size(dir, pattern string) (int64, error) {
	files, err := filepath.Glob(filepath.Join(dir, pattern))
	if err != nil {
		return 0, err
	}
	if len(files) != 1 {
		return 0, fmt.Errorf("%s has %d files like %s", dir, len(files), pattern)
	}
	info, err := os.Stat(files[0])
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

type weight struct {
	name string
	code int
}

func table(plain, compressed int64, packages []weight) string {
	var b strings.Builder
	total := 0
	for _, p := range packages {
		total += p.code
	}
	fmt.Fprintf(&b, "# What the browser's module weighs\n\n%.0f kB with brotli -11, at most %.0f; %.0f kB plain, of which %.0f kB are code.\n"+
		"`./build.sh size` writes this page.\n\n| package | code, kB | of all |\n|---|---:|---:|\n", float64(compressed)/1e3, float64(limit)/1e3, float64(plain)/1e3, float64(total)/1e3)
	for _, p := range packages[:min(shown, len(packages))] {
		fmt.Fprintf(&b, "| `%s` | %.1f | %.1f %% |\n", p.name, float64(p.code)/1e3, 100*float64(p.code)/float64(total))
	}
	return b.String()
}

// codeByPackage adds up the bodies of a module's functions by Go package,
// heaviest first.
func codeByPackage(module []byte) ([]weight, error) {
	r := reader{module}
	if magic := r.take(8); !bytes.Equal(magic, []byte("\x00asm\x01\x00\x00\x00")) {
		return nil, errors.New("not a WebAssembly module")
	}
	var bodies []int
	names := make(map[int]string)
	imported := 0
	for len(r.b) > 0 {
		id := r.take(1)
		section := reader{r.take(r.number())}
		if id == nil || section.b == nil {
			return nil, errors.New("a section is cut off")
		}
		switch id[0] {
		case 0:
			if string(section.take(section.number())) == "name" {
				functionNames(section, names)
			}
		case 2:
			imported = section.number()
		case 10:
			for range section.number() {
				n := section.number()
				bodies = append(bodies, n)
				section.take(n)
			}
		}
	}
	if len(bodies) == 0 || len(names) == 0 {
		return nil, errors.New("the module has no code or no names")
	}
	sums := make(map[string]int)
	for i, n := range bodies {
		sums[packageOf(names[imported+i])] += n
	}
	var all []weight
	for name, code := range sums {
		all = append(all, weight{name, code})
	}
	slices.SortFunc(all, func(a, b weight) int {
		return cmp.Or(cmp.Compare(b.code, a.code), strings.Compare(a.name, b.name))
	})
	return all, nil
}

// functionNames reads the subsection of the name section that names functions.
func functionNames(section reader, names map[int]string) {
	for len(section.b) > 0 {
		id := section.take(1)
		sub := reader{section.take(section.number())}
		if id[0] != 1 {
			continue
		}
		for range sub.number() {
			index := sub.number()
			names[index] = string(sub.take(sub.number()))
		}
	}
}

// packageOf cuts the package from a function's name, such as
// "encoding_json.__decodeState_.value": the linker writes "_" for what it does
// not allow, "/" among it.
func packageOf(function string) string {
	if function == "" {
		return "(without a name)"
	}
	name, _, ok := strings.Cut(strings.TrimPrefix(function, "type:."), ".")
	for _, prefix := range []string{"github", "golang"} {
		if name == prefix {
			_, rest, _ := strings.Cut(function, ".")
			more, _, _ := strings.Cut(rest, ".")
			name += "." + more
		}
	}
	if !ok {
		return "(glue)"
	}
	return name
}

// reader reads WebAssembly's integers and runs of bytes.
type reader struct{ b []byte }

func (r *reader) number() int {
	n, size := binary.Uvarint(r.b)
	r.take(max(size, 0))
	return int(n)
}

func (r *reader) take(n int) []byte {
	if n < 0 || n > len(r.b) {
		r.b = nil
		return nil
	}
	taken := r.b[:n]
	r.b = r.b[n:]
	return taken
}
