package schemajson

import (
	"strconv"
	"strings"
)

// kind is a kind of definition that takes its fields from a parser.
type kind interface {
	definition() *Definition
	// field takes the value of a keyword (in capitals) that is not common to
	// all kinds. It reports false for a keyword that the kind does not have.
	field(p *parser, keyword string) bool
}

// kindOf is kind for pointers to D.
type kindOf[D any] interface {
	*D
	kind
}

// parser parses the definitions of one schema, one after the other.
type parser struct {
	scanner
	ahead      token
	collection string
	problems   []Problem
	// keyword is the one whose value is being read.
	keyword token
	// scratch collects a list until its length is known; lists are then cut
	// from slab, which many of them share.
	scratch []string
	slab    []string
	// reported counts the current value's problems, and more those that are
	// not listed.
	reported, more int
	// failed is set by the first syntax error of a definition.
	failed bool
	// seen has the common fields and those of the kind that have come, to
	// notice one that comes twice.
	seen []string
}

func parseCollection[D any, P kindOf[D]](p *parser, into []D, collection string, values []string) []D {
	p.collection = collection
	if into == nil {
		into = make([]D, 0, len(values))
	}
	for _, v := range values {
		n := len(into)
		into = append(into, *new(D))
		if !p.definition(P(&into[n]), v) {
			into[n] = *new(D)
			into = into[:n]
			continue
		}
		P(&into[n]).definition().number = int32(n)
	}
	return into
}

// definition parses one value and reports whether it is a definition.
func (p *parser) definition(into kind, raw string) bool {
	p.scanner = scanner{src: raw}
	p.reported = 0
	p.failed = false
	p.seen = p.seen[:0]
	p.advance()
	if p.ahead.kind == tokenEnd {
		p.fail(p.ahead, "the definition is empty")
		return false
	}
	if p.ahead.kind != tokenOpen {
		p.fail(p.ahead, "a definition begins with \"(\", not "+p.ahead.describe())
		return false
	}
	p.advance()
	d := into.definition()
	d.Raw = raw
	p.objectIdentifier(d)
	for !p.failed && p.ahead.kind != tokenClose {
		p.definitionField(d, into)
	}
	if !p.failed {
		p.advance()
		if p.ahead.kind != tokenEnd {
			p.fail(p.ahead, "after the closing \")\" comes "+p.ahead.describe())
		}
	}
	return !p.failed
}

// objectIdentifier reads the identifier that a definition begins with: a
// numeric OID, a descriptor, or, with servers that leave it out, nothing.
func (p *parser) objectIdentifier(d *Definition) {
	switch p.ahead.kind {
	case tokenString:
		d.OID = p.ahead.text
	case tokenWord:
		if isCommonKeyword(p.ahead.text) {
			p.report(ProblemValue, p.ahead, "the definition has no OID")
			return
		}
		d.OID = p.ahead.text
	default:
		p.fail(p.ahead, "an OID is expected, not "+p.ahead.describe())
		return
	}
	p.advance()
}

func isCommonKeyword(word string) bool {
	return strings.EqualFold(word, "NAME") || strings.EqualFold(word, "DESC") || strings.EqualFold(word, "OBSOLETE")
}

// definitionField reads one keyword and its value.
func (p *parser) definitionField(d *Definition, into kind) {
	word := p.ahead
	p.keyword = word
	if word.kind == tokenEnd {
		p.fail(word, "the closing \")\" is missing")
		return
	}
	if word.kind != tokenWord {
		p.fail(word, "a keyword is expected, not "+word.describe())
		return
	}
	var folded [32]byte
	keyword := upper(word.text, &folded)
	if len(keyword) > 2 && keyword[0] == 'X' && (keyword[1] == '-' || keyword[1] == '_') {
		p.advance()
		d.Extensions = append(d.Extensions, Extension{Name: word.text, Values: p.strings()})
		return
	}
	p.advance()
	switch keyword {
	case "NAME":
		p.once(word)
		d.Names = p.strings()
	case "DESC":
		p.once(word)
		d.Desc, d.DescGiven = p.text(), true
	case "OBSOLETE":
		p.once(word)
		d.Obsolete = true
	default:
		if into.field(p, keyword) {
			p.once(word)
			return
		}
		p.report(ProblemKeyword, word, "unknown keyword "+Quote(word.text))
		d.Extensions = append(d.Extensions, Extension{Name: word.text, Values: p.loose()})
	}
}

func (t *AttributeType) field(p *parser, keyword string) bool {
	switch keyword {
	case "SUP":
		t.SUP = p.oid()
	case "EQUALITY":
		t.Equality = p.oid()
	case "ORDERING":
		t.Ordering = p.oid()
	case "SUBSTR":
		t.Substr = p.oid()
	case "SYNTAX":
		t.Syntax, t.Length = p.syntax()
	case "SINGLE-VALUE":
		t.SingleValue = true
	case "COLLECTIVE":
		t.Collective = true
	case "NO-USER-MODIFICATION":
		t.NoUserModification = true
	case "USAGE":
		t.usage(p)
	default:
		return false
	}
	return true
}

