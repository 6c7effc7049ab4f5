package schemajson

import (
	"slices"
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
	// scratch collects a field's values until their number is known; lists are
	// then cut from slab, which many of them share.
	scratch []string
	slab    []string
	// reported counts the current value's problems, and more those that are
	// not listed.
	reported, more int
	// failed is set by the first syntax error of a definition.
	failed bool
	// seen has the keywords, in capitals, of the common fields and those of the
	// kind that have come, to notice one that comes twice.
	seen []string
}

// parseCollection parses all values that the attributes have of a collection.
func parseCollection[D any, P kindOf[D]](p *parser, collection string, attributes []Attribute) []D {
	p.collection = collection
	total := 0
	for _, a := range attributes {
		if a.isOf(collection) {
			total += len(a.Values)
		}
	}
	definitions := make([]D, total)
	n := 0
	for _, a := range attributes {
		if !a.isOf(collection) {
			continue
		}
		for _, v := range a.Values {
			d := P(&definitions[n])
			if p.definition(d, v) {
				d.definition().number = int32(n)
				n++
			} else {
				*d = *new(D)
			}
		}
	}
	return definitions[:n]
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
		p.fail(p.ahead, "a definition begins with \"(\", not "+p.describe(p.ahead))
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
			p.fail(p.ahead, "after the closing \")\" comes "+p.describe(p.ahead))
		}
	}
	return !p.failed
}

// objectIdentifier reads the identifier that a definition begins with: a
// numeric OID, a descriptor, or, with servers that leave it out, nothing.
func (p *parser) objectIdentifier(d *Definition) {
	switch p.ahead.kind {
	case tokenString:
		d.OID = p.ahead.of(p.src)
	case tokenWord:
		if isCommonKeyword(p.ahead.of(p.src)) {
			p.report(ProblemValue, p.ahead, "the definition has no OID")
			return
		}
		d.OID = p.ahead.of(p.src)
	default:
		p.fail(p.ahead, "an OID is expected, not "+p.describe(p.ahead))
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
		p.fail(word, "a keyword is expected, not "+p.describe(word))
		return
	}
	name := word.of(p.src)
	keyword := upper(name)
	p.advance()
	if len(keyword) > 2 && keyword[0] == 'X' && (keyword[1] == '-' || keyword[1] == '_') {
		d.Extensions = append(d.Extensions, Extension{Name: name, Values: p.strings()})
		return
	}
	switch keyword {
	case "NAME":
		p.once(keyword)
		d.Names = p.strings()
	case "DESC":
		p.once(keyword)
		d.Desc, d.DescGiven = p.text(), true
	case "OBSOLETE":
		p.once(keyword)
		d.Obsolete = true
	default:
		if into.field(p, keyword) {
			p.once(keyword)
			return
		}
		p.report(ProblemKeyword, word, "unknown keyword "+Quote(name))
		d.Extensions = append(d.Extensions, Extension{Name: name, Values: p.loose()})
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
	p.readStrings()
	return p.list()
}

func (p *parser) readStrings() {
	p.scratch = p.scratch[:0]
	switch p.ahead.kind {
	case tokenString, tokenWord:
		p.take()
	case tokenOpen:
		p.advance()
		for p.ahead.kind == tokenString || p.ahead.kind == tokenWord {
			p.take()
		}
		p.closing()
	default:
		p.missing()
	}
}

// text reads one qdstring.
func (p *parser) text() string {
	p.readStrings()
	if len(p.scratch) > 1 {
		p.report(ProblemValue, p.keyword, Quote(p.keyword.of(p.src))+" has several values; they are joined")
	}
	return strings.Join(p.scratch, " ")
}

// oids reads one OID, or several in parentheses and separated by dollars.
func (p *parser) oids() []string {
	p.readOIDs()
	return p.list()
}

func (p *parser) readOIDs() {
	p.scratch = p.scratch[:0]
	switch p.ahead.kind {
	case tokenString, tokenWord:
		p.take()
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
			p.take()
		}
		p.closing()
	default:
		p.missing()
	}
}

func (p *parser) element() {
	if p.ahead.kind != tokenString && p.ahead.kind != tokenWord {
		p.missing()
		return
	}
	p.take()
}

// oid reads the one OID of a field that can have no more. Of several in
// parentheses the first is taken.
func (p *parser) oid() string {
	at := p.ahead
	p.readOIDs()
	if p.failed {
		return ""
	}
	if len(p.scratch) != 1 {
		p.report(ProblemValue, at, "one name or OID is expected, not "+strconv.Itoa(len(p.scratch)))
	}
	if len(p.scratch) == 0 {
		return ""
	}
	return p.scratch[0]
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
			p.take()
		case tokenDollar:
			p.advance()
		case tokenWord:
			if depth == 0 && (len(p.scratch) > 0 || looksLikeKeyword(p.ahead.of(p.src))) {
				return p.list()
			}
			p.take()
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

// take adds the string or word that is ahead to scratch.
func (p *parser) take() {
	value := p.ahead.of(p.src)
	if p.ahead.kind == tokenString {
		value = unescape(value)
	}
	p.scratch = append(p.scratch, value)
	p.advance()
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
		p.report(ProblemQuote, token{start: p.apostrophe - 1}, `an apostrophe in a string is not escaped as \27`)
		p.apostrophe = 0
	}
	if !ok {
		p.fail(t, "the closing quote is missing")
		p.ahead = token{tokenEnd, len(p.src), len(p.src)}
	}
}

func (p *parser) closing() {
	if p.failed {
		return
	}
	if p.ahead.kind != tokenClose {
		p.fail(p.ahead, "the list of "+Quote(p.keyword.of(p.src))+" is closed by \")\", not "+p.describe(p.ahead))
		return
	}
	p.advance()
}

func (p *parser) missing() {
	p.fail(p.ahead, Quote(p.keyword.of(p.src))+" has no value; "+p.describe(p.ahead)+" follows")
}

// once reports a field that comes a second time. It is that of p.keyword, in
// capitals.
func (p *parser) once(keyword string) {
	if slices.Contains(p.seen, keyword) {
		p.report(ProblemRepeated, p.keyword, Quote(p.keyword.of(p.src))+" is given twice; the last one is used")
		return
	}
	p.seen = append(p.seen, keyword)
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
	p.problems = append(p.problems, Problem{Code: code, Collection: p.collection, Text: p.src, Offset: at.offset(), Message: message})
}

// describe names a token in a message.
func (p *parser) describe(t token) string {
	switch t.kind {
	case tokenWord, tokenString:
		return Quote(t.of(p.src))
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

// upper returns the word in capitals; one that is too long for a keyword is
// returned as it is.
func upper(word string) string {
	for i := 0; i < len(word); i++ {
		if c := word[i]; c >= 'a' && c <= 'z' {
			return capitals(word)
		}
	}
	return word
}

func capitals(word string) string {
	if len(word) > 32 {
		return word
	}
	b := []byte(word)
	for i, c := range b {
		if c >= 'a' && c <= 'z' {
			b[i] = c - 'a' + 'A'
		}
	}
	return string(b)
}
