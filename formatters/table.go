package formatters

import (
	_ "embed"
	"slices"
	"strings"
	"sync"

	"github.com/ldapedge/ldapedge/formatters/syntax"
)

//go:embed types.txt
var typesText string

// Key is a key of the built-in table.
type Key struct {
	// OID is that of an attribute or of a syntax; empty for attributes of the
	// root DSE that no schema defines, and "octetstring" for what Active
	// Directory writes in place of a syntax's OID.
	OID string
	// Name is the attribute's or the syntax's name; it may be empty for a
	// syntax.
	Name string
	// Attribute tells an attribute from a syntax.
	Attribute bool
	// Type is how its values are formatted and validated.
	Type *Type
}

// Keys returns the built-in table: attributes, then syntaxes by OID.
func Keys() []Key { return slices.Clone(builtin().keys) }

// table is the built-in table: types by OID, and those of attributes by name
// in lower case.
type table struct {
	byOID, byName map[string]*Type
	keys          []Key
}

var (
	builtinOnce  sync.Once
	builtinTable *table
)

// builtin makes the table when it is first asked for.
func builtin() *table {
	builtinOnce.Do(func() { builtinTable = newTable() })
	return builtinTable
}

func newTable() *table {
	t := &table{byOID: make(map[string]*Type), byName: make(map[string]*Type)}
	types := make(map[string]*Type)
	for _, of := range plainTypes {
		types[of.Name] = of
	}
	for name, n := range numberTypes {
		types[name] = n.as(name)
	}
	for line := range strings.Lines(typesText) {
		switch f := strings.Fields(line); {
		case len(f) == 4 && f[0] == "attribute":
			t.addAttribute(f[1], f[2], types[f[3]])
		case len(f) == 3 && f[0] == "syntax":
			t.addSyntax(f[1], types[f[2]])
		}
	}
	return t
}

func (t *table) addAttribute(oid, name string, of *Type) {
	if oid == "-" {
		oid = ""
	} else {
		t.byOID[oid] = of
	}
	t.byName[strings.ToLower(name)] = of
	t.keys = append(t.keys, Key{oid, name, true, of})
}

// addSyntax adds the type of a syntax. Those of texts and of bytes have types of
// their own, whose validators know what the syntax asks of them.
func (t *table) addSyntax(oid string, of *Type) {
	switch of {
	case typeText:
		of = &Type{of.Name, of.Kinds, of.Format, textOf(syntax.CheckerOf(oid))}
	case typeBytes:
		of = &Type{of.Name, of.Kinds, of.Format, bytesOf(syntax.CheckerOf(oid))}
	}
	t.byOID[oid] = of
	t.keys = append(t.keys, Key{oid, syntax.Name(oid), false, of})
}
