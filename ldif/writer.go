package ldif

import (
	"encoding/base64"
	"fmt"
	"io"
	"strings"
)

// DefaultColumns is where [NewWriter] folds lines.
const DefaultColumns = 76

// Writer writes records. Its fields may be set before the first [Writer.Write].
type Writer struct {
	// Columns is the length at which lines are folded, in bytes: at least 2, or
	// 0 not to fold. [NewWriter] sets [DefaultColumns].
	Columns int
	// WithoutVersion leaves out the line "version: 1" in front of the records,
	// which RFC 2849 asks for and OpenLDAP's slapadd does not take.
	WithoutVersion bool

	to    io.Writer
	begun bool
}

// NewWriter returns a writer to w. It holds nothing back: there is nothing to
// flush.
func NewWriter(w io.Writer) *Writer { return &Writer{Columns: DefaultColumns, to: w} }

// Write writes one record. It fails, and writes nothing, if the record cannot
// be LDIF: with an attribute whose name no line can begin with.
func (w *Writer) Write(r *Record) error {
	var b []byte
	if w.begun {
		b = append(b, '\n')
	} else if !w.WithoutVersion {
		b = append(b, "version: 1\n"...)
	}
	b = w.line(b, "dn", r.DN)
	if r.Change != "" {
		b = w.line(b, "changetype", string(r.Change))
	}
	for _, a := range r.Attributes {
		if !validName(a.Name) || strings.EqualFold(a.Name, "dn") || strings.EqualFold(a.Name, "changetype") {
			return fmt.Errorf("writing LDIF: %q cannot be an attribute's name", a.Name)
		}
		b = w.attribute(b, r.Change, a)
	}
	if _, err := w.to.Write(b); err != nil {
		return fmt.Errorf("writing LDIF: %w", err)
	}
	w.begun = true
	return nil
}

// attribute appends an attribute's values.
func (w *Writer) attribute(b []byte, change Change, a Attribute) []byte {
	if change == ChangeModify {
		b = w.line(b, "add", a.Name)
	}
	for _, v := range a.Values {
		b = w.line(b, a.Name, v)
	}
	if change == ChangeModify {
		b = append(b, "-\n"...)
	}
	return b
}

// line appends a name and value, folded.
func (w *Writer) line(b []byte, name, value string) []byte {
	start := len(b)
	b = append(b, name...)
	b = append(b, ':')
	switch {
	case value == "":
	case safe(value):
		b = append(b, ' ')
		b = append(b, value...)
	default:
		b = append(b, ": "...)
		b = base64.StdEncoding.AppendEncode(b, []byte(value))
	}
	return append(w.fold(b, start), '\n')
}

// fold breaks the line that begins at start.
func (w *Writer) fold(b []byte, start int) []byte {
	if w.Columns <= 0 || len(b)-start <= w.Columns {
		return b
	}
	columns := max(w.Columns, 2)
	line := string(b[start+columns:])
	b = b[:start+columns]
	for line != "" {
		n := min(len(line), columns-1)
		b = append(b, "\n "...)
		b = append(b, line[:n]...)
		line = line[n:]
	}
	return b
}

// safe tells whether a value can stand as it is: whether it is a SAFE-STRING
// (RFC 2849), and does not end in a space (note 8).
func safe(value string) bool {
	switch value[0] {
	case ' ', ':', '<':
		return false
	}
	for i := 0; i < len(value); i++ {
		if c := value[i]; c == 0 || c == '\n' || c == '\r' || c >= 0x80 {
			return false
		}
	}
	return value[len(value)-1] != ' '
}
