// Package server describes LDAP servers: where one is and how it is to be
// spoken to. A [Server] is data and rules; nothing here dials.
package server

import (
	"context"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// Scheme is the scheme of an LDAP URL (RFC 4516) and tells how the server is
// reached.
type Scheme string

// The schemes.
const (
	// LDAP is plain TCP, port 389 by default.
	LDAP Scheme = "ldap"
	// LDAPS is TLS from the first byte, port 636 by default.
	LDAPS Scheme = "ldaps"
)

func (s Scheme) defaultPort() int {
	if s == LDAPS {
		return 636
	}
	return 389
}

// Server is one LDAP server. It is immutable and safe for concurrent use.
type Server struct {
	scheme  Scheme
	host    string
	port    int
	options Options
}

// Options are what can be said of a server beside its URL. The zero value has
// the defaults.
type Options struct {
	// TLS are the wishes for a TLS session.
	TLS TLS
	// ConnectTimeout bounds resolving, connecting and the TLS handshake
	// together. Default (0): 10 seconds.
	ConnectTimeout time.Duration
}

// TLS are the wishes for a TLS session. The zero value verifies the server's
// certificate and name against the system's roots.
type TLS struct {
	// CACertsFile names a PEM file of the certificates to trust in place of
	// the system's roots.
	CACertsFile string
	// ServerName is the name that the certificate must be for. Default: the
	// server's host.
	ServerName string
	// InsecureSkipVerify accepts any certificate. Whoever sits between can then
	// read and change everything.
	InsecureSkipVerify bool
}

// DefaultConnectTimeout is the connect timeout of a server that names none.
const DefaultConnectTimeout = 10 * time.Second

// Error tells what is wrong with a server's definition.
type Error struct {
	// Field is the part that is wrong: "scheme", "host", "port", "url",
	// "connect timeout".
	Field string
	// Value is what was given.
	Value string
	// Reason says what is wrong with it.
	Reason string
}

// Error returns field, value and reason in one line.
func (e *Error) Error() string {
	return "server " + e.Field + " " + strconv.Quote(e.Value) + " " + e.Reason
}

// New makes a server of a URL such as "ldap://dc1.example.com",
// "ldaps://10.0.0.1:1636" or "ldap://[fe80::1%25eth0]:389/". A port that is not given is
// 389 for ldap and 636 for ldaps. options may be nil. The error is an [*Error].
func New(url string, options *Options) (*Server, error) {
	s := &Server{}
	if options != nil {
		s.options = *options
	}
	if s.options.ConnectTimeout < 0 {
		return nil, &Error{"connect timeout", s.options.ConnectTimeout.String(), "is negative"}
	}
	if s.options.ConnectTimeout == 0 {
		s.options.ConnectTimeout = DefaultConnectTimeout
	}
	if err := s.parse(strings.TrimSpace(url)); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *Server) parse(url string) error {
	scheme, rest, ok := strings.Cut(url, "://")
	if !ok {
		return &Error{"url", url, "has no scheme; ldap:// or ldaps:// is expected"}
	}
	s.scheme = Scheme(strings.ToLower(scheme))
	if s.scheme != LDAP && s.scheme != LDAPS {
		return &Error{"scheme", scheme, "is not supported; ldap or ldaps is expected"}
	}
	rest = strings.TrimSuffix(rest, "/")
	if i := strings.IndexAny(rest, "/?#@"); i >= 0 {
		return &Error{"url", url, "has " + strconv.Quote(rest[i:]) + " after the host; a server is a scheme, a host and a port"}
	}
	host, port, err := splitHostPort(rest)
	if err != nil {
		return err
	}
	s.host = host
	return s.parsePort(port)
}

// splitHostPort cuts host and port apart; port keeps its colon, so that an
// empty one can be told from none.
func splitHostPort(s string) (host, port string, err error) {
	if bracketed, ok := strings.CutPrefix(s, "["); ok {
		host, port, ok = strings.Cut(bracketed, "]")
		host = strings.Replace(host, "%25", "%", 1) // RFC 6874 writes a zone so
		if _, parseErr := netip.ParseAddr(host); !ok || parseErr != nil || !strings.Contains(host, ":") {
			return "", "", &Error{"host", s, "is not an IPv6 address in brackets"}
		}
		if port != "" && port[0] != ':' {
			return "", "", &Error{"host", s, "is followed by " + strconv.Quote(port)}
		}
		return host, port, nil
	}
	if strings.Count(s, ":") > 1 {
		return "", "", &Error{"host", s, "has several colons; an IPv6 address goes in brackets"}
	}
	if i := strings.IndexByte(s, ':'); i >= 0 {
		host, port = s[:i], s[i:]
	} else {
		host = s
	}
	if host == "" {
		return "", "", &Error{"host", s, "is empty"}
	}
	if strings.ContainsAny(host, " \t\r\n[]%\\;,<>\"'`{}|^") {
		return "", "", &Error{"host", host, "is not a host name"}
	}
	return host, port, nil
}

func (s *Server) parsePort(port string) error {
	if port == "" {
		s.port = s.scheme.defaultPort()
		return nil
	}
	n, err := strconv.ParseUint(port[1:], 10, 16)
	if err != nil {
		return &Error{"port", port[1:], "is not a number from 0 to 65535"}
	}
	s.port = int(n)
	if n == 0 {
		s.port = s.scheme.defaultPort()
	}
	return nil
}

// Scheme returns the scheme.
func (s *Server) Scheme() Scheme { return s.scheme }

// Host returns the host name or IP address, an IPv6 address without brackets.
func (s *Server) Host() string { return s.host }

// Port returns the port, 1 to 65535.
func (s *Server) Port() int { return s.port }

// Address returns host and port, joined as net.Dial takes them.
func (s *Server) Address() string {
	if strings.Contains(s.host, ":") {
		return "[" + s.host + "]:" + strconv.Itoa(s.port)
	}
	return s.host + ":" + strconv.Itoa(s.port)
}

// URL returns the server's URL with its port, without a trailing slash.
func (s *Server) URL() string {
	return string(s.scheme) + "://" + strings.Replace(s.Address(), "%", "%25", 1)
}

// String returns the URL.
func (s *Server) String() string { return s.URL() }

// TLS returns the wishes for a TLS session.
func (s *Server) TLS() TLS { return s.options.TLS }

// ConnectTimeout returns how long connecting may take.
func (s *Server) ConnectTimeout() time.Duration { return s.options.ConnectTimeout }

// Next returns the server itself: a server is a source of one.
func (s *Server) Next(context.Context) (*Server, error) { return s, nil }
