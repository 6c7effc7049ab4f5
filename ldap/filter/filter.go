// Package filter makes search filters (RFC 4511 §4.5.1.7).
package filter

import ber "github.com/go-asn1-ber/asn1-ber"

// The context tags of the filter choices.
const (
	tagEqualityMatch ber.Tag = 3
	tagPresent       ber.Tag = 7
)

// Filter is a search filter. The zero value matches every entry that has an
// objectClass, which is every entry.
type Filter struct {
	packet *ber.Packet
}

// Present matches entries that have the attribute: (attribute=*).
func Present(attribute string) Filter {
	return Filter{ber.NewString(ber.ClassContext, ber.TypePrimitive, tagPresent, attribute, "present")}
}

// Equal matches entries that have the attribute with the value:
// (attribute=value). The value is taken as it is; nothing in it is special.
func Equal(attribute, value string) Filter {
	p := ber.Encode(ber.ClassContext, ber.TypeConstructed, tagEqualityMatch, nil, "equalityMatch")
	p.AppendChild(ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, attribute, "attributeDesc"))
	p.AppendChild(ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, value, "assertionValue"))
	return Filter{p}
}

// Packet returns the filter as a BER packet.
func (f Filter) Packet() *ber.Packet {
	if f.packet == nil {
		return Present("objectClass").packet
	}
	return f.packet
}
