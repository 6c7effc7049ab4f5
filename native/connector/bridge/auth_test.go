//go:build !js

package bridge

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/pem"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/ldapedge/ldapedge/native/connector/auth"
	"github.com/ldapedge/ldapedge/tunnel"
)

// refusedWith opens a session and checks how it is closed.
func refusedWith(t *testing.T, addr string, o dialOptions, want tunnel.CloseCode) {
	t.Helper()
	ws, _, err := dialWS(t, addr, o)
	if err != nil {
		t.Fatal(err)
	}
	if _, code, reason := closed(t, ws); code != want {
		t.Errorf("%+v: code %d, %s", o, code, reason)
	}
}

// A subject sees and reaches its own servers, and of others not even whether
// there are any.
func TestSubjectReachesOnlyItsServers(t *testing.T) {
	own, other := upstream(t, echo), upstream(t, echo)
	_, addr := start(t, Options{Servers: []Target{{"own", own}, {"other", other}}, Auth: tokenAuth(t, auth.Token{Servers: auth.Servers{Names: []string{"own", "gone"}}}, auth.Options{})})
	open(t, addr, dialOptions{server: "own", token: "s3cret"})
	refusedWith(t, addr, dialOptions{server: "other", token: "s3cret"}, tunnel.CloseNotPermitted)
	refusedWith(t, addr, dialOptions{server: "nobody", token: "s3cret"}, tunnel.CloseNotPermitted)
	refusedWith(t, addr, dialOptions{server: "gone", token: "s3cret"}, tunnel.CloseUnknownServer)
	refusedWith(t, addr, dialOptions{server: "own"}, tunnel.CloseNotAuthenticated)
	body, err := io.ReadAll(get(t, addr, "/v1/servers", http.Header{"Authorization": {"Bearer s3cret"}}).Body)
	if want := `{"servers":[{"name":"own","url":"` + own.URL() + `","mode":"IP_V6_PREFERRED","tls":false}]}` + "\n"; err != nil || string(body) != want {
		t.Errorf("%s, %v", body, err)
	}
}

func TestNobodyIsLetInByDefault(t *testing.T) {
	h := New(Options{Servers: []Target{{"echo", upstream(t, echo)}}})
	if _, err := h.current.Load().Auth.Authenticate(t.Context(), "", nil); err == nil {
		t.Error("everyone is let in")
	}
}

// The session of a credential that expires is ended then.
func TestSessionEndsWithItsCredential(t *testing.T) {
	now := time.Now()
	// The token has just expired when the session begins.
	a := tokenAuth(t, auth.Token{Expires: now}, auth.Options{Now: func() time.Time { return now.Add(-time.Hour) }})
	_, addr := start(t, Options{Servers: []Target{{"echo", upstream(t, echo)}}, Auth: a})
	ws, _, err := dialWS(t, addr, dialOptions{server: "echo", token: "s3cret"})
	if err != nil {
		t.Fatal(err)
	}
	if _, code, reason := closed(t, ws); code != tunnel.CloseNotAuthenticated || !strings.Contains(reason, "expired") {
		t.Errorf("code %d, %q", code, reason)
	}
}

// A token has as many sessions as it may have, and one more when one has ended.
func TestSessionsOfAToken(t *testing.T) {
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "key.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	a, err := auth.New(auth.Settings{JWT: &auth.JWT{Issuer: "i", Audience: "a", PublicKeyFile: file, Sessions: 1}}, auth.Options{})
	if err != nil {
		t.Fatal(err)
	}
	token, err := jwt.NewWithClaims(jwt.SigningMethodEdDSA, jwt.MapClaims{"iss": "i", "aud": "a", "sub": "alice", "jti": "1", "exp": time.Now().Add(time.Hour).Unix(), "ldapedge_servers": "all"}).SignedString(private)
	if err != nil {
		t.Fatal(err)
	}
	_, addr := start(t, Options{Servers: []Target{{"echo", upstream(t, echo)}}, Auth: a})
	// What is refused for another reason does not count.
	refusedWith(t, addr, dialOptions{server: "nobody", token: token}, tunnel.CloseUnknownServer)
	first, _ := open(t, addr, dialOptions{server: "echo", token: token})
	refusedWith(t, addr, dialOptions{server: "echo", token: token}, tunnel.CloseTooMany)
	first.CloseNow()
	for { // until the connector has seen that, or the test takes too long
		ws, _, err := dialWS(t, addr, dialOptions{server: "echo", token: token})
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := ws.Read(t.Context()); err == nil {
			return
		}
	}
}
