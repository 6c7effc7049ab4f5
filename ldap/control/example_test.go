package control_test

import (
	"fmt"

	"github.com/ldapedge/ldapedge/ldap/control"
	"github.com/ldapedge/ldapedge/ldap/message"
)

func Example() {
	request := control.PagedResults{Size: 500}.Control()
	fmt.Printf("%s % x\n", request.OID, request.Value)

	controls := message.Controls{{OID: control.OIDPagedResults, Value: []byte("\x30\x06\x02\x01\x00\x04\x01c")}}
	if c, ok := controls.Find(control.OIDPagedResults); ok {
		page, err := control.ParsePagedResults(c)
		fmt.Printf("%q %v\n", page.Cookie, err)
	}
	// Output:
	// 1.2.840.113556.1.4.319 30 06 02 02 01 f4 04 00
	// "c" <nil>
}
