package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/ldapedge/ldapedge/native/source"
	"github.com/ldapedge/ldapedge/schemajson"
	"github.com/ldapedge/ldapedge/schemajson/view"
)

const sourceHelp = `

SOURCE is a file (python ldap3's JSON, LDIF of a subschema entry, of cn=config
or of Active Directory's schema objects, OpenLDAP's .schema, or definitions as
they are), "-" for the same on standard input, offline:NAME for a pre-built
schema, or an LDAP URL.`

func schemaCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "schema",
		Short: "Read, search, check, compare and convert schemas",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usageError{fmt.Errorf("unknown command %q for schema", args[0])}
			}
			return nil
		},
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(dumpCommand(), showCommand(), findCommand(), lintCommand(), diffCommand(), convertCommand())
	return c
}

// exactly refuses any other number of arguments; names say what they are.
func exactly(n int, names string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) != n {
			return usageError{fmt.Errorf("%s takes %s, not %s", c.Name(), names, counted(len(args), "argument"))}
		}
		return nil
	}
}

// counted is a number of things, whose word takes an s.
func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return strconv.Itoa(n) + " " + thing + "s"
}

// schemaArgs are a command's flags and sources.
type schemaArgs struct {
	ldap   ldapFlags
	asJSON bool
}

func (a *schemaArgs) add(c *cobra.Command) {
	c.Long = c.Short + "." + sourceHelp
	a.ldap.add(c)
}

func (a *schemaArgs) addJSON(c *cobra.Command) {
	a.add(c)
	c.Flags().BoolVar(&a.asJSON, "json", false, "print JSON, for programs")
}

func (a *schemaArgs) open(c *cobra.Command, name string) (*source.Source, error) {
	o, err := a.ldap.options()
	if err != nil {
		return nil, err
	}
	o.Stdin = c.InOrStdin()
	return source.Open(c.Context(), name, o)
}

// kindHelp is the help of the flag that names collections.
const kindHelp = "only these collections, as objectClasses"

// collections refuses names that no collection has. Case is ignored.
func collections(flag string, names []string) error {
	for _, name := range names {
		if !slices.ContainsFunc(schemajson.Collections[:], isName(name)) {
			return oneOf(flag, name, schemajson.Collections[:]...)
		}
	}
	return nil
}

// isName returns whether another name is the same but for case.
func isName(name string) func(string) bool {
	return func(other string) bool { return strings.EqualFold(name, other) }
}

func printJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

func dumpCommand() *cobra.Command {
	var a schemaArgs
	c := &cobra.Command{
		Use:   "dump SOURCE",
		Short: "Print a schema as one JSON object, every field of every definition",
		Args:  exactly(1, "SOURCE"),
		RunE: func(c *cobra.Command, args []string) error {
			s, err := a.open(c, args[0])
			if err != nil {
				return err
			}
			return printJSON(c.OutOrStdout(), s.Schema.Dump())
		},
	}
	a.add(c)
	return c
}

func showCommand() *cobra.Command {
	var a schemaArgs
	var kind []string
	c := &cobra.Command{
		Use:   "show SOURCE NAME",
		Short: "Show the definitions with a name or OID, with what they inherit and what uses them",
		Args:  exactly(2, "SOURCE and NAME"),
		RunE: func(c *cobra.Command, args []string) error {
			if err := collections("--kind", kind); err != nil {
				return err
			}
			s, err := a.open(c, args[0])
			if err != nil {
				return err
			}
			all := slices.DeleteFunc(view.All(s.Schema, args[1]), func(d *view.Definition) bool {
				return len(kind) > 0 && !slices.ContainsFunc(kind, isName(d.Collection))
			})
			if len(all) == 0 {
				return fmt.Errorf("%s has no definition %q", s.Name, args[1])
			}
			if a.asJSON {
				return printJSON(c.OutOrStdout(), all)
			}
			return showDefinitions(c.OutOrStdout(), all)
		},
	}
	a.addJSON(c)
	c.Flags().StringSliceVar(&kind, "kind", nil, kindHelp)
	return c
}

func findCommand() *cobra.Command {
	var a schemaArgs
	var limit int
	c := &cobra.Command{
		Use:   "find SOURCE QUERY",
		Short: "Find definitions by name, OID or description, best first; * stands for any characters, kind:, syntax:, must: and usedby: narrow",
		Args:  exactly(2, "SOURCE and QUERY"),
		RunE: func(c *cobra.Command, args []string) error {
			if limit < 0 {
				return usageError{fmt.Errorf("--limit %d: 0, for all, or more is expected", limit)}
			}
			if strings.TrimSpace(args[1]) == "" {
				return usageError{errors.New("QUERY is empty")}
			}
			s, err := a.open(c, args[0])
			if err != nil {
				return err
			}
			type hit struct {
				Collection string `json:"collection"`
				Name       string `json:"name"`
				OID        string `json:"oid"`
				Desc       string `json:"desc,omitempty"`
			}
			hits := []hit{}
			found, err := s.Schema.Find(args[1])
			if err != nil {
				return usageError{err}
			}
			for _, m := range found.Matches {
				if limit > 0 && len(hits) == limit {
					break
				}
				hits = append(hits, hit{m.Collection, m.Definition.Name(), m.Definition.OID, m.Definition.Desc})
			}
			if a.asJSON {
				return printJSON(c.OutOrStdout(), hits)
			}
			if len(hits) == 0 {
				return fmt.Errorf("nothing in %s matches %q", s.Name, args[1])
			}
			w := tabwriter.NewWriter(c.OutOrStdout(), 0, 0, 2, ' ', 0)
			for _, h := range hits {
				fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", h.Collection, printable(h.Name), printable(h.OID), printable(h.Desc))
			}
			return w.Flush()
		},
	}
	a.addJSON(c)
	c.Flags().IntVar(&limit, "limit", 0, "show at most this many (default: all)")
	return c
}
