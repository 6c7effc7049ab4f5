package integration

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/ldapedge/ldapedge/integration/testserver"
	"github.com/ldapedge/ldapedge/tunnel"
)

// A token whose hash is in a file is another's place to take: the file is read with the
// configuration, also where that says what it said.
func TestTokenInAFileIsReplaced(t *testing.T) {
	slapd := startPeople(t, testserver.SlapdConfig{}, 0)
	before, hash := makeToken(t)
	after, other := makeToken(t)
	file := filepath.Join(t.TempDir(), "hash")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(hash)
	text := "listen: 127.0.0.1:0\nadmin: 127.0.0.1:0\nauth: {tokens: [{subject: alice, servers: [dc1], sha256_file: '" + file + "'}]}\nservers: [{name: dc1, url: '" + slapd.URL() + "'}]\n"
	c := startConnector(t, text)
	session, facts := c.with(before).facts(t, "dc1")
	if !strings.Contains(facts, `"server":"dc1"`) {
		t.Fatal(facts)
	}
	write("no hash")
	if status, body := c.configure(t, text); status != 422 || !strings.Contains(body, "sha256_file") {
		t.Errorf("what is no hash: %d %s", status, body)
	}
	if err := rootDSE(t.Context(), session); err != nil {
		t.Errorf("after what was refused: %v", err)
	}
	write(other)
	if status, body := c.configure(t, text); status != 204 {
		t.Fatalf("%d %s", status, body)
	}
	if _, facts := c.with(before).facts(t, "dc1"); !strings.Contains(facts, "the token is not known") {
		t.Errorf("the token that was replaced: %s", facts)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if _, _, err := session.Read(ctx); websocket.CloseStatus(err) != websocket.StatusCode(tunnel.CloseNotAuthenticated) {
		t.Errorf("its session: %v", err)
	}
	if _, facts := c.with(after).facts(t, "dc1"); !strings.Contains(facts, `"server":"dc1"`) {
		t.Errorf("the one in its place: %s", facts)
	}
}
