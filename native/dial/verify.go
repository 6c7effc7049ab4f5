package dial

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"slices"
	"strings"

	"github.com/ldapedge/ldapedge/server"
)

// verify checks the server's certificates as the wishes have it. The error is a
// [*tls.CertificateVerificationError].
func (t *trust) verify(certificates []*x509.Certificate, names []string) error {
	if t.verifiedBy() == VerifiedByNothing {
		return nil
	}
	err := t.check(certificates, names)
	if err == nil {
		return nil
	}
	return &tls.CertificateVerificationError{UnverifiedCertificates: certificates, Err: err}
}

func (t *trust) check(certificates []*x509.Certificate, names []string) error {
	if len(certificates) == 0 {
		return errors.New("the server has sent no certificate")
	}
	leaf := certificates[0]
	if pins := t.wishes.PinnedFingerprints; len(pins) > 0 {
		if f := fingerprint(leaf.Raw); !slices.Contains(pins, f) {
			return &PinError{Fingerprint: f}
		}
	}
	if t.wishes.Validate == server.ValidateNone {
		return nil
	}
	o := x509.VerifyOptions{Roots: t.roots, Intermediates: x509.NewCertPool(), KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	for _, c := range certificates[1:] {
		o.Intermediates.AddCert(c)
	}
	if _, err := leaf.Verify(o); err != nil {
		return err
	}
	if slices.ContainsFunc(names, func(name string) bool { return isFor(leaf, name) }) {
		return nil
	}
	return &NameError{Names: names, Certificate: subjectNames(leaf)}
}

// isFor tells whether a certificate is for a name or address, by the
// subjectAltName alone (RFC 6125 §6.4). The name "*" is any, and "*.example.com"
// any that has one label more.
func isFor(c *x509.Certificate, name string) bool {
	if name == server.AnyHost {
		return true
	}
	parent, any := strings.CutPrefix(name, "*.")
	if !any {
		return c.VerifyHostname(withoutZone(name)) == nil
	}
	return slices.ContainsFunc(c.DNSNames, func(san string) bool {
		label, rest, ok := strings.Cut(san, ".")
		return ok && label != "" && strings.EqualFold(rest, parent)
	})
}

// subjectNames returns all names and addresses that a certificate is for.
func subjectNames(c *x509.Certificate) []string {
	all := slices.Clone(c.DNSNames)
	for _, ip := range c.IPAddresses {
		all = append(all, ip.String())
	}
	return all
}

// NameError tells that a certificate is for none of the names that it may be
// for.
type NameError struct {
	// Names are the names that it may be for.
	Names []string
	// Certificate are the names that it is for. The commonName is none.
	Certificate []string
}

// Error returns both lists of names.
func (e *NameError) Error() string {
	if len(e.Certificate) == 0 {
		return "the certificate has no subjectAltName, so it is not for " + strings.Join(e.Names, " or ")
	}
	const most = 5
	names := e.Certificate
	if len(names) > most {
		names = append(slices.Clone(names[:most]), "others")
	}
	return "the certificate is for " + strings.Join(names, ", ") + ", not for " + strings.Join(e.Names, " or ")
}

// PinError tells that the server's certificate is none of the pinned ones.
type PinError struct {
	// Fingerprint is the certificate's SHA-256 in hexadecimal.
	Fingerprint string
}

// Error returns the fingerprint.
func (e *PinError) Error() string {
	return "the certificate's fingerprint " + e.Fingerprint + " is none of the pinned ones"
}
