package dial

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// certificateOf says what a certificate is to be.
type certificateOf struct {
	names      []string // in subjectAltName
	addresses  []string // likewise
	commonName string
	expired    bool
	selfSigned bool
	client     bool
}

// certificate is a certificate with its key, and that of its authority.
type certificate struct {
	pair tls.Certificate
	pem  []byte // the certificate
	key  []byte // PKCS#8, in PEM
	ca   []byte // the authority's certificate, or itself if it is self-signed
	der  []byte // likewise
}

// newCertificate makes a certificate and an authority of its own. It is valid
// for an hour from the test's clock on, which may be a virtual one.
func newCertificate(t *testing.T, of certificateOf) certificate {
	t.Helper()
	authority := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "authority"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	authorityKey := newKey(t)
	authorityDER := sign(t, authority, authority, authorityKey, authorityKey)
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: of.commonName}, DNSNames: of.names,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	for _, a := range of.addresses {
		leaf.IPAddresses = append(leaf.IPAddresses, net.ParseIP(a))
	}
	if of.client {
		leaf.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	}
	if of.expired {
		leaf.NotAfter = time.Now().Add(-time.Minute)
	}
	key := newKey(t)
	if of.selfSigned {
		authority, authorityKey = leaf, key
	}
	der := sign(t, leaf, authority, key, authorityKey)
	if of.selfSigned {
		authorityDER = der
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return certificate{
		pair: tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key},
		pem:  inPEM("CERTIFICATE", der), key: inPEM("PRIVATE KEY", keyDER),
		ca: inPEM("CERTIFICATE", authorityDER), der: authorityDER,
	}
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func sign(t *testing.T, c, by *x509.Certificate, key, byKey *ecdsa.PrivateKey) []byte {
	t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, c, by, key.Public(), byKey)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func inPEM(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

// write writes a file into a folder and returns its path.
func write(t *testing.T, folder, name string, content []byte) string {
	t.Helper()
	file := filepath.Join(folder, name)
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
