// Command read times what LDAP clients do over one way to a slapd: it prints, for
// each of the number of runs given, the nanoseconds that it takes. The other
// arguments are what is done and the way: "bulk" reads all people, "small" looks
// one up on a connection that is open, "connect" opens a connection, binds, looks
// one up and closes it; "tcp", "connector" or "websockify", and the address.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"

	"github.com/coder/websocket"

	"github.com/ldapedge/ldapedge/bench/contest/turn"
	"github.com/ldapedge/ldapedge/bench/search/people"
	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/native/tunneldial"
	"github.com/ldapedge/ldapedge/server"
)

// lookups is how many look-ups a run is the mean of.
const lookups = 1000

func main() { turn.Main(run) }

// way opens a stream.
type way func(ctx context.Context) (io.ReadWriteCloser, error)

// Dial opens a stream, whatever the server: there is one.
func (w way) Dial(ctx context.Context, _ *server.Server) (io.ReadWriteCloser, error) { return w(ctx) }

func wayOf(name, address string) (way, error) {
	switch name {
	case "tcp":
		return func(ctx context.Context) (io.ReadWriteCloser, error) {
			return new(net.Dialer).DialContext(ctx, "tcp", address)
		}, nil
	case "connector":
		d, err := tunneldial.New("http://"+address, nil)
		return func(ctx context.Context) (io.ReadWriteCloser, error) { return d.Open(ctx, "slapd") }, err
	case "websockify":
		return func(ctx context.Context) (io.ReadWriteCloser, error) {
			ws, _, err := websocket.Dial(ctx, "ws://"+address+"/", &websocket.DialOptions{Subprotocols: []string{"binary"}})
			if err != nil {
				return nil, err
			}
			return websocket.NetConn(context.Background(), ws, websocket.MessageBinary), nil
		}, nil
	}
	return nil, fmt.Errorf("there is no way %q", name)
}

func run(runs int, args []string) error {
	ctx := context.Background()
	w, err := wayOf(args[1], args[2])
	if err != nil {
		return err
	}
	srv, err := server.New("ldap://127.0.0.1", &server.Options{GetInfo: server.InfoNone})
	if err != nil {
		return err
	}
	open := func() (*ldap.Connection, error) {
		c := ldap.NewConnection(srv, w, &ldap.Options{NoCheckNames: true, Credentials: ldap.Credentials{DN: args[3], Password: args[4]}})
		return c, c.Open(ctx)
	}
	if args[0] == "connect" {
		return turn.Time(runs, func() error {
			c, err := open()
			if err != nil {
				return err
			}
			return errors.Join(c.Bind(ctx), lookUp(ctx, c, 0), c.Close())
		})
	}
	c, err := open()
	if err != nil {
		return err
	}
	defer c.Close()
	if args[0] == "small" {
		return turn.Time(runs, func() error {
			for i := range lookups {
				if err := lookUp(ctx, c, i); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return turn.Time(runs, func() error { return people.All(all(ctx, c)) })
}

func lookUp(ctx context.Context, c *ldap.Connection, i int) error {
	found := 0
	for _, err := range c.Search(ctx, message.SearchRequest{Base: fmt.Sprintf("uid=person%d,%s", i, people.Base), Attributes: people.Attributes}) {
		if err != nil {
			return err
		}
		found++
	}
	if found != 1 {
		return fmt.Errorf("%d people and not one", found)
	}
	return nil
}

func all(ctx context.Context, c *ldap.Connection) (entries int, err error) {
	sum := 0
	for e, err := range c.Search(ctx, message.SearchRequest{Base: people.Base, Scope: message.ScopeOne, Filter: people.Filter(), Attributes: people.Attributes}) {
		if err != nil {
			return 0, err
		}
		entries++
		for a := range e.Attributes() {
			for v := range a.Values() {
				sum += len(v)
			}
		}
	}
	if sum == 0 {
		return 0, errors.New("nothing is in the entries")
	}
	return entries, nil
}
