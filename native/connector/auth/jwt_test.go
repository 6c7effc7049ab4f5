package auth

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"os"
	"strings"
	"testing"
	"time"
)

// jwtAuthenticator takes the tokens of the test's keys; change may be nil.
func jwtAuthenticator(t testing.TB, now *time.Time, change func(*JWT)) *Authenticator {
	t.Helper()
	s := jwtSettings(t, testKeys().jwks())
	if change != nil {
		change(s)
	}
	return newAuthenticator(t, Settings{JWT: s}, Options{Now: func() time.Time { return *now }})
}

func publicPEM(t testing.TB, public any) []byte {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
}

func TestValidToken(t *testing.T) {
	now := start
	a := jwtAuthenticator(t, &now, nil)
	for kid := range testKeys() {
		i := accepted(t, a, testKeys().token(kid, goodClaims(start)))
		if i.Subject.Name != "alice" || i.Method != MethodJWT || i.KeyID != kid || i.ID != "" || !i.Expires.Equal(start.Add(10*time.Minute+DefaultLeeway)) {
			t.Errorf("%+v", i)
		}
	}
	accepted(t, a, testKeys().token("ed", with(goodClaims(start), object{"aud": []string{"other", testAudience}})))
}

func TestExpiredToken(t *testing.T) {
	now := start
	a := jwtAuthenticator(t, &now, nil)
	token := testKeys().token("es", goodClaims(start))
	now = start.Add(10*time.Minute + DefaultLeeway - 1)
	i := accepted(t, a, token)
	if !i.Expires.After(now) {
		t.Errorf("it is accepted at %v, and expired at %v", now, i.Expires)
	}
	now = start.Add(10*time.Minute + DefaultLeeway)
	refused(t, a, token, Expired)
	now = start
	refused(t, a, testKeys().token("es", with(goodClaims(start), object{"exp": nil})), ClaimMissing)
	for _, exp := range []any{"2027-01-01", -1, 1e300, true, []int{1}} {
		refused(t, a, testKeys().token("es", with(goodClaims(start), object{"exp": exp})), Malformed)
	}
}

func TestNotYetValidToken(t *testing.T) {
	now := start
	a := jwtAuthenticator(t, &now, nil)
	for _, claim := range []string{"nbf", "iat"} {
		token := testKeys().token("es", with(goodClaims(start), object{claim: start.Add(5 * time.Minute).Unix()}))
		now = start.Add(5*time.Minute - DefaultLeeway - 1)
		refused(t, a, token, NotYetValid)
		now = start.Add(5*time.Minute - DefaultLeeway)
		accepted(t, a, token)
	}
}

func TestAlgNone(t *testing.T) {
	now := start
	a := jwtAuthenticator(t, &now, nil)
	for _, alg := range []any{"none", "None", "NONE", "nOnE", "", nil, 1} {
		for _, signature := range []string{"", b64([]byte("x"))} {
			refused(t, a, unsigned(object{"alg": alg, "kid": "es"}, goodClaims(start))+"."+signature, WrongAlgorithm)
		}
	}
	// An accepted algorithm without a signature is no signature either.
	for kid, alg := range map[string]string{"rs": algRS256, "es": algES256, "ed": algEdDSA} {
		refused(t, a, unsigned(object{"alg": alg, "kid": kid}, goodClaims(start))+".", BadSignature)
	}
}

