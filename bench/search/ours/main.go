// Command ours times searches with package ldap: it prints, for each of the
// number of runs given, the nanoseconds that reading all people takes. The other
// arguments are the server's URL and what is made of the entries: "bytes" only
// reads the bytes of the stream, "raw" walks all attributes and values, "typed"
// formats each value.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"

	"github.com/ldapedge/ldapedge/bench/contest/turn"
	"github.com/ldapedge/ldapedge/bench/search/people"
	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/native/dial"
	"github.com/ldapedge/ldapedge/server"
)

func main() { turn.Main(run) }

func run(runs int, args []string) error {
	srv, err := server.New(args[0], nil)
	if err != nil {
		return err
	}
	search, err := reader(context.Background(), srv, args[1])
	if err != nil {
		return err
	}
	return turn.Time(runs, func() error { return people.All(search()) })
}

var request = message.SearchRequest{Base: people.Base, Scope: message.ScopeOne, Filter: people.Filter(), Attributes: people.Attributes}

// reader returns what reads all entries and counts them.
func reader(ctx context.Context, srv *server.Server, how string) (func() (int, error), error) {
	if how == "bytes" {
		return stream(srv)
	}
	c := ldap.NewConnection(srv, new(dial.Dialer), nil)
	if err := c.Open(ctx); err != nil {
		return nil, err
	}
	take, known := map[string]func(ldap.Attribute) int{
		"raw": func(a ldap.Attribute) (n int) {
			for v := range a.Values() {
				n += len(v)
			}
			return n
		},
		"typed": func(a ldap.Attribute) int { return len(a.Typed().Values) },
	}[how]
	if !known {
		return nil, fmt.Errorf("there is no %q", how)
	}
	return func() (entries int, err error) {
		sum := 0
		for e, err := range c.Search(ctx, request) {
			if err != nil {
				return 0, err
			}
			entries++
			sum += len(e.DNBytes())
			for a := range e.Attributes() {
				sum += take(a)
			}
		}
		if sum == 0 {
			return 0, errors.New("nothing is in the entries")
		}
		return entries, nil
	}, nil
}

// stream reads the bytes of a search's responses and looks at none, once it
// knows how many they are: what the server can send.
func stream(srv *server.Server) (func() (int, error), error) {
	c, err := net.Dial("tcp", srv.Address())
	if err != nil {
		return nil, err
	}
	search := func(read func(m *message.Machine) error) error {
		m := new(message.Machine)
		if _, err := m.Search(request); err != nil {
			return err
		}
		if _, err := c.Write(m.Output()); err != nil {
			return err
		}
		return read(m)
	}
	total := 0
	err = search(func(m *message.Machine) error {
		for {
			n, err := c.Read(m.Space())
			if err != nil {
				return err
			}
			m.Received(n)
			total += n
			for {
				e, ok, err := m.Next()
				if err != nil || e.Done {
					return err
				}
				if !ok {
					break
				}
			}
		}
	})
	buf := make([]byte, 64<<10)
	return func() (int, error) {
		return people.Count, search(func(*message.Machine) error {
			_, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, io.LimitReader(struct{ io.Reader }{c}, int64(total)), buf)
			return err
		})
	}, err
}
