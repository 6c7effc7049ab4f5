// Package edgehttp has the routes of package edge as an [http.Handler], for hosts
// where Go has goroutines and may wait: the second entry point of the Worker, on
// github.com/syumai/workers, and any program that serves HTTP.
package edgehttp

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/ldapedge/ldapedge/tunnel"
	"github.com/ldapedge/ldapedge/wasm/edge"
)

// Host does what answers take.
type Host interface {
	// Caller says who asks. What is refused is told with Caller.Refused.
	Caller(*http.Request) edge.Caller
	// Dial opens a stream to the server of a connector, or without a connector to
	// host:port with TLS. The error is a [*tunnel.CloseError] where the connector
	// says why.
	Dial(ctx context.Context, connector, name string) (io.ReadWriteCloser, error)
	// Load loads a file: see [edge.DoLoad].
	Load(context.Context, *edge.Step) edge.Event
	// Look returns what was stored under a name, nil for nothing.
	Look(ctx context.Context, name string) []byte
	// Store stores something for some seconds, and does not wait for that.
	Store(name string, seconds int, b []byte)
}

// Handler serves an edge.
type Handler struct {
	host Host
	now  func() time.Time

	mu   sync.Mutex // guards edge
	edge *edge.Edge
}

// New returns a handler. now is the clock; nil is time.Now.
func New(e *edge.Edge, host Host, now func() time.Time) *Handler {
	if now == nil {
		now = time.Now
	}
	return &Handler{host: host, now: now, edge: e}
}

// maxBody bounds a request's content, in bytes.
const maxBody = 1 << 20

// frame is how much is read of a stream at a time.
const frame = 64 << 10

// ServeHTTP answers a request.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		http.Error(w, http.StatusText(http.StatusRequestEntityTooLarge), http.StatusRequestEntityTooLarge)
		return
	}
	request := edge.Request{
		Method: r.Method, Target: r.URL.RequestURI(), Accept: strings.Join(r.Header.Values("Accept"), ","),
		IfNoneMatch: strings.Join(r.Header.Values("If-None-Match"), ","), Caller: h.host.Caller(r), Body: body,
	}
	h.mu.Lock()
	id, step := h.edge.Start(request, h.now())
	h.mu.Unlock()
	ctx := r.Context()
	t := &task{handler: h, id: id, w: w, head: r.Method == http.MethodHead}
	defer t.close()
	for !step.Over() {
		if t.answered && !t.streamed { // the client has what it wanted
			ctx = context.WithoutCancel(ctx)
		}
		event := t.do(ctx, step)
		if ctx.Err() != nil {
			h.mu.Lock()
			h.edge.Drop(id, h.now())
			h.mu.Unlock()
			return
		}
		h.mu.Lock()
		step, err = h.edge.Advance(id, event, h.now())
		h.mu.Unlock()
		if err != nil {
			panic(http.ErrAbortHandler)
		}
	}
	t.do(ctx, step)
	if step.Do == edge.DoEnd && step.Name != "" && t.streamed {
		panic(http.ErrAbortHandler) // breaks the answer off
	}
}

// task is what the host has of a request.
type task struct {
	handler            *Handler
	id                 int
	w                  http.ResponseWriter
	head               bool
	answered, streamed bool
	stream             io.ReadWriteCloser
}

func (t *task) close() {
	if t.stream != nil {
		t.stream.Close()
		t.stream = nil
	}
}

// do does a step, and returns what became of it.
func (t *task) do(ctx context.Context, s *edge.Step) edge.Event {
	done := edge.Event{Kind: edge.EventDone}
	switch s.Do {
	case edge.DoRespond:
		t.respond(s)
	case edge.DoChunk:
		if _, err := t.w.Write(s.Bytes); err != nil {
			return edge.Event{Kind: edge.EventClosed, Reason: "the client has gone away"}
		}
		http.NewResponseController(t.w).Flush()
	case edge.DoLook:
		if b := t.handler.host.Look(ctx, s.Name); b != nil {
			return edge.Event{Kind: edge.EventFound, Bytes: b}
		}
		return edge.Event{Kind: edge.EventNone}
	case edge.DoStore:
		t.handler.host.Store(s.Name, s.Seconds, append([]byte(nil), s.Bytes...))
	case edge.DoLoad:
		return t.handler.host.Load(ctx, s)
	case edge.DoOpen:
		return t.open(ctx, s)
	case edge.DoExchange:
		return t.exchange(ctx, s)
	case edge.DoClose:
		if t.stream != nil && len(s.Bytes) > 0 {
			t.stream.Write(s.Bytes)
		}
		t.close()
	case edge.DoKeep:
		t.close()
		return edge.Event{Kind: edge.EventNone}
	case edge.DoWait:
		select {
		case <-time.After(s.Deadline.Sub(t.handler.now())):
		case <-ctx.Done():
		}
	}
	return done
}

func (t *task) respond(s *edge.Step) {
	for _, f := range s.Fields {
		t.w.Header().Set(f.Name, f.Value)
	}
	t.answered, t.streamed = true, s.Streamed
	t.w.WriteHeader(s.Status)
	if !t.head {
		t.w.Write(s.Bytes)
	}
	if !s.Last {
		http.NewResponseController(t.w).Flush()
	}
}

func (t *task) open(ctx context.Context, s *edge.Step) edge.Event {
	ctx, cancel := context.WithTimeout(ctx, s.Deadline.Sub(t.handler.now()))
	defer cancel()
	stream, err := t.handler.host.Dial(ctx, s.Connector, s.Name)
	if err != nil {
		return closed(ctx, err)
	}
	t.stream = stream
	return edge.Event{Kind: edge.EventOpened}
}

func (t *task) exchange(ctx context.Context, s *edge.Step) edge.Event {
	ctx, cancel := context.WithTimeout(ctx, s.Deadline.Sub(t.handler.now()))
	defer cancel()
	stop := context.AfterFunc(ctx, func() { t.stream.Close() })
	defer stop()
	if len(s.Bytes) > 0 {
		if _, err := t.stream.Write(s.Bytes); err != nil {
			return closed(ctx, err)
		}
	}
	b := make([]byte, frame)
	n, err := t.stream.Read(b)
	if n > 0 {
		return edge.Event{Kind: edge.EventReceived, Bytes: b[:n]}
	}
	return closed(ctx, err)
}

// closed is the event for the error of a stream.
func closed(ctx context.Context, err error) edge.Event {
	var said *tunnel.CloseError
	switch {
	case errors.As(err, &said):
		return edge.Event{Kind: edge.EventClosed, Code: int(said.Code), Reason: said.Reason}
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return edge.Event{Kind: edge.EventTimeout}
	case errors.Is(err, io.EOF), errors.Is(err, net.ErrClosed):
		return edge.Event{Kind: edge.EventClosed}
	}
	return edge.Event{Kind: edge.EventClosed, Code: int(tunnel.CloseAbnormal), Reason: err.Error()}
}
