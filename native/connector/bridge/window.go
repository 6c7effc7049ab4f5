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
	taken   int // of the credit, until it is settled
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
	w.taken = min(most, w.credit)
	w.credit -= w.taken
	return w.taken, true
}

// settle gives back what was taken and not used.
func (w *window) settle(used int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.taken > 0 {
		w.credit += w.taken - used
		w.taken = 0
	}
}

func (w *window) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = true
	w.changed.Broadcast()
}