func (t *AttributeType) usage(p *parser) {
	word := p.ahead
	value := p.oid()
	if value == "" {
		return
	}
	for u, name := range usages {
		if strings.EqualFold(value, name) {
			t.Usage, t.UsageGiven = Usage(u), true
			return
		}
	}
	p.report(ProblemValue, word, "unknown usage "+Quote(value))
}

func (c *ObjectClass) field(p *parser, keyword string) bool {
	switch keyword {
	case "SUP":
		c.SUP = p.oids()
	case "MUST":
		c.Must = p.oids()
	case "MAY":
		c.May = p.oids()
	case "ABSTRACT":
		c.Kind, c.KindGiven = Abstract, true
	case "STRUCTURAL":
		c.Kind, c.KindGiven = Structural, true
	case "AUXILIARY":
		c.Kind, c.KindGiven = Auxiliary, true
	default:
		return false
	}
	return true
}

func (*LDAPSyntax) field(*parser, string) bool { return false }
func (r *MatchingRule) field(p *parser, keyword string) bool {
	if keyword != "SYNTAX" {
		return false
	}
	r.Syntax, _ = p.syntax()
	return true
}

func (u *MatchingRuleUse) field(p *parser, keyword string) bool {
	if keyword != "APPLIES" {
		return false
	}
	u.Applies = p.oids()
	return true
}

func (r *DITContentRule) field(p *parser, keyword string) bool {
	switch keyword {
	case "AUX":
		r.Aux = p.oids()
	case "MUST":
		r.Must = p.oids()
	case "MAY":
		r.May = p.oids()
	case "NOT":
		r.Not = p.oids()
	default:
		return false
	}
	return true
}

func (r *DITStructureRule) field(p *parser, keyword string) bool {
	switch keyword {
	case "FORM":
		r.Form = p.oid()
	case "SUP":
		r.SUP = p.strings() // numbers, separated by spaces (RFC 4512 §4.1.7.1)
	default:
		return false
	}
	return true
}

func (f *NameForm) field(p *parser, keyword string) bool {
	switch keyword {
	case "OC":
		f.OC = p.oid()
	case "MUST":
		f.Must = p.oids()
	case "MAY":
		f.May = p.oids()
	default:
		return false
	}
	return true
}

// strings reads qdescrs or qdstrings: one string, or several in parentheses.
// Words without quotes are taken too.
func (p *parser) strings() []string {
	p.scratch = p.scratch[:0]
	switch p.ahead.kind {
	case tokenString, tokenWord:
		p.scratch = append(p.scratch, p.value())
	case tokenOpen:
		p.advance()
		for p.ahead.kind == tokenString || p.ahead.kind == tokenWord {
			p.scratch = append(p.scratch, p.value())
		}
		p.closing()
	default:
		p.missing()
	}
	return p.list()
}

// text reads one qdstring.
func (p *parser) text() string {
	values := p.strings()
	if len(values) > 1 {
		p.report(ProblemValue, p.keyword, Quote(p.keyword.text)+" has several values; they are joined")
	}
	return strings.Join(values, " ")
}

// oids reads one OID, or several in parentheses and separated by dollars.
func (p *parser) oids() []string {
	p.scratch = p.scratch[:0]
	switch p.ahead.kind {
	case tokenString, tokenWord:
		p.scratch = append(p.scratch, p.value())
		// Some servers leave the parentheses out: a $ b.
		for p.ahead.kind == tokenDollar {
			p.advance()
			p.element()
		}
	case tokenOpen:
		p.advance()
		for p.ahead.kind == tokenString || p.ahead.kind == tokenWord || p.ahead.kind == tokenDollar {
			if p.ahead.kind == tokenDollar {
				p.advance()
				continue
			}
			p.scratch = append(p.scratch, p.value())
		}
		p.closing()
	default:
		p.missing()
	}
	return p.list()
}

func (p *parser) element() {
	if p.ahead.kind != tokenString && p.ahead.kind != tokenWord {
		p.missing()
		return
	}
	p.scratch = append(p.scratch, p.value())
}

