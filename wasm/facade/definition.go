package facade

import (
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
	}
	if err := c.read(&p); err != nil {
		return nil, err
	}
	s, err := c.facade.source(p.Source)
	if err != nil {
		return nil, err
	}
	d, ok := view.Show(s.schema, p.Collection, p.Name)
	if !ok {
		return nil, usage("there is no collection %q", p.Collection)
	}
	if d == nil {
		return nil, &Error{Code: CodeUnknownDefinition, Cause: fmt.Sprintf("%s has no %q", p.Collection, p.Name)}
	}
	return d, nil
}
