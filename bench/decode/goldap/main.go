// Command goldap times how long github.com/go-ldap/ldap takes to decode a
// captured stream of search responses, from standard input, which a connection
// in memory gives it as its server's: it prints the nanoseconds of each of the
// number of runs given.
package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"sync"
	"time"

	"github.com/go-ldap/ldap/v3"

	"github.com/ldapedge/ldapedge/bench/search/people"
)

func main() {
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "goldap:", err)
		os.Exit(1)
	}
}

func run(runsText string) error {
	runs, err := strconv.Atoi(runsText)
	if err != nil {
		return err
	}
	stream, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	request := ldap.NewSearchRequest("", ldap.ScopeBaseObject, ldap.NeverDerefAliases, 0, 0, false, people.FilterText, nil, nil)
	for range runs {
		begin := time.Now()
		c := ldap.NewConn(newConn(stream), false)
		c.Start()
		entries, sum := 0, 0
		for r := c.SearchAsync(context.Background(), request, 64); r.Next(); {
			if r.Err() != nil {
				return r.Err()
			}
			if e := r.Entry(); e != nil {
				entries++
				sum += len(e.DN)
				for _, a := range e.Attributes {
					for _, v := range a.ByteValues {
						sum += len(v)
					}
				}
			}
		}
		fmt.Println(time.Since(begin).Nanoseconds())
		if entries != people.Count || sum == 0 {
			return fmt.Errorf("%d entries", entries)
		}
		c.Close()
	}
	return nil
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
