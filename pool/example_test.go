package pool_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/ldapedge/ldapedge/pool"
	"github.com/ldapedge/ldapedge/server"
)

func Example() {
	dc1, _ := server.New("ldap://dc1.example.com", nil)
	dc2, _ := server.New("ldap://dc2.example.com", nil)
	p, err := pool.New(pool.Servers(dc1, dc2), &pool.Options{Strategy: pool.First})
	if err != nil {
		fmt.Println(err)
		return
	}
	// What opens a connection; here the first server does not answer.
	dial := func(_ context.Context, s *server.Server) error {
		if s == dc1 {
			return errors.New("connection refused")
		}
		return nil
	}
	use, err := p.Open(context.Background(), dial)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer use.Close()
	fmt.Println("opened", use.Server())
	for _, m := range p.State().Members {
		fmt.Println(m.URL, m.State, m.LastError)
	}
	// Output:
	// opened ldap://dc2.example.com:389
	// ldap://dc1.example.com:389 quarantined connection refused
	// ldap://dc2.example.com:389 up
}

func ExampleFromJSON() {
	p, err := pool.FromJSON([]byte(`{
		"strategy": "FIRST", "active": 2, "servers": [
			{"pool": {"servers": ["ldap://a1.example.com", "ldap://a2.example.com"]}},
			{"pool": {"servers": ["ldap://b1.example.com"]}}
		]}`), nil, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range p.Servers() {
		fmt.Println(s)
	}
	// Output:
	// ldap://a1.example.com:389
	// ldap://a2.example.com:389
	// ldap://b1.example.com:389
}
