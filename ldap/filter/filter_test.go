package filter

import (
	"encoding/hex"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func encoding(f Filter) string { return hex.EncodeToString(f.AppendBER(nil)) }

func TestBuilders(t *testing.T) {
	tests := []struct {
		f    Filter
		text string
	}{
		{Filter{}, "(objectClass=*)"},
		{Present("cn"), "(cn=*)"},
		{Equal("cn", "a*(\\)"), `(cn=a\2a\28\5c\29)`},
		{Equal("cn", `\2a`), `(cn=\5c2a)`},
		{Equal("cn", ""), "(cn=)"},
		{GreaterOrEqual("cn", "*"), `(cn>=\2a)`},
		{LessOrEqual("cn", "a"), "(cn<=a)"},
		{Approx("cn", "a"), "(cn~=a)"},
		{Substrings("cn", "a*", []string{"b", "", "c"}, "d"), `(cn=a\2a*b*c*d)`},
		{Substrings("cn", "", nil, "d"), "(cn=*d)"},
		{Substrings("cn", "a", nil, ""), "(cn=a*)"},
		{Substrings("cn", "", []string{""}, ""), "(cn=*)"},
		{Extensible("cn", "2.5.13.5", "a", true), "(cn:dn:2.5.13.5:=a)"},
		{Extensible("cn", "", "", false), "(cn:=)"},
		{Extensible("", "caseExactMatch", "a", false), "(:caseExactMatch:=a)"},
		{And(), "(&)"},
		{Or(), "(|)"},
		{And(Filter{}, Or(Equal("a", "b"), Not(Present("c")))), "(&(objectClass=*)(|(a=b)(!(c=*))))"},
	}
	for _, test := range tests {
		if got := test.f.String(); got != test.text {
			t.Errorf("%s is written %s", test.text, got)
		}
		if again, err := Parse(test.text); encoding(again) != encoding(test.f) || err != nil {
			t.Errorf("%s: % x built, % x parsed, %v", test.text, test.f.AppendBER(nil), again.AppendBER(nil), err)
		}
	}
	if got := string(Equal("cn", "x").AppendBER([]byte("before"))); got != "before\xa3\x07\x04\x02cn\x04\x01x" {
		t.Errorf("appended %q", got)
	}
	if built, parsed := Equal("a", "b"), And(Equal("a", "b")).Parts()[0]; built != parsed || built == Equal("a", "c") {
		t.Error("== does not compare filters")
	}
}

func TestKindAndParts(t *testing.T) {
	f, err := Parse("(|(a=1)(&(b=*)(c~=2))(!(d>=3)))")
	if err != nil {
		t.Fatal(err)
	}
	long := Equal("e", strings.Repeat("x", 70000))
	f = Or(append(f.Parts(), long)...)
	parts := f.Parts()
	if f.Kind() != KindOr || len(parts) != 4 || parts[3] != long {
		t.Fatalf("kind %x, %d parts", f.Kind(), len(parts))
	}
	if p := parts[1]; p.Kind() != KindAnd || p.String() != "(&(b=*)(c~=2))" || p.Parts()[0].Kind() != KindPresent {
		t.Errorf("the second part is %s", p)
	}
	if p := parts[0]; p.Kind() != KindEquality || p.Parts() != nil {
		t.Errorf("the first part is %s", p)
	}
	if (Filter{}).Kind() != KindPresent || (Filter{}).Parts() != nil || And().Parts() != nil {
		t.Error("the zero value or the empty and has parts")
	}
}

func TestAssertions(t *testing.T) {
	f, err := Parse(`(&(a=\2a)(|(b=i*x*y*f)(!(c;o:dn:r:=v)))(d=*))`)
	if err != nil {
		t.Fatal(err)
	}
	want := []Assertion{
		{Kind: KindEquality, Attribute: "a", Value: "*"},
		{Kind: KindSubstrings, Attribute: "b", Initial: "i", Any: []string{"x", "y"}, Final: "f"},
		{Kind: KindExtensible, Attribute: "c;o", Rule: "r", Value: "v", DNAttributes: true},
		{Kind: KindPresent, Attribute: "d"},
	}
	if got := slices.Collect(f.Assertions()); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
	for range f.Assertions() {
		break
	}
	for _, a := range want {
		if got := slices.Collect(a.Filter().Assertions()); !reflect.DeepEqual(got, []Assertion{a}) {
			t.Errorf("%+v comes back as %+v", a, got)
		}
	}
}

func TestMap(t *testing.T) {
	f, err := Parse("(&(guid=db6ffb06)(!(guid=*b*))(cn=x))")
	if err != nil {
		t.Fatal(err)
	}
	got, err := f.Map(func(a Assertion) (Assertion, error) {
		if a.Attribute == "guid" && a.Kind == KindEquality {
			a.Value = "\x06\xfb\x5c\x2a"
		}
		return a, nil
	})
	if want := `(&(guid=\06\fb\5c\2a)(!(guid=*b*))(cn=x))`; err != nil || got.String() != want {
		t.Errorf("%s, %v", got, err)
	}
	wrong, seen := errors.New("wrong"), 0
	if _, err := f.Map(func(a Assertion) (Assertion, error) { seen++; return a, wrong }); err != wrong || seen != 1 {
		t.Errorf("%v after %d", err, seen)
	}
	if got, err := (Filter{}).Map(func(a Assertion) (Assertion, error) { return a, nil }); err != nil || got.String() != "(objectClass=*)" {
		t.Errorf("the zero value becomes %s, %v", got, err)
	}
}

func TestEscapeValue(t *testing.T) {
	for value, want := range map[string]string{
		"": "", "Babs Jensen": "Babs Jensen", `(*)\`: `\28\2a\29\5c`, "\x00\n\x7f": `\00\0a\7f`,
		"Lučić 漢": "Lučić 漢", "\xc4\x8d\xc4": `č\c4`, "\xff\xfe": `\ff\fe`, "=~<>|&! ": "=~<>|&! ", "\ufffd": "\ufffd",
	} {
		if got := EscapeValue(value); got != want {
			t.Errorf("%q becomes %q, not %q", value, got, want)
		}
	}
}