// The public key, in each form in which somebody may know it, is no secret of
// an HMAC.
func TestHMACWithPublicKey(t *testing.T) {
	now := start
	byJWKS := jwtAuthenticator(t, &now, nil)
	for kid, k := range testKeys() {
		der, err := x509.MarshalPKIXPublicKey(k.Public())
		if err != nil {
			t.Fatal(err)
		}
		text := publicPEM(t, k.Public())
		byPEM := newAuthenticator(t, Settings{JWT: &JWT{Issuer: testIssuer, Audience: testAudience, PublicKeyFile: writeFile(t, "key.pem", text)}}, Options{})
		accepted(t, byPEM, testKeys().token(kid, goodClaims(start)))
		for _, secret := range [][]byte{text, []byte(strings.TrimSpace(string(text))), der, mustJSON(publicJWK(kid, k.Public())), testKeys().jwks(), nil} {
			for _, alg := range []string{"HS256", algRS256, algES256, algEdDSA} {
				signing := unsigned(object{"alg": alg, "kid": kid}, goodClaims(start))
				mac := hmac.New(sha256.New, secret)
				mac.Write([]byte(signing))
				token := signing + "." + b64(mac.Sum(nil))
				for _, a := range []*Authenticator{byJWKS, byPEM} {
					if _, err := a.Authenticate(t.Context(), token, nil); err == nil {
						t.Errorf("%s with %s is accepted", kid, alg)
					}
				}
			}
		}
	}
	refused(t, byJWKS, unsigned(object{"alg": "HS256", "kid": "rs"}, goodClaims(start))+".AAAA", WrongAlgorithm)
}

// A key is good for one algorithm, whatever a token's header says.
func TestKeyFitsAlgorithm(t *testing.T) {
	now := start
	a := jwtAuthenticator(t, &now, nil)
	for signer, k := range testKeys() {
		for named := range testKeys() {
			for _, alg := range []string{algRS256, algES256, algEdDSA, "RS384", "PS256", "ES384", "ES512", "HS512"} {
				token := sign(k, object{"alg": alg, "kid": named}, goodClaims(start))
				_, err := a.Authenticate(t.Context(), token, nil)
				right := signer == named && alg == map[string]string{"rs": algRS256, "es": algES256, "ed": algEdDSA}[named]
				if (err == nil) != right {
					t.Errorf("signed by %s, kid %s, %s: %v", signer, named, alg, err)
				}
			}
		}
	}
	refused(t, a, sign(testKeys()["es"], object{"alg": algES256, "kid": "rs"}, goodClaims(start)), WrongAlgorithm)
	refused(t, a, sign(testKeys()["rs"], object{"alg": "PS256", "kid": "rs"}, goodClaims(start)), WrongAlgorithm)
}

func TestBadSignature(t *testing.T) {
	now := start
	a := jwtAuthenticator(t, &now, nil)
	foreign := newIssuerKeys()
	for kid := range testKeys() {
		refused(t, a, foreign.token(kid, goodClaims(start)), BadSignature)
		token := testKeys().token(kid, goodClaims(start))
		parts := strings.Split(token, ".")
		claims := b64(mustJSON(with(goodClaims(start), object{"sub": "root"})))
		refused(t, a, parts[0]+"."+claims+"."+parts[2], BadSignature)
		refused(t, a, parts[0]+"."+parts[1]+"."+parts[2][4:], BadSignature)
	}
	// A key that comes with the token is not looked at.
	own := publicJWK("es", foreign["es"].Public())
	refused(t, a, sign(foreign["es"], object{"alg": algES256, "kid": "es", "jwk": own}, goodClaims(start)), BadSignature)
	refused(t, a, sign(foreign["es"], object{"alg": algES256, "kid": "mine", "jwk": own, "jku": "https://evil.example/keys"}, goodClaims(start)), UnknownKey)
}

func TestWrongIssuer(t *testing.T) {
	now := start
	a := jwtAuthenticator(t, &now, nil)
	for _, iss := range []string{"https://evil.example", testIssuer + "/", strings.ToUpper(testIssuer)} {
		refused(t, a, testKeys().token("es", with(goodClaims(start), object{"iss": iss})), WrongIssuer)
	}
	refused(t, a, testKeys().token("es", with(goodClaims(start), object{"iss": nil})), ClaimMissing)
	refused(t, a, testKeys().token("es", with(goodClaims(start), object{"iss": []string{testIssuer}})), Malformed)
}

