package ldap

import (
	"context"
	"iter"

	"github.com/ldapedge/ldapedge/ldap/control"
	"github.com/ldapedge/ldapedge/ldap/message"
)

// SyncEvent is a step of a synchronization: an entry, a reference, a message of
// the server, or the end.
type SyncEvent struct {
	// State tells what has become of an entry or a reference; nil for the others.
	State *control.SyncState
	// Entry is the entry. With control.SyncPresent and control.SyncDelete it has
	// a DN alone.
	Entry Entry
	// References are the URLs of a referral object, in place of an entry.
	References []string
	// Info is a message of the server, such as the UUIDs of many deleted entries.
	Info *control.SyncInfo
	// Done is the end of the refresh, with control.SyncRefreshOnly the last event.
	Done *control.SyncDone
	// Cookie is the last one received, with which to go on another time: once
	// this event and those before it are stored.
	Cookie []byte
}

// Sync keeps a copy of a part of the directory as the server has it (RFC 4533):
// it returns what has changed since a cookie, or everything, and with
// control.SyncRefreshAndPersist goes on with changes as they happen, until the
// loop is left or ctx ends; the server may then be silent for as long as it
// likes. Otherwise it is as [Connection.Search]. A cookie that is too old is a
// [ResultError] with e-syncRefreshRequired.
func (c *Connection) Sync(ctx context.Context, r message.SearchRequest, with control.Sync) iter.Seq2[SyncEvent, error] {
	return func(yield func(SyncEvent, error) bool) {
		y := &syncing{yield: yield, cookie: with.Cookie}
		err := c.onSession(ctx, "search", func(s *session) (bool, error) {
			err := y.on(ctx, c.NewSearch(r, nil), s, with)
			if err != nil {
				err = searchError(err)
			}
			return !y.begun, err
		})
		if err != nil && !y.left {
			yield(SyncEvent{Cookie: y.cookie}, err)
		}
	}
}

// syncing is a synchronization in progress.
type syncing struct {
	yield   func(SyncEvent, error) bool
	columns *columns
	cookie  []byte
	begun   bool // something was handed out
	left    bool
}

func (y *syncing) on(ctx context.Context, q *Search, s *session, with control.Sync) error {
	know, request, err := q.prepare(ctx, s)
	if err != nil {
		return err
	}
	y.columns = columnsOf(know, q.connection.options, request)
	endless := with.Mode == control.SyncRefreshAndPersist
	done, err := s.search(ctx, request, []message.Control{with.Control()}, endless, y.event)
	if err != nil || y.left {
		return err
	}
	if err := s.check("search", done); err != nil {
		return err
	}
	return s.broken(y.end(done))
}

// event takes an entry, a reference or an intermediate response.
func (y *syncing) event(m message.Event) (more bool, err error) {
	var e SyncEvent
	switch m.Op {
	case message.OpIntermediateResponse:
		e.Info, err = syncInfo(m)
		if e.Info == nil {
			return true, err // another extension's
		}
		y.keep(e.Info.Cookie)
	case message.OpSearchResultReference:
		e.References, err = m.References()
	default:
		e.Entry = Entry{controls: m.Message, columns: y.columns}
		e.Entry.Entry, err = m.Entry()
	}
	if err == nil && e.Info == nil {
		e.State, err = syncState(m)
		if e.State != nil {
			y.keep(e.State.Cookie)
		}
	}
	if err != nil {
		return false, err
	}
	return y.hand(e), nil
}

func (y *syncing) end(done message.Event) error {
	all, err := done.Controls()
	if err != nil {
		return err
	}
	c, ok := all.Find(control.OIDSyncDone)
	if !ok {
		return nil
	}
	end, err := control.ParseSyncDone(c)
	if err == nil {
		y.keep(end.Cookie)
		y.hand(SyncEvent{Done: &end})
	}
	return err
}

func (y *syncing) keep(cookie []byte) {
	if len(cookie) > 0 {
		y.cookie = cookie
	}
}

func (y *syncing) hand(e SyncEvent) (more bool) {
	e.Cookie, y.begun = y.cookie, true
	y.left = !y.yield(e, nil)
	return !y.left
}

func syncInfo(m message.Event) (*control.SyncInfo, error) {
	name, value, err := m.Intermediate()
	if err != nil || name != control.OIDSyncInfo {
		return nil, err
	}
	info, err := control.ParseSyncInfo(name, value)
	return &info, err
}

func syncState(m message.Event) (*control.SyncState, error) {
	all, err := m.Controls()
	if err != nil {
		return nil, err
	}
	c, ok := all.Find(control.OIDSyncState)
	if !ok {
		return nil, nil
	}
	state, err := control.ParseSyncState(c)
	return &state, err
}
