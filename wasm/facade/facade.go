// Package facade is what a JavaScript host can ask of the module: calls and
// answers in frames of JSON, the same for every host. It translates between
// frames and the packages that know schemas, values and LDAP, and knows nothing
// of them itself.
//
// A call is {"id":N,"call":NAME,"params":{…}}. It is answered by exactly one
// {"id":N,"result":…} or {"id":N,"error":{…}}, before which there may be any
// number of {"id":N,"progress":{…}}. {"cancel":N} ends a call early; it is then
// answered with the error "cancelled". The types are spelled out in the npm
// package's types.ts. After a call's JSON there may be a zero byte and then the
// bytes of a file, which the call is about.
//
// # Two sizes
//
// With the build tag "small" there are no calls but those that every page needs
// at once: those of toolkit are left out, and so are the formats of files other than JSON.
package facade

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"github.com/ldapedge/ldapedge/ldap"
)

// Dialer returns how to reach a server through a connector.
type Dialer func(Endpoint) ldap.Dialer

// Endpoint is a server of a connector.
type Endpoint struct {
	// Connector is the base URL of the connector: "http://127.0.0.1:8389/".
	Connector string `json:"connector"`
	// Token authenticates to the connector; empty if it asks for none.
	Token string `json:"token"`
	// Server is the name under which the connector knows the server.
	Server string `json:"server"`
	// URL is the server's.
	URL string `json:"url"`
}

// Facade answers calls. It is safe for concurrent use.
type Facade struct {
	dialer Dialer
	send   func(frame []byte)
	toolkitState

	mu      sync.Mutex
	calls   map[int]context.CancelCauseFunc
	sources map[int]*source
	last    int

	handles handles
}

// New returns a facade that reaches servers through dialer and hands its
// frames to send, which must not block and must not keep the frame.
func New(dialer Dialer, send func(frame []byte)) *Facade {
	return &Facade{
		dialer: dialer, send: send, toolkitState: newToolkitState(),
		calls: make(map[int]context.CancelCauseFunc), sources: make(map[int]*source),
	}
}

type request struct {
	ID     int             `json:"id"`
	Call   string          `json:"call"`
	Params json.RawMessage `json:"params"`
	Cancel int             `json:"cancel"`
}

type response struct {
	ID       int    `json:"id"`
	Result   any    `json:"result,omitempty"`
	Progress any    `json:"progress,omitempty"`
	Error    *Error `json:"error,omitempty"`
}

// call is one being answered.
type call struct {
	facade *Facade
	id     int
	params json.RawMessage
	file   []byte // what came after the frame's JSON
}

// calls are what a host can ask for.
var calls = map[string]handler{
	"open":       openSource,
	"check":      checkSource,
	"watch":      watchSource,
	"definition": showDefinition,
	"search":     searchSource,
	"close":      closeSource,
	"read":       readFile,
	"text":       textOf,
	"rootDSE":    rootDSEOf,
}

// handler answers a call.
type handler = func(context.Context, *call) (any, error)

// find returns what answers a call, nil if there is none of that name.
func find(name string) handler {
	if do := calls[name]; do != nil {
		return do
	}
	for _, some := range toolkit {
		if do := some[name]; do != nil {
			return do
		}
	}
	return nil
}

// Receive takes a frame from the host. It does not block: the call is answered
// later, through send. The frame is the facade's from then on.
func (f *Facade) Receive(frame []byte) {
	var r request
	text, file, _ := bytes.Cut(frame, []byte{0})
	if err := json.Unmarshal(text, &r); err != nil {
		f.answer(r.ID, nil, usage("the frame is not a call: %v", err))
		return
	}
	if r.Cancel != 0 {
		f.cancel(r.Cancel)
		return
	}
	do := find(r.Call)
	if do == nil {
		f.answer(r.ID, nil, usage("there is no call %q", r.Call))
		return
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	f.mu.Lock()
	if f.calls[r.ID] != nil {
		f.mu.Unlock()
		cancel(nil)
		f.answer(r.ID, nil, usage("the ID %d is in use", r.ID))
		return
	}
	f.calls[r.ID] = cancel
	f.mu.Unlock()
	go f.run(ctx, do, &call{facade: f, id: r.ID, params: r.Params, file: file})
}

func (f *Facade) run(ctx context.Context, do handler, c *call) {
	result, err := protect(ctx, do, c)
	f.mu.Lock()
	f.calls[c.id](nil)
	delete(f.calls, c.id)
	f.mu.Unlock()
	f.answer(c.id, result, err)
}

// protect turns a panic into an error: one call must not take the module down.
func protect(ctx context.Context, do handler, c *call) (result any, err error) {
	defer func() {
		if p := recover(); p != nil {
			result, err = nil, &Error{Code: CodeInternal, Cause: fmt.Sprint(p)}
		}
	}()
	return do(ctx, c)
}

var errCancelled = errors.New("the call was cancelled")

func (f *Facade) cancel(id int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if cancel := f.calls[id]; cancel != nil {
		cancel(errCancelled)
	}
}

func (f *Facade) answer(id int, result any, err error) {
	r := response{ID: id, Result: result}
	if err != nil {
		r = response{ID: id, Error: describe(err)}
	} else if result == nil {
		r.Result = struct{}{}
	}
	f.frame(r)
}

// appender is a result that is long, and appends itself.
type appender interface {
	appendJSON(dst []byte) []byte
}

func (f *Facade) frame(r response) {
	if long, ok := r.Result.(appender); ok {
		f.send(append(long.appendJSON(fmt.Appendf(nil, `{"id":%d,"result":`, r.ID)), '}'))
		return
	}
	b, err := json.Marshal(r)
	if err != nil {
		b, _ = json.Marshal(response{ID: r.ID, Error: &Error{Code: CodeInternal, Cause: err.Error()}}) // strings always marshal
	}
	f.send(b)
}

func (c *call) progress(p any) { c.facade.frame(response{ID: c.id, Progress: p}) }

// read reads the call's parameters into p.
func (c *call) read(p any) error {
	if err := json.Unmarshal(c.params, p); err != nil {
		return usage("the parameters do not fit the call: %v", err)
	}
	return nil
}

func usage(what string, args ...any) error {
	return &Error{Code: CodeUsage, Cause: fmt.Sprintf(what, args...)}
}
