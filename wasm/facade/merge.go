//go:build !small

package facade

import (
	"context"
	"encoding/json"

	"github.com/ldapedge/ldapedge/schemajson"
)

// mergedSummary is the summary of a schema that has been made of two.
type mergedSummary struct {
	*Summary
	Merged []schemajson.Merged `json:"merged"`
}

func (m mergedSummary) appendJSON(dst []byte) []byte {
	merged, _ := json.Marshal(m.Merged) // strings always marshal
	dst = m.Summary.appendJSON(dst)
	dst = append(dst[:len(dst)-1], `,"merged":`...)
	return append(append(dst, merged...), '}')
}

// mergeSources makes a source of another one and the definitions of a second; see
// [schemajson.Merge]. It answers as readFile does, and with what was replaced and
// added.
func mergeSources(_ context.Context, c *call) (any, error) {
	var p struct {
		ofSource
		Other int    `json:"other"`
		Name  string `json:"name"`
	}
	if err := c.read(&p); err != nil {
		return nil, err
	}
	base, err := c.facade.source(p.Source)
	if err != nil {
		return nil, err
	}
	other, err := c.facade.source(p.Other)
	if err != nil {
		return nil, err
	}
	schema, merged := schemajson.Merge(base.schema, other.schema)
	s := &source{origin: Origin{Kind: originFile, Name: p.Name}, schema: schema, rootDSE: base.rootDSE}
	return mergedSummary{c.facade.opened(s), append([]schemajson.Merged{}, merged...)}, nil
}
