// Package dn reads and writes distinguished names in LDAP's string
// representation (RFC 4514):
//
//	name, err := dn.Parse(`UID=jsmith+CN=J. Smith,DC=example,DC=net`)
//	name[0][1].Value // "J. Smith"
//	name.String()    // UID=jsmith+CN=J. Smith,DC=example,DC=net
//
// # What is read
//
// RFC 4514's grammar, and beside it what RFC 2253 §4 asks to take from LDAPv2:
// spaces around separators and "=", ";" in place of ",", values in quotes, and
// the prefix "OID." or "oid." before a numeric OID. Spaces before the first and
// after the last component are ignored too. What is written is RFC 4514's form
// alone.
//
// [Check] tells whether a text is a DN without allocating; it and [Parse] share
// one scanner, which goes over the text once and does not recurse.
//
// Nothing here knows a schema: types and values compare by their bytes.
package dn

import (
	"strconv"
	"strings"
)

// DN is a distinguished name, the entry's own RDN first. The empty DN is that
// of the root DSE.
type DN []RDN

// RDN is a relative distinguished name: one type and value, or several in the
// order written.
type RDN []AVA

// AVA is an attribute type and value (attribute value assertion).
type AVA struct {
	// Type is a descriptor such as "cn", as written, or a numeric OID without
	// the prefix "OID.".
	Type string
	// Value is the value without escapes: any bytes. With Hex it is the octets
	// of the value's BER encoding.
	Value string
	// Hex tells that the value is written as "#" and the hexadecimal digits of
	// its BER encoding.
	Hex bool
}

// SyntaxError tells why a text is no DN.
type SyntaxError struct {
	// Offset is the place in the text, in bytes from its beginning.
	Offset int
	// Message says what was found there and what was expected.
	Message string
}

// Error returns message and place in one line.
func (e *SyntaxError) Error() string {
	return "DN: " + e.Message + " at byte " + strconv.Itoa(e.Offset)
}

// Parse reads a DN. The empty string is the empty DN, a nil slice. The error is
// a [*SyntaxError].
func Parse(s string) (DN, error) {
	if s == "" {
		return nil, nil
	}
	const most = 16 // escaped separators are none
	n := min(1+strings.Count(s, ",")+strings.Count(s, "+"), most)
	d, all := make(DN, 0, n), make([]AVA, 0, n)
	first := 0 // of the RDN
	sc := scanner{src: s}
	for sc.more() {
		c, err := sc.next()
		if err != nil {
			return nil, err
		}
		all = append(all, AVA{Type: c.typ, Value: c.decode(), Hex: c.form == formHex})
		if !c.joined {
			d = append(d, all[first:len(all):len(all)])
			first = len(all)
		}
	}
	return d, nil
}

// Check returns the error that [Parse] would, and allocates nothing where that
// is nil.
func Check(s string) error {
	sc := scanner{src: s}
	for sc.more() {
		if _, err := sc.next(); err != nil {
			return err
		}
	}
	return nil
}
