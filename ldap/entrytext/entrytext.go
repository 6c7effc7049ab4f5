// Package entrytext writes the entries of a search as text: a line of JSON each,
// LDIF, or CSV.
//
//	w, err := entrytext.NewWriter(out, entrytext.CSV, entrytext.Options{Attributes: []string{"uid", "mail"}})
//	for entry, err := range c.Search(ctx, r) { … w.Write(entry) … }
//	err = w.Flush()
package entrytext

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/ldif"
	"github.com/ldapedge/ldapedge/schemajson"
)

// Format is how entries are written.
type Format string

// The formats.
const (
	// JSON is an object a line, see [ldap.Entry.AppendJSON].
	JSON Format = "json"
	// LDIF has the raw values (RFC 2849).
	LDIF Format = "ldif"
	// CSV has the DN and the attributes that were asked for by name, "|" between
	// the values of one.
	CSV Format = "csv"
)

// Options are what is known of the search. The zero value is of one without a
// schema that asked for all.
type Options struct {
	// Attributes are those that were asked for.
	Attributes []string
	// TypesOnly tells that no values were asked for.
	TypesOnly bool
	// Schema returns the server's schema, by which CSV knows the other names of an
	// attribute; it is asked once there are entries. Default (nil): names alone count.
	Schema func() *schemajson.SchemaInfo
	// Printable replaces what could steer a terminal. Default (nil): nothing is
	// replaced.
	Printable func(string) string
}

// Writer writes entries.
type Writer interface {
	Write(ldap.Entry) error
	// Flush writes what is held back.
	Flush() error
}

// ErrNoColumns is the error of CSV for a search that does not ask for its
// attributes by name.
var ErrNoColumns = errors.New("CSV has the attributes that are asked for as columns: name them")

// NewWriter returns a writer of the format.
func NewWriter(w io.Writer, format Format, o Options) (Writer, error) {
	switch format {
	case JSON:
		return &jsonWriter{to: w, printable: o.Printable}, nil
	case LDIF:
		to := ldif.NewWriter(w)
		to.Printable = o.Printable != nil
		return &ldifWriter{to, o.TypesOnly}, nil
	case CSV:
		columns := NewColumns(o.Attributes, o.Schema)
		if !columns.Named() {
			return nil, ErrNoColumns
		}
		c := &csvWriter{csv.NewWriter(w), columns, o.Printable}
		return c, c.to.Write(append([]string{"dn"}, o.Attributes...))
	}
	return nil, fmt.Errorf("%q is no format of entries: json, ldif or csv is expected", format)
}

type jsonWriter struct {
	to        io.Writer
	printable func(string) string
	line      []byte
}

func (w *jsonWriter) Write(e ldap.Entry) error {
	w.line = e.AppendJSON(w.line[:0])
	if w.printable != nil {
		w.line = escaped(w.line, w.printable)
	}
	w.line = append(w.line, '\n')
	_, err := w.to.Write(w.line)
	return err
}

func (w *jsonWriter) Flush() error { return nil }

// escaped escapes what is not printable; in JSON all of it is in strings.
func escaped(line []byte, printable func(string) string) (b []byte) {
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
	to        *ldif.Writer
	typesOnly bool
}

func (w *ldifWriter) Write(e ldap.Entry) error {
	r := ldif.Record{DN: e.DN()}
	for a := range e.Entry.Attributes() {
		values := a.Strings()
		if w.typesOnly {
			values = []string{""}
		}
		r.Attributes = append(r.Attributes, ldif.Attribute{Name: a.Name(), Values: values})
	}
	return w.to.Write(&r)
}

func (w *ldifWriter) Flush() error { return nil }

type csvWriter struct {
	to        *csv.Writer
	columns   *Columns
	printable func(string) string
}

func (w *csvWriter) Write(e ldap.Entry) error {
	row := w.columns.Row(e)
	if w.printable != nil {
		for i := range row {
			row[i] = w.printable(row[i])
		}
	}
	return w.to.Write(row)
}

func (w *csvWriter) Flush() error {
	w.to.Flush()
	return w.to.Error()
}
