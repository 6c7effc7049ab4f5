package authorities

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFile(t *testing.T) {
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(nil, template, template, public, private)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	want := x509.NewCertPool()
	want.AddCert(certificate)
	inPEM := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	for name, test := range map[string]struct {
		contents []byte
		err      error
	}{
		"PEM":                        {inPEM, nil},
		"PEM with text around it":    {append([]byte("the authority\n"), append(inPEM, "\nends"...)...), nil},
		"DER":                        {der, nil},
		"nothing":                    {nil, ErrNone},
		"text":                       {[]byte("no certificate"), ErrNone},
		"PEM of something else":      {pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), ErrNone},
		"half a certificate":         {der[:len(der)/2], ErrNone},
		"a certificate and its tail": {append(append([]byte{}, der...), 0), ErrNone},
	} {
		file := filepath.Join(t.TempDir(), "ca")
		if err := os.WriteFile(file, test.contents, 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := File(file)
		if !errors.Is(err, test.err) || err == nil && !got.Equal(want) || err != nil && !strings.HasPrefix(err.Error(), file+": ") {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	if _, err := File("/no/such/file"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v", err)
	}
}
