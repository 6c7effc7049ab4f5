package demo

import (
	"fmt"
	"strings"

	"github.com/go-ldap/ldap/v3"
)

// attribute is an attribute of an entry.
type attribute struct {
	*attributeType
	values []string
}

// entry is an entry of the directory; nothing changes it once the tree is built.
type entry struct {
	dn         string
	name       *ldap.DN
	attributes []attribute
}

// values returns the values of an attribute, none if the entry has no such.
func (e *entry) values(a *attributeType) []string {
	for _, held := range e.attributes {
		if held.attributeType == a {
			return held.values
		}
	}
	return nil
}

// newEntry makes an entry of "name: value" lines; a name that comes again adds a
// value. The attributes keep the order in which they come first.
func (s *schema) newEntry(dn string, lines ...string) (*entry, error) {
	name, err := ldap.ParseDN(dn)
	if err != nil {
		return nil, fmt.Errorf("name %q: %w", dn, err)
	}
	e := &entry{dn: dn, name: name}
	for _, line := range lines {
		description, value, _ := strings.Cut(line, ": ")
		a := s.attribute(description)
		if a == nil {
			return nil, fmt.Errorf("entry %q: the schema has no attribute %q", dn, description)
		}
		e.add(a, value)
	}
	return e, nil
}

func (e *entry) add(a *attributeType, value string) {
	for i := range e.attributes {
		if e.attributes[i].attributeType == a {
			e.attributes[i].values = append(e.attributes[i].values, value)
			return
		}
	}
	e.attributes = append(e.attributes, attribute{a, []string{value}})
}
