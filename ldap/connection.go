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
//
// # Operations
//
// Each takes a context and, where the protocol has them, controls, and returns
// the server's [Response]; a result other than success is a [ResultError] too.
// Several may be in progress at a time, but for a bind and StartTLS, which must be
// alone: others then fail with [message.ErrBusy]. None waits for ever: see
// [Options.Timeout].
//
// # Lost connections
//
// When the stream is lost, every operation in progress fails with [ErrLost], and
// so do those that follow, until [Connection.Open]. With [Options.Reconnect] the
// next operation opens the connection anew.
package ldap

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

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
	// NoCheckNames sends requests regardless of which attributes and classes the
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
	// Reconnect is how often an operation may open the connection anew when the
	// stream has been lost: through the source, with the StartTLS and the last
	// successful bind that there were. Reads are then repeated, and a search passes
	// over the entries that it has returned, unless it has controls of the caller's
	// or has returned more than 1,000; an update never is, see
	// [ErrOutcomeUnknown]. A server that
	// has said nothing at all for [Options.Timeout] counts as lost. With it a
	// connection that had better leave its server, see [Connection.Leave], is
	// opened anew at its next operation while none is in progress. Each opening may
	// take 30 seconds, or Options.Timeout if that is more. Default (0): never.
	Reconnect int
	// ReconnectDelay is the wait before each opening but an operation's first.
	// Default (0): 2 seconds. Negative: none.
	ReconnectDelay time.Duration
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

	opening chan struct{} // has room for the one who opens

	mu        sync.Mutex // guards what follows
	session   *session
	login     login
	reopening *reopening
	closed    bool
}

// NewConnection returns a connection that is not open yet. options may be nil.
func NewConnection(source Source, dialer Dialer, options *Options) *Connection {
	c := &Connection{source: source, dialer: dialer, opening: make(chan struct{}, 1)}
	if options != nil {
		c.options = *options
	}
	if c.options.Timeout == 0 {
		c.options.Timeout = DefaultTimeout
	}
	if c.options.ReconnectDelay == 0 {
		c.options.ReconnectDelay = DefaultReconnectDelay
	}
	if c.options.Infos == nil {
		c.options.Infos, c.alone = new(server.Infos), true
	}
	return c
}

// Open takes the next server from the source and dials it. It does not bind.
// A connection that is lost may be opened again.
func (c *Connection) Open(ctx context.Context) error {
	if err := c.lock(ctx); err != nil {
		return err
	}
	defer c.unlock()
	if s := c.current(); s != nil && !s.ended() {
		return ErrOpen
	}
	s, err := c.connect(ctx, login{})
	if err != nil {
		return err
	}
	c.mu.Lock()
	c.session, c.login, c.closed = s, login{}, false
	c.mu.Unlock()
	return nil
}

func (c *Connection) current() *session {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.session
}

func (c *Connection) open() (*session, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.session == nil || c.closed {
		return nil, ErrNotOpen
	}
	return c.session, nil
}

// Server returns the server that the connection is or was last open to, nil if
// it never was.
func (c *Connection) Server() *server.Server {
	if s := c.current(); s != nil {
		return s.server
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
		return s.holding().Leave()
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

// Close unbinds (RFC 4511 §4.3), closes the stream and ends what is in
// progress with [ErrNotOpen]. Closing a connection that is not open does
// nothing.
func (c *Connection) Close() error {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	c.stopReopening()
	if s := c.current(); s != nil {
		return s.unbind()
	}
	return nil
}
