package schemajson

import (
	"cmp"
	"iter"
	"slices"
	"strings"
)

// Found is what a query finds.
type Found struct {
	// Matches are the definitions, best first.
	Matches []Match
	// Marks are the pieces of text that names, OIDs or descriptions were
	// searched for, in small letters.
	Marks []string
}

// Match is a definition that a query has found.
type Match struct {
	// Collection is where the definition is.
	Collection string
	// Index is the definition's place in the collection.
	Index int
	// Definition is the part that all kinds share.
	Definition *Definition
	// Rank tells how well it matches; matches come in the order of their rank.
	Rank Rank
	// Also is the name that matches, if it is another than the first one.
	Also string
}

// Rank tells how well a definition matches, best first.
type Rank int

// The ranks.
const (
	RankName        Rank = iota // a name is the query
	RankOID                     // the OID is the query
	RankPrefix                  // a name or the OID begins with it
	RankWord                    // a word in a name begins with it
	RankInside                  // a name or the OID has it inside
	RankDescription             // the description has it
	noMatch
)

// Finder finds definitions of a schema as one types: it keeps all texts as they
// are compared. It is safe for concurrent use.
type Finder struct {
	schema *SchemaInfo
	all    []candidate
	// text has the keys and descriptions of all, one after the other, and ends is
	// where those of each end: most words are in few of them.
	text string
	ends []int
}

// candidate is a definition that may match.
type candidate struct {
	collection string
	index      int
	definition *Definition
	// keys are the names and the OID in small letters, as [Definition.key]
	// counts them; desc is the description.
	keys []string
	desc string
}

// Find returns what a query finds, as [Finder.Find] does. Who asks more than
// once keeps a [Finder].
func (s *SchemaInfo) Find(query string) (*Found, error) { return NewFinder(s).Find(query) }

// NewFinder returns a finder for a schema.
func NewFinder(s *SchemaInfo) *Finder {
	f := &Finder{schema: s}
	f.all = slices.Grow(f.all, len(s.ObjectClasses)+len(s.AttributeTypes)+len(s.MatchingRules)+len(s.LDAPSyntaxes)+
		len(s.MatchingRuleUses)+len(s.DITContentRules)+len(s.DITStructureRules)+len(s.NameForms))
	f.all = candidates(f.all, CollectionObjectClasses, s.ObjectClasses)
	f.all = candidates(f.all, CollectionAttributeTypes, s.AttributeTypes)
	f.all = candidates(f.all, CollectionMatchingRules, s.MatchingRules)
	f.all = candidates(f.all, CollectionLDAPSyntaxes, s.LDAPSyntaxes)
	f.all = candidates(f.all, CollectionDITContentRules, s.DITContentRules)
	f.all = candidates(f.all, CollectionDITStructureRules, s.DITStructureRules)
	f.all = candidates(f.all, CollectionNameForms, s.NameForms)
	f.all = candidates(f.all, CollectionMatchingRuleUse, s.MatchingRuleUses)
	var text strings.Builder
	f.ends = make([]int, len(f.all))
	for i, c := range f.all {
		for _, key := range c.keys {
			text.WriteString(key)
			text.WriteByte('\n')
		}
		text.WriteString(c.desc)
		text.WriteByte('\n')
		f.ends[i] = text.Len()
	}
	f.text = text.String()
	return f
}

// having are the candidates that may match a word: those whose texts have its
// longest piece.
func (f *Finder) having(w word) iter.Seq[*candidate] {
	needle := w.text
	if w.pieces != nil {
		needle = slices.MaxFunc(w.pieces, func(a, b string) int { return len(a) - len(b) })
	}
	return func(yield func(*candidate) bool) {
		for begin, i := 0, 0; i < len(f.all); i++ {
			at := strings.Index(f.text[begin:], needle)
			if at < 0 {
				return
			}
			// It is in the first that ends behind it.
			n, _ := slices.BinarySearch(f.ends[i:], begin+at+1)
			i += n
			if !yield(&f.all[i]) {
				return
			}
			begin = f.ends[i]
		}
	}
}

func candidates[D any, P kindOf[D]](all []candidate, collection string, definitions []D) []candidate {
	for i := range definitions {
		d := P(&definitions[i]).definition()
		c := candidate{collection: collection, index: i, definition: d, desc: strings.ToLower(d.Desc)}
		for k := range len(d.Names) + 1 {
			c.keys = append(c.keys, strings.ToLower(d.key(int32(k))))
		}
		all = append(all, c)
	}
	return all
}

