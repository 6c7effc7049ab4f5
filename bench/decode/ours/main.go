// Command ours times the decoding of a captured stream of search responses, from
// standard input: it prints, for each of the number of runs given, the
// nanoseconds that it takes. The other argument is how: "walk" goes over the
// headers of all elements and looks at nothing else, "machine" has a machine
// take the stream and walks all attributes and values.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/ldapedge/ldapedge/bench/contest/turn"
	"github.com/ldapedge/ldapedge/bench/search/people"
	"github.com/ldapedge/ldapedge/ldap/message"
)

func main() { turn.Main(run) }

func run(runs int, args []string) error {
	stream, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	if args[0] == "walk" {
		return turn.Time(runs, func() error {
			n, err := walk(stream)
			if err == nil && n < people.Count {
				err = fmt.Errorf("%d elements", n)
			}
			return err
		})
	}
	return turn.Time(runs, func() error { return people.All(machine(stream)) })
}

// walk returns the number of elements.
func walk(b []byte) (elements int, err error) {
	for len(b) > 0 {
		if len(b) < 2 {
			return 0, io.ErrUnexpectedEOF
		}
		length, header := int(b[1]), 2
		if length >= 0x80 {
			n := length & 0x7f
			if n > 4 || len(b) < 2+n {
				return 0, errors.New("bad length")
			}
			length = 0
			for _, c := range b[2 : 2+n] {
				length = length<<8 | int(c)
			}
			header += n
		}
		if length > len(b)-header {
			return 0, io.ErrUnexpectedEOF
		}
		elements++
		if b[0]&0x20 != 0 { // constructed: what is in it comes next
			b = b[header:]
		} else {
			b = b[header+length:]
		}
	}
	return elements, nil
}

// machine returns the number of entries.
func machine(b []byte) (entries int, err error) {
	m := new(message.Machine)
	if _, err := m.Search(message.SearchRequest{}); err != nil {
		return 0, err
	}
	sum := 0
	m.Take(b)
	for {
		event, ok, err := m.Next()
		if err != nil {
			return 0, err
		}
		if !ok {
			break
		}
		if event.Op != message.OpSearchResultEntry {
			continue
		}
		e, err := event.Entry()
		if err != nil {
			return 0, err
		}
		entries++
		sum += len(e.DNBytes())
		for a := range e.Attributes() {
			sum += len(a.NameBytes())
			for v := range a.Values() {
				sum += len(v)
			}
		}
	}
	if sum == 0 {
		return 0, errors.New("nothing is in the entries")
	}
	return entries, nil
}
