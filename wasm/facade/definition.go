package facade

import (
	"cmp"
	"context"
	"fmt"

	"github.com/ldapedge/ldapedge/schemajson/view"
)

// showDefinition answers with a [view.Definition].
func showDefinition(_ context.Context, c *call) (any, error) {
	var p struct {
		ofSource
		Collection string `json:"collection"`
		Name       string `json:"name"`
		// Ordinal tells which of the definitions with the name; absent for the
		// first.
		Ordinal int `json:"ordinal"`
	}
	if err := c.read(&p); err != nil {
		return nil, err
	}
	s, err := c.facade.source(p.Source)
	if err != nil {
		return nil, err
	}
	d, ok := view.Show(s.schema, p.Collection, p.Name, cmp.Or(p.Ordinal, 1))
	if !ok {
		return nil, usage("there is no collection %q", p.Collection)
	}
	if d == nil {
		cause := fmt.Sprintf("%s has no %q", p.Collection, p.Name)
		if p.Ordinal > 1 {
			cause += fmt.Sprintf(", number %d", p.Ordinal)
		}
		return nil, &Error{Code: CodeUnknownDefinition, Cause: cause}
	}
	return d, nil
}
