package integration

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// written is what a process has written so far. Once all tests have run none may
// have a secret in it, see [leaks].
type written struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (w *written) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.all.Len() == 0 {
		heard.add(w)
	}
	return w.all.Write(b)
}

func (w *written) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.all.String()
}

// hearing is what all processes have written, and the secrets that they have
// been given.
type hearing struct {
	mu      sync.Mutex
	outputs []*written
	secrets map[string]bool
}

// heard begins with the passwords of the test servers.
var heard = hearing{secrets: map[string]bool{"secret": true, "Secret-1": true}}

func (h *hearing) add(w *written) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.outputs = append(h.outputs, w)
}

// secret says that a value may be in no output, and returns it.
func secret(value string) string {
	heard.mu.Lock()
	defer heard.mu.Unlock()
	if value != "" {
		heard.secrets[value] = true
	}
	return value
}

// leaks returns the lines of outputs with a secret in them, as it is or encoded. A
// secret that is a word is not found within another.
func (h *hearing) leaks() (lines []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	forms := h.forms()
	for _, w := range h.outputs {
		lines = append(lines, leaksOf(w.String(), forms)...)
	}
	return lines
}

// forms are the secrets, as they are and encoded.
func (h *hearing) forms() map[string]bool {
	forms := make(map[string]bool)
	for s := range h.secrets {
		b := []byte(s)
		for _, form := range []string{
			s, base64.StdEncoding.EncodeToString(b), base64.RawStdEncoding.EncodeToString(b), base64.RawURLEncoding.EncodeToString(b),
			hex.EncodeToString(b), strings.ToUpper(hex.EncodeToString(b)), url.QueryEscape(s), strings.Trim(strconv.Quote(s), `"`),
		} {
			forms[form] = true
		}
	}
	return forms
}

// leaksOf returns the lines of an output with one of the forms in them, in order. The
// output is long and the forms are many: each is looked for in all of it at once.
func leaksOf(output string, forms map[string]bool) (lines []string) {
	begins := make(map[int]bool) // of lines
	for form := range forms {
		for from := 0; ; {
			at := strings.Index(output[from:], form)
			if at < 0 {
				break
			}
			at += from
			from = at + len(form)
			if !wordAt(output, at-1) && !wordAt(output, from) {
				begins[strings.LastIndexByte(output[:at], '\n')+1] = true
			}
		}
	}
	for _, begin := range slices.Sorted(maps.Keys(begins)) {
		line, _, _ := strings.Cut(output[begin:], "\n")
		lines = append(lines, line)
	}
	return lines
}

// wordAt tells whether there is a character of a word at the place.
func wordAt(s string, at int) bool {
	if at < 0 || at >= len(s) {
		return false
	}
	c := s[at]
	return c == '_' || '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z'
}

// makeToken makes a bearer token, and the hash that the configuration has of it.
func makeToken(t *testing.T) (token, hash string) {
	t.Helper()
	out := succeed(t, "token")
	if _, err := fmt.Sscanf(out, "token %s\nsha256 %s\n", &token, &hash); err != nil {
		t.Fatalf("%q: %v", out, err)
	}
	return secret(token), hash
}

// What TestMain looks for is found.
func TestSecretsInLogsAreFound(t *testing.T) {
	for line, leaks := range map[string]bool{
		"level=INFO msg=secret":                        true,
		`dn="cn=a" password=\"secret\"`:                true,
		"the token is kept secretly":                   false,
		"a client sent c2VjcmV0 as its credential":     true,
		"subprotocols=ldapedge.token.dG9rZW4tb2YtYQ":   true,
		"Authorization: Bearer token-of-a":             true,
		"Authorization: Bearer token-of-another":       false,
		"736563726574":                                 true,
		"server=dc1 identity.subject=alice up=39 down": false,
	} {
		w := new(written)
		w.all.WriteString("first line\n" + line)
		e := hearing{outputs: []*written{w}, secrets: map[string]bool{"secret": true, "token-of-a": true}}
		if got := e.leaks(); (len(got) == 1 && got[0] == line) != leaks || len(got) > 1 {
			t.Errorf("%s: %q", line, got)
		}
	}
	if e := (&hearing{outputs: []*written{new(written)}, secrets: map[string]bool{"secret": true}}); e.leaks() != nil {
		t.Error("nothing has a secret in it")
	}
}
