package integration

import "slices"

// slapdDifference is values of which slapd and formatters/syntax do not say the
// same.
type slapdDifference struct {
	oid string
	// taken tells that slapd takes the values, and formatters/syntax does not;
	// false is the other way round.
	taken bool
	// values are as the vectors have them; none means any of the syntax's.
	values []string
	reason string
}

// slapdDifferences are those of slapd 2.5.
var slapdDifferences = []slapdDifference{
	{"1.3.6.1.1.1.0.0", false, []string{"(host.example.com,joe_1,example.com)", "(a,joe_1,b)"}, "RFC 2307's ASN.1 has IA5String for a name; slapd has letters, digits, dots and hyphens"},
	{"1.3.6.1.1.1.0.1", true, []string{"a=b:", "=b:c", "a=:c"}, "slapd takes empty parts, which neither RFC 2307's BNF nor its example has"},
	{"1.3.6.1.4.1.1466.115.121.1.8", false, nil, "slapd reads the certificate, we its length alone"},
	{"1.3.6.1.4.1.1466.115.121.1.9", false, nil, "slapd reads the revocation list, we its length alone"},
	{"1.3.6.1.4.1.1466.115.121.1.10", true, nil, "slapd looks at the first byte alone"},
	{"1.3.6.1.4.1.1466.115.121.1.12", false, []string{"1.3.6.1.4.1.1466.0=#04024869,DC=example,DC=com"}, "slapd takes only types that its schema has"},
	{"1.3.6.1.4.1.1466.115.121.1.34", false, []string{"1.3.6.1.4.1.1466.0=#04024869,O=Test,C=GB#'0101'B"}, "slapd takes only types that its schema has"},
	{"1.3.6.1.4.1.1466.115.121.1.15", true, []string{"hex:eda080", "hex:f4908080"}, "slapd takes UTF-8 of surrogates and beyond U+10FFFF, which RFC 3629 does not have"},
	{"1.3.6.1.4.1.1466.115.121.1.22", true, []string{"1$xyz", "1$twoDimensional fineResolution"}, "slapd takes any parameters"},
	{"1.3.6.1.4.1.1466.115.121.1.28", true, nil, "slapd takes any bytes"},
	{"1.3.6.1.4.1.1466.115.121.1.38", true, []string{"1"}, "a numeric OID has two numbers or more (RFC 4512 §1.4)"},
	{"1.3.6.1.4.1.1466.115.121.1.38", false, []string{"cn", "a-b-1", "X"}, "slapd takes numeric OIDs alone, but where the matching rule is objectIdentifierMatch"},
	{"1.3.6.1.4.1.1466.115.121.1.39", true, nil, "slapd takes any IA5 string"},
	{"1.3.6.1.4.1.1466.115.121.1.41", true, []string{"", "$", "a$", "$a", "a$$b"}, "slapd takes empty lines; RFC 4517 has characters in each"},
	{"1.3.6.1.4.1.1466.115.121.1.45", true, nil, "slapd takes any text"},
	{"1.3.6.1.4.1.1466.115.121.1.49", true, nil, "slapd takes any bytes"},
	{"1.3.6.1.4.1.1466.115.121.1.52", true, []string{"1", "1$2", "1$2$3$4"}, "slapd takes any number of parts, RFC 4517 three"},
}

// slapdDifferenceOf returns the place in the table, -1 if the difference is not
// known.
func slapdDifferenceOf(v syntaxValue, taken bool) int {
	return slices.IndexFunc(slapdDifferences, func(d slapdDifference) bool {
		return d.oid == v.oid && d.taken == taken && (d.values == nil || slices.Contains(d.values, v.text))
	})
}
