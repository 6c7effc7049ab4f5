//go:build !small

package facade

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"unicode/utf16"

	"github.com/ldapedge/ldapedge/formatters"
	"github.com/ldapedge/ldapedge/ldap/filter"
)

// filterCalls are what a host can ask about filters.
var filterCalls = map[string]handler{
	"parseFilter":       parseFilter,
	"formatFilter":      formatFilter,
	"escapeFilterValue": escapeFilterValue,
}

// filterNode is a filter as data.
type filterNode struct {
	// Kind is as RFC 4511 names it: "and", "equalityMatch".
	Kind string `json:"kind"`
	// Parts are those of an and, or or not.
	Parts []filterNode `json:"parts,omitempty"`
	// The others are those of [filter.Assertion].
	Attribute    string        `json:"attribute,omitempty"`
	Value        *filterValue  `json:"value,omitempty"`
	Initial      *filterValue  `json:"initial,omitempty"`
	Any          []filterValue `json:"any,omitempty"`
	Final        *filterValue  `json:"final,omitempty"`
	Rule         string        `json:"rule,omitempty"`
	DNAttributes bool          `json:"dnAttributes,omitempty"`
}

// filterValue is a value that is any bytes: in JSON a text or, where it is not
// UTF-8, {"encoding":"base64","encoded":"…"}.
type filterValue string

func (v filterValue) MarshalJSON() ([]byte, error) {
	return formatters.TextValue(string(v)).MarshalJSON()
}

func (v *filterValue) UnmarshalJSON(b []byte) error {
	if b[0] == '"' {
		return json.Unmarshal(b, (*string)(v))
	}
	var e struct{ Encoded []byte }
	err := json.Unmarshal(b, &e)
	*v = filterValue(e.Encoded)
	return err
}

// nodeOf returns a filter as data.
func nodeOf(f filter.Filter) filterNode {
	n := filterNode{Kind: f.Kind().String()}
	switch f.Kind() {
	case filter.KindAnd, filter.KindOr, filter.KindNot:
		for _, part := range f.Parts() {
			n.Parts = append(n.Parts, nodeOf(part))
		}
		return n
	}
	for a := range f.Assertions() {
		n.Attribute, n.Rule, n.DNAttributes = a.Attribute, a.Rule, a.DNAttributes
		if a.Kind != filter.KindPresent && a.Kind != filter.KindSubstrings {
			n.Value = (*filterValue)(&a.Value)
		}
		if a.Initial != "" {
			n.Initial = (*filterValue)(&a.Initial)
		}
		for _, piece := range a.Any {
			n.Any = append(n.Any, filterValue(piece))
		}
		if a.Final != "" {
			n.Final = (*filterValue)(&a.Final)
		}
	}
	return n
}

// filter returns the filter of the data. What it makes may still be no filter: that
// is seen when its text is read.
func (n filterNode) filter(depth int) (f filter.Filter, err error) {
	kind, known := filter.KindNamed(n.Kind)
	switch {
	case !known:
		return f, usage("%q is no kind of filter", n.Kind)
	case depth > filter.MaxDepth:
		return f, usage("the filter is nested more than %d deep", filter.MaxDepth)
	}
	var parts []filter.Filter
	for _, part := range n.Parts {
		one, err := part.filter(depth + 1)
		if err != nil {
			return f, err
		}
		parts = append(parts, one)
	}
	switch kind {
	case filter.KindAnd:
		return filter.And(parts...), nil
	case filter.KindOr:
		return filter.Or(parts...), nil
	case filter.KindNot:
		if len(parts) != 1 {
			return f, usage("not has one part, not %d", len(parts))
		}
		return filter.Not(parts[0]), nil
	}
	a := filter.Assertion{
		Kind: kind, Attribute: n.Attribute, Value: text(n.Value), Initial: text(n.Initial), Final: text(n.Final),
		Rule: n.Rule, DNAttributes: n.DNAttributes,
	}
	for _, piece := range n.Any {
		a.Any = append(a.Any, string(piece))
	}
	return a.Filter(), nil
}

func text(v *filterValue) string {
	if v == nil {
		return ""
	}
	return string(*v)
}

// Filter is a filter as text and as data.
type Filter struct {
	Text   string     `json:"text"`
	Filter filterNode `json:"filter"`
}

// parseFilter answers with the [Filter] of a text, written as RFC 4515 does.
func parseFilter(_ context.Context, c *call) (any, error) {
	var p struct {
		Text string `json:"text"`
	}
	if err := c.read(&p); err != nil {
		return nil, err
	}
	f, err := filter.Parse(p.Text)
	if err != nil {
		return nil, filterError(p.Text, err)
	}
	return Filter{f.String(), nodeOf(f)}, nil
}

// formatFilter answers with the [Filter] of data.
func formatFilter(_ context.Context, c *call) (any, error) {
	var p struct {
		Filter filterNode `json:"filter"`
	}
	if err := c.read(&p); err != nil {
		return nil, err
	}
	f, err := p.Filter.filter(1)
	if err != nil {
		return nil, err
	}
	// An attribute may have what would end it.
	again, err := filter.Parse(f.String())
	if err != nil {
		return nil, filterError(f.String(), err)
	}
	if again.String() != f.String() || !sameAttributes(f, again) {
		return nil, usage("the filter has an attribute that is none: it would be read as %s", again)
	}
	return Filter{f.String(), nodeOf(f)}, nil
}

// sameAttributes tells whether two filters test the same attributes.
func sameAttributes(a, b filter.Filter) bool {
	of := func(f filter.Filter) (all []string) {
		for one := range f.Assertions() {
			all = append(all, one.Attribute, one.Rule)
		}
		return all
	}
	return slices.Equal(of(a), of(b))
}

// escapeFilterValue answers with a value as it stands in a filter.
func escapeFilterValue(_ context.Context, c *call) (any, error) {
	var p struct {
		Value filterValue `json:"value"`
	}
	if err := c.read(&p); err != nil {
		return nil, err
	}
	return struct {
		Text string `json:"text"`
	}{filter.EscapeValue(string(p.Value))}, nil
}

// filterError tells why a text is no filter, and where.
func filterError(text string, err error) error {
	e := &Error{Code: CodeInvalidFilter, Cause: err.Error()}
	var wrong *filter.Error
	if errors.As(err, &wrong) {
		at := len(utf16.Encode([]rune(text[:min(wrong.Offset, len(text))])))
		e.Offset, e.Cause = &at, wrong.Reason
	}
	return e
}
