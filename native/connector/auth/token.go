package auth

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// tokenBytes are the random bytes of a token: 160 bits.
const tokenBytes = 20

// NewToken returns a new random token of 32 letters and digits, and its hash as
// [Token] has it. Random is crypto/rand.Reader outside of tests.
func NewToken(random io.Reader) (token, hash string, err error) {
	var b [tokenBytes]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return "", "", fmt.Errorf("making a token: %w", err)
	}
	token = base32.StdEncoding.EncodeToString(b[:])
	sum := sha256.Sum256([]byte(token))
	return token, hex.EncodeToString(sum[:]), nil
}

// AddToken adds a new token with access to all servers, and returns it. It is for
// the start of a connector where nothing is configured; the token is kept nowhere.
func (s *Settings) AddToken(subject string, random io.Reader) (token string, err error) {
	token, hash, err := NewToken(random)
	if err != nil {
		return "", err
	}
	s.Tokens = append(s.Tokens, Token{Subject: subject, Servers: Servers{All: true}, SHA256: hash})
	return token, nil
}

// tokens are those of the configuration.
type tokens []hashedToken

type hashedToken struct {
	hash    [sha256.Size]byte
	subject Subject
	expires time.Time
}

func newTokens(settings []Token) (tokens, error) {
	var all tokens
	for i, t := range settings {
		text, key := t.SHA256, "sha256"
		if t.SHA256File != "" {
			key = "sha256_file"
			b, err := os.ReadFile(t.SHA256File)
			if err != nil {
				return nil, fmt.Errorf("tokens[%d].%s: %w", i, key, err)
			}
			text = strings.TrimSpace(string(b))
		}
		hash, err := parseHash(text)
		if err != nil {
			return nil, fmt.Errorf("tokens[%d].%s: %w", i, key, err)
		}
		if all.findHash(hash) != nil {
			return nil, fmt.Errorf("tokens[%d].%s: it is that of an earlier token", i, key)
		}
		all = append(all, hashedToken{hash: hash, subject: Subject{Name: t.Subject, Servers: t.Servers}, expires: t.Expires})
	}
	return all, nil
}

// find takes the same time whatever the token, but for its length.
func (all tokens) find(token string) *hashedToken {
	return all.findHash(sha256.Sum256([]byte(token)))
}

func (all tokens) findHash(hash [sha256.Size]byte) *hashedToken {
	found := -1
	for i := range all {
		equal := subtle.ConstantTimeCompare(all[i].hash[:], hash[:])
		found = subtle.ConstantTimeSelect(equal, i, found)
	}
	if found < 0 {
		return nil
	}
	return &all[found]
}

func (t *hashedToken) identity(now time.Time) (*Identity, error) {
	i := &Identity{Subject: t.subject, Expires: t.expires, Method: MethodToken, hash: t.hash}
	if !t.expires.IsZero() && !now.Before(t.expires) {
		return nil, i.refuse(Expired)
	}
	return i, nil
}
