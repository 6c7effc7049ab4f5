package diff

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
)

// outline has a line for each definition added or removed and for each value
// of each change, by what the definitions are, so that it does not depend on
// which schema is asked about first once it is turned round.
func outline(r *Result, turned bool) []string {
	kinds := map[Kind]Kind{Added: Added, Removed: Removed, Changed: Changed, Reordered: Reordered}
	if turned {
		kinds[Added], kinds[Removed] = Removed, Added
	}
	var lines []string
	for _, c := range r.Collections {
		for _, d := range c.Added {
			lines = append(lines, fmt.Sprintf("%s %s %q", c.Name, kinds[Added], d.Raw))
		}
		for _, d := range c.Removed {
			lines = append(lines, fmt.Sprintf("%s %s %q", c.Name, kinds[Removed], d.Raw))
		}
		for _, d := range c.Changed {
			from, to := d.RawFrom, d.RawTo
			if turned {
				from, to = to, from
			}
			for _, x := range d.Changes {
				before, after := x.From, x.To
				if turned {
					before, after = after, before
				}
				head := fmt.Sprintf("%s %q %q %s %s", c.Name, from, to, x.Field, kinds[x.Kind])
				if x.Kind == Changed || x.Kind == Reordered {
					lines = append(lines, fmt.Sprintf("%s %q %q", head, before, after))
				}
				for _, value := range slices.Concat(before, after) {
					lines = append(lines, fmt.Sprintf("%s %q", head, value))
				}
			}
		}
	}
	slices.Sort(lines)
	return lines
}

func FuzzCompare(f *testing.F) {
	f.Add(around, around)
	for _, c := range cases {
		f.Add(c.from, c.to)
		f.Add(around+c.from, around+c.to)
	}
	f.Fuzz(func(t *testing.T, from, to string) {
		a, b := schema(from), schema(to)
		for _, o := range []*Options{nil, {Order: true}} {
			if r := Compare(a, a, o); !r.Equal() {
				t.Errorf("a schema differs from itself: %v", flat(r))
			}
			if r := Compare(a, schema(from), o); !r.Equal() {
				t.Errorf("a schema differs from its like: %v", flat(r))
			}
			there, back := Compare(a, b, o), Compare(b, a, o)
			if x, y := outline(there, false), outline(back, true); !slices.Equal(x, y) {
				t.Errorf("there\n%s\nback\n%s", strings.Join(x, "\n"), strings.Join(y, "\n"))
			}
			if err := there.WriteText(io.Discard); err != nil {
				t.Error(err)
			}
		}
	})
}
