package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"unicode"

	"github.com/ldapedge/ldapedge/schemajson"
	"github.com/ldapedge/ldapedge/schemajson/view"
)

// page prints a definition as labelled rows.
type page struct{ w *tabwriter.Writer }

func showDefinitions(to io.Writer, all []*view.Definition) error {
	w := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	for i, d := range all {
		if i > 0 {
			fmt.Fprintln(w)
		}
		page{w}.definition(d)
	}
	return w.Flush()
}

// printable keeps a value of a schema from steering the terminal or the table.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return unicode.ReplacementChar
		}
		return r
	}, s)
}

func (p page) row(label, value string) {
	if value != "" {
		fmt.Fprintf(p.w, "%s\t%s\n", printable(label), printable(value))
	}
}

// singular is what one definition of a collection is called.
var singular = map[string]string{
	"objectClasses": "objectClass", "attributeTypes": "attributeType", "matchingRules": "matchingRule", "ldapSyntaxes": "ldapSyntax",
	"matchingRuleUse": "matchingRuleUse", "dITContentRules": "dITContentRule", "dITStructureRules": "dITStructureRule", "nameForms": "nameForm",
}

func (p page) definition(d *view.Definition) {
	p.row(singular[d.Collection], strings.Join(d.Names, ", "))
	p.row("OID", d.OID)
	for _, shared := range d.Shared {
		p.row("duplicate", duplicate(shared))
	}
	if d.Desc != nil {
		p.row("description", *d.Desc)
	}
	if d.Obsolete {
		p.row("obsolete", "yes")
	}
	defaulted := func(field, value string) string {
		for _, f := range d.Defaulted {
			if f == field {
				return value + " (by default)"
			}
		}
		return value
	}
	switch {
	case d.Class != nil:
		p.class(d.Class, defaulted)
	case d.Attribute != nil:
		p.attribute(d.Attribute, defaulted)
	case d.Rule != nil:
		p.rule(d.Rule)
	case d.LDAPSyntax != nil:
		p.row("attributes", names(d.LDAPSyntax.Attributes))
		p.row("attributes by SUP", names(d.LDAPSyntax.Inheriting))
		p.row("matching rules", names(d.LDAPSyntax.Rules))
	case d.RuleUse != nil:
		p.row("APPLIES", names(d.RuleUse.Applies))
	case d.ContentRule != nil:
		p.contentRule(d.ContentRule)
	case d.StructureRule != nil:
		p.optional("FORM", d.StructureRule.Form)
		p.optional("OC", d.StructureRule.OC)
		p.row("SUP", names(d.StructureRule.SUP))
		p.row("subordinates", names(d.StructureRule.Subordinates))
	case d.NameForm != nil:
		p.optional("OC", d.NameForm.OC)
		p.row("MUST", names(d.NameForm.Must))
		p.row("MAY", names(d.NameForm.May))
		p.row("structure rules", names(d.NameForm.StructureRules))
	}
	for _, e := range d.Extensions {
		p.row(e.Name, strings.Join(e.Values, ", "))
	}
	p.row("definition", d.Raw)
}

// duplicate says that others have a name or OID too, and which of them look-ups
// take.
func duplicate(s view.Shared) string {
	text := fmt.Sprintf("definition %d of %d under %s; look-ups take ", s.Ordinal, s.Total, schemajson.Quote(s.Name))
	if s.Ordinal == 1 {
		return text + "this one"
	}
	first := s.First.Name
	if oid := s.First.OID; oid != "" && oid != first {
		first += " (" + oid + ")"
	}
	return text + "the first, " + first
}

func (p page) optional(label string, r *view.Ref) {
	if r != nil {
		p.row(label, name(*r))
	}
}

func (p page) class(c *view.Class, defaulted func(field, value string) string) {
	p.row("kind", defaulted("kind", c.Kind))
	p.row("SUP", names(c.SUP))
	p.row("superclasses", names(c.Superclasses))
	p.row("subclasses", names(c.Subclasses))
	p.grouped("MUST", c.Must)
	p.grouped("MAY", c.May)
	p.optional("content rule", c.ContentRule)
	p.row("auxiliary in", names(c.AuxiliaryIn))
	p.row("name forms", names(c.NameForms))
	p.row("structure rules", names(c.StructureRules))
}

func (p page) attribute(a *view.Attribute, defaulted func(field, value string) string) {
	p.row("SUP", names(a.Supertypes))
	if a.Syntax != nil {
		p.row("syntax", syntax(a.Syntax))
	}
	for _, rule := range []struct {
		label string
		rule  *view.Inherited
	}{{"EQUALITY", a.Equality}, {"ORDERING", a.Ordering}, {"SUBSTR", a.Substr}} {
		if rule.rule != nil {
			p.row(rule.label, inherited(*rule.rule))
		}
	}
	p.row("usage", defaulted("usage", a.Usage))
	p.row("values", map[bool]string{true: "single", false: "multiple"}[a.SingleValue])
	if a.Collective {
		p.row("collective", "yes")
	}
	if a.NoUserModification {
		p.row("user modification", "no")
	}
	p.row("subtypes", names(a.Subtypes))
	p.grouped("required by", a.RequiredBy)
	p.grouped("allowed by", a.AllowedBy)
	p.row("named by", names(a.Rules))
}

func (p page) rule(r *view.Rule) {
	if r.Syntax != nil {
		p.row("syntax", syntax(r.Syntax))
	}
	p.grouped("EQUALITY of", r.Equality)
	p.grouped("ORDERING of", r.Ordering)
	p.grouped("SUBSTR of", r.Substr)
	p.row("APPLIES", names(r.Applies))
}

func (p page) contentRule(r *view.ContentRule) {
	p.row("for", name(r.Class))
	p.row("AUX", names(r.Aux))
	p.row("MUST", names(r.Must))
	p.row("MAY", names(r.May))
	p.row("NOT", names(r.Not))
}

// grouped prints a list, own ones first, then a row for each definition that
// the others come from.
func (p page) grouped(label string, list []view.Inherited) {
	var sources []string
	groups := make(map[string][]view.Ref)
	for _, i := range list {
		from := ""
		if i.From != nil {
			from = i.From.Name
		}
		if groups[from] == nil {
			sources = append(sources, from)
		}
		groups[from] = append(groups[from], i.Ref)
	}
	for _, from := range sources {
		if from == "" {
			p.row(label, names(groups[from]))
		} else {
			p.row(label+" from "+from, names(groups[from]))
		}
	}
}

func names(refs []view.Ref) string {
	var all []string
	for _, r := range refs {
		all = append(all, name(r))
	}
	return strings.Join(all, ", ")
}

func name(r view.Ref) string {
	switch {
	case !r.Known:
		return r.Name + " (not defined)"
	case r.Ordinal > 0:
		return r.Name + " (definition " + strconv.Itoa(r.Ordinal) + ")"
	}
	return r.Name
}

func inherited(i view.Inherited) string {
	if i.From != nil {
		return i.Name + " (from " + i.From.Name + ")"
	}
	return i.Name
}

func syntax(s *view.Syntax) string {
	text := s.Name
	if s.Desc != "" {
		text = s.Desc + ", " + s.Name
	}
	if s.Length > 0 {
		text += ", at most " + strconv.Itoa(s.Length)
	}
	if s.From != nil {
		text += " (from " + s.From.Name + ")"
	}
	return text
}
