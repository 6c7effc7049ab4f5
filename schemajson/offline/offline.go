// Package offline holds the schemas and root DSEs of well-known directory
// servers, for work without a server to ask, in the way of python ldap3's
// offline schemas. NOTICE says for each set where it was gathered and under what
// terms.
//
//	set, err := offline.Load("SLAPD_2_5")
//	…
//	person := set.Schema.ObjectClass("inetOrgPerson")
//
// A set is a file, data/NAME.json.gz: one JSON object, gzip-compressed, whose
// members "info" and "schema" are documents in ldap3's format, byte for byte as
// ldap3 writes them. [Read] reads such a file.
//
// # Native programs and WebAssembly
//
// Natively the files are part of the program, and there are [Names], [Load] and
// [Text]. As WebAssembly there is [Read] alone: a page fetches the one file that
// it needs.
package offline

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/tidwall/gjson"

	"github.com/ldapedge/ldapedge/schemajson"
)

// Set is what a server publishes of itself. It is immutable and safe for
// concurrent use.
type Set struct {
	// Name is the set's name, such as "SLAPD_2_5".
	Name string
	// Schema is the server's schema.
	Schema *schemajson.SchemaInfo
	// Info is the server's root DSE.
	Info *schemajson.DsaInfo
}

// maxText is the most that a file may hold, decompressed.
const maxText = 16 << 20

// ErrTooLarge is wrapped by the error for a file that holds more than 16 MiB.
var ErrTooLarge = errors.New("more than 16 MiB of text")

// Read reads a set from the content of its file. The error wraps [ErrTooLarge],
// what [compress/gzip] has to say, or a [*schemajson.JSONError].
func Read(name string, compressed []byte) (*Set, error) {
	s, err := read(name, compressed)
	if err != nil {
		return nil, fmt.Errorf("offline set %s: %w", name, err)
	}
	return s, nil
}

func read(name string, compressed []byte) (*Set, error) {
	schemaText, infoText, err := texts(compressed)
	if err != nil {
		return nil, err
	}
	schema, err := schemajson.SchemaInfoFromJSON(schemaText)
	if err != nil {
		return nil, fmt.Errorf(`"schema": %w`, err)
	}
	info, err := schemajson.DsaInfoFromJSON(infoText)
	if err != nil {
		return nil, fmt.Errorf(`"info": %w`, err)
	}
	return &Set{Name: name, Schema: schema, Info: info}, nil
}

// texts takes the two documents out of a file.
func texts(compressed []byte) (schema, info []byte, err error) {
	document, err := decompress(compressed)
	if err != nil {
		return nil, nil, err
	}
	// gjson takes anything.
	if !json.Valid(document) {
		return nil, nil, errors.New("the text is not JSON")
	}
	members := gjson.GetManyBytes(document, "schema", "info")
	for i, name := range []string{"schema", "info"} {
		if !members[i].IsObject() {
			return nil, nil, fmt.Errorf("the text has no object under %q", name)
		}
	}
	return []byte(members[0].Raw), []byte(members[1].Raw), nil
}

func decompress(compressed []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(compressed))
	if err != nil {
		return nil, fmt.Errorf("decompressing: %w", err)
	}
	text, err := io.ReadAll(io.LimitReader(z, maxText+1))
	if err != nil {
		return nil, fmt.Errorf("decompressing: %w", err)
	}
	if len(text) > maxText {
		return nil, ErrTooLarge
	}
	return text, nil
}
