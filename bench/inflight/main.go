// Command inflight measures how many searches a second one connection does with
// 1 and with 64 of them in flight, when 5 ms lie between it and slapd: a program
// in between holds back what it carries, 2.5 ms each way. Each search looks one
// person up, of 1,000. It needs slapd.
package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ldapedge/ldapedge/bench/contest"
	"github.com/ldapedge/ldapedge/integration/testserver"
	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/ldap/filter"
	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/native/dial"
	"github.com/ldapedge/ldapedge/server"
)

const (
	delay  = 2500 * time.Microsecond
	people = 1000
	turn   = 2 * time.Second
	rounds = 3
)

func main() {
	contest.Main(func(string) error { return run(context.Background()) })
}

func run(ctx context.Context) error {
	slapd, err := testserver.SlapdConfig{Entries: testserver.People(people)}.Start(ctx)
	if err != nil {
		return err
	}
	defer slapd.Close()
	between, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	defer between.Close()
	go serve(between, slapd.Address)
	srv, err := server.New("ldap://"+between.Addr().String(), nil)
	if err != nil {
		return err
	}
	c := ldap.NewConnection(srv, new(dial.Dialer), nil)
	if err := c.Open(ctx); err != nil {
		return err
	}
	defer c.Close()
	var best [2]float64
	for range rounds {
		for i, workers := range []int{1, 64} {
			rate, err := measure(ctx, c, workers)
			if err != nil {
				return err
			}
			best[i] = max(best[i], rate)
			fmt.Printf("%2d in flight: %8.0f searches a second\n", workers, rate)
		}
	}
	fmt.Printf("best to best: %.1fx\n", best[1]/best[0])
	return nil
}

// measure returns how many searches a second so many workers do.
func measure(ctx context.Context, c *ldap.Connection, workers int) (float64, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	var done, at atomic.Int64
	var failed atomic.Value
	var all sync.WaitGroup
	begin := time.Now()
	for range workers {
		all.Go(func() {
			for time.Since(begin) < turn {
				uid := fmt.Sprintf("person%d", at.Add(1)%people)
				n := 0
				for e, err := range c.Search(ctx, message.SearchRequest{Base: "uid=" + uid + ",ou=people," + testserver.Suffix, Filter: filter.Equal("uid", uid)}) {
					if err != nil {
						failed.Store(err)
						return
					}
					if len(e.Values("uid").Values) == 1 {
						n++
					}
				}
				if n != 1 {
					failed.Store(fmt.Errorf("%s is found %d times", uid, n))
					return
				}
				done.Add(1)
			}
		})
	}
	all.Wait()
	if err, ok := failed.Load().(error); ok {
		return 0, err
	}
	return float64(done.Load()) / time.Since(begin).Seconds(), nil
}

// serve carries connections to the address, with the delay each way.
func serve(l net.Listener, address string) {
	for {
		client, err := l.Accept()
		if err != nil {
			return
		}
		upstream, err := net.Dial("tcp", address)
		if err != nil {
			client.Close()
			continue
		}
		go carry(upstream, client)
		go carry(client, upstream)
	}
}

// piece is what was read, and when it is due at the other side.
type piece struct {
	b   []byte
	due time.Time
}

func carry(to io.WriteCloser, from io.Reader) {
	defer to.Close()
	pieces := make(chan piece, 1<<16)
	go func() {
		defer close(pieces)
		for {
			buf := make([]byte, 32<<10)
			n, err := from.Read(buf)
			if n > 0 {
				pieces <- piece{buf[:n], time.Now().Add(delay)}
			}
			if err != nil {
				return
			}
		}
	}()
	for p := range pieces {
		time.Sleep(time.Until(p.due))
		if _, err := to.Write(p.b); err != nil {
			return
		}
	}
}
