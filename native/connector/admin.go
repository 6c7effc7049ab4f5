package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/ldapedge/ldapedge/native/connector/bridge"
	"github.com/ldapedge/ldapedge/native/connector/config"
	"github.com/ldapedge/ldapedge/native/connector/proxy"
)

// maxConfig is the largest configuration that the operator's listener takes.
const maxConfig = 1 << 20

// admin is the operator's listener: health, metrics and a new configuration. The
// zero value is none.
type admin struct {
	running  *running
	listener net.Listener
	token    [sha256.Size]byte
	made     string // the token, if it was made here
}

func newAdmin(ctx context.Context, r *running, c *config.Config) (*admin, error) {
	a := &admin{running: r}
	if c.Admin == "" {
		return a, nil
	}
	token, err := "", error(nil)
	if c.AdminTokenFile != "" {
		token, err = c.AdminToken()
	} else {
		token = rand.Text()
		a.made = token
	}
	if err != nil {
		return nil, err
	}
	a.token = sha256.Sum256([]byte(token))
	network, address := c.AdminAddress()
	if network == "unix" {
		a.listener, err = proxy.ListenUnix(ctx, address)
	} else {
		a.listener, err = new(net.ListenConfig).Listen(ctx, network, address)
	}
	if err != nil {
		return nil, fmt.Errorf("admin: %w", err)
	}
	return a, nil
}

// announce prints where it listens, and the token that was made.
func (a *admin) announce(to io.Writer) {
	if a.listener == nil {
		return
	}
	address := a.listener.Addr().String()
	if a.listener.Addr().Network() == "unix" {
		fmt.Fprintf(to, "admin unix:%s\n", address)
	} else {
		fmt.Fprintf(to, "admin http://%s/\n", address)
	}
	if a.made != "" {
		fmt.Fprintf(to, "admin-token %s\n", a.made)
	}
}

// serve serves until the context ends. The connector is ready while the other one
// has not ended.
func (a *admin) serve(ctx, ready context.Context) error {
	if a.listener == nil {
		return nil
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) { a.ready(ready, w) })
	mux.Handle("GET /metrics", a.authenticated(a.running.metrics.handler()))
	mux.Handle("PUT /config", a.authenticated(http.HandlerFunc(a.configure)))
	s := &http.Server{
		Handler: a.hostChecked(mux), ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: time.Minute, MaxHeaderBytes: 16 << 10,
	}
	done := context.AfterFunc(ctx, func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		if s.Shutdown(ctx) != nil {
			s.Close()
		}
	})
	defer done()
	if err := s.Serve(a.listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// hostChecked refuses what a page of another's may have sent (DNS rebinding). A
// socket has no name.
func (a *admin) hostChecked(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if a.listener.Addr().Network() != "unix" && !config.Loopback(bridge.HostName(r.Host)) || r.Header.Get("Origin") != "" {
			bridge.Problem(w, http.StatusForbidden, "the operator's listener answers to names of loopback, and to no page")
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (a *admin) authenticated(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		given := sha256.Sum256([]byte(bridge.Bearer(r)))
		if subtle.ConstantTimeCompare(given[:], a.token[:]) != 1 {
			w.Header().Set("WWW-Authenticate", `Bearer realm="ldapedge admin"`)
			bridge.Problem(w, http.StatusUnauthorized, "the operator's token is needed")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// ready tells whether new sessions are taken.
func (a *admin) ready(ctx context.Context, w http.ResponseWriter) {
	if ctx.Err() != nil {
		bridge.Problem(w, http.StatusServiceUnavailable, "the connector is shutting down")
		return
	}
	fmt.Fprintln(w, "ok")
}

// configure puts the configuration in force that the request has. The file is
// left as it is.
func (a *admin) configure(w http.ResponseWriter, r *http.Request) {
	b, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxConfig))
	if err != nil {
		bridge.Problem(w, http.StatusRequestEntityTooLarge, err.Error())
		return
	}
	c, err := config.Parse(b)
	if err == nil {
		c, err = a.running.complete(c)
	}
	if err == nil {
		err = a.running.set(c)
	}
	if err != nil {
		bridge.Problem(w, http.StatusUnprocessableEntity, err.Error())
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
