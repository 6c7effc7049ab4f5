// Package schemajson is the model of an LDAP schema: the definitions that a
// server publishes in its subschema subentry (RFC 4512 §4.2), parsed, indexed
// and linked.
//
// [Parse] takes the values of the subschema entry's attributes as the server
// sent them and returns a [SchemaInfo]. A value that cannot be parsed never
// loses the schema: it is kept, with the place and the reason, in
// [SchemaInfo.Problems].
//
// # Looking things up
//
// [SchemaInfo.AttributeType], [SchemaInfo.ObjectClass], [SchemaInfo.LDAPSyntax]
// and [SchemaInfo.MatchingRule] find a definition by any of its names or by its
// OID, without regard to case and without allocating.
//
// # Inheritance
//
// [SchemaInfo.Superclasses], [SchemaInfo.ClassAttributes],
// [SchemaInfo.Supertypes], [SchemaInfo.SyntaxOf] and [SchemaInfo.RulesOf] follow
// SUP. They survive cycles and references to what is not defined.
//
// The package holds no sockets, no files and no typed values; it is the same
// natively and as WebAssembly.
package schemajson

import "strings"

// Attribute is one attribute of the subschema entry, its values as received.
type Attribute struct {
	// Name is the attribute description as the server wrote it.
	Name string
	// Values are the values, in the server's order.
	Values []string
}

// The collections of definitions, named by the attribute of the subschema
// entry that holds them (RFC 4512 §4.2).
const (
	CollectionAttributeTypes = "attributeTypes"
	CollectionObjectClasses  = "objectClasses"
	CollectionLDAPSyntaxes   = "ldapSyntaxes"
	CollectionMatchingRules  = "matchingRules"
)

// SchemaInfo is a parsed schema. It is immutable once [Parse] has returned it
// and safe for concurrent use; definitions must not be modified.
type SchemaInfo struct {
	// Entry is the DN of the subschema entry, empty if it is not known.
	Entry string
	// AttributeTypes, ObjectClasses, LDAPSyntaxes and MatchingRules hold every
	// definition that could be parsed, in the server's order, duplicates
	// included.
	AttributeTypes []AttributeType
	ObjectClasses  []ObjectClass
	LDAPSyntaxes   []LDAPSyntax
	MatchingRules  []MatchingRule
	// Other are the attributes of the entry that hold no definitions of the
	// kinds above.
	Other []Attribute
	// Problems are what was wrong with the values, in the order they were met.
	Problems []Problem

	attributeTypes index[AttributeType]
	objectClasses  index[ObjectClass]
	ldapSyntaxes   index[LDAPSyntax]
	matchingRules  index[MatchingRule]
}

// Parse makes a schema of the attributes of a subschema entry. entry is that
// entry's DN. Attribute names compare without case and options; an attribute
// that comes twice adds to the first. Parse never fails: what is wrong is
// listed in [SchemaInfo.Problems].
func Parse(entry string, attributes []Attribute) *SchemaInfo {
	s := &SchemaInfo{Entry: entry}
	p := parser{}
	for _, a := range attributes {
		switch name := a.baseName(); {
		case strings.EqualFold(name, CollectionAttributeTypes):
			s.AttributeTypes = parseCollection(&p, s.AttributeTypes, CollectionAttributeTypes, a.Values)
		case strings.EqualFold(name, CollectionObjectClasses):
			s.ObjectClasses = parseCollection(&p, s.ObjectClasses, CollectionObjectClasses, a.Values)
		case strings.EqualFold(name, CollectionLDAPSyntaxes):
			s.LDAPSyntaxes = parseCollection(&p, s.LDAPSyntaxes, CollectionLDAPSyntaxes, a.Values)
		case strings.EqualFold(name, CollectionMatchingRules):
			s.MatchingRules = parseCollection(&p, s.MatchingRules, CollectionMatchingRules, a.Values)
		default:
			s.Other = append(s.Other, a)
		}
	}
	s.Problems = p.problems
	indexed(s, &s.attributeTypes, s.AttributeTypes, CollectionAttributeTypes)
	indexed(s, &s.objectClasses, s.ObjectClasses, CollectionObjectClasses)
	indexed(s, &s.ldapSyntaxes, s.LDAPSyntaxes, CollectionLDAPSyntaxes)
	indexed(s, &s.matchingRules, s.MatchingRules, CollectionMatchingRules)
	return s
}

func (a Attribute) baseName() string {
	name, _, _ := strings.Cut(a.Name, ";")
	return name
}

// indexed builds one index and reports the names and OIDs that an earlier
// definition of the collection already has.
func indexed[D any, P kindOf[D]](s *SchemaInfo, x *index[D], definitions []D, collection string) {
	x.build(len(definitions), func(i int) *Definition { return P(&definitions[i]).definition() }, func(i, first int, key string) {
		d := P(&definitions[i]).definition()
		s.Problems = append(s.Problems, Problem{
			Code: ProblemDuplicate, Collection: collection, Text: d.Raw,
			Message: quoted(key) + " is already defined as " + P(&definitions[first]).definition().label() + "; the first definition is used",
		})
	})
	x.definitions = definitions
}

// AttributeType returns the attribute type with the name or OID, or nil. Case
// and attribute options (";binary", ";lang-de") are ignored. Where two
// definitions share a name the first is returned.
func (s *SchemaInfo) AttributeType(nameOrOID string) *AttributeType {
	if i := strings.IndexByte(nameOrOID, ';'); i >= 0 {
		nameOrOID = nameOrOID[:i]
	}
	return s.attributeTypes.find(nameOrOID)
}

// ObjectClass returns the object class with the name or OID, or nil. Case is
// ignored.
func (s *SchemaInfo) ObjectClass(nameOrOID string) *ObjectClass {
	return s.objectClasses.find(nameOrOID)
}

// LDAPSyntax returns the syntax with the OID, or nil.
func (s *SchemaInfo) LDAPSyntax(oid string) *LDAPSyntax {
	return s.ldapSyntaxes.find(oid)
}

// MatchingRule returns the matching rule with the name or OID, or nil. Case is
// ignored.
func (s *SchemaInfo) MatchingRule(nameOrOID string) *MatchingRule {
	return s.matchingRules.find(nameOrOID)
}
