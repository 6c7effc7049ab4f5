package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/ldapedge/ldapedge/formatters"
	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/ldap/entrytext"
	"github.com/ldapedge/ldapedge/ldap/message"
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
	columns := entrytext.NewColumns(r.Attributes, schema)
	switch format {
	case "table":
		if !columns.Named() {
			return &listWriter{output: out}, nil
		}
		return &tableWriter{output: out, columns: columns, wanted: r.Attributes}, nil
	case "json", "ldif", "csv":
		return newTextWriter(out, entrytext.Format(format), r, schema)
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

// textWriter prints what can be read again.
type textWriter struct {
	*output
	to entrytext.Writer
}

func newTextWriter(out *output, format entrytext.Format, r message.SearchRequest, schema func() *schemajson.SchemaInfo) (entryWriter, error) {
	o := entrytext.Options{Attributes: r.Attributes, TypesOnly: r.TypesOnly, Schema: schema}
	if out.terminal {
		o.Printable = printable
	}
	to, err := entrytext.NewWriter(out, format, o)
	if errors.Is(err, entrytext.ErrNoColumns) {
		return nil, errors.New("--format csv has the attributes that are asked for as columns: name them")
	}
	return &textWriter{out, to}, err
}

func (w *textWriter) entry(e ldap.Entry) error {
	if err := w.to.Write(e); err != nil {
		return err
	}
	if !w.terminal {
		return nil
	}
	return errors.Join(w.to.Flush(), w.shown())
}

func (w *textWriter) close() error { return errors.Join(w.to.Flush(), w.output.close()) }

// texts are values as people read them.
func texts(v formatters.Values) []string {
	all := make([]string, len(v.Values))
	for i, one := range v.Values {
		all[i] = one.String()
	}
	return all
}
