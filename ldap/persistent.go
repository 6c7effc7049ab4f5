package ldap

import (
	"context"
	"iter"

	"github.com/ldapedge/ldapedge/ldap/control"
	"github.com/ldapedge/ldapedge/ldap/message"
)

// Change is an entry that a persistent search has returned.
type Change struct {
	Entry
	// EntryChange tells what has happened to it. Its Type is 0 for an entry that
	// was there at the beginning, and where no notice was asked for.
	control.EntryChange
}

// PersistentSearch returns entries as they change
// (draft-ietf-ldapext-psearch-03), until the loop is left or ctx ends: the
// server may be silent for as long as it likes. Otherwise it is as
// [Connection.Search]. Active Directory has [control.Notification] in its place,
// for a [Search] that is endless.
func (c *Connection) PersistentSearch(ctx context.Context, r message.SearchRequest, p control.PersistentSearch) iter.Seq2[Change, error] {
	q := c.NewSearch(r, &SearchOptions{Controls: []message.Control{p.Control()}, Endless: true})
	return func(yield func(Change, error) bool) {
		for e, err := range q.Entries(ctx) {
			if err != nil {
				yield(Change{}, err)
				return
			}
			change := Change{Entry: e}
			if change.EntryChange, err = entryChange(e); err != nil {
				yield(Change{}, searchError(err))
				return
			}
			if !yield(change, nil) {
				return
			}
		}
	}
}

func entryChange(e Entry) (control.EntryChange, error) {
	all, err := e.Controls()
	if err != nil {
		return control.EntryChange{}, err
	}
	c, ok := all.Find(control.OIDEntryChange)
	if !ok {
		return control.EntryChange{}, nil
	}
	return control.ParseEntryChange(c)
}
