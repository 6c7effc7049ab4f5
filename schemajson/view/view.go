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
	// Ordinal is its place among the definitions with the name, absent if it is
	// the first: the one that look-ups take.
	Ordinal int `json:"ordinal,omitempty"`
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

// Definition is everything of one definition.
type Definition struct {
	Collection string `json:"collection"`
	// Name is the first name, or the OID of a definition without a name.
	Name string `json:"name"`
	// Ordinal is its place among the definitions with that name, absent if it
	// is the first.
	Ordinal  int      `json:"ordinal,omitempty"`
	Names    []string `json:"names"`
	OID      string   `json:"oid"`
	Desc     *string  `json:"desc,omitempty"`
	Obsolete bool     `json:"obsolete"`
	// Defaulted names the fields that the text leaves to the RFC's default.
	Defaulted  []string                   `json:"defaulted"`
	Extensions []schemajson.ExtensionDump `json:"extensions"`
	Raw        string                     `json:"raw"`
	// Shared are the names and the OID that other definitions of the collection
	// have too.
	Shared []Shared `json:"shared"`
	// Problems are what is wrong with the text.
	Problems []Problem `json:"problems"`

	Class         *Class         `json:"class,omitempty"`
	Attribute     *Attribute     `json:"attribute,omitempty"`
	Rule          *Rule          `json:"rule,omitempty"`
	LDAPSyntax    *LDAPSyntax    `json:"ldapSyntax,omitempty"`
	RuleUse       *RuleUse       `json:"ruleUse,omitempty"`
	ContentRule   *ContentRule   `json:"contentRule,omitempty"`
	StructureRule *StructureRule `json:"structureRule,omitempty"`
	NameForm      *NameForm      `json:"nameForm,omitempty"`
}

// Problem is something wrong with a definition's text.
type Problem struct {
	Code schemajson.ProblemCode `json:"code"`
	// Offset is the place in the text, in bytes.
	Offset  int    `json:"offset"`
	Message string `json:"message"`
}

// Shared is a name or an OID that several definitions have.
type Shared struct {
	Name string `json:"name"`
	// Ordinal is the definition's place among the Total that have it, from 1.
	Ordinal int `json:"ordinal"`
	Total   int `json:"total"`
	// First is the one that look-ups take.
	First Named `json:"first"`
}

// Named is a definition by what tells it from others.
type Named struct {
	Name string `json:"name"`
	OID  string `json:"oid"`
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
	// AuxiliaryIn are the content rules that list the class in AUX.
	AuxiliaryIn []Ref `json:"auxiliaryIn"`
	// NameForms are those for the class, StructureRules those for such a form.
	NameForms      []Ref `json:"nameForms"`
	StructureRules []Ref `json:"structureRules"`
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
	// in that place, with the supertype that they inherit it from; Applies those
	// that Use, the rule's matchingRuleUse, lists.
	Equality []Inherited `json:"equality"`
	Ordering []Inherited `json:"ordering"`
	Substr   []Inherited `json:"substr"`
	Applies  []Ref       `json:"applies"`
	Use      *Ref        `json:"use,omitempty"`
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
	Form *Ref `json:"form,omitempty"`
	// OC is the class of the name form, absent if that is not defined or names
	// none.
	OC  *Ref  `json:"oc,omitempty"`
	SUP []Ref `json:"sup"`
	// Subordinates are the rules that name it in SUP.
	Subordinates []Ref `json:"subordinates"`
}

// NameForm is what only a name form has.
type NameForm struct {
	OC   *Ref  `json:"oc,omitempty"`
	Must []Ref `json:"must"`
	May  []Ref `json:"may"`
	// StructureRules are those that are for it.
	StructureRules []Ref `json:"structureRules"`
}

// kind is a collection and what shows its definitions.
type kind struct {
	collection string
	// show returns the definition with the name or OID and the ordinal, nil if
	// there is none.
	show func(s schema, nameOrOID string, ordinal int) *Definition
}

// kinds are all, in the order in which people look for them.
var kinds = []kind{
	newKind(schemajson.CollectionObjectClasses, (*schemajson.SchemaInfo).ObjectClassesNamed, schema.class),
	newKind(schemajson.CollectionAttributeTypes, (*schemajson.SchemaInfo).AttributeTypesNamed, schema.attribute),
	newKind(schemajson.CollectionMatchingRules, (*schemajson.SchemaInfo).MatchingRulesNamed, schema.rule),
	newKind(schemajson.CollectionLDAPSyntaxes, (*schemajson.SchemaInfo).LDAPSyntaxesNamed, schema.syntax),
	newKind(schemajson.CollectionMatchingRuleUse, (*schemajson.SchemaInfo).MatchingRuleUsesNamed, schema.ruleUse),
	newKind(schemajson.CollectionDITContentRules, (*schemajson.SchemaInfo).DITContentRulesNamed, schema.contentRule),
	newKind(schemajson.CollectionDITStructureRules, (*schemajson.SchemaInfo).DITStructureRulesNamed, schema.structureRule),
	newKind(schemajson.CollectionNameForms, (*schemajson.SchemaInfo).NameFormsNamed, schema.nameForm),
}

