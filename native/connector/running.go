package main

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"os"
	"os/signal"
	"reflect"
	"sync"
	"syscall"

	"github.com/coreos/go-systemd/v22/activation"
	"github.com/coreos/go-systemd/v22/daemon"

	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/native/connector/auth"
	"github.com/ldapedge/ldapedge/native/connector/bridge"
	"github.com/ldapedge/ldapedge/native/connector/config"
	"github.com/ldapedge/ldapedge/native/connector/viewer"
	"github.com/ldapedge/ldapedge/native/dial"
	"github.com/ldapedge/ldapedge/pool"
	"github.com/ldapedge/ldapedge/server"
)

// running is the connector while it runs: what stays when its configuration is
// read again.
type running struct {
	file, listen, demoURL string
	log                   *slog.Logger
	metrics               *metrics
	token                 string
	handler               *bridge.Handler

	mu      sync.Mutex // guards what follows
	now     *config.Config
	servers map[string]*server.Server
	pools   map[string]*pool.Pool
	auth    *auth.Authenticator
	stop    map[any]func() // of the pools and whoever else works in the background
	schemas *schemas
	plain   *dial.Dialer
	upgrade *dial.Dialer // by StartTLS
	closed  bool
}

// settings reads the configuration. Without a file everything is at its default,
// and as there is only the demo directory to reach, nobody needs a token.
func (r *running) settings() (*config.Config, error) {
	if r.file == "" {
		return r.complete(&config.Config{Auth: config.Auth{None: true}})
	}
	c, err := config.Load(r.file)
	if err != nil {
		return nil, err
	}
	if c, err = r.complete(c); err != nil {
		return nil, fmt.Errorf("%s: %w", r.file, err)
	}
	return c, nil
}

// complete adds what the command line says, and checks all.
func (r *running) complete(c *config.Config) (*config.Config, error) {
	if r.listen != "" {
		c.Listen = r.listen
	}
	if r.demoURL != "" {
		c.Servers = append(c.Servers, config.Server{Name: demoName, URL: r.demoURL})
	}
	return c, c.Check()
}

// start makes the handler.
func (r *running) start(c *config.Config) error {
	r.plain, r.upgrade = r.dialer(c, dial.RefuseSpecial), r.dialer(c, dial.RefuseSpecial)
	r.upgrade.StartTLS = true
	r.stop = make(map[any]func())
	r.mu.Lock()
	defer r.mu.Unlock()
	o, err := r.options(c)
	if err != nil {
		return err
	}
	if site := viewer.Site(); site != nil {
		if o.Viewer, err = viewer.Handler(site); err != nil {
			return err
		}
	}
	r.handler = bridge.New(o)
	return nil
}

// dialer returns one that asks whom the configuration says.
func (r *running) dialer(c *config.Config, allow func(dial.Candidate) error) *dial.Dialer {
	return &dial.Dialer{Log: r.log, Resolver: c.DNS.Resolver(), CacheTime: c.DNS.Cache, Allow: allow}
}

// namedDialer returns the one for the servers that tokens name.
func (r *running) namedDialer(c *config.Config) *dial.Dialer {
	targets := new(auth.Targets)
	if j := c.Auth.JWT; j != nil && j.Targets != nil {
		targets = j.Targets
	}
	d := r.dialer(c, targets.Allow())
	d.StartTLS = !targets.Plaintext
	return d
}

// reload puts the configuration file in force as it is now.
func (r *running) reload() error {
	c, err := r.settings()
	if err != nil {
		return err
	}
	return r.set(c)
}

// set puts a configuration in force. When it fails all stays as it was.
func (r *running) set(c *config.Config) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return errors.New("the connector is shutting down")
	}
	if err := r.fixed(c); err != nil {
		return err
	}
	o, err := r.options(c)
	if err != nil {
		return err
	}
	r.handler.Set(o)
	r.log.Info("the configuration is in force", "servers", len(c.Servers), "pools", len(c.Pools))
	return nil
}

// fixed refuses to change what is there for as long as the connector runs.
func (r *running) fixed(c *config.Config) error {
	for name, same := range map[string]bool{
		"listen": c.Listen == r.now.Listen, "tls": c.TLS == r.now.TLS, "admin": c.Admin == r.now.Admin, "admin_token_file": c.AdminTokenFile == r.now.AdminTokenFile, "log": c.Log == r.now.Log,
		"dns": c.DNS == r.now.DNS, "limits.header": c.Limits.Header == r.now.Limits.Header, "limits.drain": c.Limits.Drain == r.now.Limits.Drain,
	} {
		if !same {
			return fmt.Errorf("%s: it cannot change while the connector runs", name)
		}
	}
	return nil
}

