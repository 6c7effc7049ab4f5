// Package formatters turns the bytes of attribute values into typed values, and
// back: times, intervals, integers, booleans, GUIDs, SIDs, security descriptors,
// flags with their names, texts, and bytes where nothing else is known.
//
//	f := formatters.New(schema, nil)
//	v, err := f.Attribute("whenCreated").Format([]byte("20130521164433.0Z"))
//	t, _ := v.Time()
//
// # What decides
//
// The type of an attribute's values is the first that is found, first among the
// custom ones, then among the built-in ones: by the attribute's name as it was
// returned, by its OID, by any name of that OID, by its syntax. Names compare
// without case. Options such as ";binary", ";lang-de" and ";range=0-1499" do not
// matter. OID and syntax come from the schema; the syntax is inherited through
// SUP, and where there is none it is that of the equality rule. Values of an
// attribute of which nothing is known are text if they are UTF-8, else bytes.
//
// docs/formatters.md lists the built-in types.
//
// # What goes wrong
//
// A value that is not what its attribute says stays as it came, as bytes, and
// the reason is returned beside it, a [*ValueError]. So does one at which a
// custom formatter returns an error or panics. Nothing is ever lost.
//
// # The way back
//
// [Attribute.Validate] takes a typed value, or what people write for it, and
// returns the bytes that a server wants, or says why it cannot be.
//
// # WebAssembly
//
// It is the same natively and as WebAssembly but for one thing: natively the
// names of an OID are those of the schema and of package oids; as WebAssembly,
// where that package's table would be too heavy, the schema's alone.
package formatters

//go:generate go run ./gen ../docs/formatters.md

import (
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/ldapedge/ldapedge/schemajson"
)

// Formatters knows the types of a server's attributes. It is safe for
// concurrent use.
type Formatters struct {
	schema *schemajson.SchemaInfo
	custom map[string]Type // by name, OID or syntax, in lower case
	// activeDirectory tells that the schema is one of Active Directory's, which
	// has rules of its own for times.
	activeDirectory bool

	mu         sync.RWMutex
	attributes map[string]*Attribute
}

// Options are what [New] can be told. The zero value has the defaults.
type Options struct {
	// Custom are types of one's own, by the name of an attribute (with or
	// without options), by its OID, or by the OID of a syntax. They go before
	// the built-in ones.
	Custom map[string]Type
}

// New returns the formatters for a server with the schema, which may be nil:
// then names alone decide. options may be nil.
func New(schema *schemajson.SchemaInfo, o *Options) *Formatters {
	f := &Formatters{schema: schema, attributes: make(map[string]*Attribute)}
	if schema != nil {
		const aggregate = "cn=aggregate,cn=schema,"
		f.activeDirectory = len(schema.Entry) > len(aggregate) && strings.EqualFold(schema.Entry[:len(aggregate)], aggregate)
	}
	if o != nil && len(o.Custom) > 0 {
		f.custom = make(map[string]Type, len(o.Custom))
		for key, t := range o.Custom {
			f.custom[strings.ToLower(strings.TrimSpace(key))] = t
		}
	}
	return f
}

// Attribute is how the values of one attribute are formatted and validated.
type Attribute struct {
	// Description is the attribute description that was asked for, options
	// included.
	Description string
	// Definition is the schema's; nil if it has none.
	Definition *schemajson.AttributeType
	// SingleValue tells that the schema allows one value only.
	SingleValue bool
	// Type is what was found for it. Format and Validate are never nil.
	Type Type
	// custom tells that Format or Validate may be somebody else's.
	custom bool
	syntax string
}

// maxAttributes is how many attribute descriptions are remembered: a hostile
// server can make up as many as it likes.
const maxAttributes = 10_000

// Attribute returns how the values of the attribute are formatted; description
// is its name or OID, with or without options, in any case. It does not fail.
func (f *Formatters) Attribute(description string) *Attribute {
	f.mu.RLock()
	a := f.attributes[description]
	f.mu.RUnlock()
	if a != nil {
		return a
	}
	a = f.resolve(strings.Clone(description))
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.attributes) < maxAttributes {
		f.attributes[a.Description] = a
	}
	return a
}

func (f *Formatters) resolve(description string) *Attribute {
	name, _, _ := strings.Cut(description, ";")
	a := &Attribute{Description: description}
	if f.schema != nil {
		a.Definition = f.schema.AttributeType(name)
	}
	if a.Definition != nil {
		a.SingleValue = a.Definition.SingleValue
		a.syntax = f.syntaxOf(a.Definition)
	}
	a.Type = *f.builtinType(name, a.Definition, a.syntax)
	if f.custom != nil {
		a.override(f.custom, a.Keys())
	}
	return a
}

