package main

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ldapedge/ldapedge/formatters"
	"github.com/ldapedge/ldapedge/native/source"
	"github.com/ldapedge/ldapedge/schemajson/offline"
)

type formatArgs struct {
	ldap          ldapFlags
	schema        string
	hex, inBase64 bool
}

func formatCommand() *cobra.Command {
	var a formatArgs
	c := &cobra.Command{
		Use:   "format [--schema SOURCE] ATTRIBUTE [--hex|--base64] VALUE...",
		Short: "Say what raw attribute values mean, as JSON",
		Long: `Say what raw attribute values mean, as JSON: a line for each value, with its
type and its value. The values are text, or bytes in hexadecimal or base64. One
that is not what the attribute has is printed as bytes, with the problem, and the
exit status is 1.

SOURCE, which says what the attribute is, is what the schema commands take.
Without it the first pre-built schema that knows the attribute does.`,
		Example: `  ldapedge format lastLogon 131234567890123456
  ldapedge format maxPwdAge -36288000000000
  ldapedge format objectSid --hex 010100000000000512000000
  ldapedge format --schema ldap://ldap.example.com createTimestamp 20260102030405Z`,
		DisableFlagParsing: true, // values may be negative numbers
		RunE: func(c *cobra.Command, args []string) error {
			rest, err := parseWithNegatives(c, args)
			if err != nil {
				return err
			}
			if help, _ := c.Flags().GetBool("help"); help {
				return c.Help()
			}
			return a.run(c, rest)
		},
	}
	c.Flags().StringVar(&a.schema, "schema", "", "the schema that says what the attribute is")
	c.Flags().BoolVar(&a.hex, "hex", false, "the values are hexadecimal; spaces and colons between the bytes are allowed")
	c.Flags().BoolVar(&a.inBase64, "base64", false, "the values are base64")
	a.ldap.add(c)
	return c
}

// parseWithNegatives parses the flags of a command that takes negative numbers
// as arguments, and returns the arguments.
func parseWithNegatives(c *cobra.Command, args []string) ([]string, error) {
	const mark = "\x00" // no argument of a program has it
	marked := make([]string, len(args))
	for i, arg := range args {
		if len(arg) > 1 && arg[0] == '-' && arg[1] >= '0' && arg[1] <= '9' {
			arg = mark + arg
		}
		marked[i] = arg
	}
	if err := c.Flags().Parse(marked); err != nil {
		return nil, usageError{err}
	}
	rest := c.Flags().Args()
	for i := range rest {
		rest[i] = strings.TrimPrefix(rest[i], mark)
	}
	return rest, nil
}

// formatted is a value as the command prints it.
type formatted struct {
	Attribute string           `json:"attribute"`
	Schema    string           `json:"schema,omitempty"`
	Type      string           `json:"type"`
	Kind      string           `json:"kind"`
	Value     formatters.Value `json:"value"`
	Problem   string           `json:"problem,omitempty"`
}

func (a *formatArgs) run(c *cobra.Command, args []string) error {
	if len(args) < 2 {
		return usageError{errors.New("format takes ATTRIBUTE and one VALUE or more")}
	}
	if a.hex && a.inBase64 {
		return usageError{errors.New("--hex and --base64 exclude each other")}
	}
	raw, err := a.decode(args[1:])
	if err != nil {
		return err
	}
	attribute, from, err := a.attribute(c, args[0])
	if err != nil {
		return err
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	var failed []string
	for _, b := range raw {
		v, err := attribute.Format(b)
		line := formatted{attribute.Description, from, attribute.Type.Name, v.Kind().String(), v, ""}
		if err != nil {
			line.Problem = err.Error()
			failed = append(failed, line.Problem)
		}
		if err := encoder.Encode(line); err != nil {
			return err
		}
	}
	if _, err := c.OutOrStdout().Write(out.Bytes()); err != nil {
		return err
	}
	if len(failed) > 0 {
		return errors.New(strings.Join(failed, "; "))
	}
	return nil
}

func (a *formatArgs) decode(values []string) (raw [][]byte, err error) {
	for i, value := range values {
		b := []byte(value)
		switch {
		case a.hex:
			b, err = hex.DecodeString(strings.NewReplacer(" ", "", ":", "").Replace(value))
		case a.inBase64:
			b, err = base64.StdEncoding.DecodeString(value)
		}
		if err != nil {
			return nil, usageError{fmt.Errorf("value %d, %q: %w", i+1, value, err)}
		}
		raw = append(raw, b)
	}
	return raw, nil
}

// attribute returns the attribute and the name of the schema that knows it,
// which is empty if none does.
func (a *formatArgs) attribute(c *cobra.Command, description string) (of *formatters.Attribute, schema string, err error) {
	if a.schema == "" {
		return prebuiltAttribute(description)
	}
	o, err := a.ldap.options()
	if err != nil {
		return nil, "", err
	}
	s, err := source.Open(c.Context(), a.schema, o)
	if err != nil {
		return nil, "", err
	}
	return formatters.New(s.Schema, nil).Attribute(description), s.Name, nil
}

// prebuiltAttribute asks the newest pre-built schema of each server.
func prebuiltAttribute(description string) (*formatters.Attribute, string, error) {
	for _, name := range []string{"SLAPD_2_5", "AD_2016", "DS389_2_3", "EDIR_9_1_4"} {
		set, err := offline.Load(name)
		if err != nil {
			return nil, "", err
		}
		if of := formatters.New(set.Schema, nil).Attribute(description); of.Definition != nil {
			return of, "offline:" + name, nil
		}
	}
	return formatters.New(nil, nil).Attribute(description), "", nil
}
