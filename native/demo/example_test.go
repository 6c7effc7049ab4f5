package demo_test

import (
	"context"
	"fmt"
	"log"

	"github.com/go-ldap/ldap/v3"

	"github.com/ldapedge/ldapedge/native/demo"
)

func Example() {
	directory, err := demo.Start(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	defer directory.Close()

	conn, err := ldap.DialURL(directory.URL())
	if err != nil {
		log.Fatal(err)
	}
	defer conn.Close()

	request := ldap.NewSearchRequest(demo.BaseDN, ldap.ScopeWholeSubtree, ldap.NeverDerefAliases,
		0, 0, false, "(&(objectClass=person)(title=*Scientist))", []string{"displayName"}, nil)
	found, err := conn.Search(request)
	if err != nil {
		log.Fatal(err)
	}
	for _, entry := range found.Entries {
		fmt.Println(entry.DN, entry.GetAttributeValue("displayName"))
	}
	// Output:
	// uid=hiroshi.tanaka,ou=people,dc=example,dc=com 田中 浩
	// uid=kiran.rao,ou=people,dc=example,dc=com ಕಿರಣ್ ರಾವ್
}
