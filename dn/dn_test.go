package dn

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"
)

// vectors are those of testdata: DNs with what they mean and how they are
// written, and texts that are none with the place where that shows.
type vectors struct {
	Valid []struct {
		Text string
		// RDNs hold type, value and, for one in BER, "hex".
		RDNs [][][]string
		// String is the canonical form, Text if it is absent.
		String *string
	}
	Invalid []struct {
		Text   string
		Offset int
	}
}

func load(t testing.TB) (v vectors) {
	t.Helper()
	text, err := os.ReadFile("testdata/names.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	if len(v.Valid) < 20 || len(v.Invalid) < 20 {
		t.Fatalf("only %d valid and %d invalid names", len(v.Valid), len(v.Invalid))
	}
	return v
}

func TestValid(t *testing.T) {
	for _, v := range load(t).Valid {
		var want DN
		for _, r := range v.RDNs {
			var rdn RDN
			for _, a := range r {
				rdn = append(rdn, AVA{Type: a[0], Value: a[1], Hex: len(a) > 2})
			}
			want = append(want, rdn)
		}
		text := v.Text
		if v.String != nil {
			text = *v.String
		}
		got, err := Parse(v.Text)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %q, %v, want %q", v.Text, got, err, want)
		}
		if err := Check(v.Text); err != nil {
			t.Errorf("Check(%q): %v", v.Text, err)
		}
		if got.String() != text {
			t.Errorf("%q is written %q, want %q", v.Text, got.String(), text)
		}
		if again, err := Parse(text); err != nil || !reflect.DeepEqual(again, want) {
			t.Errorf("%q, from %q: %q, %v", text, v.Text, again, err)
		}
	}
}

func TestInvalid(t *testing.T) {
	for _, v := range load(t).Invalid {
		d, err := Parse(v.Text)
		e, ok := err.(*SyntaxError)
		if !ok || d != nil || e.Offset != v.Offset {
			t.Errorf("%q: %q, %v, want an error at %d", v.Text, d, err, v.Offset)
		}
		if !reflect.DeepEqual(Check(v.Text), err) {
			t.Errorf("%q: Check says %v, Parse %v", v.Text, Check(v.Text), err)
		}
	}
}

func TestMessage(t *testing.T) {
	tests := map[string]string{
		"cn":           `DN: "=" is expected, not the end at byte 2`,
		"cn=a,é":       `DN: an attribute type is expected, not "é" at byte 5`,
		"cn=a<":        `DN: "<" in a value must be escaped at byte 4`,
		"cn=\xff":      `DN: a byte that is not UTF-8 must be escaped at byte 3`,
		"cn\xff=a":     `DN: "=" is expected, not "\xff" at byte 2`,
		"cn=\"a":       `DN: the closing quote is expected, not the end at byte 5`,
		"cn=\"a\x00\"": `DN: a null character in a value must be escaped at byte 5`,
	}
	for text, want := range tests {
		if err := Check(text); err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

func TestBytesThatAreNotText(t *testing.T) {
	d, err := Parse(`cn=\ff\00a`)
	if err != nil || d[0][0].Value != "\xff\x00a" || d.String() != `cn=\ff\00a` {
		t.Errorf("%q, %v", d, err)
	}
	if got := EscapeValue("\xc4"); got != `\c4` {
		t.Errorf("got %q", got)
	}
}

func TestString(t *testing.T) {
	r := RDN{{Type: "cn", Value: "a+b"}, {Type: "1.2", Value: "\x05\x00", Hex: true}}
	if r.String() != `cn=a\+b+1.2=#0500` || r[0].String() != `cn=a\+b` || (DN{r}).String() != r.String() {
		t.Errorf("got %q", r)
	}
}

func TestOIDPrefix(t *testing.T) {
	tests := map[string]int{"": 0, "cn": 2, "cn;x": 2, "a-1_": 3, "-a": 0, "1": 0, "1.2": 3, "1.2.": 3, "1.20.0.3x": 8, "1..2": 0, "0.00": 3, "00.1": 0, "1.2.03": 5, "é": 0}
	for s, want := range tests {
		if got := OIDPrefix(s); got != want {
			t.Errorf("%q: %d, want %d", s, got, want)
		}
	}
}

func TestCheckAllocatesNothing(t *testing.T) {
	name := `uid=j\2c smith + cn="Smith, J.",ou=Söme ünit,1.2.3=#0402,dc=example,dc=net`
	if n := testing.AllocsPerRun(100, func() {
		if Check(name) != nil {
			t.Fatal("not valid")
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// A hostile text must not cost more than one pass over it, nor deepen a stack.
func TestLongNames(t *testing.T) {
	n := 1 << 20
	if testing.Short() {
		n = 1 << 14
	}
	for _, text := range []string{
		strings.Repeat(" ", n), "cn=" + strings.Repeat(" ", n) + "<", "cn=a" + strings.Repeat("+cn=a", n/5), "cn=a" + strings.Repeat(",cn=a", n/5),
		"cn=#" + strings.Repeat("00", n/2), `cn="` + strings.Repeat(`\"`, n/2), "1" + strings.Repeat(".1", n/2), strings.Repeat("a", n),
	} {
		a := Check(text)
		if _, b := Parse(text); (a == nil) != (b == nil) {
			t.Errorf("%.10q…: Check says %v, Parse %v", text, a, b)
		}
	}
}

func FuzzParse(f *testing.F) {
	v := load(f)
	for _, x := range v.Valid {
		f.Add(x.Text)
	}
	for _, x := range v.Invalid {
		f.Add(x.Text)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := Parse(s)
		if again := Check(s); !reflect.DeepEqual(again, err) {
			t.Fatalf("Check says %v, Parse %v", again, err)
		}
		if err != nil {
			if e := err.(*SyntaxError); e.Offset < 0 || e.Offset > len(s) {
				t.Fatalf("offset %d of %d", e.Offset, len(s))
			}
			return
		}
		again, err := Parse(d.String())
		if err != nil || !reflect.DeepEqual(again, d) {
			t.Fatalf("%q is written %q, which is %q, %v", d, d.String(), again, err)
		}
	})
}

func BenchmarkCheck(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if Check("uid=jsmith,ou=People,dc=example,dc=com") != nil {
			b.Fatal("not valid")
		}
	}
}

func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse("uid=jsmith,ou=People,dc=example,dc=com"); err != nil {
			b.Fatal(err)
		}
	}
}
