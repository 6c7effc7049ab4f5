package filter

import (
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

//go:embed testdata/filters.json
var vectorFile []byte

// vector is a text, and its encoding or what is wrong with it.
type vector struct {
	Filter, BER, Canonical string
	Offset                 int
	Reason                 string
}

func vectors(t testing.TB) (all []vector) {
	t.Helper()
	if err := json.Unmarshal(vectorFile, &all); err != nil || len(all) < 80 {
		t.Fatal(len(all), err)
	}
	return all
}

func TestVectors(t *testing.T) {
	for _, v := range vectors(t) {
		f, err := Parse(v.Filter)
		if v.Reason != "" {
			var e *Error
			if !errors.As(err, &e) || e.Offset != v.Offset || !strings.Contains(e.Reason, v.Reason) || f != (Filter{}) {
				t.Errorf("%q: %v, want %q at byte %d", v.Filter, err, v.Reason, v.Offset)
			}
			continue
		}
		if err != nil || encoding(f) != v.BER {
			t.Errorf("%q: %v\ngot  %s\nwant %s", v.Filter, err, encoding(f), v.BER)
			continue
		}
		if v.Canonical == "" {
			v.Canonical = v.Filter
		}
		if f.String() != v.Canonical {
			t.Errorf("%q is written %q, not %q", v.Filter, f, v.Canonical)
		}
		if again, err := Parse(f.String()); again != f || err != nil {
			t.Errorf("%q: %q read again is % x, %v", v.Filter, f, again.AppendBER(nil), err)
		}
		b, _ := hex.DecodeString(v.BER)
		if decoded, err := Decode(b); decoded != f || err != nil {
			t.Errorf("%s: % x, %v", v.BER, decoded.AppendBER(nil), err)
		}
	}
}
