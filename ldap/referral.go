package ldap

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/ldapedge/ldapedge/ldap/ldapurl"
	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/server"
)

// Referrals says which referrals are followed. Where they may lead, and whether
// the credentials go along, is the server's to say: see
// [server.Options.AllowedReferralHosts].
//
// A referral is followed on a connection of its own, which is closed with the
// operation. Its URLs are tried in their order, until a server answers. What a
// URL says of base, scope, filter and attributes holds in place of what the
// request says (RFC 4511 §4.1.10). After [MaxHops] servers, or where the same
// has been asked of the same server before, no further one is followed.
//
// What TLS there is is kept: where the connection is over TLS or does not leave
// the machine, one that follows a referral is over TLS too, by StartTLS if its
// URL is not ldaps, or is not used. Credentials are those of the connection, and
// go along only if it is bound.
type Referrals string

// The choices.
const (
	// ReferralsResult follows a referral that is the result of an operation, as
	// python ldap3's auto_referrals does. References to other servers that come
	// with the entries of a search are [Search.References].
	ReferralsResult Referrals = ""
	// ReferralsAll follows those too, once the server has returned its entries.
	// Of Active Directory's, of which every search of a domain has three, many
	// lead to where nothing can be had: then the search takes as long as that
	// takes to be found out.
	ReferralsAll Referrals = "ALL"
	// ReferralsOff follows none: a referral is a [ResultError].
	ReferralsOff Referrals = "OFF"
)

// MaxHops is how many servers a referral is followed over.
const MaxHops = 10

// maxFollowed is how many referrals are followed in one operation, whatever they
// lead to.
const maxFollowed = 1000

// The reasons for not following a URL of a referral.
var (
	// ErrReferralLoop: the same has been asked of the same server before.
	ErrReferralLoop = errors.New("the referral leads back to where it comes from")
	// ErrTooManyHops: there were [MaxHops] servers already, or very many referrals.
	ErrTooManyHops = errors.New("the referral leads over too many servers")
	// ErrReferralPlaintext: the referral leads from a protected connection to one
	// in plain text, and StartTLS is not to be had there.
	ErrReferralPlaintext = errors.New("the referral leads from a protected connection to plain text")
	// ErrReferralPassword: the operation is [Connection.PasswordModify], and to
	// that server no credentials may go.
	ErrReferralPassword = errors.New("passwords may not go there")
)

// ReferralError says why a referral could not be followed. It wraps the causes,
// and the [ResultError] that a referral as a result is.
type ReferralError struct {
	// Result is the referral, nil for a reference among the entries of a search.
	Result *ResultError
	// URLs are where it leads.
	URLs []string
	// Causes are what is wrong with each of the URLs.
	Causes []error
}

// Error returns the URLs and what is wrong with each in one line.
func (e *ReferralError) Error() string {
	if len(e.URLs) == 0 {
		return "a referral to nowhere"
	}
	all := make([]string, len(e.URLs))
	for i, u := range e.URLs {
		all[i] = fmt.Sprintf("%.200s: %v", u, e.Causes[i])
	}
	return "the referral cannot be followed: " + strings.Join(all, "; ")
}

// Unwrap returns the referral and the causes.
func (e *ReferralError) Unwrap() []error {
	all := e.Causes
	if e.Result != nil {
		all = append([]error{e.Result}, all...)
	}
	return all
}

// asked is what is asked of a server, by which loops are seen.
type asked struct {
	server, base, filter string
	scope                message.Scope
}

// following is what one operation knows of the referrals that it has followed.
type following struct {
	visited     map[asked]bool
	followed    int
	connections map[string]*Connection
	secret      bool // what is asked goes only where credentials may
}

func newFollowing() *following {
	return &following{visited: make(map[asked]bool), connections: make(map[string]*Connection)}
}

// close closes the connections that were opened for the operation.
func (f *following) close() {
	for _, c := range f.connections {
		c.Close()
	}
}

