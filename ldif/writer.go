package ldif

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
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
	// Printable encodes values with control characters in base64 too, which the
	// format can hold as they are but which could steer a terminal.
	Printable bool

	to    io.Writer
	begun bool
}

// NewWriter returns a writer to w. It holds nothing back: there is nothing to
// flush.
func NewWriter(w io.Writer) *Writer { return &Writer{Columns: DefaultColumns, to: w} }

// Write writes one record. It fails, and writes nothing, if the record cannot
// be LDIF: with a name or an OID that no line can have, with a change or an
// operation that is none, or with controls and no change.
func (w *Writer) Write(r *Record) error {
	if err := r.check(); err != nil {
		return fmt.Errorf("writing LDIF: %w", err)
	}
	var b []byte
	if w.begun {
		b = append(b, '\n')
	} else if !w.WithoutVersion {
		b = append(b, "version: 1\n"...)
	}
	b = w.line(b, "dn", r.DN)
	for _, c := range r.Controls {
		b = w.control(b, c)
	}
	if r.Change != "" {
		b = w.line(b, "changetype", string(r.Change))
	}
	if _, err := w.to.Write(w.body(b, r)); err != nil {
		return fmt.Errorf("writing LDIF: %w", err)
	}
	w.begun = true
	return nil
}

// body appends what follows the DN and the kind of change.
func (w *Writer) body(b []byte, r *Record) []byte {
	switch r.Change {
	case "", ChangeAdd:
		for _, a := range r.Attributes {
			b = w.values(b, a)
		}
	case ChangeModify:
		for _, a := range r.Attributes {
			b = w.modification(b, OperationAdd, a)
		}
		for _, m := range r.Modifications {
			b = w.modification(b, m.Operation, m.Attribute)
		}
	case ChangeModifyDN:
		b = w.line(b, "newrdn", r.NewRDN)
		deleteOld := "0"
		if r.DeleteOldRDN {
			deleteOld = "1"
		}
		b = w.line(b, "deleteoldrdn", deleteOld)
		if r.NewSuperior != nil {
			b = w.line(b, "newsuperior", *r.NewSuperior)
		}
	}
	return b
}

func (w *Writer) control(b []byte, c Control) []byte {
	head := "control: " + c.OID
	if c.Critical {
		head += " true"
	}
	if c.Value != nil {
		return w.line(b, head, string(c.Value))
	}
	start := len(b)
	return append(w.fold(append(b, head...), start), '\n')
}

func (w *Writer) modification(b []byte, operation Operation, a Attribute) []byte {
	b = w.line(b, string(operation), a.Name)
	return append(w.values(b, a), "-\n"...)
}

// values appends an attribute's values.
func (w *Writer) values(b []byte, a Attribute) []byte {
	for _, v := range a.Values {
		b = w.line(b, a.Name, v)
	}
	return b
}

// check tells whether the record can be LDIF.
func (r *Record) check() error {
	if !slices.Contains([]Change{"", ChangeAdd, ChangeDelete, ChangeModify, ChangeModifyDN}, r.Change) {
		return fmt.Errorf("there is no change %q", r.Change)
	}
	if len(r.Controls) > 0 && r.Change == "" {
		return errors.New("the record has controls and no change")
	}
	for _, c := range r.Controls {
		if !validOID(c.OID) {
			return fmt.Errorf("%q is no OID of a control", c.OID)
		}
	}
	if err := r.checkAttributes(); err != nil {
		return err
	}
	return r.checkModifications()
}

func (r *Record) checkAttributes() error {
	if len(r.Attributes) > 0 && (r.Change == ChangeDelete || r.Change == ChangeModifyDN) {
		return fmt.Errorf("the change %q has attributes", r.Change)
	}
	for i, a := range r.Attributes {
		// Right after the DN it would be one.
		if !validAttribute(a.Name) || r.Change == "" && i == 0 && strings.EqualFold(a.Name, "control") {
			return fmt.Errorf("%q cannot be an attribute's name", a.Name)
		}
	}
	return nil
}

func (r *Record) checkModifications() error {
	if len(r.Modifications) > 0 && r.Change != ChangeModify {
		return fmt.Errorf("the change %q has modifications", r.Change)
	}
	for _, m := range r.Modifications {
		if _, ok := operations[string(m.Operation)]; !ok {
			return fmt.Errorf("there is no modification %q", m.Operation)
		}
		if !validAttribute(m.Name) {
			return fmt.Errorf("%q cannot be an attribute's name", m.Name)
		}
	}
	return nil
}

// line appends a name and value, folded.
func (w *Writer) line(b []byte, name, value string) []byte {
	start := len(b)
	b = append(b, name...)
	b = append(b, ':')
	switch {
	case value == "":
	case safe(value) && !(w.Printable && strings.ContainsFunc(value, unicode.IsControl)):
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
