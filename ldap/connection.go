// Package ldap is an LDAPv3 client (RFC 4511) over any byte stream: a socket,
// a TLS session, or a WebSocket through the connector.
//
// A [Connection] is a source of servers, a dialer that turns a server into a
// stream, and credentials:
//
//	c := ldap.NewConnection(srv, dialer, nil)
//	if err := c.Open(ctx); err != nil { … }
//	defer c.Close()
//	for entry, err := range c.Search(ctx, message.SearchRequest{Base: "dc=example,dc=com"}) { … }
//
// The package reaches no sockets and no TLS; [github.com/ldapedge/ldapedge/native/dial]
// is the dialer of native programs.
package ldap

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/server"
)

// Source hands out servers. A [server.Server] is a source of itself, a pool a
// source of many.
type Source interface {
	// Open calls try with a server, and while that fails with others, until one
	// is open or there are no more. The use is closed with the connection. An
	// error that is [server.Final] is returned as it was, and ends it.
	Open(ctx context.Context, try server.Try) (*server.Use, error)
}

// Dialer opens a byte stream to a server. Closing the stream must end a Read
// or Write in progress.
type Dialer interface {
	Dial(ctx context.Context, s *server.Server) (io.ReadWriteCloser, error)
}

// Options are what can be said of a connection beside source and dialer. The
// zero value has the defaults.
type Options struct {
	// Credentials are those of [Connection.Bind]. Default: anonymous.
	Credentials Credentials
	// Timeout bounds the wait for each response of an operation, beside the
	// context. Default (0): 30 seconds. Negative: none.
	Timeout time.Duration
	// Infos keeps what is read of the server for other connections to it, and
	// spares this one what they have read. Default (nil): it is kept for this
	// connection alone.
	Infos *server.Infos
	// Warn is called with what does not keep an operation from being done, such
	// as a schema that cannot be read. It may be called by several goroutines at
	// a time. Default (nil): nobody hears of it.
	Warn func(error)
	// Referrals says which referrals are followed. Default (""):
	// [ReferralsResult].
	Referrals Referrals
	// NoCheckNames sends searches regardless of which attributes and classes the
	// server's schema defines, and leaves the values of what comes back as texts,
	// and bytes where they are not UTF-8. Default: names that are not defined are
	// a [NameError], and values have types. It is python ldap3's check_names
	// turned off, but that no name is checked at all and no bytes are made a text.
	NoCheckNames bool
	// NoEmptyAttributes leaves attributes that a search asked for by name out of
	// entries that do not have them. Default: they are there without values. It
	// is python ldap3's return_empty_attributes turned off.
	NoEmptyAttributes bool
	// NoAutoRange leaves values that the server returns in parts, as Active
	// Directory does with many, to the caller: under "member;range=0-1499" and
	// the like. Default: all are collected under the attribute itself. It is
	// python ldap3's auto_range turned off.
	NoAutoRange bool
	// MaxMessage is the largest message accepted, in bytes. Default (0):
	// [message.DefaultMaxMessage].
	MaxMessage int
}

// DefaultTimeout is how long a connection waits for a response unless told
// otherwise.
const DefaultTimeout = 30 * time.Second

// Credentials are a name and a password for a simple bind; the zero value is
// anonymous.
type Credentials struct {
	DN       string
	Password string
}

// The errors of a connection that is not open.
var (
	// ErrNotOpen: the connection has not been opened, or has been closed.
	ErrNotOpen = errors.New("the connection is not open")
	// ErrOpen: the connection is open already.
	ErrOpen = errors.New("the connection is already open")
	// ErrLost is wrapped by the error of every operation on a connection whose
	// stream has ended without being closed here.
	ErrLost = errors.New("the connection to the server is lost")
	// ErrTimeout: no response came within [Options.Timeout].
	ErrTimeout = errors.New("no response in time")
)

// Connection is a connection to an LDAP server. Several operations may be in
// progress at a time; it is safe for concurrent use.
type Connection struct {
	source  Source
	dialer  Dialer
	options Options
	alone   bool // nobody else has the options' Infos

	opening sync.Mutex

	mu      sync.Mutex
	session *session
}

