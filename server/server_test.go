package server

import (
	_ "embed"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/ldapedge/ldapedge/formatters"
)

// hosts are what python ldap3 and this package make of a host: see the
// integration tests, which ask ldap3.
//
//go:embed testdata/hosts.json
var hosts []byte

type hostVector struct {
	Host   string `json:"host"`
	Port   int    `json:"port"`
	UseSSL bool   `json:"use_ssl"`
	LDAP3  struct {
		Host, Name, Error string
		Port              int
		SSL               bool
	} `json:"ldap3"`
	URL   string `json:"url"`
	Path  string `json:"path"`
	Error *struct{ Field, Value string }
	// Differs is the reason why it is not what ldap3 makes of it.
	Differs string `json:"differs"`
}

func TestHosts(t *testing.T) {
	var vectors []hostVector
	if err := json.Unmarshal(hosts, &vectors); err != nil {
		t.Fatal(err)
	}
	for _, v := range vectors {
		s, err := New(v.Host, &Options{Port: v.Port, UseSSL: v.UseSSL})
		if v.Error != nil {
			var e *Error
			if !errors.As(err, &e) || e.Field != v.Error.Field || e.Value != v.Error.Value || e.Reason == "" || strings.Contains(err.Error(), "\n") {
				t.Errorf("%q: %v", v.Host, err)
			}
		} else if err != nil {
			t.Errorf("%q: %v", v.Host, err)
			continue
		} else {
			v.check(t, s)
		}
		if same := v.same(s); same != (v.Differs == "") {
			t.Errorf("%q: equal to ldap3: %v, reason to differ: %q", v.Host, same, v.Differs)
		}
	}
	if len(vectors) < 70 {
		t.Errorf("%d vectors", len(vectors))
	}
}

func (v hostVector) check(t *testing.T, s *Server) {
	t.Helper()
	if s.URL() != v.URL || s.Path() != v.Path {
		t.Errorf("%q: URL %q, path %q", v.Host, s.URL(), s.Path())
	}
	again, err := New(s.URL(), nil)
	if err != nil || again.URL() != s.URL() || again.Host() != s.Host() || again.Port() != s.Port() || again.Path() != s.Path() || again.UseSSL() != s.UseSSL() {
		t.Errorf("%q does not read back: %v, %v", s.URL(), again, err)
	}
}

// same tells whether ldap3 makes the same of it; its errors are all the same.
func (v hostVector) same(s *Server) bool {
	if s == nil {
		return v.LDAP3.Error != ""
	}
	return s.URL() == v.LDAP3.Name && s.Host() == v.LDAP3.Host && s.Port() == v.LDAP3.Port && s.UseSSL() == v.LDAP3.SSL
}

func TestAddress(t *testing.T) {
	for host, want := range map[string]string{
		"h": "h:389", "::1": "[::1]:389", "fe80::1%eth0": "[fe80::1%eth0]:389", "ldapi:///a/b": "/a/b", "ldap+srv://d.test.": "d.test",
	} {
		if s := must(t, host, nil); s.Address() != want {
			t.Errorf("%q: %q", host, s.Address())
		}
	}
}

// A password that somebody puts into a URL does not get into the error.
func TestNoPasswordInError(t *testing.T) {
	for _, host := range []string{"ldap://cn=a:s3cret@h", "u:s3cret@h/x", "ldaps://s3cret@[::1]:636"} {
		if _, err := New(host, nil); err == nil || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%v", err)
		}
	}
}

func TestDefaults(t *testing.T) {
	s := must(t, "h", nil)
	if s.Mode() != IPv6Preferred || s.GetInfo() != InfoSchema || s.TLS() != nil || s.TLS().Verifies() || s.ConnectTimeout() != 10*time.Second || s.AddressTimeout() != 0 || s.AllowedReferralHosts() != nil || s.Info() != nil || s.Schema() != nil || s.Site() != "" {
		t.Errorf("%+v", s)
	}
	s = must(t, "h", &Options{TLS: &TLS{}})
	if w := s.TLS(); w.Validate != ValidateNone || w.MinVersion != TLS12 || w.MaxVersion != TLS13 || w.Verifies() {
		t.Errorf("%v", w)
	}
}

