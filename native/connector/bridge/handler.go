// Package bridge is the connector's HTTP face: /v1/servers, the WebSocket
// session of /v1/ldap that carries bytes to an LDAP server, and the checks that
// every request passes. docs/protocol.md describes what a client sees.
package bridge

import (
	"cmp"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/ldap/policy"
	"github.com/ldapedge/ldapedge/native/connector/auth"
	"github.com/ldapedge/ldapedge/native/dial"
	"github.com/ldapedge/ldapedge/pool"
	"github.com/ldapedge/ldapedge/server"
	"github.com/ldapedge/ldapedge/tunnel"
)

// Options are what a [Handler] serves and to whom.
type Options struct {
	// Servers are the LDAP servers and pools that clients may reach, in the
	// order in which they are listed.
	Servers []Target
	// Auth says who a client is. Default: an [auth.Authenticator] that lets in
	// nobody.
	Auth Authenticator
	// Origins are the web origins, beside the handler's own, whose pages are
	// let in.
	Origins []string
	// Hosts are the host names under which the handler may be addressed,
	// without port. A request for another is refused: it is how a page of
	// another's reaches a listener on loopback (DNS rebinding).
	Hosts []string
	// TrustedProxies are those in front whose X-Forwarded-For is believed. Default:
	// none.
	TrustedProxies []netip.Prefix
	// Policy returns what a subject may ask of a target, nil if bytes are to be
	// carried as they are. Default: nobody looks at them.
	Policy func(target, subject string) *policy.Policy
	// WithSchema returns a policy with what is known of a server's schema. The
	// session begins when it is back. Default: policies are what they are.
	WithSchema func(ctx context.Context, p *policy.Policy, s *server.Server) *policy.Policy
	// Reader reads of targets what is asked for over HTTP. Default: that is 404.
	Reader Reader
	// Viewer answers what is not under /v1. Default: 404.
	Viewer http.Handler
	// Dialer dials the LDAP servers. Default: a [dial.Dialer] with Log.
	Dialer Dialer
	// Log is where sessions are noted. Default: slog.Default().
	Log *slog.Logger
	// Limits are what sessions are held to.
	Limits Limits
	// Observer is told of what happens. Default: nobody is.
	Observer Observer
}

// Observer is told of sessions, by several goroutines at a time.
type Observer interface {
	// Dialled tells of an attempt to reach a target.
	Dialled(target string, took time.Duration, err error)
	// Began tells that a session carries bytes.
	Began(target string)
	// Carried tells of bytes to the LDAP server and from it.
	Carried(target string, up, down int)
	// Ended tells that a session that began has ended, and what its policy has
	// counted.
	Ended(target string, lasted time.Duration, counts policy.Counts)
	// Closed tells with which code a session was closed, or was refused.
	Closed(code tunnel.CloseCode)
}

// nobody is not told.
type nobody struct{}

func (nobody) Dialled(string, time.Duration, error)       {}
func (nobody) Began(string)                               {}
func (nobody) Carried(string, int, int)                   {}
func (nobody) Ended(string, time.Duration, policy.Counts) {}
func (nobody) Closed(tunnel.CloseCode)                    {}

// Limits are what sessions are held to. The zero value has the defaults.
type Limits struct {
	// Sessions is how many there may be at a time. Default (0): 1,000.
	Sessions int
	// SessionsPerClient is how many a client may have at a time, by its address.
	// Default (0): as many as there may be.
	SessionsPerClient int
	// Header is how long a client has for the header of a request; it cannot change
	// once the handler serves. Default (0): 10 seconds.
	Header time.Duration
	// Idle ends a session without traffic. Default (0): 10 minutes.
	Idle time.Duration
	// Lifetime ends a session whatever it does. Default (0): never.
	Lifetime time.Duration
	// Ping is how long there may be no traffic before the client is asked whether
	// it is there, and again after each answer. Default (0): 30 seconds; less than
	// 0: it is never asked.
	Ping time.Duration
	// Pong is how long it has for the answer. Default (0): 10 seconds.
	Pong time.Duration
}

// Dialer opens streams to LDAP servers. [dial.Dialer] is one.
type Dialer interface {
	// Conn opens a stream.
	Conn(ctx context.Context, s *server.Server) (*dial.Conn, error)
	// UsesTLS tells whether it will be TLS.
	UsesTLS(s *server.Server) bool
}

// Authenticator says who the client is that has a bearer token, empty if there is
// none, and a TLS connection, nil without TLS. [auth.Authenticator] is one.
type Authenticator interface {
	Authenticate(ctx context.Context, token string, state *tls.ConnectionState) (*auth.Identity, error)
	// Holds tells whether one that has been returned may still reach the server.
	Holds(i *auth.Identity, server string) bool
}

var _ Authenticator = (*auth.Authenticator)(nil)

