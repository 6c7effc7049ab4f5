// Package schemajson is the model of an LDAP schema: the definitions that a
// server publishes in its subschema subentry (RFC 4512 §4.2), parsed, indexed
// and linked, and python ldap3's JSON files of them.
//
// [Parse] takes the values of the subschema entry's attributes as the server
// sent them and returns a [SchemaInfo]. A value that cannot be parsed never
// loses the schema: it is kept, with the place and the reason, in
// [SchemaInfo.Problems].
//
// # Looking things up
//
// [SchemaInfo.AttributeType], [SchemaInfo.ObjectClass] and their kin find a
// definition by any of its names or by its OID, without regard to case and
// without allocating. Where several share a name or OID they take the first;
// [SchemaInfo.AttributeTypesNamed] and its kin return all. [SchemaInfo.Find]
// searches names, OIDs and descriptions.
//
// # Inheritance and use
//
// [SchemaInfo.Superclasses], [SchemaInfo.ClassAttributes],
// [SchemaInfo.EntryAttributes], [SchemaInfo.SyntaxOf] and [SchemaInfo.RulesOf]
// follow SUP; [SchemaInfo.AttributeUse], [SchemaInfo.SyntaxUse] and
// [SchemaInfo.RuleUse] look the other way. All survive cycles and references to
// what is not defined.
//
// [Merge] makes a schema of one and the definitions of another.
//
// The package holds no sockets and no typed values; it is the same natively
// and as WebAssembly, but for the helpers that open files.
package schemajson

import (
	"slices"
	"strconv"
	"strings"
)

// Attribute is one attribute of an entry, its values as received: any bytes.
type Attribute struct {
	// Name is the attribute description as the server wrote it.
	Name string
	// Values are the values, in the server's order.
	Values []string
}

// The collections of definitions, named by the attribute of the subschema
// entry that holds them (RFC 4512 §4.2).
const (
	CollectionAttributeTypes    = "attributeTypes"
	CollectionObjectClasses     = "objectClasses"
	CollectionLDAPSyntaxes      = "ldapSyntaxes"
	CollectionMatchingRules     = "matchingRules"
	CollectionMatchingRuleUse   = "matchingRuleUse"
	CollectionDITContentRules   = "dITContentRules"
	CollectionDITStructureRules = "dITStructureRules"
	CollectionNameForms         = "nameForms"
)

// Collections are all of them, in the order in which reports list them.
var Collections = [...]string{
	CollectionAttributeTypes, CollectionObjectClasses, CollectionLDAPSyntaxes, CollectionMatchingRules,
	CollectionMatchingRuleUse, CollectionDITContentRules, CollectionDITStructureRules, CollectionNameForms,
}

// SchemaInfo is a parsed schema. It is immutable once [Parse] has returned it
// and safe for concurrent use; definitions must not be modified.
type SchemaInfo struct {
	// Entry is the DN of the subschema entry, empty if it is not known.
	Entry string
	// The definitions that could be parsed, in the server's order, duplicates
	// included.
	AttributeTypes    []AttributeType
	ObjectClasses     []ObjectClass
	LDAPSyntaxes      []LDAPSyntax
	MatchingRules     []MatchingRule
	MatchingRuleUses  []MatchingRuleUse
	DITContentRules   []DITContentRule
	DITStructureRules []DITStructureRule
	NameForms         []NameForm
	// Raw are all attributes of the entry, as received, in the server's order.
	Raw []Attribute
	// Problems are what was wrong with the values, in the order they were met.
	Problems []Problem

	attributeTypes    index
	objectClasses     index
	ldapSyntaxes      index
	matchingRules     index
	matchingRuleUses  index
	ditContentRules   index
	ditStructureRules index
	nameForms         index
	links             links
	earlier           map[*Definition]int // how many have its name before it; what is not there has none
	entryNull         bool                // read as null, to be written so
}

// Parse makes a schema of the attributes of a subschema entry. entry is that
// entry's DN. Attribute names compare without case and options; an attribute
// that comes twice adds to the first. Parse never fails: what is wrong is
// listed in [SchemaInfo.Problems]. The schema refers to attributes, which must
// not be changed afterwards.
func Parse(entry string, attributes []Attribute) *SchemaInfo {
	s := &SchemaInfo{Entry: entry, Raw: attributes}
	p := parser{}
	collect(&p, s, &s.attributeTypes, &s.AttributeTypes, CollectionAttributeTypes)
	collect(&p, s, &s.objectClasses, &s.ObjectClasses, CollectionObjectClasses)
	collect(&p, s, &s.ldapSyntaxes, &s.LDAPSyntaxes, CollectionLDAPSyntaxes)
	collect(&p, s, &s.matchingRules, &s.MatchingRules, CollectionMatchingRules)
	collect(&p, s, &s.matchingRuleUses, &s.MatchingRuleUses, CollectionMatchingRuleUse)
	collect(&p, s, &s.ditContentRules, &s.DITContentRules, CollectionDITContentRules)
	collect(&p, s, &s.ditStructureRules, &s.DITStructureRules, CollectionDITStructureRules)
	collect(&p, s, &s.nameForms, &s.NameForms, CollectionNameForms)
	s.Problems = p.problems
	if p.more > 0 {
		s.Problems = append(s.Problems, Problem{Code: ProblemMore, Message: strconv.Itoa(p.more) + " more problems are not listed"})
	}
	s.links.build(s)
	return s
}

