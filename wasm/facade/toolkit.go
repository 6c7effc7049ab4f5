//go:build !small

package facade

import (
	"context"
	"slices"
	"sync/atomic"

	"github.com/ldapedge/ldapedge/schemajson"
	"github.com/ldapedge/ldapedge/schemajson/convert"
	"github.com/ldapedge/ldapedge/schemajson/oids"
)

// toolkitState is what the toolkit's calls keep.
type toolkitState struct {
	// registry is the table of OIDs, once the host has handed it over.
	registry atomic.Pointer[oids.Registry]
}

// toolkit are the calls that the small module leaves out.
var toolkit = map[string]func(context.Context, *call) (any, error){
	"entry":    entryOf,
	"info":     infoOf,
	"oids":     useRegistry,
	"describe": describeOIDs,
	"lint":     lintSource,
	"checks":   listChecks,
	"diff":     diffSources,
	"convert":  convertSource,
}

// readOther reads a text that is no JSON object.
func readOther(text []byte) (*schemajson.SchemaInfo, string, error) {
	schema, err := convert.Read(text)
	return schema, string(convert.Detect(text)), err
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
