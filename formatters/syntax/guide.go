package syntax

import (
	"strings"

	"github.com/ldapedge/ldapedge/dn"
)

var (
	matchTypes = []string{"EQ", "SUBSTR", "GE", "LE", "APPROX"}
	subsets    = []string{"baseobject", "oneLevel", "wholeSubtree"}
)

// enhancedGuide is RFC 4517 §3.3.10.
func enhancedGuide(s string) *Error {
	c := cursor{s: s}
	if err := c.objectClass(); err != nil {
		return err
	}
	c.spaces()
	if err := c.criteria(); err != nil {
		return err
	}
	c.spaces()
	if !c.take("#") {
		return c.unexpected(`"#"`)
	}
	c.spaces()
	n := keyword(c.rest(), subsets)
	if n == 0 {
		return c.unexpected("baseobject, oneLevel or wholeSubtree")
	}
	c.pos += n
	if !c.end() {
		return c.unexpected("the end")
	}
	return nil
}

// guide is RFC 4517 §3.3.14.
func guide(s string) *Error {
	c := cursor{s: s}
	if strings.Contains(s, "#") {
		if err := c.objectClass(); err != nil {
			return err
		}
	}
	if err := c.criteria(); err != nil {
		return err
	}
	if !c.end() {
		return c.unexpected(`"|", "&" or the end`)
	}
	return nil
}

// objectClass reads <object-class> SHARP.
func (c *cursor) objectClass() *Error {
	c.spaces()
	if err := c.oid("an object class"); err != nil {
		return err
	}
	c.spaces()
	if !c.take("#") {
		return c.unexpected(`"#"`)
	}
	return nil
}

// criteria reads terms joined by "&" and "|". Nothing but the parentheses
// nests, so that their number is all there is to remember.
func (c *cursor) criteria() *Error {
	for open := 0; ; {
		for c.take("!") {
		}
		if c.take("(") {
			open++
			continue
		}
		if err := c.criterion(); err != nil {
			return err
		}
		for open > 0 && c.take(")") {
			open--
		}
		if c.take("&") || c.take("|") {
			continue
		}
		if open > 0 {
			return c.unexpected(`"&", "|" or ")"`)
		}
		return nil
	}
}

// criterion reads a term that has no others in it.
func (c *cursor) criterion() *Error {
	if c.take("?") {
		n := keyword(c.rest(), []string{"true", "false"})
		if n == 0 {
			return c.unexpected("true or false")
		}
		c.pos += n
		return nil
	}
	if err := c.oid("an attribute type"); err != nil {
		return err
	}
	if !c.take("$") {
		return c.unexpected(`"$"`)
	}
	n := keyword(c.rest(), matchTypes)
	if n == 0 {
		return c.unexpected("a type of match")
	}
	c.pos += n
	return nil
}

// oid reads RFC 4512's <oid>.
func (c *cursor) oid(wanted string) *Error {
	n := dn.OIDPrefix(c.rest())
	if n == 0 {
		return c.unexpected(wanted)
	}
	c.pos += n
	return nil
}
