package syntax

import (
	"strconv"
	"strings"

	"github.com/ldapedge/ldapedge/dn"
)

// distinguishedName is RFC 4517 §3.3.9.
func distinguishedName(s string) *Error {
	if err := dn.Check(s); err != nil {
		e := err.(*dn.SyntaxError)
		return failAt(e.Offset, e.Message)
	}
	return nil
}

// objectDN is a DN that cannot be empty.
func objectDN(s string) *Error {
	if s == "" {
		return unexpected(s, 0, "a DN")
	}
	return distinguishedName(s)
}

// nameAndUID is RFC 4517 §3.3.21.
func nameAndUID(s string) *Error { return distinguishedName(s[:len(s)-uidLen(s)]) }

// uidLen returns the length of the "#" and bit string that s ends with, 0 if it
// does not: then a "#" is the name's.
func uidLen(s string) int {
	bits, ok := strings.CutSuffix(s, "'B")
	if !ok {
		return 0
	}
	bits = strings.TrimRight(bits, "01")
	if !strings.HasSuffix(bits, "#'") {
		return 0
	}
	return len(s) - len(bits) + len("#'")
}

// objectIdentifier is RFC 4517 §3.3.26.
func objectIdentifier(s string) *Error {
	c := cursor{s: s}
	if err := c.oid("a name or a numeric OID"); err != nil {
		return err
	}
	if !c.end() {
		return c.unexpected("the end of the OID")
	}
	return nil
}

// dnWithBinary is MS-ADTS §3.1.1.2.2.2, Object(DN-Binary):
// B:count:hexadecimal digits:DN.
func dnWithBinary(s string) *Error {
	c := cursor{s: s}
	count, err := c.counted("B:")
	if err != nil {
		return err
	}
	start := c.pos
	for !c.end() && isHex(s[c.pos]) {
		c.pos++
	}
	if n := c.pos - start; n != count {
		return failAt(start, strconv.Itoa(count)+" hexadecimal digits are expected, not "+strconv.Itoa(n))
	}
	if count%2 != 0 {
		return failAt(start, "an even number of hexadecimal digits is expected")
	}
	if !c.take(":") {
		return c.unexpected(`":"`)
	}
	return moved(objectDN(c.rest()), c.pos)
}

// dnWithString is MS-ADTS §3.1.1.2.2.2, Object(DN-String):
// S:count:text:DN.
func dnWithString(s string) *Error {
	c := cursor{s: s}
	count, err := c.counted("S:")
	if err != nil {
		return err
	}
	if err := validUTF8(c.rest()); err != nil {
		return moved(err, c.pos)
	}
	end := colonAfter(c.rest(), count)
	if end < 0 {
		return failAt(c.pos, `":" is expected after `+strconv.Itoa(count)+" characters")
	}
	c.pos += end + 1
	return moved(objectDN(c.rest()), c.pos)
}

// counted reads a prefix and a number with a colon.
func (c *cursor) counted(prefix string) (int, *Error) {
	if !c.take(prefix) {
		return 0, c.unexpected(strconv.Quote(prefix))
	}
	n := digits(c.rest())
	count, err := strconv.Atoi(c.s[c.pos : c.pos+n])
	if err != nil {
		return 0, c.unexpected("a number of characters")
	}
	c.pos += n
	if !c.take(":") {
		return 0, c.unexpected(`":"`)
	}
	return count, nil
}

// colonAfter returns the place of a colon that so many characters precede, -1 if
// there is none. The definition does not say what a character is: UCS
// characters, UTF-16 units and, with Samba, bytes are taken.
func colonAfter(s string, count int) int {
	runes, units := 0, 0
	for i, r := range s {
		if r == ':' && (runes == count || units == count || i == count) {
			return i
		}
		runes++
		units++
		if r > 0xffff {
			units++
		}
		if runes > count {
			break
		}
	}
	return -1
}

// orName is the OR-Name of draft-armijo-ldap-syntax-00.
func orName(s string) *Error {
	address, ok := strings.CutPrefix(s, "X400:")
	if !ok {
		return objectDN(s)
	}
	if err := validUTF8(s); err != nil {
		return err
	}
	begin := len(s) - len(address)
	end := unescapedSharp(address)
	if end == 0 || address == "" {
		return unexpected(s, begin, "an X.400 address")
	}
	if end < 0 {
		return nil
	}
	name, ok := strings.CutPrefix(address[end:], "#X500:")
	if !ok {
		return unexpected(s, begin+end, `"#X500:" or no "#"`)
	}
	return moved(objectDN(name), len(s)-len(name))
}

// unescapedSharp returns the place of the first "#" without a backslash before
// it, -1 if there is none.
func unescapedSharp(s string) int {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '#':
			return i
		}
	}
	return -1
}
