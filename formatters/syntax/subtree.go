package syntax

import (
	"strings"
)

// subtreeSpecification is RFC 3672, appendix A.
func subtreeSpecification(s string) *Error {
	if err := validUTF8(s); err != nil {
		return err
	}
	c := cursor{s: s}
	if !c.take("{") {
		return c.unexpected(`"{"`)
	}
	for i, first := 0, true; ; first = false {
		c.spaces()
		if c.take("}") {
			break
		}
		if !first {
			if !c.take(",") {
				return c.unexpected(`"," or "}"`)
			}
			c.spaces()
		}
		next := subtreeField(c.rest(), i)
		if next < 0 {
			return c.unexpected("one of the fields that may come here")
		}
		i = next + 1
		c.pos += len(subtreeFields[next].name)
		if n := spaces(c.rest()); n == 0 {
			return c.unexpected("a space")
		}
		c.spaces()
		if err := subtreeFields[next].value(&c); err != nil {
			return err
		}
	}
	if !c.end() {
		return c.unexpected("the end")
	}
	return nil
}

// subtreeFields are those of a subtree specification, each at most once and in
// this order.
var subtreeFields = [...]struct {
	name  string
	value func(*cursor) *Error
}{
	{"base", (*cursor).localName},
	{"specificExclusions", (*cursor).exclusions},
	{"minimum", (*cursor).distance},
	{"maximum", (*cursor).distance},
	{"specificationFilter", (*cursor).refinement},
}

// subtreeField returns which field s begins with, of those from the one on, -1
// if none.
func subtreeField(s string, from int) int {
	n := 0
	for n < len(s) && isAlpha(s[n]) {
		n++
	}
	for i := from; i < len(subtreeFields); i++ {
		if s[:n] == subtreeFields[i].name {
			return i
		}
	}
	return -1
}

// localName reads a DN in quotes; a quote in it is written twice (RFC 3642).
func (c *cursor) localName() *Error {
	if !c.take(`"`) {
		return c.unexpected(`"\""`)
	}
	start := c.pos
	doubled := false
	for {
		n := strings.IndexByte(c.rest(), '"')
		if n < 0 {
			c.pos = len(c.s)
			return c.unexpected("the closing quote")
		}
		c.pos += n + 1
		if !c.take(`"`) {
			break
		}
		doubled = true
	}
	name := c.s[start : c.pos-1]
	if !doubled {
		return moved(distinguishedName(name), start)
	}
	if err := distinguishedName(strings.ReplaceAll(name, `""`, `"`)); err != nil {
		return failAt(start, err.Message) // the place is one in the name without the doubled quotes
	}
	return nil
}

// exclusions reads SpecificExclusions.
func (c *cursor) exclusions() *Error {
	if !c.take("{") {
		return c.unexpected(`"{"`)
	}
	for first := true; ; first = false {
		c.spaces()
		if c.take("}") {
			return nil
		}
		if !first {
			if !c.take(",") {
				return c.unexpected(`"," or "}"`)
			}
			c.spaces()
		}
		if !c.take("chopBefore:") && !c.take("chopAfter:") {
			return c.unexpected("chopBefore: or chopAfter:")
		}
		if err := c.localName(); err != nil {
			return err
		}
	}
}

// distance reads BaseDistance.
func (c *cursor) distance() *Error {
	n := digits(c.rest())
	if n == 0 {
		return c.unexpected("a number")
	}
	if n > 1 && c.s[c.pos] == '0' {
		return failAt(c.pos, "a number does not begin with 0")
	}
	c.pos += n
	return nil
}

// refinement reads Refinement. Only the number of open braces must be known:
// each is a list's.
func (c *cursor) refinement() *Error {
	for open := 0; ; {
		c.spacesIn(open)
		for c.take("not:") {
		}
		if c.take("and:{") || c.take("or:{") {
			open++
			c.spaces()
			if !strings.HasPrefix(c.rest(), "}") {
				continue
			}
		} else if c.take("item:") {
			if err := c.oid("an object class"); err != nil {
				return err
			}
		} else {
			return c.unexpected("item:, and:{, or:{ or not:")
		}
		for open > 0 {
			c.spaces()
			if !c.take("}") {
				break
			}
			open--
		}
		if open == 0 {
			return nil
		}
		if !c.take(",") {
			return c.unexpected(`"," or "}"`)
		}
	}
}

// spacesIn goes past spaces within a list.
func (c *cursor) spacesIn(open int) {
	if open > 0 {
		c.spaces()
	}
}
