package facade

import (
	"context"
	"fmt"

	"github.com/ldapedge/ldapedge/schemajson"
)

// Ref names a definition from within another.
type Ref struct {
	Collection string `json:"collection"`
	// Name is the name as it is written there.
	Name string `json:"name"`
	// Desc is the description of what it names.
	Desc string `json:"desc,omitempty"`
	// Known tells whether the schema defines it.
	Known bool `json:"known"`
}

// Inherited is a reference with the definition that it comes from.
type Inherited struct {
	Ref
	// From is the definition that it is inherited from, absent if it is the
	// definition's own.
	From *Ref `json:"from,omitempty"`
}

// Syntax is the syntax of an attribute type or matching rule.
type Syntax struct {
	Inherited
	// Length is the minimum upper bound on a value's length, 0 if there is none.
	Length int `json:"length,omitempty"`
}

// Extension is a field that RFC 4512 leaves to implementations.
type Extension struct {
	Name   string   `json:"name"`
	Values []string `json:"values"`
}

// Definition is everything of one definition. What does not belong to its
// collection is absent; what the text leaves to the RFC's default is named in
// Defaulted.
type Definition struct {
	Collection string      `json:"collection"`
	Name       string      `json:"name"`
	Names      []string    `json:"names"`
	OID        string      `json:"oid"`
	Desc       string      `json:"desc,omitempty"`
	Obsolete   bool        `json:"obsolete"`
	Defaulted  []string    `json:"defaulted"`
	Extensions []Extension `json:"extensions"`
	Raw        string      `json:"raw"`

	Class     *Class     `json:"class,omitempty"`
	Attribute *Attribute `json:"attribute,omitempty"`
	Rule      *Rule      `json:"rule,omitempty"`
}

// Class is what only an object class has.
type Class struct {
	Kind         string      `json:"kind"`
	SUP          []Ref       `json:"sup"`
	Superclasses []Ref       `json:"superclasses"`
	Subclasses   []Ref       `json:"subclasses"`
	Must         []Inherited `json:"must"`
	May          []Inherited `json:"may"`
}

// Attribute is what only an attribute type has.
type Attribute struct {
	SUP                *Ref       `json:"sup,omitempty"`
	Supertypes         []Ref      `json:"supertypes"`
	Syntax             *Syntax    `json:"syntax,omitempty"`
	Equality           *Inherited `json:"equality,omitempty"`
	Ordering           *Inherited `json:"ordering,omitempty"`
	Substr             *Inherited `json:"substr,omitempty"`
	SingleValue        bool       `json:"singleValue"`
	Collective         bool       `json:"collective"`
	NoUserModification bool       `json:"noUserModification"`
	Usage              string     `json:"usage"`
}

// Rule is what only a matching rule has.
type Rule struct {
	Syntax *Syntax `json:"syntax,omitempty"`
}

// showDefinition answers with a [Definition].
func showDefinition(_ context.Context, c *call) (any, error) {
	var p struct {
		ofSource
		Collection string `json:"collection"`
		Name       string `json:"name"`
	}
	if err := c.read(&p); err != nil {
		return nil, err
	}
	s, err := c.facade.source(p.Source)
	if err != nil {
		return nil, err
	}
	v := view{s.schema}
	var d *Definition
	switch p.Collection {
	case schemajson.CollectionObjectClasses:
		d = v.class(p.Name)
	case schemajson.CollectionAttributeTypes:
		d = v.attribute(p.Name)
	case schemajson.CollectionMatchingRules:
		d = v.rule(p.Name)
	case schemajson.CollectionLDAPSyntaxes:
		d = v.syntax(p.Name)
	default:
		return nil, usage("there is no collection %q", p.Collection)
	}
	if d == nil {
		return nil, &Error{Code: CodeUnknownDefinition, Cause: fmt.Sprintf("%s has no %q", p.Collection, p.Name)}
	}
	return d, nil
}

// view shows definitions of a schema.
type view struct{ schema *schemajson.SchemaInfo }

func base(collection string, d *schemajson.Definition) *Definition {
	out := &Definition{
		Collection: collection, Name: d.Name(), Names: append([]string{}, d.Names...), OID: d.OID, Desc: d.Desc,
		Obsolete: d.Obsolete, Defaulted: []string{}, Extensions: []Extension{}, Raw: d.Raw,
	}
	for _, e := range d.Extensions {
		out.Extensions = append(out.Extensions, Extension{e.Name, append([]string{}, e.Values...)})
	}
	return out
}

