// Package syntax tells whether a value is one of its LDAP syntax: what RFC 4517
// and the other documents that define syntaxes say that their values look like.
//
//	err := syntax.Check("1.3.6.1.4.1.1466.115.121.1.24", []byte("20260231120000Z"))
//	// Generalized Time: February has no day 31 in that year at byte 6
//
// [Check] takes the OID of the syntax; the OID of an attribute's syntax comes
// from the schema. A syntax that the package does not know accepts everything,
// and so does one whose values may be any bytes. [All] lists the syntaxes with
// how far each is checked.
//
// # Values that servers take and this package does not
//
// The documents are followed where servers take more; [Info] has a note at each
// such syntax. Where a value comes from a server, an error here means that it is
// not what the standard says, not that the server would refuse it.
//
// Keywords in the syntaxes of RFC 4517 compare without case, as its ABNF has it.
// There are two exceptions: TRUE and FALSE, and the B of a bit string, which
// OpenLDAP takes in capitals alone.
//
// # Hostile values
//
// Every check goes over the value once, uses no recursion and does not panic.
// Valid values of the common syntaxes are checked without allocating.
package syntax

import (
	"strconv"
	"unsafe"
)

// Error tells why a value is not one of its syntax.
type Error struct {
	// Syntax is the syntax's name, as [Name] returns it.
	Syntax string
	// Offset is the place in the value, in bytes from its beginning.
	Offset int
	// Message says what was found there and what was expected.
	Message string
}

// Error returns syntax, message and place in one line.
func (e *Error) Error() string {
	return e.Syntax + ": " + e.Message + " at byte " + strconv.Itoa(e.Offset)
}

// Checker returns nil if the value is one of a syntax, and an [*Error] if not.
// It keeps nothing of the value.
type Checker func(value []byte) error

// Check returns nil if the value is one of the syntax with the OID, and an
// [*Error] if not. A syntax that the package does not know, or whose values may
// be any bytes, accepts everything.
func Check(oid string, value []byte) error {
	if d := find(oid); d != nil && d.rule != nil {
		return d.check(value)
	}
	return nil
}

// CheckerOf returns [Check] for one syntax; nil if it accepts everything.
func CheckerOf(oid string) Checker {
	if d := find(oid); d != nil && d.rule != nil {
		return d.check
	}
	return nil
}

// Name returns the syntax's name as the document that defines it has it in
// DESC, such as "Directory String"; empty if the package does not know it.
func Name(oid string) string {
	if d := find(oid); d != nil {
		return d.info.Name
	}
	return ""
}

// rule checks a value. Its errors have no Syntax yet.
type rule func(s string) *Error

func (d *definition) check(value []byte) error {
	// A copy would cost more than most checks. No rule keeps the string, and no
	// error refers to it: what it quotes is copied.
	if err := d.rule(unsafe.String(unsafe.SliceData(value), len(value))); err != nil {
		err.Syntax = d.info.Name
		return err
	}
	return nil
}
