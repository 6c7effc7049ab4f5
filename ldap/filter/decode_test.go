package filter

import (
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	ber "github.com/go-asn1-ber/asn1-ber"
)

// Active Directory's clients send lengths of four octets.
func TestDecodeLongLengths(t *testing.T) {
	long := func(tag byte, body string) string {
		return string([]byte{tag, 0x84, 0, 0, 0, byte(len(body))}) + body
	}
	cn := long(0xa3, long(4, "cn")+long(4, "x"))
	substrings := long(0xa4, long(4, "c")+long(0x30, long(0x80, "a")+long(0x82, "b")))
	rule := long(0xa9, long(0x81, "r")+long(0x83, "v")+long(0x84, "\x01"))
	f, err := Decode([]byte(long(0xa0, cn+substrings+rule+long(0xa2, long(0x87, "d")))))
	want := And(Equal("cn", "x"), Substrings("c", "a", nil, "b"), Extensible("", "r", "v", true), Not(Present("d")))
	if err != nil || f != want {
		t.Errorf("%s, %v", f, err)
	}
}

func TestDecodeErrors(t *testing.T) {
	tests := []struct{ name, b, message string }{
		{"nothing", "", "header is cut off"},
		{"cut off", "a3070402636e0401", "an element of 7 bytes is cut off after 6"},
		{"more", "8702636e00", "1 bytes after the filter"},
		{"another tag", "aa00", "tag 0xaa is no kind of filter"},
		{"a present that has parts", "a702636e", "tag 0xa7 is no kind of filter"},
		{"not of none", "a200", "a not of 0 filters"},
		{"not of two", "a206870161870162", "a not of 2 filters"},
		{"rubbish in an and", "a0020405", "cut off"},
		{"no value", "a3040402636e", "equalityMatch: assertionValue"},
		{"too many values", "a30a0402636e040178040179", "3 bytes after the assertionValue"},
		{"no name", "a3050400040178", `"" is no attribute description`},
		{"a name that would change the text", "8706636e3d782928", `present: protocol error: "cn=x)(" is no attribute description`},
		{"no substrings", "a40604" + "02636e3000", "there are no substrings"},
		{"an empty substring", "a4080402636e30028100", "a substring is empty"},
		{"final before any", "a40c0402636e3006820161810162", "a substring with tag 0x82"},
		{"two initials", "a40c0402636e3006800161800162", "a substring with tag 0x80"},
		{"initial after any", "a40c0402636e3006810161800162", "a substring with tag 0x80"},
		{"another kind of substring", "a4090402636e3003830161", "a substring with tag 0x83"},
		{"neither attribute nor rule", "a903830178", "neither an attribute nor a matching rule"},
		{"a rule that would change the text", "a907810" + "2723a830178", `"r:" is no matching rule`},
		{"a rule that the text would have for dnAttributes", "a90b8102" + "446e8202636e830178", `the matching rule is "Dn" without dnAttributes`},
		{"no match value", "a9048202636e", "matchValue"},
		{"dnAttributes of two octets", "a90b8202636e83017884020000", "BOOLEAN of 2 octets"},
		{"more than dnAttributes", "a90d8202636e8301788401ff850100", "3 bytes after the dnAttributes"},
	}
	for _, test := range tests {
		b, err := hex.DecodeString(test.b)
		if err != nil {
			t.Fatal(test.name, err)
		}
		f, err := Decode(b)
		if !errors.Is(err, ErrProtocol) || !strings.Contains(err.Error(), test.message) || f != (Filter{}) {
			t.Errorf("%s: %v", test.name, err)
		}
	}
	if f, err := Decode([]byte("\xa9\x0a\x82\x02cn\x83\x01x\x84\x01\x00")); err != nil || f != Extensible("cn", "", "x", false) {
		t.Errorf("dnAttributes that is false: %s, %v", f, err)
	}
}

func TestDepth(t *testing.T) {
	nested := func(n int) string { return strings.Repeat("(!", n-1) + "(a=b)" + strings.Repeat(")", n-1) }
	f, err := Parse(nested(MaxDepth))
	if err != nil || f.String() != nested(MaxDepth) {
		t.Fatalf("as deep as may be: %v", err)
	}
	if decoded, err := Decode(f.AppendBER(nil)); decoded != f || err != nil {
		t.Errorf("decoding it: %v", err)
	}
	var e *Error
	if _, err := Parse(nested(MaxDepth + 1)); !errors.As(err, &e) || e.Offset != 2*MaxDepth || !strings.Contains(e.Reason, "more than 1000 deep") {
		t.Errorf("one deeper: %v", err)
	}
	if _, err := Decode(Not(f).AppendBER(nil)); !errors.Is(err, ErrProtocol) || !strings.Contains(err.Error(), "more than 1000 deep") {
		t.Errorf("decoding one deeper: %v", err)
	}
	if _, err := Not(f).Map(func(a Assertion) (Assertion, error) { return a, nil }); err == nil {
		t.Error("Map takes one deeper")
	}
	for _, text := range []string{strings.Repeat("(", 1e6), strings.Repeat("(&", 1e6), strings.Repeat("(!", 1e6)} {
		if _, err := Parse(text); err == nil {
			t.Errorf("%.10s… a million times is taken", text)
		}
	}
	wide := "(|" + strings.Repeat("(a=b)", 1e5) + ")"
	if f, err := Parse(wide); err != nil || f.String() != wide {
		t.Errorf("a wide filter: %v", err)
	}
}

// FuzzParse: what is read is written, read and decoded as the same filter, and
// asn1-ber reads its encoding.
func FuzzParse(f *testing.F) {
	for _, v := range vectors(f) {
		f.Add(v.Filter)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := Parse(text)
		if err != nil {
			var e *Error
			if !errors.As(err, &e) || e.Offset < 0 || e.Offset > len(text) || e.Reason == "" {
				t.Fatalf("%v", err)
			}
			return
		}
		if again, err := Parse(got.String()); err != nil || again != got {
			t.Errorf("%q is written %q: %v", text, got, err)
		}
		b := got.AppendBER(nil)
		if again, err := Decode(b); err != nil || again != got {
			t.Errorf("%q decoded is %q: %v", text, again, err)
		}
		if p, err := ber.DecodePacketErr(b); err != nil || string(p.Bytes()) != string(b) {
			t.Errorf("%q: asn1-ber: %v", text, err)
		}
		rebuilt, err := got.Map(func(a Assertion) (Assertion, error) { return a, nil })
		if err != nil || rebuilt != got {
			t.Errorf("%q put together again is %q: %v", text, rebuilt, err)
		}
	})
}

// FuzzDecode: what is decoded is written and parsed as the same filter.
func FuzzDecode(f *testing.F) {
	for _, v := range vectors(f) {
		b, err := hex.DecodeString(v.BER)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := Decode(b)
		if err != nil {
			if !errors.Is(err, ErrProtocol) {
				t.Fatal(err)
			}
			return
		}
		if again, err := Parse(got.String()); err != nil || again != got {
			t.Errorf("% x is written %q: %v", b, got, err)
		}
	})
}
