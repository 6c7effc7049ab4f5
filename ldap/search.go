package ldap

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"

	"github.com/ldapedge/ldapedge/ldap/message"
)

// Search asks the server for entries and returns them as they arrive (RFC 4511
// §4.5). The search begins when the sequence is ranged over; leaving the loop
// early, or the end of the context, abandons it. Whatever goes wrong is the
// last element, with a zero entry: a [ResultError] when the server's result is
// not success, for example sizeLimitExceeded after as many entries as were
// allowed; a [NameError] or a [formatters.ValueError] for what has not been sent.
//
// Values in the filter may be written as people do: (objectSid=S-1-5-18),
// (objectGUID={07039e68-4373-264d-a0a7-07039e684373}). The first search on a
// connection reads the server's schema before, see [Connection.ReadInfo].
//
// What the loop has not taken waits with the server but for about 1 MiB: a
// slow loop is no danger to memory, but it also holds up the other operations
// of the connection. While one of those waits for a response it is 16 MiB, so
// that the loop itself may ask for something else; [SearchOptions.PageSize] is
// for loops over more.
//
// [Connection.NewSearch] is for more than that.
func (c *Connection) Search(ctx context.Context, r message.SearchRequest, controls ...message.Control) iter.Seq2[Entry, error] {
	return c.NewSearch(r, &SearchOptions{Controls: controls}).Entries(ctx)
}

// SearchOptions are what can be said of a search beside its request. The zero
// value has the defaults.
type SearchOptions struct {
	// Controls go with the request, such as those of package control.
	Controls []message.Control
	// PageSize asks for the entries in pages of so many at most (RFC 2696), one
	// after another as they are taken. A server that does not know pages returns
	// all at once. Default (0): no pages.
	PageSize int
	// Endless lifts [Options.Timeout], for searches that wait for changes.
	Endless bool
}

// Search is a search of which more is said than its request, and which tells
// more than entries. It may be done again, but not by several goroutines at a
// time.
type Search struct {
	connection *Connection
	request    message.SearchRequest
	options    SearchOptions

	controls   message.Controls
	references []Reference
}

// NewSearch returns a search that has not begun. options may be nil.
func (c *Connection) NewSearch(r message.SearchRequest, options *SearchOptions) *Search {
	q := &Search{connection: c, request: r}
	if options != nil {
		q.options = *options
	}
	return q
}

// Entries does the search and returns its entries, as [Connection.Search] does.
func (q *Search) Entries(ctx context.Context) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		left := false
		err := q.run(ctx, func(e Entry) bool {
			left = !yield(e, nil)
			return !left
		})
		if err != nil && !left {
			yield(Entry{}, err)
		}
	}
}

// searchError says what was being done, which a [ResultError] does itself.
func searchError(err error) error {
	if _, ok := err.(*ResultError); ok {
		return err
	}
	return fmt.Errorf("search: %w", err)
}

// Controls returns those that came with the result, with pages that of the last
// one: where a [control.VirtualListView] is, or whether a [control.Sort] was
// done. They are there after the loop unless it was left early.
func (q *Search) Controls() message.Controls { return q.controls }

// References returns the parts of the tree that other servers have and that were
// not searched there, or not to the end. They are there after the loop.
func (q *Search) References() []Reference { return q.references }

// maxRemembered is how many entries a search may have found and still be done
// again.
const maxRemembered = 1000

// run does the search, and does it again on another session, see
// [Options.Reconnect]. Entries that have been taken before are then passed over;
// with controls of the caller's, which may mean something else to another server,
// and once too many are, the search is not done again.
func (q *Search) run(ctx context.Context, take func(Entry) bool) error {
	remembers := q.connection.options.Reconnect > 0 && len(q.options.Controls) == 0 && !q.options.Endless
	taken, n, again := make(map[string]bool), 0, false
	return q.connection.onSession(ctx, "search", func(s *session) (bool, error) {
		err := q.on(ctx, s, func(e Entry) bool {
			if again && taken[string(e.DNBytes())] {
				return true
			}
			if n++; remembers && n <= maxRemembered {
				taken[e.DN()] = true
			}
			return take(e)
		})
		if err != nil {
			err = searchError(err)
		}
		again = true
		return n == 0 || remembers && n <= maxRemembered, err
	})
}

// on does the search on a session.
func (q *Search) on(ctx context.Context, s *session, take func(Entry) bool) error {
	if err := s.pin(); err != nil {
		return err
	}
	defer s.unpin()
	q.controls, q.references = nil, nil
	know, request, err := q.prepare(ctx, s)
	if err != nil {
		return err
	}
	f := newFollowing()
	defer f.close()
	return (&searching{
		Search: q, ctx: ctx, session: s, request: request, columns: columnsOf(know, q.connection.options, request), take: take, following: f,
		ranges: !q.connection.options.NoAutoRange && !request.TypesOnly && !slices.ContainsFunc(request.Attributes, isRange),
	}).all()
}

