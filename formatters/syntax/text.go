package syntax

import (
	"strconv"
	"strings"
)

// utf8Text checks a text that may be empty.
func utf8Text(s string) *Error { return validUTF8(s) }

// directoryString is RFC 4517 §3.3.6.
func directoryString(s string) *Error {
	if s == "" {
		return unexpected(s, 0, "a character")
	}
	return validUTF8(s)
}

// ia5String is RFC 4517 §3.2, <IA5String>.
func ia5String(s string) *Error { return all(s, isASCII, "an ASCII character") }

// printableString is RFC 4517 §3.2, <PrintableString>.
func printableString(s string) *Error { return some(s, isPrintable, "a printable character") }

// numericString is RFC 4517 §3.3.23.
func numericString(s string) *Error {
	return some(s, func(c byte) bool { return isDigit(c) || c == ' ' }, "a digit or a space")
}

// countryString is RFC 4517 §3.3.4.
func countryString(s string) *Error {
	if err := printableString(s); err != nil {
		return err
	}
	if len(s) == 1 {
		return unexpected(s, 1, "a second letter")
	}
	if len(s) > 2 {
		return unexpected(s, 2, "the end")
	}
	return nil
}

// boolean is RFC 4517 §3.3.3.
func boolean(s string) *Error {
	if s == "TRUE" || s == "FALSE" {
		return nil
	}
	return failAt(0, "TRUE or FALSE is expected")
}

// bitString is RFC 4517 §3.3.2.
func bitString(s string) *Error {
	c := cursor{s: s}
	if !c.take("'") {
		return c.unexpected(`"'"`)
	}
	for !c.end() && (s[c.pos] == '0' || s[c.pos] == '1') {
		c.pos++
	}
	if !c.take("'") {
		return c.unexpected(`0, 1 or "'"`)
	}
	if !c.take("B") {
		return c.unexpected(`"B"`)
	}
	if !c.end() {
		return c.unexpected("the end")
	}
	return nil
}

// integer is RFC 4517 §3.3.16.
func integer(s string) *Error {
	number := strings.TrimPrefix(s, "-")
	sign := len(s) - len(number)
	if number == "" || !isDigit(number[0]) {
		return unexpected(s, sign, "a digit")
	}
	if number[0] == '0' && (sign > 0 || len(number) > 1) {
		return failAt(sign, "a number does not begin with 0")
	}
	if n := digits(number); n < len(number) {
		return unexpected(s, sign+n, "a digit")
	}
	return nil
}

// largeInteger is MS-ADTS §3.1.1.2.2.2: an integer of 64 bits.
func largeInteger(s string) *Error {
	if err := integer(s); err != nil {
		return err
	}
	if _, err := strconv.ParseInt(s, 10, 64); err != nil {
		return failAt(0, "a number of 64 bits is expected")
	}
	return nil
}

// uuid is RFC 4530 §2.1.
func uuid(s string) *Error {
	for i := range 36 {
		switch i {
		case 8, 13, 18, 23:
			if i >= len(s) || s[i] != '-' {
				return unexpected(s, i, `"-"`)
			}
		default:
			if i >= len(s) || !isHex(s[i]) {
				return unexpected(s, i, "a hexadecimal digit")
			}
		}
	}
	if len(s) > 36 {
		return unexpected(s, 36, "the end")
	}
	return nil
}
