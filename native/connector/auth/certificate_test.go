package auth

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"
)

// newLoopback serves on loopback until the test ends, and returns the URL.
func newLoopback(t *testing.T, h http.Handler) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

// authority issues certificates.
type authority struct {
	cert *x509.Certificate
	key  crypto.Signer
}

func newAuthority(t *testing.T) authority {
	template := &x509.Certificate{IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign, Subject: pkix.Name{CommonName: "test authority"}}
	made := authority{cert: template}.issue(t, template)
	return authority{made.Leaf, made.PrivateKey.(crypto.Signer)}
}

// issue signs a certificate; an authority without a key has it sign itself.
func (a authority) issue(t *testing.T, template *x509.Certificate) tls.Certificate {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signer := a.key
	if signer == nil {
		signer = k
	}
	template.SerialNumber, template.NotBefore = big.NewInt(1), time.Now().Add(-time.Hour)
	if template.NotAfter.IsZero() {
		template.NotAfter = time.Now().Add(time.Hour)
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, k.Public(), signer)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: k, Leaf: leaf}
}

func (a authority) pool() *x509.CertPool {
	p := x509.NewCertPool()
	p.AddCert(a.cert)
	return p
}

func clientCertificate(cn string, change func(*x509.Certificate)) *x509.Certificate {
	c := &x509.Certificate{Subject: pkix.Name{CommonName: cn}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}
	if change != nil {
		change(c)
	}
	return c
}

// Clients with certificates connect over TLS, and are told who they are.
func TestClientCertificates(t *testing.T) {
	ca, foreign := newAuthority(t), newAuthority(t)
	a := newAuthenticator(t, Settings{
		Certificates: []Certificate{
			{DNSName: "worker.example.com", CommonName: "strict", Subject: "strict", Servers: Servers{All: true}},
			{DNSName: "worker.example.com", Subject: "worker", Servers: Servers{Names: []string{"dc1"}}},
			{Email: "alice@example.com", Subject: "alice", Servers: Servers{All: true}},
			{URI: "spiffe://example.com/edge", Subject: "edge", Servers: Servers{Names: []string{"dc2"}}},
			{CommonName: "old", Subject: "old", Servers: Servers{Names: []string{"dc1"}}},
		},
		Tokens: []Token{{Subject: "bearer", Servers: Servers{All: true}, SHA256: hashOf("t")}},
	}, Options{Now: time.Now})
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		i, err := a.Authenticate(r.Context(), r.Header.Get("Token"), r.TLS)
		var e *Error
		if errors.As(err, &e) {
			json.NewEncoder(w).Encode(string(e.Reason))
			return
		}
		json.NewEncoder(w).Encode(i.Subject.Name)
	}))
	// The client's certificate is asked for, and verified if there is one.
	server.TLS = &tls.Config{ClientAuth: tls.VerifyClientCertIfGiven, ClientCAs: ca.pool()}
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	server.StartTLS()
	t.Cleanup(server.Close)

	san := func(name string) func(*x509.Certificate) {
		return func(c *x509.Certificate) { c.DNSNames = []string{"other.example.com", name} }
	}
	tests := []struct {
		name     string
		issuer   authority
		template *x509.Certificate // nil: no certificate
		token    string
		want     string // a subject or reason; "": no TLS
	}{
		{"DNS name", ca, clientCertificate("x", san("Worker.example.com")), "", "worker"},
		{"DNS name and CN", ca, clientCertificate("strict", san("worker.example.com")), "", "strict"},
		{"wildcard", ca, clientCertificate("x", san("*.example.com")), "", string(UnknownCertificate)},
		{"DNS name as CN", ca, clientCertificate("worker.example.com", nil), "", string(UnknownCertificate)},
		{"email", ca, clientCertificate("x", func(c *x509.Certificate) { c.EmailAddresses = []string{"alice@example.com"} }), "", "alice"},
		{"URI", ca, clientCertificate("x", func(c *x509.Certificate) {
			c.URIs = []*url.URL{{Scheme: "spiffe", Host: "example.com", Path: "/edge"}}
		}), "", "edge"},
		{"CN", ca, clientCertificate("old", nil), "", "old"},
		{"CN as DNS name", ca, clientCertificate("x", san("old")), "", string(UnknownCertificate)},
		{"no certificate", ca, nil, "", string(Missing)},
		{"a token counts", ca, clientCertificate("old", nil), "t", "bearer"},
		{"a bad token too", ca, clientCertificate("old", nil), "u", string(Unknown)},
		{"foreign authority", foreign, clientCertificate("old", nil), "", ""},
		{"self-signed", authority{cert: clientCertificate("old", nil)}, clientCertificate("old", nil), "", ""},
		{"expired", ca, clientCertificate("old", func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Minute) }), "", ""},
		{"for servers", ca, clientCertificate("old", func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth} }), "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			config := server.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
			if test.template != nil {
				made := test.issuer.issue(t, test.template)
				// Sent whether or not the server knows the issuer.
				config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &made, nil }
			}
			transport := &http.Transport{TLSClientConfig: config}
			defer transport.CloseIdleConnections()
			r, err := http.NewRequestWithContext(t.Context(), "GET", server.URL, nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Token", test.token)
			response, err := (&http.Client{Transport: transport}).Do(r)
			if test.want == "" {
				if err == nil {
					response.Body.Close()
					t.Error("there is a TLS session")
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			b, err := io.ReadAll(response.Body)
			if got := string(b); got != `"`+test.want+"\"\n" {
				t.Errorf("%s, %v", got, err)
			}
		})
	}
}

// A certificate that the listener has not verified stands for nobody, and one
// that has expired since for nobody any more.
func TestCertificateOfAConnection(t *testing.T) {
	ca, now := newAuthority(t), time.Now()
	made := ca.issue(t, clientCertificate("old", nil))
	a := newAuthenticator(t, Settings{Certificates: []Certificate{{CommonName: "old", Subject: "old", Servers: Servers{All: true}}}}, Options{Now: func() time.Time { return now }})
	for _, state := range []*tls.ConnectionState{nil, {}, {PeerCertificates: []*x509.Certificate{made.Leaf}}} {
		_, err := a.Authenticate(t.Context(), "", state)
		checkReason(t, err, Missing)
	}
	state := &tls.ConnectionState{VerifiedChains: [][]*x509.Certificate{{made.Leaf, ca.cert}}}
	i, err := a.Authenticate(t.Context(), "", state)
	if err != nil || i.Method != MethodCertificate || !i.Expires.Equal(made.Leaf.NotAfter) {
		t.Errorf("%+v, %v", i, err)
	}
	now = made.Leaf.NotAfter
	_, err = a.Authenticate(t.Context(), "", state)
	checkReason(t, err, Expired)
}
