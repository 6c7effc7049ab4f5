//go:build js && wasm

// Command workers is the second entry point of the Worker: the routes of package
// edge as an http.Handler on github.com/syumai/workers, which starts a new instance
// of the program for each request. It is for those who have such a Worker already;
// the other one, command worker, answers more requests with less.
//
// What it asks of the host is what the other's host does too: the binding
// LDAPEDGE_HOST is an object of the Worker's script, see gohost.ts.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"syscall/js"
	"time"

	"github.com/syumai/workers"
	"github.com/syumai/workers/cloudflare"

	"github.com/ldapedge/ldapedge/tunnel"
	"github.com/ldapedge/ldapedge/wasm/edge"
	"github.com/ldapedge/ldapedge/wasm/edgehttp"
	"github.com/ldapedge/ldapedge/wasm/promise"
)

func main() {
	h := host{cloudflare.GetBinding("LDAPEDGE_HOST")}
	handler, err := h.handler()
	if err != nil {
		log.Print(err) // the host has the configuration in its log
		handler = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/problem+json")
			w.WriteHeader(http.StatusInternalServerError)
			io.WriteString(w, `{"title":"Internal Server Error","status":500,"code":"configuration","detail":"the configuration is at fault"}`)
		})
	}
	workers.Serve(handler)
}

// host is the script's object.
type host struct{ js.Value }

func (h host) handler() (http.Handler, error) {
	var secrets map[string]string
	if err := json.Unmarshal([]byte(h.Get("secrets").String()), &secrets); err != nil {
		return nil, err
	}
	e, err := edge.New([]byte(h.Get("configuration").String()), secrets, nil)
	if err != nil {
		return nil, err
	}
	return edgehttp.New(e, h, nil), nil
}

// Caller returns whom the host has authenticated: nothing of the request says that.
func (h host) Caller(*http.Request) (c edge.Caller) {
	// Whoever cannot be told has no rights.
	if err := json.Unmarshal([]byte(h.Get("caller").String()), &c); err != nil {
		return edge.Caller{Refused: "it cannot be read"}
	}
	return c
}

// event waits for an event as text; ctx does not end the wait, for the host has its
// own deadlines.
func event(value js.Value) edge.Event {
	text, err := promise.Await(value)
	if err != nil {
		return edge.Event{Kind: edge.EventFailed, Reason: err.Error()}
	}
	e, err := edge.ParseEvent(promise.Bytes(text))
	if err != nil {
		return edge.Event{Kind: edge.EventFailed, Reason: err.Error()}
	}
	return e
}

func (h host) Load(_ context.Context, s *edge.Step) edge.Event {
	return event(h.Call("load", promise.Array(s.Append(nil))))
}

func (h host) Look(_ context.Context, name string) []byte {
	if e := event(h.Call("look", name)); e.Kind == edge.EventFound {
		return e.Bytes
	}
	return nil
}

func (h host) Store(name string, seconds int, b []byte) {
	h.Call("store", name, seconds, promise.Array(b))
}

// Dial opens a stream.
func (h host) Dial(ctx context.Context, connector, name string) (io.ReadWriteCloser, error) {
	deadline, _ := ctx.Deadline()
	opened, err := promise.Await(h.Call("open", connector, name, deadline.UnixMilli()))
	if err != nil {
		return nil, err
	}
	if stream := opened.Get("stream"); stream.Truthy() {
		return &byteStream{Value: stream}, nil
	}
	e, err := edge.ParseEvent(promise.Bytes(opened.Get("event")))
	if err != nil {
		return nil, err
	}
	return nil, ended(e)
}

// ended is the error of a stream's end.
func ended(e edge.Event) error {
	switch {
	case e.Kind == edge.EventTimeout:
		return context.DeadlineExceeded
	case e.Kind != edge.EventClosed:
		return fmt.Errorf("the host answers %s %s", e.Kind, e.Reason)
	case e.Code == 0:
		return io.EOF
	}
	return &tunnel.CloseError{Code: tunnel.CloseCode(e.Code), Reason: e.Reason}
}

// byteStream is a stream of the host's.
type byteStream struct {
	js.Value
	rest []byte // received and not yet read
}

// far is the end of a wait that the handler bounds, by closing the stream.
const far = time.Hour

func (s *byteStream) Read(p []byte) (int, error) {
	if len(s.rest) == 0 {
		e := event(s.Call("receive", time.Now().Add(far).UnixMilli()))
		if e.Kind != edge.EventReceived {
			return 0, ended(e)
		}
		s.rest = e.Bytes
	}
	n := copy(p, s.rest)
	s.rest = s.rest[n:]
	return n, nil
}

var errSend = errors.New("the stream takes nothing")

func (s *byteStream) Write(p []byte) (int, error) {
	if _, err := promise.Await(s.Call("send", promise.Array(p))); err != nil {
		return 0, errSend
	}
	return len(p), nil
}

func (s *byteStream) Close() error {
	s.Call("close")
	return nil
}
