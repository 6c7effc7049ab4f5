package tunnel

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestTokenSubprotocol(t *testing.T) {
	for _, token := range []string{"secret", "a b/c+d=é", ""} {
		entry := TokenSubprotocol(token)
		if strings.ContainsAny(entry, " ,;=/+") {
			t.Errorf("%q is no subprotocol name", entry)
		}
		if got, ok := TokenFromSubprotocol(entry); !ok || got != token {
			t.Errorf("%q becomes %q, %v", token, got, ok)
		}
	}
	for _, entry := range []string{Subprotocol, "", "ldapedge.token.!!!"} {
		if got, ok := TokenFromSubprotocol(entry); ok {
			t.Errorf("%q carries %q", entry, got)
		}
	}
}

func TestCredit(t *testing.T) {
	if got, err := ParseCredit(CreditFrame(65536)); got != 65536 || err != nil {
		t.Errorf("%d, %v", got, err)
	}
	for _, frame := range []string{``, `hello`, `{}`, `{"credit":0}`, `{"credit":-1}`, `{"credit":1073741825}`, `{"credit":"1"}`, `{"credit":1}{"credit":1}`, `{"credit":1,"x":2}`, `{"credit":1e400}`, `{"credit":1} }`, `{"CREDIT":1}`, `{"credit":1,"credit":2}`} {
		if got, err := ParseCredit([]byte(frame)); !errors.Is(err, ErrCredit) {
			t.Errorf("%q grants %d, %v", frame, got, err)
		}
	}
}

func TestReason(t *testing.T) {
	for _, s := range []string{"short", strings.Repeat("x", 200), strings.Repeat("é", 100)} {
		got := Reason(s)
		if len(got) > MaxReason || !utf8.ValidString(got) || !strings.HasPrefix(got, s[:4]) {
			t.Errorf("%q becomes %q", s, got)
		}
	}
	if Reason("short") != "short" {
		t.Error("a short reason is changed")
	}
}

func TestHello(t *testing.T) {
	h := Hello{Server: "dc1", Address: "10.0.0.1:636", TLS: &TLS{Version: "TLS 1.3", Cipher: "TLS_AES_128_GCM_SHA256", Verified: true, Fingerprint: "ab"}, Limits: Limits{Frame: 1, IdleSeconds: 2}}
	const want = `{"server":"dc1","address":"10.0.0.1:636","tls":{"version":"TLS 1.3","cipher":"TLS_AES_128_GCM_SHA256","verified":true,"fingerprint":"ab"},"limits":{"frame":1,"message":0,"idleSeconds":2}}`
	if got := string(h.Frame()); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	back, err := ParseHello([]byte(want))
	if err != nil || back.Server != h.Server || *back.TLS != *h.TLS || back.Limits != h.Limits {
		t.Errorf("%+v, %v", back, err)
	}
	if got := string(Hello{}.Frame()); !strings.Contains(got, `"tls":null`) {
		t.Errorf("plain TCP is %s", got)
	}
	if _, err := ParseHello([]byte("hello")); err == nil {
		t.Error("any text is taken for the first frame")
	}
}
