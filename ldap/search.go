package ldap

import (
	"context"
	"fmt"
	"iter"

	"github.com/ldapedge/ldapedge/ldap/message"
)

// Search asks the server for entries and returns them as they arrive (RFC 4511
// §4.5). The search begins when the sequence is ranged over; leaving the loop
// early, or the end of the context, abandons it. Whatever goes wrong is the
// last element, with a zero entry: a [ResultError] when the server's result is
// not success, for example sizeLimitExceeded after as many entries as were
// allowed.
//
// What the loop has not taken waits with the server but for about 1 MiB: a
// slow loop is no danger to memory, but it also holds up the other operations
// of the connection.
//
// References to other servers are passed over.
func (c *Connection) Search(ctx context.Context, r message.SearchRequest) iter.Seq2[message.Entry, error] {
	return func(yield func(message.Entry, error) bool) {
		if err := c.search(ctx, r, func(e message.Entry) bool { return yield(e, nil) }); err != nil {
			yield(message.Entry{}, err)
		}
	}
}

// search calls take for each entry until it returns false.
func (c *Connection) search(ctx context.Context, r message.SearchRequest, take func(message.Entry) bool) error {
	s, err := c.open()
	if err != nil {
		return fmt.Errorf("search: %w", err)
	}
	op, err := s.start(func(m *message.Machine) (int32, error) { return m.Search(r) })
	if err != nil {
		return fmt.Errorf("search: %w", err)
	}
	defer s.finish(op)
	for {
		event, err := s.wait(ctx, op)
		if err != nil {
			return fmt.Errorf("search: %w", err)
		}
		switch event.Op {
		case message.OpSearchResultEntry:
			entry, err := event.Entry()
			if err != nil {
				err = fmt.Errorf("search: %w", err)
				s.end(fmt.Errorf("%w: %w", ErrLost, err))
				return err
			}
			if !take(entry) {
				return nil
			}
		case message.OpSearchResultDone:
			return s.check("search", event)
		}
	}
}

// first returns the only entry of a base search; ok is false if there is none.
func (c *Connection) first(ctx context.Context, r message.SearchRequest) (entry message.Entry, ok bool, err error) {
	for e, err := range c.Search(ctx, r) {
		if err != nil {
			return message.Entry{}, false, err
		}
		if ok {
			return message.Entry{}, false, fmt.Errorf("search: %w: a second entry for the base %q", message.ErrProtocol, r.Base)
		}
		entry, ok = e, true
	}
	return entry, ok, nil
}
