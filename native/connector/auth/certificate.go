package auth

import (
	"crypto/tls"
	"crypto/x509"
	"net/url"
	"slices"
	"strings"
)

// certificate returns whom a client's certificate stands for. Only one whose
// chain the listener has verified counts.
func (a *Authenticator) certificate(state *tls.ConnectionState) (*Identity, error) {
	if len(a.certificates) == 0 || state == nil || len(state.VerifiedChains) == 0 {
		return nil, refuse(Missing)
	}
	leaf := state.VerifiedChains[0][0]
	rule := a.rule(leaf)
	if rule == nil {
		return nil, refuse(UnknownCertificate)
	}
	i := &Identity{Subject: Subject{Name: rule.Subject, Servers: rule.Servers}, Expires: leaf.NotAfter, Method: MethodCertificate, leaf: leaf}
	// A connection may outlive the certificate that it began with.
	if !a.now().Before(leaf.NotAfter) {
		return nil, i.refuse(Expired)
	}
	return i, nil
}

// rule returns the first rule that a certificate fits, nil if there is none.
func (a *Authenticator) rule(leaf *x509.Certificate) *Certificate {
	for i := range a.certificates {
		if a.certificates[i].fits(leaf) {
			return &a.certificates[i]
		}
	}
	return nil
}

func (c Certificate) fits(leaf *x509.Certificate) bool {
	return (c.CommonName == "" || c.CommonName == leaf.Subject.CommonName) &&
		(c.DNSName == "" || slices.ContainsFunc(leaf.DNSNames, func(name string) bool { return strings.EqualFold(name, c.DNSName) })) &&
		(c.Email == "" || slices.Contains(leaf.EmailAddresses, c.Email)) &&
		(c.URI == "" || slices.ContainsFunc(leaf.URIs, func(u *url.URL) bool { return u.String() == c.URI }))
}
