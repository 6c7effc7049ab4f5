package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"time"

	"github.com/spf13/cobra"

	"github.com/ldapedge/ldapedge/native/connector/config"
	"github.com/ldapedge/ldapedge/native/connector/proxy"
	"github.com/ldapedge/ldapedge/native/tunneldial"
	"github.com/ldapedge/ldapedge/tunnel"
)

// proxyArgs is what the proxy command was told.
type proxyArgs struct {
	listen, unix               string
	to, server                 string
	tokenFile, caFile          string
	insecure                   bool
	maxSessions, window        int
	wait, ping, grace, timeout time.Duration
}

func proxyCommand() *cobra.Command {
	var a proxyArgs
	c := &cobra.Command{
		Use:   "proxy --listen ADDR --to WS-URL [--server NAME] [--token-file FILE]",
		Short: "Let LDAP clients speak through a distant connector",
		Long: `Let LDAP clients speak through a distant connector, by a local port.

WS-URL is the connector's: ws://HOST[:PORT] or, with TLS, wss://HOST[:PORT], or
the same by http and https; ?server=NAME at its end is --server NAME, the name
under which the connector has the LDAP server. ADDR is host:port; without a host
it is loopback. Once it listens it prints "listening ldap://ADDR".

Each connection is a session of its own. While the connector cannot be reached
new connections wait for it, up to --wait. A session that breaks closes its
connection: who was bound, and what was in progress, cannot be taken up again.

Clients speak plain LDAP to the local port; TLS to the LDAP server, if it has
any, is done by the connector.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usageError{fmt.Errorf("proxy takes no arguments, not %q", args[0])}
			}
			return nil
		},
		RunE: func(c *cobra.Command, _ []string) error { return a.run(c) },
	}
	flags := c.Flags()
	flags.StringVar(&a.listen, "listen", "", "address to listen on, host:port; port 0 takes a free one")
	flags.StringVar(&a.unix, "unix", "", "path of a Unix domain socket to listen on (ldapi), for this user alone")
	flags.StringVar(&a.to, "to", "", "URL of the connector")
	flags.StringVar(&a.server, "server", "", "name of the LDAP server or pool at the connector")
	flags.StringVar(&a.tokenFile, "token-file", "", "file with the connector's token, read for each session; one newline at its end is ignored")
	flags.StringVar(&a.caFile, "ca", "", "PEM file of the certificates to trust (default: the system's)")
	flags.BoolVar(&a.insecure, "insecure", false, "accept any certificate of the connector's")
	flags.IntVar(&a.maxSessions, "max-sessions", proxy.DefaultMaxSessions, "how many connections there may be at a time")
	flags.IntVar(&a.window, "window", tunneldial.DefaultWindow, "how much is read ahead of a slow client, in bytes")
	flags.DurationVar(&a.wait, "wait", proxy.DefaultWait, "how long a new connection waits while the connector cannot be reached; 0: not at all")
	flags.DurationVar(&a.ping, "ping", tunneldial.DefaultPing, "how long a silent connector is waited for before it is asked, and then for its answer; 0: it is not asked")
	flags.DurationVar(&a.grace, "grace", proxy.DefaultGrace, "how long sessions may go on once the program is to end; 0: not at all")
	flags.DurationVar(&a.timeout, "timeout", tunneldial.DefaultConnectTimeout, "longest time of one try to reach the connector")
	return c
}

func (a *proxyArgs) run(c *cobra.Command) error {
	name, err := a.check()
	if err != nil {
		return usageError{err}
	}
	log := slog.New(slog.NewTextHandler(c.ErrOrStderr(), nil))
	dialer, err := a.dialer()
	if err != nil {
		return err
	}
	a.warn(log)
	listeners, err := a.listeners(c.Context(), log)
	if err != nil {
		return err
	}
	for _, l := range listeners {
		fmt.Fprintf(c.OutOrStdout(), "listening %s\n", ldapURL(l.Addr()))
	}
	return proxy.New(proxy.Options{
		Open: func(ctx context.Context) (proxy.Stream, error) {
			s, err := dialer.Open(ctx, name)
			if err != nil {
				return nil, err
			}
			return s, nil
		},
		Unavailable: tunneldial.Unavailable,
		Wait:        orNever(a.wait), Grace: orNever(a.grace), MaxSessions: a.maxSessions, Log: log,
	}).Serve(c.Context(), listeners...)
}

// orNever makes of 0, which is an option's default, what is not done at all.
func orNever(d time.Duration) time.Duration {
	if d == 0 {
		return -1
	}
	return d
}

// check returns the server's name.
func (a *proxyArgs) check() (name string, err error) {
	switch {
	case a.to == "":
		return "", errors.New("proxy needs --to WS-URL")
	case a.listen == "" && a.unix == "":
		return "", errors.New("proxy needs --listen ADDR or --unix PATH")
	case a.insecure && a.caFile != "":
		return "", errors.New("--insecure accepts any certificate, and --ca would not be looked at")
	case a.maxSessions < 1:
		return "", fmt.Errorf("--max-sessions %d: at least 1 is expected", a.maxSessions)
	case a.window < 1 || a.window > tunnel.MaxCredit:
		return "", fmt.Errorf("--window %d: 1 to %d is expected", a.window, tunnel.MaxCredit)
	case a.negative():
		return "", errors.New("--wait, --ping and --grace cannot be negative, and --timeout must be more than 0")
	}
	_, name, err = tunneldial.ParseURL(a.to)
	switch {
	case err != nil:
		return "", err
	case name != "" && a.server != "" && name != a.server:
		return "", fmt.Errorf("--to names the server %s, and --server %s", name, a.server)
	case name == "" && a.server == "":
		return "", errors.New("proxy needs --server NAME, or ?server=NAME in --to")
	case name == "":
		name = a.server
	}
	return name, nil
}

func (a *proxyArgs) negative() bool { return min(a.wait, a.ping, a.grace) < 0 || a.timeout <= 0 }

func (a *proxyArgs) dialer() (*tunneldial.Dialer, error) {
	o := &tunneldial.Options{
		CAFile: a.caFile, InsecureSkipVerify: a.insecure, Window: a.window, ConnectTimeout: a.timeout,
		PingAfter: orNever(a.ping), PingTimeout: a.ping,
	}
	if a.tokenFile != "" {
		o.Token = tunneldial.TokenFile(a.tokenFile)
		if _, err := o.Token(); err != nil {
			return nil, fmt.Errorf("token file: %w", err)
		}
	}
	return tunneldial.New(a.to, o)
}

// warn tells of what lets others listen in.
func (a *proxyArgs) warn(log *slog.Logger) {
	base, _, _ := tunneldial.ParseURL(a.to)
	if base.Scheme == "http" && !config.Loopback(base.Hostname()) {
		log.Warn("there is no TLS to the connector: the token, passwords and entries go in the clear", "host", base.Host)
	}
	if a.insecure {
		log.Warn("the connector's certificate is not verified")
	}
}

// listeners listens. Whoever reaches the port reaches the LDAP server with the
// token of whoever started this, so that it is loopback's unless an address was
// named.
func (a *proxyArgs) listeners(ctx context.Context, log *slog.Logger) (all []net.Listener, err error) {
	defer func() {
		if err != nil {
			for _, l := range all {
				l.Close()
			}
		}
	}()
	if a.listen != "" {
		host, port, err := net.SplitHostPort(a.listen)
		if err != nil {
			return nil, usageError{fmt.Errorf("--listen %s: host:port is expected", a.listen)}
		}
		if host == "" {
			host = "127.0.0.1"
		}
		if !config.Loopback(host) {
			log.Warn("it listens off loopback, and without TLS: whoever reaches the address reaches the LDAP server", "address", a.listen)
		}
		l, err := new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort(host, port))
		if err != nil {
			return nil, fmt.Errorf("listening on %s: %w", a.listen, err)
		}
		all = append(all, l)
	}
	if a.unix != "" {
		l, err := proxy.ListenUnix(ctx, a.unix)
		if err != nil {
			return all, fmt.Errorf("listening on %s: %w", a.unix, err)
		}
		all = append(all, l)
	}
	return all, nil
}

// ldapURL returns the URL of an address.
func ldapURL(a net.Addr) string {
	if a.Network() == "unix" {
		return "ldapi://" + url.PathEscape(a.String())
	}
	return "ldap://" + a.String()
}
