package syntax

// nisNetgroupTriple is RFC 2307 §2.4: (host,user,domain), each empty, "-" or a
// name. Its BNF has <keystring> for a name, its ASN.1 IA5String; the latter is
// taken, for the names of hosts have dots.
func nisNetgroupTriple(s string) *Error {
	c := cursor{s: s}
	if !c.take("(") {
		return c.unexpected(`"("`)
	}
	for i := range 3 {
		if i > 0 && !c.take(",") {
			return c.unexpected(`","`)
		}
		for !c.end() && isTripleCharacter(c.s[c.pos]) {
			c.pos++
		}
	}
	if !c.take(")") {
		return c.unexpected(`")"`)
	}
	if !c.end() {
		return c.unexpected("the end")
	}
	return nil
}

func isTripleCharacter(b byte) bool {
	return isASCII(b) && b != ',' && b != '(' && b != ')'
}

// bootParameter is RFC 2307 §2.4: key=server:path. Its BNF has <keystring> for
// each part, which its own example, root=fs:/nfsroot/peg, is not; its ASN.1 has
// IA5String, which is taken.
func bootParameter(s string) *Error {
	if err := ia5String(s); err != nil {
		return err
	}
	c := cursor{s: s}
	for _, part := range [...]struct{ name, end string }{{"a key", "="}, {"a server", ":"}} {
		start := c.pos
		for !c.end() && c.s[c.pos] != part.end[0] {
			c.pos++
		}
		if c.pos == start {
			return c.unexpected(part.name)
		}
		if !c.take(part.end) {
			return c.unexpected(`"` + part.end + `"`)
		}
	}
	if c.end() {
		return c.unexpected("a path")
	}
	return nil
}
