//go:build !small

package facade

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/pool"
	"github.com/ldapedge/ldapedge/server"
)

// poolCalls are what a host can ask about pools.
var poolCalls = map[string]handler{
	"newPool":    newPool,
	"poolState":  poolState,
	"poolEvents": poolEvents,
	"closePool":  closePool,
}

// heldPool is a pool that the host holds, at work until it is closed.
type heldPool struct {
	pool  *pool.Pool
	named []NamedServer
	made  time.Time
	stop  context.CancelFunc
	ended <-chan struct{} // closed by stop

	mu      sync.Mutex
	events  []PoolEvent
	first   int           // how many events there were before those
	changed chan struct{} // closed with the next event
}

// maxEvents is how many events of a pool are kept for a host that does not ask
// for them.
const maxEvents = 1000

// PoolEvent is what has happened to a pool.
type PoolEvent struct {
	Kind pool.EventKind `json:"kind"`
	// Server is the URL of the server that it is about; empty if it is the pool.
	Server string `json:"server,omitempty"`
	// Error is the cause, where there is one.
	Error *Error    `json:"error,omitempty"`
	At    time.Time `json:"at"`
}

// newPool makes a pool of its definition, see [pool.FromJSON].
func newPool(_ context.Context, c *call) (any, error) {
	var p struct {
		Definition json.RawMessage `json:"definition"`
		Named      []NamedServer   `json:"named"`
		// Checks is the connector of the background checks; nil for none.
		Checks *ConnectorAddress `json:"checks"`
	}
	if err := c.read(&p); err != nil {
		return nil, err
	}
	h := &heldPool{named: p.Named, made: time.Now(), changed: make(chan struct{})}
	o := &pool.Options{Events: h.happened}
	if p.Checks != nil {
		dialer, err := c.facade.sessions(*p.Checks, p.Named)
		if err != nil {
			return nil, err
		}
		o.Checks.Probe = func(ctx context.Context, s *server.Server) error { return probe(ctx, s, dialer) }
	}
	var err error
	if h.pool, err = pool.FromJSON(p.Definition, o, nil); err != nil {
		return nil, usage("%v", err)
	}
	ctx, stop := context.WithCancel(context.Background())
	h.stop, h.ended = stop, ctx.Done()
	go h.pool.Run(ctx)
	return struct {
		Pool int `json:"pool"`
	}{c.facade.handles.keep(h)}, nil
}

// probe sees whether a server answers.
func probe(ctx context.Context, s *server.Server, dialer ldap.Dialer) error {
	c := ldap.NewConnection(s, dialer, nil)
	defer c.Close()
	if err := c.Open(ctx); err != nil {
		return err
	}
	return c.Check(ctx)
}

func (h *heldPool) happened(e pool.Event) {
	event := PoolEvent{Kind: e.Kind, At: h.made.Add(e.At)}
	if e.Server != nil {
		event.Server = e.Server.URL()
	}
	if e.Err != nil {
		event.Error = describe(e.Err)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.events) == maxEvents {
		h.events = h.events[1:]
		h.first++
	}
	h.events = append(h.events, event)
	close(h.changed)
	h.changed = make(chan struct{})
}

// ofPool are the parameters of every call about a pool.
type ofPool struct {
	Pool int `json:"pool"`
}

func (c *call) readPool() (*heldPool, error) {
	var p ofPool
	if err := c.read(&p); err != nil {
		return nil, err
	}
	return held[*heldPool](c.facade, "pool", p.Pool)
}

// poolState answers with the [pool.State].
func poolState(_ context.Context, c *call) (any, error) {
	h, err := c.readPool()
	if err != nil {
		return nil, err
	}
	return h.pool.State(), nil
}

// PoolEvents are those that came after the ones that a host knows.
type PoolEvents struct {
	Events []PoolEvent `json:"events"`
	// Next is what to ask after the next time.
	Next int `json:"next"`
	// Missed is how many came in between and were not kept.
	Missed int `json:"missed"`
}

// poolEvents answers with [PoolEvents] once there are any.
func poolEvents(ctx context.Context, c *call) (any, error) {
	h, err := c.readPool()
	if err != nil {
		return nil, err
	}
	var p struct {
		After int `json:"after"`
	}
	if err := c.read(&p); err != nil {
		return nil, err
	}
	if p.After < 0 {
		return nil, usage("after %d: 0 or more is expected", p.After)
	}
	for {
		h.mu.Lock()
		events, first, changed := h.events, h.first, h.changed
		h.mu.Unlock()
		if next := first + len(events); next > p.After {
			from := max(p.After, first)
			return PoolEvents{Events: events[from-first:], Next: next, Missed: from - p.After}, nil
		}
		select {
		case <-changed:
		case <-h.ended:
			return nil, errCancelled
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

// closePool ends the background work of a pool. Connections that have it go on.
func closePool(_ context.Context, c *call) (any, error) {
	var p ofPool
	h, err := c.readPool()
	if err == nil {
		err = c.read(&p)
	}
	if err != nil {
		return nil, err
	}
	c.facade.handles.drop(p.Pool)
	h.stop()
	return nil, nil
}
