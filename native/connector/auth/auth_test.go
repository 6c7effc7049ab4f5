package auth

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/asn1"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/goccy/go-yaml"
)

const (
	testIssuer   = "https://issuer.example.com"
	testAudience = "ldapedge"
)

// start is the time of those tests that have no synctest bubble.
var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// issuerKeys are an issuer's keys, with the kids "rs", "es" and "ed".
type issuerKeys map[string]crypto.Signer

var testKeys = sync.OnceValue(newIssuerKeys)

func newIssuerKeys() issuerKeys {
	rs, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	es, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		panic(err)
	}
	return issuerKeys{"rs": rs, "es": es, "ed": ed}
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// object is a JSON object.
type object = map[string]any

// with returns a copy with changes; nil removes a member.
func with(o object, changes object) object {
	o = maps.Clone(o)
	for name, value := range changes {
		if o[name] = value; value == nil {
			delete(o, name)
		}
	}
	return o
}

// publicJWK returns a key as a member of a key set.
func publicJWK(kid string, public crypto.PublicKey) object {
	switch k := public.(type) {
	case *rsa.PublicKey:
		return object{"kty": "RSA", "kid": kid, "alg": "RS256", "use": "sig", "n": b64(k.N.Bytes()), "e": b64(big.NewInt(int64(k.E)).Bytes())}
	case *ecdsa.PublicKey:
		point, err := k.Bytes()
		if err != nil {
			panic(err)
		}
		return object{"kty": "EC", "crv": "P-256", "kid": kid, "alg": "ES256", "x": b64(point[1:33]), "y": b64(point[33:])}
	case ed25519.PublicKey:
		return object{"kty": "OKP", "crv": "Ed25519", "kid": kid, "alg": "EdDSA", "x": b64(k)}
	}
	panic("unknown key")
}

func jwks(keys ...object) []byte { return mustJSON(object{"keys": keys}) }

func (k issuerKeys) jwks() []byte {
	return jwks(publicJWK("rs", k["rs"].Public()), publicJWK("es", k["es"].Public()), publicJWK("ed", k["ed"].Public()))
}

func mustJSON(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}

// goodClaims are those of a token that is valid for ten minutes from now.
func goodClaims(now time.Time) object {
	return object{
		"iss": testIssuer, "aud": testAudience, "sub": "alice", "iat": now.Unix(), "exp": now.Add(10 * time.Minute).Unix(),
		"ldapedge_servers": []string{"dc1", "dc2"},
	}
}

// token returns a token signed as its kind of key does, with that kid.
func (k issuerKeys) token(kid string, claims object) string {
	alg := map[string]string{"rs": algRS256, "es": algES256, "ed": algEdDSA}[kid]
	return sign(k[kid], object{"alg": alg, "typ": "JWT", "kid": kid}, claims)
}

func unsigned(header, claims object) string {
	return b64(mustJSON(header)) + "." + b64(mustJSON(claims))
}

// sign signs as fits the key, whatever the header says. The same input always
// has the same signature.
func sign(k crypto.Signer, header, claims object) string {
	text := unsigned(header, claims)
	digest := sha256.Sum256([]byte(text))
	var signature []byte
	var err error
	switch k := k.(type) {
	case ed25519.PrivateKey:
		signature = ed25519.Sign(k, []byte(text))
	case *ecdsa.PrivateKey:
		var rs struct{ R, S *big.Int }
		signature, err = k.Sign(nil, digest[:], crypto.SHA256)
		if err == nil {
			_, err = asn1.Unmarshal(signature, &rs)
		}
		if err == nil {
			size := (k.Params().BitSize + 7) / 8
			signature = append(rs.R.FillBytes(make([]byte, size)), rs.S.FillBytes(make([]byte, size))...)
		}
	default:
		signature, err = k.Sign(nil, digest[:], crypto.SHA256)
	}
	if err != nil {
		panic(err)
	}
	return text + "." + b64(signature)
}