// prepare returns what is known of the session's server, and the request as it
// is to be sent.
func (q *Search) prepare(ctx context.Context, s *session) (*known, message.SearchRequest, error) {
	know, err := q.connection.knowledge(ctx, s)
	if err != nil {
		return nil, q.request, err
	}
	request, err := newPreparation(know, q.connection.options).search(q.request)
	return know, request, err
}

// columnsOf returns the columns of a request's entries, with what is known of
// their server.
func columnsOf(k *known, o Options, r message.SearchRequest) *columns {
	f, show := k.values(), r.Attributes
	if o.NoCheckNames {
		f = nil
	}
	if o.NoEmptyAttributes || r.TypesOnly {
		show = nil
	}
	return newColumns(f, show)
}

// searching is a search in progress on one session.
type searching struct {
	*Search
	ctx     context.Context
	session *session
	request message.SearchRequest // prepared
	columns *columns
	take    func(Entry) bool
	ranges  bool // are collected
	left    bool // the loop was

	pending   [][]string // the references that have come
	referred  int        // their size
	following *following
	hops      int
}

// once sends the request and takes the entries of its responses.
func (s *searching) once(controls []message.Control) (message.Controls, error) {
	done, err := s.session.search(s.ctx, s.request, controls, s.options.Endless, func(e message.Event) (bool, error) {
		switch e.Op {
		case message.OpSearchResultEntry:
			return s.entry(e)
		case message.OpSearchResultReference:
			return true, s.reference(e)
		}
		return true, nil
	})
	if err != nil || !done.Done {
		s.left = err == nil
		return nil, err
	}
	all, err := done.Controls()
	if err != nil {
		return nil, s.session.broken(err)
	}
	s.controls = all
	return all, s.session.check("search", done)
}

func (s *searching) entry(e message.Event) (more bool, err error) {
	raw, err := e.Entry()
	if err != nil {
		return false, err
	}
	if s.ranges {
		if raw, err = s.whole(raw); err != nil {
			return false, err
		}
	}
	return s.take(Entry{Entry: raw, controls: e.Message, columns: s.columns}), nil
}

// maxReferences bounds what a search keeps of them, in bytes.
const maxReferences = 16 << 20

func (s *searching) reference(e message.Event) error {
	urls, err := e.References()
	if err != nil {
		return err
	}
	s.pending = append(s.pending, urls)
	if s.referred += e.Size(); s.referred > maxReferences {
		return fmt.Errorf("%w: more references to other servers than %d bytes", message.ErrProtocol, maxReferences)
	}
	return nil
}

// search sends a request and calls each with every response but the last, until
// it returns false or an error. It returns the last response; it is the zero
// event, which is not done, if each has returned false. An error that wraps
// [message.ErrProtocol] ends the session.
func (s *session) search(ctx context.Context, r message.SearchRequest, controls []message.Control, endless bool, each func(message.Event) (more bool, err error)) (message.Event, error) {
	op, err := s.start(func(m *message.Machine) (int32, error) { return m.Search(r, controls...) })
	if err != nil {
		return message.Event{}, err
	}
	op.endless = endless
	defer s.finish(op)
	for {
		event, err := s.wait(ctx, op)
		if err != nil || event.Done {
			return event, err
		}
		if more, err := each(event); err != nil || !more {
			return message.Event{}, s.broken(err)
		}
	}
}

// broken ends the session if an error is that of a server which does not keep
// to the protocol, and returns the error.
func (s *session) broken(err error) error {
	if errors.Is(err, message.ErrProtocol) {
		s.lost(err)
	}
	return err
}

// first returns the only entry of a base search, of which nothing is checked or
// formatted; ok is false if there is none.
func (s *session) first(ctx context.Context, r message.SearchRequest, controls []message.Control) (entry message.Entry, ok bool, err error) {
	done, err := s.search(ctx, r, controls, false, func(e message.Event) (bool, error) {
		if e.Op != message.OpSearchResultEntry {
			return true, nil
		}
		if ok {
			return false, fmt.Errorf("%w: a second entry for the base %q", message.ErrProtocol, r.Base)
		}
		ok = true
		var err error
		entry, err = e.Entry()
		return true, err
	})
	if err == nil {
		err = s.check("search", done)
	}
	if err != nil {
		return message.Entry{}, false, searchError(err)
	}
	return entry, ok, nil
}
