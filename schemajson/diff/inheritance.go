package diff

import "slices"

// inheritance is what an attribute type has, its own or inherited (RFC 4512
// §2.5.1); empty where it has none.
type inheritance struct {
	equality, ordering, substr, syntax string
	// length is that of the syntax.
	length int
	// open tells that the supertypes are still being looked at.
	open bool
}

// inherited returns what a type of one side has. It is worked out once, with that
// of the supertypes, so that long chains of these cost no more than short ones.
func (c *comparison) inherited(side int, t *attributeType) *inheritance {
	if c.inheritances[side] == nil {
		c.inheritances[side] = make(map[*attributeType]*inheritance)
	}
	known := c.inheritances[side]
	var chain []*attributeType
	for one := t; one != nil && known[one] == nil; one = c.schemas[side].AttributeType(one.SUP) {
		known[one] = &inheritance{open: true}
		chain = append(chain, one)
	}
	for _, one := range slices.Backward(chain) {
		own := known[one]
		*own = inheritance{equality: one.Equality, ordering: one.Ordering, substr: one.Substr, syntax: one.Syntax, length: one.Length}
		if sup := known[c.schemas[side].AttributeType(one.SUP)]; sup != nil && !sup.open {
			own.fill(sup)
		}
	}
	return known[t]
}

// fill takes from a supertype what is not there.
func (t *inheritance) fill(sup *inheritance) {
	for _, field := range []struct {
		own       *string
		inherited string
	}{{&t.equality, sup.equality}, {&t.ordering, sup.ordering}, {&t.substr, sup.substr}} {
		if *field.own == "" {
			*field.own = field.inherited
		}
	}
	if t.syntax == "" {
		t.syntax, t.length = sup.syntax, sup.length
	}
}
