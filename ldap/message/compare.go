package message

import (
	"fmt"

	"github.com/ldapedge/ldapedge/ldap/internal/tlv"
)

// CompareRequest asks whether an entry has a value (RFC 4511 §4.10). The result
// is [ResultCompareTrue] or [ResultCompareFalse].
type CompareRequest struct {
	DN string
	// Attribute is the attribute description, options included.
	Attribute string
	// Value is any bytes.
	Value string
}

func (r CompareRequest) appendBER(dst []byte) ([]byte, error) {
	if r.Attribute == "" {
		return dst, fmt.Errorf("compare %q: the attribute's name is empty", r.DN)
	}
	dst, at := tlv.Open(dst, byte(OpCompareRequest))
	dst = tlv.Append(dst, tlv.OctetString, r.DN)
	dst, assertion := tlv.Open(dst, tlv.Sequence)
	dst = tlv.Append(dst, tlv.OctetString, r.Attribute)
	dst = tlv.Append(dst, tlv.OctetString, r.Value)
	return tlv.Close(tlv.Close(dst, assertion), at), nil
}
