package facade

import (
	"context"
	"slices"

	"github.com/ldapedge/ldapedge/schemajson"
	"github.com/ldapedge/ldapedge/schemajson/view"
)

// entryOf answers with a [view.Entry].
func entryOf(_ context.Context, c *call) (any, error) {
	var p struct {
		ofSource
		Classes []string `json:"classes"`
	}
	if err := c.read(&p); err != nil {
		return nil, err
	}
	s, err := c.facade.source(p.Source)
	if err != nil {
		return nil, err
	}
	return view.EntryOf(s.schema, p.Classes), nil
}

// findDefinitions answers with the definitions of all collections that match a
// query, best first, as the program's "schema find" does.
func findDefinitions(_ context.Context, c *call) (any, error) {
	var p struct {
		ofSource
		Query string `json:"query"`
		// Limit is the most that is answered, 0 for all.
		Limit int `json:"limit"`
		// Collections, unless empty, are those to look in.
		Collections []string `json:"collections"`
	}
	if err := c.read(&p); err != nil {
		return nil, err
	}
	s, err := c.facade.source(p.Source)
	if err != nil {
		return nil, err
	}
	if p.Limit < 0 {
		return nil, usage("the limit %d: 0, for all, or more is expected", p.Limit)
	}
	if err := checkCollections(p.Collections); err != nil {
		return nil, err
	}
	answer := struct {
		Hits []Hit `json:"hits"`
	}{[]Hit{}}
	for _, m := range s.schema.Find(p.Query) {
		if p.Limit > 0 && len(answer.Hits) == p.Limit {
			break
		}
		if len(p.Collections) == 0 || slices.Contains(p.Collections, m.Collection) {
			answer.Hits = append(answer.Hits, Hit{m.Collection, s.found(m)})
		}
	}
	return answer, nil
}

// checkCollections refuses names that no collection has.
func checkCollections(names []string) error {
	for _, name := range names {
		if !slices.Contains(schemajson.Collections[:], name) {
			return usage("there is no collection %q", name)
		}
	}
	return nil
}
