//go:build !small

package facade

import (
	"cmp"
	"context"
	"io"
	"sync"
	"time"

	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/server"
	"github.com/ldapedge/ldapedge/tunnel"
)

// ConnectorAddress is where a connector is.
type ConnectorAddress struct {
	// Connector is its base URL.
	Connector string `json:"connector"`
	// Token authenticates to it; empty if it asks for none.
	Token string `json:"token"`
}

// NamedServer is a server or pool by the name that a connector has for it. Others
// are found by their URL.
type NamedServer struct {
	URL  string `json:"url"`
	Name string `json:"name"`
}

// Session are the facts of an open session.
type Session struct {
	// URL is the server's.
	URL string `json:"url"`
	// Server is the name under which the connector knows it.
	Server string `json:"server"`
	// Address is what the connector has dialled.
	Address string `json:"address"`
	// TLS are the facts of the TLS session to the server; nil for plain TCP.
	TLS *tunnel.TLS `json:"tls"`
}

// greeted is a stream of which the connector has told the facts.
type greeted interface{ Hello() tunnel.Hello }

// namedTimeout bounds the opening of a session with what a connector has under a
// name: it may be a pool, whose servers the connector tries for up to a minute.
const namedTimeout = 75 * time.Second

// sessions opens sessions with the servers of a connector, and knows the facts of
// those that are open.
type sessions struct {
	dialer Dialer
	at     ConnectorAddress
	names  map[string]string // by URL

	mu   sync.Mutex
	open map[*server.Server]*sessionStream
}

var _ ldap.Dialer = (*sessions)(nil)

func (f *Facade) sessions(at ConnectorAddress, named []NamedServer) (*sessions, error) {
	s := &sessions{dialer: f.dialer, at: at, names: make(map[string]string), open: make(map[*server.Server]*sessionStream)}
	for _, n := range named {
		at, err := server.New(n.URL, nil)
		if err != nil {
			return nil, usage("%v", err)
		}
		s.names[at.URL()] = n.Name
	}
	return s, nil
}

// Dial opens a session with a server.
func (s *sessions) Dial(ctx context.Context, to *server.Server) (io.ReadWriteCloser, error) {
	name := s.names[to.URL()]
	within := to.ConnectTimeout()
	if name != "" {
		within = namedTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	stream, err := s.dialer(Endpoint{Connector: s.at.Connector, Token: s.at.Token, Server: name, URL: to.URL()}).Dial(ctx, to)
	if err != nil {
		return nil, err
	}
	session := &sessionStream{ReadWriteCloser: stream, of: s, to: to}
	if g, ok := stream.(greeted); ok {
		session.hello = g.Hello()
	}
	s.mu.Lock()
	s.open[to] = session
	s.mu.Unlock()
	return session, nil
}

// of returns the facts of the session with a server.
func (s *sessions) of(to *server.Server) Session {
	s.mu.Lock()
	defer s.mu.Unlock()
	var hello tunnel.Hello
	if open := s.open[to]; open != nil {
		hello = open.hello
	}
	return Session{URL: to.URL(), Server: cmp.Or(hello.Server, s.names[to.URL()]), Address: hello.Address, TLS: hello.TLS}
}

// sessionStream is a stream whose facts are forgotten with it.
type sessionStream struct {
	io.ReadWriteCloser
	of    *sessions
	to    *server.Server
	hello tunnel.Hello
}

func (s *sessionStream) Close() error {
	s.of.mu.Lock()
	if s.of.open[s.to] == s {
		delete(s.of.open, s.to)
	}
	s.of.mu.Unlock()
	return s.ReadWriteCloser.Close()
}
