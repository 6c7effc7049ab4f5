package message

import (
	ber "github.com/go-asn1-ber/asn1-ber"
)

// The responses of the tests are encoded with asn1-ber, so that the reader is
// held against another's idea of the protocol.

type attr struct {
	name   string
	values []string
}

func response(id int64, op *ber.Packet) []byte {
	p := ber.NewSequence("LDAPMessage")
	p.AppendChild(number(ber.TagInteger, id, "messageID"))
	p.AppendChild(op)
	return p.Bytes()
}

func entryResponse(id int64, dn string, attributes ...attr) []byte {
	op := ber.Encode(ber.ClassApplication, ber.TypeConstructed, 4, nil, "")
	op.AppendChild(octets(dn, ""))
	list := ber.NewSequence("")
	for _, a := range attributes {
		one := ber.NewSequence("")
		one.AppendChild(octets(a.name, ""))
		set := ber.Encode(ber.ClassUniversal, ber.TypeConstructed, ber.TagSet, nil, "")
		for _, v := range a.values {
			set.AppendChild(octets(v, ""))
		}
		one.AppendChild(set)
		list.AppendChild(one)
	}
	op.AppendChild(list)
	return response(id, op)
}

func resultResponse(id int64, tag ber.Tag, code int64, matched, diagnostic string, more ...*ber.Packet) []byte {
	op := ber.Encode(ber.ClassApplication, ber.TypeConstructed, tag, nil, "")
	op.AppendChild(number(ber.TagEnumerated, code, ""))
	op.AppendChild(octets(matched, ""))
	op.AppendChild(octets(diagnostic, ""))
	for _, p := range more {
		op.AppendChild(p)
	}
	return response(id, op)
}

func doneResponse(id int64, code int64) []byte { return resultResponse(id, 5, code, "", "") }

// longLengths encodes a message anew with four length octets everywhere, as
// Active Directory does.
func longLengths(p *ber.Packet) []byte {
	var body []byte
	if p.TagType == ber.TypeConstructed {
		for _, c := range p.Children {
			body = append(body, longLengths(c)...)
		}
	} else {
		body = p.Data.Bytes()
	}
	n := len(body)
	head := []byte{byte(p.ClassType) | byte(p.TagType) | byte(p.Tag), 0x84, byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}
	return append(head, body...)
}

func contextOctets(tag ber.Tag, s string) *ber.Packet {
	return ber.NewString(ber.ClassContext, ber.TypePrimitive, tag, s, "")
}

func octets(s, what string) *ber.Packet {
	return ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, s, what)
}

func number(tag ber.Tag, n int64, what string) *ber.Packet {
	return ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, tag, n, what)
}