// collect parses and indexes one collection, and reports the names and OIDs
// that an earlier definition of it already has.
func collect[D any, P kindOf[D]](p *parser, s *SchemaInfo, x *index, into *[]D, collection string) {
	*into = parseCollection[D, P](p, collection, s.Raw)
	definitions := make([]*Definition, len(*into))
	for i := range *into {
		definitions[i] = P(&(*into)[i]).definition()
	}
	shared := make(sharedKeys)
	x.build(definitions, func(d, first *Definition, keys []string) {
		s.share(shared, d, int(d.number), keys)
		if len(p.problems) >= maxProblems {
			p.more++
			return
		}
		p.problems = append(p.problems, Problem{
			Code: ProblemDuplicate, Collection: collection, Text: d.Raw, Offset: max(0, strings.Index(d.Raw, keys[0])),
			Message: taken(keys) + " already defined as " + first.label() + "; the first definition is used",
		})
	})
}

// share notes which keys of a definition earlier ones have.
func (s *SchemaInfo) share(shared sharedKeys, d *Definition, number int, keys []string) {
	for _, key := range keys {
		if before := shared.again(key, number); key == d.Name() {
			if s.earlier == nil {
				s.earlier = make(map[*Definition]int)
			}
			s.earlier[d] = before
		}
	}
}

// taken lists names and OIDs in a message, as many as one reads.
func taken(keys []string) string {
	const most = 3
	var shown []string
	for _, key := range keys[:min(most, len(keys))] {
		shown = append(shown, Quote(key))
	}
	s := strings.Join(shown, ", ")
	switch {
	case len(keys) == 1:
		return s + " is"
	case len(keys) > most:
		return s + " and " + strconv.Itoa(len(keys)-most) + " more are"
	default:
		return s + " are"
	}
}

// isOf tells whether the attribute holds values of the collection.
func (a Attribute) isOf(collection string) bool { return strings.EqualFold(a.baseName(), collection) }

func (a Attribute) baseName() string { return withoutOptions(a.Name) }

// Attribute returns the values of an attribute of the subschema entry, nil if
// it has none of that name. Case is ignored.
func (s *SchemaInfo) Attribute(name string) []string { return valuesOf(s.Raw, name) }

func valuesOf(attributes []Attribute, name string) []string {
	for _, a := range attributes {
		if strings.EqualFold(a.Name, name) {
			return a.Values
		}
	}
	return nil
}

// Other returns the attributes of the subschema entry that hold neither
// definitions nor its timestamps.
func (s *SchemaInfo) Other() (other []Attribute) {
	known := append(Collections[:], "createTimestamp", "modifyTimestamp")
	for _, a := range s.Raw {
		name := a.baseName()
		if !slices.ContainsFunc(known, func(k string) bool { return strings.EqualFold(k, name) }) {
			other = append(other, a)
		}
	}
	return other
}

// AttributeType returns the attribute type with the name or OID, or nil. Case
// and attribute options (";binary", ";lang-de") are ignored. Where two
// definitions share a name the first is returned.
func (s *SchemaInfo) AttributeType(nameOrOID string) *AttributeType {
	return byKey(&s.attributeTypes, s.AttributeTypes, withoutOptions(nameOrOID))
}

// withoutOptions cuts the options off an attribute description.
func withoutOptions(description string) string {
	base, _, _ := strings.Cut(description, ";")
	return base
}

// ObjectClass returns the object class with the name or OID, or nil. Case is
// ignored.
func (s *SchemaInfo) ObjectClass(nameOrOID string) *ObjectClass {
	return byKey(&s.objectClasses, s.ObjectClasses, nameOrOID)
}

// LDAPSyntax returns the syntax with the OID, or nil.
func (s *SchemaInfo) LDAPSyntax(oid string) *LDAPSyntax {
	return byKey(&s.ldapSyntaxes, s.LDAPSyntaxes, oid)
}

// MatchingRule returns the matching rule with the name or OID, or nil. Case is
// ignored.
func (s *SchemaInfo) MatchingRule(nameOrOID string) *MatchingRule {
	return byKey(&s.matchingRules, s.MatchingRules, nameOrOID)
}

// MatchingRuleUse returns the use of the matching rule with the name or OID, or
// nil. Case is ignored.
func (s *SchemaInfo) MatchingRuleUse(nameOrOID string) *MatchingRuleUse {
	return byKey(&s.matchingRuleUses, s.MatchingRuleUses, nameOrOID)
}

// DITContentRule returns the content rule with the name, or for the structural
// class with the OID, or nil. Case is ignored.
func (s *SchemaInfo) DITContentRule(nameOrOID string) *DITContentRule {
	return byKey(&s.ditContentRules, s.DITContentRules, nameOrOID)
}

// DITStructureRule returns the structure rule with the name or number, or nil.
// Case is ignored.
func (s *SchemaInfo) DITStructureRule(nameOrNumber string) *DITStructureRule {
	return byKey(&s.ditStructureRules, s.DITStructureRules, nameOrNumber)
}

// NameForm returns the name form with the name or OID, or nil. Case is ignored.
func (s *SchemaInfo) NameForm(nameOrOID string) *NameForm {
	return byKey(&s.nameForms, s.NameForms, nameOrOID)
}
