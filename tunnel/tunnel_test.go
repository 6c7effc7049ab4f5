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
	for _, frame := range []string{``, `hello`, `{}`, `{"credit":0}`, `{"credit":-1}`, `{"credit":1073741825}`, `{"credit":"1"}`, `{"credit":1}{"credit":1}`, `{"credit":1,"x":2}`, `{"credit":1e400}`} {
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
