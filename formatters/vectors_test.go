package formatters

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
)

// ldap3File is testdata/ldap3.json.
type ldap3File struct {
	Vectors []ldap3Vector
	Table   map[string][2]*string
}

type ldap3Vector struct {
	Formatter, Hex string
	Out            struct {
		T, Hex            string
		V                 any
		Offset            float64 `json:"offset_minutes"`
		Days, Seconds, US int64
	}
}

func readLDAP3(t *testing.T) (f ldap3File) {
	t.Helper()
	text, err := os.ReadFile("testdata/ldap3.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &f); err != nil {
		t.Fatal(err)
	}
	return f
}

// counterparts are the types that do what ldap3's formatters do.
var counterparts = map[string]*Type{
	"format_unicode":          typeText,
	"format_binary":           typeBytes,
	"format_integer":          typeInteger,
	"format_boolean":          typeBoolean,
	"format_uuid":             typeUUID,
	"format_uuid_le":          typeGUIDLE,
	"format_sid":              typeSID,
	"format_time":             typeTime,
	"format_time_with_0_year": typeLocked,
	"format_ad_timestamp":     typeFiletime,
	"format_ad_timedelta":     typeInterval,
}

// differences are the vectors that differ, each with its reason and what is
// right.
var differences = map[string]struct{ reason, want string }{
	"format_integer 1_000":                                            {"ldap3 takes Python's spelling of numbers", "bytes 1_000"},
	"format_sid \x01\x05\x00\x00\x00\x00\x00\x05":                     {"ldap3 reads sub-authorities that are not there as 0", "bytes \x01\x05\x00\x00\x00\x00\x00\x05"},
	"format_sid \x01\x02\x00\x00\x00\x00\x00\x05 \x00\x00\x00 ":       {"ldap3 fills up a sub-authority that is cut off", "bytes \x01\x02\x00\x00\x00\x00\x00\x05 \x00\x00\x00 "},
	"format_sid \x01\x01\x01\x00\x00\x00\x00\x00\x01\x00\x00\x00":     {"exactness: [MS-DTYP] 2.4.2.1 has twelve digits", "sid S-1-0x010000000000-1"},
	"format_sid \x01\x00":                                             {"ldap3 reads an authority that is not there as 0", "bytes \x01\x00"},
	"format_sid \x01\x01\x00\x00\x00\x00\x00\x05\x12\x00\x00\x00\xff": {"ldap3 loses what follows", "bytes \x01\x01\x00\x00\x00\x00\x00\x05\x12\x00\x00\x00\xff"},
	"format_sid \x02\x01\x00\x00\x00\x00\x00\x05\x12\x00\x00\x00":     {"there is no revision 2", "bytes \x02\x01\x00\x00\x00\x00\x00\x05\x12\x00\x00\x00"},
	"format_time 20140102030405.123456789Z":                           {"exactness: ldap3 has microseconds", "time 2014-01-02T03:04:05.123456789Z"},
	"format_time 20140102030405.999999999Z":                           {"exactness: ldap3 has microseconds", "time 2014-01-02T03:04:05.999999999Z"},
	"format_ad_timestamp 1":                                           {"exactness: ldap3 computes with floats", "time 1601-01-01T00:00:00.0000001Z"},
	"format_ad_timestamp 10":                                          {"exactness: ldap3 computes with floats", "time 1601-01-01T00:00:00.0000010Z"},
	"format_ad_timestamp 130000000000000010":                          {"exactness: ldap3 computes with floats", "time 2012-12-14T23:06:40.0000010Z"},
	"format_ad_timestamp 131234567890123456":                          {"exactness: ldap3 computes with floats", "time 2016-11-12T20:39:49.0123456Z"},
	"format_ad_timestamp -131234567890123456":                         {"ldap3 drops the sign", "bytes -131234567890123456"},
	"format_ad_timestamp 9223372036854775807":                         {"never is a value of its own", "never never"},
	"format_ad_timestamp 2650467743999999999":                         {"exactness: ldap3 rounds it to the year 10000", "time 9999-12-31T23:59:59.9999999Z"},
	"format_ad_timedelta -9223372036854775808":                        {"never is a value of its own", "never never"},
	"format_ad_timedelta -1":                                          {"exactness: ldap3 has microseconds", "interval PT0.0000001S"},
	"format_ad_timedelta -10":                                         {"exactness: ldap3 computes with floats", "interval PT0.000001S"},
	"format_ad_timedelta -9223372036854775807":                        {"ldap3 raises a TypeError", "interval P10675199DT2H48M5.4775807S"},
	"format_ad_timedelta 9223372036854775807":                         {"ldap3 ends at the year 9999", "interval P10675199DT2H48M5.4775807S"},
	"format_ad_timedelta abc":                                         {"ldap3 raises a TypeError", "bytes abc"},
	"format_ad_timedelta ":                                            {"ldap3 raises a TypeError", "bytes "},
}