// options makes what the configuration says. Servers and pools of which it says
// what it said before stay what they are, with all that is known of them.
func (r *running) options(c *config.Config) (bridge.Options, error) {
	who, err := r.authentication(c.Auth)
	if err != nil {
		return bridge.Options{}, fmt.Errorf("auth: %w", err)
	}
	policies, err := c.MakePolicies()
	if err != nil {
		return bridge.Options{}, err
	}
	proxies, err := c.MakeTrustedProxies()
	if err != nil {
		return bridge.Options{}, err
	}
	o := bridge.Options{
		Auth: who, Policy: policies.Of, Origins: c.Origins, Hosts: hosts(c), Log: r.log, Observer: r.metrics,
		TrustedProxies: proxies,
		Limits:         bridge.Limits{Sessions: c.Limits.Sessions, SessionsPerClient: c.Limits.SessionsPerClient, Header: c.Limits.Header, Idle: c.Limits.Idle, Lifetime: c.Limits.Lifetime, Ping: c.Limits.Ping},
	}
	servers, err := c.MakeServers()
	if err != nil {
		return o, err
	}
	d := dialers{plain: r.plain, upgrade: r.upgrade, named: r.namedDialer(c), upgrades: make(map[*server.Server]bool)}
	before := make(map[string]config.Server)
	if r.now != nil {
		for _, s := range r.now.Servers {
			before[s.Name] = s
		}
	}
	for _, s := range c.Servers {
		if was, known := before[s.Name]; known && reflect.DeepEqual(was, s) {
			servers[s.Name] = r.servers[s.Name]
		} else if s.TLS.InsecureSkipVerify {
			r.log.Warn("the server's certificate is not verified", "server", s.Name)
		}
		d.upgrades[servers[s.Name]] = s.StartTLS
		o.Servers = append(o.Servers, bridge.Target{Name: s.Name, Source: servers[s.Name]})
	}
	pools, outermost, err := r.makePools(c, servers, d)
	if err != nil {
		return o, err
	}
	for _, p := range c.Pools {
		o.Servers = append(o.Servers, bridge.Target{Name: p.Name, Source: pools[p.Name]})
	}
	read := &reader{dialers: d, credentials: make(map[*server.Server]ldap.Credentials), targets: make(map[string]*readable)}
	for _, s := range c.Servers {
		if read.credentials[servers[s.Name]], err = s.Credentials(); err != nil {
			return o, err
		}
	}
	for _, t := range o.Servers {
		read.add(t.Name, t.Source)
	}
	known := &schemas{log: r.log, read: read.schemaOf}
	known.keep(r.schemas, servers)
	o.Dialer, o.Reader, o.WithSchema = d, read, known.withSchema
	r.now, r.servers, r.pools, r.auth, r.schemas = c, servers, pools, who, known
	work := map[any]func(context.Context){who: who.Run}
	for _, p := range outermost {
		work[p] = func(ctx context.Context) { p.Run(ctx) }
	}
	r.run(work)
	r.metrics.setPools(pools)
	return o, nil
}

// makePools makes the pools, unless none of them has changed.
func (r *running) makePools(c *config.Config, servers map[string]*server.Server, d dialers) (all map[string]*pool.Pool, outermost []*pool.Pool, err error) {
	if r.now != nil && reflect.DeepEqual(r.now.Pools, c.Pools) {
		same := true
		for name, s := range r.servers {
			same = same && (servers[name] == s || !r.inPool(name))
		}
		if same {
			for work := range r.stop {
				if p, ok := work.(*pool.Pool); ok {
					outermost = append(outermost, p)
				}
			}
			return r.pools, outermost, nil
		}
	}
	return c.MakePools(servers, d.probe)
}

// inPool tells whether a server is in a pool.
func (r *running) inPool(name string) bool {
	for _, p := range r.now.Pools {
		for _, m := range p.Servers {
			if m.Name == name {
				return true
			}
		}
	}
	return false
}

// run has these work in the background, and no others.
func (r *running) run(workers map[any]func(context.Context)) {
	before := maps.Clone(r.stop)
	clear(r.stop)
	for w, work := range workers {
		if stop, runs := before[w]; runs {
			r.stop[w] = stop
			delete(before, w)
			continue
		}
		ctx, cancel := context.WithCancel(context.Background())
		var running sync.WaitGroup
		running.Go(func() { work(ctx) })
		r.stop[w] = func() { cancel(); running.Wait() }
	}
	for _, stop := range before {
		stop()
	}
}

// startSubject is who has the token that is made at start.
const startSubject = "start"

