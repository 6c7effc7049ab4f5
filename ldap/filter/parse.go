package filter

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Error tells why a text is no filter.
type Error struct {
	// Offset is the place in the text, in bytes from its beginning.
	Offset int
	// Reason says what was found there and what was expected.
	Reason string
}

// Error returns reason and place in one line.
func (e *Error) Error() string {
	return "filter: " + e.Reason + " at byte " + strconv.Itoa(e.Offset)
}

// Parse reads a filter (RFC 4515 §3). An escape is a backslash and two
// hexadecimal digits, and nothing else; bytes that are not UTF-8 are taken as
// they are. Beside the RFC's grammar these are read:
//
//   - an item without parentheses around it, such as cn=x;
//   - spaces and ends of lines before and after a parenthesis, and after the
//     "&", "|" or "!" that it precedes. Those in a value are part of it.
//
// The error is an [*Error].
func Parse(s string) (Filter, error) {
	p := parser{src: s}
	p.spaces()
	n, err := p.outermost()
	if err != nil {
		return Filter{}, err
	}
	if p.pos < len(s) {
		return Filter{}, p.unexpected("the end")
	}
	return n.filter(), nil
}

type parser struct {
	src string
	pos int
}

func (p *parser) outermost() (node, error) {
	switch p.peek() {
	case '(':
		n, err := p.component(1)
		p.spaces()
		return n, err
	case '&', '|', '!':
		return node{}, p.unexpected(`"("`)
	}
	if p.pos == len(p.src) {
		return node{}, p.fail("the filter is empty")
	}
	return p.item()
}

// component reads a filter in parentheses and what separates it from the next.
func (p *parser) component(depth int) (n node, err error) {
	if depth > MaxDepth {
		return node{}, p.fail("the filter is nested more than " + strconv.Itoa(MaxDepth) + " deep")
	}
	p.pos++ // the parenthesis
	p.spaces()
	switch p.peek() {
	case '&':
		n, err = p.list(KindAnd, depth)
	case '|':
		n, err = p.list(KindOr, depth)
	case '!':
		n, err = p.negation(depth)
	default:
		n, err = p.item()
	}
	if err != nil {
		return node{}, err
	}
	if p.peek() != ')' {
		return node{}, p.unexpected(`")"`)
	}
	p.pos++
	return n, nil
}

func (p *parser) list(kind Kind, depth int) (node, error) {
	p.pos++
	n := node{kind: kind}
	for p.spaces(); p.peek() == '('; p.spaces() {
		part, err := p.component(depth + 1)
		if err != nil {
			return node{}, err
		}
		n.add(part)
	}
	if p.peek() != ')' {
		return node{}, p.unexpected(`"(" or ")"`)
	}
	return n, nil
}

func (p *parser) negation(depth int) (node, error) {
	p.pos++
	p.spaces()
	if p.peek() != '(' {
		return node{}, p.unexpected(`"("`)
	}
	part, err := p.component(depth + 1)
	if err != nil {
		return node{}, err
	}
	p.spaces()
	n := node{kind: KindNot}
	n.add(part)
	return n, nil
}

// item reads a test of an attribute, up to the parenthesis that ends it or the
// end.
func (p *parser) item() (node, error) {
	var a Assertion
	n := descriptionPrefix(p.src[p.pos:])
	a.Attribute = p.src[p.pos : p.pos+n]
	p.pos += n
	if n == 0 && p.peek() != ':' {
		return node{}, p.unexpected("an attribute")
	}
	var err error
	if rest := p.src[p.pos:]; strings.HasPrefix(rest, ":") {
		a.Kind = KindExtensible
		err = p.extensible(&a)
	} else if rest != "" && rest[0] == '=' {
		p.pos++
		err = p.equality(&a)
	} else if a.Kind = comparison(rest); a.Kind != 0 {
		p.pos += 2
		err = p.value(&a)
	} else {
		err = p.unexpected(`"=", "~=", ">=", "<=" or ":="`)
	}
	return node{item: a.Filter().encoded}, err
}

func comparison(s string) Kind {
	switch {
	case strings.HasPrefix(s, "~="):
		return KindApprox
	case strings.HasPrefix(s, ">="):
		return KindGreaterOrEqual
	case strings.HasPrefix(s, "<="):
		return KindLessOrEqual
	}
	return 0
}

