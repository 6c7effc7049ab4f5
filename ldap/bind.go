package ldap

import (
	"context"
	"fmt"
	"sync"

	"github.com/ldapedge/ldapedge/ldap/message"
)

// Bind authenticates with the connection's credentials, see
// [Connection.SimpleBind].
func (c *Connection) Bind(ctx context.Context) error {
	_, err := c.SimpleBind(ctx, c.options.Credentials)
	return err
}

// SimpleBind authenticates with a name and a password, or anonymously (RFC 4511
// §4.2). No other operation may be in progress, nor begin before it is over:
// else the error wraps [message.ErrBusy].
//
// The password goes over the stream as it is, and on one in plain text everyone
// in between can read it.
func (c *Connection) SimpleBind(ctx context.Context, credentials Credentials, controls ...message.Control) (Response, error) {
	return c.bind(ctx, "bind", func(ctx context.Context, s *session) (Response, bool, error) {
		event, sent, err := s.bind(ctx, func(m *message.Machine) (int32, error) {
			return m.Bind(message.BindRequest{DN: credentials.DN, Password: credentials.Password}, controls...)
		})
		if err != nil {
			return Response{}, sent, fmt.Errorf("bind: %w", err)
		}
		r, err := s.response("bind", event)
		return r, true, err
	})
}

// bind binds, and remembers how if that succeeds. A bind that does not makes the
// client anonymous (RFC 4513 §4); one that was not sent leaves it who it was.
func (c *Connection) bind(ctx context.Context, name string, bind func(context.Context, *session) (r Response, sent bool, err error)) (r Response, err error) {
	c.mu.Lock()
	at, before := c.session, c.login.bind
	c.login.bind = nil
	c.mu.Unlock()
	err = c.onSession(ctx, name, func(s *session) (bool, error) {
		var sent bool
		if r, sent, err = bind(ctx, s); err != nil {
			if sent {
				before = nil
			}
			return !sent, err
		}
		s.learning.bound()
		var one sync.Mutex // a mechanism is used by one bind at a time
		c.remember(s, func(l *login) {
			l.bind = func(ctx context.Context, s *session) error {
				one.Lock()
				defer one.Unlock()
				_, _, err := bind(ctx, s)
				if err == nil {
					s.learning.bound()
				}
				return err
			}
		})
		return false, nil
	})
	if err != nil && before != nil && !at.ending() {
		c.remember(at, func(l *login) { l.bind = before })
	}
	return r, err
}

// bind sends one request of a bind and returns its response. sent tells whether
// the server may have got it.
func (s *session) bind(ctx context.Context, begin func(*message.Machine) (int32, error)) (event message.Event, sent bool, err error) {
	op, err := s.start(begin)
	if err != nil {
		return message.Event{}, false, err
	}
	defer s.finish(op)
	event, err = s.waitFinal(ctx, op)
	return event, true, err
}
