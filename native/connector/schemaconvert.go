package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ldapedge/ldapedge/native/source"
	"github.com/ldapedge/ldapedge/schemajson"
	"github.com/ldapedge/ldapedge/schemajson/convert"
)

// formats are what convert writes, in the order of the help.
var formats = []string{"json", "ldif", "openldap", "openldap-ldif", "jsonschema", "typescript", "plantuml", "mermaid"}

type convertArgs struct {
	schemaArgs
	to      string
	classes []string
	without []string
	name    string
}

func convertCommand() *cobra.Command {
	var a convertArgs
	c := &cobra.Command{
		Use:   "convert SOURCE --to FORMAT",
		Short: "Write a schema in another format",
		Args:  exactly(1, "SOURCE"),
		RunE: func(c *cobra.Command, args []string) error {
			if a.to == "" {
				return usageError{fmt.Errorf("convert needs --to, one of %s", strings.Join(formats, ", "))}
			}
			if err := oneOf("--to", a.to, formats...); err != nil {
				return err
			}
			s, err := a.open(c, args[0])
			if err != nil {
				return err
			}
			o, err := a.options(c)
			if err != nil {
				return err
			}
			var out bytes.Buffer // nothing is written of what fails half-way
			if err := a.write(&out, s, o); err != nil {
				return err
			}
			_, err = c.OutOrStdout().Write(out.Bytes())
			return err
		},
	}
	a.add(c)
	c.Long += `

The formats: json is python ldap3's; ldif a subschema entry; openldap a .schema
file and openldap-ldif the same for cn=config; jsonschema and typescript describe
entries of the classes given with --class; plantuml and mermaid draw one class
with its relatives.`
	c.Flags().StringVar(&a.to, "to", "", strings.Join(formats, ", "))
	c.Flags().StringSliceVar(&a.classes, "class", nil, "object classes, by name or OID")
	c.Flags().StringSliceVar(&a.without, "without", nil, "leave out what these sources define")
	c.Flags().StringVar(&a.name, "name", "", "the schema's name in cn=config (default converted)")
	return c
}

// options opens the sources whose definitions are left out.
func (a *convertArgs) options(c *cobra.Command) (*convert.Options, error) {
	o := &convert.Options{Name: a.name}
	o.Changed = func(collection string, d *schemajson.Definition, what string) {
		fmt.Fprintf(c.ErrOrStderr(), "ldapedge: %s %s: %s\n", collection, printable(d.Name()), printable(what))
	}
	var excluded []func(string, *schemajson.Definition) bool
	for _, name := range a.without {
		s, err := a.open(c, name)
		if err != nil {
			return nil, err
		}
		excluded = append(excluded, convert.DefinedIn(s.Schema))
	}
	o.Exclude = func(collection string, d *schemajson.Definition) bool {
		return slices.ContainsFunc(excluded, func(defines func(string, *schemajson.Definition) bool) bool { return defines(collection, d) })
	}
	return o, nil
}

func (a *convertArgs) write(w io.Writer, s *source.Source, o *convert.Options) error {
	switch a.to {
	case "json":
		_, err := w.Write(append(s.Schema.JSON(nil), '\n'))
		return err
	case "ldif":
		return convert.WriteLDIF(w, s.Schema, o)
	case "openldap":
		return convert.WriteOpenLDAP(w, s.Schema, o)
	case "openldap-ldif":
		return convert.WriteOpenLDAPLDIF(w, s.Schema, o)
	}
	if len(a.classes) == 0 {
		return usageError{errors.New("--to " + a.to + " needs --class")}
	}
	switch a.to {
	case "jsonschema":
		return convert.WriteJSONSchema(w, s.Schema, a.classes, o)
	case "typescript":
		return convert.WriteTypeScript(w, s.Schema, a.classes)
	}
	if len(a.classes) > 1 {
		return usageError{errors.New("--to " + a.to + " draws one --class")}
	}
	if a.to == "plantuml" {
		return convert.WritePlantUML(w, s.Schema, a.classes[0])
	}
	return convert.WriteMermaid(w, s.Schema, a.classes[0])
}