// extensible reads what follows the attribute of an extensible match.
func (p *parser) extensible(a *Assertion) error {
	if rest := p.src[p.pos:]; len(rest) > 3 && strings.EqualFold(rest[:3], ":dn") && rest[3] == ':' {
		a.DNAttributes = true
		p.pos += 3
	}
	p.pos++ // the colon
	if n := rulePrefix(p.src[p.pos:]); n > 0 {
		a.Rule = p.src[p.pos : p.pos+n]
		p.pos += n
		if p.peek() != ':' {
			return p.unexpected(`":="`)
		}
		p.pos++
	}
	if a.Attribute == "" && a.Rule == "" {
		return p.unexpected("a matching rule")
	}
	if p.peek() != '=' {
		return p.unexpected(`"="`)
	}
	p.pos++
	return p.value(a)
}

// value reads the value of an item in which an asterisk has no meaning.
func (p *parser) value(a *Assertion) (err error) {
	if a.Value, err = p.piece(); err == nil && p.peek() == '*' {
		err = p.fail(`an asterisk in this value must be escaped: \2a`)
	}
	return err
}

// equality reads what follows "=": a value, substrings or "*" alone.
func (p *parser) equality(a *Assertion) error {
	first, err := p.piece()
	if err != nil {
		return err
	}
	if p.peek() != '*' {
		a.Kind, a.Value = KindEquality, first
		return nil
	}
	a.Initial = first
	for {
		p.pos++ // the asterisk
		piece, err := p.piece()
		if err != nil {
			return err
		}
		if p.peek() != '*' {
			a.Final = piece
			break
		}
		if piece == "" {
			return p.fail("there is nothing between two asterisks")
		}
		a.Any = append(a.Any, piece)
	}
	a.Kind = KindSubstrings // "*" alone has no pieces, and is made a test of presence
	return nil
}

// piece reads a value up to an asterisk, the closing parenthesis or the end,
// and decodes its escapes.
func (p *parser) piece() (string, error) {
	start := p.pos
	var b []byte // the value so far, if it has had escapes
	for ; p.pos < len(p.src); p.pos++ {
		switch p.src[p.pos] {
		case '*', ')':
			return p.taken(b, start), nil
		case '(':
			return "", p.fail(`a parenthesis in a value must be escaped: \28`)
		case 0:
			return "", p.fail(`a null character in a value must be escaped: \00`)
		case '\\':
			c, err := p.escape()
			if err != nil {
				return "", err
			}
			b = append(append(b, p.src[start:p.pos]...), c)
			p.pos += 2
			start = p.pos + 1
		}
	}
	return p.taken(b, start), nil
}

func (p *parser) taken(b []byte, start int) string {
	if b == nil {
		return p.src[start:p.pos]
	}
	return string(append(b, p.src[start:p.pos]...))
}

// escape returns the byte of the escape at the place.
func (p *parser) escape() (byte, error) {
	if p.pos+2 < len(p.src) {
		high, low := unhex(p.src[p.pos+1]), unhex(p.src[p.pos+2])
		if high < 16 && low < 16 {
			return high<<4 | low, nil
		}
	}
	return 0, p.fail(`a backslash must be followed by two hexadecimal digits, itself written \5c`)
}

// unhex returns the value of a hexadecimal digit, 16 for what is none.
func unhex(c byte) byte {
	switch {
	case c >= '0' && c <= '9':
		return c - '0'
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return c | 0x20 - 'a' + 10
	}
	return 16
}

func (p *parser) spaces() {
	for p.pos < len(p.src) && strings.IndexByte(" \t\r\n", p.src[p.pos]) >= 0 {
		p.pos++
	}
}

// peek returns the next byte, 0 at the end.
func (p *parser) peek() byte {
	if p.pos == len(p.src) {
		return 0
	}
	return p.src[p.pos]
}

func (p *parser) fail(reason string) error { return &Error{Offset: p.pos, Reason: reason} }

func (p *parser) unexpected(wanted string) error {
	found := "the end"
	if p.pos < len(p.src) {
		_, n := utf8.DecodeRuneInString(p.src[p.pos:])
		found = strconv.Quote(p.src[p.pos : p.pos+n])
	}
	if wanted == "the end" && found == `")"` {
		return p.fail("a parenthesis closes what none has opened")
	}
	return p.fail(wanted + " is expected, not " + found)
}
