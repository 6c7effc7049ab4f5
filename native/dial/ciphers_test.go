package dial

import (
	"crypto/tls"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/ldapedge/ldapedge/server"
)

func TestCipherSuites(t *testing.T) {
	got, err := cipherSuites([]string{"TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "ECDHE-ECDSA-AES128-GCM-SHA256", "AES128-SHA"})
	want := []uint16{tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, tls.TLS_RSA_WITH_AES_128_CBC_SHA}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %v, %v", got, err)
	}
	if got, err := cipherSuites(nil); err != nil || got != nil {
		t.Errorf("without names: %v, %v", got, err)
	}
	for name, says := range map[string]string{
		"HIGH":                    `server tls.ciphers[1] "HIGH" cannot be used: there is no cipher suite of that name here`,
		"TLS_AES_128_GCM_SHA256":  `server tls.ciphers[1] "TLS_AES_128_GCM_SHA256" cannot be used: it is one of TLS 1.3, which cannot be chosen`,
		"ecdhe-rsa-aes128-sha256": "no cipher suite of that name",
	} {
		if _, err := cipherSuites([]string{"AES128-SHA", name}); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The table has every suite that can be chosen, each once.
func TestOpenSSLNames(t *testing.T) {
	var named []string
	for name := range openSSLNames {
		if _, err := cipherSuite(name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		named = append(named, openSSLNames[name])
	}
	var all []string
	for _, suite := range slices.Concat(tls.CipherSuites(), tls.InsecureCipherSuites()) {
		if slices.Contains(suite.SupportedVersions, tls.VersionTLS12) {
			all = append(all, suite.Name)
		}
	}
	slices.Sort(named)
	slices.Sort(all)
	if !slices.Equal(named, all) {
		t.Errorf("named\n%v\nthere are\n%v", named, all)
	}
}

func TestCiphersAreUsed(t *testing.T) {
	cert := newCertificate(t, certificateOf{addresses: []string{"127.0.0.1"}})
	port := tlsServer(t, &tls.Config{Certificates: []tls.Certificate{cert.pair}})
	wishes := &server.TLS{MaxVersion: server.TLS12, Ciphers: []string{"ECDHE-ECDSA-AES256-GCM-SHA384"}}
	d := &Dialer{Log: slog.New(slog.DiscardHandler)}
	c, err := d.Conn(t.Context(), mustServer(t, "ldaps://127.0.0.1:"+port, &server.Options{TLS: wishes}))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if c.Facts.Cipher != "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384" {
		t.Errorf("cipher %s", c.Facts.Cipher)
	}
}
