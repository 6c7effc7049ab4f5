package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"
	"github.com/spf13/cobra"

	"github.com/ldapedge/ldapedge/native/connector/bridge"
	"github.com/ldapedge/ldapedge/native/connector/config"
	"github.com/ldapedge/ldapedge/native/demo"
)

// demoName is the name of the demo directory among the servers.
const demoName = "demo"

func serveCommand() *cobra.Command {
	var file, listen string
	var withDemo, check bool
	c := &cobra.Command{
		Use:   "serve [--config FILE] [--check-config] [--demo] [--listen ADDR]",
		Short: "Run the connector and, if it is built in, the schema viewer",
		Long: `Run the connector and, if it is built in, the schema viewer.

Once it listens it prints "listening http://ADDR/". Unless the configuration
says auth: none, the next line is "token TOKEN": whoever has the token may use
the connector while the process lives. With --demo alone nobody needs one.

SIGHUP has it read the configuration again, and drops no session that the new one
still allows; what cannot change meanwhile, or is wrong, is said in the log and
changes nothing. SIGTERM and SIGINT let busy sessions finish first.`,
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
			r := &running{file: file, listen: listen, metrics: newMetrics()}
			if check {
				_, err := r.settings()
				return err
			}
			return serve(c, r, withDemo)
		},
	}
	c.Flags().StringVar(&file, "config", "", "YAML configuration file")
	c.Flags().BoolVar(&check, "check-config", false, "look at the configuration, say what is wrong, and end")
	c.Flags().BoolVar(&withDemo, "demo", false, "serve a demo directory, made up in this process")
	c.Flags().StringVar(&listen, "listen", "", "address to listen on, host:port; overrides the configuration (default "+config.DefaultListen+")")
	return c
}

func serve(c *cobra.Command, r *running, withDemo bool) error {
	ctx := c.Context()
	if withDemo {
		directory, err := demo.Start(ctx)
		if err != nil {
			return fmt.Errorf("starting the demo directory: %w", err)
		}
		defer directory.Close()
		r.demoURL = directory.URL()
	}
	settings, err := r.settings()
	if err != nil {
		return err
	}
	r.log = newLog(c.ErrOrStderr(), settings.Log)
	defer r.close()
	if err := r.start(settings); err != nil {
		return err
	}
	listener, err := r.open(ctx, settings)
	if err != nil {
		return err
	}
	scheme := "http"
	if settings.TLS.On() {
		scheme = "https"
	}
	fmt.Fprintf(c.OutOrStdout(), "listening %s://%s/\n", scheme, listener.Addr())
	admin, err := newAdmin(ctx, r, settings)
	if err != nil {
		listener.Close()
		return err
	}
	admin.announce(c.OutOrStdout())
	if r.token != "" {
		fmt.Fprintf(c.OutOrStdout(), "token %s\n", r.token)
	}
	defer r.onHangup()()
	operating, stop := context.WithCancel(context.WithoutCancel(ctx))
	var ended sync.WaitGroup
	defer ended.Wait()
	defer stop()
	ended.Go(func() {
		if err := admin.serve(operating, ctx); err != nil {
			r.log.Error("the operator's listener has failed", "error", err)
		}
	})
	r.log.Info("the connector is ready", "listen", listener.Addr().String(), "servers", len(settings.Servers), "pools", len(settings.Pools))
	r.tell(daemon.SdNotifyReady)
	defer context.AfterFunc(ctx, func() { r.tell(daemon.SdNotifyStopping) })()
	return serveOn(ctx, listener, r.handler, cmp.Or(settings.Limits.Drain, config.DefaultDrain))
}

// newLog returns the log.
func newLog(to io.Writer, l config.Log) *slog.Logger {
	o := &slog.HandlerOptions{Level: l.Level}
	if l.Format == "json" {
		return slog.New(slog.NewJSONHandler(to, o))
	}
	return slog.New(slog.NewTextHandler(to, o))
}

// serveOn serves until the context ends, then lets sessions end.
func serveOn(ctx context.Context, listener net.Listener, handler *bridge.Handler, drain time.Duration) error {
	server := bridge.NewServer(handler)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serving: %w", err)
	case <-ctx.Done():
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), drain)
	defer cancel()
	listener.Close() // whoever comes now goes to another connector
	drained := handler.Drain(ctx)
	if server.Shutdown(ctx) != nil {
		server.Close() // requests that will not end
	}
	if drained != nil {
		return fmt.Errorf("shutting down: some sessions did not close: %w", drained)
	}
	return nil
}