// Find returns the definitions that match each word of a query, best first, and
// the shorter name first among equals. Case is ignored. A "*" in a word stands
// for any characters; a word with one must match a whole name or OID. Words in
// quotation marks are one, as it is.
//
// A word may narrow what is found: "kind:" to definitions of a kind, "syntax:"
// to what has a syntax, "must:" to what requires an attribute type, and
// "usedby:" to what a definition uses. The error for any other is a
// [*QueryError]. An empty query matches nothing.
func (f *Finder) Find(query string) (*Found, error) {
	q := parseQuery(query)
	found := &Found{Marks: q.marks()}
	passes, err := f.narrow(q.narrowings)
	if err != nil || len(q.words)+len(passes) == 0 {
		return found, err
	}
	var first word
	if len(q.words) > 0 {
		first = q.words[0]
	}
	for c := range f.having(first) {
		if m, ok := c.match(q.words, passes); ok {
			found.Matches = append(found.Matches, m)
		}
	}
	slices.SortStableFunc(found.Matches, func(a, b Match) int {
		if len(q.words) == 0 {
			return cmp.Compare(strings.ToLower(a.Definition.Name()), strings.ToLower(b.Definition.Name()))
		}
		return cmp.Or(cmp.Compare(a.Rank, b.Rank), len(a.Definition.Name())-len(b.Definition.Name()))
	})
	return found, nil
}

// match ranks a definition by the word that it matches worst.
func (c *candidate) match(words []word, passes []func(*candidate) bool) (m Match, ok bool) {
	m = Match{Collection: c.collection, Index: c.index, Definition: c.definition}
	also := 0
	for _, w := range words {
		rank, key := c.rank(w)
		if rank == noMatch {
			return m, false
		}
		m.Rank = max(m.Rank, rank)
		if key > 0 && key < len(c.definition.Names) {
			also = key
		}
	}
	for _, pass := range passes {
		if !pass(c) {
			return m, false
		}
	}
	if also > 0 {
		m.Also = c.definition.Names[also]
	}
	return m, true
}

// rank tells how well a definition matches a word, and by which of its keys.
func (c *candidate) rank(w word) (best Rank, by int) {
	best = noMatch
	for k, folded := range c.keys {
		exact := RankName
		if k == len(c.definition.Names) {
			exact = RankOID
		}
		if rank := w.rank(folded, c.definition.key(int32(k)), exact); rank < best {
			best, by = rank, k
		}
	}
	if best == noMatch && w.pieces == nil && strings.Contains(c.desc, w.text) {
		best = RankDescription
	}
	return best, by
}

// rank ranks one name or OID; exact is the rank of a full match.
func (w word) rank(folded, text string, exact Rank) Rank {
	if w.pieces != nil {
		if w.is(folded) {
			return RankPrefix
		}
		return noMatch
	}
	at := strings.Index(folded, w.text)
	switch {
	case at < 0:
		return noMatch
	case len(folded) == len(w.text):
		return exact
	case at == 0:
		return RankPrefix
	}
	if len(folded) != len(text) { // folding has moved the letters
		return RankInside
	}
	for ; at >= 0; at = next(folded, w.text, at) {
		if wordStart(text, at) {
			return RankWord
		}
	}
	return RankInside
}

// next returns where query stands in text after at, or -1.
func next(text, query string, at int) int {
	i := strings.Index(text[at+1:], query)
	if i < 0 {
		return -1
	}
	return at + 1 + i
}

// wordStart tells whether a word begins at i: after a hyphen, a dot or the
// like, or with a capital after a small letter, as in "givenName".
func wordStart(text string, i int) bool {
	before, c := text[i-1], text[i]
	letterOrDigit := func(c byte) bool {
		return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c >= 0x80
	}
	return !letterOrDigit(before) || 'A' <= c && c <= 'Z' && !('A' <= before && before <= 'Z')
}

// is tells whether a text in small letters is the whole of what the word says.
func (w word) is(folded string) bool {
	if w.pieces == nil {
		return w.text == folded
	}
	rest, ok := strings.CutPrefix(folded, w.pieces[0])
	if !ok {
		return false
	}
	last := len(w.pieces) - 1
	for _, piece := range w.pieces[1:last] {
		i := strings.Index(rest, piece)
		if i < 0 {
			return false
		}
		rest = rest[i+len(piece):]
	}
	return strings.HasSuffix(rest, w.pieces[last])
}
