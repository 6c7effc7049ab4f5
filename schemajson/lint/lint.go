// Package lint finds what is wrong with an LDAP schema, or merely odd: names
// that lead nowhere, hierarchies that run in circles, definitions that
// contradict each other or RFC 4512, and what a parser had to forgive.
//
// [Check] takes a parsed schema and returns a list of findings, each with a
// stable code, a severity, the definition it is about and a message for people:
//
//	for _, f := range lint.Check(schema, nil) {
//		fmt.Println(f.Severity, f.Code, f.Definition, f.Message)
//	}
//
// [Checks] lists every code with what it stands for.
//
// # What a server does not publish
//
// Some servers leave whole collections out: Active Directory has no
// ldapSyntaxes and no matchingRules. A reference into a collection of which the
// schema has no definition is not called undefined; one finding of
// [CollectionAbsent] stands for all of them. A collection that the schema does
// have is taken to be complete, but for what servers have without listing it:
// the syntaxes and rules of the RFCs, what RFC 4512 says of the subschema itself,
// and what slapd hides. One finding of [DefinitionHidden] a collection names
// these.
//
// Where a definition of an RFC has a fault itself, such as residentialPerson with
// l in MUST and MAY, a schema that has it so is not blamed.
//
// # Size
//
// The effort grows in proportion to the schema, and neither depth nor cycles
// matter. What a definition lists is gathered into one finding a list, so that
// the findings are few even where the mistakes are many.
package lint

import (
	"cmp"
	"slices"
	"strings"

	"github.com/ldapedge/ldapedge/schemajson"
)

// Severity tells how bad a finding is.
type Severity string

// The severities.
const (
	// Error: the schema breaks a rule of the RFCs, or a definition cannot do
	// what it says.
	Error Severity = "error"
	// Warning: servers get along with it, but it is not what the RFCs say, or
	// it is hardly meant.
	Warning Severity = "warning"
	// Info: worth knowing.
	Info Severity = "info"
)

// Finding is one thing that a check has found.
type Finding struct {
	// Code tells which check; it is stable and meant for programs.
	Code Code `json:"code"`
	// Severity is that of the check.
	Severity Severity `json:"severity"`
	// Collection is the attribute of the subschema entry that holds the
	// definition, such as "attributeTypes".
	Collection string `json:"collection"`
	// Definition is the definition's first name, or its OID if it has none;
	// empty for a finding about the collection or about a value that is no
	// definition.
	Definition string `json:"definition,omitempty"`
	// OID is the definition's OID, or its number if it is a structure rule.
	OID string `json:"oid,omitempty"`
	// Raw is the value as the server sent it.
	Raw string `json:"raw,omitempty"`
	// Field is the keyword of the field at fault, such as "SUP" or "MUST",
	// "OID" for the identifier at the beginning, or empty.
	Field string `json:"field,omitempty"`
	// Message says what is wrong, for people.
	Message string `json:"message"`
}

// Options choose what [Check] reports. The zero value and nil report all.
type Options struct {
	// Only, unless empty, are the codes to report.
	Only []Code
	// Ignore are codes not to report; it prevails over Only.
	Ignore []Code
	// IgnoreNamePrefixes leaves out findings about definitions of which a name
	// or the OID begins with one of these, in any case: "msDS-" or "1.2.840.".
	IgnoreNamePrefixes []string
}

// Check returns what is wrong with a schema: first by collection, in the order
// attributeTypes, objectClasses, ldapSyntaxes, matchingRules, matchingRuleUse,
// dITContentRules, dITStructureRules, nameForms; then by definition, in the
// schema's order, what concerns the whole collection before all; then by code.
// The list is the same on every call. It is empty, not nil, for a schema
// without fault.
func Check(s *schemajson.SchemaInfo, o *Options) []Finding {
	if o == nil {
		o = &Options{}
	}
	c := newChecker(s, o)
	c.checkProblems()
	c.checkIdentifiers()
	c.checkReferences()
	c.checkAttributeTypes()
	c.checkObjectClasses()
	c.checkMatchingRules()
	c.checkStructureRules()
	slices.SortStableFunc(c.found, func(a, b located) int {
		return cmp.Or(cmp.Compare(a.collection, b.collection), cmp.Compare(a.number, b.number), cmp.Compare(a.finding.Code, b.finding.Code))
	})
	findings := make([]Finding, len(c.found))
	for i := range c.found {
		findings[i] = c.found[i].finding
	}
	return findings
}

