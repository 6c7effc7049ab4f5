package auth

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// keyServer is an HTTP client whose requests are answered without a network.
type keyServer struct {
	mu      sync.Mutex
	fetches int
	body    []byte
	status  int
	err     error
	delay   time.Duration
}

func (s *keyServer) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	s.fetches++
	response := &http.Response{StatusCode: s.status, Header: http.Header{"Location": {"https://evil.example/"}}, Body: io.NopCloser(bytes.NewReader(s.body)), Request: r}
	err, delay := s.err, s.delay
	s.mu.Unlock()
	select {
	case <-time.After(delay):
		return response, err
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
}

func (s *keyServer) answer(status int, body []byte, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.status, s.body, s.err = status, body, err
}

func (s *keyServer) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.fetches
}

func (s *keyServer) authenticator(t *testing.T) *Authenticator {
	return newAuthenticator(t, Settings{JWT: &JWT{Issuer: testIssuer, Audience: testAudience, KeysURL: "https://issuer.example.com/keys", Refresh: 10 * time.Minute}},
		Options{Client: &http.Client{Transport: s}, Now: time.Now})
}

// running runs the authenticator until the test's end.
func running(t *testing.T, a *Authenticator) {
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		a.Run(ctx)
	}()
	t.Cleanup(func() {
		cancel()
		<-done
	})
}

func freshToken(keys issuerKeys, kid string) string { return keys.token(kid, goodClaims(time.Now())) }

func TestKeysAreFetchedInTheBackground(t *testing.T) {
	old, next := testKeys(), newIssuerKeys()
	synctest.Test(t, func(t *testing.T) {
		server := &keyServer{status: 200, body: old.jwks(), delay: time.Second}
		a := server.authenticator(t)
		running(t, a)
		synctest.Wait()
		accepted(t, a, freshToken(old, "ed")) // waits for the first fetch
		if n := server.count(); n != 1 {
			t.Errorf("%d fetches", n)
		}
		server.answer(200, next.jwks(), nil)
		time.Sleep(9 * time.Minute)
		accepted(t, a, freshToken(old, "ed"))
		time.Sleep(2 * time.Minute)
		accepted(t, a, freshToken(next, "ed"))
		refused(t, a, freshToken(old, "ed"), BadSignature)
		if n := server.count(); n != 2 {
			t.Errorf("%d fetches", n)
		}
	})
}

func TestUnknownKeyRefreshesOnce(t *testing.T) {
	old, next := testKeys(), newIssuerKeys()
	synctest.Test(t, func(t *testing.T) {
		server := &keyServer{status: 200, body: jwks(publicJWK("old", old["ed"].Public())), delay: time.Second}
		a := server.authenticator(t)
		running(t, a)
		time.Sleep(2 * time.Second)
		signed := func(k issuerKeys, kid string) string {
			return sign(k["ed"], object{"alg": algEdDSA, "kid": kid}, goodClaims(time.Now()))
		}
		accepted(t, a, signed(old, "old"))

		// The keys have been changed: many tokens at a time are worth one fetch.
		server.answer(200, jwks(publicJWK("new", next["ed"].Public())), nil)
		var all sync.WaitGroup
		for range 50 {
			all.Go(func() { accepted(t, a, signed(next, "new")) })
		}
		all.Wait()
		if n := server.count(); n != 2 {
			t.Errorf("%d fetches", n)
		}
		for i := range 50 {
			refused(t, a, signed(next, fmt.Sprint("made up ", i)), UnknownKey)
		}
		if n := server.count(); n != 2 {
			t.Errorf("%d fetches within the minute", n)
		}
		time.Sleep(forceInterval)
		for i := range 50 {
			refused(t, a, signed(next, fmt.Sprint("made up ", i)), UnknownKey)
		}
		if n := server.count(); n != 3 {
			t.Errorf("%d fetches after a minute", n)
		}
		// What cannot be accepted whatever the key is not worth one.
		time.Sleep(forceInterval)
		refused(t, a, sign(next["ed"], object{"alg": "HS256", "kid": "x"}, goodClaims(time.Now())), WrongAlgorithm)
		refused(t, a, sign(next["ed"], object{"alg": algEdDSA, "kid": "x"}, with(goodClaims(time.Now()), object{"sub": 1})), Malformed)
		if n := server.count(); n != 3 {
			t.Errorf("%d fetches", n)
		}
	})
}