// NewConnection returns a connection that is not open yet. options may be nil.
func NewConnection(source Source, dialer Dialer, options *Options) *Connection {
	c := &Connection{source: source, dialer: dialer}
	if options != nil {
		c.options = *options
	}
	if c.options.Timeout == 0 {
		c.options.Timeout = DefaultTimeout
	}
	if c.options.Infos == nil {
		c.options.Infos, c.alone = new(server.Infos), true
	}
	return c
}

// Open takes the next server from the source and dials it. It does not bind.
// A connection that is lost may be opened again.
func (c *Connection) Open(ctx context.Context) error {
	c.opening.Lock()
	defer c.opening.Unlock()
	if s := c.current(); s != nil && !s.ended() {
		return ErrOpen
	}
	var stream io.ReadWriteCloser
	use, err := c.source.Open(ctx, func(ctx context.Context, srv *server.Server) (err error) {
		if stream, err = c.dialer.Dial(ctx, srv); err != nil {
			return fmt.Errorf("opening %s: %w", srv, err)
		}
		return nil
	})
	if err != nil {
		return err
	}
	s := newSession(use, stream, c.options)
	c.mu.Lock()
	c.session = s
	c.mu.Unlock()
	return nil
}

func (c *Connection) current() *session {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.session
}

func (c *Connection) open() (*session, error) {
	if s := c.current(); s != nil {
		return s, nil
	}
	return nil, ErrNotOpen
}

// Server returns the server that the connection is or was last open to, nil if
// it never was.
func (c *Connection) Server() *server.Server {
	if s := c.current(); s != nil {
		return s.use.Server()
	}
	return nil
}

// Done returns a channel that is closed when the stream of the open connection
// has ended, by [Connection.Close] or by a loss, which [Connection.Err] then
// tells. It is nil before [Connection.Open].
func (c *Connection) Done() <-chan struct{} {
	if s := c.current(); s != nil {
		return s.done
	}
	return nil
}

// Leave returns a channel that is closed when the connection had better be
// closed, once it is idle, and opened anew, see [server.Use]. It is nil before
// [Connection.Open] and where the source never says so.
func (c *Connection) Leave() <-chan struct{} {
	if s := c.current(); s != nil {
		return s.use.Leave()
	}
	return nil
}

// Err returns why the connection is lost; nil while it is open, and after
// [Connection.Close].
func (c *Connection) Err() error {
	s := c.current()
	if s == nil || !s.ended() || errors.Is(s.err, ErrNotOpen) {
		return nil
	}
	return s.err
}

// Bind authenticates with the connection's credentials (RFC 4511 §4.2). No
// other operation may be in progress.
func (c *Connection) Bind(ctx context.Context) error {
	s, err := c.open()
	if err != nil {
		return fmt.Errorf("bind: %w", err)
	}
	op, err := s.start(func(m *message.Machine) (int32, error) {
		return m.Bind(message.BindRequest(c.options.Credentials))
	})
	if err != nil {
		return fmt.Errorf("bind: %w", err)
	}
	defer s.finish(op)
	event, err := s.wait(ctx, op)
	if err != nil {
		return fmt.Errorf("bind: %w", err)
	}
	if err := s.check("bind", event); err != nil {
		return err
	}
	s.learning.binds.Add(1)
	return nil
}

// Close unbinds (RFC 4511 §4.3), closes the stream and ends what is in
// progress with [ErrNotOpen]. Closing a connection that is not open does
// nothing.
func (c *Connection) Close() error {
	if s := c.current(); s != nil {
		return s.unbind()
	}
	return nil
}

// ResultError is a result other than success.
type ResultError struct {
	// Op is the operation: "bind", "search".
	Op string
	// Result is what the server answered.
	message.Result
}

// Error returns the operation, the code and what the server said of it.
func (e *ResultError) Error() string {
	s := e.Op + ": " + e.Code.String()
	if e.Diagnostic != "" {
		s += ": " + e.Diagnostic
	}
	if e.MatchedDN != "" {
		s += fmt.Sprintf(" (matched %q)", e.MatchedDN)
	}
	return s
}

// IsResult tells whether the error is a [ResultError] with one of the codes.
func IsResult(err error, codes ...message.ResultCode) bool {
	var e *ResultError
	if !errors.As(err, &e) {
		return false
	}
	for _, c := range codes {
		if e.Code == c {
			return true
		}
	}
	return false
}
