package main

import (
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/ldapedge/ldapedge/schemajson"
	"github.com/ldapedge/ldapedge/schemajson/diff"
	"github.com/ldapedge/ldapedge/schemajson/lint"
)

// oneOf refuses a flag's value that is not among those known; empty is one that
// was not given.
func oneOf(flag, value string, known ...string) error {
	if value != "" && !slices.Contains(known, value) {
		return usageError{fmt.Errorf("%s %q: one of %s is expected", flag, value, strings.Join(known, ", "))}
	}
	return nil
}

var severities = []string{string(lint.Error), string(lint.Warning), string(lint.Info)}

func lintCommand() *cobra.Command {
	var a schemaArgs
	var o lint.Options
	var only, ignore []string
	var severity, failOn string
	var checks bool
	c := &cobra.Command{
		Use:   "lint SOURCE",
		Short: "Check a schema for what breaks its rules and what is hardly meant",
		Args: func(c *cobra.Command, args []string) error {
			if checks {
				return exactly(0, "no SOURCE with --checks")(c, args)
			}
			return exactly(1, "SOURCE")(c, args)
		},
		RunE: func(c *cobra.Command, args []string) error {
			if checks {
				return listChecks(c, a.asJSON)
			}
			if err := oneOf("--severity", severity, severities...); err != nil {
				return err
			}
			if err := oneOf("--fail-on", failOn, severities...); err != nil {
				return err
			}
			var err error
			if o.Only, err = codes("--only", only); err != nil {
				return err
			}
			if o.Ignore, err = codes("--ignore", ignore); err != nil {
				return err
			}
			s, err := a.open(c, args[0])
			if err != nil {
				return err
			}
			findings := lint.Check(s.Schema, &o)
			n := 0
			for _, f := range findings { // those that are not shown too
				if failOn != "" && !below(f.Severity, failOn) {
					n++
				}
			}
			findings = slices.DeleteFunc(findings, func(f lint.Finding) bool { return below(f.Severity, severity) })
			if err := printFindings(c, findings, a.asJSON); err != nil {
				return err
			}
			if n > 0 {
				return fmt.Errorf("%s of severity %s or worse", counted(n, "finding"), failOn)
			}
			return nil
		},
	}
	a.addJSON(c)
	c.Flags().StringSliceVar(&only, "only", nil, "only these codes")
	c.Flags().StringSliceVar(&ignore, "ignore", nil, "not these codes")
	c.Flags().StringSliceVar(&o.IgnoreNamePrefixes, "ignore-prefix", nil, "not definitions whose name or OID begins so")
	c.Flags().StringVar(&severity, "severity", "", "show this severity and worse: error, warning, info (default info)")
	c.Flags().StringVar(&failOn, "fail-on", "", "exit with 1 if there is a finding of this severity or worse (default: never)")
	c.Flags().BoolVar(&checks, "checks", false, "list the checks in place of running them")
	return c
}

// below tells whether a severity is less than the least wanted; empty wants
// all.
func below(s lint.Severity, least string) bool {
	return least != "" && slices.Index(severities, string(s)) > slices.Index(severities, least)
}

func codes(flag string, names []string) (all []lint.Code, err error) {
	for _, name := range names {
		if !slices.ContainsFunc(lint.Checks, func(i lint.CheckInfo) bool { return string(i.Code) == name }) {
			return nil, usageError{fmt.Errorf("%s: there is no check %q; lint --checks lists them", flag, name)}
		}
		all = append(all, lint.Code(name))
	}
	return all, nil
}

func listChecks(c *cobra.Command, asJSON bool) error {
	if asJSON {
		return printJSON(c.OutOrStdout(), lint.Checks)
	}
	w := tabwriter.NewWriter(c.OutOrStdout(), 0, 0, 2, ' ', 0)
	for _, i := range lint.Checks {
		fmt.Fprintf(w, "%s\t%s\t%s\n", i.Code, i.Severity, i.Description)
	}
	return w.Flush()
}

func printFindings(c *cobra.Command, findings []lint.Finding, asJSON bool) error {
	if asJSON {
		return printJSON(c.OutOrStdout(), findings)
	}
	w := tabwriter.NewWriter(c.OutOrStdout(), 0, 0, 2, ' ', 0)
	counts := make(map[lint.Severity]int)
	for _, f := range findings {
		counts[f.Severity]++
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", f.Severity, f.Code, f.Collection, printable(f.Definition), printable(f.Message))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(c.OutOrStdout(), "%s, %s, %s\n",
		counted(counts[lint.Error], "error"), counted(counts[lint.Warning], "warning"), counted(counts[lint.Info], "note"))
	return err
}

var effects = []string{string(diff.Breaking), string(diff.Compatible), string(diff.Cosmetic)}

func diffCommand() *cobra.Command {
	var a schemaArgs
	var o diff.Options
	var origins []string
	var failOn string
	c := &cobra.Command{
		Use:   "diff SOURCE SOURCE",
		Short: "Compare two schemas, the older first, and say what each difference does to entries and clients",
		Args:  exactly(2, "two SOURCEs"),
		RunE: func(c *cobra.Command, args []string) error {
			if err := oneOf("--fail-on", failOn, effects...); err != nil {
				return err
			}
			if err := collections("--kind", o.OnlyCollections); err != nil {
				return err
			}
			if len(origins) > 0 {
				o.IgnoreExtensionValues = []schemajson.Extension{{Name: "X-ORIGIN", Values: origins}}
			}
			before, err := a.open(c, args[0])
			if err != nil {
				return err
			}
			after, err := a.open(c, args[1])
			if err != nil {
				return err
			}
			result := diff.Compare(before.Schema, after.Schema, &o)
			if a.asJSON {
				err = printJSON(c.OutOrStdout(), result)
			} else {
				err = result.WriteText(c.OutOrStdout())
			}
			if err != nil {
				return err
			}
			return failure(result, failOn)
		},
	}
	a.addJSON(c)
	c.Flags().BoolVar(&o.IgnoreDescriptions, "ignore-desc", false, "descriptions do not matter")
	c.Flags().BoolVar(&o.IgnoreExtensions, "ignore-extensions", false, "extensions do not matter")
	c.Flags().BoolVar(&o.Order, "order", false, "the order of names and lists matters")
	c.Flags().StringSliceVar(&o.IgnoreNamePrefixes, "ignore-prefix", nil, "not definitions whose name begins so")
	c.Flags().StringSliceVar(&origins, "ignore-origin", nil, "not definitions whose X-ORIGIN is this")
	c.Flags().StringSliceVar(&o.OnlyCollections, "kind", nil, kindHelp)
	c.Flags().StringVar(&failOn, "fail-on", "", "exit with 1 if there is a difference of this effect or graver: breaking, compatible, cosmetic (default: never)")
	return c
}

func failure(r *diff.Result, failOn string) error {
	counts := []int{r.Summary.Breaking, r.Summary.Compatible, r.Summary.Cosmetic}
	n := 0
	for i := range slices.Index(effects, failOn) + 1 {
		n += counts[i]
	}
	switch {
	case n == 1:
		return fmt.Errorf("1 difference is %s or graver", failOn)
	case n > 1:
		return fmt.Errorf("%d differences are %s or graver", n, failOn)
	}
	return nil
}
