// Package people says what the contestants of bench/search look for.
package people

import (
	"fmt"

	"github.com/ldapedge/ldapedge/ldap/filter"
)

// Count is the number of people.
const Count = 50_000

// All is the error of a search that has found so many, or failed.
func All(entries int, err error) error {
	if err == nil && entries != Count {
		err = fmt.Errorf("%d entries", entries)
	}
	return err
}

// Base is the entry that they are below.
const Base = "ou=people,dc=example,dc=com"

// FilterText is the filter that all of them match.
const FilterText = "(objectClass=posixAccount)"

// Filter returns it.
func Filter() filter.Filter { return filter.Equal("objectClass", "posixAccount") }

// Attributes are all user attributes, a time and a UUID.
var Attributes = []string{"*", "createTimestamp", "entryUUID"}
