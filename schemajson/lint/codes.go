package lint

import (
	"slices"
	"strings"
)

// Code names a check.
type Code string

// CheckInfo describes a check, for documentation and help.
type CheckInfo struct {
	// Code is that of the check's findings.
	Code Code `json:"code"`
	// Severity is that of the check's findings.
	Severity Severity `json:"severity"`
	// Description says in one sentence what the check finds.
	Description string `json:"description"`
}

// The codes; [Checks] says what they stand for.
const (
	AttributeUndefined      Code = "attribute-undefined"
	ClassAbstractSup        Code = "class-abstract-sup"
	ClassAuxiliarySup       Code = "class-auxiliary-sup"
	ClassCycle              Code = "class-cycle"
	ClassNotUnderTop        Code = "class-not-under-top"
	ClassStructuralChains   Code = "class-structural-chains"
	ClassStructuralNoSup    Code = "class-structural-no-sup"
	ClassStructuralSup      Code = "class-structural-sup"
	ClassSupMultiple        Code = "class-sup-multiple"
	ClassSupRedundant       Code = "class-sup-redundant"
	ClassTangle             Code = "class-tangle"
	ClassTopKind            Code = "class-top-kind"
	ClassUndefined          Code = "class-undefined"
	CollectionAbsent        Code = "collection-absent"
	CollectiveAllowed       Code = "collective-allowed"
	CollectiveRequired      Code = "collective-required"
	CollectiveSingleValue   Code = "collective-single-value"
	CollectiveSup           Code = "collective-sup"
	CollectiveUsage         Code = "collective-usage"
	ContentRuleAuxKind      Code = "content-rule-aux-kind"
	ContentRuleClassKind    Code = "content-rule-class-kind"
	ContentRuleNotAllowed   Code = "content-rule-not-allowed"
	ContentRuleNotNeedless  Code = "content-rule-not-needless"
	ContentRuleNotRequired  Code = "content-rule-not-required"
	DefinitionHidden        Code = "definition-hidden"
	DescEmpty               Code = "desc-empty"
	EqualityMissing         Code = "equality-missing"
	EqualityUndefined       Code = "equality-undefined"
	ExtensionName           Code = "extension-name"
	ExtensionRepeated       Code = "extension-repeated"
	ListRepeated            Code = "list-repeated"
	MatchingRuleNoSyntax    Code = "matching-rule-no-syntax"
	MatchingRuleUndefined   Code = "matching-rule-undefined"
	MatchingRulesUnused     Code = "matching-rules-unused"
	MayRequired             Code = "may-required"
	MustAndMay              Code = "must-and-may"
	MustRequired            Code = "must-required"
	NameCharacter           Code = "name-character"
	NameDuplicate           Code = "name-duplicate"
	NameEmpty               Code = "name-empty"
	NameFormAttribute       Code = "name-form-attribute"
	NameFormClassKind       Code = "name-form-class-kind"
	NameFormEquality        Code = "name-form-equality"
	NameFormNoClass         Code = "name-form-no-class"
	NameFormNoMust          Code = "name-form-no-must"
	NameFormUndefined       Code = "name-form-undefined"
	NameInitial             Code = "name-initial"
	NameMissing             Code = "name-missing"
	NameRepeated            Code = "name-repeated"
	NameUnderscore          Code = "name-underscore"
	NoUserModificationUsage Code = "no-user-modification-usage"
	ObsoleteUsed            Code = "obsolete-used"
	OIDDescriptor           Code = "oid-descriptor"
	OIDDuplicate            Code = "oid-duplicate"
	OIDFromName             Code = "oid-from-name"
	OIDIllegal              Code = "oid-illegal"
	OIDMissing              Code = "oid-missing"
	OIDOtherKind            Code = "oid-other-kind"
	OrderingUndefined       Code = "ordering-undefined"
	ParseKeyword            Code = "parse-keyword"
	ParseQuote              Code = "parse-quote"
	ParseRepeated           Code = "parse-repeated"
	ParseSyntax             Code = "parse-syntax"
	ParseValue              Code = "parse-value"
	RulePlace               Code = "rule-place"
	RuleSyntax              Code = "rule-syntax"
	RuleUseEmpty            Code = "rule-use-empty"
	RuleUseIncomplete       Code = "rule-use-incomplete"
	RuleUseSyntax           Code = "rule-use-syntax"
	RuleWithoutEquality     Code = "rule-without-equality"
	StructureRuleCycle      Code = "structure-rule-cycle"
	StructureRuleDuplicate  Code = "structure-rule-duplicate"
	StructureRuleNoForm     Code = "structure-rule-no-form"
	StructureRuleNumber     Code = "structure-rule-number"
	SubstrUndefined         Code = "substr-undefined"
	SuperclassUndefined     Code = "superclass-undefined"
	SuperiorRuleUndefined   Code = "superior-rule-undefined"
	SupertypeCycle          Code = "supertype-cycle"
	SupertypeUndefined      Code = "supertype-undefined"
	SyntaxDiffers           Code = "syntax-differs"
	SyntaxMissing           Code = "syntax-missing"
	SyntaxNotOID            Code = "syntax-not-oid"
	SyntaxUndefined         Code = "syntax-undefined"
	SyntaxesUnused          Code = "syntaxes-unused"
	TextNotUTF8             Code = "text-not-utf8"
	UsageDiffers            Code = "usage-differs"
)

