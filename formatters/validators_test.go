package formatters

import (
	"math"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/ldapedge/ldapedge/formatters/guid"
)

// text, number and kin make the values of the table below short.
var (
	text   = TextValue
	number = IntegerValue
)

func at(s string) Value {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		panic(err)
	}
	return TimeValue(t)
}

func big128(digits string) Value {
	n, _ := new(big.Int).SetString(digits, 10)
	return BigIntegerValue(n)
}

var guidOfText = guid.GUID{0x07, 0x03, 0x9e, 0x68, 0x43, 0x73, 0x26, 0x4d, 0xa0, 0xa7, 0x07, 0x03, 0x9e, 0x68, 0x43, 0x73}

const guidText = "07039e68-4373-264d-a0a7-07039e684373"

func TestValidators(t *testing.T) {
	big, little := string(guidOfText[:]), "\x68\x9e\x03\x07\x73\x43\x4d\x26\xa0\xa7\x07\x03\x9e\x68\x43\x73"
	for _, c := range []struct {
		of   *Type
		v    Value
		want string // "!" and a part of the reason where it is refused
	}{
		{typeInteger, number(-5), "-5"},
		{typeInteger, text("007"), "7"},
		{typeInteger, text(" 1 "), "1"},
		{typeInteger, big128("99999999999999999999999"), "99999999999999999999999"},
		{typeInteger, BytesValue([]byte("12")), "12"},
		{typeInteger, text("1.0"), "!digits"},
		{typeInteger, text("1_000"), "!digits"},
		{typeInteger, text(""), "!digits"},
		{typeInteger, BooleanValue(true), "!expected an integer, not a boolean"},
		{typeLargeInteger, number(math.MinInt64), "-9223372036854775808"},
		{typeLargeInteger, text("9223372036854775808"), "!beyond 64 bits"},
		{userAccountControl.as("x"), number(514), "514"},
		{userAccountControl.as("x"), text("DISABLED"), "!digits"},

		{typeBoolean, BooleanValue(true), "TRUE"},
		{typeBoolean, BooleanValue(false), "FALSE"},
		{typeBoolean, text("TrUe"), "TRUE"},
		{typeBoolean, text("yes"), "!TRUE or FALSE"},
		{typeBoolean, number(1), "!expected a boolean, not an integer"},

		{typeTime, at("2020-01-02T03:04:05Z"), "20200102030405Z"},
		{typeTime, at("2020-01-02T03:04:05.120+05:30"), "20200102030405.12+0530"},
		{typeTime, at("0001-01-02T03:04:05Z"), "00010102030405Z"},
		{typeTime, text("2020-01-02T03:04:05Z"), "20200102030405Z"},
		{typeTime, text("2020-01-02T03:04:05.000-00:00"), "20200102030405.000-0000"},
		{typeTime, text("20170317094232Z"), "20170317094232Z"},
		{typeTime, text("20170317094232+0100"), "20170317094232+0100"},
		{typeTime, text("2017031709.5+01"), "2017031709.5+01"},
		{typeTime, text("20170317094260Z"), "20170317094260Z"},
		{typeTime, text("20170317254232Z"), "!the hour 25 is not 0 to 23"},
		{typeTime, text("20170317094232+24"), "!a zone"},
		{typeTime, text("20170230094232Z"), "!no day 30"},
		{typeTime, text("abc"), "!a Generalized Time"},
		{typeTime, number(5), "!expected a time"},
		{typeADTime, at("2020-01-02T03:04:05Z"), "20200102030405.0Z"},
		{typeADTime, at("2020-01-02T03:04:05.12+05:30"), "20200101213405.12Z"},
		{typeADTime, text("20200102030405.0Z"), "20200102030405.0Z"},
		{typeADTime, text("00010101000000+2359"), "!not in the years"},
		{typeUTCTime, at("1999-01-02T03:04:05Z"), "990102030405Z"},
		{typeUTCTime, at("2014-01-02T03:04:05+01:00"), "140102030405+0100"},
		{typeUTCTime, text("1401020304Z"), "1401020304Z"},
		{typeUTCTime, text("140102030405Z"), "140102030405Z"},
		{typeUTCTime, at("1949-12-31T00:00:00Z"), "!no year 1949"},
		{typeUTCTime, at("2014-01-02T03:04:05.5Z"), "!fractions"},
		{typeLocked, NeverValue(), "000001010000Z"},
		{typeLocked, text("000001010000Z"), "000001010000Z"},
		{typeLocked, at("2020-01-02T03:04:05Z"), "20200102030405Z"},

		{typeFiletime, at("1601-01-01T00:00:00.0000001Z"), "1"},
		{typeFiletime, at("2016-11-12T20:39:49.012345678Z"), "131234567890123456"},
		{typeFiletime, at("9999-12-31T23:59:59.9999999Z"), "2650467743999999999"},
		{typeFiletime, at("1600-12-31T23:59:59Z"), "!before the year 1601"},
		{typeFiletime, text("20161112203949Z"), "131234567890000000"},
		{typeFiletime, text("131234567890123456"), "131234567890123456"},
		{typeFiletime, number(-1), "!not negative"},
		{typeFiletime, number(maxFiletime + 1), "!after the year 9999"},
		{typeFiletime, number(math.MaxInt64), "9223372036854775807"},
		{typeFiletime, NeverValue(), "9223372036854775807"},
		{typeFiletimeZero, NeverValue(), "9223372036854775807"},
		{typePasswordSet, number(-1), "-1"},
		{typePasswordSet, number(0), "0"},
		{typePasswordSet, number(-2), "!not negative"},
		{typeInterval, IntervalValue(42 * Day), "-36288000000000"},
		{typeInterval, IntervalValue(0), "0"},
		{typeInterval, text("PT30M"), "-18000000000"},
		{typeInterval, text("-18000000000"), "-18000000000"},
		{typeInterval, NeverValue(), "-9223372036854775808"},
		{typeInterval, number(5), "!not positive"},
		{typeInterval, text("-P1D"), "!negative"},
		{typeInterval, text("42 days"), "!ISO 8601"},

		{typeUUID, GUIDValue(guidOfText), guidText},
		{typeUUID, text("{" + strings.ToUpper(guidText) + "}"), guidText},
		{typeUUID, text("urn:uuid:" + guidText), guidText},
		{typeUUID, text("07039e68"), "!36 characters, not 8"},
		{typeUUID, text(strings.Repeat("g", 36)), "!8-4-4-4-12"},
		{typeGUID, GUIDValue(guidOfText), big},
		{typeGUID, text(guidText), big},
		{typeGUIDLE, GUIDValue(guidOfText), little},
		{typeGUIDLE, text("{" + guidText + "}"), little},
		{typeGUIDLE, BytesValue([]byte(little)), little},
		{typeGUIDLE, BytesValue([]byte{0xff}), "!16 bytes, not 1"},
		{typeGUIDLE, text(""), "!36 characters"},
		{typeGUIDLE, number(5), "!expected a GUID"},

		{typeSID, text("S-1-5-18"), "\x01\x01\x00\x00\x00\x00\x00\x05\x12\x00\x00\x00"},
		{typeSID, text("s-1-0x10000000000-1"), "\x01\x01\x01\x00\x00\x00\x00\x00\x01\x00\x00\x00"},
		{typeSID, BytesValue([]byte("\x01\x01\x00\x00\x00\x00\x00\x05\x12\x00\x00\xff")), "\x01\x01\x00\x00\x00\x00\x00\x05\x12\x00\x00\xff"},
		{typeSID, text("S-1-5-4294967296"), "!"},
		{typeSID, text("Administrators"), "!"},
		{typeSID, number(18), "!expected a SID"},

		{typePostal, text("1 $ Main \\ St\nTown"), `1 \24 Main \5C St$Town`},
		{typePostal, number(5), "5"},
		{typeText, text("  two  "), "  two  "},
		{typeText, number(12), "12"},
		{typeText, GUIDValue(guidOfText), guidText},
		{typeText, BytesValue([]byte{0xff}), "!not UTF-8"},
		{typeText, NeverValue(), "!expected a text, not never"},
		{typeBytes, BytesValue([]byte{0, 1}), "\x00\x01"},
		{typeBytes, text("x"), "x"},
		{typeBytes, number(1), "!expected bytes"},
		{typeUnknown, BytesValue([]byte{0xff}), "\xff"},
		{typeUnknown, text("ü"), "ü"},
	} {
		a := Attribute{Description: "x", Type: *c.of}
		b, err := a.Validate(c.v)
		if reason, refused := strings.CutPrefix(c.want, "!"); refused {
			if err == nil || !strings.Contains(err.Error(), reason) {
				t.Errorf("%s %s: %q, %v; not refused for %q", c.of.Name, c.v, b, err, reason)
			}
			continue
		}
		if err != nil || string(b) != c.want {
			t.Errorf("%s %s: %q, %v; not %q", c.of.Name, c.v, b, err, c.want)
		}
	}
}

