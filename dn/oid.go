package dn

import "strings"

// OIDPrefix returns the length of the object identifier that s begins with, 0
// if it begins with none: a descriptor such as "cn" or a numeric OID of two or
// more numbers without leading zeros (RFC 4512 §1.4, <oid>). What follows the
// identifier is not looked at.
func OIDPrefix(s string) int {
	if s == "" {
		return 0
	}
	if isAlpha(s[0]) {
		n := 1
		for n < len(s) && (isAlpha(s[n]) || isDigit(s[n]) || s[n] == '-') {
			n++
		}
		return n
	}
	n := numberPrefix(s)
	if n == 0 {
		return 0
	}
	end := 0
	for n < len(s) && s[n] == '.' {
		digits := numberPrefix(s[n+1:])
		if digits == 0 {
			break
		}
		n += 1 + digits
		end = n
	}
	return end
}

// numberPrefix returns the length of the number that s begins with.
func numberPrefix(s string) int {
	if s != "" && s[0] == '0' {
		return 1
	}
	n := 0
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	return n
}

func isAlpha(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' }

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

func isHex(b byte) bool { return isDigit(b) || b|0x20 >= 'a' && b|0x20 <= 'f' }

// isSpecial tells the characters that a backslash may precede as they are.
func isSpecial(b byte) bool { return strings.IndexByte(`\"+,;<> #=`, b) >= 0 }

// unhex returns the value of a hexadecimal digit.
func unhex(b byte) byte {
	if isDigit(b) {
		return b - '0'
	}
	return b | 0x20 - 'a' + 10
}
