package formatters

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/ldapedge/ldapedge/schemajson"
)

// fuzzedTypes are all types, each once, in an order that stays.
func fuzzedTypes() (all []*Type) {
	seen := make(map[*Type]bool)
	for _, k := range Keys() {
		if !seen[k.Type] {
			seen[k.Type] = true
			all = append(all, k.Type)
		}
	}
	return append(all, typeADTime, typeUnknown, typeText, typeBytes)
}

// FuzzTypes: whatever the bytes, no type panics, and what a formatter makes of
// them its validator turns into bytes that are the same value, or an error.
func FuzzTypes(f *testing.F) {
	types := fuzzedTypes()
	for i := range types {
		for _, seed := range []string{
			"", "0", "-1", "42", "TRUE", "20130521164433.0Z", "2013052116.5+0530", "140102030405Z", "131234567890123456", "9223372036854775807",
			"-9223372036854775808", "99999999999999999999", guidText, "{" + guidText + "}", "\x01\x01\x00\x00\x00\x00\x00\x05\x12\x00\x00\x00",
			"Zoë", "\xff\xfe", `a$b\24c\5C`, "cn=a,dc=example", "B:2:ff:cn=a", "S-1-5-18", "#'0101'B", "PT30M", "1234567890abcdef", "DE", "x@y",
		} {
			f.Add(uint8(i), []byte(seed))
		}
	}
	f.Fuzz(func(t *testing.T, which uint8, raw []byte) {
		a := Attribute{Description: "x", Type: *types[int(which)%len(types)]}
		before := bytes.Clone(raw)
		v, err := a.Format(raw)
		if !bytes.Equal(before, raw) {
			t.Fatal("the bytes were changed")
		}
		if err != nil {
			if v.Kind() != KindBytes || !bytes.Equal(v.Bytes(), raw) {
				t.Fatalf("%s: %q is lost: %s %s, %v", a.Type.Name, raw, v.Kind(), v, err)
			}
			if _, err := a.Validate(v); err == nil && a.Type.Name == "integer" {
				t.Fatalf("%s: %q cannot be formatted but be validated", a.Type.Name, raw)
			}
			return
		}
		checkRoundTrip(t, &a, v, raw)
		checkJSON(t, &a, v)
	})
}

func checkRoundTrip(t *testing.T, a *Attribute, v Value, raw []byte) {
	b, err := a.Validate(v)
	if err != nil {
		return
	}
	again, err := a.Format(b)
	if err != nil || !again.Equal(v) {
		t.Fatalf("%s: %q is %s %s; written %q, which is %s %s, %v", a.Type.Name, raw, v.Kind(), v, b, again.Kind(), again, err)
	}
	twice, err := a.Validate(again)
	if err != nil || !bytes.Equal(twice, b) {
		t.Fatalf("%s: %q is written %q, and then %q, %v", a.Type.Name, raw, b, twice, err)
	}
}

// checkJSON: the JSON form is JSON, and what is read of it the validator takes
// for the same value.
func checkJSON(t *testing.T, a *Attribute, v Value) {
	text := v.AppendJSON(nil)
	if !json.Valid(text) {
		t.Fatalf("%s: not JSON: %s", a.Type.Name, text)
	}
	back, err := ValueFromJSON(text)
	if err != nil {
		t.Fatalf("%s: %s: %v", a.Type.Name, text, err)
	}
	want, err := a.Validate(v)
	if err != nil {
		return
	}
	got, err := a.Validate(back)
	if err != nil {
		t.Fatalf("%s: %s: %v", a.Type.Name, text, err)
	}
	one, err := a.Format(want)
	if err != nil {
		t.Fatal(err)
	}
	if other, err := a.Format(got); err != nil || !other.Equal(one) {
		t.Fatalf("%s: %s is %s, not %s, %v", a.Type.Name, text, other, one, err)
	}
}

// FuzzValidators: whatever text or bytes a validator is given, it does not
// panic, and what it lets through its formatter takes.
func FuzzValidators(f *testing.F) {
	types := fuzzedTypes()
	for i := range types {
		for _, seed := range []string{"", "42", "true", "2013-05-21T16:44:33Z", "S-1-5-18", "{" + guidText + "}", "O:SYD:(A;;GA;;;WD)", "P42D", "a\nb"} {
			f.Add(uint8(i), seed, int64(len(seed)))
		}
	}
	f.Fuzz(func(t *testing.T, which uint8, text string, n int64) {
		of := types[int(which)%len(types)]
		a := Attribute{Description: "x", Type: *of}
		for _, v := range []Value{TextValue(text), BytesValue([]byte(text)), IntegerValue(n), IntervalValue(Interval(n)), {kind: KindTime, n: n % maxUnix}, NeverValue()} {
			b, err := a.Validate(v)
			if err != nil {
				continue
			}
			if w, err := a.Format(b); err != nil && of != typePasswordSet && v.Kind() != KindInteger {
				t.Fatalf("%s lets %s %q through as %q, which is none: %s, %v", of.Name, v.Kind(), v, b, w, err)
			}
		}
	})
}

// A schema that a server sends decides, and can be anything.
func FuzzSchema(f *testing.F) {
	f.Add("( 1.1 NAME 'a' SUP a )", "a;x", []byte("1"))
	f.Add("( 1.1 NAME 'a' SYNTAX OctetString )", "1.1", []byte{0xff})
	f.Fuzz(func(t *testing.T, definition, description string, raw []byte) {
		s := schemajson.Parse("CN=Aggregate,CN=Schema,DC=x", []schemajson.Attribute{{Name: "attributeTypes", Values: []string{definition}}})
		all := New(s, nil).Values(description, [][]byte{raw})
		if len(all.Values) != 1 || len(all.Problems) > 1 {
			t.Fatalf("%v", all)
		}
	})
}
