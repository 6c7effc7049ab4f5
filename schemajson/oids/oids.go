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

var (
	tableOnce sync.Once
	lines     map[string]string
)

// table maps each OID to its line of the registry. It is made at the first
// look-up, and not by a variable's initial value, which would put the registry
// into every program that links this package, browsers' module included.
func table() map[string]string {
	tableOnce.Do(func() {
		lines = make(map[string]string, strings.Count(registry, "\n"))
		for line := range strings.Lines(registry) {
			if oid, rest, ok := strings.Cut(line, "\t"); ok && line[0] != '#' {
				lines[oid] = strings.TrimSuffix(rest, "\n")
			}
		}
	})
	return lines
}

// Lookup returns what is known of an OID.
func Lookup(oid string) (Info, bool) {
	line, ok := table()[oid]
	if !ok {
		return Info{}, false
	}
	fields := strings.Split(line, "\t")
	return Info{OID: oid, Kind: Kind(fields[0]), Doc: fields[1], Names: fields[2:]}, true
}

// All calls do for every OID of the registry, in no order.
func All(do func(Info)) {
	for oid := range table() {
		info, _ := Lookup(oid)
		do(info)
	}
}
