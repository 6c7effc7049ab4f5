//go:build !js

package ldap_test

import (
	"context"
	"fmt"
	"os"

	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/ldap/control"
	"github.com/ldapedge/ldapedge/ldap/filter"
	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/native/dial"
	"github.com/ldapedge/ldapedge/server"
)

func ExampleConnection_Search() {
	ctx := context.Background()
	srv, err := server.New("ldap://ldap.example.com", nil)
	if err != nil {
		return
	}
	c := ldap.NewConnection(srv, new(dial.Dialer), &ldap.Options{Warn: func(err error) { fmt.Fprintln(os.Stderr, err) }})
	if err := c.Open(ctx); err != nil {
		return
	}
	defer c.Close()

	people := message.SearchRequest{
		Base: "ou=people,dc=example,dc=com", Scope: message.ScopeSub,
		Filter:     filter.And(filter.Equal("objectClass", "person"), filter.GreaterOrEqual("modifyTimestamp", "2026-01-02T03:04:05Z")),
		Attributes: []string{"cn", "jpegPhoto", "modifyTimestamp"},
	}
	for entry, err := range c.Search(ctx, people) {
		if err != nil {
			fmt.Println(err) // the last element
			break
		}
		fmt.Println(entry.DN(), entry.Values("cn").Values)
		if photo, ok := entry.Attribute("jpegPhoto"); ok {
			for raw := range photo.Values() {
				fmt.Println(len(raw), "bytes")
			}
		}
	}
}

func ExampleConnection_NewSearch() {
	var c *ldap.Connection // open and bound
	sort := control.Sort{Keys: []control.SortKey{{Attribute: "sn"}}}
	search := c.NewSearch(message.SearchRequest{Base: "dc=example,dc=com", Scope: message.ScopeSub},
		&ldap.SearchOptions{PageSize: 500, Controls: []message.Control{sort.Control()}})
	for entry, err := range search.Entries(context.Background()) {
		if err != nil {
			fmt.Println(err)
			break
		}
		fmt.Printf("%s\n", entry.AppendJSON(nil))
	}
	if response, ok := search.Controls().Find(control.OIDSortResponse); ok {
		sorted, err := control.ParseSortResponse(response)
		fmt.Println(sorted.Code, err)
	}
	for _, elsewhere := range search.References() {
		fmt.Println(elsewhere.URLs, elsewhere.Err)
	}
}
