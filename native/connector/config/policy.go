package config

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/ldapedge/ldapedge/ldap/policy"
)

// Policy says what some subjects may ask of some servers.
type Policy struct {
	// Subjects and Servers are whom and what it is for. Default: all.
	Subjects []string `yaml:"subjects"`
	Servers  []string `yaml:"servers"`
	// Unfiltered carries bytes as they are; nothing is looked at.
	Unfiltered   bool `yaml:"unfiltered"`
	policy.Rules `yaml:",inline"`
}

// Policies are those of a configuration, made ready.
type Policies struct {
	of    []Policy
	made  []*policy.Policy
	other *policy.Policy
}

// MakePolicies makes the policies.
func (c *Config) MakePolicies() (*Policies, error) {
	p := &Policies{of: c.Policies}
	var err error
	if p.other, err = policy.New(policy.Rules{}, nil); err != nil {
		return nil, err
	}
	for i, of := range c.Policies {
		made, err := of.make(c)
		if err != nil {
			return nil, fmt.Errorf("policies[%d]: %s", i, strings.ReplaceAll(err.Error(), "\n", "; "))
		}
		p.made = append(p.made, made)
	}
	return p, nil
}

func (p *Policy) make(c *Config) (*policy.Policy, error) {
	for i, name := range p.Servers {
		known := slices.ContainsFunc(c.Servers, func(s Server) bool { return s.Name == name }) || slices.ContainsFunc(c.Pools, func(p Pool) bool { return p.Name == name })
		if !known {
			return nil, fmt.Errorf("servers[%d]: there is no server or pool of the name %q", i, name)
		}
	}
	if !p.Unfiltered {
		return policy.New(p.Rules, nil)
	}
	if !reflect.ValueOf(p.Rules).IsZero() {
		return nil, errors.New("unfiltered: there are rules, and nobody would look at them")
	}
	return nil, nil
}

// Of returns the policy for a subject and a server, nil if bytes are carried as
// they are.
func (p *Policies) Of(server, subject string) *policy.Policy {
	fits := func(names []string, name string) bool { return len(names) == 0 || slices.Contains(names, name) }
	for i, of := range p.of {
		if fits(of.Subjects, subject) && fits(of.Servers, server) {
			return p.made[i]
		}
	}
	return p.other
}
