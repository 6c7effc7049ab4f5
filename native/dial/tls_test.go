package dial

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ldapedge/ldapedge/server"
)

// tlsServer echoes over TLS and returns its port.
func tlsServer(t *testing.T, config *tls.Config) string {
	t.Helper()
	l := listen(t)
	echo(t, tls.NewListener(l, config))
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

// anyHost resolves every host to 127.0.0.1.
func anyHost(hosts ...string) *dns {
	d := &dns{hosts: map[string][]netip.Addr{}}
	for _, h := range hosts {
		d.hosts[h] = addresses("127.0.0.1")
	}
	return d
}

// Which certificates are good enough, and what is said of those that are not.
func TestVerification(t *testing.T) {
	good := newCertificate(t, certificateOf{names: []string{"dc1.test", "*.wild.test"}, addresses: []string{"127.0.0.1", "::1"}})
	other := newCertificate(t, certificateOf{names: []string{"dc1.test"}})
	expired := newCertificate(t, certificateOf{names: []string{"dc1.test"}, expired: true})
	selfSigned := newCertificate(t, certificateOf{names: []string{"dc1.test"}, selfSigned: true})
	onlyCN := newCertificate(t, certificateOf{commonName: "dc1.test"})
	client := newCertificate(t, certificateOf{names: []string{"dc1.test"}, client: true})
	pin := func(c certificate) []string { return []string{strings.ToUpper(fingerprint(c.pair.Certificate[0]))} }
	const chain, none = server.ValidateRequired, server.ValidateNone
	tests := []struct {
		name string
		cert certificate
		host string
		tls  *server.TLS
		by   Verification
		says string // the error
	}{
		{"nothing is asked for", expired, "dc1.test", nil, VerifiedByNothing, ""},
		{"nothing is verified", expired, "dc1.test", &server.TLS{Validate: none}, VerifiedByNothing, ""},
		{"good", good, "dc1.test", &server.TLS{Validate: chain, CACertsData: good.ca}, VerifiedByChain, ""},
		{"optional is required", good, "dc1.test", &server.TLS{Validate: server.ValidateOptional, CACertsData: good.ca}, VerifiedByChain, ""},
		{"optional is required, of another authority", good, "dc1.test", &server.TLS{Validate: server.ValidateOptional, CACertsData: other.ca}, "", "certificate signed by unknown authority"},
		{"in any case", good, "DC1.Test", &server.TLS{Validate: chain, CACertsData: good.ca}, VerifiedByChain, ""},
		{"authority in DER", good, "dc1.test", &server.TLS{Validate: chain, CACertsData: good.der}, VerifiedByChain, ""},
		{"address", good, "127.0.0.1", &server.TLS{Validate: chain, CACertsData: good.ca}, VerifiedByChain, ""},
		{"wildcard", good, "a.wild.test", &server.TLS{Validate: chain, CACertsData: good.ca}, VerifiedByChain, ""},
		{"wildcard is one label", good, "a.b.wild.test", &server.TLS{Validate: chain, CACertsData: good.ca}, "", "the certificate is for dc1.test, *.wild.test, 127.0.0.1, ::1, not for a.b.wild.test"},
		{"wildcard is not none", good, "wild.test", &server.TLS{Validate: chain, CACertsData: good.ca}, "", "not for wild.test"},
		{"wrong name", good, "dc2.test", &server.TLS{Validate: chain, CACertsData: good.ca}, "", "not for dc2.test"},
		{"wrong address", other, "127.0.0.1", &server.TLS{Validate: chain, CACertsData: other.ca}, "", "the certificate is for dc1.test, not for 127.0.0.1"},
		{"the name asked for by SNI is not one to verify", good, "dc2.test", &server.TLS{Validate: chain, CACertsData: good.ca, SNI: "dc1.test"}, "", "not for dc2.test"},
		{"valid name", good, "dc2.test", &server.TLS{Validate: chain, CACertsData: good.ca, ValidNames: []string{"dc3.test", "dc1.test"}}, VerifiedByChain, ""},
		{"no valid name", good, "dc2.test", &server.TLS{Validate: chain, CACertsData: good.ca, ValidNames: []string{"dc3.test"}}, "", "not for dc2.test or dc3.test"},
		{"valid address", good, "dc2.test", &server.TLS{Validate: chain, CACertsData: good.ca, ValidNames: []string{"::1"}}, VerifiedByChain, ""},
		{"valid names below another", good, "dc2.test", &server.TLS{Validate: chain, CACertsData: good.ca, ValidNames: []string{"*.test"}}, VerifiedByChain, ""},
		{"valid names below yet another", other, "dc2.test", &server.TLS{Validate: chain, CACertsData: other.ca, ValidNames: []string{"*.dc1.test", "*.est"}}, "", "not for dc2.test"},
		{"any name", good, "dc2.test", &server.TLS{Validate: chain, CACertsData: good.ca, ValidNames: []string{"*"}}, VerifiedByChain, ""},
		{"any name, and yet another authority", good, "dc2.test", &server.TLS{Validate: chain, CACertsData: other.ca, ValidNames: []string{"*"}}, "", "certificate signed by unknown authority"},
		{"expired", expired, "dc1.test", &server.TLS{Validate: chain, CACertsData: expired.ca}, "", "certificate has expired"},
		{"self-signed", selfSigned, "dc1.test", &server.TLS{Validate: chain}, "", "certificate signed by unknown authority"},
		{"self-signed and trusted", selfSigned, "dc1.test", &server.TLS{Validate: chain, CACertsData: selfSigned.ca}, VerifiedByChain, ""},
		{"a commonName is no name", onlyCN, "dc1.test", &server.TLS{Validate: chain, CACertsData: onlyCN.ca}, "", "the certificate has no subjectAltName, so it is not for dc1.test"},
		{"a client's", client, "dc1.test", &server.TLS{Validate: chain, CACertsData: client.ca}, "", "incompatible key usage"},
		{"pinned", selfSigned, "dc2.test", &server.TLS{PinnedFingerprints: pin(selfSigned)}, VerifiedByPin, ""},
		{"one of those pinned", selfSigned, "dc2.test", &server.TLS{PinnedFingerprints: append(pin(other), pin(selfSigned)...)}, VerifiedByPin, ""},
		{"not pinned", selfSigned, "dc2.test", &server.TLS{PinnedFingerprints: pin(other)}, "", "is none of the pinned ones"},
		{"pinned and good", good, "dc1.test", &server.TLS{Validate: chain, CACertsData: good.ca, PinnedFingerprints: pin(good)}, VerifiedByBoth, ""},
		{"not pinned but good", good, "dc1.test", &server.TLS{Validate: chain, CACertsData: good.ca, PinnedFingerprints: pin(other)}, "", "is none of the pinned ones"},
		{"pinned and expired", expired, "dc1.test", &server.TLS{Validate: chain, CACertsData: expired.ca, PinnedFingerprints: pin(expired)}, "", "certificate has expired"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			port := tlsServer(t, &tls.Config{Certificates: []tls.Certificate{test.cert.pair}})
			d := &Dialer{Resolver: anyHost("dc1.test", "DC1.Test", "dc2.test", "wild.test", "a.wild.test", "a.b.wild.test"), Log: slog.New(slog.DiscardHandler)}
			s := mustServer(t, "ldaps://"+test.host+":"+port, &server.Options{TLS: test.tls})
			for range 2 { // the second session would be resumed
				c, err := d.Conn(t.Context(), s)
				if test.says != "" {
					var e *Error
					var refused *tls.CertificateVerificationError
					if !errors.As(err, &e) || e.Stage != StageTLS || !errors.As(err, &refused) || !strings.Contains(err.Error(), test.says) {
						t.Errorf("error %v", err)
					}
					continue
				}
				if err != nil {
					t.Fatal(err)
				}
				want := Facts{Version: "TLS 1.3", Cipher: c.Facts.Cipher, Verified: test.by != VerifiedByNothing, VerifiedBy: test.by, Fingerprint: fingerprint(test.cert.pair.Certificate[0])}
				if *c.Facts != want || c.Facts.Cipher == "" {
					t.Errorf("facts %+v", c.Facts)
				}
				roundTrip(t, c)
				c.Close()
			}
		})
	}
}

