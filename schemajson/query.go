package schemajson

import (
	"strings"
	"unicode"
)

// query is a text that someone has typed to find definitions.
type query struct {
	words      []word
	narrowings []narrowing
}

// word is what a name, an OID or a description must have, in small letters.
type word struct {
	text string
	// pieces are those between the "*" that stand for any characters; nil of a
	// word without one.
	pieces []string
}

// narrowing is a word with a name, as in "kind:class".
type narrowing struct {
	name  string
	value word
}

func newWord(text string, quoted bool) word {
	w := word{text: strings.ToLower(text)}
	if !quoted && strings.Contains(text, "*") {
		w.pieces = strings.Split(w.text, "*")
	}
	return w
}

// parseQuery reads a query. A quotation mark that is not closed, which it is not
// yet while one types, reaches to the end.
func parseQuery(text string) (q query) {
	for {
		text = strings.TrimLeftFunc(text, unicode.IsSpace)
		if text == "" {
			return q
		}
		var name string
		if name, text = cutName(text); name != "" {
			n := narrowing{name: name}
			n.value, text = cutWord(text)
			q.narrowings = append(q.narrowings, n)
			continue
		}
		var w word
		if w, text = cutWord(text); w.text != "" {
			q.words = append(q.words, w)
		}
	}
}

// cutName cuts the name of a narrowing off, which is of letters.
func cutName(text string) (name, rest string) {
	i := strings.IndexFunc(text, func(r rune) bool { return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z') })
	if i < 1 || text[i] != ':' {
		return "", text
	}
	return strings.ToLower(text[:i]), text[i+1:]
}

// cutWord cuts a word off, or what is in quotation marks.
func cutWord(text string) (w word, rest string) {
	if quoted, ok := strings.CutPrefix(text, `"`); ok {
		inside, rest, _ := strings.Cut(quoted, `"`)
		return newWord(inside, true), rest
	}
	i := strings.IndexFunc(text, func(r rune) bool { return unicode.IsSpace(r) || r == '"' })
	if i < 0 {
		i = len(text)
	}
	return newWord(text[:i], false), text[i:]
}

// marks are the pieces of the words between their "*".
func (q query) marks() []string {
	all := []string{}
	for _, w := range q.words {
		if w.pieces == nil {
			all = append(all, w.text)
		}
		for _, piece := range w.pieces {
			if piece != "" {
				all = append(all, piece)
			}
		}
	}
	return all
}
