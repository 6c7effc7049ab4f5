package auth

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// verifier verifies an issuer's tokens.
type verifier struct {
	settings JWT
	keys     keySource
	parser   *jwt.Parser
	memory   *memory
}

func newVerifier(s JWT, o Options) (*verifier, error) {
	remembered := &memory{now: o.Now}
	if o.Before != nil && o.Before.jwt != nil {
		before := o.Before.jwt
		if reflect.DeepEqual(before.settings, s) {
			return before, nil
		}
		if before.settings.Issuer == s.Issuer {
			remembered = before.memory
		}
	}
	v := &verifier{
		settings: s,
		parser: jwt.NewParser(
			jwt.WithValidMethods(algorithms()),
			jwt.WithIssuer(s.Issuer), jwt.WithAudience(s.Audience),
			jwt.WithExpirationRequired(), jwt.WithIssuedAt(),
			jwt.WithLeeway(s.Leeway), jwt.WithTimeFunc(o.Now),
			jwt.WithStrictDecoding(),
		),
		memory: remembered,
	}
	var err error
	switch {
	case s.KeysFile != "":
		if v.keys, err = newFileKeys(s.KeysFile, parseJWKS, o.Log); err != nil {
			return nil, fmt.Errorf("jwt.keys_file: %w", err)
		}
	case s.PublicKeyFile != "":
		if v.keys, err = newFileKeys(s.PublicKeyFile, parsePEM, o.Log); err != nil {
			return nil, fmt.Errorf("jwt.public_key_file: %w", err)
		}
	default:
		v.keys = newRemoteKeys(s.KeysURL, s.Refresh, o)
	}
	return v, nil
}

// identity returns whom a token stands for.
func (v *verifier) identity(ctx context.Context, token string) (*Identity, error) {
	if strings.ContainsFunc(token, notOfJWT) {
		return nil, refuse(Malformed)
	}
	var c claims
	var k key
	parsed, err := v.parser.ParseWithClaims(token, jwt.MapClaims{}, func(t *jwt.Token) (any, error) {
		var reason Reason
		if c, reason = v.read(t.Claims.(jwt.MapClaims)); reason == "" {
			k, reason = v.keyFor(ctx, t)
		}
		if reason != "" {
			return nil, refuse(reason)
		}
		return k.public, nil
	})
	if err != nil {
		refused := &Error{Reason: reasonOf(parsed, err), KeyID: k.id}
		if errors.Is(err, jwt.ErrTokenInvalidClaims) { // then the signature is valid
			refused.Subject = c.subject
		}
		return nil, refused
	}
	return v.accepted(c, k.id)
}

