package security

import (
	"encoding/hex"
	"slices"
	"strings"
	"testing"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	raw, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func mustSID(t testing.TB, s string) SID {
	t.Helper()
	sid, err := ParseSIDText(s)
	if err != nil {
		t.Fatal(err)
	}
	return sid
}

var sids = []struct{ raw, text, name string }{
	{"01 01 000000000001 00000000", "S-1-1-0", "Everyone"},
	{"01 01 000000000005 12000000", "S-1-5-18", `NT AUTHORITY\SYSTEM`},
	{"01 02 000000000005 20000000 20020000", "S-1-5-32-544", `BUILTIN\Administrators`},
	{"01 05 000000000005 15000000 01000000 02000000 03000000 00020000", "S-1-5-21-1-2-3-512", "Domain Admins"},
	{"01 05 000000000005 15000000 ffffffff 02000000 03000000 51040000", "S-1-5-21-4294967295-2-3-1105", ""},
	{"01 04 000000000005 15000000 01000000 02000000 03000000", "S-1-5-21-1-2-3", ""},
	{"01 05 000000000005 20000000 01000000 02000000 03000000 00020000", "S-1-5-32-1-2-3-512", ""},
	{"01 00 000000000005", "S-1-5", ""},
	{"01 01 123456789abc 05000000", "S-1-0x123456789abc-5", ""},
	{"01 01 0000ffffffff 05000000", "S-1-4294967295-5", ""},
	{"01 01 000100000000 05000000", "S-1-0x000100000000-5", ""},
	{"01 0f 000000000001" + strings.Repeat("07000000", 15), "S-1-1" + strings.Repeat("-7", 15), ""},
}

func TestSID(t *testing.T) {
	seen := map[SID]bool{}
	for _, c := range sids {
		raw := unhex(t, c.raw)
		sid, err := ParseSID(raw)
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		if seen[sid] {
			t.Errorf("%s equals another", c.text)
		}
		seen[sid] = true
		if sid.String() != c.text || sid.Name() != c.name || sid.Binary() != string(raw) || string(sid.Bytes()) != string(raw) {
			t.Errorf("%s: %q, name %q", c.text, sid, sid.Name())
		}
		if again := mustSID(t, c.text); again != sid {
			t.Errorf("%s is read as %x", c.text, again.raw)
		}
		if len(c.text) > maxSIDText {
			t.Errorf("maxSIDText is too small for %s", c.text)
		}
	}
}

func TestSIDParts(t *testing.T) {
	sid := mustSID(t, "s-1-0X5-21-1-2-3-512")
	if rid, ok := sid.RID(); sid.Authority() != 5 || !ok || rid != 512 || !slices.Equal(sid.SubAuthorities(), []uint32{21, 1, 2, 3, 512}) {
		t.Errorf("%s: authority %d, sub-authorities %d, RID %d", sid, sid.Authority(), sid.SubAuthorities(), rid)
	}
	var zero SID
	if _, ok := zero.RID(); ok || !zero.IsZero() || zero.String() != "" || zero.Name() != "" || zero.Authority() != 0 ||
		len(zero.SubAuthorities()) != 0 || len(zero.Bytes()) != 0 {
		t.Error("the zero SID is something")
	}
	if _, ok := mustSID(t, "S-1-5").RID(); ok {
		t.Error("S-1-5 has a RID")
	}
}

func TestSIDErrors(t *testing.T) {
	for _, c := range []struct {
		raw    string
		offset int
	}{
		{"", 0},
		{"01 00 0000000000", 7},
		{"02 00 000000000005", 0},
		{"01 10 000000000005" + strings.Repeat("07000000", 16), 1},
		{"01 02 000000000005 20000000", 12},
		{"01 01 000000000005 20000000 00", 12},
	} {
		sid, err := ParseSID(unhex(t, c.raw))
		if problem, ok := err.(*Error); !ok || problem.Offset != c.offset || problem.Form != FormSID || !sid.IsZero() {
			t.Errorf("%s: %v", c.raw, err)
		}
	}
	for _, c := range []struct {
		text   string
		offset int
	}{
		{"", 0}, {"S-", 0}, {"S-1", 0}, {"S-2-5-18", 0}, {" S-1-5-18", 0}, {"X-1-5-18", 0},
		{"S-1-", 4}, {"S-1--1", 4}, {"S-1-x5-1", 4}, {"S-1-0x-1", 4}, {"S-1-+5-1", 4},
		{"S-1-281474976710656-1", 4}, {"S-1-0x1000000000000-1", 4}, {"S-1-0x_1-1", 4},
		{"S-1-5-", 6}, {"S-1-5-18-", 9}, {"S-1-5-18 ", 6}, {"S-1-5-4294967296", 6}, {"S-1-5--18", 6},
		{"S-1-5-21-0x1", 9}, {"S-1-5-00000000018", 6},
		{"S-1-1" + strings.Repeat("-7", 16), 36},
	} {
		sid, err := ParseSIDText(c.text)
		if problem, ok := err.(*Error); !ok || problem.Offset != c.offset || !sid.IsZero() {
			t.Errorf("%q: %v", c.text, err)
		}
	}
	if _, err := ParseSID([]byte{2, 0, 0, 0, 0, 0, 0, 5}); err.Error() != "SID, byte 0: the revision is 2, not 1" {
		t.Error(err)
	}
}

func TestAppendSID(t *testing.T) {
	raw := mustSID(t, "S-1-5-21-1-2-3-512").Binary()
	if got := string(AppendSID([]byte("sid="), raw)); got != "sid=S-1-5-21-1-2-3-512" {
		t.Error(got)
	}
	for _, bad := range []string{"", raw[:27], raw + "\x00"} {
		if got := string(AppendSID([]byte("x"), bad)); got != "x" {
			t.Errorf("%x: %q", bad, got)
		}
	}
	buf := make([]byte, 0, maxSIDText)
	if n := testing.AllocsPerRun(100, func() { buf = AppendSID(buf[:0], raw) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// The tables are right if each SID is one, and no alias stands for two.
func TestSIDTables(t *testing.T) {
	aliases, texts := map[string]bool{}, map[string]bool{}
	check := func(alias, text, name string) {
		if alias != "" && (len(alias) != 2 || aliases[alias] || strings.ToUpper(alias) != alias) || texts[text] || name == "" {
			t.Errorf("%s, %s, %s", alias, text, name)
		}
		aliases[alias], texts[text] = true, true
	}
	for _, w := range wellKnownSIDs {
		check(w.alias, w.sid, w.name)
		if sid := mustSID(t, w.sid); sid.String() != w.sid || sid.Name() != w.name {
			t.Errorf("%s is %s, %s", w.sid, sid, sid.Name())
		}
	}
	domain := mustSID(t, "S-1-5-21-1-2-3")
	for _, d := range domainSIDs {
		sid, ok := domain.child(d.rid)
		check(d.alias, sid.String(), d.name)
		if !ok || sid.Name() != d.name {
			t.Errorf("%s is %s", sid, sid.Name())
		}
	}
}

func FuzzSID(f *testing.F) {
	for _, c := range sids {
		f.Add(unhex(f, c.raw), c.text)
	}
	f.Fuzz(func(t *testing.T, raw []byte, text string) {
		for _, parse := range []func() (SID, error){
			func() (SID, error) { return ParseSID(raw) },
			func() (SID, error) { return ParseSIDText(text) },
		} {
			sid, err := parse()
			if err != nil {
				_ = err.Error()
				continue
			}
			binary, err1 := ParseSID(sid.Bytes())
			again, err2 := ParseSIDText(sid.String())
			if err1 != nil || err2 != nil || binary != sid || again != sid || len(sid.String()) > maxSIDText {
				t.Errorf("%s: %v, %v", sid, err1, err2)
			}
			sid.Name()
		}
	})
}
