// Package view shows one definition of a schema with everything that a reader
// wants beside it: what it inherits and from where, what it names and whether
// that is defined, and what uses it. The types are plain data for JSON: lists
// are always lists, what does not belong to a definition's kind is absent.
package view

import (
	"slices"
	"strings"

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

// Definition is everything of one definition.
type Definition struct {
	Collection string   `json:"collection"`
	Name       string   `json:"name"`
	Names      []string `json:"names"`
	OID        string   `json:"oid"`
	Desc       string   `json:"desc,omitempty"`
	Obsolete   bool     `json:"obsolete"`
	// Defaulted names the fields that the text leaves to the RFC's default.
	Defaulted  []string    `json:"defaulted"`
	Extensions []Extension `json:"extensions"`
	Raw        string      `json:"raw"`

	Class         *Class         `json:"class,omitempty"`
	Attribute     *Attribute     `json:"attribute,omitempty"`
	Rule          *Rule          `json:"rule,omitempty"`
	LDAPSyntax    *LDAPSyntax    `json:"ldapSyntax,omitempty"`
	RuleUse       *RuleUse       `json:"ruleUse,omitempty"`
	ContentRule   *ContentRule   `json:"contentRule,omitempty"`
	StructureRule *StructureRule `json:"structureRule,omitempty"`
	NameForm      *NameForm      `json:"nameForm,omitempty"`
}

// Class is what only an object class has.
type Class struct {
	Kind string `json:"kind"`
	SUP  []Ref  `json:"sup"`
	// Superclasses are all, nearest first; Subclasses the direct ones.
	Superclasses []Ref `json:"superclasses"`
	Subclasses   []Ref `json:"subclasses"`
	// Must and May are own first, then inherited, nearest first.
	Must []Inherited `json:"must"`
	May  []Inherited `json:"may"`
	// ContentRule is the content rule for the class, absent if there is none.
	ContentRule *Ref `json:"contentRule,omitempty"`
	// NameForms are those for the class.
	NameForms []Ref `json:"nameForms"`
}

// Attribute is what only an attribute type has.
type Attribute struct {
	SUP *Ref `json:"sup,omitempty"`
	// Supertypes are all, nearest first; Subtypes the direct ones.
	Supertypes         []Ref      `json:"supertypes"`
	Subtypes           []Ref      `json:"subtypes"`
	Syntax             *Syntax    `json:"syntax,omitempty"`
	Equality           *Inherited `json:"equality,omitempty"`
	Ordering           *Inherited `json:"ordering,omitempty"`
	Substr             *Inherited `json:"substr,omitempty"`
	SingleValue        bool       `json:"singleValue"`
	Collective         bool       `json:"collective"`
	NoUserModification bool       `json:"noUserModification"`
	Usage              string     `json:"usage"`
	// RequiredBy and AllowedBy are the classes whose entries must and may have
	// the attribute, those that name it first.
	RequiredBy []Inherited `json:"requiredBy"`
	AllowedBy  []Inherited `json:"allowedBy"`
	// Rules are the content rules, name forms and matching rule uses that name
	// the attribute.
	Rules []Ref `json:"rules"`
}

// Rule is what only a matching rule has.
type Rule struct {
	Syntax *Syntax `json:"syntax,omitempty"`
	// Equality, Ordering and Substr are the attribute types that have the rule
	// in that place; Applies those that its matchingRuleUse lists.
	Equality []Ref `json:"equality"`
	Ordering []Ref `json:"ordering"`
	Substr   []Ref `json:"substr"`
	Applies  []Ref `json:"applies"`
}

// LDAPSyntax is what only a syntax has.
type LDAPSyntax struct {
	// Attributes are the attribute types that name it, Inheriting those that
	// have it through SUP, Rules the matching rules that assert it.
	Attributes []Ref `json:"attributes"`
	Inheriting []Ref `json:"inheriting"`
	Rules      []Ref `json:"rules"`
}

// RuleUse is what only a matching rule use has.
type RuleUse struct {
	Rule    Ref   `json:"rule"`
	Applies []Ref `json:"applies"`
}

// ContentRule is what only a DIT content rule has.
type ContentRule struct {
	// Class is the structural class that it is for.
	Class Ref   `json:"class"`
	Aux   []Ref `json:"aux"`
	Must  []Ref `json:"must"`
	May   []Ref `json:"may"`
	Not   []Ref `json:"not"`
}

// StructureRule is what only a DIT structure rule has.
type StructureRule struct {
	Form *Ref  `json:"form,omitempty"`
	SUP  []Ref `json:"sup"`
}

// NameForm is what only a name form has.
type NameForm struct {
	OC   *Ref  `json:"oc,omitempty"`
	Must []Ref `json:"must"`
	May  []Ref `json:"may"`
}

// Show returns the definition of a collection with the name or OID, nil if
// there is none. The collection is spelled as in RFC 4512; ok is false if there
// is no such collection.
func Show(s *schemajson.SchemaInfo, collection, nameOrOID string) (d *Definition, ok bool) {
	show := map[string]func(schema, string) *Definition{
		schemajson.CollectionObjectClasses:     schema.class,
		schemajson.CollectionAttributeTypes:    schema.attribute,
		schemajson.CollectionMatchingRules:     schema.rule,
		schemajson.CollectionLDAPSyntaxes:      schema.syntax,
		schemajson.CollectionMatchingRuleUse:   schema.ruleUse,
		schemajson.CollectionDITContentRules:   schema.contentRule,
		schemajson.CollectionDITStructureRules: schema.structureRule,
		schemajson.CollectionNameForms:         schema.nameForm,
	}[collection]
	if show == nil {
		return nil, false
	}
	return show(schema{s}, nameOrOID), true
}

// Collections are those that [Show] knows, in the order in which people look
// for them.
var Collections = []string{
	schemajson.CollectionObjectClasses, schemajson.CollectionAttributeTypes, schemajson.CollectionMatchingRules,
	schemajson.CollectionLDAPSyntaxes, schemajson.CollectionMatchingRuleUse, schemajson.CollectionDITContentRules,
	schemajson.CollectionDITStructureRules, schemajson.CollectionNameForms,
}

// All returns the definitions of every collection that have the name or OID.
func All(s *schemajson.SchemaInfo, nameOrOID string) (all []*Definition) {
	for _, collection := range Collections {
		if d, _ := Show(s, collection, nameOrOID); d != nil {
			all = append(all, d)
		}
	}
	return all
}

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

// schema makes references to its definitions.
type schema struct{ *schemajson.SchemaInfo }

// ref refers to a definition by a name; d is nil if there is none.
func ref(collection, name string, d *schemajson.Definition) Ref {
	if d == nil {
		return Ref{Collection: collection, Name: name}
	}
	return Ref{collection, name, d.Desc, true}
}

func (s schema) classRef(name string) Ref {
	if c := s.ObjectClass(name); c != nil {
		return ref(schemajson.CollectionObjectClasses, name, &c.Definition)
	}
	return ref(schemajson.CollectionObjectClasses, name, nil)
}

func (s schema) attributeRef(name string) Ref {
	if t := s.AttributeType(name); t != nil {
		return ref(schemajson.CollectionAttributeTypes, name, &t.Definition)
	}
	return ref(schemajson.CollectionAttributeTypes, name, nil)
}

func (s schema) ruleRef(name string) Ref {
	if r := s.MatchingRule(name); r != nil {
		return ref(schemajson.CollectionMatchingRules, name, &r.Definition)
	}
	return ref(schemajson.CollectionMatchingRules, name, nil)
}

func (s schema) syntaxRef(oid string) Ref {
	if x := s.LDAPSyntax(oid); x != nil {
		return ref(schemajson.CollectionLDAPSyntaxes, oid, &x.Definition)
	}
	return ref(schemajson.CollectionLDAPSyntaxes, oid, nil)
}

func refs(names []string, to func(string) Ref) []Ref {
	all := make([]Ref, 0, len(names))
	for _, name := range names {
		all = append(all, to(name))
	}
	return all
}

func classes(list []*schemajson.ObjectClass) []Ref {
	all := make([]Ref, 0, len(list))
	for _, c := range list {
		all = append(all, ref(schemajson.CollectionObjectClasses, c.Name(), &c.Definition))
	}
	return all
}

func attributes(list []*schemajson.AttributeType) []Ref {
	all := make([]Ref, 0, len(list))
	for _, t := range list {
		all = append(all, ref(schemajson.CollectionAttributeTypes, t.Name(), &t.Definition))
	}
	return all
}

// sameName tells whether a name or OID is the definition's.
func sameName(d *schemajson.Definition, name string) bool {
	return strings.EqualFold(d.OID, name) || slices.ContainsFunc(d.Names, func(n string) bool { return strings.EqualFold(n, name) })
}
