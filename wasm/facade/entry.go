//go:build !small

package facade

import (
	"context"

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
