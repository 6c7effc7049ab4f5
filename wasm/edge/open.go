package edge

import (
	"errors"
	"fmt"
	"time"

	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/pool"
	"github.com/ldapedge/ldapedge/tunnel"
)

// opening is the search for a server of a place that can be opened.
type opening struct {
	place  *place
	of     pool.Opening
	trying bool // a server that the pool named
	then   func(*connection, *loadedSchema, error)
}

// drop gives up the server that is being tried.
func (o *opening) drop(*task) {
	if o.trying {
		o.trying = false
		o.place.machine.Dropped(&o.of, nil)
	}
}

// open opens a server of a place, bound, with its schema; that may take several
// servers.
func (e *Edge) open(t *task, p *place, then func(*connection, *loadedSchema, error)) {
	t.opening = &opening{place: p, then: then}
	e.next(t)
}

// next tries the next server.
func (e *Edge) next(t *task) {
	o := t.opening
	switch d := o.place.machine.Next(&o.of, e.since(t.now)); {
	case d.Err != nil:
		e.opened(t, nil, nil, d.Err)
	case d.Server == nil:
		at := e.epoch.Add(d.At)
		if at.After(t.deadline) {
			e.opened(t, nil, nil, errTimeout)
			return
		}
		t.do(Step{Do: DoWait, Deadline: at}, func(Event) { e.next(t) })
	default:
		o.trying = true
		e.try(t, o.place.members[d.Server])
	}
}

var errTimeout = errors.New("there was not enough time")

// opened ends an opening.
func (e *Edge) opened(t *task, c *connection, s *loadedSchema, err error) {
	o := t.opening
	t.opening = nil
	o.drop(t)
	o.then(c, s, err)
}

// failed tells the pool that the server being tried cannot be opened, and tries
// the next one.
func (e *Edge) failed(t *task, err error) {
	o := t.opening
	o.trying = false
	o.place.machine.Failed(&o.of, e.since(t.now), err)
	if t.stream != nil {
		t.stream = nil
		t.do(Step{Do: DoClose}, func(Event) { e.next(t) })
		return
	}
	e.next(t)
}

// share is until when the server being tried may take.
func (e *Edge) share(t *task) time.Time {
	o := t.opening
	return t.now.Add(t.deadline.Sub(t.now) / time.Duration(o.place.machine.Left(&o.of)))
}

// try opens a server: its schema first, for that may be known already.
func (e *Edge) try(t *task, m *member) {
	if m.Schema == "" {
		e.dial(t, m, nil)
		return
	}
	e.withSchema(t, e.schemas[m.Schema], func(s *loadedSchema, err error) {
		if err != nil {
			e.opened(t, nil, nil, err)
			return
		}
		e.dial(t, m, s)
	})
}

func (e *Edge) dial(t *task, m *member, s *loadedSchema) {
	connector, name := m.target()
	until := e.share(t)
	t.do(Step{Do: DoOpen, Connector: connector, Name: name, Key: m.Name, Deadline: until}, func(ev Event) {
		switch {
		case ev.Kind != EventOpened:
			e.failed(t, streamError(ev))
		case ev.Connection != 0 && e.connections[ev.Connection] != nil:
			c := e.connections[ev.Connection]
			delete(e.connections, ev.Connection)
			t.stream = c
			t.opening.trying = false
			t.opening.place.machine.Dropped(&t.opening.of, nil) // the connection has a hold already
			e.opened(t, c, s, nil)
		case ev.Connection != 0: // it is of an instance that is no more
			t.do(Step{Do: DoClose}, func(Event) { e.dial(t, m, s) })
		default:
			t.stream = &connection{place: t.opening.place, member: m}
			e.bind(t, s, until)
		}
	})
}