func (v view) class(name string) *Definition {
	c := v.schema.ObjectClass(name)
	if c == nil {
		return nil
	}
	d := base(schemajson.CollectionObjectClasses, &c.Definition)
	if !c.KindGiven {
		d.Defaulted = append(d.Defaulted, "kind")
	}
	must, may := v.schema.ClassAttributes(c)
	d.Class = &Class{
		Kind: string(c.Kind), SUP: []Ref{},
		Superclasses: classRefs(v.schema.Superclasses(c)), Subclasses: classRefs(v.schema.Subclasses(c)),
		Must: classAttributes(c, must), May: classAttributes(c, may),
	}
	for _, name := range c.SUP {
		d.Class.SUP = append(d.Class.SUP, classRef(name, v.schema.ObjectClass(name)))
	}
	return d
}

func classRef(name string, c *schemajson.ObjectClass) Ref {
	if c == nil {
		return Ref{Collection: schemajson.CollectionObjectClasses, Name: name}
	}
	return Ref{schemajson.CollectionObjectClasses, name, c.Desc, true}
}

func classRefs(classes []*schemajson.ObjectClass) []Ref {
	all := make([]Ref, 0, len(classes))
	for _, c := range classes {
		all = append(all, classRef(c.Name(), c))
	}
	return all
}

func classAttributes(of *schemajson.ObjectClass, list []schemajson.ClassAttribute) []Inherited {
	all := make([]Inherited, 0, len(list))
	for _, a := range list {
		i := Inherited{Ref: attributeRef(a.Name, a.Type)}
		if a.From != of {
			from := classRef(a.From.Name(), a.From)
			i.From = &from
		}
		all = append(all, i)
	}
	return all
}

func attributeRef(name string, t *schemajson.AttributeType) Ref {
	if t == nil {
		return Ref{Collection: schemajson.CollectionAttributeTypes, Name: name}
	}
	return Ref{schemajson.CollectionAttributeTypes, name, t.Desc, true}
}

func (v view) attribute(name string) *Definition {
	t := v.schema.AttributeType(name)
	if t == nil {
		return nil
	}
	d := base(schemajson.CollectionAttributeTypes, &t.Definition)
	if !t.UsageGiven {
		d.Defaulted = append(d.Defaulted, "usage")
	}
	d.Attribute = &Attribute{
		Supertypes:  []Ref{},
		SingleValue: t.SingleValue, Collective: t.Collective, NoUserModification: t.NoUserModification, Usage: string(t.Usage),
	}
	if t.SUP != "" {
		sup := attributeRef(t.SUP, v.schema.AttributeType(t.SUP))
		d.Attribute.SUP = &sup
	}
	for _, sup := range v.schema.Supertypes(t) {
		d.Attribute.Supertypes = append(d.Attribute.Supertypes, attributeRef(sup.Name(), sup))
	}
	if oid, length, from := v.schema.SyntaxOf(t); from != nil {
		d.Attribute.Syntax = &Syntax{Inherited{v.syntaxRef(oid), inheritedFrom(t, from)}, length}
	}
	equality, ordering, substr := v.schema.RulesOf(t)
	d.Attribute.Equality = v.inheritedRule(t, equality)
	d.Attribute.Ordering = v.inheritedRule(t, ordering)
	d.Attribute.Substr = v.inheritedRule(t, substr)
	return d
}

// inheritedFrom returns where t has something from, nil if it is its own.
func inheritedFrom(t, from *schemajson.AttributeType) *Ref {
	if from == t {
		return nil
	}
	r := attributeRef(from.Name(), from)
	return &r
}

func (v view) inheritedRule(t *schemajson.AttributeType, rule schemajson.InheritedRule) *Inherited {
	if rule.From == nil {
		return nil
	}
	ref := Ref{Collection: schemajson.CollectionMatchingRules, Name: rule.Name}
	if r := v.schema.MatchingRule(rule.Name); r != nil {
		ref.Desc, ref.Known = r.Desc, true
	}
	return &Inherited{ref, inheritedFrom(t, rule.From)}
}

func (v view) syntaxRef(oid string) Ref {
	ref := Ref{Collection: schemajson.CollectionLDAPSyntaxes, Name: oid}
	if x := v.schema.LDAPSyntax(oid); x != nil {
		ref.Desc, ref.Known = x.Desc, true
	}
	return ref
}

func (v view) rule(name string) *Definition {
	r := v.schema.MatchingRule(name)
	if r == nil {
		return nil
	}
	d := base(schemajson.CollectionMatchingRules, &r.Definition)
	d.Rule = &Rule{}
	if r.Syntax != "" {
		d.Rule.Syntax = &Syntax{Inherited: Inherited{Ref: v.syntaxRef(r.Syntax)}}
	}
	return d
}

func (v view) syntax(oid string) *Definition {
	x := v.schema.LDAPSyntax(oid)
	if x == nil {
		return nil
	}
	return base(schemajson.CollectionLDAPSyntaxes, &x.Definition)
}
