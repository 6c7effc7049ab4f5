package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/ldapedge/ldapedge/native/connector/auth"
	"github.com/ldapedge/ldapedge/native/connector/bridge"
	"github.com/ldapedge/ldapedge/native/connector/config"
	"github.com/ldapedge/ldapedge/native/connector/viewer"
	"github.com/ldapedge/ldapedge/native/demo"
	"github.com/ldapedge/ldapedge/native/dial"
	"github.com/ldapedge/ldapedge/pool"
)

// drainTime is how long a shutdown waits for sessions to close.
const drainTime = 10 * time.Second

// demoName is the name of the demo directory among the servers.
const demoName = "demo"

func serveCommand() *cobra.Command {
	var file, listen string
	var withDemo bool
	c := &cobra.Command{
		Use:   "serve [--config FILE] [--demo] [--listen ADDR]",
		Short: "Run the connector and, if it is built in, the schema viewer",
		Long: `Run the connector and, if it is built in, the schema viewer.

Once it listens it prints "listening http://ADDR/". Unless the configuration
says auth: none, the next line is "token TOKEN": whoever has the token may use
the connector while the process lives. With --demo alone nobody needs one.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usageError{fmt.Errorf("serve takes no arguments, not %q", args[0])}
			}
			return nil
		},
		RunE: func(c *cobra.Command, _ []string) error {
			if file == "" && !withDemo {
				return usageError{errors.New("serve needs --config FILE or --demo")}
			}
			return serve(c, file, listen, withDemo)
		},
	}
	c.Flags().StringVar(&file, "config", "", "YAML configuration file")
	c.Flags().BoolVar(&withDemo, "demo", false, "serve a demo directory, made up in this process")
	c.Flags().StringVar(&listen, "listen", "", "address to listen on, host:port; overrides the configuration (default "+config.DefaultListen+")")
	return c
}

func serve(c *cobra.Command, file, listen string, withDemo bool) error {
	ctx := c.Context()
	log := slog.New(slog.NewTextHandler(c.ErrOrStderr(), nil))
	settings, err := configuration(file)
	if err != nil {
		return err
	}
	if listen != "" {
		settings.Listen = listen
	}
	if withDemo {
		directory, err := demo.Start(ctx)
		if err != nil {
			return fmt.Errorf("starting the demo directory: %w", err)
		}
		defer directory.Close()
		settings.Servers = append(settings.Servers, config.Server{Name: demoName, URL: directory.URL()})
	}
	if err := settings.Check(); err != nil {
		return describe(err, file)
	}
	options, err := handlerOptions(settings, log)
	if err != nil {
		return err
	}
	authenticator, token, err := authentication(settings, log)
	if err != nil {
		return err
	}
	options.Auth = authenticator
	pools, err := addTargets(&options, settings)
	if err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", settings.Listen)
	if err != nil {
		return fmt.Errorf("listening on %s: %w", settings.Listen, err)
	}
	fmt.Fprintf(c.OutOrStdout(), "listening http://%s/\n", listener.Addr())
	if token != "" {
		fmt.Fprintf(c.OutOrStdout(), "token %s\n", token)
	}
	ctx, stop := context.WithCancel(ctx)
	var background sync.WaitGroup
	defer background.Wait()
	defer stop()
	for _, p := range pools {
		background.Go(func() { p.Run(ctx) })
	}
	return serveOn(ctx, listener, bridge.New(options))
}

// configuration reads the file. Without one everything is at its default, and
// as there is only the demo directory to reach, nobody needs a token.
func configuration(file string) (*config.Config, error) {
	if file == "" {
		return &config.Config{Auth: config.AuthNone}, nil
	}
	return config.Load(file)
}

func describe(err error, file string) error {
	if file == "" {
		return err
	}
	return fmt.Errorf("%s: %w", file, err)
}

func handlerOptions(settings *config.Config, log *slog.Logger) (bridge.Options, error) {
	o := bridge.Options{Origins: settings.Origins, Log: log}
	o.Hosts = append(o.Hosts, settings.Hosts...)
	if host, _, err := net.SplitHostPort(settings.Listen); err == nil {
		if config.Loopback(host) {
			o.Hosts = append(o.Hosts, "localhost", "127.0.0.1", "::1")
		}
		if !config.Unspecified(host) {
			o.Hosts = append(o.Hosts, host)
		}
	}
	if site := viewer.Site(); site != nil {
		handler, err := viewer.Handler(site)
		if err != nil {
			return o, err
		}
		o.Viewer = handler
	}
	return o, nil
}

// startSubject is who has the token that is made at start.
const startSubject = "start"

// authentication returns what says who clients are, and the token that it has
// made for them, if it has.
func authentication(settings *config.Config, log *slog.Logger) (a *auth.Authenticator, token string, err error) {
	if settings.Auth == config.AuthNone {
		return auth.Everyone(), "", nil
	}
	var s auth.Settings
	if token, err = s.AddToken(startSubject, rand.Reader); err != nil {
		return nil, "", err
	}
	a, err = auth.New(s, auth.Options{Log: log})
	return a, token, err
}

// addTargets adds the servers and pools that clients may reach, and returns the
// pools that have work to do in the background.
func addTargets(o *bridge.Options, settings *config.Config) ([]*pool.Pool, error) {
	o.Dialer = &dial.Dialer{Log: o.Log}
	servers, err := settings.MakeServers()
	if err != nil {
		return nil, err
	}
	pools, outermost, err := settings.MakePools(servers, o.Dialer.Probe(dial.CheckLDAP))
	if err != nil {
		return nil, err
	}
	for _, s := range settings.Servers {
		if s.TLS.InsecureSkipVerify {
			o.Log.Warn("the server's certificate is not verified", "server", s.Name)
		}
		o.Servers = append(o.Servers, bridge.Target{Name: s.Name, Source: servers[s.Name]})
	}
	for _, p := range settings.Pools {
		o.Servers = append(o.Servers, bridge.Target{Name: p.Name, Source: pools[p.Name]})
	}
	return outermost, nil
}

// serveOn serves until the context ends, then lets sessions close.
func serveOn(ctx context.Context, listener net.Listener, handler *bridge.Handler) error {
	server := bridge.NewServer(handler)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serving: %w", err)
	case <-ctx.Done():
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
	defer cancel()
	drained := handler.Drain(ctx)
	if server.Shutdown(ctx) != nil {
		server.Close() // requests that will not end
	}
	if drained != nil {
		return fmt.Errorf("shutting down: some sessions did not close: %w", drained)
	}
	return nil
}
