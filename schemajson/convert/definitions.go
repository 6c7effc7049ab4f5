package convert

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ldapedge/ldapedge/schemajson"
)

// ReadDefinitions reads definitions that stand in a text one after the other
// (RFC 4512 §4.1). Before each there may be what says of which kind it is, as in
// "attributeTypes: (" or "objectclass ("; otherwise its fields tell. Lines that
// begin with "#" are comments; any other text between
// definitions is left out and reported among the problems.
//
// A definition that is not closed ends where the next one begins a line. A line
// that LDIF has folded is put together again where its label is LDIF's. The
// definitions' text, to which the problems' offsets refer, is in one line.
//
// It returns [ErrNoDefinitions] for a text without any.
func ReadDefinitions(text string) (*schemajson.SchemaInfo, error) {
	c := &collector{}
	for rest := strings.TrimPrefix(text, "\xef\xbb\xbf"); ; {
		start := definitionStart(rest)
		if start < 0 {
			c.between(rest, "")
			break
		}
		label := rest[:start]
		rest = rest[start:]
		source := rest[:definitionEnd(rest)]
		rest = rest[len(source):]
		source = withoutInnerComments(source)
		collection, colon := c.label(label)
		if colon {
			source = unfold(label, source)
		}
		source = oneLine(source)
		if collection == "" {
			collection = guess(source)
		}
		c.add(collection, source)
	}
	s, err := c.schema()
	if err != nil {
		return nil, fmt.Errorf("reading definitions: %w", err)
	}
	return s, nil
}

// definitionStart returns the place of the first parenthesis that is not in a
// comment, or -1.
func definitionStart(source string) int {
	at := 0
	for line := range strings.Lines(source) {
		if i := strings.IndexByte(line, '('); i >= 0 && !isComment(line) {
			return at + i
		}
		at += len(line)
	}
	return -1
}

func isComment(line string) bool { return strings.HasPrefix(strings.TrimSpace(line), "#") }

// definitionEnd returns the place after the definition that a text begins with.
func definitionEnd(source string) int {
	// A line that begins with a parenthesis may still be inside, if the
	// definition then ends soon.
	const soon = 16 << 10
	var n nesting
	at, cut := 0, len(source)
	for line := range strings.Lines(source) {
		if at-cut > soon {
			return cut
		}
		if at > 0 && beginsDefinition(line) {
			if cut = min(cut, at); line[0] != '(' {
				return cut // a label is nothing that a definition has
			}
		}
		if at == 0 || line[0] != '#' || n.quoted {
			if closed := n.add(line); closed >= 0 {
				return at + closed
			}
		}
		at += len(line)
	}
	return cut
}

// withoutInnerComments drops the lines of a definition that begin with "#", but
// in quotes.
func withoutInnerComments(source string) string {
	if !strings.Contains(source, "\n#") {
		return source
	}
	var b strings.Builder
	var n nesting
	for line := range strings.Lines(source) {
		if line[0] != '#' || n.quoted {
			n.add(line)
			b.WriteString(line)
		}
	}
	return b.String()
}

// beginsDefinition tells whether a line begins with a parenthesis, or with a
// label and then one.
func beginsDefinition(line string) bool {
	before, _, found := strings.Cut(line, "(")
	if !found || before != "" && isSpace(before[0]) {
		return false
	}
	collection, rest, _ := lastLabel(before)
	return before == "" || collection != "" && rest == ""
}

// labels are what says of which kind a definition is, in small letters; beside
// them are the names of the collections.
var labels = map[string]string{
	"attributetype": schemajson.CollectionAttributeTypes, "attribute": schemajson.CollectionAttributeTypes,
	"objectclass":    schemajson.CollectionObjectClasses,
	"ldapsyntax":     schemajson.CollectionLDAPSyntaxes,
	"matchingrule":   schemajson.CollectionMatchingRules,
	"ditcontentrule": schemajson.CollectionDITContentRules, "ditstructurerule": schemajson.CollectionDITStructureRules,
	"nameform": schemajson.CollectionNameForms,
}

// labelled returns the collection that a word names, or nothing.
func labelled(word string) string {
	word = strings.ToLower(word)
	for _, of := range []map[string]string{labels, configAttributes} {
		if collection := of[word]; collection != "" {
			return collection
		}
	}
	return collectionOf(word)
}

// lastLabel cuts the label from the end of what is before a definition: a word,
// a colon if it is an attribute's name, and {n}. Quotes and commas, as other
// formats put around, are dropped.
func lastLabel(before string) (collection, rest string, colon bool) {
	const around = " \t\r\n\"`,;[]"
	rest = strings.Trim(before, around)
	if i := strings.LastIndexByte(rest, '{'); i >= 0 && strings.HasSuffix(rest, "}") {
		rest = strings.TrimRight(rest[:i], around)
	}
	rest, colon = strings.CutSuffix(rest, ":")
	word := rest[strings.LastIndexAny(rest, around)+1:]
	if collection = labelled(word); collection == "" {
		return "", strings.Trim(before, around), false
	}
	return collection, strings.TrimRight(rest[:len(rest)-len(word)], around), colon
}

// label takes what is before a definition and returns the collection that it
// names, or nothing, and whether it does so as LDIF does.
func (c *collector) label(before string) (collection string, colon bool) {
	collection, rest, colon := lastLabel(withoutComments(before))
	c.between(rest, collection)
	return collection, colon
}

func withoutComments(s string) string {
	if !strings.Contains(s, "#") {
		return s
	}
	lines := slices.DeleteFunc(slices.Collect(strings.Lines(s)), isComment)
	return strings.Join(lines, "")
}

// between reports a text that is no definition's.
func (c *collector) between(s, collection string) {
	if s = strings.Trim(withoutComments(s), " \t\r\n\"`,;[])"); s != "" {
		c.problem(schemajson.ProblemSyntax, collection, s, 0, "the text is no definition and is left out")
	}
}

// unfold puts together the lines that LDIF has folded: those that begin with one
// space, after a line that is as long as folded lines are.
func unfold(label, source string) string {
	const long = 70
	var b strings.Builder
	before := len(label) - strings.LastIndexByte(label, '\n') - 1
	for line := range strings.Lines(source) {
		text := strings.TrimRight(line, "\r\n")
		switch {
		case b.Len() == 0:
		case before >= long && len(text) > 1 && text[0] == ' ':
			text = text[1:]
			before = 1
		default:
			b.WriteByte('\n')
			before = 0
		}
		b.WriteString(text)
		before += len(text)
	}
	return b.String()
}