// What was stored is written again as it was.
func TestWrittenAsItWas(t *testing.T) {
	for _, c := range []struct {
		of  *Type
		raw string
	}{
		{typeTime, "2014010203Z"},
		{typeTime, "201401020304Z"},
		{typeTime, "2014010203.5Z"},
		{typeTime, "2014010203,25Z"},
		{typeTime, "2014010203.123456789-0130"},
		{typeTime, "201401020304.999999999+01"},
		{typeTime, "20140102030405,000Z"},
		{typeTime, "20140102030460.5Z"},
		{typeTime, "20130521164433.0Z"},
		{typeADTime, "20130521164433.0Z"},
		{typeUTCTime, "1401020304+0100"},
		{typeUTCTime, "140102030405Z"},
		{typeLocked, "000001010000Z"},
		{typeFiletimeZero, "0"},
		{typeFiletimeZero, "9223372036854775807"},
		{typeFiletime, "131234567890123456"},
		{typeInterval, "-9223372036854775808"},
		{typeInterval, "-9223372036854775807"},
		{typeInterval, "0"},
		{typeUUID, guidText},
		{typePostal, `1 \24 Main$\5CTown$$`},
		{typeText, " a\x00 "},
	} {
		a := Attribute{Description: "x", Type: *c.of}
		v, err := a.Format([]byte(c.raw))
		if err != nil {
			t.Errorf("%s %q: %v", c.of.Name, c.raw, err)
			continue
		}
		if b, err := a.Validate(v); err != nil || string(b) != c.raw {
			t.Errorf("%s %q: written %q, %v", c.of.Name, c.raw, b, err)
		}
	}
}

