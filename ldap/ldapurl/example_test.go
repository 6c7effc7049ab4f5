package ldapurl_test

import (
	"fmt"

	"github.com/ldapedge/ldapedge/ldap/ldapurl"
	"github.com/ldapedge/ldapedge/ldap/message"
)

func ExampleParse() {
	u, err := ldapurl.Parse("ldap://[2001:db8::7]/o=Question%3f,c=GB?objectClass?ONE")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(u.Host, u.DN, u.Attributes, *u.Scope == message.ScopeOne, u.Filter == nil)
	fmt.Println(u)
	_, err = ldapurl.Parse("ldap://dc1.example.com/dc=x??subtree")
	fmt.Println(err)
	// Output:
	// 2001:db8::7 o=Question?,c=GB [objectClass] true true
	// ldap://[2001:db8::7]/o=Question%3F,c=GB?objectClass?one
	// LDAP URL: the scope "subtree" is none of base, one and sub at byte 29
}
