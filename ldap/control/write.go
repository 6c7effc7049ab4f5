package control

import ber "github.com/go-asn1-ber/asn1-ber"

// sequence encodes a SEQUENCE, which most values are.
func sequence(parts ...*ber.Packet) *ber.Packet { return add(ber.NewSequence(""), parts...) }

// context encodes a constructed element with a context tag.
func context(tag ber.Tag, parts ...*ber.Packet) *ber.Packet {
	return add(ber.Encode(ber.ClassContext, ber.TypeConstructed, tag, nil, ""), parts...)
}

func add(p *ber.Packet, parts ...*ber.Packet) *ber.Packet {
	for _, part := range parts {
		if part != nil { // an OPTIONAL that is absent
			p.AppendChild(part)
		}
	}
	return p
}

func octets(s string) *ber.Packet {
	return ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, s, "")
}

// optional encodes an OCTET STRING OPTIONAL: nothing for an empty one.
func optional(s []byte) *ber.Packet {
	if len(s) == 0 {
		return nil
	}
	return octets(string(s))
}

// contextOctets encodes an OCTET STRING with a context tag.
func contextOctets(tag ber.Tag, s string) *ber.Packet {
	return ber.NewString(ber.ClassContext, ber.TypePrimitive, tag, s, "")
}

func integer(n int32) *ber.Packet {
	return ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagInteger, int64(n), "")
}

func enumerated(n int32) *ber.Packet {
	return ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagEnumerated, int64(n), "")
}

func boolean(v bool) *ber.Packet {
	return ber.NewLDAPBoolean(ber.ClassUniversal, ber.TypePrimitive, ber.TagBoolean, v, "")
}
