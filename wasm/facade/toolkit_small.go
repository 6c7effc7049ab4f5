//go:build small

package facade

import "github.com/ldapedge/ldapedge/schemajson"

type toolkitState struct{}

func newToolkitState() toolkitState { return toolkitState{} }

type sourceTools struct{}

func (*source) equip() {}

// toolkit has no calls in the small module.
var toolkit []map[string]handler

func readOther([]byte) (*schemajson.SchemaInfo, string, error) {
	return nil, "", usage("this module reads schemas in JSON only")
}
