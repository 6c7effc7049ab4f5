// Package guid is GUIDs and UUIDs: their text, and the two orders of bytes in
// which directories keep them.
package guid

import (
	"errors"
	"strconv"
)

// GUID is a GUID or UUID in the order of its text, which is that of RFC 4122
// §4.1.2 (big-endian).
type GUID [16]byte

// Length is the length of the text, in bytes.
const Length = len("00000000-0000-0000-0000-000000000000")

var errText = errors.New("a GUID is 8-4-4-4-12 hexadecimal digits")

// Parse reads a GUID's text (RFC 4122 §3) in any case, with or without the
// braces that Microsoft puts around it, or with the prefix urn:uuid:.
func Parse(s string) (GUID, error) { return parse(s) }

// ParseBytes does the same with the bytes of a text.
func ParseBytes(b []byte) (GUID, error) { return parse(b) }

func parse[T string | []byte](s T) (GUID, error) {
	const urn = "urn:uuid:"
	if inner, ok := unbraced(s); ok {
		s = inner
	}
	if len(s) > len(urn) && string(s[:len(urn)]) == urn {
		s = s[len(urn):]
	}
	if len(s) != Length {
		return GUID{}, errors.New("a GUID's text has " + strconv.Itoa(Length) + " characters, not " + strconv.Itoa(len(s)))
	}
	var g GUID
	at := 0
	for i := range g {
		if hyphenBefore(i) {
			if s[at] != '-' {
				return GUID{}, errText
			}
			at++
		}
		high, low := hexDigit(s[at]), hexDigit(s[at+1])
		if high < 0 || low < 0 {
			return GUID{}, errText
		}
		g[i] = byte(high<<4 | low)
		at += 2
	}
	return g, nil
}

// unbraced returns what is between the braces of a GUID's text; ok is false if
// it has none.
func unbraced[T string | []byte](s T) (inner T, ok bool) {
	if len(s) != Length+2 || s[0] != '{' || s[len(s)-1] != '}' {
		return inner, false
	}
	return s[1 : len(s)-1], true
}

func hyphenBefore(i int) bool { return i == 4 || i == 6 || i == 8 || i == 10 }

func hexDigit(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	default:
		return -1
	}
}

// FromLittleEndian returns the GUID that Microsoft's systems keep in these
// bytes, the first three fields little-endian ([MS-DTYP] 2.3.4.2).
func FromLittleEndian(b [16]byte) GUID { return GUID(b).swapped() }

// LittleEndian returns the bytes in which Microsoft's systems keep the GUID.
func (g GUID) LittleEndian() [16]byte { return g.swapped() }

func (g GUID) swapped() GUID {
	return GUID{g[3], g[2], g[1], g[0], g[5], g[4], g[7], g[6], g[8], g[9], g[10], g[11], g[12], g[13], g[14], g[15]}
}

// String returns the text in lower case, without braces.
func (g GUID) String() string { return string(g.Append(make([]byte, 0, Length))) }

// Append appends what String returns.
func (g GUID) Append(dst []byte) []byte {
	const digits = "0123456789abcdef"
	for i, b := range g {
		if hyphenBefore(i) {
			dst = append(dst, '-')
		}
		dst = append(dst, digits[b>>4], digits[b&0xf])
	}
	return dst
}
