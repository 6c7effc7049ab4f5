package ldap

import (
	"context"
	"errors"
	"io"
	"net"
	"slices"
	"testing"

	"github.com/ldapedge/ldapedge/server"
)

type dialFunc func(context.Context, *server.Server) (io.ReadWriteCloser, error)

func (f dialFunc) Dial(ctx context.Context, s *server.Server) (io.ReadWriteCloser, error) {
	return f(ctx, s)
}

type sourceFunc func(context.Context, server.Try) (*server.Use, error)

func (f sourceFunc) Open(ctx context.Context, try server.Try) (*server.Use, error) {
	return f(ctx, try)
}

// Who sees that a connection is lost, and opens it anew, finds the source
// knowing of it: a server of one connection at most is not full.
func TestTheSourceHearsOfALossFirst(t *testing.T) {
	srv, err := server.New("ldap://h", nil)
	if err != nil {
		t.Fatal(err)
	}
	near, far := net.Pipe()
	var c *Connection
	var heard []string
	hear := func(what string) {
		select {
		case <-c.Done():
			t.Errorf("%s after the connection is done", what)
		default:
		}
		heard = append(heard, what)
	}
	source := sourceFunc(func(ctx context.Context, try server.Try) (*server.Use, error) {
		return server.NewUse(srv, nil, func(err error) {
			if !errors.Is(err, ErrLost) {
				t.Error(err)
			}
			hear("failed")
		}, func() { hear("closed") }), try(ctx, srv)
	})
	c = NewConnection(source, dialFunc(func(context.Context, *server.Server) (io.ReadWriteCloser, error) { return near, nil }), nil)
	if err := c.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	far.Close()
	<-c.Done()
	if !slices.Equal(heard, []string{"failed", "closed"}) || !errors.Is(c.Err(), ErrLost) {
		t.Errorf("%q, %v", heard, c.Err())
	}
}
