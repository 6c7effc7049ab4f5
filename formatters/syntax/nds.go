package syntax

import (
	"strconv"
	"strings"
)

// The syntaxes of eDirectory, as Novell's eDirectory Schema Reference has them
// ("LDAP Format: String").

// taggedData is number#data.
func taggedData(s string) *Error {
	c := cursor{s: s}
	return c.tag()
}

// taggedString is number#text.
func taggedString(s string) *Error {
	c := cursor{s: s}
	if err := c.tag(); err != nil {
		return err
	}
	return moved(ia5String(c.rest()), c.pos)
}

// taggedName is number#DN.
func taggedName(s string) *Error {
	c := cursor{s: s}
	if err := c.tag(); err != nil {
		return err
	}
	return moved(distinguishedName(c.rest()), c.pos)
}

// taggedNameAndString is DN#number#text. The text is the last part and may have
// a "#", as may the DN: the first number between two of them is the tag.
func taggedNameAndString(s string) *Error {
	for i := 0; ; i++ {
		n := strings.IndexByte(s[i:], '#')
		if n < 0 {
			return failAt(len(s), `"#", a number and "#" are expected after the DN`)
		}
		i += n
		c := cursor{s: s, pos: i + 1}
		if c.tag() == nil {
			if err := distinguishedName(s[:i]); err != nil {
				return err
			}
			return moved(validUTF8(c.rest()), c.pos)
		}
	}
}

// typedName is DN#level#interval.
func typedName(s string) *Error {
	second := strings.LastIndexByte(s, '#')
	first := -1
	if second > 0 {
		first = strings.LastIndexByte(s[:second], '#')
	}
	if first < 0 {
		return failAt(len(s), `"#" and two numbers with a "#" between them are expected after the DN`)
	}
	if err := uint32String(s[first+1 : second]); err != nil {
		return moved(err, first+1)
	}
	if err := uint32String(s[second+1:]); err != nil {
		return moved(err, second+1)
	}
	return distinguishedName(s[:first])
}

// ndsACL is privileges#scope#subject#attribute.
func ndsACL(s string) *Error {
	c := cursor{s: s}
	if err := c.tag(); err != nil {
		return err
	}
	n := keyword(c.rest(), []string{"entry", "subtree"})
	if n == 0 {
		return c.unexpected("entry or subtree")
	}
	c.pos += n
	if !c.take("#") {
		return c.unexpected(`"#"`)
	}
	end := strings.LastIndexByte(c.rest(), '#')
	if end < 0 {
		c.pos = len(s)
		return c.unexpected(`a subject and "#"`)
	}
	subject, attribute := c.rest()[:end], c.rest()[end+1:]
	if err := moved(validUTF8(attribute), c.pos+end+1); err != nil {
		return err
	}
	if strings.HasPrefix(subject, "[") && strings.HasSuffix(subject, "]") {
		return moved(validUTF8(subject), c.pos) // [Public], [Self] and their kin
	}
	return moved(objectDN(subject), c.pos)
}

// ndsTimestamp is seconds#replica#event.
func ndsTimestamp(s string) *Error {
	c := cursor{s: s}
	if err := c.tag(); err != nil {
		return err
	}
	if err := c.tag(); err != nil {
		return err
	}
	return moved(uint32String(c.rest()), c.pos)
}

// caseIgnoreList is a postal address of any number of lines of any length.
func caseIgnoreList(s string) *Error { return postalAddress(s) }

// tag reads a number and "#".
func (c *cursor) tag() *Error {
	n := digits(c.rest())
	if err := uint32String(c.s[c.pos : c.pos+n]); err != nil {
		if n == 0 {
			return c.unexpected("a number")
		}
		return moved(err, c.pos)
	}
	c.pos += n
	if !c.take("#") {
		return c.unexpected(`"#"`)
	}
	return nil
}

func uint32String(s string) *Error {
	n := digits(s)
	if n == 0 || n < len(s) {
		return unexpected(s, n, "a digit")
	}
	if _, err := strconv.ParseUint(s, 10, 32); err != nil {
		return failAt(0, "a number of 32 bits is expected")
	}
	return nil
}
