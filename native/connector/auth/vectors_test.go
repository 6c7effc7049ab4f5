package auth

import (
	"bytes"
	"crypto"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"flag"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write testdata/tokens.json anew")

const (
	vectorsFile    = "testdata/tokens.json"
	vectorKeysFile = "testdata/test-keys-not-secret.pem"
)

// vectors are tokens with what is to become of them.
type vectors struct {
	Comment  []string        `json:"comment"`
	Settings vectorSettings  `json:"settings"`
	JWKS     json.RawMessage `json:"jwks"`
	Tokens   []vector        `json:"tokens"`
}

type vectorSettings struct {
	Issuer        string `json:"issuer"`
	Audience      string `json:"audience"`
	ServersClaim  string `json:"serversClaim"`
	LeewaySeconds int    `json:"leewaySeconds"`
}

// vector is a token and the time, in seconds since 1970, at which it is shown.
type vector struct {
	Name  string `json:"name"`
	Token string `json:"token"`
	Time  int64  `json:"time"`
	// Refused is the [Reason]; empty for a token that is accepted.
	Refused Reason `json:"refused,omitempty"`
	// Accepted is what the token stands for.
	Accepted *vectorIdentity `json:"accepted,omitempty"`
}

type vectorIdentity struct {
	Subject string `json:"subject"`
	Servers any    `json:"servers"` // a list of names, or "all"
	Expires int64  `json:"expires"` // the leeway included
	KeyID   string `json:"keyID"`
	JTI     string `json:"jti,omitempty"`
	Shown   string `json:"jtiSHA256,omitempty"` // what of the jti is in logs
	Once    bool   `json:"once,omitempty"`
}

func readVectors(t testing.TB) vectors {
	t.Helper()
	b, err := os.ReadFile(vectorsFile)
	if err != nil {
		t.Fatal(err)
	}
	var v vectors
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// vectorKeys are the keys in the repository, published as they are.
func vectorKeys(t testing.TB) issuerKeys {
	t.Helper()
	b, err := os.ReadFile(vectorKeysFile)
	if err != nil {
		t.Fatal(err)
	}
	keys := make(issuerKeys)
	for block, rest := pem.Decode(b); block != nil; block, rest = pem.Decode(rest) {
		k, err := x509.ParsePKCS8PrivateKey(block.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		keys[block.Headers["Kid"]] = k.(crypto.Signer)
	}
	return keys
}

func TestVectors(t *testing.T) {
	v := readVectors(t)
	var now time.Time
	s := jwtSettings(t, v.JWKS)
	s.Issuer, s.Audience, s.ServersClaim, s.Leeway = v.Settings.Issuer, v.Settings.Audience, v.Settings.ServersClaim, time.Duration(v.Settings.LeewaySeconds)*time.Second
	for _, test := range v.Tokens {
		t.Run(test.Name, func(t *testing.T) {
			now = time.Unix(test.Time, 0)
			a := newAuthenticator(t, Settings{JWT: s}, Options{Now: func() time.Time { return now }})
			i, err := a.Authenticate(t.Context(), test.Token, nil)
			if test.Accepted == nil {
				checkReason(t, err, test.Refused)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			want := test.Accepted
			servers, ok := serversOf(want.Servers)
			if !ok || i.Subject.Name != want.Subject || i.Subject.Servers.All != servers.All || !slices.Equal(i.Subject.Servers.Names, servers.Names) ||
				i.Expires.Unix() != want.Expires || i.KeyID != want.KeyID || i.ID != want.Shown || (i.use != nil && i.use.once) != want.Once {
				t.Errorf("%+v, not %+v", i, want)
			}
		})
	}
}

// The file is what the keys and the table below make; -update writes it.
func TestVectorsAreUpToDate(t *testing.T) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetIndent("", " ")
	e.SetEscapeHTML(false)
	if err := e.Encode(makeVectors(vectorKeys(t))); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(vectorsFile, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(vectorsFile)
	if err != nil || !bytes.Equal(got, b.Bytes()) {
		t.Errorf("%s is not what -update would write, %v", vectorsFile, err)
	}
}

func makeVectors(keys issuerKeys) vectors {
	v := vectors{
		Comment: []string{
			"What becomes of bearer tokens that are JSON Web Tokens: for each the time at which it is shown, in seconds since 1970,",
			"and either what it stands for or why it is refused. Only refusing is what another implementation must have in common;",
			"the reason is for its tests. Each token is new to the implementation: none of them is refused as replayed.",
			"The private keys are in test-keys-not-secret.pem, for everyone to see: never trust them. Written by go test -run Vectors -update.",
		},
		Settings: vectorSettings{testIssuer, testAudience, DefaultServersClaim, int(DefaultLeeway.Seconds())},
		JWKS:     keys.jwks(),
	}
	m := vectorMaker{keys: keys, claims: with(goodClaims(start), object{"jti": "7f3c"})}
	m.accepted()
	m.times()
	m.claimsRefused()
	m.algorithms()
	m.signatures()
	m.malformed()
	v.Tokens = m.all
	return v
}

// vectorMaker makes vectors by changing claims that are good.
type vectorMaker struct {
	keys   issuerKeys
	claims object
	all    []vector
}

func (m *vectorMaker) add(name, token string, at time.Time, refused Reason) {
	m.all = append(m.all, vector{Name: name, Token: token, Time: at.Unix(), Refused: refused})
}

// refuse adds a token with changed claims.
func (m *vectorMaker) refuse(name string, changes object, reason Reason) {
	m.add(name, m.keys.token("es", with(m.claims, changes)), start, reason)
}

// accept adds a token that is accepted, with the key's kid in it unless the
// header says otherwise.
func (m *vectorMaker) accept(name, kid string, header, changes object, at time.Time, want vectorIdentity) {
	alg := map[string]string{"rs": algRS256, "es": algES256, "ed": algEdDSA}[kid]
	token := sign(m.keys[kid], with(object{"alg": alg, "typ": "JWT", "kid": kid}, header), with(m.claims, changes))
	m.add(name, token, at, "")
	if want.Servers == nil {
		want.Servers = []string{"dc1", "dc2"}
	}
	if want.Expires == 0 {
		want.Expires = start.Add(10*time.Minute + DefaultLeeway).Unix()
	}
	if jti, is := with(m.claims, changes)["jti"].(string); is {
		want.JTI, want.Shown = jti, hashOf(jti)[:16]
	}
	want.Subject, want.KeyID = "alice", kid
	m.all[len(m.all)-1].Accepted = &want
}

func (m *vectorMaker) accepted() {
	m.accept("RS256", "rs", nil, nil, start, vectorIdentity{})
	m.accept("ES256", "es", nil, nil, start, vectorIdentity{})
	m.accept("EdDSA", "ed", nil, nil, start, vectorIdentity{})
	m.accept("no kid, one key of the algorithm", "es", object{"kid": nil}, nil, start, vectorIdentity{})
	m.accept("no typ", "es", object{"typ": nil}, nil, start, vectorIdentity{})
	m.accept("one of several audiences", "es", nil, object{"aud": []string{"other", testAudience}}, start, vectorIdentity{})
	m.accept("all servers", "es", nil, object{"ldapedge_servers": "all"}, start, vectorIdentity{Servers: "all"})
	m.accept("a server named all", "es", nil, object{"ldapedge_servers": []string{"all"}}, start, vectorIdentity{Servers: []string{"all"}})
	m.accept("no server", "es", nil, object{"ldapedge_servers": []string{}}, start, vectorIdentity{Servers: []string{}})
	m.accept("no claim of servers: none", "es", nil, object{"ldapedge_servers": nil}, start, vectorIdentity{Servers: []string{}})
	m.accept("no jti", "es", nil, object{"jti": nil}, start, vectorIdentity{})
	m.accept("once", "es", nil, object{"once": true}, start, vectorIdentity{Once: true})
	m.accept("not once", "es", nil, object{"once": false}, start, vectorIdentity{})
	m.accept("another claim", "es", nil, object{"groups": []string{"x"}, "EXP": 1}, start, vectorIdentity{})
}

func (m *vectorMaker) times() {
	exp, leeway := start.Add(10*time.Minute), DefaultLeeway
	m.accept("a second before exp and leeway", "ed", nil, nil, exp.Add(leeway-time.Second), vectorIdentity{})
	m.add("expired", m.keys.token("ed", m.claims), exp.Add(leeway), Expired)
	m.add("expired long ago", m.keys.token("ed", m.claims), exp.Add(24*time.Hour), Expired)
	m.refuse("no exp", object{"exp": nil}, ClaimMissing)
	for _, claim := range []string{"nbf", "iat"} {
		changes := object{claim: start.Add(time.Minute).Unix()}
		m.accept(claim+", as early as the leeway allows", "ed", nil, changes, start.Add(time.Minute-leeway), vectorIdentity{})
		m.add(claim+", a second earlier", m.keys.token("ed", with(m.claims, object{claim: start.Add(time.Minute).Unix()})), start.Add(time.Minute-leeway-time.Second), NotYetValid)
	}
	for name, value := range map[string]any{"text": "1800000000", "negative": -1, "after the year 9999": maxDate + 1, "true": true, "list": []int{1800000000}} {
		m.refuse("exp is "+name, object{"exp": value}, Malformed)
	}
	slices.SortFunc(m.all[len(m.all)-5:], func(a, b vector) int { return strings.Compare(a.Name, b.Name) })
}

func (m *vectorMaker) claimsRefused() {
	m.refuse("another issuer", object{"iss": "https://evil.example"}, WrongIssuer)
	m.refuse("issuer with a slash more", object{"iss": testIssuer + "/"}, WrongIssuer)
	m.refuse("no issuer", object{"iss": nil}, ClaimMissing)
	m.refuse("issuer is a list", object{"iss": []string{testIssuer}}, Malformed)
	m.refuse("another audience", object{"aud": "other"}, WrongAudience)
	m.refuse("other audiences", object{"aud": []string{"other", "ldapedge2"}}, WrongAudience)
	m.refuse("no audience", object{"aud": nil}, ClaimMissing)
	m.refuse("audience is an object", object{"aud": object{testAudience: true}}, Malformed)
	m.refuse("no subject", object{"sub": nil}, ClaimMissing)
	m.refuse("empty subject", object{"sub": ""}, ClaimMissing)
	m.refuse("subject is a number", object{"sub": 7}, Malformed)
	m.refuse("jti is a number", object{"jti": 7}, Malformed)
	m.refuse("once is a text", object{"once": "true"}, Malformed)
	m.refuse("once without jti", object{"once": true, "jti": nil}, ClaimMissing)
	m.refuse("servers is a name", object{"ldapedge_servers": "dc1"}, Malformed)
	m.refuse("servers has a number", object{"ldapedge_servers": []any{"dc1", 1}}, Malformed)
	m.refuse("servers is null", object{"ldapedge_servers": json.RawMessage("null")}, Malformed)
}

func (m *vectorMaker) algorithms() {
	for _, alg := range []string{"none", "None", ""} {
		m.add("alg "+alg, unsigned(object{"alg": alg, "kid": "es"}, m.claims)+".", start, WrongAlgorithm)
	}
	m.add("no alg", sign(m.keys["es"], object{"kid": "es"}, m.claims), start, WrongAlgorithm)
	for _, alg := range []string{"RS384", "PS256", "ES384"} {
		m.add("alg "+alg, sign(m.keys["rs"], object{"alg": alg, "kid": "rs"}, m.claims), start, WrongAlgorithm)
	}
	m.add("alg es256", sign(m.keys["es"], object{"alg": "es256", "kid": "es"}, m.claims), start, WrongAlgorithm)
	m.add("ES256 by the kid of an RSA key", sign(m.keys["es"], object{"alg": algES256, "kid": "rs"}, m.claims), start, WrongAlgorithm)
	der, err := x509.MarshalPKIXPublicKey(m.keys["rs"].Public())
	if err != nil {
		panic(err)
	}
	for name, secret := range map[string][]byte{
		"HS256 with the public key's DER":  der,
		"HS256 with the public key's PEM":  pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}),
		"HS256 with the public key's JSON": mustJSON(publicJWK("rs", m.keys["rs"].Public())),
	} {
		text := unsigned(object{"alg": "HS256", "kid": "rs"}, m.claims)
		mac := hmac.New(sha256.New, secret)
		mac.Write([]byte(text))
		m.add(name, text+"."+b64(mac.Sum(nil)), start, WrongAlgorithm)
	}
	slices.SortFunc(m.all[len(m.all)-3:], func(a, b vector) int { return strings.Compare(a.Name, b.Name) })
}

func (m *vectorMaker) signatures() {
	for _, kid := range []string{"rs", "es", "ed"} {
		parts := strings.Split(m.keys.token(kid, m.claims), ".")
		changed := b64(mustJSON(with(m.claims, object{"sub": "root"})))
		m.add("changed claims, "+kid, parts[0]+"."+changed+"."+parts[2], start, BadSignature)
		m.add("no signature, "+kid, parts[0]+"."+parts[1]+".", start, BadSignature)
		m.add("half a signature, "+kid, parts[0]+"."+parts[1]+"."+parts[2][:len(parts[2])/8*4], start, BadSignature)
	}
	parts := strings.Split(m.keys.token("es", m.claims), ".")
	m.add("a signature of zeros", parts[0]+"."+parts[1]+"."+b64(make([]byte, 64)), start, BadSignature)
	foreign := m.keys["foreign"]
	header := object{"alg": algES256, "kid": "es"}
	m.add("another's key by a known kid", sign(foreign, header, m.claims), start, BadSignature)
	m.add("another's key by its own kid", sign(foreign, with(header, object{"kid": "foreign"}), m.claims), start, UnknownKey)
	m.add("a key that comes with the token", sign(foreign, with(header, object{"jwk": publicJWK("es", foreign.Public())}), m.claims), start, BadSignature)
	m.add("a kid in other letters", sign(m.keys["es"], with(header, object{"kid": "ES"}), m.claims), start, UnknownKey)
}

func (m *vectorMaker) malformed() {
	good := m.keys.token("es", m.claims)
	parts := strings.Split(good, ".")
	add := func(name, token string) { m.add(name, token, start, Malformed) }
	add("two parts", parts[0]+"."+parts[1])
	add("four parts", good+"."+parts[2])
	add("nothing but dots", "..")
	add("padded", good+"==")
	add("an end of line", good+"\n")
	add("base64 that is not base64url", parts[0]+"."+parts[1]+"."+strings.Repeat("+/", 43))
	add("no JSON in the header", b64([]byte("x"))+"."+parts[1]+"."+parts[2])
	add("no JSON in the claims", parts[0]+"."+b64([]byte("x"))+"."+parts[2])
	add("claims are a list", parts[0]+"."+b64([]byte("[]"))+"."+parts[2])
	add("kid is a number", sign(m.keys["es"], object{"alg": algES256, "kid": 1}, m.claims))
	add("crit", sign(m.keys["es"], object{"alg": algES256, "kid": "es", "crit": []string{"exp"}, "exp": 1}, m.claims))
	add("too long", m.keys.token("es", with(m.claims, object{"x": strings.Repeat("x", maxToken)})))
}

// The keys are plainly marked: nobody can take them for secrets.
func TestVectorKeysAreMarked(t *testing.T) {
	b, err := os.ReadFile(vectorKeysFile)
	if err != nil || !bytes.Contains(b, []byte("NOT SECRET")) {
		t.Errorf("%v: they are not marked", err)
	}
}
