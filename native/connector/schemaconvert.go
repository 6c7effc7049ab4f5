package main

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ldapedge/ldapedge/schemajson"
	"github.com/ldapedge/ldapedge/schemajson/convert"
)

// format is one that convert writes.
type format struct {
	name string
	// without and named tell whether it takes --without and --name, and classes
	// how many --class: none, one or more.
	without, named bool
	classes        classCount
	write          func(w io.Writer, s *schemajson.SchemaInfo, a *convertArgs, o *convert.Options) error
}

// classCount is how many classes a format is for.
type classCount int

const (
	noClass classCount = iota
	oneClass
	anyClasses
)

// formats are all, in the order of the help.
var formats = []format{
	{name: "json", write: func(w io.Writer, s *schemajson.SchemaInfo, _ *convertArgs, _ *convert.Options) error {
		_, err := w.Write(append(s.JSON(nil), '\n'))
		return err
	}},
	{name: "ldif", without: true, write: whole(convert.WriteLDIF)},
	{name: "openldap", without: true, write: whole(convert.WriteOpenLDAP)},
	{name: "openldap-ldif", without: true, named: true, write: whole(convert.WriteOpenLDAPLDIF)},
	{name: "jsonschema", classes: anyClasses, write: func(w io.Writer, s *schemajson.SchemaInfo, a *convertArgs, o *convert.Options) error {
		return convert.WriteJSONSchema(w, s, a.classes, o)
	}},
	{name: "typescript", classes: anyClasses, write: func(w io.Writer, s *schemajson.SchemaInfo, a *convertArgs, _ *convert.Options) error {
		return convert.WriteTypeScript(w, s, a.classes)
	}},
	{name: "plantuml", classes: oneClass, write: drawing(convert.WritePlantUML)},
	{name: "mermaid", classes: oneClass, write: drawing(convert.WriteMermaid)},
}

// whole writes all of a schema.
func whole(write func(io.Writer, *schemajson.SchemaInfo, *convert.Options) error) func(io.Writer, *schemajson.SchemaInfo, *convertArgs, *convert.Options) error {
	return func(w io.Writer, s *schemajson.SchemaInfo, _ *convertArgs, o *convert.Options) error {
		return write(w, s, o)
	}
}

// drawing draws one class.
func drawing(write func(io.Writer, *schemajson.SchemaInfo, ...string) error) func(io.Writer, *schemajson.SchemaInfo, *convertArgs, *convert.Options) error {
	return func(w io.Writer, s *schemajson.SchemaInfo, a *convertArgs, _ *convert.Options) error {
		return write(w, s, a.classes[0])
	}
}

func formatNames() (names []string) {
	for _, f := range formats {
		names = append(names, f.name)
	}
	return names
}

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
			f, err := a.format()
			if err != nil {
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
			if err := f.write(&out, s.Schema, &a, o); err != nil {
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
with its relatives. --without is for ldif, openldap and openldap-ldif.`
	c.Flags().StringVar(&a.to, "to", "", strings.Join(formatNames(), ", "))
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

// format finds the format that is asked for, and refuses flags that are not for
// it.
func (a *convertArgs) format() (format, error) {
	names := formatNames()
	if a.to == "" {
		return format{}, usageError{fmt.Errorf("convert needs --to, one of %s", strings.Join(names, ", "))}
	}
	if err := oneOf("--to", a.to, names...); err != nil {
		return format{}, err
	}
	f := formats[slices.Index(names, a.to)]
	refused := ""
	switch {
	case f.classes != noClass && len(a.classes) == 0:
		refused = "needs --class"
	case f.classes == noClass && len(a.classes) > 0:
		refused = "takes no --class"
	case f.classes == oneClass && len(a.classes) > 1:
		refused = "draws one --class"
	case !f.without && len(a.without) > 0:
		refused = "takes no --without"
	case !f.named && a.name != "":
		refused = "takes no --name"
	default:
		return f, nil
	}
	return f, usageError{fmt.Errorf("--to %s %s", f.name, refused)}
}
