// Package oids knows what object identifiers stand for: controls, extended
// operations, features, syntaxes, matching rules, attribute types, object
// classes and kin, each with its names and the document that defines it.
//
// The table, registry.txt, is made by go generate; its head says of what.
package oids

import (
	_ "embed"
	"strings"
	"sync"
)

//go:generate go run ./gen

// Info is what is known of an OID.
type Info struct {
	OID string
	// Kind is what it identifies; empty if the OID is not known.
	Kind Kind
	// Names are its names, none if the OID is not known.
	Names []string
	// Doc is the document that defines it, such as "RFC4511"; it may be empty.
	Doc string
}

// Kind is what an OID identifies, as people call it.
type Kind string

// The kinds.
const (
	AdministrativeRole Kind = "Administrative Role"
	AttributeType      Kind = "Attribute Type"
	Control            Kind = "Control"
	Extension          Kind = "Extension"
	Feature            Kind = "Feature"
	LDAPSyntax         Kind = "LDAP Syntax"
	MatchingRule       Kind = "Matching Rule"
	NameForm           Kind = "Name Form"
	ObjectClass        Kind = "Object Class"
	UnsolicitedNotice  Kind = "Unsolicited Notice"
)

// String returns OID, names, kind and document in one line.
func (i Info) String() string {
	s := i.OID
	for _, part := range []string{strings.Join(i.Names, ", "), string(i.Kind), i.Doc} {
		if part != "" {
			s += " - " + part
		}
	}
	return s
}

//go:embed registry.txt
var registry string

// Registry is a table of OIDs. It is immutable and safe for concurrent use.
type Registry struct {
	lines map[string]string // by OID: the rest of the line
}

// Parse reads a table of the form of registry.txt, for programs that do not
// carry this package's.
func Parse(text string) *Registry {
	r := &Registry{lines: make(map[string]string, strings.Count(text, "\n"))}
	for line := range strings.Lines(text) {
		oid, rest, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if ok && line[0] != '#' && strings.Contains(rest, "\t") {
			r.lines[oid] = rest
		}
	}
	return r
}

// Lookup returns what is known of an OID.
func (r *Registry) Lookup(oid string) (Info, bool) {
	line, ok := r.lines[oid]
	if !ok {
		return Info{}, false
	}
	fields := strings.Split(line, "\t")
	return Info{OID: oid, Kind: Kind(fields[0]), Doc: fields[1], Names: fields[2:]}, true
}

var (
	tableOnce sync.Once
	builtIn   *Registry
)

// table is this package's own. It is made at the first look-up, and not by a
// variable's initial value, which would put the registry into every program that
// links this package, browsers' module included.
func table() *Registry {
	tableOnce.Do(func() { builtIn = Parse(registry) })
	return builtIn
}

// Lookup returns what this package knows of an OID.
func Lookup(oid string) (Info, bool) { return table().Lookup(oid) }

// All calls do for every OID of the registry, in no order.
func All(do func(Info)) {
	for oid := range table().lines {
		info, _ := Lookup(oid)
		do(info)
	}
}
