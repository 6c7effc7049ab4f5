package ldap

import (
	"github.com/ldapedge/ldapedge/ldap/ldapurl"
	"github.com/ldapedge/ldapedge/ldap/message"
)

// Reference is a part of the tree that another server has (RFC 4511 §4.5.3).
type Reference struct {
	// URLs are where it is; each will do.
	URLs []string
	// Err is why it was not searched there, as a [ReferralError]; or what went
	// wrong there. It is nil if it was not tried, see [Options.Referrals].
	Err error
}

// all does the search, and follows the referrals that are to be followed.
func (s *searching) all() error {
	referrals := s.connection.options.Referrals
	err := s.pages()
	if refused, ok := s.connection.isReferral(err); ok {
		return s.follow(refused, refused.Referral, s.instead)
	}
	if err != nil || s.left {
		return err
	}
	controls := s.controls
	defer func() { s.controls = controls }() // what a reference leads to has others
	for i, urls := range s.pending {
		err = nil
		if referrals == ReferralsAll {
			if err = s.follow(nil, urls, s.continuation); err == nil && !s.left {
				continue
			}
		}
		if s.left {
			return nil
		}
		if err != nil && s.ctx.Err() != nil {
			return err
		}
		s.references = append(s.references, Reference{s.pending[i], err})
	}
	return nil
}

func (s *searching) asked() asked {
	return asked{s.session.server.URL(), s.request.Base, s.request.Filter.String(), s.request.Scope}
}

// follow searches where the URLs lead, those of a result or else of a reference.
// request makes the request of a URL.
func (s *searching) follow(result *ResultError, urls []string, request func(*ldapurl.URL) message.SearchRequest) error {
	s.following.visit(s.asked())
	return s.connection.follow(s.ctx, s.following, s.session, s.hops, result, urls, func(to *Connection, u *ldapurl.URL) error {
		session, err := to.open()
		if err != nil {
			return err
		}
		there := &searching{
			Search: s.Search, ctx: s.ctx, session: session, request: request(u), ranges: s.ranges,
			following: s.following, hops: s.hops + 1,
		}
		if !s.following.visit(there.asked()) {
			return ErrReferralLoop
		}
		know, err := to.knowledge(s.ctx, session)
		if err != nil {
			return err
		}
		there.columns = columnsOf(know, s.connection.options, there.request)
		taken := false
		there.take = func(e Entry) bool {
			taken = true
			return s.take(e)
		}
		err = there.all()
		s.left = there.left
		if taken || isAnswer(err) {
			return &answered{err}
		}
		return err // another server may do better
	})
}

// instead is the request of a URL of a referral (RFC 4511 §4.1.10).
func (s *searching) instead(u *ldapurl.URL) message.SearchRequest {
	r := s.request
	if u.DN != "" {
		r.Base = u.DN
	}
	if u.Scope != nil {
		r.Scope = *u.Scope
	}
	if u.Filter != nil {
		r.Filter = *u.Filter
	}
	if len(u.Attributes) > 0 {
		r.Attributes = u.Attributes
	}
	return r
}

// continuation is the request of a URL of a reference (RFC 4511 §4.5.3): what
// is one below the base is the reference's own base.
func (s *searching) continuation(u *ldapurl.URL) message.SearchRequest {
	r := s.instead(u)
	if u.Scope == nil && s.request.Scope == message.ScopeOne {
		r.Scope = message.ScopeBase
	}
	return r
}
