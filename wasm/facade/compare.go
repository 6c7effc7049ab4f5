//go:build !small

package facade

import (
	"cmp"
	"context"
	"slices"

	"github.com/ldapedge/ldapedge/schemajson"
	"github.com/ldapedge/ldapedge/schemajson/diff"
	"github.com/ldapedge/ldapedge/schemajson/lint"
)

// severities are the worst first.
var severities = []lint.Severity{lint.Error, lint.Warning, lint.Info}

// lintSource answers with the [lint.Finding]s about a source.
func lintSource(_ context.Context, c *call) (any, error) {
	var p struct {
		ofSource
		Only           []lint.Code `json:"only"`
		Ignore         []lint.Code `json:"ignore"`
		IgnorePrefixes []string    `json:"ignorePrefixes"`
		// Severity is the least that is answered; empty for all.
		Severity lint.Severity `json:"severity"`
	}
	if err := c.read(&p); err != nil {
		return nil, err
	}
	s, err := c.facade.source(p.Source)
	if err != nil {
		return nil, err
	}
	least := slices.Index(severities, cmp.Or(p.Severity, lint.Info))
	if least < 0 {
		return nil, usage("there is no severity %q", p.Severity)
	}
	for _, code := range slices.Concat(p.Only, p.Ignore) {
		if !slices.ContainsFunc(lint.Checks, func(i lint.CheckInfo) bool { return i.Code == code }) {
			return nil, usage("there is no check %q", code)
		}
	}
	found := lint.Check(s.schema, &lint.Options{Only: p.Only, Ignore: p.Ignore, IgnoreNamePrefixes: p.IgnorePrefixes})
	return struct {
		Findings []lint.Finding `json:"findings"`
	}{slices.DeleteFunc(found, func(f lint.Finding) bool { return slices.Index(severities, f.Severity) > least })}, nil
}

// listChecks answers with every check of lintSource.
func listChecks(context.Context, *call) (any, error) {
	return struct {
		Checks []lint.CheckInfo `json:"checks"`
	}{lint.Checks}, nil
}

// diffSources answers with the [diff.Result] of two sources, the older first; in
// each list what breaks most comes first.
func diffSources(_ context.Context, c *call) (any, error) {
	var p struct {
		ofSource
		Other              int      `json:"other"`
		IgnoreDescriptions bool     `json:"ignoreDescriptions"`
		IgnoreExtensions   bool     `json:"ignoreExtensions"`
		Order              bool     `json:"order"`
		IgnorePrefixes     []string `json:"ignorePrefixes"`
		IgnoreOrigins      []string `json:"ignoreOrigins"`
		Collections        []string `json:"collections"`
	}
	if err := c.read(&p); err != nil {
		return nil, err
	}
	from, err := c.facade.source(p.Source)
	if err != nil {
		return nil, err
	}
	to, err := c.facade.source(p.Other)
	if err != nil {
		return nil, err
	}
	if err := checkCollections(p.Collections); err != nil {
		return nil, err
	}
	o := &diff.Options{
		IgnoreDescriptions: p.IgnoreDescriptions, IgnoreExtensions: p.IgnoreExtensions, Order: p.Order,
		IgnoreNamePrefixes: p.IgnorePrefixes, OnlyCollections: p.Collections,
	}
	if len(p.IgnoreOrigins) > 0 {
		o.IgnoreExtensionValues = []schemajson.Extension{{Name: "X-ORIGIN", Values: p.IgnoreOrigins}}
	}
	result := diff.Compare(from.schema, to.schema, o)
	for _, of := range result.Collections {
		gravestFirst(of.Added, func(d diff.Definition) diff.Effect { return d.Effect })
		gravestFirst(of.Removed, func(d diff.Definition) diff.Effect { return d.Effect })
		gravestFirst(of.Changed, func(d diff.ChangedDefinition) diff.Effect { return d.Effect })
		for _, d := range of.Changed {
			gravestFirst(d.Changes, func(c diff.Change) diff.Effect { return c.Effect })
		}
	}
	return result, nil
}

var effects = []diff.Effect{diff.Breaking, diff.Compatible, diff.Cosmetic}

func gravestFirst[T any](all []T, effect func(T) diff.Effect) {
	slices.SortStableFunc(all, func(a, b T) int { return slices.Index(effects, effect(a)) - slices.Index(effects, effect(b)) })
}
