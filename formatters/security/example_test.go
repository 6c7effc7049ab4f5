package security_test

import (
	"fmt"

	"github.com/ldapedge/ldapedge/formatters/security"
)

func ExampleParseSID() {
	objectSid := []byte{1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 32, 2, 0, 0}
	sid, err := security.ParseSID(objectSid)
	fmt.Println(sid, sid.Name(), err)
	// Output: S-1-5-32-544 BUILTIN\Administrators <nil>
}

func ExampleParseSDDL() {
	domain, _ := security.ParseSIDText("S-1-5-21-1-2-3")
	d, err := security.ParseSDDL("O:DAD:P(OA;;CR;00299570-246d-11d0-a768-00aa006e0529;;AO)", domain)
	if err != nil {
		fmt.Println(err)
		return
	}
	ace := d.DACL.ACEs[0]
	fmt.Println(d.Owner.Name(), "owns it;", ace.SID.Name(), "may", security.RightName(ace.ObjectType))
	fmt.Println(d.SDDL())
	// Output:
	// Domain Admins owns it; BUILTIN\Account Operators may User-Force-Change-Password
	// O:S-1-5-21-1-2-3-512D:P(OA;;CR;00299570-246d-11d0-a768-00aa006e0529;;AO)
}
