package ldap

import (
	"context"
	"errors"
	"fmt"

	"github.com/ldapedge/ldapedge/ldap/message"
)

// Compare tells whether an entry has a value (RFC 4511 §4.10). Names and values
// are checked and written as in a filter, see [Connection.Search].
func (c *Connection) Compare(ctx context.Context, r message.CompareRequest, controls ...message.Control) (matches bool, _ Response, err error) {
	var sent message.CompareRequest
	answer, _, err := c.single(ctx, single{
		name: "compare", read: true, fine: []message.ResultCode{message.ResultCompareTrue, message.ResultCompareFalse}, dn: r.DN,
		prepare: func(p *preparation) (err error) { sent, err = p.compare(r); return err },
		begin:   func(m *message.Machine, dn string) (int32, error) { sent.DN = dn; return m.Compare(sent, controls...) },
	})
	return err == nil && answer.Code == message.ResultCompareTrue, answer, err
}

// Add adds an entry (RFC 4511 §4.7). Names are checked by the server's schema,
// and values may be written as people do, see [Connection.Search]; an error of
// that kind says that nothing was sent.
func (c *Connection) Add(ctx context.Context, r message.AddRequest, controls ...message.Control) (Response, error) {
	var sent message.AddRequest
	return c.update(ctx, single{
		name: "add", dn: r.DN,
		prepare: func(p *preparation) (err error) { sent, err = p.add(r); return err },
		begin:   func(m *message.Machine, dn string) (int32, error) { sent.DN = dn; return m.Add(sent, controls...) },
	})
}

// Modify changes an entry (RFC 4511 §4.6): all of the changes, in their order, or
// none. Names and values are as with [Connection.Add].
func (c *Connection) Modify(ctx context.Context, r message.ModifyRequest, controls ...message.Control) (Response, error) {
	var sent message.ModifyRequest
	return c.update(ctx, single{
		name: "modify", dn: r.DN,
		prepare: func(p *preparation) (err error) { sent, err = p.modify(r); return err },
		begin:   func(m *message.Machine, dn string) (int32, error) { sent.DN = dn; return m.Modify(sent, controls...) },
	})
}

// ModifyDN renames an entry, moves it, or both (RFC 4511 §4.9).
func (c *Connection) ModifyDN(ctx context.Context, r message.ModifyDNRequest, controls ...message.Control) (Response, error) {
	return c.update(ctx, single{
		name: "modifyDN", dn: r.DN,
		begin: func(m *message.Machine, dn string) (int32, error) { r.DN = dn; return m.ModifyDN(r, controls...) },
	})
}

// Delete deletes an entry that has none below it (RFC 4511 §4.8).
func (c *Connection) Delete(ctx context.Context, r message.DeleteRequest, controls ...message.Control) (Response, error) {
	return c.update(ctx, single{
		name: "delete", dn: r.DN,
		begin: func(m *message.Machine, dn string) (int32, error) { r.DN = dn; return m.Delete(r, controls...) },
	})
}

// update does an operation that changes something. An error of it either wraps
// [ErrOutcomeUnknown] or says that nothing has changed.
func (c *Connection) update(ctx context.Context, o single) (Response, error) {
	r, _, err := c.single(ctx, o)
	return r, err
}

// single is an operation with one response.
type single struct {
	name string
	// dn is the entry's, and given to begin: a referral may name another.
	dn    string
	begin func(m *message.Machine, dn string) (int32, error)
	// prepare, if not nil, checks the request by what is known of the server.
	prepare func(*preparation) error
	// read says that nothing changes by it, so that it may be repeated.
	read bool
	// secret says that there are passwords in it.
	secret bool
	// fine are the codes beside success that are no failure.
	fine []message.ResultCode
}

// single does the operation. Beside a [*ResultError] there is the response too.
func (c *Connection) single(ctx context.Context, o single) (r Response, event message.Event, err error) {
	err = c.onSession(ctx, o.name, func(s *session) (bool, error) {
		if err := c.prepare(ctx, s, o); err != nil {
			return true, fmt.Errorf("%s: %w", o.name, err)
		}
		var sent bool
		r, event, sent, err = s.single(ctx, o)
		if refused, ok := c.isReferral(err); ok {
			r, event, err = c.referSingle(ctx, s, o, refused)
			return false, err
		}
		return o.read || !sent, err
	})
	return r, event, err
}

// prepare has an operation prepared that is to be.
func (c *Connection) prepare(ctx context.Context, s *session, o single) error {
	if o.prepare == nil {
		return nil
	}
	know, err := c.knowledge(ctx, s)
	if err != nil {
		return err
	}
	return o.prepare(newPreparation(know, c.options))
}

func (s *session) single(ctx context.Context, o single) (r Response, event message.Event, sent bool, err error) {
	op, err := s.start(func(m *message.Machine) (int32, error) { return o.begin(m, o.dn) })
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
