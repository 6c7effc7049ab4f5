package formatters

import (
	"encoding/base64"
	"strconv"

	"github.com/ldapedge/ldapedge/schemajson"
)

// AppendJSON appends the value's JSON form, which loses nothing:
//
//	bytes               {"encoding":"base64","encoded":"/w=="}
//	text                "Zoë"
//	integer             42, or "42" if the syntax is one of 64 bits
//	boolean             true
//	time                "2013-05-21T16:44:33.0Z": RFC 3339 with every digit given
//	interval            {"interval":"P42D","ticks":"36288000000000"}: ISO 8601, and ticks of 100 ns
//	never               {"never":true}
//	guid                "{07039e68-4373-264d-a0a7-07039e684373}", with braces where Active Directory keeps it
//	sid                 "S-1-5-21-1004336348-1177238915-682003330-512"
//	flags, enumeration  {"value":514,"names":["ACCOUNTDISABLE","NORMAL_ACCOUNT"]}
//	securityDescriptor  {"encoding":"base64","encoded":"…","sddl":"O:DAG:…","descriptor":{…}}
func (v Value) AppendJSON(dst []byte) []byte {
	switch v.kind {
	case KindBytes:
		return append(appendEncoded(dst, v.text), '}')
	case KindText:
		return schemajson.AppendJSONString(dst, v.text)
	case KindInteger:
		if v.form&formWide != 0 {
			return append(v.appendDecimal(append(dst, '"')), '"')
		}
		return v.appendDecimal(dst)
	case KindBoolean:
		return strconv.AppendBool(dst, v.n != 0)
	case KindInterval:
		dst = Interval(v.n).append(append(dst, `{"interval":"`...))
		dst = strconv.AppendInt(append(dst, `","ticks":"`...), v.n, 10)
		return append(dst, `"}`...)
	case KindNever:
		return append(dst, `{"never":true}`...)
	case KindFlags, KindEnumeration:
		return v.appendNamesJSON(dst)
	case KindDescriptor:
		return v.appendDescriptorJSON(dst)
	default: // times, GUIDs and SIDs have nothing to escape
		return append(v.appendText(append(dst, '"')), '"')
	}
}

// MarshalJSON returns what AppendJSON appends.
func (v Value) MarshalJSON() ([]byte, error) { return v.AppendJSON(nil), nil }

// appendEncoded appends bytes as python ldap3 writes them, without the closing
// brace.
func appendEncoded(dst []byte, b string) []byte {
	dst = append(dst, `{"encoding":"base64","encoded":"`...)
	return append(base64.StdEncoding.AppendEncode(dst, []byte(b)), '"')
}

func (v Value) appendNamesJSON(dst []byte) []byte {
	dst = strconv.AppendInt(append(dst, `{"value":`...), v.n, 10)
	dst = append(dst, `,"names":[`...)
	for i, name := range v.Names() {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = schemajson.AppendJSONString(dst, name)
	}
	return append(dst, "]}"...)
}

func (v Value) appendDescriptorJSON(dst []byte) []byte {
	dst = appendEncoded(dst, v.text)
	if d := v.Descriptor(); d != nil {
		dst = schemajson.AppendJSONString(append(dst, `,"sddl":`...), d.SDDL())
		dst = d.AppendJSON(append(dst, `,"descriptor":`...))
	}
	return append(dst, '}')
}
