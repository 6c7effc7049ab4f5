package auth

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"
)

// Whatever is printed of a refusal, of an identity and of the authenticator,
// and whatever is logged, has no part of the token.
func TestTokenNeverInErrors(t *testing.T) {
	now := start
	var logged bytes.Buffer
	log := slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug}))
	var s Settings
	made, err := s.AddToken("start", strings.NewReader(strings.Repeat("random", 10)))
	if err != nil {
		t.Fatal(err)
	}
	s.JWT = jwtSettings(t, testKeys().jwks())
	s.JWT.SessionsInAll = 1
	s.Tokens = append(s.Tokens, Token{Subject: "late", Servers: Servers{All: true}, SHA256: hashOf("late-s3cret-token"), Expires: start})
	a := newAuthenticator(t, s, Options{Now: func() time.Time { return now }, Log: log})

	es, header, claims := testKeys()["es"], object{"alg": algES256, "kid": "es"}, with(goodClaims(start), object{"jti": "s3cret-jti"})
	tokens := []string{made, "late-s3cret-token", "s3cret-opaque-token", "s3cret.with.dots", "s3cret-" + strings.Repeat("x", maxToken)}
	tokens = append(tokens, sign(es, header, claims), testKeys().token("ed", claims), newIssuerKeys().token("es", claims))
	for _, changes := range []object{{"exp": 1}, {"nbf": start.Add(time.Hour).Unix()}, {"iss": "s3cret-iss"}, {"aud": "s3cret-aud"}, {"aud": nil}, {"sub": nil}, {"once": "s3cret"}, {"exp": "s3cret"}, {"ldapedge_servers": "s3cret"}, {"sub": "mallory"}} {
		tokens = append(tokens, sign(es, header, with(claims, changes)))
	}
	for _, changes := range []object{{"alg": "s3cret-alg"}, {"alg": "none"}, {"alg": "HS256"}, {"kid": "s3cret-kid"}, {"kid": 1}, {"crit": []string{"s3cret"}}} {
		tokens = append(tokens, sign(es, with(header, changes), claims))
	}
	good := sign(es, header, claims)
	for cut := range 40 {
		tokens = append(tokens, good[:len(good)*cut/40], good[:len(good)*cut/40]+"!"+good[len(good)*cut/40:])
	}
	kinds := make(map[Reason]bool)
	for _, token := range tokens {
		var all []any
		i, err := a.Authenticate(t.Context(), token, nil)
		if err == nil {
			all = append(all, i, *i)
			err = i.MayReach("s3cret-server")
			var session *Session
			if again, e := i.Begin(); e != nil {
				err = e
			} else {
				session = again
			}
			all = append(all, session)
		}
		all = append(all, err, fmt.Errorf("wrapped: %w", err), errors.Unwrap(err))
		var e *Error
		if errors.As(err, &e) {
			kinds[e.Reason] = true
			all = append(all, *e)
			log.Info("refused", "error", err, "by", e, "identity", i)
		}
		for _, v := range all {
			for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
				noPartOf(t, token, fmt.Sprintf(format, v))
			}
		}
		noPartOf(t, token, logged.String())
		noPartOf(t, token, fmt.Sprintf("%+v %#v", a, *a))
		logged.Reset()
	}
	for _, want := range []Reason{Missing, Malformed, Unknown, WrongAlgorithm, UnknownKey, BadSignature, Expired, NotYetValid, WrongIssuer, WrongAudience, ClaimMissing, Replayed, NotPermitted} {
		if want != Unknown && !kinds[want] {
			t.Errorf("nothing was refused as %s", want)
		}
	}
}

// noPartOf looks for the token, for long parts of it and for what is secret in it.
func noPartOf(t *testing.T, token, text string) {
	t.Helper()
	if strings.Contains(text, "s3cret") || len(token) >= 5 && len(token) < maxToken && strings.Contains(text, token) {
		t.Errorf("a token is in %.300q", text)
	}
	for part := range strings.SplitSeq(token, ".") {
		for begin := 0; begin+16 <= len(part) && len(token) < maxToken; begin += 8 {
			if strings.Contains(text, part[begin:begin+16]) {
				t.Fatalf("a part of a token is in %.300q", text)
			}
		}
	}
}

func TestEveryReasonHasATextAndAKind(t *testing.T) {
	for reason, text := range texts {
		e := refuse(reason)
		kinds := 0
		for _, kind := range []error{ErrNotAuthenticated, ErrNotPermitted, ErrTooMany} {
			if errors.Is(e, kind) {
				kinds++
			}
		}
		if kinds != 1 || !strings.HasSuffix(e.Error(), ": "+text) {
			t.Errorf("%s: %v, of %d kinds", reason, e, kinds)
		}
	}
}

func TestWhatIsLogged(t *testing.T) {
	now := start
	a := jwtAuthenticator(t, &now, nil)
	var logged bytes.Buffer
	log := slog.New(slog.NewTextHandler(&logged, nil))
	token := withID("a", object{"once": true})
	log.Info("accepted", "client", accepted(t, a, token))
	begin(t, a, token)
	_, err := a.Authenticate(t.Context(), token, nil)
	log.Info("refused", "client", err)
	id := fmt.Sprintf("%.16s", hashOf("a"))
	for _, want := range []string{
		"client.method=jwt client.subject=alice client.key_id=ed client.jti_sha256=" + id + "\n",
		"client.reason=replayed client.subject=alice client.key_id=ed client.jti_sha256=" + id + "\n",
	} {
		if !strings.Contains(logged.String(), want) {
			t.Errorf("no %s in\n%s", want, &logged)
		}
	}
}
