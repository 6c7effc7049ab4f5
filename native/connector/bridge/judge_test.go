package bridge

import (
	"context"
	"testing"

	"github.com/ldapedge/ldapedge/ldap/policy"
	"github.com/ldapedge/ldapedge/native/connector/auth"
	"github.com/ldapedge/ldapedge/server"
)

// The schema of a server that a token names is not read, which would dial it by other
// rules than the token's.
func TestNoSchemaOfATokensServer(t *testing.T) {
	own, named := new(server.Server), new(server.Server)
	p, err := policy.New(policy.Rules{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var read []*server.Server
	o := Options{
		Policy: func(string, string) *policy.Policy { return p },
		WithSchema: func(_ context.Context, p *policy.Policy, srv *server.Server) *policy.Policy {
			read = append(read, srv)
			return p
		},
	}
	s := &session{target: &Target{}, identity: &auth.Identity{Target: named}}
	if o.policyOf(s, own) != p || o.policyOf(s, named) != p || len(read) != 1 || read[0] != own {
		t.Errorf("%d schemas are read", len(read))
	}
}