// visit tells whether this has not been asked yet.
func (f *following) visit(a asked) bool {
	a.server, a.base = strings.ToLower(a.server), strings.ToLower(a.base)
	if f.visited[a] {
		return false
	}
	f.visited[a] = true
	return true
}

// isReferral tells whether an error is a referral that is to be followed.
func (c *Connection) isReferral(err error) (*ResultError, bool) {
	var refused *ResultError
	ok := errors.As(err, &refused) && refused.Code == message.ResultReferral && c.options.Referrals != ReferralsOff
	return refused, ok
}

// isAnswer tells whether no other server would say anything else.
func isAnswer(err error) bool {
	if errors.As(err, new(*ReferralError)) || IsResult(err, message.ResultBusy, message.ResultUnavailable) {
		return false
	}
	return err == nil || errors.As(err, new(*ResultError))
}

// answered wraps the outcome of an operation that a server has been asked for:
// no other is then.
type answered struct{ err error }

func (a *answered) Error() string { return a.err.Error() }

// follow does an operation where the URLs lead, at the first server that answers.
// at is the session that was referred, hops how many servers were before, result
// the referral if it was a result. do returns an *[answered] if no other server
// is to be asked.
func (c *Connection) follow(ctx context.Context, f *following, at *session, hops int, result *ResultError, urls []string, do func(to *Connection, u *ldapurl.URL) error) error {
	failed := &ReferralError{Result: result, URLs: urls}
	for _, text := range urls {
		err := c.followOne(ctx, f, at, hops, text, do)
		if done := (*answered)(nil); errors.As(err, &done) {
			return done.err
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		failed.Causes = append(failed.Causes, err)
	}
	return failed
}

func (c *Connection) followOne(ctx context.Context, f *following, at *session, hops int, text string, do func(to *Connection, u *ldapurl.URL) error) error {
	if f.followed++; hops >= MaxHops || f.followed > maxFollowed {
		return ErrTooManyHops
	}
	u, err := ldapurl.Parse(text)
	if err != nil {
		return err
	}
	for _, e := range u.Extensions {
		if e.Critical {
			return fmt.Errorf("the URL's extension %q is not known", e.Type)
		}
	}
	from := at.server
	address := u.Server()
	if u.Host == "" {
		address = from.URL() // RFC 4511 §4.1.10 leaves it to the client, which knows of no other
	}
	to, withAuth, err := from.Referral(address)
	if err != nil {
		return err
	}
	if f.secret && !withAuth {
		return ErrReferralPassword
	}
	connection, err := c.referred(ctx, f, at, to, withAuth)
	if err != nil {
		return err
	}
	return do(connection, u)
}

// referred returns an open connection to a server that at was referred to.
func (c *Connection) referred(ctx context.Context, f *following, at *session, to *server.Server, withAuth bool) (*Connection, error) {
	c.mu.Lock()
	bind := c.login.bind
	c.mu.Unlock()
	if !withAuth {
		bind = nil
	}
	key := fmt.Sprint(to.URL(), " ", bind != nil)
	if known := f.connections[key]; known != nil && known.Err() == nil {
		return known, nil
	}
	o := c.options
	o.Reconnect = 0
	if bind == nil {
		o.Credentials = Credentials{}
		o.Infos = nil // others see more than who is nobody
	}
	made := NewConnection(to, c.dialer, &o)
	if err := made.begin(ctx, at.protection(), bind); err != nil {
		return nil, errors.Join(err, made.Close())
	}
	f.connections[key] = made
	return made, nil
}

// begin opens a connection that follows a referral, with the protection that it
// is to have, and binds it as the one was that was referred.
func (c *Connection) begin(ctx context.Context, as Protection, bind func(context.Context, *session) error) error {
	if err := c.Open(ctx); err != nil {
		return err
	}
	if as != Plaintext && c.current().protection() == Plaintext {
		if err := c.StartTLS(ctx); err != nil {
			return fmt.Errorf("%w: %w", ErrReferralPlaintext, err)
		}
	}
	if bind == nil {
		return nil
	}
	return bind(ctx, c.current())
}
