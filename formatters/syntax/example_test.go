package syntax_test

import (
	"fmt"

	"github.com/ldapedge/ldapedge/formatters/syntax"
)

func ExampleCheck() {
	const generalizedTime = "1.3.6.1.4.1.1466.115.121.1.24"
	fmt.Println(syntax.Name(generalizedTime))
	fmt.Println(syntax.Check(generalizedTime, []byte("20240229120000Z")))
	fmt.Println(syntax.Check(generalizedTime, []byte("20260231120000Z")))
	// Output:
	// Generalized Time
	// <nil>
	// Generalized Time: February has no day 31 in that year at byte 6
}