// nameVector is a row of testdata/names.json.
type nameVector struct {
	Name       string
	Host       string
	ValidNames []string
	DNS        []string // names in the certificate
	Addresses  []string // likewise
	CommonName string   // likewise
	LDAP3      bool     // whether python ldap3 takes it for the host
	Ours       *bool    // whether it is taken here; absent: the same
	Because    string   // why it is not the same
}

// Which names certificates are taken for, beside what python ldap3 2.9.1 does
// with the match_hostname of its own that it has since Python 3.12.
func TestNameVectors(t *testing.T) {
	text, err := os.ReadFile("testdata/names.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors []nameVector
	if err := json.Unmarshal(text, &vectors); err != nil || len(vectors) < 15 {
		t.Fatal(len(vectors), err)
	}
	for _, v := range vectors {
		want := v.LDAP3
		if v.Ours != nil {
			want = *v.Ours
		}
		if (v.Because == "") != (want == v.LDAP3) {
			t.Errorf("%s: a difference and its reason go together", v.Name)
		}
		cert := newCertificate(t, certificateOf{names: v.DNS, addresses: v.Addresses, commonName: v.CommonName})
		s := mustServer(t, v.Host, &server.Options{TLS: &server.TLS{Validate: server.ValidateRequired, CACertsData: cert.ca, ValidNames: v.ValidNames}})
		known, err := new(trusts).of(s)
		if err != nil {
			t.Fatal(err)
		}
		leaf, err := x509.ParseCertificate(cert.pair.Certificate[0])
		if err != nil {
			t.Fatal(err)
		}
		err = known.config(s, Candidate{}).VerifyConnection(tls.ConnectionState{PeerCertificates: []*x509.Certificate{leaf}})
		if (err == nil) != want || err != nil && !errors.As(err, new(*NameError)) {
			t.Errorf("%s: %v", v.Name, err)
		}
	}
}

// A session is resumed, and verified all the same.
func TestResumedSessionsAreVerified(t *testing.T) {
	cert := newCertificate(t, certificateOf{names: []string{"dc1.test"}})
	port := tlsServer(t, &tls.Config{Certificates: []tls.Certificate{cert.pair}})
	d := &Dialer{Resolver: anyHost("dc1.test")}
	s := mustServer(t, "ldaps://dc1.test:"+port, &server.Options{TLS: &server.TLS{Validate: server.ValidateRequired, CACertsData: cert.ca}})
	var resumed []bool
	open := func() error {
		c, err := d.Conn(t.Context(), s)
		if err != nil {
			return err
		}
		defer c.Close()
		resumed = append(resumed, c.Conn.(*tls.Conn).ConnectionState().DidResume)
		roundTrip(t, c) // the ticket comes with it
		return nil
	}
	for range 2 {
		if err := open(); err != nil {
			t.Fatal(err)
		}
	}
	if resumed[0] || !resumed[1] {
		t.Fatalf("resumed: %v", resumed)
	}
	known, err := d.trusts.of(s)
	if err != nil {
		t.Fatal(err)
	}
	known.roots = x509.NewCertPool()
	if err := open(); err == nil || !strings.Contains(err.Error(), "unknown authority") {
		t.Errorf("a resumed session is not verified: %v", err)
	}
}

func TestVersions(t *testing.T) {
	cert := newCertificate(t, certificateOf{names: []string{"dc1.test"}})
	old := tlsServer(t, &tls.Config{Certificates: []tls.Certificate{cert.pair}, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS10})
	all := tlsServer(t, &tls.Config{Certificates: []tls.Certificate{cert.pair}, MinVersion: tls.VersionTLS10})
	tests := []struct {
		port string
		tls  server.TLS
		want string // the version or the error
	}{
		{old, server.TLS{}, "protocol version"},
		{old, server.TLS{MinVersion: server.TLS11}, "protocol version"},
		{old, server.TLS{MinVersion: server.TLS10}, "TLS 1.0"},
		{all, server.TLS{}, "TLS 1.3"},
		{all, server.TLS{MaxVersion: server.TLS12}, "TLS 1.2"},
		{all, server.TLS{MinVersion: server.TLS11, MaxVersion: server.TLS11}, "TLS 1.1"},
	}
	for _, test := range tests {
		d := &Dialer{Log: slog.New(slog.DiscardHandler)}
		c, err := d.Conn(t.Context(), mustServer(t, "ldaps://127.0.0.1:"+test.port, &server.Options{TLS: &test.tls}))
		switch {
		case err != nil && !strings.Contains(err.Error(), test.want):
			t.Errorf("%+v: %v", test, err)
		case err == nil && c.Facts.Version != test.want:
			t.Errorf("%+v: %s", test, c.Facts.Version)
		}
		if c != nil {
			c.Close()
		}
	}
}

func TestSNI(t *testing.T) {
	cert := newCertificate(t, certificateOf{names: []string{"dc1.test"}})
	asked := make(chan string, 1)
	port := tlsServer(t, &tls.Config{GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
		asked <- hello.ServerName
		return &cert.pair, nil
	}})
	for _, test := range []struct {
		host string
		tls  *server.TLS
		want string
	}{
		{"dc1.test", nil, "dc1.test"}, {"dc1.test", &server.TLS{}, "dc1.test"}, {"127.0.0.1", nil, ""},
		{"dc1.test", &server.TLS{SNI: "other.test"}, "other.test"}, {"127.0.0.1", &server.TLS{SNI: "other.test"}, "other.test"},
		{"dc1.test", &server.TLS{NoSNI: true}, ""},
	} {
		d := &Dialer{Resolver: anyHost("dc1.test"), Log: slog.New(slog.DiscardHandler)}
		c, err := d.Conn(t.Context(), mustServer(t, "ldaps://"+test.host+":"+port, &server.Options{TLS: test.tls}))
		if err != nil {
			t.Fatal(err)
		}
		c.Close()
		if got := <-asked; got != test.want {
			t.Errorf("%s, %+v: asked for %q", test.host, test.tls, got)
		}
	}
}

