package guid

import (
	"strings"
	"testing"
)

func TestGUID(t *testing.T) {
	const text = "bf967aba-0de6-11d0-a285-00aa003049e2"
	want := GUID{0xbf, 0x96, 0x7a, 0xba, 0x0d, 0xe6, 0x11, 0xd0, 0xa2, 0x85, 0x00, 0xaa, 0x00, 0x30, 0x49, 0xe2}
	for _, s := range []string{text, strings.ToUpper(text), "{" + text + "}", "urn:uuid:" + text} {
		if g, err := Parse(s); err != nil || g != want || g.String() != text {
			t.Errorf("%s: %s, %v", s, g, err)
		}
	}
	little := [16]byte{0xba, 0x7a, 0x96, 0xbf, 0xe6, 0x0d, 0xd0, 0x11, 0xa2, 0x85, 0x00, 0xaa, 0x00, 0x30, 0x49, 0xe2}
	if want.LittleEndian() != little || FromLittleEndian(little) != want {
		t.Errorf("%x", want.LittleEndian())
	}
	for bad, reason := range map[string]string{
		"":                                     "36 characters, not 0",
		text[:35]:                              "36 characters, not 35",
		text + "a":                             "36 characters, not 37",
		"{" + text:                             "36 characters, not 37",
		"g" + text[1:]:                         "8-4-4-4-12",
		"bf967aba-0de6-11d0-a28500aa003049e2-": "8-4-4-4-12",
		"@" + text[1:]:                         "8-4-4-4-12",
	} {
		if g, err := Parse(bad); err == nil || !strings.Contains(err.Error(), reason) {
			t.Errorf("%q: %s, %v", bad, g, err)
		}
	}
}
