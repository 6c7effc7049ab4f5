// Package server describes LDAP servers: where one is, how it is to be spoken
// to and what is known of it. A [Server] is data and rules; nothing here dials.
//
//	s, err := server.New("ldaps://dc1.example.com", &server.Options{
//		TLS: &server.TLS{Validate: server.ValidateRequired},
//	})
//
// Names and defaults are those of python ldap3's Server and Tls, so that what
// its documentation says holds here; where it would not be safe or right, the
// documentation of the field says what is different.
//
// # What is learnt
//
// A Server never changes. What is learnt of it lives beside it: addresses and
// their availability with the dialer, root DSE and schema in an [Infos], which
// connections share.
//
// # WebAssembly
//
// It is the same natively and as WebAssembly. Files that [TLS] names are read
// by the dialer, natively alone.
package server

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ldapedge/ldapedge/formatters"
	"github.com/ldapedge/ldapedge/schemajson"
)

// Server is one LDAP server. It is immutable and safe for concurrent use.
type Server struct {
	scheme  Scheme
	host    string
	port    int
	path    string
	options Options
	tls     *TLS
	info    *schemajson.DsaInfo
	schema  *schemajson.SchemaInfo
}

// Options are what can be said of a server beside its host. The zero value has
// the defaults.
type Options struct {
	// Port is the TCP port, 1 to 65535, unless the host brings one. Default
	// (0): 389, or 636 with TLS from the first byte.
	Port int
	// UseSSL asks for TLS from the first byte, unless the host is a URL: then
	// its scheme decides.
	UseSSL bool
	// Site is the Active Directory site whose servers are looked for first, for
	// [LDAPSRV] and [LDAPSSRV] alone.
	Site string
	// AllowedReferralHosts are the servers to which referrals may lead, see
	// [Server.Referral]. Default (nil): any server, but anonymously. An empty
	// list that is not nil: none.
	AllowedReferralHosts []ReferralHost
	// GetInfo is what is read of a server when a connection opens. Default
	// (""): [InfoSchema].
	GetInfo GetInfo
	// Offline loads the pre-built root DSE and schema of that name, for a
	// GetInfo that names one; natively offline.Infos does.
	Offline func(name string) (*schemajson.DsaInfo, *schemajson.SchemaInfo, error)
	// Mode chooses among the host's addresses. Default (""): [IPv6Preferred].
	Mode Mode
	// TLS are the wishes for TLS, from the first byte or by StartTLS. Default
	// (nil), as python ldap3 documents it: any certificate is accepted, and
	// whoever sits between can read and change everything.
	TLS *TLS
	// Formatters are types of one's own for the values of attributes, both to
	// format and to validate.
	Formatters formatters.Options
	// ConnectTimeout bounds resolving, connecting and the TLS handshake of all
	// addresses together. Default (0): [DefaultConnectTimeout].
	ConnectTimeout time.Duration
	// AddressTimeout bounds connecting to, or the handshake with, one address.
	// Default (0): an equal share of the time that is left, at least 2 seconds.
	AddressTimeout time.Duration
}

// DefaultConnectTimeout is the connect timeout of a server that names none.
const DefaultConnectTimeout = 10 * time.Second

// Error tells what is wrong with a server's definition.
type Error struct {
	// Field is the part that is wrong, named as in a definition's JSON:
	// "host", "port", "mode", "tls.validate", "allowed_referral_hosts[1]"; or
	// "scheme" or "url" where the host is a URL.
	Field string
	// Value is what was given.
	Value string
	// Reason says what is wrong with it.
	Reason string
	// Err is the cause, where there is one.
	Err error
}

