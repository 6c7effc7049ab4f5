package dn_test

import (
	"fmt"

	"github.com/ldapedge/ldapedge/dn"
)

func Example() {
	name, err := dn.Parse(`CN="Smith, J." ; OID.2.5.4.11 = Sales, dc=example`)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(name[0][0].Value)
	fmt.Println(name)
	fmt.Println(dn.Check("dc=example,net"))
	// Output:
	// Smith, J.
	// CN=Smith\, J.,2.5.4.11=Sales,dc=example
	// DN: "=" is expected, not the end at byte 14
}
