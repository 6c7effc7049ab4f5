package server

import (
	"errors"
	"testing"
	"time"
)

func TestNew(t *testing.T) {
	tests := []struct {
		url, wantURL, host, address string
	}{
		{"ldap://h", "ldap://h:389", "h", "h:389"},
		{"ldaps://h", "ldaps://h:636", "h", "h:636"},
		{"LDAPS://Host.Example:1636", "ldaps://Host.Example:1636", "Host.Example", "Host.Example:1636"},
		{" ldap://h:0/ ", "ldap://h:389", "h", "h:389"},
		{"ldap://h:65535", "ldap://h:65535", "h", "h:65535"},
		{"ldap://10.0.0.1:1389/", "ldap://10.0.0.1:1389", "10.0.0.1", "10.0.0.1:1389"},
		{"ldap://[::1]", "ldap://[::1]:389", "::1", "[::1]:389"},
		{"ldaps://[::1]:1636/", "ldaps://[::1]:1636", "::1", "[::1]:1636"},
		{"ldap://[fe80::1%25eth0]:389", "ldap://[fe80::1%25eth0]:389", "fe80::1%eth0", "[fe80::1%eth0]:389"},
	}
	for _, test := range tests {
		s, err := New(test.url, nil)
		if err != nil {
			t.Errorf("%q: %v", test.url, err)
			continue
		}
		if s.URL() != test.wantURL || s.Host() != test.host || s.Address() != test.address || s.ConnectTimeout() != 10*time.Second {
			t.Errorf("%q: URL %q, host %q, address %q", test.url, s.URL(), s.Host(), s.Address())
		}
		if again, err := New(s.URL(), nil); err != nil || again.URL() != s.URL() {
			t.Errorf("%q does not read back: %v", s.URL(), err)
		}
	}
}

func TestNewErrors(t *testing.T) {
	tests := []struct{ url, field, value string }{
		{"", "url", ""},
		{"h:389", "url", "h:389"},
		{"http://h", "scheme", "http"},
		{"ldapi:///tmp/x", "scheme", "ldapi"},
		{"ldap://", "host", ""},
		{"ldap://:389", "host", ":389"},
		{"ldap://h:", "port", ""},
		{"ldap://h:abc", "port", "abc"},
		{"ldap://h:+1", "port", "+1"},
		{"ldap://h:65536", "port", "65536"},
		{"ldap://h:-1", "port", "-1"},
		{"ldap://a b", "host", "a b"},
		{"ldap://::1", "host", "::1"},
		{"ldap://[::1", "host", "[::1"},
		{"ldap://[::1]x", "host", "[::1]x"},
		{"ldap://[h]:1", "host", "[h]:1"},
		{"ldap://h/dc=x", "url", "ldap://h/dc=x"},
		{"ldap://user@h", "url", "ldap://user@h"},
	}
	for _, test := range tests {
		_, err := New(test.url, nil)
		var e *Error
		if !errors.As(err, &e) || e.Field != test.field || e.Value != test.value || e.Reason == "" {
			t.Errorf("%q: %v", test.url, err)
		}
	}
	if _, err := New("ldap://h", &Options{ConnectTimeout: -time.Second}); err == nil {
		t.Error("a negative timeout is taken")
	}
}
