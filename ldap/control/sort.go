package control

import (
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

const (
	tagOrderingRule = 0x80
	tagReverseOrder = 0x81
)

// Control returns the control.
func (s Sort) Control() message.Control {
	var keys []byte
	for _, k := range s.Keys {
		var at int
		keys, at = tlv.Open(keys, tlv.Sequence)
		keys = tlv.Append(keys, tlv.OctetString, k.Attribute)
		if k.Rule != "" {
			keys = tlv.Append(keys, tagOrderingRule, k.Rule)
		}
		if k.Reverse {
			keys = tlv.AppendBoolean(keys, tagReverseOrder, true)
		}
		keys = tlv.Close(keys, at)
	}
	return message.Control{OID: OIDSort, Critical: s.Critical, Value: sequence(keys)}
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
