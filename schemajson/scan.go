package schemajson

import (
	"slices"
	"strings"
)

type tokenKind uint8

const (
	tokenEnd tokenKind = iota
	tokenWord
	tokenString
	tokenOpen
	tokenClose
	tokenDollar
)

// token is one lexical element of a definition: a word, or what is between the
// quotes of a string, escapes not yet decoded. It holds places and no text: the
// parser keeps and copies tokens all the time, and pointers in them would make
// work for the garbage collector.
type token struct {
	kind       tokenKind
	start, end int
}

// of returns the token's text.
func (t token) of(source string) string { return source[t.start:t.end] }

// offset is the place where the token begins, a string with its quote.
func (t token) offset() int {
	if t.kind == tokenString {
		return t.start - 1
	}
	return t.start
}

// scanner cuts a definition into tokens (RFC 4512 §4.1). It is more tolerant
// than the grammar: any white space separates, and none is needed around
// parentheses, quotes and dollars.
type scanner struct {
	src string
	pos int
	// apostrophe is the place, plus one, of a quote inside the last string that
	// should have been escaped; 0 if there was none.
	apostrophe int
	// strict ends strings at the first quote. It is set once no end has been
	// found the tolerant way: neither would be from further on.
	strict bool
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
		return token{tokenEnd, pos, pos}, true
	}
	start := pos
	pos++
	kind := tokenWord
	switch src[start] {
	case '(':
		kind = tokenOpen
	case ')':
		kind = tokenClose
	case '$':
		kind = tokenDollar
	case '\'':
		end := s.quoteEnd(pos)
		if end < 0 {
			s.pos = len(src)
			return token{tokenString, pos, len(src)}, false
		}
		s.pos = end + 1
		return token{tokenString, pos, end}, true
	default:
		// {len} ends a syntax, whatever follows.
		for src[pos-1] != '}' && pos < len(src) && !wordEnd[src[pos]] {
			pos++
		}
	}
	s.pos = pos
	return token{kind, start, pos}, true
}

// quoteEnd returns the place of the quote that ends the string beginning at
// start, or -1. eDirectory does not escape apostrophes ('New Object's DS
// Rights'): see [EndsString].
func (s *scanner) quoteEnd(start int) int {
	first := -1
	for at := start; ; at++ {
		n := strings.IndexByte(s.src[at:], '\'')
		if n < 0 {
			s.apostrophe, s.strict = 0, true
			return first
		}
		at += n
		if s.strict || EndsString(s.src, at) {
			return at
		}
		if first < 0 {
			first = at
		}
		s.apostrophe = at + 1
	}
}

// keywords are those of RFC 4512 that can follow a string, in capitals.
var keywords = []string{
	"NAME", "DESC", "OBSOLETE", "SUP", "EQUALITY", "ORDERING", "SUBSTR", "SYNTAX", "SINGLE-VALUE", "COLLECTIVE",
	"NO-USER-MODIFICATION", "USAGE", "ABSTRACT", "STRUCTURAL", "AUXILIARY", "MUST", "MAY", "NOT", "AUX", "APPLIES", "FORM", "OC",
}

// isKeyword tells whether a text begins with a keyword.
func isKeyword(text string) bool {
	n := 0
	for n < len(text) && !wordEnd[text[n]] {
		n++
	}
	word := text[:n]
	if len(word) > 2 && (word[0] == 'X' || word[0] == 'x') && word[1] == '-' {
		return true
	}
	return slices.ContainsFunc(keywords, func(k string) bool { return strings.EqualFold(k, word) })
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
