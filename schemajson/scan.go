package schemajson

import "strings"

type tokenKind uint8

const (
	tokenEnd tokenKind = iota
	tokenWord
	tokenString
	tokenOpen
	tokenClose
	tokenDollar
)

// token is one lexical element of a definition. text is a word, or what is
// between the quotes of a string, escapes not yet decoded.
type token struct {
	kind   tokenKind
	offset int
	text   string
}

// scanner cuts a definition into tokens (RFC 4512 §4.1). It is more tolerant
// than the grammar: any white space separates, and none is needed around
// parentheses, quotes and dollars.
type scanner struct {
	src string
	pos int
}

// wordEnd marks the bytes that end a word.
var wordEnd = [256]bool{' ': true, '\t': true, '\n': true, '\r': true, '(': true, ')': true, '$': true, '\'': true}

// next returns the next token. ok is false for a string without its closing
// quote; the token is then the rest of the source.
func (s *scanner) next() (t token, ok bool) {
	src, pos := s.src, s.pos
	for pos < len(src) && (src[pos] == ' ' || src[pos] == '\t' || src[pos] == '\n' || src[pos] == '\r') {
		pos++
	}
	if pos == len(src) {
		s.pos = pos
		return token{kind: tokenEnd, offset: pos}, true
	}
	start := pos
	switch src[pos] {
	case '(':
		s.pos = pos + 1
		return token{kind: tokenOpen, offset: start}, true
	case ')':
		s.pos = pos + 1
		return token{kind: tokenClose, offset: start}, true
	case '$':
		s.pos = pos + 1
		return token{kind: tokenDollar, offset: start}, true
	case '\'':
		n := strings.IndexByte(src[pos+1:], '\'')
		if n < 0 {
			s.pos = len(src)
			return token{kind: tokenString, offset: start, text: src[pos+1:]}, false
		}
		s.pos = pos + n + 2
		return token{kind: tokenString, offset: start, text: src[pos+1 : pos+1+n]}, true
	}
	for pos < len(src) && !wordEnd[src[pos]] {
		pos++
		if src[pos-1] == '}' {
			break // {len} ends a syntax, whatever follows
		}
	}
	s.pos = pos
	return token{kind: tokenWord, offset: start, text: src[start:pos]}, true
}

// unescape decodes the two escapes of a qdstring, \27 and \5c (RFC 4512
// §4.1). Any other backslash stands for itself.
func unescape(s string) string {
	i := strings.IndexByte(s, '\\')
	if i < 0 {
		return s
	}
	var b strings.Builder
	for ; i >= 0; i = strings.IndexByte(s, '\\') {
		b.WriteString(s[:i])
		s = s[i:]
		switch {
		case strings.HasPrefix(s, `\27`):
			b.WriteByte('\'')
			s = s[3:]
		case len(s) >= 3 && s[1] == '5' && s[2]|0x20 == 'c':
			b.WriteByte('\\')
			s = s[3:]
		default:
			b.WriteByte('\\')
			s = s[1:]
		}
	}
	b.WriteString(s)
	return b.String()
}
