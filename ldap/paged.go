package ldap

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/ldapedge/ldapedge/ldap/control"
	"github.com/ldapedge/ldapedge/ldap/message"
)

// maxEmptyPages is how many pages without an entry may follow each other.
const maxEmptyPages = 1000

// releaseTime bounds the wait for a server that is told that no more pages are
// wanted.
const releaseTime = time.Second

// pages does the search, page after page if there are to be any (RFC 2696 §3).
func (s *searching) pages() error {
	size := s.options.PageSize
	if size == 0 {
		_, err := s.once(s.options.Controls)
		return err
	}
	if size < 0 || size > math.MaxInt32 {
		return fmt.Errorf("the page size %d is not from 1 to 2147483647", size)
	}
	page := control.PagedResults{Size: int32(size)}
	taken, take := 0, s.take
	s.take = func(e Entry) bool {
		taken++
		return take(e)
	}
	for empty := 0; ; {
		before := taken
		controls, err := s.once(s.with(page))
		if s.left || err != nil {
			if !errors.As(err, new(*ResultError)) { // else the server has ended it itself
				s.release(page)
			}
			return err
		}
		c, ok := controls.Find(control.OIDPagedResults)
		if !ok {
			return nil
		}
		next, err := control.ParsePagedResults(c)
		if err != nil || len(next.Cookie) == 0 {
			return s.session.broken(err)
		}
		page.Cookie = next.Cookie
		if empty++; taken > before {
			empty = 0
		}
		if empty > maxEmptyPages {
			return fmt.Errorf("%w: %d pages without an entry", message.ErrProtocol, empty)
		}
	}
}

func (s *searching) with(page control.PagedResults) []message.Control {
	all := s.options.Controls
	return append(all[:len(all):len(all)], page.Control())
}

// release tells the server that the rest of the pages is not wanted (RFC 2696
// §3): by a page of size 0, with the cookie of the last whole page. Nothing
// depends on what it answers.
func (s *searching) release(page control.PagedResults) {
	if len(page.Cookie) == 0 || s.session.ended() {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(s.ctx), releaseTime)
	defer cancel()
	page.Size = 0
	s.session.search(ctx, s.request, s.with(page), false, func(message.Event) (bool, error) { return true, nil })
}