// oid reads the one OID of a field that can have no more. Of several in
// parentheses the first is taken.
func (p *parser) oid() string {
	at := p.ahead
	values := p.oids()
	if p.failed {
		return ""
	}
	if len(values) != 1 {
		p.report(ProblemValue, at, "one name or OID is expected, not "+strconv.Itoa(len(values)))
	}
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

// syntax reads a noidlen: an OID with an optional {len}. Active Directory
// writes it in quotes.
func (p *parser) syntax() (oid string, length int) {
	at := p.ahead
	oid = p.oid()
	brace := strings.IndexByte(oid, '{')
	if brace < 0 {
		return oid, 0
	}
	digits, closed := strings.CutSuffix(oid[brace+1:], "}")
	length, err := strconv.Atoi(digits)
	if err != nil || !closed || length < 0 {
		p.report(ProblemValue, at, Quote(oid[brace:])+" is not a length")
		length = 0
	}
	return oid[:brace], length
}

// loose reads whatever stands between an unknown keyword and the next known
// one, so that nothing is lost: strings and parenthesised lists, and words
// only inside these.
func (p *parser) loose() []string {
	p.scratch = p.scratch[:0]
	depth := 0
	for !p.failed {
		switch p.ahead.kind {
		case tokenOpen:
			depth++
			p.advance()
		case tokenClose:
			if depth == 0 {
				return p.list()
			}
			depth--
			p.advance()
		case tokenString:
			p.scratch = append(p.scratch, p.value())
		case tokenDollar:
			p.advance()
		case tokenWord:
			if depth == 0 && (len(p.scratch) > 0 || looksLikeKeyword(p.ahead.text)) {
				return p.list()
			}
			p.scratch = append(p.scratch, p.value())
		default:
			p.fail(p.ahead, "the closing \")\" is missing")
		}
	}
	return nil
}

// looksLikeKeyword tells a keyword from a value: RFC 4512 writes keywords in
// capitals and hyphens.
func looksLikeKeyword(word string) bool {
	for i := 0; i < len(word); i++ {
		if c := word[i]; (c < 'A' || c > 'Z') && c != '-' {
			return false
		}
	}
	return true
}

func (p *parser) value() string {
	t := p.ahead
	p.advance()
	if t.kind == tokenString {
		return unescape(t.text)
	}
	return t.text
}

// list cuts scratch's content from the slab.
func (p *parser) list() []string {
	n := len(p.scratch)
	if n == 0 {
		return nil
	}
	if cap(p.slab)-len(p.slab) < n {
		p.slab = make([]string, 0, max(n, 512))
	}
	start := len(p.slab)
	p.slab = append(p.slab, p.scratch...)
	return p.slab[start:len(p.slab):len(p.slab)]
}

func (p *parser) advance() {
	t, ok := p.next()
	p.ahead = t
	if p.apostrophe > 0 {
		p.report(ProblemQuote, token{offset: p.apostrophe - 1}, `an apostrophe in a string is not escaped as \27`)
		p.apostrophe = 0
	}
	if !ok {
		p.fail(t, "the closing quote is missing")
		p.ahead = token{kind: tokenEnd, offset: len(p.src)}
	}
}

func (p *parser) closing() {
	if p.failed {
		return
	}
	if p.ahead.kind != tokenClose {
		p.fail(p.ahead, "the list of "+Quote(p.keyword.text)+" is closed by \")\", not "+p.ahead.describe())
		return
	}
	p.advance()
}

func (p *parser) missing() {
	p.fail(p.ahead, Quote(p.keyword.text)+" has no value; "+p.ahead.describe()+" follows")
}

// once reports a field that comes a second time.
func (p *parser) once(keyword token) {
	for _, s := range p.seen {
		if strings.EqualFold(s, keyword.text) {
			p.report(ProblemRepeated, keyword, Quote(keyword.text)+" is given twice; the last one is used")
			return
		}
	}
	p.seen = append(p.seen, keyword.text)
}

// fail reports what makes the value no definition. Only the first such error
// of a value is kept: the rest follow from it.
func (p *parser) fail(at token, message string) {
	if !p.failed {
		p.report(ProblemSyntax, at, message)
	}
	p.failed = true
}

// A value and a schema can have as many problems as a hostile server likes.
const (
	maxProblemsOfValue = 20
	maxProblems        = 1000
)

func (p *parser) report(code ProblemCode, at token, message string) {
	if p.reported++; p.reported > maxProblemsOfValue && code != ProblemSyntax || len(p.problems) >= maxProblems {
		p.more++
		return
	}
	p.problems = append(p.problems, Problem{Code: code, Collection: p.collection, Text: p.src, Offset: at.offset, Message: message})
}

// describe names a token in a message.
func (t token) describe() string {
	switch t.kind {
	case tokenWord, tokenString:
		return Quote(t.text)
	case tokenOpen:
		return `"("`
	case tokenClose:
		return `")"`
	case tokenDollar:
		return `"$"`
	default:
		return "the end"
	}
}

// upper returns the word in capitals, in buf if it fits; a longer word is no
// keyword and is returned as it is.
func upper(word string, buf *[32]byte) string {
	for i := 0; i < len(word); i++ {
		if c := word[i]; c >= 'a' && c <= 'z' {
			if len(word) > len(buf) {
				return word
			}
			b := buf[:copy(buf[:], word)]
			for j := i; j < len(b); j++ {
				if c := b[j]; c >= 'a' && c <= 'z' {
					b[j] = c - 'a' + 'A'
				}
			}
			return string(b)
		}
	}
	return word
}
