package convert

import (
	"strings"

	"github.com/ldapedge/ldapedge/schemajson"
)

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// oneLine makes one line of a definition: white space becomes one space, but in
// quotes, where only the ends of lines do.
func oneLine(source string) string {
	var b strings.Builder
	b.Grow(len(source))
	last := 0
	s := schemajson.NewScanner(source)
	for t := s.Next(); t.Kind != schemajson.TokenEnd; t = s.Next() {
		if b.Len() > 0 && t.Start > last {
			b.WriteByte(' ')
		}
		if text := source[t.Start:t.End]; t.Kind == schemajson.TokenString {
			lineEnds.WriteString(&b, text)
		} else {
			b.WriteString(text)
		}
		last = t.End
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
			n.quoted = !n.quoted || !schemajson.EndsString(line, i)
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
