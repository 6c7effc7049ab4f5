package schemajson

import (
	"slices"
	"strings"
)

// Match is a definition that [SchemaInfo.Find] has found.
type Match struct {
	// Collection is where the definition is.
	Collection string
	// Index is the definition's place in the collection.
	Index int
	// Definition is the part that all kinds share.
	Definition *Definition
	// Rank tells how well it matches; matches come in the order of their rank.
	Rank Rank
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

// Find returns the definitions that match a query, best first, and the
// shorter name first among equals. Case is ignored. A "*" in the query stands
// for any characters; a query with one must match a whole name or OID. An empty
// query matches nothing.
func (s *SchemaInfo) Find(query string) []Match {
	query = strings.ToLower(strings.TrimSpace(query))
	if query == "" {
		return nil
	}
	var all []Match
	all = find(all, query, CollectionObjectClasses, s.ObjectClasses)
	all = find(all, query, CollectionAttributeTypes, s.AttributeTypes)
	all = find(all, query, CollectionMatchingRules, s.MatchingRules)
	all = find(all, query, CollectionLDAPSyntaxes, s.LDAPSyntaxes)
	all = find(all, query, CollectionDITContentRules, s.DITContentRules)
	all = find(all, query, CollectionDITStructureRules, s.DITStructureRules)
	all = find(all, query, CollectionNameForms, s.NameForms)
	all = find(all, query, CollectionMatchingRuleUse, s.MatchingRuleUses)
	slices.SortStableFunc(all, func(a, b Match) int {
		if a.Rank != b.Rank {
			return int(a.Rank - b.Rank)
		}
		return len(a.Definition.Name()) - len(b.Definition.Name())
	})
	return all
}

func find[D any, P kindOf[D]](all []Match, query, collection string, definitions []D) []Match {
	for i := range definitions {
		d := P(&definitions[i]).definition()
		if rank := d.rank(query); rank != noMatch {
			all = append(all, Match{Collection: collection, Index: i, Definition: d, Rank: rank})
		}
	}
	return all
}

func (d *Definition) rank(query string) Rank {
	best := noMatch
	for _, name := range d.Names {
		best = min(best, rankText(query, name, RankName))
	}
	best = min(best, rankText(query, d.OID, RankOID))
	if best == noMatch && !strings.Contains(query, "*") && strings.Contains(strings.ToLower(d.Desc), query) {
		best = RankDescription
	}
	return best
}

// rankText ranks one name or OID; exact is the rank of a full match.
func rankText(query, text string, exact Rank) Rank {
	folded := strings.ToLower(text)
	if strings.Contains(query, "*") {
		if wildcard(query, folded) {
			return RankPrefix
		}
		return noMatch
	}
	at := strings.Index(folded, query)
	switch {
	case at < 0:
		return noMatch
	case len(folded) == len(query):
		return exact
	case at == 0:
		return RankPrefix
	}
	if len(folded) != len(text) { // folding has moved the letters
		return RankInside
	}
	for ; at >= 0; at = next(folded, query, at) {
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

// wildcard matches a pattern in which "*" stands for any characters.
func wildcard(pattern, text string) bool {
	parts := strings.Split(pattern, "*")
	rest, ok := strings.CutPrefix(text, parts[0])
	if !ok {
		return false
	}
	last := parts[len(parts)-1]
	for _, part := range parts[1 : len(parts)-1] {
		i := strings.Index(rest, part)
		if i < 0 {
			return false
		}
		rest = rest[i+len(part):]
	}
	return strings.HasSuffix(rest, last)
}
