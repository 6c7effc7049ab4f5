package facade

import (
	"context"
	"errors"
	"sync"

	"github.com/ldapedge/ldapedge/schemajson"
)

// Hits are what a search has found, best first.
type Hits struct {
	Hits []Hit `json:"hits"`
	// Total is how many there are beyond the limit too.
	Total int `json:"total"`
	// Marks are the pieces of text that were searched for.
	Marks []string `json:"marks"`
	// Unknown is a narrowing that the query has and searches do not know.
	Unknown *Unknown `json:"unknown,omitempty"`
}

// Hit is a definition that a search has found, by its place in the [Summary].
type Hit struct {
	Collection string `json:"collection"`
	Index      int    `json:"index"`
	// Also is the name that matches, if it is another than the first one.
	Also string `json:"also,omitempty"`
	// InDesc tells that it is the description that matches.
	InDesc bool `json:"inDesc,omitempty"`
}

// Unknown is a narrowing, or the value of one, that searches do not know.
type Unknown struct {
	Narrowing string `json:"narrowing"`
	Value     string `json:"value,omitempty"`
}

// finders makes a source's finder when it is first needed.
type finders struct {
	once   sync.Once
	finder *schemajson.Finder
}

func (f *finders) of(s *schemajson.SchemaInfo) *schemajson.Finder {
	f.once.Do(func() { f.finder = schemajson.NewFinder(s) })
	return f.finder
}

// searchSource answers with [Hits].
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
	found, err := s.finders.of(s.schema).Find(p.Query)
	if e := (*schemajson.QueryError)(nil); errors.As(err, &e) {
		return Hits{Hits: []Hit{}, Marks: []string{}, Unknown: &Unknown{e.Narrowing, e.Value}}, nil
	}
	if err != nil {
		return nil, err
	}
	matches := found.Matches
	if p.Limit > 0 && len(matches) > p.Limit {
		matches = matches[:p.Limit]
	}
	h := Hits{Hits: make([]Hit, 0, len(matches)), Total: len(found.Matches), Marks: found.Marks}
	for _, m := range matches {
		h.Hits = append(h.Hits, Hit{m.Collection, m.Index, m.Also, m.Rank == schemajson.RankDescription})
	}
	return h, nil
}