func TestLDAP3Vectors(t *testing.T) {
	f := readLDAP3(t)
	if len(f.Vectors) != 123 {
		t.Errorf("%d vectors", len(f.Vectors))
	}
	met := make(map[string]bool)
	for _, v := range f.Vectors {
		raw, err := hex.DecodeString(v.Hex)
		if err != nil {
			t.Fatal(err)
		}
		a := Attribute{Description: "x", Type: *counterparts[v.Formatter]}
		value, err := a.Format(raw)
		got := value.Kind().String() + " " + value.String()
		if value.Kind() == KindBytes {
			got = "bytes " + string(value.Bytes())
			if err == nil && v.Formatter != "format_binary" {
				t.Errorf("%s %q: bytes without a reason", v.Formatter, raw)
			}
		}
		key := v.Formatter + " " + string(raw)
		if d, ok := differences[key]; ok {
			met[key] = true
			if got != d.want {
				t.Errorf("%s %q: %q, not %q", v.Formatter, raw, got, d.want)
			}
			if v.equals(value) {
				t.Errorf("%s %q: does not differ", v.Formatter, raw)
			}
			continue
		}
		if !v.equals(value) {
			t.Errorf("%s %q: %q, not %+v", v.Formatter, raw, got, v.Out)
		}
	}
	for key := range differences {
		if !met[key] {
			t.Errorf("no vector %q", key)
		}
	}
}

// equals tells whether ldap3's result is the same.
func (v ldap3Vector) equals(got Value) bool {
	switch v.Out.T {
	case "str":
		return slices.Contains([]Kind{KindText, KindGUID, KindSID}, got.Kind()) && got.String() == v.Out.V
	case "bytes":
		return got.Kind() == KindBytes && hex.EncodeToString(got.Bytes()) == v.Out.Hex
	case "int":
		return got.Kind() == KindInteger && got.BigInt().String() == v.Out.V
	case "bool":
		b, ok := got.Bool()
		return ok && b == v.Out.V
	case "datetime":
		at, ok := got.Time()
		_, offset := at.Zone()
		return ok && at.Format("2006-01-02T15:04:05.000000") == v.Out.V && float64(offset) == v.Out.Offset*60 && at.Nanosecond()%1000 == 0
	case "timedelta":
		i, ok := got.Interval()
		return ok && i == Interval(v.Out.Days)*Day+Interval(v.Out.Seconds)*Second+Interval(v.Out.US)*Microsecond
	default:
		return false
	}
}

// keyDifferences are the keys that have another type than in ldap3's table, and
// why.
var keyDifferences = map[string]struct {
	reason, want string
}{
	"1.3.6.1.4.1.1466.115.121.1.41": {"a postal address has lines, as later versions of ldap3 know", "postalAddress"},
	"1.3.6.1.4.1.1466.115.121.1.53": {"UTC Time has years of two digits", "utcTime"},
	"1.2.840.113556.1.4.903":        {"DN with binary is text: B:32:…:DN", "text"},
	"1.2.840.113556.1.4.906":        {"64 bits", "largeInteger"},
	"1.2.840.113556.1.4.907":        {"the syntax of security descriptors", "securityDescriptor"},
	"2.16.840.1.113719.1.1.4.1.501": {"eDirectory's GUID is stored as bytes, which a validator has to write", "guid"},
	"1.2.840.113556.1.4.49":         {"0 is never", "filetimeOrZero"},
	"1.2.840.113556.1.4.51":         {"0 is never", "filetimeOrZero"},
	"1.2.840.113556.1.4.52":         {"0 is never", "filetimeOrZero"},
	"1.2.840.113556.1.4.159":        {"0 is never", "filetimeOrZero"},
	"1.2.840.113556.1.4.662":        {"0 is never", "filetimeOrZero"},
	"1.2.840.113556.1.4.1696":       {"0 is never", "filetimeOrZero"},
	"1.2.840.113556.1.4.96":         {"0 is never, and -1 may be written", "passwordSetTime"},
}

func TestLDAP3Keys(t *testing.T) {
	table := readLDAP3(t).Table
	if len(table) != 98 {
		t.Errorf("%d keys", len(table))
	}
	for key, functions := range table {
		got := builtin().byOID[key]
		if got == nil {
			got = builtin().byName[strings.ToLower(key)]
		}
		if got == nil {
			t.Errorf("%s: missing", key)
			continue
		}
		want := counterparts[*functions[0]].Name
		if d, ok := keyDifferences[key]; ok {
			if d.want == want {
				t.Errorf("%s: does not differ", key)
			}
			want = d.want
		}
		if got.Name != want {
			t.Errorf("%s: %s, not %s", key, got.Name, want)
		}
	}
}
