package convert

import (
	"strconv"
	"strings"
)

// adSyntax is a syntax of Active Directory (MS-ADTS §3.1.1.2.2.2).
type adSyntax struct {
	attributeSyntax, oMSyntax, oMObjectClass string
	// oid is the syntax as Active Directory's subschema entry names it.
	oid string
	// sized tells whether rangeUpper is a value's length.
	sized bool
}

// adSyntaxes are all of them. Where two differ only in oMObjectClass the first
// is that of an object without one.
var adSyntaxes = []adSyntax{
	{"2.5.5.1", "127", "1.3.12.2.1011.28.0.714", "1.3.6.1.4.1.1466.115.121.1.12", false},  // Object(DS-DN)
	{"2.5.5.2", "6", "", "1.3.6.1.4.1.1466.115.121.1.38", true},                           // String(Object-Identifier)
	{"2.5.5.3", "27", "", "1.2.840.113556.1.4.1362", true},                                // String(Case)
	{"2.5.5.4", "20", "", "1.2.840.113556.1.4.905", true},                                 // String(Teletex)
	{"2.5.5.5", "19", "", "1.3.6.1.4.1.1466.115.121.1.44", true},                          // String(Printable)
	{"2.5.5.5", "22", "", "1.3.6.1.4.1.1466.115.121.1.26", true},                          // String(IA5)
	{"2.5.5.6", "18", "", "1.3.6.1.4.1.1466.115.121.1.36", true},                          // String(Numeric)
	{"2.5.5.7", "127", "1.2.840.113556.1.1.1.11", "1.2.840.113556.1.4.903", false},        // Object(DN-Binary)
	{"2.5.5.7", "127", "2.6.6.1.2.5.11.29", "1.2.840.113556.1.4.1221", false},             // Object(OR-Name)
	{"2.5.5.8", "1", "", "1.3.6.1.4.1.1466.115.121.1.7", false},                           // Boolean
	{"2.5.5.9", "2", "", "1.3.6.1.4.1.1466.115.121.1.27", false},                          // Integer
	{"2.5.5.9", "10", "", "1.3.6.1.4.1.1466.115.121.1.27", false},                         // Enumeration
	{"2.5.5.10", "4", "", "1.3.6.1.4.1.1466.115.121.1.40", true},                          // String(Octet)
	{"2.5.5.10", "127", "1.2.840.113556.1.1.1.6", "OctetString", false},                   // Object(Replica-Link)
	{"2.5.5.11", "23", "", "1.3.6.1.4.1.1466.115.121.1.53", false},                        // String(UTC-Time)
	{"2.5.5.11", "24", "", "1.3.6.1.4.1.1466.115.121.1.24", false},                        // String(Generalized-Time)
	{"2.5.5.12", "64", "", "1.3.6.1.4.1.1466.115.121.1.15", true},                         // String(Unicode)
	{"2.5.5.13", "127", "1.3.12.2.1011.28.0.732", "1.3.6.1.4.1.1466.115.121.1.43", false}, // Object(Presentation-Address)
	{"2.5.5.14", "127", "1.2.840.113556.1.1.1.12", "1.2.840.113556.1.4.904", false},       // Object(DN-String)
	{"2.5.5.14", "127", "1.3.12.2.1011.28.0.702", "1.3.6.1.4.1.1466.115.121.1.2", false},  // Object(Access-Point)
	{"2.5.5.15", "66", "", "1.2.840.113556.1.4.907", true},                                // String(NT-Sec-Desc)
	{"2.5.5.16", "65", "", "1.2.840.113556.1.4.906", false},                               // LargeInteger
	{"2.5.5.17", "4", "", "1.3.6.1.4.1.1466.115.121.1.40", true},                          // String(Sid)
}

// adSyntaxOf returns the syntax of an attributeSchema object, nil if there is
// none such. oMObjectClass is an OID in BER, as servers have it, or in digits.
func adSyntaxOf(attributeSyntax, oMSyntax, oMObjectClass string) *adSyntax {
	if oMObjectClass != "" && (oMObjectClass[0] < '0' || oMObjectClass[0] > '9' || !strings.Contains(oMObjectClass, ".")) {
		oMObjectClass = dotted(oMObjectClass)
	}
	for i := range adSyntaxes {
		s := &adSyntaxes[i]
		if s.attributeSyntax == attributeSyntax && s.oMSyntax == oMSyntax && (oMObjectClass == "" || s.oMObjectClass == "" || s.oMObjectClass == oMObjectClass) {
			return s
		}
	}
	return nil
}

// dotted returns an OID of its BER content (X.690 §8.19) in digits.
func dotted(ber string) string {
	var b strings.Builder
	n := uint64(0)
	for i := 0; i < len(ber); i++ {
		n = n<<7 | uint64(ber[i]&0x7f)
		if ber[i]&0x80 != 0 {
			continue
		}
		if b.Len() == 0 {
			first := min(n/40, 2)
			b.WriteString(strconv.FormatUint(first, 10))
			n -= first * 40
		}
		b.WriteString("." + strconv.FormatUint(n, 10))
		n = 0
	}
	return b.String()
}
