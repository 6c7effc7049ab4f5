package syntax

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
)

// vectors are values of a syntax, and values that are none with the place where
// that shows. A text that begins with "hex:" is bytes.
type vectors struct {
	Valid   []string
	Invalid []struct {
		Value  string
		Offset int
	}
}

func load(t testing.TB) (v map[string]vectors) {
	t.Helper()
	text, err := os.ReadFile("testdata/syntaxes.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func decode(t testing.TB, text string) []byte {
	t.Helper()
	digits, ok := strings.CutPrefix(text, "hex:")
	if !ok {
		return []byte(text)
	}
	b, err := hex.DecodeString(digits)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestVectors(t *testing.T) {
	for oid, v := range load(t) {
		if Name(oid) == "" {
			t.Errorf("no syntax %s", oid)
		}
		for _, text := range v.Valid {
			if err := Check(oid, decode(t, text)); err != nil {
				t.Errorf("%q: %v", text, err)
			}
		}
		for _, i := range v.Invalid {
			var e *Error
			if err := Check(oid, decode(t, i.Value)); !errors.As(err, &e) || e.Offset != i.Offset || e.Syntax != Name(oid) || e.Message == "" {
				t.Errorf("%s: %q: %v, want an error at %d", Name(oid), i.Value, err, i.Offset)
			}
		}
	}
}

// two are the syntaxes that have no six values.
var two = []string{"1.3.6.1.4.1.1466.115.121.1.7"}

func TestEverySyntaxHasVectors(t *testing.T) {
	v := load(t)
	for _, i := range All() {
		switch x := v[i.OID]; {
		case i.Depth == Anything:
			if len(x.Valid)+len(x.Invalid) > 0 {
				t.Errorf("%s %s has vectors, but takes everything", i.OID, i.Name)
			}
		case i.Binary:
			if len(x.Valid) < 2 || len(x.Invalid) < 6 {
				t.Errorf("%s %s: %d valid, %d invalid", i.OID, i.Name, len(x.Valid), len(x.Invalid))
			}
		case len(x.Valid) < 6 && !slices.Contains(two, i.OID), len(x.Invalid) < 6:
			t.Errorf("%s %s: %d valid, %d invalid", i.OID, i.Name, len(x.Valid), len(x.Invalid))
		}
	}
}

func TestAll(t *testing.T) {
	all := All()
	if len(all) != 87 {
		t.Errorf("%d syntaxes", len(all))
	}
	if !slices.IsSortedFunc(all, func(a, b Info) int { return compareOIDs(a.OID, b.OID) }) {
		t.Error("they are not sorted")
	}
	for i, x := range all {
		if i > 0 && x.OID == all[i-1].OID {
			t.Errorf("%s twice", x.OID)
		}
		if x.OID == "" || x.Name == "" || x.Doc == "" || x.Name != Name(x.OID) {
			t.Errorf("%+v", x)
		}
		if (CheckerOf(x.OID) == nil) != (x.Depth == Anything) {
			t.Errorf("%s %s: %v, checker %t", x.OID, x.Name, x.Depth, CheckerOf(x.OID) != nil)
		}
		if x.Depth == Outline && x.Note == "" {
			t.Errorf("%s %s does not say what is checked", x.OID, x.Name)
		}
	}
}

func TestUnknownSyntax(t *testing.T) {
	for _, oid := range []string{"", "1", "1.2.3", "OctetString", "1.3.6.1.4.1.1466.115.121.1", "1.3.6.1.4.1.1466.115.121.1.59", "1.3.6.1.4.1.1466.115.121.1.7.1", "9.9", "1.3.6.1.4.1.1466.115.121.1.07"} {
		if Check(oid, []byte("\xff")) != nil || CheckerOf(oid) != nil || Name(oid) != "" {
			t.Errorf("%q is known", oid)
		}
	}
	if err := Check("1.3.6.1.4.1.1466.115.121.1.40", nil); err != nil {
		t.Error(err)
	}
}

func TestCompareOIDs(t *testing.T) {
	sorted := []string{"", "1", "1.2", "1.2.3", "1.2.3.4", "1.2.10", "1.3", "1.20", "1.20.1", "1.31", "2", "10"}
	for i, a := range sorted {
		for j, b := range sorted {
			if got := compareOIDs(a, b); got < 0 != (i < j) || got > 0 != (i > j) {
				t.Errorf("%q and %q: %d", a, b, got)
			}
		}
	}
}

func TestCheckerOf(t *testing.T) {
	integer := CheckerOf("1.3.6.1.4.1.1466.115.121.1.27")
	if err := integer([]byte("12")); err != nil {
		t.Error(err)
	}
	if err := integer([]byte("1x")); err == nil || err.Error() != `INTEGER: a digit is expected, not "x" at byte 1` {
		t.Error(err)
	}
	if err := integer(nil); err == nil {
		t.Error("an empty value is an integer")
	}
}

// What an error says must not change with the value.
func TestErrorKeepsNothingOfTheValue(t *testing.T) {
	for oid, v := range load(t) {
		for _, i := range v.Invalid {
			value := decode(t, i.Value)
			err := Check(oid, value)
			before := strings.Clone(err.Error())
			for j := range value {
				value[j] = '~'
			}
			if err.Error() != before {
				t.Errorf("%s: %q has become %q", Name(oid), before, err.Error())
			}
		}
	}
}

// Pieces of values repeated, alone and after the beginning of a value, must cost
// one pass and no depth of the stack: more would take minutes.
func TestLongValues(t *testing.T) {
	n := 1 << 17
	if testing.Short() {
		n = 1 << 12
	}
	seeds := []string{"(", ")", "!", "{", "and:{", "not:", "$", "#", "1", "0#", "'", "\\", "\\24", "*", "*a", ",", "cn=a,", `"`, `""`, " ", "a", "\xff", "é", "( ", "( 1.1 ", "( 1.1 DESC 'a' ", "X-A 'a' ", "'a'b"}
	starts := []string{"", "(", "{ specificationFilter ", "{ specificExclusions ", `{ base "`, "person#", "( 1.1 NAME ( ", "1$misc:", "X400:", "S:1:", "cn=", "0#"}
	for _, i := range All() {
		check := CheckerOf(i.OID)
		if check == nil {
			continue
		}
		for _, start := range starts {
			for _, seed := range seeds {
				check([]byte(start + strings.Repeat(seed, n/len(seed)/len(seeds))))
			}
		}
	}
	for _, seed := range seeds {
		long := []byte(strings.Repeat(seed, n/len(seed)))
		for _, i := range All() {
			Check(i.OID, long)
		}
	}
}