// notOfJWT is there because base64 decoders overlook ends of lines.
func notOfJWT(c rune) bool {
	return (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '_' && c != '.'
}

// keyFor chooses the key of a token whose algorithm is accepted.
func (v *verifier) keyFor(ctx context.Context, t *jwt.Token) (key, Reason) {
	// What a token says to be critical must be understood (RFC 7515 §4.1.11),
	// and nothing of the kind is.
	if _, is := t.Header["crit"]; is {
		return key{}, Malformed
	}
	kid, ok := optional[string](t.Header, "kid")
	if !ok {
		return key{}, Malformed
	}
	return v.keys.find(ctx, kid, t.Method.Alg())
}

// reasons are what the errors of the jwt package amount to. The first that holds
// counts. The errors themselves are not passed on: they may have parts of the
// token in them.
var reasons = []struct {
	is     error
	reason Reason
}{
	{jwt.ErrTokenUnverifiable, WrongAlgorithm}, // keyFor's have their own
	{jwt.ErrTokenSignatureInvalid, BadSignature},
	{jwt.ErrTokenExpired, Expired},
	{jwt.ErrTokenNotValidYet, NotYetValid},
	{jwt.ErrTokenUsedBeforeIssued, NotYetValid},
	{jwt.ErrTokenInvalidIssuer, WrongIssuer},
	{jwt.ErrTokenInvalidAudience, WrongAudience},
	{jwt.ErrTokenRequiredClaimMissing, ClaimMissing},
}

func reasonOf(parsed *jwt.Token, err error) Reason {
	var own *Error
	if errors.As(err, &own) {
		return own.Reason
	}
	if errors.Is(err, jwt.ErrTokenMalformed) {
		return Malformed
	}
	if parsed != nil && parsed.Method != nil && !slices.Contains(algorithms(), parsed.Method.Alg()) {
		return WrongAlgorithm
	}
	for _, r := range reasons {
		if errors.Is(err, r.is) {
			return r.reason
		}
	}
	return Malformed
}

// accepted makes the identity of a valid token, unless its use is not allowed.
func (v *verifier) accepted(c claims, keyID string) (*Identity, error) {
	i := &Identity{Subject: Subject{Name: c.subject, Servers: c.servers}, Expires: c.expires, Method: MethodJWT, KeyID: keyID, of: &v.settings}
	if c.subject == "" || c.id == "" && (c.once || v.settings.RequireID) {
		return nil, i.refuse(ClaimMissing)
	}
	if c.target != nil {
		if i.Target = v.settings.Targets.server(*c.target); i.Target == nil {
			return nil, i.refuse(WrongTarget)
		}
	}
	if c.id == "" {
		return i, nil
	}
	i.use = &use{memory: v.memory, most: &v.settings, id: idOf(c.id), subject: c.subject, expires: c.expires, once: c.once}
	i.ID = i.use.shown()
	if i.use.usedUp() {
		return nil, i.refuse(Replayed)
	}
	return i, nil
}

// claims are what is read of a token's claims. Whether iss, aud and the dates are
// right is the jwt package's to say.
type claims struct {
	subject, id string
	servers     Servers
	target      *string // nil unless it is looked at, and given
	once        bool
	expires     time.Time
}

// read refuses claims of a wrong type, and dates that are none, before anything
// is done for the token.
func (v *verifier) read(from jwt.MapClaims) (c claims, refused Reason) {
	var ok [9]bool
	c.subject, ok[0] = optional[string](from, "sub")
	c.id, ok[1] = optional[string](from, "jti")
	c.once, ok[2] = optional[bool](from, "once")
	_, ok[3] = optional[string](from, "iss")
	var exp float64
	exp, ok[4] = date(from, "exp")
	_, ok[5] = date(from, "nbf")
	_, ok[6] = date(from, "iat")
	value, given := from[v.settings.ServersClaim]
	if c.servers, ok[7] = serversOf(value); !given {
		ok[7] = true
	}
	if c.target, ok[8] = v.target(from); slices.Contains(ok[:], false) || !audience(from["aud"]) {
		return c, Malformed
	}
	c.expires = time.Unix(int64(exp), 0).Add(v.settings.Leeway)
	return c, ""
}

// target returns the claim with a server's URL, nil where there is none or nobody
// may name one.
func (v *verifier) target(from jwt.MapClaims) (url *string, ok bool) {
	if v.settings.Targets == nil {
		return nil, true
	}
	claim := v.settings.Targets.Claim
	text, ok := optional[string](from, claim)
	if _, given := from[claim]; !given {
		return nil, true
	}
	return &text, ok
}

// maxDate is the end of the year 9999, in seconds.
const maxDate = 253402300799

// date returns a date (RFC 7519 §2, NumericDate).
func date(from jwt.MapClaims, name string) (seconds float64, ok bool) {
	seconds, ok = optional[float64](from, name)
	return seconds, ok && seconds >= 0 && seconds <= maxDate
}

// audience tells whether a claim is none, a text or a list of texts.
func audience(value any) bool {
	switch value := value.(type) {
	case nil, string:
		return true
	case []any:
		return !slices.ContainsFunc(value, func(v any) bool { _, is := v.(string); return !is })
	}
	return false
}

// optional returns a claim, or its zero value where there is none; ok is false
// for one of another type.
func optional[T any](from map[string]any, name string) (value T, ok bool) {
	given, is := from[name]
	if !is {
		return value, true
	}
	value, ok = given.(T)
	return value, ok
}
