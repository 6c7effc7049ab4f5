package main

import (
	"cmp"
	"strings"
	"unicode/utf8"

	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/ldap/entrytext"
)

// Of a table with many entries the first say how wide the columns are. On a
// terminal what is wider than widestCell is cut.
const (
	sampledRows = 100
	widestCell  = 48
)

// tableWriter prints a row for each entry.
type tableWriter struct {
	*output
	columns *entrytext.Columns
	wanted  []string
	held    [][]string // until the widths are known
	widths  []int
}

func (w *tableWriter) entry(e ldap.Entry) error {
	row := w.columns.Row(e)
	for i := range row {
		row[i] = w.cell(row[i])
	}
	if w.widths != nil {
		if err := w.print(row); err != nil {
			return err
		}
		return w.shown()
	}
	if w.held = append(w.held, row); len(w.held) < sampledRows {
		return nil
	}
	return w.begin()
}

// cell is a value as it stands in a table.
func (w *tableWriter) cell(s string) string {
	s = printable(s)
	if w.terminal && utf8.RuneCountInString(s) > widestCell {
		s = string([]rune(s)[:widestCell-1]) + "…"
	}
	return s
}

// begin prints the header and the rows that were held back.
func (w *tableWriter) begin() error {
	header := []string{"DN"}
	for _, name := range w.wanted {
		header = append(header, strings.ToUpper(printable(name)))
	}
	w.widths = make([]int, len(header))
	rows := append([][]string{header}, w.held...)
	for _, row := range rows {
		for i, cell := range row {
			w.widths[i] = max(w.widths[i], utf8.RuneCountInString(cell))
		}
	}
	for _, row := range rows {
		if err := w.print(row); err != nil {
			return err
		}
	}
	w.held = nil
	return w.shown()
}

func (w *tableWriter) print(row []string) error {
	var line strings.Builder
	for i, cell := range row {
		line.WriteString(cell)
		line.WriteString(strings.Repeat(" ", max(w.widths[i]-utf8.RuneCountInString(cell), 0)+2))
	}
	_, err := w.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	return err
}

func (w *tableWriter) close() error {
	if len(w.held) > 0 {
		if err := w.begin(); err != nil {
			return err
		}
	}
	return w.output.close()
}

// listWriter prints an entry as a list of its attributes, a line for each value.
type listWriter struct {
	*output
	begun bool
}

func (w *listWriter) entry(e ldap.Entry) error {
	var b strings.Builder
	if w.begun {
		b.WriteByte('\n')
	}
	w.begun = true
	b.WriteString(printable(cmp.Or(e.DN(), "(root DSE)")) + "\n")
	width := 0
	for a := range e.Attributes() {
		width = max(width, utf8.RuneCountInString(printable(a.Name())))
	}
	for a := range e.Attributes() {
		name := printable(a.Name())
		values := texts(a.Typed())
		if len(values) == 0 {
			values = []string{""}
		}
		for i, v := range values {
			if i > 0 {
				name = ""
			}
			line := "  " + name + strings.Repeat(" ", width-utf8.RuneCountInString(name)+2) + printable(v)
			b.WriteString(strings.TrimRight(line, " ") + "\n")
		}
	}
	if _, err := w.WriteString(b.String()); err != nil {
		return err
	}
	return w.shown()
}
