package control

import (
	"bytes"

	"github.com/ldapedge/ldapedge/ldap/internal/tlv"
)

// sequence encodes a SEQUENCE, which most values are, of encoded parts; an
// OPTIONAL that is absent is nil.
func sequence(parts ...[]byte) []byte {
	return tlv.Append(nil, tlv.Sequence, bytes.Join(parts, nil))
}

func octets(s string) []byte { return tlv.Append(nil, tlv.OctetString, s) }

// optional encodes an OCTET STRING OPTIONAL: nothing for an empty one.
func optional(s []byte) []byte {
	if len(s) == 0 {
		return nil
	}
	return tlv.Append(nil, tlv.OctetString, s)
}

func integer(n int32) []byte { return tlv.AppendInteger(nil, tlv.Integer, n) }

func enumerated(n int32) []byte { return tlv.AppendInteger(nil, tlv.Enumerated, n) }

func boolean(v bool) []byte { return tlv.AppendBoolean(nil, tlv.Boolean, v) }