func TestWrongAudience(t *testing.T) {
	now := start
	a := jwtAuthenticator(t, &now, nil)
	for _, aud := range []any{"other", []string{"other", "another"}, testAudience + " "} {
		refused(t, a, testKeys().token("es", with(goodClaims(start), object{"aud": aud})), WrongAudience)
	}
	for _, aud := range []any{nil, "", []string{}} {
		refused(t, a, testKeys().token("es", with(goodClaims(start), object{"aud": aud})), ClaimMissing)
	}
	for _, aud := range []any{1, []any{testAudience, 1}, object{testAudience: true}} {
		refused(t, a, testKeys().token("es", with(goodClaims(start), object{"aud": aud})), Malformed)
	}
}

func TestMalformedToken(t *testing.T) {
	now := start
	a := jwtAuthenticator(t, &now, nil)
	good := testKeys().token("es", goodClaims(start))
	parts := strings.Split(good, ".")
	for _, token := range []string{"x", ".", "..", "...", good + ".", good + "=", "." + good, parts[0] + "." + parts[1], parts[0] + ".." + parts[2], good + "\n", strings.ReplaceAll(good, ".", "_")} {
		refused(t, a, token, Malformed)
	}
	header, claims := object{"alg": algES256, "kid": "es"}, goodClaims(start)
	for _, changes := range []object{{"sub": 1}, {"sub": []string{"alice"}}, {"jti": 1}, {"once": "true"}, {"once": 1}, {"nbf": "now"}, {"iat": -1}} {
		refused(t, a, sign(testKeys()["es"], header, with(claims, changes)), Malformed)
	}
	refused(t, a, sign(testKeys()["es"], with(header, object{"kid": 1}), claims), Malformed)
	refused(t, a, sign(testKeys()["es"], with(header, object{"crit": []string{"exp"}, "exp": 1}), claims), Malformed)
	for _, sub := range []any{nil, ""} {
		refused(t, a, sign(testKeys()["es"], header, with(claims, object{"sub": sub})), ClaimMissing)
	}
}

func TestChoiceOfKey(t *testing.T) {
	now := start
	keys, others := testKeys(), newIssuerKeys()
	es, rs, ed := publicJWK("es", keys["es"].Public()), publicJWK("rs", keys["rs"].Public()), publicJWK("ed", keys["ed"].Public())
	other := publicJWK("other", others["es"].Public())
	noKID := with(es, object{"kid": nil})
	tests := []struct {
		name   string
		set    []object
		header object
		want   Reason // "": accepted
	}{
		{"one key, no kid in the token", []object{es}, object{}, ""},
		{"one key of the algorithm, no kid in the token", []object{rs, es, ed}, object{}, ""},
		{"two keys of the algorithm, no kid in the token", []object{es, other}, object{}, UnknownKey},
		{"two keys, the right kid", []object{other, es}, object{"kid": "es"}, ""},
		{"another's kid", []object{es, other}, object{"kid": "other"}, BadSignature},
		{"no such kid", []object{es}, object{"kid": "ES"}, UnknownKey},
		{"a key without kid serves any", []object{noKID, rs}, object{"kid": "x"}, ""},
		{"but not in place of one with it", []object{noKID, other}, object{"kid": "other"}, BadSignature},
		{"one kid, two kinds", []object{with(rs, object{"kid": "k"}), with(es, object{"kid": "k"})}, object{"kid": "k"}, ""},
		{"one kid twice", []object{with(other, object{"kid": "k"}), with(es, object{"kid": "k"})}, object{"kid": "k"}, UnknownKey},
		{"no alg in the set", []object{with(es, object{"alg": nil})}, object{"kid": "es"}, ""},
	}
	for _, test := range tests {
		a := jwtAuthenticator(t, &now, func(j *JWT) { j.KeysFile = writeFile(t, "keys.json", jwks(test.set...)) })
		token := sign(keys["es"], with(object{"alg": algES256}, test.header), goodClaims(start))
		t.Run(test.name, func(t *testing.T) {
			if test.want == "" {
				accepted(t, a, token)
			} else {
				refused(t, a, token, test.want)
			}
		})
	}
}