// The log is warned once of each server whose certificate nobody verifies.
func TestWarning(t *testing.T) {
	cert := newCertificate(t, certificateOf{names: []string{"dc1.test"}})
	port := tlsServer(t, &tls.Config{Certificates: []tls.Certificate{cert.pair}})
	var log bytes.Buffer
	d := &Dialer{Resolver: anyHost("dc1.test", "dc2.test"), Log: slog.New(slog.NewTextHandler(&log, nil))}
	for _, test := range []struct {
		host string
		tls  *server.TLS
	}{
		{"dc1.test", nil}, {"dc1.test", nil}, {"dc2.test", &server.TLS{}},
		{"127.0.0.1", &server.TLS{PinnedFingerprints: []string{fingerprint(cert.pair.Certificate[0])}}},
	} {
		c, err := d.Conn(t.Context(), mustServer(t, "ldaps://"+test.host+":"+port, &server.Options{TLS: test.tls}))
		if err != nil {
			t.Fatal(err)
		}
		c.Close()
	}
	lines := strings.Split(strings.TrimSpace(log.String()), "\n")
	if len(lines) != 2 || !strings.Contains(lines[0], "level=WARN") || !strings.Contains(lines[0], "server=ldaps://dc1.test:"+port) || !strings.Contains(lines[1], "server=ldaps://dc2.test:"+port) {
		t.Errorf("the log has\n%s", log.String())
	}
}

