//go:build !small

package facade

import (
	"slices"
	"sync/atomic"

	"github.com/ldapedge/ldapedge/formatters"
	"github.com/ldapedge/ldapedge/schemajson"
	"github.com/ldapedge/ldapedge/schemajson/convert"
	"github.com/ldapedge/ldapedge/schemajson/oids"
)

// toolkitState is what the toolkit's calls keep.
type toolkitState struct {
	// registry is the table of OIDs, once the host has handed it over.
	registry atomic.Pointer[oids.Registry]
	// byName are the formatters where there is no schema.
	byName *formatters.Formatters
}

func newToolkitState() toolkitState { return toolkitState{byName: formatters.New(nil, nil)} }

// sourceTools is what the toolkit's calls keep of a source.
type sourceTools struct {
	// formatters are those of the schema.
	formatters *formatters.Formatters
}

func (s *source) equip() { s.formatters = formatters.New(s.schema, nil) }

// toolkit are the calls that the small module leaves out.
var toolkit = []map[string]handler{toolCalls, poolCalls, connectionCalls, entryCalls, filterCalls}

// toolCalls are those about schemas and values.
var toolCalls = map[string]handler{
	"entry":    entryOf,
	"info":     infoOf,
	"oids":     useRegistry,
	"format":   formatValues,
	"validate": validateValues,
	"keys":     formatterKeys,
	"lint":     lintSource,
	"checks":   listChecks,
	"diff":     diffSources,
	"convert":  convertSource,
	"merge":    mergeSources,
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