func TestWeakKeysAreRefused(t *testing.T) {
	t.Setenv("GODEBUG", "rsa1024min=0")
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	rs, es, ed := publicJWK("rs", testKeys()["rs"].Public()), publicJWK("es", testKeys()["es"].Public()), publicJWK("ed", testKeys()["ed"].Public())
	for want, k := range map[string]object{
		"1024 bits":            publicJWK("rs", small.Public()),
		"weak exponent":        with(rs, object{"e": b64([]byte{1})}),
		"fitting length":       with(rs, object{"e": b64([]byte{1, 0, 0, 0, 1})}),
		"x and y":              with(es, object{"x": "AAAA"}),
		"not on":               with(es, object{"x": b64(make([]byte, 32))}),
		"none of RSA":          with(es, object{"crv": "P-384"}),
		"x of 32":              with(ed, object{"x": "AAAA"}),
		"none of RSA, EC":      {"kty": "oct", "k": "c2VjcmV0", "alg": "HS256"},
		"private":              with(ed, object{"d": "AAAA"}),
		"other than signature": with(rs, object{"use": "enc"}),
		"signatures":           with(rs, object{"key_ops": []string{"encrypt"}}),
		"other than RS256":     with(rs, object{"alg": "PS256"}),
		"other than ES256":     with(es, object{"alg": "RS256"}),
	} {
		keys, err := parseJWKS(jwks(k))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v, %v", k, keys, err)
		}
		// Beside a good key it is left out.
		if keys, err := parseJWKS(jwks(k, publicJWK("good", testKeys()["ed"].Public()))); err != nil || len(keys) != 1 {
			t.Errorf("%v: %v, %v", k, keys, err)
		}
	}
	for _, text := range []string{"", "{}", `{"keys":1}`, `{"keys":[]}`, "null", string(jwks(make([]object, maxKeys+1)...))} {
		if keys, err := parseJWKS([]byte(text)); err == nil {
			t.Errorf("%.20q has %v", text, keys)
		}
	}
	private, err := x509.MarshalPKCS8PrivateKey(testKeys()["es"])
	if err != nil {
		t.Fatal(err)
	}
	good := publicPEM(t, testKeys()["es"].Public())
	for want, text := range map[string]string{
		"1024 bits":     string(publicPEM(t, small.Public())),
		"other than P":  string(publicPEM(t, p384.Public())),
		"no PEM":        "x",
		`"PRIVATE KEY"`: string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})),
		"more than one": string(good) + string(good),
		"asn1: ":        string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: []byte("x")})),
	} {
		_, err := New(Settings{JWT: &JWT{Issuer: "i", Audience: "a", PublicKeyFile: writeFile(t, "key.pem", []byte(text))}}, Options{})
		if err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "jwt.public_key_file: ") {
			t.Errorf("%s: %v", want, err)
		}
	}
}

func TestKeysFileIsReadAgain(t *testing.T) {
	now := start
	old, next := testKeys(), newIssuerKeys()
	a := jwtAuthenticator(t, &now, nil)
	file := a.jwt.settings.KeysFile
	accepted(t, a, old.token("ed", goodClaims(start)))
	write := func(b []byte) {
		t.Helper()
		if err := os.WriteFile(file+".new", b, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(file+".new", file); err != nil {
			t.Fatal(err)
		}
	}
	write([]byte("{")) // half written
	accepted(t, a, old.token("ed", goodClaims(start)))
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	accepted(t, a, old.token("ed", goodClaims(start)))
	write(next.jwks())
	accepted(t, a, next.token("ed", goodClaims(start)))
	refused(t, a, old.token("ed", goodClaims(start)), BadSignature)
}