// Target is a server or pool under the name that clients ask for.
type Target struct {
	Name string
	// Source is a [server.Server] or a [pool.Pool].
	Source ldap.Source
}

// DefaultLimits are those that are not told otherwise.
var DefaultLimits = Limits{Sessions: 1000, Header: 10 * time.Second, Idle: 10 * time.Minute, Ping: 30 * time.Second, Pong: 10 * time.Second}

// Handler answers the connector's requests. Serve it with [NewServer].
type Handler struct {
	current  atomic.Pointer[Options] // a request looks at them once
	mux      http.ServeMux
	sessions sessions
}

// New returns a handler.
func New(o Options) *Handler {
	h := &Handler{}
	h.current.Store(complete(o))
	h.mux.HandleFunc("GET /v1/ldap", h.serveLDAP)
	h.mux.HandleFunc("GET /v1/servers", h.serveServers)
	h.mux.HandleFunc("GET /v1/servers/{name}/check", h.serveCheck)
	h.mux.HandleFunc("GET /v1/servers/{name}/schema", h.serveDocument(Reader.Schema, (*policy.Policy).ReadsSubschema))
	h.mux.HandleFunc("GET /v1/servers/{name}/info", h.serveDocument(Reader.Info, (*policy.Policy).ReadsRootDSE))
	h.mux.HandleFunc("/v1/", func(w http.ResponseWriter, r *http.Request) {
		Problem(w, http.StatusNotFound, "there is no "+r.Method+" "+r.URL.Path)
	})
	if o.Viewer != nil {
		h.mux.Handle("/", o.Viewer)
	}
	return h
}

// Set puts other options in force; the viewer stays what it is. Sessions go on
// as they began, but for those whose target is not there any more, or whose subject
// may not reach it any more: a target is the same if its name and its source are.
func (h *Handler) Set(o Options) {
	h.current.Store(complete(o))
	h.sessions.review(h)
}

// complete fills in the defaults.
func complete(o Options) *Options {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Auth == nil {
		o.Auth = new(auth.Authenticator)
	}
	if o.Dialer == nil {
		o.Dialer = &dial.Dialer{Log: o.Log}
	}
	if o.Observer == nil {
		o.Observer = nobody{}
	}
	l, d := &o.Limits, DefaultLimits
	l.Sessions, l.Header = cmp.Or(l.Sessions, d.Sessions), cmp.Or(l.Header, d.Header)
	l.SessionsPerClient = cmp.Or(l.SessionsPerClient, l.Sessions)
	l.Idle, l.Ping, l.Pong = cmp.Or(l.Idle, d.Idle), cmp.Or(l.Ping, d.Ping), cmp.Or(l.Pong, d.Pong)
	return &o
}

// The limits of the HTTP server beside [Limits.Header]: none of its answers takes
// long. A WebSocket session is freed of them when it takes the connection over, and
// has limits of its own.
const (
	writeTimeout = time.Minute
	idleTimeout  = 2 * time.Minute
	headerBytes  = 16 << 10
)

// NewServer returns an HTTP server for the handler, with its limits set.
func NewServer(h *Handler) *http.Server {
	header := h.current.Load().Limits.Header
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: header,
		ReadTimeout:       header + header/2,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    headerBytes,
		ErrorLog:          slog.NewLogLogger(h.current.Load().Log.Handler(), slog.LevelDebug),
	}
}

// ServeHTTP checks Host and Origin and answers.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Referrer-Policy", "no-referrer")
	if r.TLS != nil {
		w.Header().Set("Strict-Transport-Security", "max-age=31536000")
	}
	now := h.current.Load()
	if !now.knowsHost(r.Host) {
		now.Log.Warn("a request is refused: hosts does not have its Host", "client", r.RemoteAddr, "host", r.Host)
		Problem(w, http.StatusForbidden, "this connector does not answer to the host name of this request; its configuration lists hosts")
		return
	}
	if r.ContentLength != 0 {
		w.Header().Set("Connection", "close")
		Problem(w, http.StatusBadRequest, "no request here has a body")
		return
	}
	if origin := r.Header.Get("Origin"); origin != "" && strings.HasPrefix(r.URL.Path, "/v1/") {
		if !now.knowsOrigin(origin, r) {
			now.Log.Warn("a request is refused: origins does not have its Origin", "client", r.RemoteAddr, "origin", origin)
			Problem(w, http.StatusForbidden, "pages of this origin may not use the connector; its configuration lists origins")
			return
		}
		w.Header().Set("Access-Control-Allow-Origin", origin)
		w.Header().Add("Vary", "Origin")
		if r.Method == http.MethodOptions {
			w.Header().Set("Access-Control-Allow-Methods", "GET")
			w.Header().Set("Access-Control-Allow-Headers", "Authorization")
			w.WriteHeader(http.StatusNoContent)
			return
		}
	}
	h.mux.ServeHTTP(w, r)
}

