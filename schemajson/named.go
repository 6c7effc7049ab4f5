package schemajson

import "strings"

// Where several definitions of a collection have a name or an OID in common,
// look-ups take the first; the methods of this file reach the others.

// AttributeTypesNamed returns all attribute types with the name or OID, in the
// schema's order. The first is the one that [SchemaInfo.AttributeType] returns.
// Case and attribute options are ignored.
func (s *SchemaInfo) AttributeTypesNamed(nameOrOID string) []*AttributeType {
	return named(&s.attributeTypes, s.AttributeTypes, withoutOptions(nameOrOID))
}

// ObjectClassesNamed returns all object classes with the name or OID, in the
// schema's order. The first is the one that [SchemaInfo.ObjectClass] returns.
// Case is ignored.
func (s *SchemaInfo) ObjectClassesNamed(nameOrOID string) []*ObjectClass {
	return named(&s.objectClasses, s.ObjectClasses, nameOrOID)
}

// LDAPSyntaxesNamed returns all syntaxes with the OID, in the schema's order.
// The first is the one that [SchemaInfo.LDAPSyntax] returns.
func (s *SchemaInfo) LDAPSyntaxesNamed(oid string) []*LDAPSyntax {
	return named(&s.ldapSyntaxes, s.LDAPSyntaxes, oid)
}

// MatchingRulesNamed returns all matching rules with the name or OID, in the
// schema's order. The first is the one that [SchemaInfo.MatchingRule] returns.
// Case is ignored.
func (s *SchemaInfo) MatchingRulesNamed(nameOrOID string) []*MatchingRule {
	return named(&s.matchingRules, s.MatchingRules, nameOrOID)
}

// MatchingRuleUsesNamed returns all uses of the matching rule with the name or
// OID, in the schema's order. The first is the one that
// [SchemaInfo.MatchingRuleUse] returns. Case is ignored.
func (s *SchemaInfo) MatchingRuleUsesNamed(nameOrOID string) []*MatchingRuleUse {
	return named(&s.matchingRuleUses, s.MatchingRuleUses, nameOrOID)
}

// DITContentRulesNamed returns all content rules with the name, or for the
// structural class with the OID, in the schema's order. The first is the one
// that [SchemaInfo.DITContentRule] returns. Case is ignored.
func (s *SchemaInfo) DITContentRulesNamed(nameOrOID string) []*DITContentRule {
	return named(&s.ditContentRules, s.DITContentRules, nameOrOID)
}

// DITStructureRulesNamed returns all structure rules with the name or number,
// in the schema's order. The first is the one that [SchemaInfo.DITStructureRule]
// returns. Case is ignored.
func (s *SchemaInfo) DITStructureRulesNamed(nameOrNumber string) []*DITStructureRule {
	return named(&s.ditStructureRules, s.DITStructureRules, nameOrNumber)
}

// NameFormsNamed returns all name forms with the name or OID, in the schema's
// order. The first is the one that [SchemaInfo.NameForm] returns. Case is
// ignored.
func (s *SchemaInfo) NameFormsNamed(nameOrOID string) []*NameForm {
	return named(&s.nameForms, s.NameForms, nameOrOID)
}

// named looks at the first definition with the key and all behind it.
func named[D any, P kindOf[D]](x *index, definitions []D, key string) (all []*D) {
	first := x.number(key)
	if first == none {
		return nil
	}
	for i := int(first); i < len(definitions); i++ {
		d := P(&definitions[i]).definition()
		for k := range len(d.Names) + 1 {
			// The index tells apart some keys that EqualFold does not.
			if own := d.key(int32(k)); strings.EqualFold(own, key) && x.number(own) == first {
				all = append(all, &definitions[i])
				break
			}
		}
	}
	return all
}

// Ordinal returns a definition's place among those of its collection that have
// its [Definition.Name] as a name or OID, from 1; look-ups by that name take
// the first.
func (s *SchemaInfo) Ordinal(d *Definition) int { return 1 + s.earlier[d] }

// sharedKeys counts, within a collection, how often a name or OID has come
// again.
type sharedKeys map[string]*struct{ times, last int }

// again notes that the definition of that number has a key that earlier ones
// have, and returns how many do. The same key twice in a definition is once.
func (k sharedKeys) again(key string, number int) int {
	key = strings.ToLower(key)
	seen := k[key]
	if seen == nil {
		seen = &struct{ times, last int }{last: -1}
		k[key] = seen
	}
	if seen.last != number {
		seen.times, seen.last = seen.times+1, number
	}
	return seen.times
}
