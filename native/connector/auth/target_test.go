package auth

import (
	"testing"
)

// A token names a server only where the settings let it, and only one that they
// allow; its certificate is verified.
func TestTargetOfAToken(t *testing.T) {
	now := start
	issued := func(targets *Targets) *Authenticator {
		return jwtAuthenticator(t, &now, func(j *JWT) { j.Targets = targets })
	}
	token := func(target any) string {
		return testKeys().token("es", with(goodClaims(start), object{"ldapedge_target": target, "dest": target}))
	}
	for name, test := range map[string]struct {
		targets *Targets
		target  any
		url     string // that it may reach
		refused Reason
	}{
		"nobody may":                    {nil, "ldaps://dc9.example.com", "", ""},
		"nobody may, and it is no text": {nil, 7, "", ""},
		"none":                          {&Targets{}, nil, "", ""},
		"ldaps":                         {&Targets{}, "ldaps://dc9.example.com", "ldaps://dc9.example.com:636", ""},
		"ldap, by StartTLS":             {&Targets{}, "ldap://dc9.example.com:1389", "ldap://dc9.example.com:1389", ""},
		"another claim":                 {&Targets{Claim: "dest"}, "ldaps://dc9.example.com", "ldaps://dc9.example.com:636", ""},
		"a host of the list":            {&Targets{Hosts: []string{"dc9.example.com"}}, "ldaps://DC9.example.com", "ldaps://DC9.example.com:636", ""},
		"a host of the domain":          {&Targets{Hosts: []string{"*.example.com"}}, "ldaps://dc9.example.com", "ldaps://dc9.example.com:636", ""},
		"an address of the list":        {&Targets{Hosts: []string{"10.0.0.1", "[2001:db8::1]"}}, "ldaps://[2001:db8::1]", "ldaps://[2001:db8::1]:636", ""},
		"the domain itself":             {&Targets{Hosts: []string{"*.example.com"}}, "ldaps://example.com", "", WrongTarget},
		"a host below":                  {&Targets{Hosts: []string{"*.example.com"}}, "ldaps://a.dc9.example.com", "", WrongTarget},
		"a host that ends like it":      {&Targets{Hosts: []string{"*.example.com"}}, "ldaps://evilexample.com", "", WrongTarget},
		"another host":                  {&Targets{Hosts: []string{"dc9.example.com"}}, "ldaps://dc8.example.com", "", WrongTarget},
		"an address, where names are":   {&Targets{Hosts: []string{"*.0.0.1"}}, "ldaps://10.0.0.1", "", WrongTarget},
		"no scheme":                     {&Targets{}, "dc9.example.com", "", WrongTarget},
		"a socket":                      {&Targets{}, "ldapi:///run/ldapi", "", WrongTarget},
		"a domain":                      {&Targets{}, "ldaps+srv://example.com", "", WrongTarget},
		"another scheme":                {&Targets{}, "http://dc9.example.com", "", WrongTarget},
		"a user":                        {&Targets{}, "ldaps://alice:s3cret@dc9.example.com", "", WrongTarget},
		"a path":                        {&Targets{}, "ldaps://dc9.example.com/dc=example", "", WrongTarget},
		"nothing":                       {&Targets{}, "", "", WrongTarget},
		"a list":                        {&Targets{}, []string{"ldaps://dc9.example.com"}, "", Malformed},
		"a number":                      {&Targets{}, 7, "", Malformed},
	} {
		t.Run(name, func(t *testing.T) {
			a := issued(test.targets)
			if test.refused != "" {
				refused(t, a, token(test.target), test.refused)
				return
			}
			i := accepted(t, a, token(test.target))
			if (i.Target != nil) != (test.url != "") || i.Target != nil && (i.Target.URL() != test.url || !i.Target.TLS().Verifies() || i.MayReach(test.url) != nil) {
				t.Errorf("%+v", i)
			}
			if i.MayReach("dc1") != nil {
				t.Error("it no longer reaches what the configuration has")
			}
			if i.MayReach("ldaps://dc7.example.com:636") == nil {
				t.Error("it reaches what it does not name")
			}
			if test.url == "" {
				return
			}
			if !issued(test.targets).Holds(i, test.url) || issued(nil).Holds(i, test.url) || issued(&Targets{Hosts: []string{"dc0"}}).Holds(i, test.url) {
				t.Error("it holds while tokens may name servers, and not longer")
			}
		})
	}
}
