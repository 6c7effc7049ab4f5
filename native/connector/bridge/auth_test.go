//go:build !js

package bridge

import (
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
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

// What is put in force ends the sessions whose credential it does not know, or
// whose subject may not reach the server any more, and no others.
func TestSessionsEndWithWhatLetThemIn(t *testing.T) {
	servers := []Target{{"own", upstream(t, echo)}, {"other", upstream(t, echo)}}
	token := func(subject, text string, names ...string) auth.Token {
		sum := sha256.Sum256([]byte(text))
		return auth.Token{Subject: subject, SHA256: hex.EncodeToString(sum[:]), Servers: auth.Servers{Names: names}}
	}
	let := func(tokens ...auth.Token) Authenticator {
		a, err := auth.New(auth.Settings{Tokens: tokens}, auth.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	h, addr := start(t, Options{Servers: servers, Auth: let(
		token("stays", "1", "own"), token("goes", "2", "own"), token("moves", "3", "own", "other"), token("renamed", "4", "own"))})
	sessions := make(map[string]*websocket.Conn)
	for _, text := range []string{"1", "2", "3", "4"} {
		sessions[text], _ = open(t, addr, dialOptions{server: "own", token: text})
	}
	h.Set(Options{Servers: servers, Hosts: []string{"127.0.0.1"}, Log: slog.New(slog.DiscardHandler), Auth: let(
		token("stays", "1", "own", "other"), token("moves", "3", "other"), token("another", "4", "own"))})
	for _, text := range []string{"2", "3", "4"} {
		if _, code, reason := closed(t, sessions[text]); code != tunnel.CloseNotAuthenticated || reason != notAccepted {
			t.Errorf("%s: code %d, %q", text, code, reason)
		}
	}
	send(t, sessions["1"], websocket.MessageBinary, "still there")
	if _, b, err := sessions["1"].Read(t.Context()); err != nil || string(b) != "still there" {
		t.Errorf("%q, %v", b, err)
	}
	h.Set(Options{Servers: servers[1:], Hosts: []string{"127.0.0.1"}, Log: slog.New(slog.DiscardHandler), Auth: auth.Everyone()})
	if _, code, reason := closed(t, sessions["1"]); code != tunnel.CloseUnknownServer || reason != notOffered {
		t.Errorf("code %d, %q", code, reason)
	}
}
