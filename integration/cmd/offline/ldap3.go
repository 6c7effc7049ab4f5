package main

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"os/exec"
)

//go:embed tojson.py
var toJSON string

// fromLDAP3 has python ldap3 write one of the sets that it comes with.
func fromLDAP3(module, prefix string) func(context.Context) (texts, error) {
	return func(ctx context.Context) (texts, error) {
		// Debian's packages are those of Debian's Python.
		cmd := exec.CommandContext(ctx, "/usr/bin/python3", "-I", "-c", toJSON, module, prefix)
		var failure bytes.Buffer
		cmd.Stderr = &failure
		out, err := cmd.Output()
		if err != nil {
			return texts{}, fmt.Errorf("running ldap3: %w: %s", err, failure.Bytes())
		}
		info, schema, ok := bytes.Cut(out, []byte{0})
		if !ok {
			return texts{}, fmt.Errorf("ldap3 has written no two documents, but %d bytes", len(out))
		}
		return texts{info: info, schema: schema}, nil
	}
}
