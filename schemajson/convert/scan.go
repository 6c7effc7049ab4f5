package convert

import (
	"slices"
	"strings"
)

// tokenKind is what a token of a definition is.
type tokenKind uint8

const (
	tokenEnd tokenKind = iota
	tokenWord
	tokenText // in quotes
	tokenOpen
	tokenClose
	tokenDollar
)

// token is one lexical element of a definition (RFC 4512 §4.1): source[start:end].
type token struct {
	kind       tokenKind
	start, end int
}

// of returns the token as it stands in the source.
func (t token) of(source string) string { return source[t.start:t.end] }

// scanner cuts a definition as package schemajson does. A text without its
// closing quote goes to the end.
type scanner struct {
	source string
	at     int
	// strict ends texts at the first quote: it has been seen that none ends
	// otherwise.
	strict bool
}

func (s *scanner) next() token {
	at := s.at
	for at < len(s.source) && isSpace(s.source[at]) {
		at++
	}
	t := token{tokenEnd, at, at}
	if at == len(s.source) {
		return t
	}
	switch t.end++; s.source[at] {
	case '(':
		t.kind = tokenOpen
	case ')':
		t.kind = tokenClose
	case '$':
		t.kind = tokenDollar
	case '\'':
		t.kind, t.end = tokenText, s.textEnd(at+1)
	default:
		t.kind = tokenWord
		for t.end < len(s.source) && !endsWord(s.source[t.end]) && s.source[t.end-1] != '}' {
			t.end++
		}
	}
	s.at = t.end
	return t
}

// textEnd returns the place after the quote that ends the text from a place on.
func (s *scanner) textEnd(from int) int {
	first := -1
	for at := from; ; at++ {
		n := strings.IndexByte(s.source[at:], '\'')
		if n < 0 {
			if s.strict = true; first < 0 {
				return len(s.source)
			}
			return first
		}
		if at += n; s.strict || endsText(s.source, at) {
			return at + 1
		}
		if first < 0 {
			first = at + 1
		}
	}
}

// endsText tells whether a quote inside a text ends it. Some servers do not
// escape apostrophes: those that are in the middle of a word are taken for such,
// unless what follows is a keyword.
func endsText(source string, at int) bool {
	rest := source[at+1:]
	n := 0
	for n < len(rest) && !endsWord(rest[n]) {
		n++
	}
	return n == 0 || slices.Contains(keywords, strings.ToUpper(rest[:n])) || isExtension(rest[:n]) && rest[1] == '-'
}

// keywords are those that can follow a text.
var keywords = []string{
	"NAME", "DESC", "OBSOLETE", "SUP", "EQUALITY", "ORDERING", "SUBSTR", "SYNTAX", "SINGLE-VALUE", "COLLECTIVE",
	"NO-USER-MODIFICATION", "USAGE", "ABSTRACT", "STRUCTURAL", "AUXILIARY", "MUST", "MAY", "NOT", "AUX", "APPLIES", "FORM", "OC",
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

func endsWord(c byte) bool { return isSpace(c) || c == '(' || c == ')' || c == '$' || c == '\'' }

// oneLine makes one line of a definition: white space becomes one space, but in
// quotes, where only the ends of lines do.
func oneLine(source string) string {
	var b strings.Builder
	b.Grow(len(source))
	last := 0
	s := scanner{source: source}
	for t := s.next(); t.kind != tokenEnd; t = s.next() {
		if b.Len() > 0 && t.start > last {
			b.WriteByte(' ')
		}
		if t.kind == tokenText {
			lineEnds.WriteString(&b, t.of(source))
		} else {
			b.WriteString(t.of(source))
		}
		last = t.end
	}
	return b.String()
}

var lineEnds = strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ")

// nesting follows parentheses and quotes from the beginning of a definition,
// line by line.
type nesting struct {
	depth  int
	quoted bool
}

// add follows a line and returns the place after the parenthesis that closes
// the definition, or -1.
func (n *nesting) add(line string) int {
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '\'':
			n.quoted = !n.quoted || !endsText(line, i)
		case n.quoted:
		case c == '(':
			n.depth++
		case c == ')':
			if n.depth--; n.depth == 0 {
				return i + 1
			}
		}
	}
	return -1
}

// open tells whether something is to be closed yet.
func (n *nesting) open() bool { return n.depth > 0 || n.quoted }
