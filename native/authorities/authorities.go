// Package authorities reads the certificates of those whose certificates are
// trusted, as files have them.
//
//	roots, err := authorities.File("/etc/ssl/directory-ca.pem")
package authorities

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
)

// ErrNone is the error of what has no certificate.
var ErrNone = errors.New("there is no certificate in it, in PEM or DER")

// File returns the certificates of a file: some in PEM, or one in DER. The error
// names the file.
func File(name string) (*x509.CertPool, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if err := Add(pool, b); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return pool, nil
}

// Add adds the certificates in PEM, or the one in DER. Without any the error is
// [ErrNone].
func Add(pool *x509.CertPool, b []byte) error {
	if pool.AppendCertsFromPEM(b) {
		return nil
	}
	if block, _ := pem.Decode(b); block != nil {
		return ErrNone
	}
	c, err := x509.ParseCertificate(b)
	if err != nil {
		return ErrNone
	}
	pool.AddCert(c)
	return nil
}
