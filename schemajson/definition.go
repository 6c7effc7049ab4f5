package schemajson

import "strconv"

// Definition is what all kinds of definition share (RFC 4512 §4.1).
type Definition struct {
	// OID is the numeric OID, or the descriptor that some servers put in its
	// place (389 Directory Server: "nsBindDN-oid"); empty if there is none.
	OID string
	// Names are the short names (NAME), in the order given.
	Names []string
	// Desc is the description (DESC), escapes decoded; see DescGiven.
	Desc string
	// Extensions are the "X-" fields and any keyword that RFC 4512 does not
	// know, in the order given.
	Extensions []Extension
	// Raw is the definition as the server sent it.
	Raw string
	// DescGiven tells an empty description from none.
	DescGiven bool
	// Obsolete tells whether the definition says OBSOLETE.
	Obsolete bool

	number int32 // its place in the collection
}

// Name returns the first name, or the OID of a definition without a name.
func (d *Definition) Name() string {
	if len(d.Names) > 0 {
		return d.Names[0]
	}
	return d.OID
}

// label names the definition in a message: name and OID where it has both.
func (d *Definition) label() string {
	if len(d.Names) > 0 && d.OID != "" {
		return d.Names[0] + " (" + d.OID + ")"
	}
	return d.Name()
}

func (d *Definition) definition() *Definition { return d }

// Extension is a field that RFC 4512 leaves to implementations, such as
// X-ORIGIN.
type Extension struct {
	Name   string
	Values []string
}

// AttributeType is an attribute type description (RFC 4512 §4.1.2).
type AttributeType struct {
	Definition
	// SUP is the supertype, as written: a name or an OID.
	SUP string
	// Equality, Ordering and Substr are the matching rules of the definition
	// itself; [SchemaInfo.RulesOf] adds the inherited ones.
	Equality, Ordering, Substr string
	// Syntax is the OID of the definition's own syntax, without {len};
	// [SchemaInfo.SyntaxOf] adds an inherited one.
	Syntax string
	// Length is the minimum upper bound on a value's length, {len}, in the
	// syntax's units; 0 if none was given.
	Length int
	// SingleValue, Collective and NoUserModification tell whether the
	// definition says so.
	SingleValue, Collective, NoUserModification bool
	// Usage is the attribute's application; UserApplications where the
	// definition does not say (RFC 4512's default, see UsageGiven).
	Usage Usage
	// UsageGiven tells whether the definition names its usage.
	UsageGiven bool
}

// Usage is the application of an attribute type (RFC 4512 §4.1.2). The zero
// value is the RFC's default.
type Usage uint8

// The four usages.
const (
	UserApplications Usage = iota
	DirectoryOperation
	DistributedOperation
	DSAOperation
)

var usages = [...]string{"userApplications", "directoryOperation", "distributedOperation", "dSAOperation"}

// String returns the usage as RFC 4512 spells it.
func (u Usage) String() string { return usages[u] }

// ObjectClass is an object class description (RFC 4512 §4.1.1).
type ObjectClass struct {
	Definition
	// SUP are the direct superclasses, as written.
	SUP []string
	// Kind is the kind of class; Structural where the definition does not say
	// (RFC 4512's default, see KindGiven).
	Kind Kind
	// KindGiven tells whether the definition names its kind.
	KindGiven bool
	// Must and May are the class's own required and allowed attributes, as
	// written; [SchemaInfo.ClassAttributes] adds the inherited ones.
	Must, May []string
}

// Kind is the kind of an object class (RFC 4512 §2.4). The zero value is the
// RFC's default.
type Kind uint8

// The three kinds.
const (
	Structural Kind = iota
	Abstract
	Auxiliary
)

var kinds = [...]string{"STRUCTURAL", "ABSTRACT", "AUXILIARY"}

// String returns the kind as RFC 4512 spells it.
func (k Kind) String() string { return kinds[k] }

// LDAPSyntax is a syntax description (RFC 4512 §4.1.5).
type LDAPSyntax struct {
	Definition
}

// MatchingRule is a matching rule description (RFC 4512 §4.1.3).
type MatchingRule struct {
	Definition
	// Syntax is the OID of the assertion's syntax.
	Syntax string
}

// MatchingRuleUse is a matching rule use description (RFC 4512 §4.1.4): the
// attribute types to which a rule applies in extensible matches. Its OID and
// names are the rule's.
type MatchingRuleUse struct {
	Definition
	// Applies are the attribute types, as written.
	Applies []string
}

// DITContentRule is a DIT content rule description (RFC 4512 §4.1.6): what
// entries of a structural class may have beside what their classes say. Its
// OID is the structural class's.
type DITContentRule struct {
	Definition
	// Aux are the auxiliary classes that entries may have, as written.
	Aux []string
	// Must and May are attributes required and allowed in addition, and Not
	// those that are precluded, as written.
	Must, May, Not []string
}

// DITStructureRule is a DIT structure rule description (RFC 4512 §4.1.7.1). Its
// OID is the rule's number, not an object identifier.
type DITStructureRule struct {
	Definition
	// Form is the name form that the rule is for, as written.
	Form string
	// SUP are the numbers of the superior rules.
	SUP []string
}

// NameForm is a name form description (RFC 4512 §4.1.7.2).
type NameForm struct {
	Definition
	// OC is the structural class that is named, as written.
	OC string
	// Must and May are the attributes that an RDN must and may have, as
	// written.
	Must, May []string
}

// Problem is something wrong with a value of the subschema entry.
type Problem struct {
	// Code is stable and meant for programs.
	Code ProblemCode
	// Collection names the attribute that holds the value.
	Collection string
	// Text is the whole value.
	Text string
	// Offset is the place in Text, in bytes from its beginning.
	Offset int
	// Message says what is wrong, for people.
	Message string
}

// Error returns the collection, the place and the message in one line.
func (p Problem) Error() string {
	if p.Code == ProblemMore {
		return p.Message
	}
	return p.Collection + ": " + p.Message + " at byte " + strconv.Itoa(p.Offset)
}

// ProblemCode tells the kinds of [Problem] apart.
type ProblemCode string

// The codes. A value with ProblemSyntax is not among the definitions; with the
// others it is.
const (
	// ProblemSyntax: the value is not a definition.
	ProblemSyntax ProblemCode = "syntax"
	// ProblemValue: a field has a value that it cannot have; the field is left
	// out.
	ProblemValue ProblemCode = "value"
	// ProblemKeyword: a keyword that RFC 4512 does not know for this kind; it
	// is kept among the extensions.
	ProblemKeyword ProblemCode = "keyword"
	// ProblemRepeated: a field is given twice; the last is used.
	ProblemRepeated ProblemCode = "repeated"
	// ProblemQuote: an apostrophe in a string is not escaped; it is kept.
	ProblemQuote ProblemCode = "quote"
	// ProblemDuplicate: a name or OID that an earlier definition has.
	ProblemDuplicate ProblemCode = "duplicate"
	// ProblemMore: there are more problems than are listed: 20 of a value, or
	// 1,000 in all. It is the last, and of no value.
	ProblemMore ProblemCode = "more"
)
