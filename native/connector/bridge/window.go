package bridge

import (
	"sync"

	"github.com/ldapedge/ldapedge/tunnel"
)

// window is how much a client lets the connector send. A client that never
// grants credit has no window and is sent whatever comes.
type window struct {
	mu      sync.Mutex
	changed *sync.Cond
	limited bool
	closed  bool
	credit  int
}

// grant adds to the credit; the first grant opens the window.
func (w *window) grant(n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.limited = true
	w.credit += min(n, max(0, tunnel.MaxCredit-w.credit))
	w.changed.Broadcast()
}

// take waits for credit and takes at most most of it; ok is false once the
// window is closed.
func (w *window) take(most int) (n int, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for w.limited && w.credit == 0 && !w.closed {
		w.changed.Wait()
	}
	if w.closed {
		return 0, false
	}
	if !w.limited {
		return most, true
	}
	n = min(most, w.credit)
	w.credit -= n
	return n, true
}

func (w *window) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = true
	w.changed.Broadcast()
}
