package auth

import (
	"crypto/tls"
	"crypto/x509"
	"testing"
	"time"
)

// An identity holds while what it came from is there, means the same subject and
// lets it reach the server.
func TestHolds(t *testing.T) {
	now := time.Now()
	issued := func(issuer string) *Authenticator {
		return jwtAuthenticator(t, &now, func(j *JWT) {
			if issuer != "" {
				j.Issuer = issuer
			}
		})
	}
	a := issued("")
	web := accepted(t, a, freshToken(testKeys(), "es"))
	leaf := newAuthority(t).issue(t, clientCertificate("edge", nil)).Leaf
	certified := func(subject string, servers ...string) *Authenticator {
		return newAuthenticator(t, Settings{Certificates: []Certificate{{CommonName: "edge", Subject: subject, Servers: Servers{Names: servers}}}}, Options{})
	}
	edge, err := certified("edge", "dc1").Authenticate(t.Context(), "", &tls.ConnectionState{VerifiedChains: [][]*x509.Certificate{{leaf}}})
	if err != nil {
		t.Fatal(err)
	}
	own := web.Subject.Servers.Names[0]
	for name, test := range map[string]struct {
		by     *Authenticator
		i      *Identity
		server string
		want   bool
	}{
		"the same issuer":                   {issued(""), web, own, true},
		"another server than the JWT's":     {issued(""), web, "nowhere", false},
		"another issuer":                    {issued("https://other.example.com"), web, own, false},
		"no issuer":                         {certified("x", own), web, own, false},
		"everyone":                          {Everyone(), web, "nowhere", true},
		"the same rule":                     {certified("edge", "dc1"), edge, "dc1", true},
		"a rule for another subject":        {certified("other", "dc1"), edge, "dc1", false},
		"a rule with other servers":         {certified("edge", "dc2"), edge, "dc1", false},
		"no rule":                           {issued(""), edge, "dc1", false},
		"nobody's":                          {new(Authenticator), edge, "dc1", false},
		"where everyone was, now a subject": {certified("edge", "dc1"), &Identity{Subject: Subject{Name: "everyone", Servers: Servers{All: true}}, Method: MethodNone}, "dc1", false},
	} {
		if got := test.by.Holds(test.i, test.server); got != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
