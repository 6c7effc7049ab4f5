package syntax

import "strings"

// Depth is how far values of a syntax are checked.
type Depth uint8

const (
	// Grammar: all that the definition says of a value's form.
	Grammar Depth = iota
	// Outline: only a part, which [Info.Note] names.
	Outline
	// Anything: nothing; every value is accepted.
	Anything
)

var depths = [...]string{"grammar", "outline", "anything"}

// String returns the depth in lower case.
func (d Depth) String() string { return depths[d] }

// Info describes a syntax.
type Info struct {
	OID string
	// Name is the syntax's name as the document has it in DESC.
	Name string
	// Doc is the document that defines the syntax, with the section.
	Doc string
	// Binary tells that values are not text.
	Binary bool
	// Depth is how far values are checked.
	Depth Depth
	// Note says what is not checked, or what servers take beside what the
	// document says; empty if there is nothing to say.
	Note string
}

// All returns the syntaxes that the package knows, sorted by the numbers of
// their OIDs.
func All() []Info {
	all := make([]Info, len(definitions))
	for i := range definitions {
		all[i] = definitions[i].info
	}
	return all
}

// definition is a syntax and its rule, nil if any value is one.
type definition struct {
	info Info
	rule rule
}

// find returns the definition of the syntax, nil if there is none.
func find(oid string) *definition {
	low, high := 0, len(definitions)
	for low < high {
		middle := (low + high) / 2
		c := compareOIDs(definitions[middle].info.OID, oid)
		if c == 0 {
			return &definitions[middle]
		}
		if c < 0 {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return nil
}

// compareOIDs orders numeric OIDs by their numbers. Two texts compare equal only
// if they are the same.
func compareOIDs(a, b string) int {
	same, start := 0, 0 // start is where the first number begins that is not in both
	for same < len(a) && same < len(b) && a[same] == b[same] {
		same++
		if a[same-1] == '.' {
			start = same
		}
	}
	x, _, moreA := strings.Cut(a[start:], ".")
	y, _, moreB := strings.Cut(b[start:], ".")
	switch {
	case len(x) != len(y):
		return len(x) - len(y)
	case x != y:
		return strings.Compare(x, y)
	case moreA:
		return 1
	case moreB:
		return -1
	}
	return 0
}
