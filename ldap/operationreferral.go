package ldap

import (
	"context"
	"errors"
	"fmt"

	"github.com/ldapedge/ldapedge/ldap/ldapurl"
	"github.com/ldapedge/ldapedge/ldap/message"
)

// referSingle does an operation with one response where a referral leads.
func (c *Connection) referSingle(ctx context.Context, at *session, o single, result *ResultError) (Response, message.Event, error) {
	f := newFollowing()
	f.secret = o.secret
	defer f.close()
	f.visit(asked{server: at.server.URL(), base: o.dn})
	r := referredSingle{Connection: c, following: f}
	err := r.follow(ctx, at, o, result, 0)
	if errors.As(err, new(*ReferralError)) {
		err = fmt.Errorf("%s: %w", o.name, err)
	}
	return r.response, r.event, err
}

// referredSingle is an operation with one response that follows referrals.
type referredSingle struct {
	*Connection
	following *following
	response  Response
	event     message.Event
}

func (r *referredSingle) follow(ctx context.Context, at *session, o single, result *ResultError, hops int) error {
	return r.Connection.follow(ctx, r.following, at, hops, result, result.Referral, func(to *Connection, u *ldapurl.URL) error {
		o := o
		if u.DN != "" {
			o.dn = u.DN
		}
		s, err := to.open()
		if err != nil {
			return err
		}
		if !r.following.visit(asked{server: s.server.URL(), base: o.dn}) {
			return ErrReferralLoop
		}
		r.response, r.event, _, err = s.single(ctx, o)
		if refused, ok := r.isReferral(err); ok {
			err = r.follow(ctx, s, o, refused, hops+1)
		}
		if isAnswer(err) || errors.Is(err, ErrOutcomeUnknown) { // an update is sent once
			return &answered{err}
		}
		return err
	})
}
