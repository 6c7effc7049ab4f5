package main

import (
	"crypto/rand"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/ldapedge/ldapedge/native/connector/auth"
)

func tokenCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "token",
		Short: "Make a random bearer token, and the hash that a configuration has of it",
		Long: `Make a random bearer token, and the hash that a configuration has of it.

It prints "token TOKEN", which the client needs, and "sha256 HASH", which the
connector needs. The token is kept nowhere.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usageError{fmt.Errorf("token takes no arguments, not %q", args[0])}
			}
			return nil
		},
		RunE: func(c *cobra.Command, _ []string) error {
			token, hash, err := auth.NewToken(rand.Reader)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(c.OutOrStdout(), "token %s\nsha256 %s\n", token, hash)
			return err
		},
	}
}