// authentication returns what says who clients are. The files that settings name may
// say something else than before; a token that was made at start stays.
func (r *running) authentication(a config.Auth) (*auth.Authenticator, error) {
	s := a.Settings
	switch {
	case a.None:
		return auth.Everyone(), nil
	case !s.Empty():
	case r.now == nil:
		var err error
		if r.token, err = s.AddToken(startSubject, rand.Reader); err != nil {
			return nil, err
		}
	case reflect.DeepEqual(a, r.now.Auth):
		return r.auth, nil
	default:
		return nil, errors.New("a token is made only at start")
	}
	return auth.New(s, auth.Options{Log: r.log, Before: r.auth})
}

// close ends what works in the background.
func (r *running) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	r.run(nil)
}

// open opens the listener.
func (r *running) open(ctx context.Context, c *config.Config) (net.Listener, error) {
	l, err := listen(ctx, c.Listen)
	if err != nil {
		return nil, fmt.Errorf("listening on %s: %w", c.Listen, err)
	}
	if !c.TLS.On() {
		return l, nil
	}
	certificate, err := newCertificate(c.TLS, r.log)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("tls: %w", err), l.Close())
	}
	return tls.NewListener(l, certificate.config()), nil
}

// listen returns the socket that systemd has opened, if it has, or opens one. What
// is safe was judged by the address of the configuration.
func listen(ctx context.Context, address string) (net.Listener, error) {
	inherited, err := activation.Listeners()
	if err != nil {
		return nil, err
	}
	switch len(inherited) {
	case 0:
		return new(net.ListenConfig).Listen(ctx, "tcp", address)
	case 1:
		if l := inherited[0]; l != nil {
			if at, wanted := hostOf(l.Addr().String()), hostOf(address); config.Loopback(at) != config.Loopback(wanted) || config.Unspecified(at) != config.Unspecified(wanted) {
				return nil, errors.Join(fmt.Errorf("systemd hands over a socket of %s", l.Addr()), l.Close())
			}
			return l, nil
		}
	}
	return nil, fmt.Errorf("systemd hands over %d sockets, and one stream socket is expected", len(inherited))
}

func hostOf(address string) string {
	host, _, _ := net.SplitHostPort(address) // which there is
	return host
}

// tell tells systemd, where it has started the connector.
func (r *running) tell(state string) {
	if _, err := daemon.SdNotify(false, state); err != nil {
		r.log.Warn("systemd cannot be told", "state", state, "error", err)
	}
}

// onHangup reads the configuration again at each SIGHUP, until it is stopped.
func (r *running) onHangup() (stop func()) {
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP)
	var waiting sync.WaitGroup
	waiting.Go(func() {
		for range hangups {
			r.tell(daemon.SdNotifyReloading + "\n" + daemon.SdNotifyMonotonicUsec())
			if err := r.reload(); err != nil {
				r.log.Error("the configuration stays what it was", "error", err)
			}
			r.tell(daemon.SdNotifyReady)
		}
	})
	return func() {
		signal.Stop(hangups)
		close(hangups)
		waiting.Wait()
	}
}

// hosts are the names under which the connector may be addressed.
func hosts(c *config.Config) []string {
	all := append([]string(nil), c.Hosts...)
	host := hostOf(c.Listen)
	if config.Loopback(host) {
		all = append(all, "localhost", "127.0.0.1", "::1")
	}
	if !config.Unspecified(host) {
		all = append(all, host)
	}
	return all
}

// dialers dial some servers of the configuration with StartTLS, and others without;
// any other server is one that a token has named.
type dialers struct {
	plain, upgrade, named *dial.Dialer
	upgrades              map[*server.Server]bool
}

func (d dialers) of(s *server.Server) *dial.Dialer {
	switch upgrade, configured := d.upgrades[s]; {
	case !configured:
		return d.named
	case upgrade:
		return d.upgrade
	}
	return d.plain
}

// Conn opens a stream.
func (d dialers) Conn(ctx context.Context, s *server.Server) (*dial.Conn, error) {
	return d.of(s).Conn(ctx, s)
}

// UsesTLS tells whether it will be TLS.
func (d dialers) UsesTLS(s *server.Server) bool { return d.of(s).UsesTLS(s) }

// streams are the dialers as [ldap.Dialer] has them.
type streams struct{ dialers }

func (s streams) Dial(ctx context.Context, srv *server.Server) (io.ReadWriteCloser, error) {
	return s.of(srv).Dial(ctx, srv)
}

func (d dialers) probe(ctx context.Context, s *server.Server) error {
	return d.of(s).Probe(dial.CheckLDAP)(ctx, s)
}
