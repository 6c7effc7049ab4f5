package control

import (
	ber "github.com/go-asn1-ber/asn1-ber"

	"github.com/ldapedge/ldapedge/ldap/internal/tlv"
	"github.com/ldapedge/ldapedge/ldap/message"
)

// The OIDs of server side sorting.
const (
	OIDSort         = "1.2.840.113556.1.4.473"
	OIDSortResponse = "1.2.840.113556.1.4.474"
)

// Sort asks for the entries of a search in order (RFC 2891).
type Sort struct {
	// Keys are what to sort by, the most important first.
	Keys []SortKey
	// Critical makes the control critical.
	Critical bool
}

// SortKey is an attribute to sort by.
type SortKey struct {
	// Attribute is the attribute description.
	Attribute string
	// Rule is the ordering rule. Default: the attribute's own.
	Rule string
	// Reverse sorts from the greatest to the least.
	Reverse bool
}

// Control returns the control.
func (s Sort) Control() message.Control {
	keys := sequence()
	for _, k := range s.Keys {
		key := sequence(octets(k.Attribute))
		if k.Rule != "" {
			key.AppendChild(contextOctets(0, k.Rule))
		}
		if k.Reverse {
			key.AppendChild(ber.NewLDAPBoolean(ber.ClassContext, ber.TypePrimitive, 1, true, ""))
		}
		keys.AppendChild(key)
	}
	return message.Control{OID: OIDSort, Critical: s.Critical, Value: keys.Bytes()}
}

// SortResponse tells whether the entries are in order.
type SortResponse struct {
	// Code is success if they are.
	Code message.ResultCode
	// Attribute is the one that was the reason for another code, if the server
	// says which.
	Attribute string
}

// ParseSortResponse reads the control of a response.
func ParseSortResponse(c message.Control) (SortResponse, error) {
	r := read(c, OIDSortResponse, "sort response")
	s := SortResponse{Code: message.ResultCode(r.integer(tlv.Enumerated, "sortResult")), Attribute: string(r.optional(0x80, "attributeType"))}
	return result(s, r)
}
