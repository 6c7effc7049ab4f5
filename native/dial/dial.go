// Package dial opens byte streams to LDAP servers for native programs: it
// resolves, races addresses, connects over TCP or a Unix domain socket, and does
// TLS, from the first byte or by StartTLS.
//
//	d := &dial.Dialer{}
//	c, err := d.Conn(ctx, srv)
//
// # Addresses
//
// The server's mode chooses among the addresses of its host and orders them;
// one that failed within the last 5 seconds goes last. They are raced as RFC
// 8305 has it: the next one is begun 250 ms after the last, or at once when one
// fails, and the first that connects wins. If TLS then fails with it, the others
// are tried the same way. What the DNS says is kept for 300 seconds, so that a
// [Dialer] is to be shared.
//
// For ldap+srv and ldaps+srv the DNS names the hosts (RFC 2782). They are tried
// one after the other, the addresses of one raced. The DNS is not trusted: a
// certificate for a host that it names counts only if that is the domain itself
// or below it.
//
// # Checks
//
// [Dialer.Check] tells which addresses of a server answer, by TCP, TLS or LDAP;
// [Dialer.Probe] is the same as a pool wants it.
package dial

import (
	"cmp"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/server"
)

// Dialer dials servers. The zero value is ready to use. A dialer is safe for
// concurrent use and must not be copied; its fields are not to be changed once
// it is in use.
type Dialer struct {
	// Resolver resolves hosts and SRV records. Default (nil):
	// [net.DefaultResolver].
	Resolver Resolver
	// CacheTime is how long what the DNS says is kept. Default (0):
	// [DefaultCacheTime].
	CacheTime time.Duration
	// DialContext connects to an address, which has no name in it any more:
	// network is "tcp" or "unix". Default (nil): that of a [net.Dialer].
	DialContext func(ctx context.Context, network, address string) (net.Conn, error)
	// Allow is asked of each address before it is connected to; an error keeps it
	// from being. See [RefuseSpecial]. Default (nil): all are allowed.
	Allow func(Candidate) error
	// SourceAddress is the local address of TCP connections; those to addresses
	// of the other family then fail. Default (zero): the system's choice. Neither
	// it nor SourcePorts go with a DialContext.
	SourceAddress netip.Addr
	// SourcePorts are the local ports of TCP connections, 0 to 65535, tried in
	// order until one can be bound. Default (nil): the system's choice.
	SourcePorts []int
	// RaceDelay is how long an address has before the next is begun as well.
	// Default (0): [DefaultRaceDelay].
	RaceDelay time.Duration
	// SocketPaths are where ldapi's socket is looked for if the server names
	// none, in order; a pattern of [path/filepath.Match] stands for all that fit
	// it. Default (nil): [DefaultSocketPaths].
	SocketPaths []string
	// StartTLS does TLS with the servers of ldap and ldap+srv, by StartTLS before
	// anything else is sent (RFC 4511 §4.14). It says nothing to ldaps, which has
	// TLS already, nor to ldapi, which has none.
	StartTLS bool
	// Log is warned of servers whose certificate is not verified, each once.
	// Default (nil): [slog.Default].
	Log *slog.Logger
	// Rand returns a number from 0 to n-1 to choose among SRV records by weight.
	// It is called by one goroutine at a time. Default (nil):
	// [math/rand/v2.IntN].
	Rand func(n int) int

	addresses cache[addressKey, []netip.Addr]
	services  cache[string, []*net.SRV]
	marks     marks
	trusts    trusts
	random    sync.Mutex
	warned    warned
}

// DefaultRaceDelay is how long an address has before the next is begun as well
// (RFC 8305 §5).
const DefaultRaceDelay = 250 * time.Millisecond

// DefaultCacheTime is how long what the DNS says is kept, as python ldap3 does.
const DefaultCacheTime = 300 * time.Second

var _ ldap.Dialer = (*Dialer)(nil)

// Conn is an open stream to a server.
type Conn struct {
	net.Conn
	// Candidate is the address that it leads to.
	Candidate Candidate
	// Facts are those of the TLS session, nil without TLS.
	Facts *Facts
}

// CloseWrite tells the server that nothing more will be sent; reading goes on.
func (c *Conn) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return c.Conn.Close()
}

// Dial opens a stream to the server within its connect timeout. It is
// [Dialer.Conn] as [ldap.Dialer] has it.
func (d *Dialer) Dial(ctx context.Context, s *server.Server) (io.ReadWriteCloser, error) {
	c, err := d.Conn(ctx, s)
	if err != nil {
		return nil, err
	}
	return c, nil
}

// Conn opens a stream to the server within its connect timeout, TLS included.
// The error is an [*Error].
//
// A server that wants a certificate of the client's tells so only after the
// handshake of TLS 1.3: the first Read then fails.
func (d *Dialer) Conn(ctx context.Context, s *server.Server) (*Conn, error) {
	t, err := d.prepare(s)
	if err != nil {
		return nil, &Error{URL: s.URL(), Stage: StageConfigure, Err: err}
	}
	return d.open(ctx, s, func(ctx context.Context, c *Conn) (*Conn, Stage, error) { return d.secure(ctx, c, s, t) })
}

// prepare checks what depends on no address. The trust is nil for a server
// without TLS.
func (d *Dialer) prepare(s *server.Server) (*trust, error) {
	if err := d.checkSource(); err != nil {
		return nil, err
	}
	if !d.UsesTLS(s) {
		return nil, nil
	}
	return d.trusts.of(s)
}

