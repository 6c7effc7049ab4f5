package main

import (
	"bytes"
	"context"
	"io"
	"net"

	"github.com/ldapedge/ldapedge/bench/bridge/wire"
	"github.com/ldapedge/ldapedge/integration/testserver"
)

// passes is how many times a source sends all people.
const passes = 12

// source answers a bind, then a search with people without end, as slapd sent them.
type source struct {
	listener               net.Listener
	bound, people, finally []byte
}

// record notes what slapd answers.
func record(slapd *testserver.Slapd) (*source, error) {
	c, err := new(net.Dialer).DialContext(context.Background(), "tcp", slapd.Address)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	s := new(source)
	if s.bound, err = wire.Bind(c, slapd.Credentials.DN, slapd.Credentials.Password); err != nil {
		return nil, err
	}
	if err := wire.Search(c); err != nil {
		return nil, err
	}
	var all []byte
	buf := make([]byte, 1<<20)
	for !bytes.HasSuffix(all, wire.Done) {
		n, err := c.Read(buf)
		if err != nil {
			return nil, err
		}
		all = append(all, buf[:n]...)
	}
	at := len(all) - len(wire.Done)
	s.people, s.finally = all[:at], all[at:]
	s.listener, err = net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	go serve(s.listener, s.carry)
	return s, nil
}

// total is how many bytes the answer to a search has.
func (s *source) total() int { return passes*len(s.people) + len(s.finally) }

func (s *source) address() string { return s.listener.Addr().String() }

func (s *source) close() { s.listener.Close() }

func (s *source) carry(c *net.TCPConn) {
	defer c.Close()
	request := make([]byte, 64<<10) // each comes whole, as the client waits
	if _, err := c.Read(request); err != nil {
		return
	}
	c.Write(s.bound)
	if _, err := c.Read(request); err != nil {
		return
	}
	for range passes {
		if _, err := c.Write(s.people); err != nil {
			return
		}
	}
	c.Write(s.finally)
	io.Copy(io.Discard, c)
}
