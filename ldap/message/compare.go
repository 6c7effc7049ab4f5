package message

import (
	"fmt"

	ber "github.com/go-asn1-ber/asn1-ber"
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

func (r CompareRequest) packet() (*ber.Packet, error) {
	if r.Attribute == "" {
		return nil, fmt.Errorf("compare %q: the attribute's name is empty", r.DN)
	}
	assertion := ber.NewSequence("ava")
	assertion.AppendChild(octets(r.Attribute, "attributeDesc"))
	assertion.AppendChild(octets(r.Value, "assertionValue"))
	return application(tagCompareRequest, octets(r.DN, "entry"), assertion), nil
}
