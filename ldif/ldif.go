// Package ldif reads and writes LDIF, the LDAP Data Interchange Format (RFC
// 2849): directory entries as text.
//
// [Reader] takes any [io.Reader] and returns one [Record] at a time, so that a
// file need not fit in memory. [Writer] folds long lines and encodes in base64
// exactly what the format cannot hold as it is.
//
// # What is read
//
// By default content: entries, and changes that add something. Those are
// records with "changetype: add", and those with "changetype: modify" whose
// every modification is an "add". Any other change is refused, and so are
// controls.
//
// With [Reader.Changes] every change is read: additions, deletions,
// modifications and renamings, with their controls. Microsoft's ntdsSchemaAdd
// and the like are read as these.
//
// Values that are at a URL ("<") are refused unless [Reader.Open] opens them:
// nothing but the input is read.
//
// Lines may end in LF or CR LF and be of any length; comments and folding may
// be anywhere. The version line may be missing, and may be repeated where files
// have been put together.
package ldif

import (
	"strconv"
	"strings"
)

// Record is one entry, or one change.
type Record struct {
	// DN is the entry's distinguished name, empty for the root DSE and, with
	// [Reader.WithoutDN], for a record without one.
	DN string
	// Controls are those that a change is to be made with.
	Controls []Control
	// Change is empty for an entry.
	Change Change
	// Attributes are those of an entry or of ChangeAdd, in the order in which
	// each is first named. Names compare without case, options included. With
	// ChangeModify they are what is to be added, and come before Modifications;
	// a reader with [Reader.Changes] has none of them.
	Attributes []Attribute
	// Modifications are those of ChangeModify, in their order.
	Modifications []Modification
	// NewRDN is the RDN that ChangeModifyDN gives the entry.
	NewRDN string
	// DeleteOldRDN lets ChangeModifyDN delete the values of the old RDN.
	DeleteOldRDN bool
	// NewSuperior is the entry under which ChangeModifyDN moves it; nil if it
	// stays where it is.
	NewSuperior *string
	// Line is the number of the record's first line, from 1. [Writer] ignores it.
	Line int
}

// Attribute is one attribute of an entry.
type Attribute struct {
	// Name is the attribute description as written, with its options.
	Name string
	// Values are the values in their order: any bytes.
	Values []string
}

// Modification is one step of a modification.
type Modification struct {
	Operation Operation
	// Attribute has the values to add or delete, those to replace all others
	// with, or the one to increment by. Without values OperationDelete and
	// OperationReplace delete all.
	Attribute
}

// Operation is what a modification does.
type Operation string

// The operations; the last is that of RFC 4525.
const (
	OperationAdd       Operation = "add"
	OperationDelete    Operation = "delete"
	OperationReplace   Operation = "replace"
	OperationIncrement Operation = "increment"
)

// Control is a control of a change (RFC 4511 §4.1.11).
type Control struct {
	// OID is the control's type.
	OID string
	// Critical lets the server refuse the change rather than ignore the control.
	Critical bool
	// Value is nil if there is none.
	Value []byte
}

// Change is what a change record does.
type Change string

// The changes. A ChangeModifyDN may be written "moddn" too.
const (
	ChangeAdd      Change = "add"
	ChangeDelete   Change = "delete"
	ChangeModify   Change = "modify"
	ChangeModifyDN Change = "modrdn"
)

// Error is something wrong with the text.
type Error struct {
	// Line is the number of the line, from 1.
	Line int
	// Message says what is wrong.
	Message string
	// Err is the cause, where there is one.
	Err error
}

// Error returns line, message and cause in one line.
func (e *Error) Error() string {
	s := "LDIF line " + strconv.Itoa(e.Line) + ": " + e.Message
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Values returns the values of the attribute with the name, nil if the record
// has none of that name. Case is ignored.
func (r *Record) Values(name string) []string {
	for _, a := range r.Attributes {
		if strings.EqualFold(a.Name, name) {
			return a.Values
		}
	}
	return nil
}

// validName tells whether a line may begin with the name. It is more than RFC
// 2849's AttributeDescription: servers use underscores and the like too.
func validName(name string) bool {
	for i := 0; i < len(name); i++ {
		if c := name[i]; c <= ' ' || c >= 0x7f || c == ':' {
			return false
		}
	}
	return name != "" && name[0] != '#' && name[0] != '-'
}

// validAttribute tells whether a value can belong to the attribute: some names
// have a meaning of their own wherever they stand.
func validAttribute(name string) bool {
	return validName(name) && !strings.EqualFold(name, "dn") && !strings.EqualFold(name, "changetype")
}

// validOID tells digits and points.
func validOID(s string) bool { return s != "" && strings.Trim(s, "0123456789.") == "" }