// Checks are all checks, sorted by code. It must not be changed.
var Checks = []CheckInfo{
	{AttributeUndefined, Error, "A list names an attribute type that the schema does not define."},
	{ClassAbstractSup, Error, "An abstract class derives from a structural or auxiliary one (RFC 4512 §2.4.1)."},
	{ClassAuxiliarySup, Error, "An auxiliary class derives from a structural one (RFC 4512 §2.4.3)."},
	{ClassCycle, Error, "A class is among its own superclasses."},
	{ClassNotUnderTop, Warning, "A structural class has superclasses, but top is not among them (RFC 4512 §2.4.2)."},
	{ClassStructuralChains, Warning, "A class derives from structural classes of which none derives from the other, so that an entry has two chains (RFC 4512 §2.4.2)."},
	{ClassStructuralNoSup, Warning, "A structural class other than top has no superclass (RFC 4512 §2.4.2)."},
	{ClassStructuralSup, Error, "A structural class derives from an auxiliary one (RFC 4512 §2.4.2)."},
	{ClassSupMultiple, Info, "A class derives from several others directly, which some servers do not support."},
	{ClassSupRedundant, Info, "SUP names a class that another class in SUP derives from."},
	{ClassTangle, Info, "The classes inherit on so many ways that the checks of what they inherit were cut short."},
	{ClassTopKind, Error, "The class top is not abstract (RFC 4512 §2.4.1)."},
	{ClassUndefined, Error, "A content rule or name form is for a class, or allows one, that the schema does not define."},
	{CollectionAbsent, Info, "The schema has no definition of a kind, so that references to it cannot be checked."},
	{CollectiveAllowed, Warning, "A class allows a collective attribute, which is for content rules to do (X.501)."},
	{CollectiveRequired, Error, "A class or content rule requires, or a name form has, a collective attribute, which no entry holds itself (RFC 3671)."},
	{CollectiveSingleValue, Error, "A collective attribute type is single-valued, though values of several subentries combine (RFC 3671 §1.2)."},
	{CollectiveSup, Error, "An attribute type is not collective, but its supertype is (RFC 4512 §2.5.1)."},
	{CollectiveUsage, Error, "A collective attribute type is operational (RFC 4512 §4.1.2)."},
	{ContentRuleAuxKind, Error, "A content rule's AUX names a class that is not auxiliary (RFC 4512 §4.1.6)."},
	{ContentRuleClassKind, Error, "A content rule is for a class that is not structural (RFC 4512 §4.1.6)."},
	{ContentRuleNotAllowed, Error, "A content rule precludes an attribute that it also allows."},
	{ContentRuleNotNeedless, Info, "A content rule precludes an attribute that neither its class nor its auxiliary classes allow."},
	{ContentRuleNotRequired, Error, "A content rule precludes an attribute that it, its class or one of its auxiliary classes requires."},
	{DefinitionHidden, Info, "The schema names what the RFCs or slapd define, and does not list it, as servers need not."},
	{DescEmpty, Warning, "DESC is empty, which RFC 4512 §4.1 does not allow."},
	{EqualityMissing, Info, "An attribute type has no EQUALITY, though its syntax has a rule for it: values cannot be compared, nor deleted one by one."},
	{EqualityUndefined, Error, "EQUALITY names a matching rule that the schema does not define."},
	{ExtensionName, Warning, "An extension's name has other characters than letters, hyphens and underscores after the X- (RFC 4512 §4.1)."},
	{ExtensionRepeated, Warning, "An extension is given twice."},
	{ListRepeated, Warning, "A list names the same thing more than once, be it by another name."},
	{MatchingRuleNoSyntax, Error, "A matching rule has no SYNTAX (RFC 4512 §4.1.3)."},
	{MatchingRuleUndefined, Error, "A matching rule use is for a rule that the schema does not define."},
	{MatchingRulesUnused, Info, "No attribute type has some of the matching rules, and no matching rule use lists an attribute for them."},
	{MayRequired, Info, "MAY names an attribute that a superclass requires; it stays required."},
	{MustAndMay, Warning, "An attribute is in MUST and in MAY of one definition; it is required."},
	{MustRequired, Info, "MUST names an attribute that a superclass requires already."},
	{NameCharacter, Error, "A name has a character other than a letter, digit or hyphen (RFC 4512 §1.4); underscores have a check of their own."},
	{NameDuplicate, Error, "A name belongs to an earlier definition of the same kind, which hides this one."},
	{NameEmpty, Error, "A name is empty."},
	{NameFormAttribute, Error, "A name form names entries by an attribute that neither its class nor a content rule of that nor any auxiliary class allows (RFC 4512 §4.1.7.2)."},
	{NameFormClassKind, Error, "A name form is for a class that is not structural (RFC 4512 §4.1.7.2)."},
	{NameFormEquality, Error, "A name form names entries by an attribute without an equality rule, which cannot be used for naming (RFC 4512 §2.5.1)."},
	{NameFormNoClass, Error, "A name form has no OC (RFC 4512 §4.1.7.2)."},
	{NameFormNoMust, Error, "A name form has no MUST (RFC 4512 §4.1.7.2)."},
	{NameFormUndefined, Error, "A structure rule's FORM is a name form that the schema does not define."},
	{NameInitial, Error, "A name does not begin with a letter (RFC 4512 §1.4)."},
	{NameMissing, Warning, "An attribute type or object class has no name, only an OID."},
	{NameRepeated, Warning, "A definition has the same name twice."},
	{NameUnderscore, Warning, "A name has an underscore, which RFC 4512 §1.4 does not allow, though many servers do."},
	{NoUserModificationUsage, Warning, "An attribute type is NO-USER-MODIFICATION, but not operational (RFC 4512 §4.1.2)."},
	{ObsoleteUsed, Warning, "A definition that is not obsolete requires, allows or builds upon one that is."},
	{OIDDescriptor, Warning, "A definition has a descriptor in place of a numeric OID, other than its own name with -oid."},
	{OIDDuplicate, Error, "An OID belongs to an earlier definition of the same kind, which hides this one."},
	{OIDFromName, Info, "Definitions have their name with -oid in place of a numeric OID, as 389 Directory Server and its kin have it."},
	{OIDIllegal, Error, "An OID is neither numeric, with arcs that can be (X.660), nor a descriptor."},
	{OIDMissing, Error, "A definition has no OID."},
	{OIDOtherKind, Error, "An OID belongs to a definition of another kind."},
	{OrderingUndefined, Error, "ORDERING names a matching rule that the schema does not define."},
	{ParseKeyword, Warning, "A definition has a keyword that RFC 4512 does not know for its kind."},
	{ParseQuote, Warning, "An apostrophe in a string is not escaped as \\27 (RFC 4512 §4.1)."},
	{ParseRepeated, Warning, "A definition has a field twice."},
	{ParseSyntax, Error, "A value is not a definition and was left out."},
	{ParseValue, Warning, "A field has a value that it cannot have."},
	{RulePlace, Warning, "A standard matching rule stands where another kind belongs, such as an equality rule in ORDERING (RFC 4517 §4)."},
	{RuleSyntax, Warning, "A standard matching rule does not fit the attribute type's syntax (RFC 4517 §4)."},
	{RuleUseEmpty, Error, "A matching rule use applies to nothing (RFC 4512 §4.1.4)."},
	{RuleUseIncomplete, Info, "A matching rule use does not list attribute types that have the rule themselves."},
	{RuleUseSyntax, Warning, "A matching rule use lists attribute types whose syntax its standard rule does not fit (RFC 4517 §4)."},
	{RuleWithoutEquality, Warning, "An attribute type has ORDERING or SUBSTR, but no EQUALITY, of its own or inherited."},
	{StructureRuleCycle, Warning, "Structure rules are superior to one another, but to none of them leads a rule without SUP, so that no entry can come under them."},
	{StructureRuleDuplicate, Error, "A structure rule has the number of an earlier one, which hides it."},
	{StructureRuleNoForm, Error, "A structure rule has no FORM (RFC 4512 §4.1.7.1)."},
	{StructureRuleNumber, Error, "A structure rule's number is not a number (RFC 4512 §4.1.7.1)."},
	{SubstrUndefined, Error, "SUBSTR names a matching rule that the schema does not define."},
	{SuperclassUndefined, Error, "SUP names an object class that the schema does not define."},
	{SuperiorRuleUndefined, Error, "SUP has the number of a structure rule that the schema does not define."},
	{SupertypeCycle, Error, "An attribute type is among its own supertypes."},
	{SupertypeUndefined, Error, "SUP names an attribute type that the schema does not define."},
	{SyntaxDiffers, Warning, "An attribute type's syntax is not its supertype's and no known refinement of it (RFC 4512 §2.5.1)."},
	{SyntaxMissing, Error, "An attribute type has neither SYNTAX nor SUP (RFC 4512 §4.1.2)."},
	{SyntaxNotOID, Error, "SYNTAX is not a numeric OID (RFC 4512 §4.1.2)."},
	{SyntaxUndefined, Error, "SYNTAX is one that the schema does not define."},
	{SyntaxesUnused, Info, "No attribute type and no matching rule has some of the syntaxes."},
	{TextNotUTF8, Warning, "A definition is not UTF-8."},
	{UsageDiffers, Error, "An attribute type's usage is not its supertype's (RFC 4512 §2.5.1)."},
}

// severityOf returns the severity of a check; Info for a code that is none.
func severityOf(code Code) Severity {
	i, found := slices.BinarySearchFunc(Checks, code, func(c CheckInfo, code Code) int {
		return strings.Compare(string(c.Code), string(code))
	})
	if !found {
		return Info
	}
	return Checks[i].Severity
}