// bind binds a new connection, if that is wished.
func (e *Edge) bind(t *task, s *loadedSchema, until time.Time) {
	c := t.stream
	if c.member.Bind == nil {
		e.ready(t, s)
		return
	}
	if _, err := c.machine.Bind(message.BindRequest{DN: c.member.Bind.DN, Password: c.member.password}); err != nil {
		e.failed(t, err)
		return
	}
	e.exchange(t, until, func(ev message.Event) (bool, error) {
		result, err := ev.Result()
		if err == nil && result.Code != message.ResultSuccess {
			err = &ldap.ResultError{Op: "bind", Result: result}
		}
		return true, err
	}, func(err error) {
		var refused *ldap.ResultError
		switch {
		case err == nil:
			e.ready(t, s)
		case errors.As(err, &refused) && !busy(err):
			t.stream = nil
			t.do(Step{Do: DoClose}, func(Event) { e.opened(t, nil, nil, err) })
		default:
			e.failed(t, err)
		}
	})
}

// busy tells whether a result says that another server may do better.
func busy(err error) bool { return ldap.IsResult(err, message.ResultBusy, message.ResultUnavailable) }

// ready tells the pool that the server is open.
func (e *Edge) ready(t *task, s *loadedSchema) {
	o := t.opening
	o.trying = false
	t.stream.hold = o.place.machine.Opened(&o.of, e.since(t.now))
	e.opened(t, t.stream, s, nil)
}

// often is after how many messages the collector gets its turn.
const often = 256

// exchange sends what the task's machine has to send, and takes what arrives until
// each is done; the error is that of each, or why there is no more.
func (e *Edge) exchange(t *task, until time.Time, each func(message.Event) (done bool, err error), then func(error)) {
	e.exchangeAnd(t, until, each, nil, then)
}

// exchangeAnd does the same, and calls after for the messages that came in one
// piece, if more are expected; it does something and goes on.
func (e *Edge) exchangeAnd(t *task, until time.Time, each func(message.Event) (bool, error), after func(more func()), then func(error)) {
	c := t.stream
	var wait func()
	wait = func() {
		out, err := c.passOut(t.now, c.machine.Output())
		if err != nil {
			then(err)
			return
		}
		t.do(Step{Do: DoExchange, Deadline: until, Bytes: out}, func(ev Event) {
			if ev.Kind != EventReceived {
				then(streamError(ev))
				return
			}
			in, err := c.passIn(ev.Bytes)
			if err != nil {
				then(err)
				return
			}
			c.machine.Take(in)
			for n := 1; ; n++ {
				event, ok, err := c.machine.Next()
				if err == nil && !ok {
					break
				}
				done := false
				if err == nil {
					done, err = each(event)
				}
				if err != nil || done {
					then(err)
					return
				}
				if n%often == 0 && e.options.Yield != nil {
					e.options.Yield()
				}
			}
			if after != nil {
				after(wait)
				return
			}
			wait()
		})
	}
	wait()
}

// streamError is why there is no stream.
func streamError(ev Event) error {
	switch ev.Kind {
	case EventTimeout:
		return errTimeout
	case EventClosed:
		if ev.Code == 0 {
			return fmt.Errorf("the server closed the connection")
		}
		return &tunnel.CloseError{Code: tunnel.CloseCode(ev.Code), Reason: ev.Reason}
	}
	return fmt.Errorf("the host answers %s", ev.Kind)
}

// release closes the task's stream, or leaves it to the host for the next.
func (e *Edge) release(t *task, then func()) {
	c := t.stream
	if c == nil {
		then()
		return
	}
	c.judge = nil
	if t.request.Keeps && c.machine.Pending() == 0 && c.machine.Buffered() == 0 && (c.hold == nil || !c.hold.Leaving()) {
		e.lastConnection++
		number := e.lastConnection
		t.do(Step{Do: DoKeep, Connection: number}, func(ev Event) {
			t.stream = nil
			if ev.Kind == EventDone {
				e.connections[number] = c
			} else {
				c.release(e, t.now)
			}
			then()
		})
		return
	}
	c.machine.Unbind()
	t.do(Step{Do: DoClose, Bytes: c.machine.Output()}, func(Event) {
		t.stream = nil
		c.release(e, t.now)
		then()
	})
}