// Where the trusted certificates come from.
func TestRoots(t *testing.T) {
	cert := newCertificate(t, certificateOf{addresses: []string{"127.0.0.1"}})
	other := newCertificate(t, certificateOf{addresses: []string{"127.0.0.1"}})
	port := tlsServer(t, &tls.Config{Certificates: []tls.Certificate{cert.pair}})
	folder := func(files map[string][]byte) string {
		dir := t.TempDir()
		for name, content := range files {
			write(t, dir, name, content)
		}
		return dir
	}
	linked := folder(map[string][]byte{"authority": cert.ca})
	if err := os.Symlink(filepath.Join(linked, "authority"), filepath.Join(linked, "0a1b2c3d.0")); err != nil {
		t.Fatal(err)
	}
	below := folder(nil)
	if err := os.Mkdir(filepath.Join(below, "folder.pem"), 0o700); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(folder(map[string][]byte{"ca": append(other.ca, cert.ca...)}), "ca")
	tests := []struct {
		name string
		tls  server.TLS
		says string
	}{
		{"file", server.TLS{CACertsFile: file}, ""},
		{"no file", server.TLS{CACertsFile: file + ".not"}, `server tls.ca_certs_file "` + file + `.not" cannot be used: no such file or directory`},
		{"file without certificate", server.TLS{CACertsFile: write(t, t.TempDir(), "key", cert.key)}, "there is no certificate in it"},
		{"data", server.TLS{CACertsData: cert.ca}, ""},
		{"data of another", server.TLS{CACertsData: other.ca}, "unknown authority"},
		{"no data", server.TLS{CACertsData: []byte("no certificate")}, `server tls.ca_certs_data "14 bytes" cannot be used: there is no certificate in it`},
		{"*.pem", server.TLS{CACertsPath: folder(map[string][]byte{"a.pem": cert.ca, "b.pem": other.ca, "README": nil})}, ""},
		{"*.crt", server.TLS{CACertsPath: folder(map[string][]byte{"a.crt": cert.ca})}, ""},
		{"*.CER in DER", server.TLS{CACertsPath: folder(map[string][]byte{"a.CER": cert.der, "b.pem": []byte("junk")})}, ""},
		{"hashed", server.TLS{CACertsPath: linked}, ""},
		{"no names of certificates", server.TLS{CACertsPath: folder(map[string][]byte{"a.txt": cert.ca, "0a1b2c3d.x": cert.ca})}, "no *.pem, *.crt, *.cer or hashed file in it has a certificate"},
		{"empty folder", server.TLS{CACertsPath: below}, "no *.pem, *.crt, *.cer or hashed file in it has a certificate"},
		{"no folder", server.TLS{CACertsPath: below + "/not"}, "no such file or directory"},
		{"all together", server.TLS{CACertsPath: folder(map[string][]byte{"a.crt": cert.ca}), CACertsData: other.ca}, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.tls.Validate = server.ValidateRequired
			c, err := new(Dialer).Conn(t.Context(), mustServer(t, "ldaps://127.0.0.1:"+port, &server.Options{TLS: &test.tls}))
			if (err == nil) != (test.says == "") || err != nil && !strings.Contains(err.Error(), test.says) {
				t.Errorf("error %v", err)
			}
			if c != nil {
				c.Close()
			}
		})
	}
}

