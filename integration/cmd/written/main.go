// Command written writes what package convert makes of every object class of
// every pre-built schema, and of the schemas that are named, for the tests by
// the programs that read such files:
//
//	written FOLDER [SOURCE...]
//
// Each schema has a folder of its own. Its schema.json is an object of "schema",
// the schema as "ldapedge schema dump" prints it, and "entries", a list of lists
// of classes. Of the entries with the Nth of them (from 0) N.schema.json is the
// JSON Schema and N.ts the TypeScript; N.puml and N.mmd are the diagrams if it is
// one class. The last of the lists is inetOrgPerson, where there is one, with all
// auxiliary classes.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/ldapedge/ldapedge/native/source"
	"github.com/ldapedge/ldapedge/schemajson"
	"github.com/ldapedge/ldapedge/schemajson/convert"
	"github.com/ldapedge/ldapedge/schemajson/offline"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: written FOLDER [SOURCE...]")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, "written:", err)
		os.Exit(1)
	}
}

func run(folder string, sources []string) error {
	// What is left of other classes would be tested too.
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	for _, name := range offline.Names() {
		sources = append(sources, "offline:"+name)
	}
	for _, name := range sources {
		s, err := source.Open(context.Background(), name, nil)
		if err != nil {
			return err
		}
		base := strings.TrimPrefix(filepath.Base(name), "offline:")
		if err := write(filepath.Join(folder, strings.TrimSuffix(base, filepath.Ext(base))), s.Schema); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// write writes all files of a schema.
func write(folder string, s *schemajson.SchemaInfo) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	all := entries(s)
	dump, err := json.Marshal(map[string]any{"schema": s.Dump(), "entries": all})
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(folder, "schema.json"), dump, 0o644); err != nil {
		return err
	}
	for i, classes := range all {
		if err := writeEntry(filepath.Join(folder, strconv.Itoa(i)), s, classes); err != nil {
			return err
		}
	}
	return nil
}

// entries returns the classes of the entries that are described.
func entries(s *schemajson.SchemaInfo) (all [][]string) {
	var person []string
	if s.ObjectClass("inetOrgPerson") != nil {
		person = append(person, "inetOrgPerson")
	}
	for i := range s.ObjectClasses {
		c := &s.ObjectClasses[i]
		all = append(all, []string{c.Name()})
		if c.Kind == schemajson.Auxiliary {
			person = append(person, c.Name())
		}
	}
	return append(all, person)
}

func writeEntry(file string, s *schemajson.SchemaInfo, classes []string) error {
	writers := map[string]func(io.Writer) error{
		".schema.json": func(w io.Writer) error { return convert.WriteJSONSchema(w, s, classes, nil) },
		".ts":          func(w io.Writer) error { return convert.WriteTypeScript(w, s, classes) },
	}
	if len(classes) == 1 {
		writers[".puml"] = func(w io.Writer) error { return convert.WritePlantUML(w, s, classes[0]) }
		writers[".mmd"] = func(w io.Writer) error { return convert.WriteMermaid(w, s, classes[0]) }
	}
	for ending, to := range writers {
		var b bytes.Buffer
		if err := to(&b); err != nil {
			return err
		}
		if err := os.WriteFile(file+ending, b.Bytes(), 0o644); err != nil {
			return err
		}
	}
	return nil
}
