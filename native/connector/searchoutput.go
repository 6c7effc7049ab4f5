package main

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/ldapedge/ldapedge/formatters"
	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/ldif"
	"github.com/ldapedge/ldapedge/schemajson"
)

// entryWriter prints the entries of a search.
type entryWriter interface {
	entry(ldap.Entry) error
	// close prints what is held back.
	close() error
}

// newEntryWriter returns a writer of the format. schema is asked once there are
// entries.
func newEntryWriter(w io.Writer, format string, r message.SearchRequest, schema func() *schemajson.SchemaInfo, terminal bool) (entryWriter, error) {
	if format == "" {
		format = "json"
		if terminal {
			format = "table"
		}
	}
	out := &output{Writer: bufio.NewWriterSize(w, 64<<10), terminal: terminal}
	columns := &columns{wanted: r.Attributes, schema: schema}
	switch format {
	case "json":
		return &jsonWriter{output: out}, nil
	case "ldif":
		to := ldif.NewWriter(out)
		to.Printable = terminal
		return &ldifWriter{out, to, r.TypesOnly}, nil
	case "csv":
		if !columns.named() {
			return nil, errors.New("--format csv has the attributes that are asked for as columns: name them")
		}
		return newCSVWriter(out, columns)
	case "table":
		if !columns.named() {
			return &listWriter{output: out}, nil
		}
		return &tableWriter{output: out, columns: columns}, nil
	}
	return nil, fmt.Errorf("--format %q: json, ldif, csv or table is expected", format)
}

// isTerminal tells whether somebody reads along.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// output holds lines back until there are many, but not from a terminal.
type output struct {
	*bufio.Writer
	terminal bool
}

func (o *output) shown() error {
	if o.terminal {
		return o.Flush()
	}
	return nil
}

func (o *output) close() error { return o.Flush() }

type jsonWriter struct {
	*output
	line []byte
}

func (w *jsonWriter) entry(e ldap.Entry) error {
	w.line = e.AppendJSON(w.line[:0])
	if w.terminal {
		w.line = printableJSON(w.line)
	}
	w.line = append(w.line, '\n')
	if _, err := w.Write(w.line); err != nil {
		return err
	}
	return w.shown()
}

// printableJSON escapes what could steer a terminal, see [printable]; in JSON all
// of it is in strings.
func printableJSON(line []byte) (b []byte) {
	for _, r := range string(line) {
		if printable(string(r)) == string(r) {
			b = utf8.AppendRune(b, r)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			b = fmt.Appendf(b, `\u%04x`, unit)
		}
	}
	return b
}

type ldifWriter struct {
	*output
	to        *ldif.Writer
	typesOnly bool
}

func (w *ldifWriter) entry(e ldap.Entry) error {
	r := ldif.Record{DN: e.DN()}
	for a := range e.Entry.Attributes() {
		values := a.Strings()
		if w.typesOnly {
			values = []string{""}
		}
		r.Attributes = append(r.Attributes, ldif.Attribute{Name: a.Name(), Values: values})
	}
	if err := w.to.Write(&r); err != nil {
		return err
	}
	return w.shown()
}

// columns are the attributes that were asked for, in their order.
type columns struct {
	wanted []string
	schema func() *schemajson.SchemaInfo
	known  map[string]int // the column of what a server returns, -1 for none
}

// named tells whether all attributes have been asked for by name.
func (c *columns) named() bool {
	for _, name := range c.wanted {
		if name == "*" || name == "+" || name == "1.1" || name[0] == '@' {
			return false
		}
	}
	return len(c.wanted) > 0
}

// row returns an entry's values by column, the DN first.
func (c *columns) row(e ldap.Entry) []string {
	row := make([]string, len(c.wanted)+1)
	row[0] = e.DN()
	for a := range e.Attributes() {
		at := c.of(a.Name())
		if at < 0 {
			continue
		}
		for i, v := range a.Typed().Values {
			if i > 0 || row[at+1] != "" {
				row[at+1] += "|"
			}
			row[at+1] += v.String()
		}
	}
	return row
}

// of returns the column of an attribute: servers return another name of what was
// asked for, or options beside.
func (c *columns) of(returned string) int {
	if at, ok := c.known[returned]; ok {
		return at
	}
	at := -1
	for i, wanted := range c.wanted {
		if strings.EqualFold(wanted, returned) {
			at = i
			break
		}
		if at < 0 && c.same(wanted, returned) {
			at = i
		}
	}
	if c.known == nil {
		c.known = make(map[string]int)
	}
	c.known[returned] = at
	return at
}

func (c *columns) same(wanted, returned string) bool {
	name, options, _ := strings.Cut(returned, ";")
	wanted, wantedOptions, _ := strings.Cut(wanted, ";")
	if !strings.EqualFold(options, wantedOptions) && !strings.EqualFold(options, "binary") {
		return false
	}
	if strings.EqualFold(wanted, name) {
		return true
	}
	s := c.schema()
	return s != nil && s.AttributeType(name) != nil && s.AttributeType(name) == s.AttributeType(wanted)
}

type csvWriter struct {
	*output
	columns *columns
	to      *csv.Writer
}

func newCSVWriter(out *output, c *columns) (*csvWriter, error) {
	w := &csvWriter{out, c, csv.NewWriter(out)}
	return w, w.to.Write(append([]string{"dn"}, c.wanted...))
}

func (w *csvWriter) entry(e ldap.Entry) error {
	row := w.columns.row(e)
	if !w.terminal {
		return w.to.Write(row)
	}
	for i := range row {
		row[i] = printable(row[i])
	}
	if err := w.to.Write(row); err != nil {
		return err
	}
	w.to.Flush()
	return w.shown()
}

func (w *csvWriter) close() error {
	w.to.Flush()
	return errors.Join(w.to.Error(), w.output.close())
}

// texts are values as people read them.
func texts(v formatters.Values) []string {
	all := make([]string, len(v.Values))
	for i, one := range v.Values {
		all[i] = one.String()
	}
	return all
}
