// Command goldap times how long github.com/go-ldap/ldap takes to decode a
// captured stream of search responses, from standard input, which a connection
// in memory gives it as its server's: it prints the nanoseconds of each of the
// number of runs given.
package main

import (
	"bytes"
	"io"
	"net"
	"os"
	"sync"
	"time"

	"github.com/go-ldap/ldap/v3"

	"github.com/ldapedge/ldapedge/bench/contest/turn"
	"github.com/ldapedge/ldapedge/bench/search/people"
	"github.com/ldapedge/ldapedge/bench/search/walkgoldap"
)

func main() { turn.Main(run) }

func run(runs int, _ []string) error {
	stream, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	return turn.Time(runs, func() error {
		c := ldap.NewConn(newConn(stream), false)
		c.Start()
		defer c.Close()
		return people.All(walkgoldap.People(c))
	})
}

// conn is a connection in memory. Its server answers the first request with a
// stream.
type conn struct {
	net.Conn
	stream  *bytes.Reader
	asked   chan struct{}
	closed  chan struct{}
	asking  sync.Once
	closing sync.Once
}

func newConn(stream []byte) *conn {
	return &conn{stream: bytes.NewReader(stream), asked: make(chan struct{}), closed: make(chan struct{})}
}

func (c *conn) Read(p []byte) (int, error) {
	<-c.asked
	n, err := c.stream.Read(p)
	if err == io.EOF {
		<-c.closed
	}
	return n, err
}

func (c *conn) Write(p []byte) (int, error) {
	c.asking.Do(func() { close(c.asked) })
	return len(p), nil
}

func (c *conn) Close() error {
	c.closing.Do(func() { close(c.closed) })
	return nil
}

func (c *conn) SetDeadline(time.Time) error      { return nil }
func (c *conn) SetReadDeadline(time.Time) error  { return nil }
func (c *conn) SetWriteDeadline(time.Time) error { return nil }
