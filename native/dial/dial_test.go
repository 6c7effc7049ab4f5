package dial

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ldapedge/ldapedge/server"
)

// echo serves a listener that sends back what it receives and, when the
// client has finished sending, a full stop.
func echo(t *testing.T, l net.Listener) {
	t.Helper()
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				io.Copy(c, c)
				io.WriteString(c, ".")
			}()
		}
	}()
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// certificate makes a self-signed certificate for the name and writes it to a
// file of its own.
func certificate(t *testing.T, name string) (tls.Certificate, string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, file
}

func mustServer(t *testing.T, url string, o *server.Options) *server.Server {
	t.Helper()
	s, err := server.New(url, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func roundTrip(t *testing.T, c *Conn) {
	t.Helper()
	if _, err := io.WriteString(c, "hello"); err != nil {
		t.Fatal(err)
	}
	if err := c.CloseWrite(); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(c); err != nil || string(got) != "hello." {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestPlain(t *testing.T) {
	l := listen(t)
	echo(t, l)
	c, err := new(Dialer).Conn(t.Context(), mustServer(t, "ldap://"+l.Addr().String(), nil))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if c.Facts != nil {
		t.Errorf("facts %+v", c.Facts)
	}
	roundTrip(t, c)
}

func TestTLS(t *testing.T) {
	cert, caFile := certificate(t, "dc1.test")
	l := listen(t)
	echo(t, tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{cert}}))
	fingerprint := sha256.Sum256(cert.Certificate[0])
	empty := filepath.Join(t.TempDir(), "empty.pem")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name  string
		tls   server.TLS
		stage Stage
		text  string
	}{
		{"its CA and name", server.TLS{Validate: "required", CACertsFile: caFile, ValidNames: []string{"dc1.test"}}, "", ""},
		{"unverified", server.TLS{}, "", ""},
		{"unknown CA", server.TLS{Validate: "required", ValidNames: []string{"dc1.test"}}, StageTLS, "unknown authority"},
		{"another name", server.TLS{Validate: "required", CACertsFile: caFile, ValidNames: []string{"dc2.test"}}, StageTLS, "dc2.test"},
		{"the address is not in the certificate", server.TLS{Validate: "required", CACertsFile: caFile}, StageTLS, "127.0.0.1"},
		{"no CA file", server.TLS{Validate: "required", CACertsFile: caFile + ".not"}, StageConfigure, "no such file"},
		{"no certificate in the CA file", server.TLS{Validate: "required", CACertsFile: empty}, StageConfigure, "no certificate in it"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c, err := new(Dialer).Conn(t.Context(), mustServer(t, "ldaps://"+l.Addr().String(), &server.Options{TLS: &test.tls}))
			if test.stage != "" {
				var e *Error
				if !errors.As(err, &e) || e.Stage != test.stage || !strings.Contains(e.Error(), test.text) || !strings.HasPrefix(e.Error(), "ldaps://127.0.0.1:") {
					t.Errorf("error %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			if c.Facts.Version != "TLS 1.3" || c.Facts.Cipher == "" || c.Facts.Verified != (test.tls.Validate == "required") || c.Facts.Fingerprint != hex.EncodeToString(fingerprint[:]) {
				t.Errorf("facts %+v", c.Facts)
			}
			roundTrip(t, c)
		})
	}
}

func TestRefusedAndTimedOut(t *testing.T) {
	l := listen(t)
	l.Close()
	_, err := new(Dialer).Dial(t.Context(), mustServer(t, "ldap://"+l.Addr().String(), nil))
	var e *Error
	if !errors.As(err, &e) || e.Stage != StageConnect || e.Timeout() || !strings.Contains(err.Error(), "connection refused") {
		t.Errorf("refused: %v", err)
	}

	silent := listen(t) // accepts, and never says a word of TLS
	t.Cleanup(func() { silent.Close() })
	_, err = new(Dialer).Dial(t.Context(), mustServer(t, "ldaps://"+silent.Addr().String(), &server.Options{ConnectTimeout: 50 * time.Millisecond}))
	if !errors.As(err, &e) || e.Stage != StageTLS || !e.Timeout() || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("timed out: %v", err)
	}
}