// The collections, by their place in [schemajson.Collections].
const (
	attributeTypes = iota
	objectClasses
	ldapSyntaxes
	matchingRules
	matchingRuleUse
	contentRules
	structureRules
	nameForms
	collectionCount
)

// place is where a definition is.
type place struct {
	collection int
	number     int // its place in the collection, or whole
	definition *schemajson.Definition
}

// whole is the number of a place that is a collection, not a definition of it.
const whole = -1

// located is a finding with what it is sorted by.
type located struct {
	place
	finding Finding
}

// checker is the state of one call of Check.
type checker struct {
	s     *schemajson.SchemaInfo
	found []located
	// off has the checks that are not asked for.
	off map[Code]bool
	// prefixes are those of the names to leave out, in small letters.
	prefixes []string
	// definitions has the part that all kinds share, of every collection.
	definitions [collectionCount][]*schemajson.Definition
	types       *attributeTypeChecker
}

func newChecker(s *schemajson.SchemaInfo, o *Options) *checker {
	c := &checker{s: s, off: make(map[Code]bool)}
	for _, one := range Checks {
		c.off[one.Code] = len(o.Only) > 0 && !slices.Contains(o.Only, one.Code) || slices.Contains(o.Ignore, one.Code)
	}
	for _, prefix := range o.IgnoreNamePrefixes {
		if prefix != "" {
			c.prefixes = append(c.prefixes, strings.ToLower(prefix))
		}
	}
	c.definitions = [collectionCount][]*schemajson.Definition{
		shared(s.AttributeTypes, func(d *schemajson.AttributeType) *schemajson.Definition { return &d.Definition }),
		shared(s.ObjectClasses, func(d *schemajson.ObjectClass) *schemajson.Definition { return &d.Definition }),
		shared(s.LDAPSyntaxes, func(d *schemajson.LDAPSyntax) *schemajson.Definition { return &d.Definition }),
		shared(s.MatchingRules, func(d *schemajson.MatchingRule) *schemajson.Definition { return &d.Definition }),
		shared(s.MatchingRuleUses, func(d *schemajson.MatchingRuleUse) *schemajson.Definition { return &d.Definition }),
		shared(s.DITContentRules, func(d *schemajson.DITContentRule) *schemajson.Definition { return &d.Definition }),
		shared(s.DITStructureRules, func(d *schemajson.DITStructureRule) *schemajson.Definition { return &d.Definition }),
		shared(s.NameForms, func(d *schemajson.NameForm) *schemajson.Definition { return &d.Definition }),
	}
	c.types = newAttributeTypeChecker(s)
	return c
}

func shared[D any](all []D, of func(*D) *schemajson.Definition) []*schemajson.Definition {
	definitions := make([]*schemajson.Definition, len(all))
	for i := range all {
		definitions[i] = of(&all[i])
	}
	return definitions
}

func (c *checker) at(collection, number int) place {
	return place{collection, number, c.definitions[collection][number]}
}

// report adds a finding, unless it is not asked for or has no message.
func (c *checker) report(at place, code Code, field, message string) {
	if message == "" || c.off[code] || at.definition != nil && c.leftOut(at.definition) {
		return
	}
	f := Finding{Code: code, Severity: severityOf(code), Collection: schemajson.Collections[at.collection], Field: field, Message: message}
	if at.definition != nil {
		f.Definition, f.OID, f.Raw = at.definition.Name(), at.definition.OID, at.definition.Raw
	}
	c.found = append(c.found, located{at, f})
}

// leftOut tells whether the options leave a definition out.
func (c *checker) leftOut(d *schemajson.Definition) bool {
	if len(c.prefixes) == 0 {
		return false
	}
	begins := func(name string) bool {
		return slices.ContainsFunc(c.prefixes, func(prefix string) bool {
			return len(name) >= len(prefix) && strings.EqualFold(name[:len(prefix)], prefix)
		})
	}
	return begins(d.OID) || slices.ContainsFunc(d.Names, begins)
}

// check is a check of one definition at a time: fails returns what is wrong
// with it, or nothing.
type check[F any] struct {
	code  Code
	field string
	fails func(F) string
}

// run puts a definition's facts through a table of checks.
func run[F any](c *checker, at place, facts F, checks []check[F]) {
	for i := range checks {
		if one := &checks[i]; !c.off[one.code] {
			c.report(at, one.code, one.field, one.fails(facts))
		}
	}
}
