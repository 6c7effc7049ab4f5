package auth

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// begun counts a session with the token, or returns why there is none.
func begun(t testing.TB, a *Authenticator, token string) (*Session, error) {
	t.Helper()
	i, err := a.Authenticate(t.Context(), token, nil)
	if err != nil {
		return nil, err
	}
	return i.Begin()
}

func begin(t testing.TB, a *Authenticator, token string) *Session {
	t.Helper()
	s, err := begun(t, a, token)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func withID(jti string, changes object) string {
	return testKeys().token("ed", with(with(goodClaims(start), object{"jti": jti}), changes))
}

func TestReplayedToken(t *testing.T) {
	now := start
	a := jwtAuthenticator(t, &now, func(j *JWT) { j.Sessions, j.SessionsInAll = 2, 4 })
	token := withID("a", nil)
	first, second := begin(t, a, token), begin(t, a, token)
	if !first.Expires.Equal(start.Add(10*time.Minute + DefaultLeeway)) {
		t.Errorf("expires %v", first.Expires)
	}
	_, err := begun(t, a, token)
	checkReason(t, err, TooManySessions)
	if !errors.Is(err, ErrTooMany) || errors.Is(err, ErrNotAuthenticated) {
		t.Errorf("%v", err)
	}
	// Another token is not concerned, and another subject's of this jti refused.
	begin(t, a, withID("b", nil)).Release()
	refused(t, a, withID("a", object{"sub": "mallory"}), Replayed)

	first.Release()
	first.Release() // counts once
	third := begin(t, a, token)
	_, err = begun(t, a, token)
	checkReason(t, err, TooManySessions)
	second.Release()
	third.Release()
	begin(t, a, token).Release()
	_, err = begun(t, a, token) // the fifth in all
	checkReason(t, err, Replayed)
	if !errors.Is(err, ErrNotAuthenticated) {
		t.Errorf("%v", err)
	}
	// With a later expiry the jti is the same.
	now = start.Add(5 * time.Minute)
	refused(t, a, withID("a", object{"exp": now.Add(time.Hour).Unix()}), Replayed)
}

func TestTokenUsedOnce(t *testing.T) {
	now := start
	a := jwtAuthenticator(t, &now, nil)
	token := withID("a", object{"once": true})
	accepted(t, a, token) // to ask who it is uses nothing up
	i := accepted(t, a, token)
	if err := i.MayReach("dc9"); !errors.Is(err, ErrNotPermitted) {
		t.Errorf("%v", err)
	}
	session, err := i.Begin()
	if err != nil {
		t.Fatal(err)
	}
	_, err = i.Begin()
	checkReason(t, err, Replayed)
	refused(t, a, token, Replayed)
	session.Release()
	refused(t, a, token, Replayed)
	refused(t, a, withID("a", nil), Replayed) // without the claim
	begin(t, a, withID("b", nil)).Release()
	refused(t, a, withID("b", object{"once": true}), Replayed)
	begin(t, a, withID("c", object{"once": false})).Release()
	begin(t, a, withID("c", object{"once": false})).Release()
	// Without jti there is nothing to remember it by.
	refused(t, a, testKeys().token("ed", with(goodClaims(start), object{"once": true})), ClaimMissing)
	now = start.Add(time.Hour)
	refused(t, a, token, Expired)
}

// Other settings of the same issuer do not have a token used again.
func TestTokensAreRememberedByWhoComesAfter(t *testing.T) {
	now := start
	before := jwtAuthenticator(t, &now, nil)
	once, two := withID("a", object{"once": true}), withID("b", nil)
	begin(t, before, once).Release()
	held := begin(t, before, two)
	after := func(before *Authenticator, change func(*JWT)) *Authenticator {
		s := jwtSettings(t, testKeys().jwks())
		change(s)
		return newAuthenticator(t, Settings{JWT: s}, Options{Now: func() time.Time { return now }, Before: before})
	}
	fewer := after(before, func(j *JWT) { j.Sessions = 1 })
	refused(t, fewer, once, Replayed)
	_, err := begun(t, fewer, two)
	checkReason(t, err, TooManySessions)
	held.Release()
	begin(t, fewer, two).Release()
	refused(t, after(fewer, func(j *JWT) { j.SessionsInAll = 2 }), two, Replayed)
	stranger := after(fewer, func(j *JWT) { j.Issuer = "https://other.example.com" })
	if len(stranger.jwt.memory.used) != 0 {
		t.Error("tokens of another issuer are remembered")
	}
}

func TestTokenUsedOnceByManyAtATime(t *testing.T) {
	now := start
	a := jwtAuthenticator(t, &now, nil)
	i := accepted(t, a, withID("a", object{"once": true}))
	var all sync.WaitGroup
	var sessions atomic.Int32
	for range 50 {
		all.Go(func() {
			if s, err := i.Begin(); err == nil {
				sessions.Add(1)
				s.Release()
			}
		})
	}
	all.Wait()
	if n := sessions.Load(); n != 1 {
		t.Errorf("%d sessions", n)
	}
}

// An identity that was made before the expiry begins nothing after it.
func TestSessionDoesNotBeginAfterTheExpiry(t *testing.T) {
	now := start
	a := jwtAuthenticator(t, &now, nil)
	i := accepted(t, a, withID("a", object{"once": true}))
	now = i.Expires
	_, err := i.Begin()
	checkReason(t, err, Expired)
}

func TestTokenWithoutID(t *testing.T) {
	now := start
	token := testKeys().token("ed", goodClaims(start))
	a := jwtAuthenticator(t, &now, func(j *JWT) { j.Sessions = 1 })
	begin(t, a, token)
	begin(t, a, token)
	a = jwtAuthenticator(t, &now, func(j *JWT) { j.RequireID = true })
	refused(t, a, token, ClaimMissing)
	begin(t, a, withID("a", nil))
}

func TestMemoryOfReplaysIsBounded(t *testing.T) {
	now := start
	a := jwtAuthenticator(t, &now, func(j *JWT) { j.Remembered = 10 })
	token := func(i int) string {
		return withID(fmt.Sprint(i), object{"exp": start.Add(time.Duration(i) * time.Minute).Unix()})
	}
	for i := 1; i <= 10; i++ {
		begin(t, a, token(i)).Release()
	}
	_, err := begun(t, a, token(11))
	checkReason(t, err, MemoryFull)
	if !errors.Is(err, ErrTooMany) {
		t.Errorf("%v", err)
	}
	begin(t, a, token(10)).Release() // is remembered already
	now = start.Add(time.Minute + DefaultLeeway)
	begin(t, a, token(11)).Release() // in place of the first
	_, err = begun(t, a, token(12))
	checkReason(t, err, MemoryFull)
	held := begin(t, a, token(9))
	now = start.Add(20 * time.Minute)
	begin(t, a, token(30)).Release()
	if n := len(a.jwt.memory.used); n != 1 {
		t.Errorf("%d are remembered", n)
	}
	held.Release() // of what is forgotten
	for i := range 1000 {
		now = now.Add(time.Minute)
		begin(t, a, token(25+i)).Release()
		if n := len(a.jwt.memory.used); n > 10 {
			t.Fatalf("%d are remembered", n)
		}
	}
}
