package syntax

import "github.com/ldapedge/ldapedge/schemajson"

// The definitions of RFC 4512 §4.1.

func attributeType(s string) *Error { return description(schemajson.CollectionAttributeTypes, s) }

func objectClass(s string) *Error { return description(schemajson.CollectionObjectClasses, s) }

func ldapSyntax(s string) *Error { return description(schemajson.CollectionLDAPSyntaxes, s) }

func matchingRule(s string) *Error { return description(schemajson.CollectionMatchingRules, s) }

func matchingRuleUse(s string) *Error { return description(schemajson.CollectionMatchingRuleUse, s) }

func ditContentRule(s string) *Error { return description(schemajson.CollectionDITContentRules, s) }

func ditStructureRule(s string) *Error { return description(schemajson.CollectionDITStructureRules, s) }

func nameForm(s string) *Error { return description(schemajson.CollectionNameForms, s) }

// description checks one definition of a collection.
func description(collection, s string) *Error {
	if err := validUTF8(s); err != nil {
		return err
	}
	parsed := schemajson.Parse("", []schemajson.Attribute{{Name: collection, Values: []string{s}}})
	for _, p := range parsed.Problems {
		if p.Code == schemajson.ProblemSyntax {
			return failAt(p.Offset, p.Message)
		}
	}
	return nil
}