func TestUTCTime(t *testing.T) {
	for raw, want := range map[string]string{
		"140102030405Z":     "2014-01-02T03:04:05Z",
		"1401020304Z":       "2014-01-02T03:04:00Z",
		"990102030405Z":     "1999-01-02T03:04:05Z",
		"500102030405Z":     "1950-01-02T03:04:05Z",
		"490102030405Z":     "2049-01-02T03:04:05Z",
		"140102030405":      "2014-01-02T03:04:05Z",
		"140102030405-0130": "2014-01-02T03:04:05-01:30",
		"20140102030405.0Z": "2014-01-02T03:04:05.0Z",
		"140102030405.5Z":   "",
		"14010203Z":         "",
		"141302030405Z":     "",
		"":                  "",
	} {
		v, err := formatUTCTime([]byte(raw))
		if want == "" {
			if err == nil {
				t.Errorf("%q: %s", raw, v)
			}
		} else if err != nil || v.String() != want {
			t.Errorf("%q: %s, %v; not %s", raw, v, err, want)
		}
	}
}

func TestIntervals(t *testing.T) {
	for text, want := range map[string]Interval{
		"P42D":                       42 * Day,
		"PT30M":                      30 * Minute,
		"P1DT2H3M4.0000005S":         Day + 2*Hour + 3*Minute + 4*Second + 5,
		"-PT0.1S":                    -Second / 10,
		"PT0S":                       0,
		"P10675199DT2H48M5.4775807S": math.MaxInt64,
	} {
		got, err := ParseInterval(text)
		if err != nil || got != want || got.String() != text {
			t.Errorf("%s: %d, %v, %s", text, got, err, got)
		}
	}
	if i, err := ParseInterval("P1W1DT1,5S"); err != nil || i != 8*Day+15*Second/10 {
		t.Error(i, err)
	}
	for _, bad := range []string{"", "P", "PT", "P1", "1D", "P1Y", "P1M", "PT1D", "P1H", "PT1M1H", "P1D1D", "P1.5D", "PT1.S", "PT.5S", "PT0.00000001S",
		"P-1D", "P1DT", "PT1TM", "P99999999999D", "PT922337203685.9999999S", "P10675199DT2H48M5.4775808S", "P 1D", "PT1S "} {
		if i, err := ParseInterval(bad); err == nil {
			t.Errorf("%q: %s", bad, i)
		}
	}
	if d, ok := (42 * Day).Duration(); !ok || d != 42*24*time.Hour {
		t.Error(d, ok)
	}
	if _, ok := Interval(math.MaxInt64).Duration(); ok {
		t.Error("29,000 years are a time.Duration")
	}
	if s := Interval(math.MinInt64).String(); s != "-P10675199DT2H48M5.4775808S" {
		t.Error(s)
	}
}