func TestJWKSSurvivesAFailedRefresh(t *testing.T) {
	keys := testKeys()
	failures := map[string]func(*keyServer){
		"no answer":       func(s *keyServer) { s.answer(0, nil, errors.New("connection refused")) },
		"an error":        func(s *keyServer) { s.answer(500, keys.jwks(), nil) },
		"a redirect":      func(s *keyServer) { s.answer(302, nil, nil) },
		"no JSON":         func(s *keyServer) { s.answer(200, []byte("<html>"), nil) },
		"no keys":         func(s *keyServer) { s.answer(200, []byte(`{"keys":[]}`), nil) },
		"too much":        func(s *keyServer) { s.answer(200, append(keys.jwks(), bytes.Repeat([]byte(" "), maxKeyBytes)...), nil) },
		"never an answer": func(s *keyServer) { s.mu.Lock(); s.delay = time.Hour; s.mu.Unlock() },
	}
	for name, fail := range failures {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := &keyServer{status: 200, body: keys.jwks()}
				a := server.authenticator(t)
				running(t, a)
				synctest.Wait()
				fail(server)
				time.Sleep(10*time.Minute + 30*time.Second)
				if n := server.count(); n != 2 {
					t.Errorf("%d fetches", n)
				}
				accepted(t, a, freshToken(keys, "ed"))
				time.Sleep(5 * time.Minute) // it is tried again sooner
				if n := server.count(); n < 6 || n > 8 {
					t.Errorf("%d fetches", n)
				}
				accepted(t, a, freshToken(keys, "ed"))
			})
		})
	}
}

func TestKeysThatCannotBeFetched(t *testing.T) {
	keys := testKeys()
	synctest.Test(t, func(t *testing.T) {
		server := &keyServer{status: 503}
		a := server.authenticator(t) // without Run a token has them fetched
		for range 10 {
			refused(t, a, freshToken(keys, "ed"), KeysUnavailable)
		}
		if n := server.count(); n != 1 {
			t.Errorf("%d fetches", n)
		}
		server.answer(200, keys.jwks(), nil)
		time.Sleep(forceInterval)
		server.mu.Lock()
		server.delay = 5 * time.Second
		server.mu.Unlock()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := a.Authenticate(ctx, freshToken(keys, "ed"), nil) // waits no longer than its context
		checkReason(t, err, KeysUnavailable)
		accepted(t, a, freshToken(keys, "ed"))
		if n := server.count(); n != 2 {
			t.Errorf("%d fetches", n)
		}
	})
}

func TestKeysAreFetchedOverHTTP(t *testing.T) {
	// The real client, on loopback.
	server := newLoopback(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/keys" || !strings.Contains(r.Header.Get("Accept"), "application/jwk-set+json") {
			http.NotFound(w, r)
			return
		}
		w.Write(testKeys().jwks())
	}))
	a := newAuthenticator(t, Settings{JWT: &JWT{Issuer: testIssuer, Audience: testAudience, KeysURL: server + "/keys"}}, Options{})
	accepted(t, a, testKeys().token("rs", goodClaims(start)))
	a.jwt.keys = newRemoteKeys(server+"/none", time.Hour, Options{Client: http.DefaultClient, Now: time.Now, Log: a.jwt.keys.(*remoteKeys).log})
	refused(t, a, testKeys().token("rs", goodClaims(start)), KeysUnavailable)
}
