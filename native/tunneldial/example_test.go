package tunneldial_test

import (
	"context"
	"fmt"
	"log"

	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/ldap/filter"
	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/native/tunneldial"
	"github.com/ldapedge/ldapedge/server"
)

// A search on a server that only the connector can reach.
func Example() {
	ctx := context.Background()
	dialer, err := tunneldial.New("wss://connector.example.com", &tunneldial.Options{Token: tunneldial.TokenFile("token")})
	if err != nil {
		log.Fatal(err)
	}
	dc1, err := server.New("ldaps://dc1.example.com", nil) // as the connector has it
	if err != nil {
		log.Fatal(err)
	}
	c := ldap.NewConnection(dc1, dialer, nil)
	if err := c.Open(ctx); err != nil {
		log.Fatal(err)
	}
	defer c.Close()
	for entry, err := range c.Search(ctx, message.SearchRequest{Base: "dc=example,dc=com", Scope: message.ScopeSub, Filter: filter.Equal("uid", "alice")}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(entry.DN())
	}
}
