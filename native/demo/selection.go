package demo

import "slices"

// Attribute selectors of RFC 4511, section 4.5.1.8 and RFC 3673.
const (
	allUserAttributes        = "*"
	allOperationalAttributes = "+"
)

// selection is which attributes a search returns.
type selection struct {
	user, operational bool
	named             []*attributeType
}

// newSelection reads the attribute list of a search. An empty list asks for all
// user attributes. What the schema does not know is passed over, and so is "1.1",
// which alone leaves nothing to return.
func (s *schema) newSelection(requested []string) selection {
	sel := selection{user: len(requested) == 0}
	for _, description := range requested {
		switch description {
		case allUserAttributes:
			sel.user = true
		case allOperationalAttributes:
			sel.operational = true
		default:
			if a := s.attribute(description); a != nil {
				sel.named = append(sel.named, a)
			}
		}
	}
	return sel
}

// of returns the attributes of an entry that are selected, in the entry's order.
func (sel selection) of(e *entry) []attribute {
	var chosen []attribute
	for _, a := range e.attributes {
		wanted := sel.user
		if a.operational {
			wanted = sel.operational
		}
		if wanted || slices.Contains(sel.named, a.attributeType) {
			chosen = append(chosen, a)
		}
	}
	return chosen
}
