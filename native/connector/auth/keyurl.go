package auth

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"
)

const (
	// fetchTimeout bounds one fetch of keys.
	fetchTimeout = 10 * time.Second
	// forceInterval is how often an unknown key may cause a fetch. It is also
	// how soon a fetch that failed is tried again.
	forceInterval = time.Minute
)

// remoteKeys are keys at a URL. They are fetched in the background; while that
// fails the keys of before stay.
type remoteKeys struct {
	url      string
	interval time.Duration
	client   http.Client
	now      func() time.Time
	log      *slog.Logger

	mu      sync.Mutex
	keys    keySet
	running chan struct{} // closed when the fetch in progress is over; nil if there is none
	failed  bool          // the latest fetch
	forced  time.Time
}

func newRemoteKeys(url string, interval time.Duration, o Options) *remoteKeys {
	r := &remoteKeys{url: url, interval: interval, client: *o.Client, now: o.Now, log: o.Log}
	// A redirect could lead to where the configuration did not.
	r.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return r
}

// run fetches now and then until the context ends.
func (r *remoteKeys) run(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		r.mu.Lock()
		fetched := r.start()
		r.mu.Unlock()
		select {
		case <-ctx.Done():
			return
		case <-fetched:
		}
		timer.Reset(r.pause())
	}
}

func (r *remoteKeys) pause() time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.failed {
		return min(r.interval, forceInterval)
	}
	return r.interval
}

// find has an unknown key fetched, though not often: tokens of keys that nobody
// knows are made easily.
func (r *remoteKeys) find(ctx context.Context, kid, alg string) (key, Reason) {
	k, reason, fetched := r.look(kid, alg)
	if fetched == nil {
		return k, reason
	}
	select {
	case <-fetched:
	case <-ctx.Done():
		return k, reason
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.current(kid, alg)
}

// look returns what is known, and for an unknown key the fetch to wait for, if
// there is one.
func (r *remoteKeys) look(kid, alg string) (key, Reason, <-chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	k, reason := r.current(kid, alg)
	if reason != UnknownKey && reason != KeysUnavailable {
		return k, reason, nil
	}
	if r.running != nil {
		return k, reason, r.running
	}
	if now := r.now(); r.forced.IsZero() || now.Sub(r.forced) >= forceInterval {
		r.forced = now
		return k, reason, r.start()
	}
	return k, reason, nil
}

func (r *remoteKeys) current(kid, alg string) (key, Reason) {
	if r.keys == nil {
		return key{}, KeysUnavailable
	}
	return r.keys.find(kid, alg)
}

// start begins a fetch, unless there is one, and returns a channel that is closed
// when it is over. The lock must be held.
func (r *remoteKeys) start() <-chan struct{} {
	if r.running != nil {
		return r.running
	}
	done := make(chan struct{})
	r.running = done
	go func() {
		// No context of a client's: others may be waiting too.
		ctx, cancel := context.WithTimeout(context.Background(), fetchTimeout)
		defer cancel()
		keys, err := r.fetch(ctx)
		if err != nil {
			r.log.Warn("cannot fetch the issuer's keys; those of before stay", "error", err)
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.failed = err != nil; !r.failed {
			r.keys = keys
		}
		r.running = nil
		close(done)
	}()
	return done
}

func (r *remoteKeys) fetch(ctx context.Context) (keySet, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, r.url, nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept", "application/jwk-set+json, application/json")
	response, err := r.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answers %d", r.url, response.StatusCode)
	}
	b, err := readKeys(response.Body)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", r.url, err)
	}
	keys, err := parseJWKS(b)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", r.url, err)
	}
	return keys, nil
}
