package schemajson

// TokenKind is what a [Token] is.
type TokenKind uint8

// The kinds of token (RFC 4512 §4.1).
const (
	TokenEnd    = TokenKind(tokenEnd)
	TokenWord   = TokenKind(tokenWord)
	TokenString = TokenKind(tokenString) // in quotes
	TokenOpen   = TokenKind(tokenOpen)
	TokenClose  = TokenKind(tokenClose)
	TokenDollar = TokenKind(tokenDollar)
)

// Token is one lexical element of a definition: the bytes from Start to End,
// with the quotes of a string.
type Token struct {
	Kind       TokenKind
	Start, End int
}

// Scanner cuts a text into the tokens that [Parse] sees in it. A string without
// its closing quote goes to the end.
type Scanner struct{ scan scanner }

// NewScanner returns a scanner of a definition.
func NewScanner(definition string) *Scanner { return &Scanner{scanner{src: definition}} }

// Next returns the next token, of the kind TokenEnd after the last.
func (s *Scanner) Next() Token {
	t, _ := s.scan.next()
	return Token{TokenKind(t.kind), t.offset(), s.scan.pos}
}

// EndsString tells whether the quote at a place inside a string ends it, as far
// as what follows tells. Some servers do not escape apostrophes: one in the
// middle of a word is taken for such, unless what follows is a keyword, for
// others leave out the space before that.
func EndsString(source string, quote int) bool {
	return quote+1 == len(source) || wordEnd[source[quote+1]] || isKeyword(source[quote+1:])
}
