package dn

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// form is how a value is written.
type form uint8

const (
	formString form = iota // RFC 4514's <string>
	formHex                // RFC 4514's <hexstring>
	formQuoted             // RFC 2253 §4
)

// component is one type and value as they are written.
type component struct {
	typ string
	// raw is the value: without "#", quotes and spaces around it, escapes not
	// decoded.
	raw  string
	form form
	// escaped tells that raw has backslashes.
	escaped bool
	// joined tells that the next component is of the same RDN.
	joined bool
}

// scanner cuts a DN into components.
type scanner struct {
	src string
	pos int
	// pending tells that a separator has been read, which something must follow.
	pending bool
}

// more tells whether there is another component, or should be.
func (s *scanner) more() bool { return s.pending || s.pos < len(s.src) }

// next returns the next component. It returns a nil error, not a nil
// *SyntaxError.
func (s *scanner) next() (component, error) {
	var c component
	s.spaces()
	if err := s.attributeType(&c); err != nil {
		return c, err
	}
	s.spaces()
	if s.peek() != '=' {
		return c, s.unexpected(`"="`)
	}
	s.pos++
	s.spaces()
	if err := s.value(&c); err != nil {
		return c, err
	}
	s.spaces()
	s.pending = s.pos < len(s.src)
	if s.pending {
		switch s.src[s.pos] {
		case '+':
			c.joined = true
		case ',', ';':
		default:
			return c, s.unexpected(`",", "+" or the end`)
		}
		s.pos++
	}
	return c, nil
}

func (s *scanner) attributeType(c *component) error {
	rest := s.src[s.pos:]
	if strings.HasPrefix(rest, "OID.") || strings.HasPrefix(rest, "oid.") {
		rest = rest[len("OID."):]
		s.pos += len("OID.")
		if rest == "" || !isDigit(rest[0]) {
			return s.unexpected("a numeric OID")
		}
	}
	n := OIDPrefix(rest)
	if n == 0 {
		return s.unexpected("an attribute type")
	}
	c.typ = rest[:n]
	s.pos += n
	return nil
}

func (s *scanner) value(c *component) error {
	switch s.peek() {
	case '#':
		c.form = formHex
		return s.hex(c)
	case '"':
		c.form = formQuoted
		return s.quoted(c)
	default:
		return s.string(c)
	}
}

func (s *scanner) hex(c *component) error {
	s.pos++
	start := s.pos
	for s.pos < len(s.src) && isHex(s.src[s.pos]) {
		s.pos++
	}
	if n := s.pos - start; n == 0 || n%2 != 0 {
		return s.unexpected("a hexadecimal digit")
	}
	c.raw = s.src[start:s.pos]
	return nil
}

func (s *scanner) quoted(c *component) error {
	s.pos++
	start := s.pos
	for s.peek() != '"' {
		if s.pos == len(s.src) {
			return s.unexpected("the closing quote")
		}
		if err := s.character(c); err != nil {
			return err
		}
	}
	c.raw = s.src[start:s.pos]
	s.pos++
	return nil
}

func (s *scanner) string(c *component) error {
	start := s.pos
	end := s.pos // without the spaces that follow
	for s.pos < len(s.src) {
		switch b := s.src[s.pos]; b {
		case ',', ';', '+':
			c.raw = s.src[start:end]
			return nil
		case ' ':
			s.pos++
			continue
		case '"', '<', '>':
			return s.fail(strconv.Quote(s.src[s.pos:s.pos+1]) + " in a value must be escaped")
		}
		if err := s.character(c); err != nil {
			return err
		}
		end = s.pos
	}
	c.raw = s.src[start:end]
	return nil
}

// character reads one character or escape of a value.
func (s *scanner) character(c *component) error {
	b := s.src[s.pos]
	switch {
	case b == '\\':
		c.escaped = true
		n := escapeLen(s.src[s.pos:])
		if n == 0 {
			s.pos++
			return s.unexpected("a special character or two hexadecimal digits after the backslash")
		}
		s.pos += n
	case b == 0:
		return s.fail("a null character in a value must be escaped")
	case b < utf8.RuneSelf:
		s.pos++
	default:
		r, n := utf8.DecodeRuneInString(s.src[s.pos:])
		if r == utf8.RuneError && n == 1 {
			return s.fail("a byte that is not UTF-8 must be escaped")
		}
		s.pos += n
	}
	return nil
}

// escapeLen returns the length of the escape that s begins with, 0 if it is
// none (RFC 4514's <pair>).
func escapeLen(s string) int {
	if len(s) < 2 {
		return 0
	}
	if isSpecial(s[1]) {
		return 2
	}
	if len(s) > 2 && isHex(s[1]) && isHex(s[2]) {
		return 3
	}
	return 0
}

// decode returns the value.
func (c *component) decode() string {
	if c.form != formHex && !c.escaped {
		return c.raw
	}
	b := make([]byte, 0, len(c.raw))
	for s := c.raw; s != ""; {
		n := 1
		switch {
		case c.form == formHex:
			b = append(b, unhex(s[0])<<4|unhex(s[1]))
			n = 2
		case s[0] != '\\':
			b = append(b, s[0])
		case isSpecial(s[1]):
			b = append(b, s[1])
			n = 2
		default:
			b = append(b, unhex(s[1])<<4|unhex(s[2]))
			n = 3
		}
		s = s[n:]
	}
	return string(b)
}

func (s *scanner) spaces() {
	for s.pos < len(s.src) && s.src[s.pos] == ' ' {
		s.pos++
	}
}

// peek returns the next byte, 0 at the end.
func (s *scanner) peek() byte {
	if s.pos == len(s.src) {
		return 0
	}
	return s.src[s.pos]
}

func (s *scanner) fail(message string) error { return &SyntaxError{Offset: s.pos, Message: message} }

func (s *scanner) unexpected(wanted string) error {
	found := "the end"
	if s.pos < len(s.src) {
		_, n := utf8.DecodeRuneInString(s.src[s.pos:])
		found = strconv.Quote(s.src[s.pos : s.pos+n])
	}
	return s.fail(wanted + " is expected, not " + found)
}
