package formatters

import (
	"bytes"
	"encoding/json"
	"math"
	"math/big"
	"strings"
	"testing"
	"time"
)

func format(t *testing.T, of *Type, raw string) Value {
	t.Helper()
	v, err := of.Format([]byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestJSON(t *testing.T) {
	for _, c := range []struct {
		of        *Type
		raw, want string
	}{
		{typeBytes, "\xff\x00", `{"encoding":"base64","encoded":"/wA="}`},
		{typeText, "Zo\u00eb \"\\\n\u2028", "\"Zo\u00eb \\\"\\\\\\n\u2028\""},
		{typeInteger, "42", `42`},
		{typeInteger, "9223372036854775808", `9223372036854775808`},
		{typeLargeInteger, "42", `"42"`},
		{typeBoolean, "true", `true`},
		{typeTime, "20130521164433.0Z", `"2013-05-21T16:44:33.0Z"`},
		{typeTime, "2013052116.5+0530", `"2013-05-21T16:30:00+05:30"`},
		{typeTime, "20130521164433.123456789-00", `"2013-05-21T16:44:33.123456789-00:00"`},
		{typeTime, "201306302359.999999999Z", `"2013-06-30T23:59:59.99999994Z"`},
		{typeTime, "20130630235960Z", `"2013-06-30T23:59:60Z"`},
		{typeFiletime, "131234567890123456", `"2016-11-12T20:39:49.0123456Z"`},
		{typeFiletime, "116444736000000000", `"1970-01-01T00:00:00Z"`},
		{typeFiletimeZero, "0", `{"never":true}`},
		{typeInterval, "-36288000000000", `{"interval":"P42D","ticks":"36288000000000"}`},
		{typeGUIDLE, "\x68\x9e\x03\x07\x73\x43\x4d\x26\xa0\xa7\x07\x03\x9e\x68\x43\x73", `"{07039e68-4373-264d-a0a7-07039e684373}"`},
		{typeUUID, guidText, `"07039e68-4373-264d-a0a7-07039e684373"`},
		{userAccountControl.as("x"), "514", `{"value":514,"names":["ACCOUNTDISABLE","NORMAL_ACCOUNT"]}`},
		{groupType.as("x"), "-2147483646", `{"value":-2147483646,"names":["GLOBAL_GROUP","SECURITY_ENABLED"]}`},
		{groupType.as("x"), "4611686018427387906", `{"value":4611686018427387906,"names":["GLOBAL_GROUP","0x4000000000000000"]}`},
		{samAccountType.as("x"), "805306368", `{"value":805306368,"names":["USER_OBJECT"]}`},
		{samAccountType.as("x"), "7", `{"value":7,"names":[]}`},
	} {
		v := format(t, c.of, c.raw)
		got := string(v.AppendJSON(nil))
		if got != c.want {
			t.Errorf("%s %q: %s, not %s", c.of.Name, c.raw, got, c.want)
		}
		if !json.Valid([]byte(got)) {
			t.Errorf("%s is not JSON", got)
		}
		back, err := ValueFromJSON([]byte(got))
		if err != nil {
			t.Errorf("%s: %v", got, err)
			continue
		}
		written, err := c.of.Validate(back)
		if err != nil {
			t.Errorf("%s: %v", got, err)
		} else if again := format(t, c.of, string(written)); !again.Equal(v) {
			t.Errorf("%s is written %q, which is %s", got, written, again)
		}
	}
}

func TestJSONThatIsNoValue(t *testing.T) {
	for text, reason := range map[string]string{
		"":                                    "not JSON",
		"{":                                   "not JSON",
		"[1]":                                 "not \"[1]\"",
		"null":                                "not \"null\"",
		"1.5":                                 "not an integer",
		"1e999999999":                         "not an integer",
		"{}":                                  "an object has",
		`{"encoded":"x"}`:                     "an object has",
		`{"encoding":"hex","encoded":"00"}`:   "an object has",
		`{"encoding":"base64","encoded":"x"}`: "base64",
		`{"ticks":"x"}`:                       "64 bits",
		`{"interval":"P1Y"}`:                  "ISO 8601",
		`{"never":false}`:                     "an object has",
		strings.Repeat("[", 100_000):          "not JSON",
		strings.Repeat(`{"value":`, 100_000) + "1" + strings.Repeat("}", 100_000): "not JSON",
	} {
		if v, err := ValueFromJSON([]byte(text)); err == nil || !strings.Contains(err.Error(), reason) {
			t.Errorf("%.40s: %s, %v", text, v, err)
		}
	}
}

func TestGoValues(t *testing.T) {
	zone := time.FixedZone("", -3600)
	for _, c := range []struct {
		x    any
		kind Kind
		want string
	}{
		{"x", KindText, "x"},
		{"\xff", KindBytes, "/w=="},
		{[]byte("x"), KindBytes, "eA=="},
		{true, KindBoolean, "true"},
		{-1, KindInteger, "-1"},
		{int8(-1), KindInteger, "-1"},
		{int16(-1), KindInteger, "-1"},
		{int32(-1), KindInteger, "-1"},
		{int64(math.MinInt64), KindInteger, "-9223372036854775808"},
		{uint(1), KindInteger, "1"},
		{uint8(1), KindInteger, "1"},
		{uint16(1), KindInteger, "1"},
		{uint32(1), KindInteger, "1"},
		{uint64(math.MaxUint64), KindInteger, "18446744073709551615"},
		{float32(2), KindInteger, "2"},
		{float64(1 << 53), KindInteger, "9007199254740992"},
		{new(big.Int).Lsh(big.NewInt(1), 64), KindInteger, "18446744073709551616"},
		{time.Date(2020, 1, 2, 3, 4, 5, 600, zone), KindTime, "2020-01-02T03:04:05.0000006-01:00"},
		{time.Date(12020, 1, 2, 3, 4, 5, 6, time.UTC), KindTime, "9999-12-31T23:59:59Z"},
		{90 * time.Minute, KindInterval, "PT1H30M"},
		{Day, KindInterval, "P1D"},
		{guidOfText, KindGUID, guidText},
		{NeverValue(), KindNever, "never"},
	} {
		v, err := ValueOf(c.x)
		if err != nil || v.Kind() != c.kind || v.String() != c.want {
			t.Errorf("%T %v: %s %s, %v", c.x, c.x, v.Kind(), v, err)
		}
	}
	for _, bad := range []any{nil, 1.5, math.NaN(), math.Inf(1), 1e17, (*big.Int)(nil), struct{}{}, []string{"x"}} {
		if v, err := ValueOf(bad); err == nil {
			t.Errorf("%T %v: %s", bad, bad, v)
		}
	}
}

func TestAccessors(t *testing.T) {
	huge := format(t, typeInteger, "-99999999999999999999")
	if _, ok := huge.Int64(); ok || huge.BigInt().String() != "-99999999999999999999" {
		t.Error("beyond 64 bits:", huge.BigInt())
	}
	if n, ok := format(t, userAccountControl.as("x"), "512").Int64(); !ok || n != 512 {
		t.Error("flags:", n, ok)
	}
	v := format(t, typeTime, "20140102030405-0130")
	at, ok := v.Time()
	_, offset := at.Zone()
	if !ok || offset != -90*60 || !at.Equal(time.Date(2014, 1, 2, 4, 34, 5, 0, time.UTC)) {
		t.Error("time:", at, offset)
	}
	if g, ok := format(t, typeGUID, string(guidOfText[:])).GUID(); !ok || g != guidOfText || !bytes.Equal(GUIDValue(g).Bytes(), guidOfText[:]) {
		t.Error("GUID:", g, ok)
	}
	if x := format(t, typeFiletimeZero, "0").Interface(); x != nil {
		t.Error("never:", x)
	}
	if x, ok := format(t, typeInterval, "-10").Interface().(Interval); !ok || x != Microsecond {
		t.Error("interval:", x)
	}
	text := TextValue("x")
	if text.BigInt() != nil || text.Names() != nil || text.Descriptor() != nil || text.IsNever() {
		t.Error("a text has what other kinds have")
	}
	for _, other := range []func() bool{
		func() bool { _, ok := text.Int64(); return ok },
		func() bool { _, ok := text.Bool(); return ok },
		func() bool { _, ok := text.Time(); return ok },
		func() bool { _, ok := text.Interval(); return ok },
		func() bool { _, ok := text.GUID(); return ok },
		func() bool { _, ok := text.SID(); return ok },
	} {
		if other() {
			t.Error("a text has what other kinds have")
		}
	}
}

func TestEqual(t *testing.T) {
	same := [][2]Value{
		{format(t, typeTime, "2013052116Z"), format(t, typeTime, "20130521160000.0Z")},
		{format(t, typeTime, "20130521160000Z"), format(t, typeTime, "20130521170000+0100")},
		{format(t, typeInteger, "+7"), format(t, typeInteger, "007")},
		{format(t, typeLargeInteger, "7"), format(t, typeInteger, "7")},
		{format(t, typeFiletimeZero, "0"), NeverValue()},
		{format(t, typeUUID, "{"+guidText+"}"), GUIDValue(guidOfText)},
	}
	for _, pair := range same {
		if !pair[0].Equal(pair[1]) {
			t.Errorf("%s differs from %s", pair[0], pair[1])
		}
	}
	different := [][2]Value{
		{format(t, typeTime, "20130521160060Z"), format(t, typeTime, "20130521160059Z")},
		{TextValue("1"), IntegerValue(1)},
		{TextValue("a"), TextValue("A")},
		{format(t, typeInteger, "99999999999999999999"), format(t, typeInteger, "99999999999999999998")},
	}
	for _, pair := range different {
		if pair[0].Equal(pair[1]) {
			t.Errorf("%s equals %s", pair[0], pair[1])
		}
	}
}