// Error returns field, value and reason in one line.
func (e *Error) Error() string {
	s := "server " + e.Field + " " + strconv.Quote(e.Value) + " " + e.Reason
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

func wrong(field, value, reason string) error {
	return &Error{Field: field, Value: value, Reason: reason}
}

// New makes a server of its host, which is a name, an IP address or a URL:
//
//	dc1.example.com       dc1.example.com:1389   10.0.0.1
//	2001:db8::1           [2001:db8::1]:1389     fe80::1%eth0
//	ldap://dc1            ldaps://10.0.0.1:1636  ldap://[fe80::1%25eth0]:389/
//	ldapi:///run/ldapi    ldapi://%2Frun%2Fldapi ldapi:///
//	ldap+srv://example.com
//
// Scheme and port of a URL win over the options. options may be nil. The error
// is an [*Error].
func New(host string, options *Options) (*Server, error) {
	s := &Server{}
	if options != nil {
		s.options = *options
	}
	if err := s.locate(strings.TrimSpace(host)); err != nil {
		return nil, err
	}
	if err := s.settle(); err != nil {
		return nil, err
	}
	return s, nil
}

// settle checks the options and fills in the defaults.
func (s *Server) settle() error {
	o := &s.options
	if o.ConnectTimeout < 0 {
		return wrong("connect_timeout", o.ConnectTimeout.String(), "is negative")
	}
	if o.ConnectTimeout == 0 {
		o.ConnectTimeout = DefaultConnectTimeout
	}
	if o.AddressTimeout < 0 {
		return wrong("address_timeout", o.AddressTimeout.String(), "is negative")
	}
	if o.Mode == "" {
		o.Mode = IPv6Preferred
	}
	if !slices.Contains(modes, o.Mode) {
		return wrong("mode", string(o.Mode), "is none of "+oneOf(modes))
	}
	if err := s.loadOffline(); err != nil {
		return err
	}
	if err := checkReferralHosts(o.AllowedReferralHosts); err != nil {
		return err
	}
	o.AllowedReferralHosts = slices.Clone(o.AllowedReferralHosts)
	o.Formatters.Custom = maps.Clone(o.Formatters.Custom)
	if o.Site != "" && !s.scheme.SRV() {
		return wrong("site", o.Site, "is for ldap+srv and ldaps+srv alone")
	}
	if o.Site != "" && !isHostName(o.Site) {
		return wrong("site", o.Site, "is not the name of a site")
	}
	if o.TLS == nil {
		return nil
	}
	s.tls, o.TLS = o.TLS.clone(), nil // the options' is another's to change
	return s.tls.check()
}

func oneOf[T ~string](all []T) string {
	texts := make([]string, len(all))
	for i, t := range all {
		texts[i] = string(t)
	}
	return strings.Join(texts, ", ")
}

// Scheme returns the scheme.
func (s *Server) Scheme() Scheme { return s.scheme }

// UseSSL tells whether the session is TLS from the first byte.
func (s *Server) UseSSL() bool { return s.scheme == LDAPS || s.scheme == LDAPSSRV }

// Host returns the host name or IP address, an IPv6 address without brackets;
// of ldap+srv and ldaps+srv the domain; empty for ldapi.
func (s *Server) Host() string { return s.host }

// Port returns the port, 1 to 65535; 0 for ldapi, ldap+srv and ldaps+srv.
func (s *Server) Port() int { return s.port }

// Path returns the path of ldapi's socket, empty for the system's own.
func (s *Server) Path() string { return s.path }

// Site returns the site whose servers are looked for first, or "".
func (s *Server) Site() string { return s.options.Site }

// Address returns host and port, joined as net.Dial takes them, or the path of
// ldapi's socket.
func (s *Server) Address() string {
	switch {
	case s.scheme == LDAPI:
		return s.path
	case s.port == 0:
		return s.host
	case strings.Contains(s.host, ":"):
		return "[" + s.host + "]:" + strconv.Itoa(s.port)
	}
	return s.host + ":" + strconv.Itoa(s.port)
}

// URL returns the server's URL with its port, without a trailing slash.
func (s *Server) URL() string {
	if s.scheme == LDAPI {
		return "ldapi://" + escapePath(s.path)
	}
	return string(s.scheme) + "://" + strings.Replace(s.Address(), "%", "%25", 1)
}

// String returns the URL.
func (s *Server) String() string { return s.URL() }

// TLS returns the wishes for TLS; nil is to accept any certificate.
func (s *Server) TLS() *TLS { return s.tls.clone() }

// Mode returns how to choose among addresses.
func (s *Server) Mode() Mode { return s.options.Mode }

// GetInfo returns what is to be read when a connection opens.
func (s *Server) GetInfo() GetInfo { return s.options.GetInfo }

// Formatters returns the types of one's own for the values of attributes.
func (s *Server) Formatters() formatters.Options {
	return formatters.Options{Custom: maps.Clone(s.options.Formatters.Custom)}
}

// ConnectTimeout returns how long connecting may take, all addresses together.
func (s *Server) ConnectTimeout() time.Duration { return s.options.ConnectTimeout }

// AddressTimeout returns how long one address may take, 0 for an equal share.
func (s *Server) AddressTimeout() time.Duration { return s.options.AddressTimeout }

// AllowedReferralHosts returns the servers to which referrals may lead, as
// they were given.
func (s *Server) AllowedReferralHosts() []ReferralHost {
	return slices.Clone(s.options.AllowedReferralHosts)
}
