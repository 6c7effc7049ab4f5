// Package ldif reads and writes LDIF, the LDAP Data Interchange Format (RFC
// 2849): directory entries as text.
//
// [Reader] takes any [io.Reader] and returns one [Record] at a time, so that a
// file need not fit in memory. [Writer] folds long lines and encodes in base64
// exactly what the format cannot hold as it is.
//
// # What is read
//
// Entries, and changes that add something: records with "changetype: add", and
// those with "changetype: modify" whose every modification is an "add".
// Microsoft's ntdsSchemaAdd and ntdsSchemaModify are read as these. Any other
// change is no content and is refused, as are values that are at a URL ("<"):
// nothing but the input is opened.
//
// Lines may end in LF or CR LF and be of any length; comments and folding may
// be anywhere. The version line may be missing, and may be repeated where files
// have been put together.
package ldif

import (
	"strconv"
	"strings"
)

// Record is one entry.
type Record struct {
	// DN is the entry's distinguished name, empty for the root DSE and, with
	// [Reader.WithoutDN], for a record without one.
	DN string
	// Change is empty for an entry, ChangeAdd for one that is to be added, and
	// ChangeModify where the attributes are to be added to an entry.
	Change Change
	// Attributes are in the order in which each is first named. Names compare
	// without case, options included.
	Attributes []Attribute
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

// Change is what a change record does.
type Change string

// The changes that are read.
const (
	ChangeAdd    Change = "add"
	ChangeModify Change = "modify"
)

// Error is something wrong with the text.
type Error struct {
	// Line is the number of the line, from 1.
	Line int
	// Message says what is wrong.
	Message string
}

// Error returns line and message.
func (e *Error) Error() string { return "LDIF line " + strconv.Itoa(e.Line) + ": " + e.Message }

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
