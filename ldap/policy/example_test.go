package policy_test

import (
	"fmt"
	"time"

	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/ldap/policy"
)

// A client that may only read asks for a deletion.
func Example() {
	p, err := policy.New(policy.Rules{Bases: []string{"dc=example,dc=com"}}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	s := p.Session()
	frame, _ := message.AppendRequest(nil, 1, message.DeleteRequest{DN: "cn=alice,dc=example,dc=com"})
	if err := s.FromClient(time.Now(), frame); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("to the server:", len(s.ToServer()), "bytes")
	m, _ := message.Parse(s.ToClient())
	result, _ := m.Result()
	fmt.Println("to the client:", result.Code, "–", result.Diagnostic)
	// Output:
	// to the server: 0 bytes
	// to the client: insufficientAccessRights – policy: delete is not allowed (rule operations)
}
