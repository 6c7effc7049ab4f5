package filter

import (
	"strings"
	"unicode/utf8"
)

// String returns the filter as RFC 4515 writes it, with values escaped as
// [EscapeValue] does. Parsing it gives an equal filter, if the names in it are
// names; those that [Parse] and [Decode] have read are.
func (f Filter) String() string {
	var b strings.Builder
	f.write(&b)
	return b.String()
}

func (f Filter) write(b *strings.Builder) {
	b.WriteByte('(')
	switch f.Kind() {
	case KindAnd:
		b.WriteByte('&')
	case KindOr:
		b.WriteByte('|')
	case KindNot:
		b.WriteByte('!')
	default:
		f.assertion().write(b)
	}
	for _, part := range f.Parts() {
		part.write(b)
	}
	b.WriteByte(')')
}

// operators are what stands between attribute and value.
var operators = map[Kind]string{
	KindEquality: "=", KindSubstrings: "=", KindGreaterOrEqual: ">=", KindLessOrEqual: "<=",
	KindPresent: "=*", KindApprox: "~=", KindExtensible: ":=",
}

func (a Assertion) write(b *strings.Builder) {
	b.WriteString(a.Attribute)
	if a.DNAttributes {
		b.WriteString(":dn")
	}
	if a.Rule != "" {
		b.WriteByte(':')
		b.WriteString(a.Rule)
	}
	b.WriteString(operators[a.Kind])
	if a.Kind != KindSubstrings {
		escape(b, a.Value)
		return
	}
	escape(b, a.Initial)
	for _, piece := range a.Any {
		b.WriteByte('*')
		escape(b, piece)
	}
	b.WriteByte('*')
	escape(b, a.Final)
}

// EscapeValue returns a value as it is written in a filter (RFC 4515 §3): '(',
// ')', '*', '\', control characters, the null character among them, and bytes
// that are not UTF-8 as a backslash and two hexadecimal digits. It is for text
// that is put together; the building functions take values as they are.
func EscapeValue(s string) string {
	var b strings.Builder
	escape(&b, s)
	return b.String()
}

func escape(b *strings.Builder, s string) {
	const hexDigits = "0123456789abcdef"
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 || r < ' ' || r == 0x7f || strings.ContainsRune(`()*\`, r) {
			b.WriteByte('\\')
			b.WriteByte(hexDigits[s[i]>>4])
			b.WriteByte(hexDigits[s[i]&15])
		} else {
			b.WriteString(s[i : i+n])
		}
		i += n
	}
}