// definitionOf is a pointer to a kind's definition.
type definitionOf[D any] interface {
	*D
	Name() string
	Dump() schemajson.DefinitionDump
}

func newKind[D any, P definitionOf[D]](collection string, named func(*schemajson.SchemaInfo, string) []*D, show func(schema, *D) *Definition) kind {
	return kind{collection, func(s schema, nameOrOID string, ordinal int) *Definition {
		all := named(s.SchemaInfo, nameOrOID)
		if ordinal < 1 || ordinal > len(all) {
			return nil
		}
		d := show(s, all[ordinal-1])
		for _, key := range d.keys() {
			if sharing := named(s.SchemaInfo, key); len(sharing) > 1 {
				first := P(sharing[0])
				d.Shared = append(d.Shared, Shared{key, slices.Index(sharing, all[ordinal-1]) + 1, len(sharing), Named{first.Name(), first.Dump().OID}})
			}
		}
		return d
	}}
}

// keys are the names and the OID, each once.
func (d *Definition) keys() (all []string) {
	for _, key := range append(slices.Clone(d.Names), d.OID) {
		if key != "" && !slices.ContainsFunc(all, func(k string) bool { return strings.EqualFold(k, key) }) {
			all = append(all, key)
		}
	}
	return all
}

// Show returns the definition of a collection with the name or OID, nil if
// there is none. Where several have it, ordinal tells which, from 1; look-ups
// take the first. The collection is spelled as in RFC 4512; ok is false if there
// is no such collection.
func Show(s *schemajson.SchemaInfo, collection, nameOrOID string, ordinal int) (d *Definition, ok bool) {
	for _, k := range kinds {
		if k.collection == collection {
			return k.show(schema{s}, nameOrOID, ordinal), true
		}
	}
	return nil, false
}

// All returns the definitions of every collection that have the name or OID,
// those of a collection in the schema's order.
func All(s *schemajson.SchemaInfo, nameOrOID string) (all []*Definition) {
	for _, k := range kinds {
		for ordinal := 1; ; ordinal++ {
			d := k.show(schema{s}, nameOrOID, ordinal)
			if d == nil {
				break
			}
			all = append(all, d)
		}
	}
	return all
}

// common is what all kinds of definition have.
func (s schema) common(collection string, d *schemajson.Definition, own schemajson.DefinitionDump) *Definition {
	return &Definition{
		Collection: collection, Name: d.Name(), Ordinal: s.ordinal(d), Names: list(own.Names), OID: own.OID, Desc: own.Desc,
		Obsolete: own.Obsolete, Defaulted: list(own.Defaulted), Extensions: list(own.Extensions), Raw: own.Raw, Shared: []Shared{}, Problems: s.problems(collection, own.Raw),
	}
}

// problems are those of a definition's text.
func (s schema) problems(collection, raw string) []Problem {
	all := []Problem{}
	for _, p := range s.Problems {
		if p.Collection == collection && p.Text == raw {
			all = append(all, Problem{p.Code, p.Offset, p.Message})
		}
	}
	return all
}

// list is never null in JSON.
func list[T any](all []T) []T { return append([]T{}, all...) }

// schema makes references to its definitions.
type schema struct{ *schemajson.SchemaInfo }

// ordinal is that of a definition as JSON has it: 0 for the first.
func (s schema) ordinal(d *schemajson.Definition) int {
	if n := s.Ordinal(d); n > 1 {
		return n
	}
	return 0
}

// to refers to a definition.
func (s schema) to(collection string, d *schemajson.Definition) Ref {
	return Ref{Collection: collection, Name: d.Name(), Desc: d.Desc, Known: true, Ordinal: s.ordinal(d)}
}

// ref refers to the definition that a look-up of the name has found; d is nil
// if it has found none.
func ref(collection, name string, d *schemajson.Definition) Ref {
	if d == nil {
		return Ref{Collection: collection, Name: name}
	}
	return Ref{Collection: collection, Name: name, Desc: d.Desc, Known: true}
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

func (s schema) classes(all []*schemajson.ObjectClass) []Ref {
	list := make([]Ref, 0, len(all))
	for _, c := range all {
		list = append(list, s.to(schemajson.CollectionObjectClasses, &c.Definition))
	}
	return list
}

func (s schema) attributes(all []*schemajson.AttributeType) []Ref {
	list := make([]Ref, 0, len(all))
	for _, t := range all {
		list = append(list, s.to(schemajson.CollectionAttributeTypes, &t.Definition))
	}
	return list
}