func writeFile(t testing.TB, name string, b []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// jwtSettings are those of an issuer whose keys are in a file.
func jwtSettings(t testing.TB, keys []byte) *JWT {
	return &JWT{Issuer: testIssuer, Audience: testAudience, KeysFile: writeFile(t, "keys.json", keys)}
}

// newAuthenticator makes one whose time is start, unless the options have a
// clock.
func newAuthenticator(t testing.TB, s Settings, o Options) *Authenticator {
	t.Helper()
	if o.Now == nil {
		o.Now = func() time.Time { return start }
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	a, err := New(s, o)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// refused checks that a token is refused for the reason.
func refused(t testing.TB, a *Authenticator, token string, want Reason) {
	t.Helper()
	i, err := a.Authenticate(t.Context(), token, nil)
	checkReason(t, err, want)
	if i != nil {
		t.Errorf("and yet it is %+v", i)
	}
}

func checkReason(t testing.TB, err error, want Reason) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || e.Reason != want {
		t.Errorf("%v, not %s", err, want)
	} else if e.Text() == "" {
		t.Errorf("no text for %s", want)
	}
}

// accepted checks that a token is accepted.
func accepted(t testing.TB, a *Authenticator, token string) *Identity {
	t.Helper()
	i, err := a.Authenticate(t.Context(), token, nil)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func hashOf(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

func TestNobodyIsLetInWithoutSettings(t *testing.T) {
	for _, a := range []*Authenticator{new(Authenticator), newAuthenticator(t, Settings{}, Options{})} {
		refused(t, a, "", Missing)
		refused(t, a, "x", Unknown)
		refused(t, a, testKeys().token("es", goodClaims(start)), Unknown)
	}
	if i := accepted(t, Everyone(), ""); !i.Subject.MayReach("anything") || i.Method != MethodNone {
		t.Errorf("%+v", i)
	}
}

func TestTokenMadeAtStart(t *testing.T) {
	var s Settings
	if !s.Empty() {
		t.Error("settings without anything are not empty")
	}
	token, err := s.AddToken("start", rand.Reader)
	if err != nil || len(token) < 26 || s.Empty() {
		t.Fatalf("%q, %v", token, err)
	}
	a := newAuthenticator(t, s, Options{})
	i := accepted(t, a, token)
	if i.Subject.Name != "start" || !i.Subject.MayReach("dc1") || !i.Expires.IsZero() {
		t.Errorf("%+v", i)
	}
	session, err := i.Begin()
	if err != nil {
		t.Fatal(err)
	}
	session.Release()
	other, _, err := NewToken(rand.Reader)
	if err != nil || other == token {
		t.Errorf("%v, or the same again", err)
	}
	refused(t, a, other, Unknown)
	if _, _, err := NewToken(iotest.ErrReader(errors.New("dry"))); err == nil {
		t.Error("a token is made without randomness")
	}
	if token, hash, err := NewToken(bytes.NewReader(make([]byte, 20))); err != nil || token != strings.Repeat("A", 32) || hash != hashOf(token) {
		t.Errorf("%q %q %v", token, hash, err)
	}
}

func TestHashedTokenIsComparedWhole(t *testing.T) {
	a := newAuthenticator(t, Settings{Tokens: []Token{
		{Subject: "alice", Servers: Servers{Names: []string{"dc1"}}, SHA256: strings.ToUpper(hashOf("first-token"))},
		{Subject: "bob", Servers: Servers{All: true}, SHA256File: writeFile(t, "hash", []byte(hashOf("second-token")+"\n"))},
	}}, Options{})
	for token, subject := range map[string]string{"first-token": "alice", "second-token": "bob"} {
		if i := accepted(t, a, token); i.Subject.Name != subject || i.Method != MethodToken {
			t.Errorf("%+v", i)
		}
		for _, wrong := range []string{token[:len(token)-1], token[1:], token + "x", token + "\x00", " " + token, strings.ToUpper(token), hashOf(token), "sha256:" + hashOf(token), hashOf(token)[:32]} {
			refused(t, a, wrong, Unknown)
		}
	}
	refused(t, a, strings.Repeat("x", maxToken+1), Malformed)
}

func TestHashedTokenExpires(t *testing.T) {
	now := start
	a := newAuthenticator(t, Settings{Tokens: []Token{{Subject: "alice", Servers: Servers{All: true}, SHA256: hashOf("t"), Expires: start.Add(time.Hour)}}}, Options{Now: func() time.Time { return now }})
	now = start.Add(time.Hour - 1)
	if i := accepted(t, a, "t"); !i.Expires.Equal(start.Add(time.Hour)) {
		t.Errorf("expires %v", i.Expires)
	}
	now = start.Add(time.Hour)
	refused(t, a, "t", Expired)
}

func TestSubjectReachesOnlyItsServers(t *testing.T) {
	a := newAuthenticator(t, Settings{
		Tokens: []Token{
			{Subject: "alice", Servers: Servers{Names: []string{"dc1", "dc2"}}, SHA256: hashOf("alice")},
			{Subject: "root", Servers: Servers{All: true}, SHA256: hashOf("root")},
			{Subject: "odd", Servers: Servers{Names: []string{"all"}}, SHA256: hashOf("odd")},
		},
		JWT: jwtSettings(t, testKeys().jwks()),
	}, Options{})
	jwt := func(servers any) string {
		return testKeys().token("es", with(goodClaims(start), object{"ldapedge_servers": servers}))
	}
	tests := []struct {
		name, token, reaches string
	}{
		{"listed", "alice", "dc1 dc2"},
		{"all", "root", "dc1 dc2 dc all"},
		{"a server named all", "odd", "all"},
		{"claim", jwt([]string{"dc2"}), "dc2"},
		{"claim of all", jwt("all"), "dc1 dc2 dc all"},
		{"claim of a server named all", jwt([]string{"all"}), "all"},
		{"claim of nothing", jwt([]string{}), ""},
		{"no claim", jwt(nil), ""},
	}
	for _, test := range tests {
		i := accepted(t, a, test.token)
		var got []string
		for _, server := range []string{"dc1", "dc2", "dc", "DC1", "*", "", "all"} {
			switch err := i.MayReach(server); {
			case err == nil:
				got = append(got, server)
			case !errors.Is(err, ErrNotPermitted) || errors.Is(err, ErrNotAuthenticated):
				t.Errorf("%s: %v", test.name, err)
			}
		}
		want := test.reaches
		if strings.Contains(want, "dc all") {
			want = "dc1 dc2 dc DC1 *  all"
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s reaches %q", test.name, got)
		}
	}
	for _, servers := range []any{"dc1", "*", 1, true, []any{"dc1", 1}, []string{""}, object{"dc1": true}} {
		refused(t, a, jwt(servers), Malformed)
	}
}

func TestSettings(t *testing.T) {
	file := writeFile(t, "keys", testKeys().jwks())
	text := `
tokens:
  - {subject: alice, servers: [dc1], sha256: ` + hashOf("x") + `, expires: 2027-01-31T00:00:00Z}
  - {subject: bob, servers: all, sha256_file: ` + writeFile(t, "hash", []byte(hashOf("y"))) + `}
jwt:
  issuer: https://issuer.example.com
  audience: ldapedge
  keys_file: ` + file + `
  leeway: 10s
certificates:
  - {dns_name: worker.example.com, subject: worker, servers: [dc1]}
`
	var s Settings
	if err := yaml.NewDecoder(strings.NewReader(text), yaml.Strict()).Decode(&s); err != nil {
		t.Fatal(err)
	}
	if err := s.Check(); err != nil {
		t.Fatal(err)
	}
	if !s.Tokens[0].Expires.Equal(time.Date(2027, 1, 31, 0, 0, 0, 0, time.UTC)) || !s.Tokens[1].Servers.All || s.JWT.Leeway != 10*time.Second ||
		s.JWT.ServersClaim != DefaultServersClaim || s.JWT.Sessions != DefaultSessions || s.JWT.Refresh != DefaultRefresh {
		t.Errorf("%+v %+v", s, s.JWT)
	}
	token, issuer := "{subject: a, servers: all, sha256: "+hashOf("x")+"}", "issuer: i, audience: a, "
	for text, want := range map[string]string{
		"tokens: [{}]":                                                           "tokens[0].subject: it is missing",
		"tokens: [{subject: a}]":                                                 "tokens[0].servers: it is missing",
		"tokens: [{subject: a, servers: []}]":                                    "tokens[0].servers: it is missing",
		"tokens: [{subject: a, servers: dc1}]":                                   `servers is a list of names, or "all"`,
		"tokens: [{subject: a, servers: all}]":                                   "tokens[0].sha256: 64 hex",
		"tokens: [{subject: a, servers: all, sha256: s3cret}]":                   "tokens[0].sha256: 64 hex",
		"tokens: [{subject: a, servers: all, sha256_file: /no/it}]":              "tokens[0].sha256_file: stat /no/it",
		"tokens: [" + token + ", " + token + "]":                                 "tokens[1].sha256: it is that of tokens[0]",
		"jwt: {}":                                                                "jwt.issuer: it is missing",
		"jwt: {issuer: i}":                                                       "jwt.audience: it is missing",
		"jwt: {" + issuer + "leeway: 1s}":                                        "jwt.keys_url: one of",
		"jwt: {" + issuer + "keys_file: " + file + ", keys_url: https://x}":      "jwt.keys_url: one of",
		"jwt: {" + issuer + "keys_file: /no/it}":                                 "jwt.keys_file: stat /no/it",
		"jwt: {" + issuer + "public_key_file: /no/it}":                           "jwt.public_key_file: stat /no/it",
		"jwt: {" + issuer + "keys_url: http://issuer.example.com}":               "jwt.keys_url: an https URL",
		"jwt: {" + issuer + "keys_url: https://a:b@issuer.example.com}":          "jwt.keys_url: an https URL",
		"jwt: {" + issuer + "keys_url: file:///keys}":                            "jwt.keys_url: an https URL",
		"jwt: {" + issuer + "keys_url: https://x, refresh: 1s}":                  "jwt.refresh: 1s is less than 1m0s",
		"jwt: {" + issuer + "keys_url: https://x, leeway: 1h}":                   "jwt.leeway: 1h0m0s is over 5m0s",
		"jwt: {" + issuer + "keys_url: https://x, leeway: -1s}":                  "jwt.leeway: -1s is less",
		"jwt: {" + issuer + "keys_url: https://x, sessions: -1}":                 "jwt.sessions: -1 is less than 1",
		"jwt: {" + issuer + "keys_url: https://x, sessions_in_all: -1}":          "jwt.sessions_in_all: -1",
		"jwt: {" + issuer + "keys_url: https://x, remembered: -1}":               "jwt.remembered: -1",
		"jwt: {" + issuer + "keys_url: https://x, targets: {hosts: [a, 'b:1']}}": `jwt.targets.hosts[1]: "b:1" is no host`,
		"jwt: {" + issuer + "keys_url: https://x, targets: {hosts: ['*']}}":      `jwt.targets.hosts[0]: "*" is no host`,
		"jwt: {" + issuer + "keys_url: https://x, targets: {networks: [x]}}":     `jwt.targets.networks[0]: "x" is neither`,
		"jwt: {" + issuer + "keys_url: https://x, targets: {ca_file: /no/it}}":   "jwt.targets.ca_file: stat /no/it",
		"jwt: {" + issuer + "keys_url: https://x, targets: {}}":                  "",
		"certificates: [{subject: a, servers: all}]":                             "certificates[0].common_name: it is missing",
		"certificates: [{uri: a, servers: all}]":                                 "certificates[0].subject: it is missing",
		"jwt: {" + issuer + "keys_url: \"http://[::1]:8080/keys\"}":              "",
		"jwt: {" + issuer + "keys_url: http://localhost/keys}":                   "",
	} {
		var s Settings
		err := yaml.Unmarshal([]byte(text), &s)
		if err == nil {
			err = s.Check()
		}
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s\nis %v", text, err)
		}
		if err != nil && strings.Contains(err.Error(), "s3cret") {
			t.Errorf("a token is repeated: %v", err)
		}
	}
}
