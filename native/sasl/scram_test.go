package sasl

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/xdg-go/scram"

	"github.com/ldapedge/ldapedge/ldap"
)

// exchange runs the client against a server that knows bob's password as
// "secret"; last may change the server's last message. It returns the identity
// that the server sees.
func exchange(t *testing.T, s *SCRAM, hash scram.HashGeneratorFcn, last func(string) []byte) (identity string, err error) {
	t.Helper()
	known, err := hash.NewClient("bob", "secret", "")
	if err != nil {
		t.Fatal(err)
	}
	stored, err := known.GetStoredCredentialsWithError(scram.KeyFactors{Salt: "salt", Iters: 4096})
	if err != nil {
		t.Fatal(err)
	}
	server, err := hash.NewServer(func(string) (scram.StoredCredentials, error) { return stored, nil })
	if err != nil {
		t.Fatal(err)
	}
	conversation := server.NewConversation()
	message, err := s.Start(ldap.Peer{})
	if err != nil {
		t.Fatal(err)
	}
	challenge, err := conversation.Step(string(message))
	if err != nil {
		t.Fatal(err)
	}
	if message, err = s.Next([]byte(challenge)); err != nil {
		return "", err
	}
	final, err := conversation.Step(string(message))
	if err != nil {
		return "", err
	}
	return conversation.AuthzID(), s.Finish(last(final))
}

func TestSCRAM(t *testing.T) {
	as := func(text string) []byte { return []byte(text) }
	tests := []struct {
		name string
		c    Credentials
		last func(string) []byte
		err  string
	}{
		{"right", Credentials{User: "bob", Password: "secret"}, as, ""},
		{"as another", Credentials{User: "bob", Password: "secret", Authorization: "u:alice"}, as, ""},
		{"wrong password", Credentials{User: "bob", Password: "other"}, as, "invalid"},
		{"a server that says nothing", Credentials{User: "bob", Password: "secret"}, func(string) []byte { return nil }, "the server has not shown that it knows the password"},
		{"a server that says something else", Credentials{User: "bob", Password: "secret"}, func(string) []byte {
			return []byte("v=" + base64.StdEncoding.EncodeToString(make([]byte, 32)))
		}, "server"},
		{"a server that says rubbish", Credentials{User: "bob", Password: "secret"}, func(string) []byte { return []byte("x") }, ""},
	}
	for _, test := range tests {
		for _, hash := range []struct {
			make func(Credentials) (*SCRAM, error)
			scram.HashGeneratorFcn
			name string
		}{{NewSCRAMSHA1, scram.SHA1, "SCRAM-SHA-1"}, {NewSCRAMSHA256, scram.SHA256, "SCRAM-SHA-256"}, {NewSCRAMSHA512, scram.SHA512, "SCRAM-SHA-512"}} {
			s, err := hash.make(test.c)
			if err != nil || s.Name() != hash.name {
				t.Fatal(s.Name(), err)
			}
			for range 2 { // a mechanism may be used again
				identity, err := exchange(t, s, hash.HashGeneratorFcn, test.last)
				good := test.name == "right" || test.name == "as another"
				if (err == nil) != good || err != nil && !strings.Contains(err.Error(), test.err) {
					t.Errorf("%s, %s: %v", hash.name, test.name, err)
				}
				if good && identity != test.c.Authorization {
					t.Errorf("%s, %s: the identity is %q", hash.name, test.name, identity)
				}
			}
		}
	}
}

func TestSCRAMRefusals(t *testing.T) {
	if _, err := NewSCRAMSHA256(Credentials{Password: "x"}); err == nil || err.Error() != "SCRAM-SHA-256: the user is empty" {
		t.Errorf("no user: %v", err)
	}
	if _, err := NewSCRAMSHA256(Credentials{User: "bob", Password: "\u0007"}); err == nil || !strings.Contains(err.Error(), `user "bob"`) {
		t.Errorf("a control character: %v", err)
	}
	s, err := NewSCRAMSHA256(Credentials{User: "bob", Password: "x"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Next(nil); err == nil {
		t.Error("an exchange goes on that has not begun")
	}
	if err := s.Finish(nil); err == nil {
		t.Error("an exchange is over that has not begun")
	}
	for _, count := range []string{"10000001", "99999999999999999999999"} {
		first, err := s.Start(ldap.Peer{})
		if err != nil {
			t.Fatal(err)
		}
		_, nonce, _ := strings.Cut(string(first), ",r=")
		if _, err := s.Next([]byte("r=" + nonce + "x,s=AAAA,i=" + count)); err == nil || !strings.Contains(err.Error(), "over the limit of 10000000") {
			t.Errorf("%s iterations: %v", count, err)
		}
	}
	// Success before the server has said anything is none.
	if _, err := s.Start(ldap.Peer{}); err != nil {
		t.Fatal(err)
	}
	if err := s.Finish(nil); err == nil {
		t.Error("a server that knows nothing is taken")
	}
}
