package auth

import (
	"strings"
	"testing"
)

// No text authenticates whose signature is not the issuer's, and none panics.
// The seeds are tokens for every purpose, signed by others.
func FuzzToken(f *testing.F) {
	a := newAuthenticator(f, Settings{
		Tokens: []Token{{Subject: "alice", Servers: Servers{All: true}, SHA256: hashOf(strings.Repeat("unguessable", 10))}},
		JWT:    jwtSettings(f, testKeys().jwks()),
	}, Options{})
	foreign := newIssuerKeys()
	for kid := range foreign {
		f.Add(foreign.token(kid, goodClaims(start)))
		f.Add(sign(foreign[kid], object{"alg": "none"}, goodClaims(start)))
	}
	for _, v := range readVectors(f).Tokens {
		f.Add(v.Token)
	}
	f.Add("..")
	f.Fuzz(func(t *testing.T, token string) {
		i, err := a.Authenticate(t.Context(), token, nil)
		if err == nil {
			t.Fatalf("%q is %+v", token, i)
		}
	})
}

// No set of keys panics, and none has a weak key.
func FuzzKeySet(f *testing.F) {
	f.Add(testKeys().jwks())
	f.Add([]byte(`{"keys":[{"kty":"RSA","n":"","e":"AQAB"},{"kty":"EC","crv":"P-256","x":"","y":""},{"kty":"oct","k":"AA"}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		keys, err := parseJWKS(b)
		if (err == nil) != (len(keys) > 0) {
			t.Fatalf("%v, %v", keys, err)
		}
		for _, k := range keys {
			if again, err := newKey(k.id, k.public); err != nil || again.alg != k.alg {
				t.Fatalf("%+v, %v", k, err)
			}
		}
	})
}