// Keys are the keys under which a custom type may stand, in lower case and in the
// order in which they count; there may be empty ones.
func (a *Attribute) Keys() []string {
	name, _, _ := strings.Cut(a.Description, ";")
	keys := []string{a.Description, name}
	if t := a.Definition; t != nil {
		keys = append(keys, t.OID)
		keys = append(keys, t.Names...)
		keys = append(keys, namesOf(t.OID)...)
	}
	keys = append(keys, a.syntax)
	for i := range keys {
		keys[i] = strings.ToLower(keys[i])
	}
	return keys
}

// override puts custom functions in place of the built-in ones: the first that
// there is of each.
func (a *Attribute) override(custom map[string]Type, keys []string) {
	if custom == nil {
		return
	}
	format, validate := false, false
	for _, key := range keys {
		t, ok := custom[key]
		if !ok || key == "" {
			continue
		}
		if t.Format != nil && !format {
			a.Type.Format, format = t.Format, true
		}
		if t.Validate != nil && !validate {
			a.Type.Validate, validate = t.Validate, true
		}
		if !a.custom {
			a.Type.Name, a.Type.Kinds, a.custom = t.Name, t.Kinds, true
		}
	}
}

// builtinType never returns nil. The attribute's name counts where the schema
// has no definition of it: another server's attribute of that name may be
// another thing.
func (f *Formatters) builtinType(name string, definition *schemajson.AttributeType, syntax string) *Type {
	t := builtin()
	of := t.byOID[strings.ToLower(syntax)]
	switch {
	case definition != nil && t.byOID[definition.OID] != nil:
		of = t.byOID[definition.OID]
	case definition == nil && t.byName[strings.ToLower(name)] != nil:
		of = t.byName[strings.ToLower(name)]
	case definition == nil:
		of = t.byOID[name]
	}
	switch {
	case of == nil:
		return typeUnknown
	case of == typeTime && f.activeDirectory:
		return typeADTime
	default:
		return of
	}
}

// syntaxOf returns the OID of the syntax of an attribute type, or that of its
// equality rule's assertions, which is the same for the rules that have one.
func (f *Formatters) syntaxOf(t *schemajson.AttributeType) string {
	if oid, _, _ := f.schema.SyntaxOf(t); oid != "" {
		return oid
	}
	equality, _, _ := f.schema.RulesOf(t)
	if rule := f.schema.MatchingRule(equality.Name); rule != nil {
		return rule.Syntax
	}
	return ""
}

// Format turns the bytes of one value into a typed value. With an error, a
// [*ValueError], the value is what can be had without the type: bytes, as they
// came. raw is not kept.
func (a *Attribute) Format(raw []byte) (v Value, err error) {
	if a.custom {
		v, err = guarded(func() (Value, error) { return a.Type.Format(raw) })
	} else {
		v, err = a.Type.Format(raw)
	}
	if err != nil {
		return a.asItCame(v, raw, err)
	}
	return v, nil
}

// asItCame is what Format returns of a formatter's results.
func (a *Attribute) asItCame(v Value, raw []byte, err error) (Value, error) {
	if err == nil {
		return v, nil
	}
	if v.kind != KindText {
		v = BytesValue(raw)
	}
	return v, &ValueError{Attribute: a.Description, Type: a.Type.Name, Value: excerpt(raw), Err: err}
}

// Validate returns the bytes of a value of the attribute. The error is a
// [*ValueError].
func (a *Attribute) Validate(v Value) ([]byte, error) {
	validate := a.Type.Validate
	if a.custom {
		validate = func(v Value) ([]byte, error) {
			return guarded(func() ([]byte, error) { return a.Type.Validate(v) })
		}
	}
	b, err := validate(v)
	if err != nil {
		return nil, &ValueError{Attribute: a.Description, Type: a.Type.Name, Value: excerpt([]byte(v.String())), Err: err}
	}
	return b, nil
}

// guarded turns a panic of a custom function into an error.
func guarded[T any](do func() (T, error)) (result T, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the custom function panicked: %v", p)
		}
	}()
	return do()
}

// ValueError says why a value is not one of its attribute.
type ValueError struct {
	// Attribute is the attribute description.
	Attribute string
	// Type is the name of the type; empty if a custom type has none.
	Type string
	// Value is the beginning of the value, quoted.
	Value string
	// Err is the reason.
	Err error
}

// Error returns attribute, value and reason in one line.
func (e *ValueError) Error() string {
	return e.Attribute + ": " + e.Value + " is no value of the attribute: " + e.Err.Error()
}

// Unwrap returns the reason.
func (e *ValueError) Unwrap() error { return e.Err }

// excerpt quotes the beginning of a value.
func excerpt(b []byte) string {
	const most = 40
	if len(b) <= most {
		return strconv.QuoteToASCII(string(b))
	}
	return strconv.QuoteToASCII(string(b[:most])) + "…"
}
