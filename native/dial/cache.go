package dial

import (
	"context"
	"sync"
	"time"
)

// cacheSize is the most answers that are kept.
const cacheSize = 1024

// cache keeps answers. Those who ask for the same at the same time share one
// question; it is given up when all of them have gone. Failures are not kept.
type cache[K comparable, V any] struct {
	mu      sync.Mutex
	answers map[K]answer[V]
	asking  map[K]*question[V]
}

type answer[V any] struct {
	value V
	at    time.Time
}

type question[V any] struct {
	waiting int
	cancel  context.CancelFunc
	done    chan struct{} // closed when value and err are set
	value   V
	err     error
}

// get returns the answer to the key, from ask unless it is known since less than
// the time.
func (c *cache[K, V]) get(ctx context.Context, key K, most time.Duration, ask func(context.Context) (V, error)) (V, error) {
	c.mu.Lock()
	if known, ok := c.answers[key]; ok && time.Since(known.at) < most {
		c.mu.Unlock()
		return known.value, nil
	}
	q := c.asking[key]
	if q == nil {
		q = c.ask(ctx, key, ask)
	}
	q.waiting++
	c.mu.Unlock()

	select {
	case <-q.done:
		return q.value, q.err
	case <-ctx.Done():
		c.leave(key, q)
		var none V
		return none, ctx.Err()
	}
}

// ask begins a question in the background.
func (c *cache[K, V]) ask(ctx context.Context, key K, ask func(context.Context) (V, error)) *question[V] {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	q := &question[V]{cancel: cancel, done: make(chan struct{})}
	if c.asking == nil {
		c.asking = make(map[K]*question[V])
	}
	c.asking[key] = q
	go func() {
		defer cancel()
		q.value, q.err = ask(ctx)
		c.mu.Lock()
		defer c.mu.Unlock()
		c.forget(key, q)
		if q.err == nil {
			c.keep(key, q.value)
		}
		close(q.done)
	}()
	return q
}

func (c *cache[K, V]) leave(key K, q *question[V]) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if q.waiting--; q.waiting == 0 {
		q.cancel()
		c.forget(key, q)
	}
}

func (c *cache[K, V]) forget(key K, q *question[V]) {
	if c.asking[key] == q {
		delete(c.asking, key)
	}
}

// keep adds an answer, and takes the oldest away if there are too many.
func (c *cache[K, V]) keep(key K, value V) {
	if c.answers == nil {
		c.answers = make(map[K]answer[V])
	}
	if _, ok := c.answers[key]; !ok && len(c.answers) >= cacheSize {
		var oldest K
		first := time.Now()
		for k, a := range c.answers {
			if !a.at.After(first) {
				oldest, first = k, a.at
			}
		}
		delete(c.answers, oldest)
	}
	c.answers[key] = answer[V]{value, time.Now()}
}
