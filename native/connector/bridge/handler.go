// Package bridge is the connector's HTTP face: /v1/servers, the WebSocket
// session of /v1/ldap that carries bytes to an LDAP server, and the checks that
// every request passes. docs/protocol.md describes what a client sees.
package bridge

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/native/connector/auth"
	"github.com/ldapedge/ldapedge/native/dial"
	"github.com/ldapedge/ldapedge/pool"
	"github.com/ldapedge/ldapedge/server"
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
	// Viewer answers what is not under /v1. Default: 404.
	Viewer http.Handler
	// Dialer dials the LDAP servers. Default: a [dial.Dialer] with Log.
	Dialer *dial.Dialer
	// Log is where sessions are noted. Default: slog.Default().
	Log *slog.Logger
	// IdleTimeout ends a session without traffic. Default (0): 10 minutes.
	IdleTimeout time.Duration
	// MaxSessions is how many sessions there may be at a time. Default (0):
	// 1,000.
	MaxSessions int
}

// Authenticator says who the client is that has a bearer token, empty if there is
// none, and a TLS connection, nil without TLS. [auth.Authenticator] is one.
type Authenticator interface {
	Authenticate(ctx context.Context, token string, state *tls.ConnectionState) (*auth.Identity, error)
}

var _ Authenticator = (*auth.Authenticator)(nil)

// Target is a server or pool under the name that clients ask for.
type Target struct {
	Name string
	// Source is a [server.Server] or a [pool.Pool].
	Source ldap.Source
}

// DefaultMaxSessions is how many sessions there may be unless told otherwise.
const DefaultMaxSessions = 1000

// DefaultIdleTimeout ends a session without traffic unless told otherwise.
const DefaultIdleTimeout = 10 * time.Minute

// Handler answers the connector's requests. Serve it with [NewServer].
type Handler struct {
	options  Options
	mux      http.ServeMux
	sessions sessions
}

// New returns a handler.
func New(o Options) *Handler {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Auth == nil {
		o.Auth = new(auth.Authenticator)
	}
	if o.Dialer == nil {
		o.Dialer = &dial.Dialer{Log: o.Log}
	}
	if o.IdleTimeout == 0 {
		o.IdleTimeout = DefaultIdleTimeout
	}
	if o.MaxSessions == 0 {
		o.MaxSessions = DefaultMaxSessions
	}
	h := &Handler{options: o}
	h.mux.HandleFunc("GET /v1/ldap", h.serveLDAP)
	h.mux.HandleFunc("GET /v1/servers", h.serveServers)
	h.mux.HandleFunc("/v1/", func(w http.ResponseWriter, r *http.Request) {
		problem(w, http.StatusNotFound, "there is no "+r.Method+" "+r.URL.Path)
	})
	if o.Viewer != nil {
		h.mux.Handle("/", o.Viewer)
	}
	return h
}

// The limits of the HTTP server: none of its answers takes long. A WebSocket
// session is freed of them when it takes the connection over, and has limits of
// its own.
const (
	headerTimeout = 10 * time.Second
	readTimeout   = 15 * time.Second
	writeTimeout  = time.Minute
	idleTimeout   = 2 * time.Minute
	headerBytes   = 16 << 10
)

// streamKey is where a request's context has its network connection.
type streamKey struct{}

// NewServer returns an HTTP server for the handler, with its limits set.
func NewServer(h *Handler) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    headerBytes,
		ErrorLog:          slog.NewLogLogger(h.options.Log.Handler(), slog.LevelDebug),
		ConnContext: func(ctx context.Context, c net.Conn) context.Context {
			return context.WithValue(ctx, streamKey{}, c)
		},
	}
}

// ServeHTTP checks Host and Origin and answers.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Referrer-Policy", "no-referrer")
	if !h.knowsHost(r.Host) {
		problem(w, http.StatusForbidden, "this connector does not answer to the host name of this request; its configuration lists hosts")
		return
	}
	if r.ContentLength != 0 {
		w.Header().Set("Connection", "close")
		problem(w, http.StatusBadRequest, "no request here has a body")
		return
	}
	if origin := r.Header.Get("Origin"); origin != "" && strings.HasPrefix(r.URL.Path, "/v1/") {
		if !h.knowsOrigin(origin, r) {
			problem(w, http.StatusForbidden, "pages of this origin may not use the connector; its configuration lists origins")
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

func (h *Handler) knowsHost(hostport string) bool {
	host := hostport
	if name, _, err := net.SplitHostPort(hostport); err == nil {
		host = name
	}
	host = strings.Trim(host, "[]")
	return slices.ContainsFunc(h.options.Hosts, func(known string) bool { return strings.EqualFold(known, host) })
}

// knowsOrigin tells whether a page of the origin may use the connector: one
// that the connector served itself, or one that is listed.
func (h *Handler) knowsOrigin(origin string, r *http.Request) bool {
	scheme := "http://"
	if r.TLS != nil {
		scheme = "https://"
	}
	return strings.EqualFold(origin, scheme+r.Host) || slices.Contains(h.options.Origins, origin)
}

func (h *Handler) target(name string) *Target {
	for i := range h.options.Servers {
		if h.options.Servers[i].Name == name {
			return &h.options.Servers[i]
		}
	}
	return nil
}

// listedServer is what clients may know of a target. Of a pool URL and TLS are
// its first server's.
type listedServer struct {
	Name string      `json:"name"`
	URL  string      `json:"url"`
	TLS  bool        `json:"tls"`
	Pool *listedPool `json:"pool,omitempty"`
}

type listedPool struct {
	Strategy pool.Strategy `json:"strategy"`
	Servers  []string      `json:"servers"`
}

func listed(t Target) listedServer {
	l := listedServer{Name: t.Name}
	switch source := t.Source.(type) {
	case *server.Server:
		l.URL, l.TLS = source.URL(), source.UseSSL()
	case *pool.Pool:
		l.Pool = &listedPool{Strategy: source.State().Strategy, Servers: []string{}}
		for i, s := range source.Servers() {
			if i == 0 {
				l.URL, l.TLS = s.URL(), s.UseSSL()
			}
			l.Pool.Servers = append(l.Pool.Servers, s.URL())
		}
	}
	return l
}

func (h *Handler) serveServers(w http.ResponseWriter, r *http.Request) {
	identity, err := h.options.Auth.Authenticate(r.Context(), bearer(r), r.TLS)
	if err != nil {
		w.Header().Set("WWW-Authenticate", `Bearer realm="ldapedge"`)
		problem(w, http.StatusUnauthorized, refusal(err))
		return
	}
	list := make([]listedServer, 0, len(h.options.Servers))
	for _, t := range h.options.Servers {
		if identity.Subject.MayReach(t.Name) {
			list = append(list, listed(t))
		}
	}
	w.Header().Set("Cache-Control", "no-store")
	answer(w, http.StatusOK, "application/json", map[string]any{"servers": list})
}

// refusal is what a client is told of an [Authenticator]'s error.
func refusal(err error) string {
	var e *auth.Error
	if errors.As(err, &e) {
		return e.Text()
	}
	return "the credential is not accepted"
}

func bearer(r *http.Request) string {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return token
}

// problem answers with an error (RFC 9457).
func problem(w http.ResponseWriter, status int, detail string) {
	answer(w, status, "application/problem+json", map[string]any{
		"title": http.StatusText(status), "status": status, "detail": detail,
	})
}

func answer(w http.ResponseWriter, status int, contentType string, body any) {
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(body) // to a client that has gone there is nothing to say
}