func TestOptionErrors(t *testing.T) {
	tests := []struct {
		name         string
		host         string
		o            Options
		field, value string
	}{
		{"negative timeout", "h", Options{ConnectTimeout: -time.Second}, "connect_timeout", "-1s"},
		{"negative share", "h", Options{AddressTimeout: -1}, "address_timeout", "-1ns"},
		{"mode", "h", Options{Mode: "IP_V5"}, "mode", "IP_V5"},
		{"get_info without a loader", "h", Options{GetInfo: "AD_2012_R2"}, "get_info", "AD_2012_R2"},
		{"referral host", "h", Options{AllowedReferralHosts: []ReferralHost{{"a", true}, {"ldap://b", true}}}, "allowed_referral_hosts[1]", "ldap://b"},
		{"site", "h", Options{Site: "Paris"}, "site", "Paris"},
		{"site of two words", "ldap+srv://h", Options{Site: "a b"}, "site", "a b"},
		{"validate", "h", Options{TLS: &TLS{Validate: "yes"}}, "tls.validate", "yes"},
		{"version", "h", Options{TLS: &TLS{MinVersion: "SSLv3"}}, "tls.min_version", "SSLv3"},
		{"maximum version", "h", Options{TLS: &TLS{MaxVersion: "2.0"}}, "tls.max_version", "2.0"},
		{"bounds", "h", Options{TLS: &TLS{MaxVersion: TLS11}}, "tls.min_version", "1.2"},
		{"CA that nobody looks at", "h", Options{TLS: &TLS{CACertsFile: "a.pem"}}, "tls.ca_certs_file", "a.pem"},
		{"CA path that nobody looks at", "h", Options{TLS: &TLS{CACertsPath: "a"}}, "tls.ca_certs_path", "a"},
		{"CA data that nobody looks at", "h", Options{TLS: &TLS{CACertsData: []byte("abc")}}, "tls.ca_certs_data", "3 bytes"},
		{"names that nobody looks at", "h", Options{TLS: &TLS{ValidNames: []string{"a", "b"}}}, "tls.valid_names", "a, b"},
		{"valid name", "h", Options{TLS: &TLS{Validate: ValidateRequired, ValidNames: []string{"a", "b c"}}}, "tls.valid_names[1]", "b c"},
		{"pin", "h", Options{TLS: &TLS{PinnedFingerprints: []string{"ab:cd"}}}, "tls.pinned_fingerprints[0]", "ab:cd"},
		{"certificate without key", "h", Options{TLS: &TLS{LocalCertificateFile: "c.pem"}}, "tls.local_certificate_file", "c.pem"},
		{"password without key", "h", Options{TLS: &TLS{LocalPrivateKeyPassword: "s3cret"}}, "tls.local_private_key_password", "…"},
		{"SNI", "h", Options{TLS: &TLS{SNI: "a b"}}, "tls.sni", "a b"},
		{"SNI and none", "h", Options{TLS: &TLS{SNI: "a", NoSNI: true}}, "tls.sni", "a"},
		{"cipher list in one", "h", Options{TLS: &TLS{Ciphers: []string{"A:B"}}}, "tls.ciphers[0]", "A:B"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := New(test.host, &test.o)
			var e *Error
			if !errors.As(err, &e) || e.Field != test.field || e.Value != test.value || e.Reason == "" || strings.Contains(err.Error(), "s3cret") {
				t.Errorf("%v", err)
			}
		})
	}
}

// What the caller does with its options afterwards does not reach the server,
// and neither does what is done with what it returns.
func TestImmutable(t *testing.T) {
	pin := strings.Repeat("AB:", 31) + "AB"
	o := &Options{
		AllowedReferralHosts: []ReferralHost{{"a", true}},
		TLS:                  &TLS{Validate: ValidateRequired, ValidNames: []string{"a"}, CACertsData: []byte("x"), Ciphers: []string{"a"}, PinnedFingerprints: []string{pin}},
	}
	s := must(t, "h", o)
	if o.TLS.PinnedFingerprints[0] != pin {
		t.Error("the options are changed")
	}
	before := jsonOf(t, s)
	for _, w := range []*TLS{o.TLS, s.TLS()} {
		w.Validate = ValidateNone
		w.ValidNames[0], w.CACertsData[0], w.Ciphers[0], w.PinnedFingerprints[0] = "b", 'y', "b", "b"
	}
	o.AllowedReferralHosts[0].Host = "b"
	s.AllowedReferralHosts()[0].Host = "b"
	if after := jsonOf(t, s); after != before {
		t.Errorf("%s became %s", before, after)
	}
	if s.TLS().PinnedFingerprints[0] != strings.Repeat("ab", 32) {
		t.Errorf("%v", s.TLS())
	}
}

func must(t *testing.T, host string, o *Options) *Server {
	t.Helper()
	s, err := New(host, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func jsonOf(t *testing.T, s *Server) string {
	t.Helper()
	b, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestZonesThatBeginLikeAnEscape(t *testing.T) {
	for host, url := range map[string]string{
		"fe80::1%25": "ldap://[fe80::1%2525]:389", "fe80::1%251": "ldap://[fe80::1%25251]:389", "ldap://[fe80::1%25251]": "ldap://[fe80::1%25251]:389",
		"[fe80::1%251]:389": "ldap://[fe80::1%25251]:389", "ldap://[fe80::1%2525]": "ldap://[fe80::1%2525]:389",
	} {
		s, err := New(host, nil)
		if err != nil || s.URL() != url {
			t.Errorf("%s: %v, %v", host, s, err)
			continue
		}
		again, err := New(s.URL(), nil)
		if err != nil || again.Host() != s.Host() {
			t.Errorf("%s: %v, %v", s.URL(), again, err)
		}
		b, _ := json.Marshal(s)
		read, err := FromJSON(b, nil)
		if err != nil || read.URL() != s.URL() {
			t.Errorf("%s: %v, %v", b, read, err)
		}
	}
}

func TestImmutableFormatters(t *testing.T) {
	custom := map[string]formatters.Type{"a": {}}
	s, err := New("h", &Options{Formatters: formatters.Options{Custom: custom}})
	if err != nil {
		t.Fatal(err)
	}
	custom["b"] = formatters.Type{}
	s.Formatters().Custom["c"] = formatters.Type{}
	if n := len(s.Formatters().Custom); n != 1 {
		t.Errorf("%d types", n)
	}
}
