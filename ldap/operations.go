package ldap

import (
	"context"
	"errors"
	"fmt"

	"github.com/ldapedge/ldapedge/ldap/message"
)

// Compare tells whether an entry has a value (RFC 4511 §4.10).
func (c *Connection) Compare(ctx context.Context, r message.CompareRequest, controls ...message.Control) (matches bool, _ Response, err error) {
	answer, _, err := c.single(ctx, single{
		name: "compare", read: true, fine: []message.ResultCode{message.ResultCompareTrue, message.ResultCompareFalse},
		begin: func(m *message.Machine) (int32, error) { return m.Compare(r, controls...) },
	})
	return err == nil && answer.Code == message.ResultCompareTrue, answer, err
}

// Add adds an entry (RFC 4511 §4.7).
func (c *Connection) Add(ctx context.Context, r message.AddRequest, controls ...message.Control) (Response, error) {
	return c.update(ctx, "add", func(m *message.Machine) (int32, error) { return m.Add(r, controls...) })
}

// Modify changes an entry (RFC 4511 §4.6): all of the changes, in their order, or
// none.
func (c *Connection) Modify(ctx context.Context, r message.ModifyRequest, controls ...message.Control) (Response, error) {
	return c.update(ctx, "modify", func(m *message.Machine) (int32, error) { return m.Modify(r, controls...) })
}

// ModifyDN renames an entry, moves it, or both (RFC 4511 §4.9).
func (c *Connection) ModifyDN(ctx context.Context, r message.ModifyDNRequest, controls ...message.Control) (Response, error) {
	return c.update(ctx, "modifyDN", func(m *message.Machine) (int32, error) { return m.ModifyDN(r, controls...) })
}

// Delete deletes an entry that has none below it (RFC 4511 §4.8).
func (c *Connection) Delete(ctx context.Context, r message.DeleteRequest, controls ...message.Control) (Response, error) {
	return c.update(ctx, "delete", func(m *message.Machine) (int32, error) { return m.Delete(r, controls...) })
}

// update does an operation that changes something. An error of it either wraps
// [ErrOutcomeUnknown] or says that nothing has changed.
func (c *Connection) update(ctx context.Context, name string, begin func(*message.Machine) (int32, error)) (Response, error) {
	r, _, err := c.single(ctx, single{name: name, begin: begin})
	return r, err
}

// single is an operation with one response.
type single struct {
	name  string
	begin func(*message.Machine) (int32, error)
	// read says that nothing changes by it, so that it may be repeated.
	read bool
	// fine are the codes beside success that are no failure.
	fine []message.ResultCode
}

// single does the operation. Beside a [*ResultError] there is the response too.
func (c *Connection) single(ctx context.Context, o single) (r Response, event message.Event, err error) {
	err = c.onSession(ctx, o.name, func(s *session) (bool, error) {
		var sent bool
		r, event, sent, err = s.single(ctx, o)
		return o.read || !sent, err
	})
	return r, event, err
}

func (s *session) single(ctx context.Context, o single) (r Response, event message.Event, sent bool, err error) {
	op, err := s.start(o.begin)
	if err != nil {
		return r, event, false, fmt.Errorf("%s: %w", o.name, err)
	}
	defer s.finish(op)
	event, err = s.waitFinal(ctx, op)
	switch {
	case err != nil && o.read:
		err = fmt.Errorf("%s: %w", o.name, err)
	case err != nil:
		err = fmt.Errorf("%s: %w: %w", o.name, err, ErrOutcomeUnknown)
	default:
		r, err = s.response(o.name, event, o.fine...)
		if err != nil && !o.read && !errors.As(err, new(*ResultError)) {
			err = fmt.Errorf("%w: %w", err, ErrOutcomeUnknown)
		}
	}
	return r, event, true, err
}
