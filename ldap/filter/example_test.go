package filter_test

import (
	"fmt"

	"github.com/ldapedge/ldapedge/ldap/filter"
)

func Example() {
	parsed, err := filter.Parse(`(&(objectClass=person)(cn=Babs J*\2a))`)
	if err != nil {
		fmt.Println(err)
		return
	}
	built := filter.And(filter.Equal("objectClass", "person"), filter.Substrings("cn", "Babs J", nil, "*"))
	fmt.Println(built, parsed == built)
	for a := range parsed.Assertions() {
		fmt.Println(a.Attribute)
	}
	_, err = filter.Parse("(cn=Babs(Jensen))")
	fmt.Println(err)
	// Output:
	// (&(objectClass=person)(cn=Babs J*\2a)) true
	// objectClass
	// cn
	// filter: a parenthesis in a value must be escaped: \28 at byte 8
}

// A GUID is sent as its bytes, whichever way it is written.
func ExampleFilter_Map() {
	f, err := filter.Parse("(objectGUID=db6ffb06)")
	if err != nil {
		fmt.Println(err)
		return
	}
	f, err = f.Map(func(a filter.Assertion) (filter.Assertion, error) {
		if a.Attribute == "objectGUID" && a.Value == "db6ffb06" {
			a.Value = "\x06\xfb\x6f\xdb"
		}
		return a, nil
	})
	fmt.Println(f, err)
	// Output: (objectGUID=\06\fbo\db) <nil>
}
