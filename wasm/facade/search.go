package facade

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"sync"

	"github.com/ldapedge/ldapedge/schemajson"
	"github.com/ldapedge/ldapedge/schemajson/view"
)

// Hits are what a search has found, best first.
type Hits struct {
	Hits []Hit `json:"-"`
	// Total is how many there are beyond the limit too.
	Total int `json:"total"`
	// Marks are the pieces of text that were searched for.
	Marks []string `json:"marks"`
	// Unknown is a narrowing that the query has and searches do not know.
	Unknown *Unknown `json:"unknown,omitempty"`
}

// Hit is a definition that a search has found, by its place in the [Summary]. As
// JSON it is [collection, index], with a 1 after them if it is the description that
// matches, else with the name that matches if it is another than the first one.
type Hit struct {
	// Collection is the place of the definition's list among those of the summary,
	// and Index its own in the list.
	Collection, Index int
	// Also is the name that matches, if it is another than the first one.
	Also string
	// InDesc tells that it is the description that matches.
	InDesc bool
}

func (h *Hits) appendJSON(dst []byte) []byte {
	rest, _ := json.Marshal(h) // strings and numbers always marshal
	dst = append(append(dst, rest[:len(rest)-1]...), `,"hits":[`...)
	for i, hit := range h.Hits {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = strconv.AppendInt(append(dst, '['), int64(hit.Collection), 10)
		dst = strconv.AppendInt(append(dst, ','), int64(hit.Index), 10)
		switch {
		case hit.InDesc:
			dst = append(dst, ",1"...)
		case hit.Also != "":
			dst = schemajson.AppendJSONText(append(dst, ','), hit.Also)
		}
		dst = append(dst, ']')
	}
	return append(dst, "]}"...)
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
	hits, err := s.find(p.Query, p.Limit)
	if err != nil {
		return nil, err
	}
	return hits, nil
}

// find searches; a limit of 0 is none.
func (s *source) find(query string, limit int) (*Hits, error) {
	found, err := s.finders.of(s.schema).Find(query)
	if e := (*schemajson.QueryError)(nil); errors.As(err, &e) {
		return &Hits{Marks: []string{}, Unknown: &Unknown{e.Narrowing, e.Value}}, nil
	}
	if err != nil {
		return nil, err
	}
	matches := found.Matches
	if limit > 0 && len(matches) > limit {
		matches = matches[:limit]
	}
	h := &Hits{Hits: make([]Hit, 0, len(matches)), Total: len(found.Matches), Marks: found.Marks}
	for _, m := range matches {
		collection := slices.Index(view.Collections[:], m.Collection)
		h.Hits = append(h.Hits, Hit{collection, m.Index, m.Also, m.Rank == schemajson.RankDescription})
	}
	return h, nil
}
