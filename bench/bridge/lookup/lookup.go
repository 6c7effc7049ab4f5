// Package lookup is the LDAP client of bench/bridge.
package lookup

import (
	"context"
	"fmt"
	"io"
	"net"

	"github.com/coder/websocket"

	"github.com/ldapedge/ldapedge/bench/search/people"
	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/native/tunneldial"
	"github.com/ldapedge/ldapedge/server"
)

// Way opens a stream.
type Way func(ctx context.Context) (io.ReadWriteCloser, error)

// Dial opens a stream, whatever the server: there is one.
func (w Way) Dial(ctx context.Context, _ *server.Server) (io.ReadWriteCloser, error) { return w(ctx) }

// WayOf returns the way of a kind, "tcp", "connector" or "websockify", to an
// address.
func WayOf(kind, address string) (Way, error) {
	switch kind {
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
			ws.SetReadLimit(-1)
			return websocket.NetConn(context.Background(), ws, websocket.MessageBinary), nil
		}, nil
	}
	return nil, fmt.Errorf("there is no way %q", kind)
}

// Open opens a connection over the way.
func (w Way) Open(ctx context.Context, dn, password string) (*ldap.Connection, error) {
	s, err := server.New("ldap://127.0.0.1", &server.Options{GetInfo: server.InfoNone})
	if err != nil {
		return nil, err
	}
	c := ldap.NewConnection(s, w, &ldap.Options{NoCheckNames: true, Credentials: ldap.Credentials{DN: dn, Password: password}})
	return c, c.Open(ctx)
}

// One looks one of the people up.
func One(ctx context.Context, c *ldap.Connection, i int) error {
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
