package sasl

import (
	"errors"
	"testing"

	"github.com/ldapedge/ldapedge/ldap"
)

func TestPlain(t *testing.T) {
	tls := ldap.Peer{Protection: ldap.TLS}
	tests := []struct {
		p    Plain
		peer ldap.Peer
		want string
		err  string
	}{
		{Plain{User: "bob", Password: "sécret"}, tls, "\x00bob\x00sécret", ""},
		{Plain{Authorization: "u:alice", User: "bob", Password: "p"}, ldap.Peer{Protection: ldap.Local}, "u:alice\x00bob\x00p", ""},
		{Plain{User: "bob", Password: "p"}, ldap.Peer{}, "", "the password would be sent in plain text"},
		{Plain{User: "bob", Password: "p", InsecureAllowPlaintext: true}, ldap.Peer{}, "\x00bob\x00p", ""},
		{Plain{Password: "p"}, tls, "", "the user is empty"},
		{Plain{User: "bob"}, tls, "", `the password of user "bob" is empty`},
		{Plain{User: "bob", Password: "a\x00b"}, tls, "", `the identity or the password of user "bob" has a null character`},
		{Plain{User: "bob", Authorization: "\x00", Password: "p"}, tls, "", `the identity or the password of user "bob" has a null character`},
	}
	for _, test := range tests {
		got, err := test.p.Start(test.peer)
		text := ""
		if err != nil {
			text = err.Error()
		}
		if string(got) != test.want || text != test.err {
			t.Errorf("%+v: %q, %v", test.p, got, err)
		}
	}
	if _, err := (Plain{User: "bob", Password: "p"}).Start(ldap.Peer{}); !errors.Is(err, ErrPlaintext) {
		t.Errorf("%v", err)
	}
	if _, err := (Plain{}).Next(nil); err == nil {
		t.Error("a challenge is answered")
	}
}

func TestExternal(t *testing.T) {
	for _, e := range []External{{}, {Authorization: "dn:cn=a"}} {
		got, err := e.Start(ldap.Peer{})
		if got == nil || string(got) != e.Authorization || err != nil {
			t.Errorf("%+v: %q, %v", e, got, err)
		}
	}
	if _, err := (External{}).Next(nil); err == nil {
		t.Error("a challenge is answered")
	}
}
