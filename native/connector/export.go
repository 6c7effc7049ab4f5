package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/ldapedge/ldapedge/native/source"
)

func exportCommand() *cobra.Command {
	var schemaFile, infoFile string
	var ldap ldapFlags
	c := &cobra.Command{
		Use:   "export SOURCE [--schema FILE] [--info FILE]",
		Short: "Save a schema and a root DSE as JSON that python ldap3 reads",
		Long: `Save a schema and a root DSE as JSON that python ldap3 reads.

SOURCE is an LDAP URL, offline:NAME, a file, or "-" for standard input; the last
two have no root DSE. As FILE "-" is standard output.`,
		Args: exactly(1, "SOURCE"),
		RunE: func(c *cobra.Command, args []string) error {
			if schemaFile == "" && infoFile == "" {
				return usageError{errors.New("export needs --schema FILE or --info FILE")}
			}
			o, err := ldap.options()
			if err != nil {
				return err
			}
			o.Stdin = c.InOrStdin()
			s, err := source.Open(c.Context(), args[0], o)
			if err != nil {
				return err
			}
			if infoFile != "" {
				if s.Info == nil {
					return fmt.Errorf("%s has no root DSE", s.Name)
				}
				if err := save(c.OutOrStdout(), infoFile, s.Info.JSON(nil)); err != nil {
					return err
				}
			}
			if schemaFile != "" {
				return save(c.OutOrStdout(), schemaFile, s.Schema.JSON(nil))
			}
			return nil
		},
	}
	c.Flags().StringVar(&schemaFile, "schema", "", "file for the schema (SchemaInfo)")
	c.Flags().StringVar(&infoFile, "info", "", "file for the root DSE (DsaInfo)")
	ldap.add(c)
	return c
}

func save(stdout io.Writer, file string, content []byte) error {
	if file == "-" {
		_, err := stdout.Write(append(content, '\n'))
		return err
	}
	return os.WriteFile(file, content, 0o644)
}