// step does what is left to do on a connection that has been made. An error
// comes with the stage that failed, and the connection is then closed.
type step func(ctx context.Context, c *Conn) (*Conn, Stage, error)

// opening is one call to open a server.
type opening struct {
	d      *Dialer
	server *server.Server
	finish step
	// caller is the caller's context: that it is done says nothing of an
	// address.
	caller   context.Context
	begin    time.Time
	stage    Stage // the furthest there was
	attempts []Attempt
	untried  int // addresses that time did not suffice for
}

// open connects to the first address with which the step succeeds.
func (d *Dialer) open(caller context.Context, s *server.Server, finish step) (*Conn, error) {
	ctx, cancel := context.WithTimeout(caller, s.ConnectTimeout())
	defer cancel()
	o := &opening{d: d, server: s, finish: finish, caller: caller, begin: time.Now(), stage: StageResolve}
	targets, err := d.targets(ctx, s)
	if err != nil {
		return nil, &Error{URL: s.URL(), Stage: StageResolve, Err: timedOut(ctx, err, o.begin)}
	}
	if c := o.targets(ctx, targets); c != nil {
		return c, nil
	}
	return nil, o.error(ctx)
}

// targets tries one target after the other. One whose addresses all have
// failed of late waits until the others have been tried.
func (o *opening) targets(ctx context.Context, targets []target) *Conn {
	fresh := len(targets)
	for i := 0; i < len(targets); i++ {
		if ctx.Err() != nil {
			o.untried++
			continue
		}
		begin := time.Now()
		candidates, err := o.d.expand(ctx, o.server, targets[i])
		if err != nil {
			o.note(Attempt{Address: targets[i].address(), Stage: StageResolve, Err: timedOut(ctx, err, begin), Duration: time.Since(begin)})
			continue
		}
		later := len(targets) - i - 1
		if i < fresh && later > 0 && allFailed(candidates) {
			targets = append(targets, targets[i])
			continue
		}
		if c := o.candidates(ctx, candidates, later); c != nil {
			return c
		}
	}
	return nil
}

// candidates races the addresses of one target; if the step fails with the
// winner, those that are left. later is how many more targets share the time.
func (o *opening) candidates(ctx context.Context, candidates []Candidate, later int) *Conn {
	for len(candidates) > 0 {
		if ctx.Err() != nil {
			o.untried += len(candidates)
			return nil
		}
		won, rest := o.race(ctx, candidates, later)
		if won.conn == nil {
			return nil
		}
		if c := o.complete(ctx, won, share(ctx, o.server, len(rest)+later+1)); c != nil {
			return c
		}
		candidates = rest
	}
	return nil
}

// complete does the step with the winner of a race.
func (o *opening) complete(ctx context.Context, won connected, timeout time.Duration) *Conn {
	begin := time.Now()
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	c, stage, err := o.finish(ctx, &Conn{Conn: won.conn, Candidate: won.candidate})
	if err != nil {
		o.fail(won.candidate, stage, timedOut(ctx, err, begin), won.took+time.Since(begin))
		return nil
	}
	o.d.marks.set(won.candidate, Available)
	return c
}

// fail notes that a candidate failed.
func (o *opening) fail(c Candidate, stage Stage, err error, took time.Duration) {
	o.note(Attempt{Address: c.Address, Stage: stage, Err: err, Duration: took})
	if o.caller.Err() == nil && !errors.As(err, new(*SourceError)) {
		o.d.marks.set(c, Failed)
	}
}

// note keeps an attempt, unless it failed for the caller has given up.
func (o *opening) note(a Attempt) {
	o.stage = furthest(o.stage, a.Stage)
	if !errors.Is(o.caller.Err(), context.Canceled) {
		o.attempts = append(o.attempts, a)
	}
}

// error is what the attempts come to.
func (o *opening) error(ctx context.Context) *Error {
	e := &Error{URL: o.server.URL(), Attempts: o.attempts, Stage: o.stage}
	switch {
	case errors.Is(o.caller.Err(), context.Canceled):
		e.Err = context.Cause(o.caller)
	case ctx.Err() != nil && (o.untried > 0 || len(o.attempts) == 0):
		e.Err = timedOut(ctx, ctx.Err(), o.begin)
	case len(o.attempts) == 1 && o.attempts[0].Stage == StageResolve:
		e.Err, e.Attempts = o.attempts[0].Err, nil // it names the host
	}
	return e
}

// leastShare is the least time that an address is given.
const leastShare = 2 * time.Second

// share is how long one of the addresses left may take.
func share(ctx context.Context, s *server.Server, left int) time.Duration {
	if t := s.AddressTimeout(); t > 0 {
		return t
	}
	deadline, ok := ctx.Deadline()
	if !ok {
		return s.ConnectTimeout()
	}
	return max(leastShare, time.Until(deadline)/time.Duration(max(left, 1)))
}

func (d *Dialer) raceDelay() time.Duration { return cmp.Or(d.RaceDelay, DefaultRaceDelay) }

func (d *Dialer) cacheTime() time.Duration { return cmp.Or(d.CacheTime, DefaultCacheTime) }

func (d *Dialer) log() *slog.Logger { return cmp.Or(d.Log, slog.Default()) }
