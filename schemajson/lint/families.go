package lint

import (
	"strings"

	"github.com/ldapedge/ldapedge/schemajson"
)

// family is a group of syntaxes whose values the same matching rules compare.
// Rules and syntaxes of which no family is known are not judged.
type family string

const (
	unknownFamily family = ""
	textual       family = "strings"
	lists         family = "lists of strings"
	numbers       family = "numbers"
	booleans      family = "booleans"
	bits          family = "bit strings"
	dns           family = "DNs"
	oids          family = "OIDs"
	times         family = "times"
	uuids         family = "UUIDs"
)

const syntaxPrefix = "1.3.6.1.4.1.1466.115.121.1."

// syntaxFamilies are the syntaxes of RFC 4517 §3.3 and RFC 4530 that usually
// have an equality rule.
var syntaxFamilies = map[string]family{
	syntaxPrefix + "6":  bits,
	syntaxPrefix + "7":  booleans,
	syntaxPrefix + "11": textual, // Country String
	syntaxPrefix + "12": dns,
	syntaxPrefix + "15": textual, // Directory String
	syntaxPrefix + "24": times,
	syntaxPrefix + "26": textual, // IA5 String
	syntaxPrefix + "27": numbers,
	syntaxPrefix + "34": dns,     // Name And Optional UID
	syntaxPrefix + "36": textual, // Numeric String
	syntaxPrefix + "38": oids,
	syntaxPrefix + "41": lists,   // Postal Address
	syntaxPrefix + "44": textual, // Printable String
	syntaxPrefix + "50": textual, // Telephone Number
	"1.3.6.1.1.16.1":    uuids,
}

// standardRule is what RFC 4517 §4.2 and RFC 4530 say of a matching rule.
type standardRule struct {
	oid, name string
	// field is where attribute types name it.
	field string
	// compares are the values that it compares; unknownFamily for rules that
	// take many.
	compares family
}

var standardRules = []standardRule{
	{"2.5.13.0", "objectIdentifierMatch", "EQUALITY", oids},
	{"2.5.13.1", "distinguishedNameMatch", "EQUALITY", dns},
	{"2.5.13.2", "caseIgnoreMatch", "EQUALITY", textual},
	{"2.5.13.3", "caseIgnoreOrderingMatch", "ORDERING", textual},
	{"2.5.13.4", "caseIgnoreSubstringsMatch", "SUBSTR", textual},
	{"2.5.13.5", "caseExactMatch", "EQUALITY", textual},
	{"2.5.13.6", "caseExactOrderingMatch", "ORDERING", textual},
	{"2.5.13.7", "caseExactSubstringsMatch", "SUBSTR", textual},
	{"2.5.13.8", "numericStringMatch", "EQUALITY", textual},
	{"2.5.13.9", "numericStringOrderingMatch", "ORDERING", textual},
	{"2.5.13.10", "numericStringSubstringsMatch", "SUBSTR", textual},
	{"2.5.13.11", "caseIgnoreListMatch", "EQUALITY", lists},
	{"2.5.13.12", "caseIgnoreListSubstringsMatch", "SUBSTR", lists},
	{"2.5.13.13", "booleanMatch", "EQUALITY", booleans},
	{"2.5.13.14", "integerMatch", "EQUALITY", numbers},
	{"2.5.13.15", "integerOrderingMatch", "ORDERING", numbers},
	{"2.5.13.16", "bitStringMatch", "EQUALITY", bits},
	{"2.5.13.17", "octetStringMatch", "EQUALITY", unknownFamily},
	{"2.5.13.18", "octetStringOrderingMatch", "ORDERING", unknownFamily},
	{"2.5.13.20", "telephoneNumberMatch", "EQUALITY", textual},
	{"2.5.13.21", "telephoneNumberSubstringsMatch", "SUBSTR", textual},
	{"2.5.13.23", "uniqueMemberMatch", "EQUALITY", dns},
	{"2.5.13.27", "generalizedTimeMatch", "EQUALITY", times},
	{"2.5.13.28", "generalizedTimeOrderingMatch", "ORDERING", times},
	{"2.5.13.29", "integerFirstComponentMatch", "EQUALITY", unknownFamily},
	{"2.5.13.30", "objectIdentifierFirstComponentMatch", "EQUALITY", unknownFamily},
	{"2.5.13.31", "directoryStringFirstComponentMatch", "EQUALITY", unknownFamily},
	{"1.3.6.1.4.1.1466.109.114.1", "caseExactIA5Match", "EQUALITY", textual},
	{"1.3.6.1.4.1.1466.109.114.2", "caseIgnoreIA5Match", "EQUALITY", textual},
	{"1.3.6.1.4.1.1466.109.114.3", "caseIgnoreIA5SubstringsMatch", "SUBSTR", textual},
	{"1.3.6.1.1.16.2", "UUIDMatch", "EQUALITY", uuids},
	{"1.3.6.1.1.16.3", "UUIDOrderingMatch", "ORDERING", uuids},
}

// standards finds standard rules as a schema names them.
type standards struct {
	s     *schemajson.SchemaInfo
	known map[string]*standardRule
}

func newStandards(s *schemajson.SchemaInfo) *standards {
	known := make(map[string]*standardRule, 2*len(standardRules))
	for i := range standardRules {
		rule := &standardRules[i]
		known[rule.oid], known[strings.ToLower(rule.name)] = rule, rule
	}
	return &standards{s, known}
}

// rule returns the standard rule with a name or OID, nil if it is none. What
// the schema defines under the name prevails.
func (st *standards) rule(nameOrOID string) *standardRule {
	if nameOrOID == "" {
		return nil
	}
	if d := st.s.MatchingRule(nameOrOID); d != nil && oidFault(d.OID) == "" {
		return st.known[d.OID]
	}
	return st.known[strings.ToLower(nameOrOID)]
}

// misfit tells why a rule does not fit a syntax; empty if it does, or if that
// is not known.
func (st *standards) misfit(nameOrOID, syntax string) string {
	rule, of := st.rule(nameOrOID), syntaxFamilies[syntax]
	if rule == nil || rule.compares == unknownFamily || of == unknownFamily || rule.compares == of {
		return ""
	}
	return rule.name + " compares " + string(rule.compares) + ", but the syntax is of " + string(of)
}
