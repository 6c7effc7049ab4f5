package formatters

import (
	"testing"

	"github.com/ldapedge/ldapedge/schemajson"
)

// What a value's kind may cost beside the time: the bytes of texts and SIDs are
// copied, everything else fits into the value.
func TestAllocations(t *testing.T) {
	schema := schemajson.Parse("cn=Subschema", []schemajson.Attribute{{
		Name: "attributeTypes",
		Values: []string{
			"( 2.5.4.13 NAME 'description' SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )",
			"( 1.3.6.1.1.1.1.0 NAME 'uidNumber' SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )",
			"( 1.2.840.113556.1.4.382 NAME 'uSNCreated' SYNTAX 1.2.840.113556.1.4.906 SINGLE-VALUE )",
			"( 1.1.1 NAME 'enabled' SYNTAX 1.3.6.1.4.1.1466.115.121.1.7 SINGLE-VALUE )",
			"( 2.5.18.1 NAME 'createTimestamp' SYNTAX 1.3.6.1.4.1.1466.115.121.1.24 SINGLE-VALUE )",
			"( 1.1.2 NAME 'utc' SYNTAX 1.3.6.1.4.1.1466.115.121.1.53 )",
			"( 1.1.3 NAME 'uuid' SYNTAX 1.3.6.1.1.16.1 )",
		},
	}})
	f := New(schema, nil)
	for _, test := range []struct {
		attribute, raw string
		kind           Kind
		most           float64
	}{
		{"description", "Sales department", KindText, 1},
		{"noSuchAttribute", "Sales department", KindText, 1},
		{"uidNumber", "-2147483648", KindInteger, 0},
		{"uidNumber", "9223372036854775807", KindInteger, 0},
		{"uSNCreated", "-9223372036854775808", KindInteger, 0},
		{"userAccountControl", "66048", KindFlags, 0},
		{"sAMAccountType", "805306368", KindEnumeration, 0},
		{"enabled", "TRUE", KindBoolean, 0},
		{"createTimestamp", "20130521164433.123456789+0530", KindTime, 0},
		{"utc", "130521164433Z", KindTime, 0},
		{"pwdAccountLockedTime", "000001010000Z", KindNever, 0},
		{"objectGUID", "0123456789abcdef", KindGUID, 0},
		{"uuid", "597ae2f6-16a6-1027-98f4-d28b5365dc14", KindGUID, 0},
		{"objectSid", "\x01\x05\x00\x00\x00\x00\x00\x05\x15\x00\x00\x00\x01\x00\x00\x00\x02\x00\x00\x00\x03\x00\x00\x00\xf4\x01\x00\x00", KindSID, 1},
		{"lastLogon", "130000000000000010", KindTime, 0},
		{"accountExpires", "9223372036854775807", KindNever, 0},
		{"maxPwdAge", "-36288000000000", KindInterval, 0},
	} {
		raw := []byte(test.raw)
		if v, err := f.Attribute(test.attribute).Format(raw); err != nil || v.Kind() != test.kind {
			t.Errorf("%s %q: %s, %v", test.attribute, raw, v.Kind(), err)
		}
		n := testing.AllocsPerRun(100, func() { f.Attribute(test.attribute).Format(raw) })
		if n > test.most {
			t.Errorf("%s %q: %v allocations, not %v", test.attribute, raw, n, test.most)
		}
	}
}
