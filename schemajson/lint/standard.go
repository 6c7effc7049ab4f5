package lint

import (
	"slices"
	"strconv"
	"strings"
)

// What servers have without telling, and what is wrong with definitions of the
// RFCs themselves, is no fault of the schema that has it from there.

// hiddenDefinitions are the definitions, by the collection, that the RFCs or
// slapd's own code bring and that servers need not list, beside the rules of
// [standardRules] and the syntaxes of RFC 2252 and 4517: OID and name.
var hiddenDefinitions = map[int][][2]string{
	attributeTypes: {
		{"2.5.4.0", "objectClass"}, {"2.5.4.1", "aliasedObjectName"}, {"2.5.18.1", "createTimestamp"}, {"2.5.18.2", "modifyTimestamp"}, // RFC 4512
		{"2.5.18.3", "creatorsName"}, {"2.5.18.4", "modifiersName"}, {"2.5.18.10", "subschemaSubentry"}, {"2.5.21.1", "dITStructureRules"},
		{"2.5.21.2", "dITContentRules"}, {"2.5.21.4", "matchingRules"}, {"2.5.21.5", "attributeTypes"}, {"2.5.21.6", "objectClasses"},
		{"2.5.21.7", "nameForms"}, {"2.5.21.8", "matchingRuleUse"}, {"2.5.21.9", "structuralObjectClass"}, {"2.5.21.10", "governingStructureRule"},
		{"1.3.6.1.4.1.1466.101.120.16", "ldapSyntaxes"},
		{"2.5.18.5", "administrativeRole"}, {"2.5.18.6", "subtreeSpecification"}, // RFC 3672
		{"2.5.18.7", "collectiveExclusions"}, {"2.5.18.0", "collectiveExclusions"}, {"2.5.18.12", "collectiveAttributeSubentries"}, // RFC 3671
	},
	objectClasses: {
		{"2.5.6.0", "top"}, {"2.5.6.1", "alias"}, {"2.5.20.1", "subschema"}, {extensibleObject, "extensibleObject"}, // RFC 4512
		{"2.5.17.0", "subentry"}, {"2.5.17.2", "collectiveAttributeSubentry"}, // RFC 3672, RFC 3671
	},
	ldapSyntaxes: {
		{"1.3.6.1.1.16.1", ""},                                                                         // RFC 4530
		{"1.3.6.1.1.15.1", ""}, {"1.3.6.1.1.15.2", ""}, {"1.3.6.1.1.15.3", ""}, {"1.3.6.1.1.15.4", ""}, // RFC 4523
		{"1.3.6.1.1.15.5", ""}, {"1.3.6.1.1.15.6", ""}, {"1.3.6.1.1.15.7", ""},
		{"1.3.6.1.4.1.4203.666.11.2.1", ""}, {"1.3.6.1.4.1.4203.666.2.7", ""}, {"1.3.6.1.4.1.4203.666.11.5.3.1", ""}, // slapd: CSN, Authz, controls of auditlog
	},
	matchingRules: {
		{"2.5.13.19", "octetStringSubstringsMatch"}, {"2.5.13.22", "presentationAddressMatch"}, {"2.5.13.24", "protocolInformationMatch"}, // X.520
		{"2.5.13.32", "wordMatch"}, {"2.5.13.33", "keywordMatch"}, {"2.5.13.45", "attributeCertificateExactMatch"},
		{"2.5.13.34", "certificateExactMatch"}, {"2.5.13.35", "certificateMatch"}, {"2.5.13.36", "certificatePairExactMatch"}, // RFC 4523
		{"2.5.13.37", "certificatePairMatch"}, {"2.5.13.38", "certificateListExactMatch"}, {"2.5.13.39", "certificateListMatch"},
		{"2.5.13.40", "algorithmIdentifierMatch"},
		{"1.3.6.1.4.1.4203.666.11.2.2", "CSNMatch"}, {"1.3.6.1.4.1.4203.666.11.2.3", "CSNOrderingMatch"}, {"1.3.6.1.4.1.4203.666.11.2.5", "CSNSIDMatch"}, // slapd
		{"1.3.6.1.4.1.4203.666.4.12", "authzMatch"}, {"1.3.6.1.4.1.4203.666.4.13", "privateKeyMatch"},
	},
}

// isHidden tells whether servers may have a definition without listing it.
func (r *resolver) isHidden(collection int, name string) bool {
	if collection == ldapSyntaxes {
		if n, err := strconv.Atoi(strings.TrimPrefix(name, syntaxPrefix)); err == nil && strings.HasPrefix(name, syntaxPrefix) {
			return n >= 1 && n <= 58
		}
	}
	if collection == matchingRules && r.types.standards.known[strings.ToLower(name)] != nil {
		return true
	}
	return slices.ContainsFunc(hiddenDefinitions[collection], func(one [2]string) bool {
		return name == one[0] || strings.EqualFold(name, one[1]) && name != ""
	})
}

// standardFaults are the faults that classes have as the RFCs define them: for
// each code and OID the names that are concerned.
var standardFaults = map[Code]map[string][]string{
	MustAndMay: {
		"2.5.6.10":        {"l", "localityName"}, // residentialPerson, RFC 4519
		"1.3.6.1.1.1.2.4": {"description"},       // ipProtocol, RFC 2307
		"1.3.6.1.1.1.2.5": {"description"},       // oncRpc, RFC 2307
	},
	ListRepeated: {
		"2.5.6.8":                    {"preferredDeliveryMethod"}, // organizationalRole, RFC 4519
		"2.5.6.10":                   {"preferredDeliveryMethod"}, // residentialPerson, RFC 4519
		"0.9.2342.19200300.100.4.13": {"street", "streetAddress"}, // domain, RFC 1274
		"0.9.2342.19200300.100.4.14": {"telephoneNumber"},         // rFC822localPart, RFC 1274
	},
	ClassStructuralChains: {
		"0.9.2342.19200300.100.4.20": {"organization", "organizationalUnit"}, // pilotOrganization, RFC 1274
	},
}

// withoutStandard returns the names without those with which an RFC itself has
// the fault.
func withoutStandard(at place, code Code, names []string) []string {
	known := standardFaults[code][at.definition.OID]
	if at.collection != objectClasses || len(known) == 0 {
		return names
	}
	return selected(names, func(name string) bool {
		return !slices.ContainsFunc(known, func(one string) bool { return strings.EqualFold(one, name) })
	})
}