// Files are read again once they have changed.
func TestFilesAreReadAgain(t *testing.T) {
	cert := newCertificate(t, certificateOf{addresses: []string{"127.0.0.1"}})
	other := newCertificate(t, certificateOf{addresses: []string{"127.0.0.1"}})
	port := tlsServer(t, &tls.Config{Certificates: []tls.Certificate{cert.pair}})
	dir := t.TempDir()
	file := write(t, dir, "ca.pem", other.ca)
	d := new(Dialer)
	s := mustServer(t, "ldaps://127.0.0.1:"+port, &server.Options{TLS: &server.TLS{Validate: server.ValidateRequired, CACertsPath: dir}})
	if _, err := d.Conn(t.Context(), s); err == nil {
		t.Fatal("another authority is trusted")
	}
	one, _ := d.trusts.of(s)
	if again, _ := d.trusts.of(s); again != one {
		t.Error("files that have not changed are read again")
	}
	write(t, dir, "ca.pem", cert.ca)
	if err := os.Chtimes(file, time.Time{}, time.Now().Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	c, err := d.Conn(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
}

func TestClientCertificate(t *testing.T) {
	cert := newCertificate(t, certificateOf{addresses: []string{"127.0.0.1"}})
	client := newCertificate(t, certificateOf{client: true})
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(client.ca)
	config := &tls.Config{Certificates: []tls.Certificate{cert.pair}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: pool}
	newest := tlsServer(t, config)
	config = config.Clone()
	config.MaxVersion = tls.VersionTLS12
	port12 := tlsServer(t, config)
	dir := t.TempDir()
	certificateFile, keyFile := write(t, dir, "client.pem", client.pem), write(t, dir, "client.key", client.key)
	with := server.TLS{LocalCertificateFile: certificateFile, LocalPrivateKeyFile: keyFile}
	for _, port := range []string{newest, port12} {
		d := &Dialer{Log: slog.New(slog.DiscardHandler)}
		c, err := d.Conn(t.Context(), mustServer(t, "ldaps://127.0.0.1:"+port, &server.Options{TLS: &with}))
		if err != nil {
			t.Fatal(err)
		}
		roundTrip(t, c)
		c.Close()

		c, err = d.Conn(t.Context(), mustServer(t, "ldaps://127.0.0.1:"+port, nil))
		if port == newest && err == nil { // TLS 1.3 tells after the handshake
			_, err = io.ReadAll(c)
			c.Close()
		}
		if err == nil || !strings.Contains(err.Error(), "certificate required") && !strings.Contains(err.Error(), "handshake failure") {
			t.Errorf("without a certificate: %v", err)
		}
	}
}
