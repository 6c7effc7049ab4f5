package server

import (
	"errors"
	"testing"
)

func TestAllowsReferral(t *testing.T) {
	tests := []struct {
		rules             []ReferralHost
		host              string
		allowed, withAuth bool
	}{
		{nil, "anywhere", true, false},
		{[]ReferralHost{}, "anywhere", false, false},
		{[]ReferralHost{{"*", true}}, "anywhere", true, true},
		{[]ReferralHost{{"*", false}}, "anywhere", true, false},
		{[]ReferralHost{{"a", true}}, "b", false, false},
		{[]ReferralHost{{"DC1.Example.com", true}}, "dc1.example.COM", true, true},
		{[]ReferralHost{{"dc1.example.com", true}}, "dc1.example.com.", true, true},
		{[]ReferralHost{{"dc1.example.com", true}}, "dc1.example.com.evil.test", false, false},
		{[]ReferralHost{{"::1", true}}, "0:0:0:0:0:0:0:1", true, true},
		{[]ReferralHost{{"::1", true}}, "[::1]", true, true},
		// The first rule that matches decides.
		{[]ReferralHost{{"*", false}, {"a", true}}, "a", true, false},
		{[]ReferralHost{{"a", true}, {"*", false}}, "a", true, true},
		{[]ReferralHost{{"a", true}, {"*", false}}, "b", true, false},
	}
	for _, test := range tests {
		s := must(t, "h", &Options{AllowedReferralHosts: test.rules})
		if allowed, withAuth := s.AllowsReferral(test.host); allowed != test.allowed || withAuth != test.withAuth {
			t.Errorf("%v, %q: %v, %v", test.rules, test.host, allowed, withAuth)
		}
	}
}

func TestReferral(t *testing.T) {
	pin := "0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f"
	s := must(t, "ldaps://dc1:1636", &Options{
		Mode: IPv4Only, ConnectTimeout: 7, GetInfo: InfoAll, AllowedReferralHosts: []ReferralHost{{"dc2", true}},
		TLS: &TLS{ValidNames: nil, SNI: "dc1", PinnedFingerprints: []string{pin}, LocalCertificateFile: "c", LocalPrivateKeyFile: "k"},
	})
	to, withAuth, err := s.Referral("ldaps://DC2/")
	if err != nil || !withAuth || to.URL() != "ldaps://DC2:636" || to.Mode() != IPv4Only || to.ConnectTimeout() != 7 || to.GetInfo() != InfoAll || len(to.AllowedReferralHosts()) != 1 {
		t.Errorf("%v, %v, %v", to, withAuth, err)
	}
	// A pin is for one server; what was verified by it is verified otherwise at the next.
	if w := to.TLS(); w.Validate != ValidateRequired || w.PinnedFingerprints != nil || w.SNI != "" || w.LocalCertificateFile != "c" {
		t.Errorf("%v", to.TLS())
	}
	for url, field := range map[string]string{"ldap://dc3": "allowed_referral_hosts", "ldapi:///tmp/s": "allowed_referral_hosts", "http://dc2": "scheme", "ldap://": "host"} {
		_, _, err := s.Referral(url)
		var e *Error
		if !errors.As(err, &e) || e.Field != field {
			t.Errorf("%s: %v", url, err)
		}
	}
	named := must(t, "ldaps://dc1", &Options{TLS: &TLS{Validate: ValidateRequired, ValidNames: []string{"dc1.test"}, CACertsFile: "ca.pem"}})
	to, withAuth, err = named.Referral("ldap://anywhere:1389")
	if err != nil || withAuth || to.Port() != 1389 || to.TLS().ValidNames != nil || to.TLS().CACertsFile != "ca.pem" || to.TLS().Validate != ValidateRequired {
		t.Errorf("%v, %v, %v", to.TLS(), withAuth, err)
	}
}

// A client's certificate says who it is, as a bind does.
func TestReferralWithoutAuthHasNoCertificate(t *testing.T) {
	w := &TLS{Validate: ValidateRequired, LocalCertificateFile: "c", LocalPrivateKeyFile: "k", LocalPrivateKeyPassword: "p"}
	s, err := New("ldaps://dc1", &Options{TLS: w})
	if err != nil {
		t.Fatal(err)
	}
	to, auth, err := s.Referral("ldaps://elsewhere")
	if err != nil || auth || to.TLS().LocalCertificateFile != "" || to.TLS().LocalPrivateKeyFile != "" || to.TLS().LocalPrivateKeyPassword != "" {
		t.Errorf("%v %v %v", to.TLS(), auth, err)
	}
	s, err = New("ldaps://dc1", &Options{TLS: w, AllowedReferralHosts: []ReferralHost{{"dc2", true}}})
	if err != nil {
		t.Fatal(err)
	}
	to, auth, err = s.Referral("ldaps://DC2")
	if err != nil || !auth || to.TLS().LocalCertificateFile != "c" {
		t.Errorf("%v %v %v", to.TLS(), auth, err)
	}
}

// Letters that only Unicode holds for the same are others.
func TestReferralLetters(t *testing.T) {
	s, err := New("dc1", &Options{AllowedReferralHosts: []ReferralHost{{"kdc.example.com", true}}})
	if err != nil {
		t.Fatal(err)
	}
	if allowed, _ := s.AllowsReferral("\u212Adc.example.com"); allowed {
		t.Error("a Kelvin sign is taken for a K")
	}
}
