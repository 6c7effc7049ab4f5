package syntax

import "strings"

// The syntaxes whose values are parts with separators: "$", and "*" in
// assertions.

var (
	deliveryMethods = []string{"any", "mhs", "physical", "telex", "teletex", "g3fax", "g4fax", "ia5", "videotex", "telephone"}
	faxParameters   = []string{"twoDimensional", "fineResolution", "unlimitedLength", "b4Length", "a3Width", "b4Width", "uncompressed"}
	teletexKeys     = []string{"graphic", "control", "misc", "page", "private"}
)

// deliveryMethod is RFC 4517 §3.3.5.
func deliveryMethod(s string) *Error {
	c := cursor{s: s}
	for {
		n := keyword(c.rest(), deliveryMethods)
		if n == 0 {
			return c.unexpected("a delivery method")
		}
		c.pos += n
		if c.end() {
			return nil
		}
		c.spaces()
		if !c.take("$") {
			return c.unexpected(`"$"`)
		}
		c.spaces()
	}
}

// faxNumber is RFC 4517 §3.3.11.
func faxNumber(s string) *Error {
	c := cursor{s: s}
	if err := c.printable(); err != nil {
		return err
	}
	for !c.end() {
		if !c.take("$") {
			return c.unexpected(`"$"`)
		}
		n := keyword(c.rest(), faxParameters)
		if n == 0 {
			return c.unexpected("a fax parameter")
		}
		c.pos += n
	}
	return nil
}

// teletexIdentifier is RFC 4517 §3.3.32.
func teletexIdentifier(s string) *Error {
	c := cursor{s: s}
	if err := c.printable(); err != nil {
		return err
	}
	for !c.end() {
		if !c.take("$") {
			return c.unexpected(`"$"`)
		}
		n := keyword(c.rest(), teletexKeys)
		if n == 0 {
			return c.unexpected("a teletex key")
		}
		c.pos += n
		if !c.take(":") {
			return c.unexpected(`":"`)
		}
		if err := c.escaped('$', "24"); err != nil {
			return err
		}
	}
	return nil
}

// telexNumber is RFC 4517 §3.3.33.
func telexNumber(s string) *Error {
	c := cursor{s: s}
	for i := range 3 {
		if i > 0 && !c.take("$") {
			return c.unexpected(`"$"`)
		}
		if err := c.printable(); err != nil {
			return err
		}
	}
	if !c.end() {
		return c.unexpected("the end")
	}
	return nil
}

// otherMailbox is RFC 4517 §3.3.27.
func otherMailbox(s string) *Error {
	c := cursor{s: s}
	if err := c.printable(); err != nil {
		return err
	}
	if !c.take("$") {
		return c.unexpected(`"$"`)
	}
	return moved(ia5String(c.rest()), c.pos)
}

// postalAddress is RFC 4517 §3.3.28.
func postalAddress(s string) *Error {
	if err := validUTF8(s); err != nil {
		return err
	}
	c := cursor{s: s}
	for {
		start := c.pos
		if err := c.escaped('$', "24"); err != nil {
			return err
		}
		if c.pos == start {
			return c.unexpected("a line")
		}
		if !c.take("$") {
			return nil // escaped stops nowhere else but at the end
		}
	}
}

// substringAssertion is RFC 4517 §3.3.30.
func substringAssertion(s string) *Error {
	if err := validUTF8(s); err != nil {
		return err
	}
	c := cursor{s: s}
	for asterisks := 0; ; asterisks++ {
		start := c.pos
		if err := c.escaped('*', "2A"); err != nil {
			return err
		}
		if c.end() {
			if asterisks == 0 {
				return c.unexpected(`"*"`)
			}
			return nil
		}
		if c.pos == start && asterisks > 0 {
			return c.unexpected("a substring")
		}
		c.pos++
	}
}

// printable goes past printable characters, of which there must be one.
func (c *cursor) printable() *Error {
	start := c.pos
	for !c.end() && isPrintable(c.s[c.pos]) {
		c.pos++
	}
	if c.pos == start {
		return c.unexpected("a printable character")
	}
	return nil
}

// escaped goes past a part up to its separator or the end. In the part the
// separator and the backslash are a backslash and their hexadecimal digits.
func (c *cursor) escaped(separator byte, hex string) *Error {
	for !c.end() && c.s[c.pos] != separator {
		if c.s[c.pos] == '\\' {
			code := c.s[c.pos+1 : min(c.pos+3, len(c.s))]
			if !strings.EqualFold(code, hex) && !strings.EqualFold(code, "5C") {
				return unexpected(c.s, c.pos+1, hex+" or 5C after the backslash")
			}
			c.pos += 2
		}
		c.pos++
	}
	return nil
}
