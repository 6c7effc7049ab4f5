// Package edge answers HTTP requests about directories where nothing may block:
// in an edge function whose one instance serves many requests. It has no I/O, no
// clock, no goroutine and no timer. A request goes in and a [Step] comes out, which
// says what the host is to do; what became of it goes in as an [Event], and the
// next step comes out, until the answer is there.
//
// # What the host does
//
// An answer to a schema that is known takes one step:
//
//	host                                 package
//	Start(GET /schema/ad/...)        →
//	                                 ←   RESPOND 200 …
//
// and a look-up in a directory some more:
//
//	Start(GET /lookup/person?uid=x)  →
//	                                 ←   LOOK for a kept answer
//	NONE                             →
//	                                 ←   OPEN the connector "lan", its server "dc1"
//	OPENED                           →
//	                                 ←   EXCHANGE: send the bytes, wait for a frame
//	RECEIVED bytes                   →
//	                                 ←   CLOSE after sending the unbind
//	DONE                             →
//	                                 ←   STORE the answer
//	DONE                             →
//	                                 ←   RESPOND 200 …
//
// A task has at most one stream to a server at a time, so steps need not name it.
// The host who gives a task up, because the client has gone away or the host has
// no more time, calls [Edge.Drop] and closes the task's stream.
//
// # Text
//
// Across the WebAssembly boundary requests, steps and events are text: a line
// with a word and what belongs to it, lines of fields "name: value", an empty
// line, and bytes. See [ParseRequest], [Step.Append] and [ParseEvent].
package edge

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/ldapedge/ldapedge/formatters"
)

// Options are what an Edge is handed in place of the real world. The zero value
// has the defaults.
type Options struct {
	// Yield is called now and then during long work, for the collector of garbage
	// to keep up where nothing else runs. Default (nil): it is not.
	Yield func()
}

// Edge answers requests. It is not safe for concurrent use.
type Edge struct {
	config  *Config
	options Options
	schemas map[string]*schemaSource
	places  map[string]*place
	lookups map[string]*lookup
	grants  []*grant
	byName  func() *formatters.Formatters // where there is no schema
	buckets buckets

	answers answers
	tasks   map[int]*task
	last    int
	epoch   time.Time // of the pools' clocks
	swept   time.Time

	connections    map[int]*connection // that the host keeps
	lastConnection int
}

// New returns an edge for a configuration, as JSON. secrets are the values of the
// secrets that the configuration names. o may be nil. The error is a
// [*ConfigError] where it has a place.
func New(config []byte, secrets map[string]string, o *Options) (*Edge, error) {
	c, err := parseConfig(config)
	if err != nil {
		return nil, err
	}
	if err := c.check(); err != nil {
		return nil, err
	}
	e := &Edge{
		config: c, schemas: map[string]*schemaSource{}, places: map[string]*place{}, lookups: map[string]*lookup{},
		tasks: map[int]*task{}, connections: map[int]*connection{}, byName: sync.OnceValue(func() *formatters.Formatters { return formatters.New(nil, nil) }),
	}
	if o != nil {
		e.options = *o
	}
	for i := range c.Schemas {
		e.schemas[c.Schemas[i].Name] = newSchemaSource(&c.Schemas[i], c)
	}
	if err := e.makePlaces(secrets); err != nil {
		return nil, err
	}
	if err := e.makeLookups(); err != nil {
		return nil, err
	}
	return e, e.makeGrants()
}

// grace is how much longer than it may take a task is remembered: one that a host
// has forgotten is dropped then.
const grace = 5 * time.Second

// Start begins to answer a request, and returns the number of the task and its
// first step.
func (e *Edge) Start(r Request, now time.Time) (id int, first *Step) {
	e.sweep(now)
	t := e.newTask(now)
	t.request = r
	return t.id, t.advance(now, func() { e.route(t) })
}

func (e *Edge) newTask(now time.Time) *task {
	e.last++
	t := &task{edge: e, id: e.last, now: now, deadline: now.Add(seconds(e.config.Limits.TimeoutSeconds, DefaultTimeoutSeconds))}
	e.tasks[t.id] = t
	return t
}

// ErrNoTask: there is no such task, or no longer.
var ErrNoTask = errors.New("there is no such task")

// Advance tells a task what has become of its step, and returns the next one.
func (e *Edge) Advance(id int, event Event, now time.Time) (*Step, error) {
	t := e.tasks[id]
	if t == nil {
		return nil, fmt.Errorf("%w: %d", ErrNoTask, id)
	}
	then := t.then
	t.then = nil
	return t.advance(now, func() { then(event) }), nil
}

// Drop gives a task up. The host closes its stream, one that was kept too, for which
// it does not call Lost. Of a task that is over, or
// was dropped, it takes no notice.
func (e *Edge) Drop(id int, now time.Time) {
	if t := e.tasks[id]; t != nil {
		t.now = now
		t.abandon()
	}
}

// Lost tells that a kept stream has ended.
func (e *Edge) Lost(connection int, now time.Time) {
	c := e.connections[connection]
	if c == nil {
		return
	}
	delete(e.connections, connection)
	c.release(e, now)
}

// sweep drops the tasks that a host has forgotten.
func (e *Edge) sweep(now time.Time) {
	if now.Sub(e.swept) < time.Second {
		return
	}
	e.swept = now
	for _, t := range e.tasks {
		if now.After(t.deadline.Add(grace)) {
			t.now = now
			t.abandon()
		}
	}
	e.buckets.sweep(now)
}

// State is what an edge holds, for those who watch over it.
type State struct {
	Tasks       int `json:"tasks"`
	Connections int `json:"connections"`
	Answers     int `json:"answers"`
}

// State returns what the edge holds.
func (e *Edge) State() State {
	return State{Tasks: len(e.tasks), Connections: len(e.connections), Answers: len(e.answers.byKey)}
}
