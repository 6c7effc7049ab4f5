package syntax

import (
	"strings"
	"unicode/utf8"

	"github.com/ldapedge/ldapedge/schemajson"
)

func failAt(offset int, message string) *Error { return &Error{Offset: offset, Message: message} }

// unexpected says what is at the offset in place of what is wanted.
func unexpected(s string, offset int, wanted string) *Error {
	found := "the end"
	if offset < len(s) {
		_, n := utf8.DecodeRuneInString(s[offset:])
		found = schemajson.Quote(s[offset : offset+n])
	}
	return failAt(offset, wanted+" is expected, not "+found)
}

// moved adds to an error's offset the place where the part begins that it is
// about.
func moved(err *Error, by int) *Error {
	if err != nil {
		err.Offset += by
	}
	return err
}

// isPrintable tells the characters of RFC 4517 §3.2, <PrintableCharacter>.
func isPrintable(c byte) bool {
	return isAlpha(c) || isDigit(c) || strings.IndexByte("'()+,-./:=? ", c) >= 0
}

func isAlpha(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isHex(c byte) bool { return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'f' }

func isASCII(c byte) bool { return c < utf8.RuneSelf }

// all checks that every byte of s is of a kind.
func all(s string, of func(byte) bool, kind string) *Error {
	for i := 0; i < len(s); i++ {
		if !of(s[i]) {
			return unexpected(s, i, kind)
		}
	}
	return nil
}

// some is all for what must not be empty.
func some(s string, of func(byte) bool, kind string) *Error {
	if s == "" {
		return unexpected(s, 0, kind)
	}
	return all(s, of, kind)
}

// validUTF8 checks the encoding.
func validUTF8(s string) *Error {
	if utf8.ValidString(s) {
		return nil
	}
	for i := 0; ; {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 {
			return unexpected(s, i, "a UTF-8 character")
		}
		i += n
	}
}

// digits returns the number of digits that s begins with.
func digits(s string) int {
	n := 0
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	return n
}

// spaces returns the number of spaces that s begins with.
func spaces(s string) int {
	n := 0
	for n < len(s) && s[n] == ' ' {
		n++
	}
	return n
}

// keyword returns the length of the word that s begins with, in any case; 0 if
// it begins with none of them, or the word goes on.
func keyword(s string, words []string) int {
	n := 0
	for n < len(s) && (isAlpha(s[n]) || isDigit(s[n])) {
		n++
	}
	for _, w := range words {
		if strings.EqualFold(s[:n], w) {
			return n
		}
	}
	return 0
}

// cursor reads a value piece by piece.
type cursor struct {
	s   string
	pos int
}

func (c *cursor) rest() string { return c.s[c.pos:] }

func (c *cursor) end() bool { return c.pos == len(c.s) }

func (c *cursor) spaces() { c.pos += spaces(c.rest()) }

// take goes past a text and tells whether it was there.
func (c *cursor) take(text string) bool {
	if !strings.HasPrefix(c.rest(), text) {
		return false
	}
	c.pos += len(text)
	return true
}

func (c *cursor) unexpected(wanted string) *Error { return unexpected(c.s, c.pos, wanted) }
