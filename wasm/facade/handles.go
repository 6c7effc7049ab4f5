package facade

import "sync"

// handles are what a host holds beside sources: pools, connections, searches.
// The zero value is empty.
type handles struct {
	mu   sync.Mutex
	last int
	all  map[int]any
}

// keep returns the handle of what the host may ask about.
func (h *handles) keep(v any) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.all == nil {
		h.all = make(map[int]any)
	}
	h.last++
	h.all[h.last] = v
	return h.last
}

// drop lets go of a handle, which is not used again.
func (h *handles) drop(id int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.all, id)
}

// held returns what the host holds under a handle.
func held[T any](f *Facade, what string, id int) (v T, err error) {
	f.handles.mu.Lock()
	defer f.handles.mu.Unlock()
	v, ok := f.handles.all[id].(T)
	if !ok {
		return v, usage("there is no open %s %d", what, id)
	}
	return v, nil
}
