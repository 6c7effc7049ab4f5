package diff

import (
	"fmt"
	"io"
	"strconv"
	"strings"
)

// mostValues is how many values of a list people are shown.
const mostValues = 8

// WriteText writes the result for people: a line of totals, then a line for
// each definition added or removed and for each change, breaking ones first.
// Long lists of values are cut short. It writes nothing but the totals if the
// schemas are equal.
func (r *Result) WriteText(w io.Writer) error {
	var b strings.Builder
	s := &r.Summary
	if r.Equal() {
		b.WriteString("no differences\n")
	} else {
		fmt.Fprintf(&b, "%d added, %d removed, %d changed: %d breaking, %d compatible, %d cosmetic\n",
			s.Added, s.Removed, s.Changed, s.Breaking, s.Compatible, s.Cosmetic)
	}
	for _, effect := range []Effect{Breaking, Compatible, Cosmetic} {
		var lines strings.Builder
		for i := range r.Collections {
			r.Collections[i].writeLines(&lines, effect)
		}
		if lines.Len() > 0 {
			b.WriteString("\n" + string(effect) + ":\n" + lines.String())
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// writeLines writes what has the effect.
func (c *Collection) writeLines(b *strings.Builder, effect Effect) {
	line := func(name, oid, what, reason string) {
		label := plain(name)
		if oid != "" && oid != name {
			label += " (" + plain(oid) + ")"
		}
		b.WriteString("  " + c.Name + " " + label + ": " + what + "; " + reason + "\n")
	}
	for _, d := range c.Removed {
		if d.Effect == effect {
			line(d.Name, d.OID, "removed", d.Reason)
		}
	}
	for _, d := range c.Added {
		if d.Effect == effect {
			line(d.Name, d.OID, "added", d.Reason)
		}
	}
	for _, d := range c.Changed {
		for i := range d.Changes {
			if change := &d.Changes[i]; change.Effect == effect {
				line(d.Name, d.OID, change.text(), change.Reason)
			}
		}
	}
}

// text says what has become of the field.
func (c *Change) text() string {
	field := plain(c.Field)
	switch c.Kind {
	case Added:
		return field + " + " + shown(c.To)
	case Removed:
		return field + " - " + shown(c.From)
	case Reordered:
		return field + " in another order: " + shown(c.To)
	}
	return field + " " + shown(c.From) + " → " + shown(c.To)
}

// shown shows values, the first of them if there are many.
func shown(values []string) string {
	var b strings.Builder
	for i, value := range values {
		if i > 0 {
			b.WriteString(", ")
		}
		if i == mostValues && len(values) > mostValues+1 {
			b.WriteString("… (" + strconv.Itoa(len(values)-mostValues) + " more)")
			break
		}
		b.WriteString(plain(value))
	}
	return b.String()
}

// plain shows a piece of a definition as it is, or quoted if it is empty, has
// anything in it that a terminal would obey, or could be taken for more than
// one piece. What is long is cut short.
func plain(s string) string {
	const most = 80
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "…"
	}
	if quoted := strconv.Quote(s); quoted != `"`+s+`"` || s == "" || strings.ContainsAny(s, " ,;:") {
		return quoted
	}
	return s
}