func (o *Options) knowsHost(hostport string) bool {
	host := HostName(hostport)
	return host != "" && slices.ContainsFunc(o.Hosts, func(known string) bool { return strings.EqualFold(known, host) })
}

// HostName returns the name or address of a Host header, without port and brackets;
// empty if it is no host with a port (RFC 9110 §7.2).
func HostName(hostport string) string {
	host, port, err := server.SplitHostPort(hostport)
	if err != nil {
		return ""
	}
	if number := strings.TrimPrefix(port, ":"); number != "" {
		if _, err := strconv.ParseUint(number, 10, 16); err != nil {
			return ""
		}
	}
	return host
}

// knowsOrigin tells whether a page of the origin may use the connector: one
// that the connector served itself, or one that is listed.
func (o *Options) knowsOrigin(origin string, r *http.Request) bool {
	scheme := "http://"
	if r.TLS != nil {
		scheme = "https://"
	}
	return strings.EqualFold(origin, scheme+r.Host) || slices.Contains(o.Origins, origin)
}

func (o *Options) target(name string) *Target {
	for i := range o.Servers {
		if o.Servers[i].Name == name {
			return &o.Servers[i]
		}
	}
	return nil
}

// targetFor returns the target of a name: one of the options', or the server that
// the client's credential names. nil if there is none.
func (o *Options) targetFor(i *auth.Identity, name string) *Target {
	if t := o.target(name); t != nil || !i.Names(name) {
		return t
	}
	return &Target{Name: name, Source: i.Target}
}

// listedServer is what clients may know of a target. Of a pool URL and TLS are
// its first server's.
type listedServer struct {
	Name string      `json:"name"`
	URL  string      `json:"url"`
	Mode server.Mode `json:"mode,omitempty"`
	TLS  bool        `json:"tls"`
	Pool *listedPool `json:"pool,omitempty"`
}

type listedPool struct {
	Strategy pool.Strategy  `json:"strategy"`
	Servers  []string       `json:"servers"`
	Members  []listedMember `json:"members"`
}

// listedMember is how a server of a pool does, by its checks and sessions.
type listedMember struct {
	URL            string      `json:"url"`
	State          pool.Health `json:"state"`
	LatencySeconds float64     `json:"latencySeconds,omitempty"`
}

func listedMembers(s pool.State) []listedMember {
	all := []listedMember{}
	for _, m := range s.Members {
		if m.Pool != nil {
			all = append(all, listedMembers(*m.Pool)...)
		} else {
			all = append(all, listedMember{m.URL, m.State, m.LatencySeconds})
		}
	}
	return all
}

func (o *Options) listed(t Target) listedServer {
	l := listedServer{Name: t.Name}
	switch source := t.Source.(type) {
	case *server.Server:
		l.URL, l.Mode, l.TLS = source.URL(), source.Mode(), o.Dialer.UsesTLS(source)
	case *pool.Pool:
		state := source.State()
		l.Pool = &listedPool{Strategy: state.Strategy, Servers: []string{}, Members: listedMembers(state)}
		for i, member := range source.Servers() {
			if i == 0 {
				l.URL, l.TLS = member.URL(), o.Dialer.UsesTLS(member)
			}
			l.Pool.Servers = append(l.Pool.Servers, member.URL())
		}
	}
	return l
}

func (h *Handler) serveServers(w http.ResponseWriter, r *http.Request) {
	now := h.current.Load()
	identity := now.identify(w, r)
	if identity == nil {
		return
	}
	list := make([]listedServer, 0, len(now.Servers))
	for _, t := range now.Servers {
		if identity.Subject.MayReach(t.Name) {
			list = append(list, now.listed(t))
		}
	}
	if s := identity.Target; s != nil {
		list = append(list, now.listed(Target{Name: s.URL(), Source: s}))
	}
	w.Header().Set("Cache-Control", "no-store")
	answer(w, http.StatusOK, "application/json", map[string]any{"servers": list})
}

// refusal is what a client is told of an [Authenticator]'s error, or of a policy's.
func refusal(err error) string {
	var e *auth.Error
	if errors.As(err, &e) {
		return e.Text()
	}
	if errors.Is(err, errPolicy) {
		return errPolicy.Error()
	}
	return "the credential is not accepted"
}

// Bearer returns the bearer token of a request, empty if there is none (RFC 6750
// §2.1).
func Bearer(r *http.Request) string {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return token
}

// Problem answers with an error (RFC 9457).
func Problem(w http.ResponseWriter, status int, detail string) {
	answer(w, status, "application/problem+json", map[string]any{
		"title": http.StatusText(status), "status": status, "detail": detail,
	})
}

func answer(w http.ResponseWriter, status int, contentType string, body any) {
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(body) // to a client that has gone there is nothing to say
}
