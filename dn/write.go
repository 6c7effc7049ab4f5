package dn

import (
	"strings"
	"unicode/utf8"
)

const hexDigits = "0123456789abcdef"

// String returns the DN in RFC 4514's form, escaped as [EscapeValue] does.
// Parsing it gives an equal DN, if each RDN has a component, each type is one
// and no value with Hex is empty.
func (d DN) String() string {
	var b strings.Builder
	n := 0
	for _, r := range d {
		for _, a := range r {
			n += len(a.Type) + len(a.Value) + len("=,")
		}
	}
	b.Grow(n)
	for i, r := range d {
		if i > 0 {
			b.WriteByte(',')
		}
		r.write(&b)
	}
	return b.String()
}

// String returns the RDN in RFC 4514's form.
func (r RDN) String() string {
	var b strings.Builder
	r.write(&b)
	return b.String()
}

func (r RDN) write(b *strings.Builder) {
	for i, a := range r {
		if i > 0 {
			b.WriteByte('+')
		}
		a.write(b)
	}
}

// String returns type and value in RFC 4514's form.
func (a AVA) String() string {
	var b strings.Builder
	a.write(&b)
	return b.String()
}

func (a AVA) write(b *strings.Builder) {
	b.WriteString(a.Type)
	b.WriteByte('=')
	if !a.Hex {
		escape(b, a.Value)
		return
	}
	b.WriteByte('#')
	for i := 0; i < len(a.Value); i++ {
		writeHex(b, a.Value[i])
	}
}

// EscapeValue returns a value as it is written in a DN (RFC 4514 §2.4): a
// backslash before '"', '+', ',', ';', '<', '>' and '\', before a space at
// either end and before a '#' at the beginning; the null character and bytes
// that are not UTF-8 as a backslash and two hexadecimal digits.
func EscapeValue(s string) string {
	var b strings.Builder
	escape(&b, s)
	return b.String()
}

func escape(b *strings.Builder, s string) {
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && n == 1 {
				b.WriteByte('\\')
				writeHex(b, c)
			} else {
				b.WriteString(s[i : i+n])
			}
			i += n
			continue
		}
		switch {
		case c == 0:
			b.WriteString(`\00`)
		case mustEscape(s, i):
			b.WriteByte('\\')
			b.WriteByte(c)
		default:
			b.WriteByte(c)
		}
		i++
	}
}

// mustEscape tells whether the character at i is special there.
func mustEscape(s string, i int) bool {
	switch s[i] {
	case '"', '+', ',', ';', '<', '>', '\\':
		return true
	case ' ':
		return i == 0 || i == len(s)-1
	case '#':
		return i == 0
	}
	return false
}

func writeHex(b *strings.Builder, c byte) {
	b.WriteByte(hexDigits[c>>4])
	b.WriteByte(hexDigits[c&15])
}
