package filter

// descriptionPrefix returns the length of the attribute description that s
// begins with, 0 for none: a name or OID, and options (RFC 4512 §2.5). Names
// may have underscores, which some servers allow.
func descriptionPrefix(s string) int {
	n := namePrefix(s)
	for n > 0 && n < len(s) && s[n] == ';' {
		option := 0
		for n+1+option < len(s) && isNameByte(s[n+1+option]) {
			option++
		}
		if option == 0 {
			break
		}
		n += 1 + option
	}
	return n
}

// rulePrefix is the same for the name or OID of a matching rule.
func rulePrefix(s string) int { return namePrefix(s) }

// namePrefix takes letters, digits, hyphens, underscores and points; the server
// knows which names there are.
func namePrefix(s string) int {
	n := 0
	for n < len(s) && (isNameByte(s[n]) || s[n] == '.') {
		n++
	}
	return n
}

func isNameByte(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_'
}
