// Command ldapedge is the connector: it carries WebSocket frames from browsers
// and edge functions to LDAP servers over TCP and TLS, and serves the schema
// viewer.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
)

// The exit statuses.
const (
	exitFailed = 1
	exitUsage  = 2
)

// usageError is an error in how the program was called.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends what does not look at the context
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run runs the program and returns its exit status. An error is one line on
// stderr.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	root := &cobra.Command{
		Use:           "ldapedge",
		Short:         "LDAP from where there are no sockets",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usageError{fmt.Errorf("unknown command %q", args[0])}
			}
			return nil
		},
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	root.CompletionOptions.HiddenDefaultCmd = true
	root.AddCommand(serveCommand(), proxyCommand(), checkCommand(), searchCommand(), exportCommand(), schemaCommand(), formatCommand(), tokenCommand())
	err := root.ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	printError(stderr, err.Error())
	if errors.As(err, &usageError{}) {
		return exitUsage
	}
	return exitFailed
}

// printError prints a line.
func printError(stderr io.Writer, text string) {
	fmt.Fprintln(stderr, "ldapedge: "+printable(strings.Join(strings.Fields(text), " ")))
}
