// Package walkgoldap reads people with github.com/go-ldap/ldap.
package walkgoldap

import (
	"context"
	"errors"

	"github.com/go-ldap/ldap/v3"

	"github.com/ldapedge/ldapedge/bench/search/people"
)

// People searches for all people, walks their attributes and values as they
// come, and counts them.
func People(c *ldap.Conn) (entries int, err error) {
	request := ldap.NewSearchRequest(people.Base, ldap.ScopeSingleLevel, ldap.NeverDerefAliases, 0, 0, false, people.FilterText, people.Attributes, nil)
	sum := 0
	for r := c.SearchAsync(context.Background(), request, 64); r.Next(); {
		if r.Err() != nil {
			return 0, r.Err()
		}
		e := r.Entry()
		if e == nil {
			continue
		}
		entries++
		sum += len(e.DN)
		for _, a := range e.Attributes {
			for _, v := range a.ByteValues {
				sum += len(v)
			}
		}
	}
	if sum == 0 {
		return 0, errors.New("nothing is in the entries")
	}
	return entries, nil
}
