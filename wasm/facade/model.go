package facade

import (
	"context"
	"slices"
	"strings"

	"github.com/ldapedge/ldapedge/schemajson"
)

// Summary is a schema as far as lists need it.
type Summary struct {
	Source int    `json:"source"`
	Server string `json:"server"`
	URL    string `json:"url"`
	// Origin says what kind of source it is.
	Origin Origin `json:"origin"`
	// Entry is the DN of the subschema entry.
	Entry       string           `json:"entry"`
	Collections []CollectionList `json:"collections"`
	Problems    []Problem        `json:"problems"`
}

// CollectionList is one collection with a line for each definition.
type CollectionList struct {
	// Collection is the LDAP attribute that holds the definitions.
	Collection  string `json:"collection"`
	Definitions []Item `json:"definitions"`
}

// Item is a definition as a line of a list.
type Item struct {
	Name string `json:"name"`
	// Ordinal is its place among the definitions with the name, absent if it is
	// the first: the one that look-ups take.
	Ordinal  int    `json:"ordinal,omitempty"`
	OID      string `json:"oid"`
	Desc     string `json:"desc,omitempty"`
	Kind     string `json:"kind,omitempty"`
	Usage    string `json:"usage,omitempty"`
	Obsolete bool   `json:"obsolete,omitempty"`
}

// Problem is a value of the subschema entry that is not as it should be.
type Problem struct {
	Code       string `json:"code"`
	Collection string `json:"collection,omitempty"`
	Text       string `json:"text"`
	Offset     int    `json:"offset"`
	Message    string `json:"message"`
}

func (s *source) summary() *Summary {
	schema := s.schema
	return &Summary{
		Source: s.id, Server: s.endpoint.Server, URL: s.endpoint.URL, Origin: s.origin, Entry: schema.Entry,
		Collections: []CollectionList{
			list(schemajson.CollectionObjectClasses, schema.ObjectClasses, func(c *schemajson.ObjectClass) Item {
				i := s.item(&c.Definition)
				i.Kind = c.Kind.String()
				return i
			}),
			list(schemajson.CollectionAttributeTypes, schema.AttributeTypes, func(t *schemajson.AttributeType) Item {
				i := s.item(&t.Definition)
				i.Usage = t.Usage.String()
				return i
			}),
			list(schemajson.CollectionMatchingRules, schema.MatchingRules, func(r *schemajson.MatchingRule) Item { return s.item(&r.Definition) }),
			list(schemajson.CollectionLDAPSyntaxes, schema.LDAPSyntaxes, func(x *schemajson.LDAPSyntax) Item { return s.item(&x.Definition) }),
		},
		Problems: problems(schema),
	}
}

// shown are the collections that the summary lists, and searches find.
var shown = []string{
	schemajson.CollectionObjectClasses, schemajson.CollectionAttributeTypes, schemajson.CollectionMatchingRules, schemajson.CollectionLDAPSyntaxes,
}

func list[D any](collection string, definitions []D, line func(*D) Item) CollectionList {
	l := CollectionList{Collection: collection, Definitions: make([]Item, len(definitions))}
	for i := range definitions {
		l.Definitions[i] = line(&definitions[i])
	}
	return l
}

func (s *source) item(d *schemajson.Definition) Item {
	i := Item{Name: d.Name(), OID: d.OID, Desc: d.Desc, Obsolete: d.Obsolete}
	if n := s.schema.Ordinal(d); n > 1 {
		i.Ordinal = n
	}
	return i
}

func problems(schema *schemajson.SchemaInfo) []Problem {
	all := make([]Problem, 0, len(schema.Problems))
	for _, p := range schema.Problems {
		text, offset := around(p.Text, p.Offset)
		all = append(all, Problem{string(p.Code), p.Collection, text, offset, p.Message})
	}
	return all
}

// around cuts a value to what a page can show of it: some text on both sides
// of the offset.
func around(text string, offset int) (string, int) {
	const side = 1000
	begin, end := max(0, offset-side), min(len(text), offset+side)
	before, after := "", ""
	if begin > 0 {
		before = "…"
	}
	if end < len(text) {
		after = "…"
	}
	head := before + strings.ToValidUTF8(text[begin:offset], "")
	return head + strings.ToValidUTF8(text[offset:end], "") + after, len(head)
}

// Hit is a definition that a search has found.
type Hit struct {
	Collection string `json:"collection"`
	Item
}

// searchSource answers with the [Hit]s of a query, best first.
func searchSource(_ context.Context, c *call) (any, error) {
	var p struct {
		ofSource
		Query string `json:"query"`
		Limit int    `json:"limit"`
	}
	if err := c.read(&p); err != nil {
		return nil, err
	}
	s, err := c.facade.source(p.Source)
	if err != nil {
		return nil, err
	}
	matches := slices.DeleteFunc(s.schema.Find(p.Query), func(m schemajson.Match) bool { return !slices.Contains(shown, m.Collection) })
	total := len(matches)
	if p.Limit > 0 && total > p.Limit {
		matches = matches[:p.Limit]
	}
	hits := make([]Hit, 0, len(matches))
	for _, m := range matches {
		hits = append(hits, Hit{m.Collection, s.found(m)})
	}
	return struct {
		Hits  []Hit `json:"hits"`
		Total int   `json:"total"`
	}{hits, total}, nil
}

func (s *source) found(m schemajson.Match) Item {
	i := s.item(m.Definition)
	switch m.Collection {
	case schemajson.CollectionObjectClasses:
		i.Kind = s.schema.ObjectClasses[m.Index].Kind.String()
	case schemajson.CollectionAttributeTypes:
		i.Usage = s.schema.AttributeTypes[m.Index].Usage.String()
	}
	return i
}
