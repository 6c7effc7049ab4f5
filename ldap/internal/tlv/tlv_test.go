package tlv

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	ber "github.com/go-asn1-ber/asn1-ber"
)

func TestMeasure(t *testing.T) {
	tests := []struct {
		name           string
		b              []byte
		header, length int
		fails          bool
	}{
		{"nothing", nil, 0, 0, false},
		{"tag alone", []byte{0x30}, 0, 0, false},
		{"short", []byte{0x30, 5}, 2, 5, false},
		{"long", []byte{0x30, 0x82, 1, 0}, 4, 256, false},
		{"long, cut off", []byte{0x30, 0x82, 1}, 0, 0, false},
		{"leading zeros", []byte{0x30, 0x88, 0, 0, 0, 0, 0, 0, 0, 9}, 10, 9, false},
		{"indefinite", []byte{0x30, 0x80}, 0, 0, true},
		{"nine octets", []byte{0x30, 0x89}, 0, 0, true},
		{"30 bits", []byte{0x30, 0x84, 0x3f, 0xff, 0xff, 0xff}, 6, 1<<30 - 1, false},
		{"over 30 bits", []byte{0x30, 0x84, 0x40, 0, 0, 0}, 0, 0, true}, // with the header it may not fit 32
		{"over 63 bits", []byte{0x30, 0x88, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, 0, 0, true},
		{"long tag", []byte{0x3f, 1, 1}, 0, 0, true},
	}
	for _, test := range tests {
		header, length, err := Measure(test.b)
		if header != test.header || length != test.length || (err != nil) != test.fails {
			t.Errorf("%s: %d, %d, %v", test.name, header, length, err)
		}
	}
}

// What is appended is what asn1-ber writes, and is read again.
func TestAppend(t *testing.T) {
	for _, n := range []int{0, 1, 127, 128, 255, 256, 65535, 65536, 1 << 24} {
		contents := strings.Repeat("x", n)
		got := Append([]byte{0xaa}, OctetString, contents)[1:]
		want := ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, contents, "").Bytes()
		if !bytes.Equal(got, want) || Size(n) != len(got) {
			t.Errorf("%d bytes: header % x, size %d", n, got[:min(len(got), 8)], Size(n))
		}
		b, at := Open([]byte{0xaa}, OctetString)
		if b = Close(append(b, contents...), at); !bytes.Equal(b[1:], want) {
			t.Errorf("%d bytes: opened and closed: header % x", n, b[1:min(len(b), 8)])
		}
		tag, body, rest, err := Element(append(got, 0xbb))
		if tag != OctetString || string(body) != contents || len(rest) != 1 || err != nil {
			t.Errorf("%d bytes: tag %x, %d bytes, %d left, %v", n, tag, len(body), len(rest), err)
		}
	}
}

func TestAppendNumbers(t *testing.T) {
	for _, n := range []int32{0, 1, -1, 127, 128, -128, -129, 255, 256, 32767, 32768, -32768, -32769, 8388607, 8388608, -8388608, -8388609, 1<<31 - 1, -1 << 31} {
		for tag, kind := range map[byte]ber.Tag{Integer: ber.TagInteger, Enumerated: ber.TagEnumerated} {
			if got, want := AppendInteger(nil, tag, n), ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, kind, n, "").Bytes(); !bytes.Equal(got, want) {
				t.Errorf("%d: % x, not % x", n, got, want)
			}
		}
	}
	for _, v := range []bool{false, true} {
		if got, want := AppendBoolean(nil, Boolean, v), ber.NewLDAPBoolean(ber.ClassUniversal, ber.TypePrimitive, ber.TagBoolean, v, "").Bytes(); !bytes.Equal(got, want) {
			t.Errorf("%v: % x, not % x", v, got, want)
		}
	}
}

func TestReading(t *testing.T) {
	if _, err := Whole([]byte{4, 1, 'a', 0}, OctetString, "name"); err == nil || err.Error() != "protocol error: 1 bytes after the name" || !errors.Is(err, ErrProtocol) {
		t.Errorf("more than the element: %v", err)
	}
	if body, rest, ok, err := Optional([]byte{4, 1, 'a', 2}, OctetString, "name"); string(body) != "a" || len(rest) != 1 || !ok || err != nil {
		t.Errorf("optional and there: %q, %q, %v, %v", body, rest, ok, err)
	}
	if _, rest, ok, err := Optional([]byte{2, 1, 5}, OctetString, "name"); len(rest) != 3 || ok || err != nil {
		t.Errorf("optional and not there: %q, %v, %v", rest, ok, err)
	}
	if _, _, _, err := Optional([]byte{4, 3}, OctetString, "name"); err == nil {
		t.Error("optional and cut off is taken")
	}
	for _, test := range []struct {
		b    []byte
		want int32
		ok   bool
	}{{[]byte{0}, 0, true}, {[]byte{0xff}, -1, true}, {[]byte{0, 0, 0, 0, 5}, 5, true}, {[]byte{0x80, 0, 0, 0}, -1 << 31, true}, {[]byte{1, 0, 0, 0, 0}, 0, false}, {nil, 0, false}} {
		if n, err := ParseInteger(test.b, "n"); n != test.want || (err == nil) != test.ok {
			t.Errorf("% x: %d, %v", test.b, n, err)
		}
	}
	for _, test := range []struct {
		b        []byte
		want, ok bool
	}{{[]byte{0}, false, true}, {[]byte{0xff}, true, true}, {[]byte{1}, true, true}, {nil, false, false}, {[]byte{0, 0}, false, false}} {
		if v, err := ParseBoolean(test.b, "v"); v != test.want || (err == nil) != test.ok {
			t.Errorf("% x: %v, %v", test.b, v, err)
		}
	}
}
