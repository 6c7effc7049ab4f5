package ldap

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	ber "github.com/go-asn1-ber/asn1-ber"

	"github.com/ldapedge/ldapedge/ldap/message"
)

// log notes what servers see.
type log struct {
	mu   sync.Mutex
	seen []string
}

func (l *log) add(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seen = append(l.seen, fmt.Sprintf(format, args...))
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Join(l.seen, " ")
}

// server answers with success and notes "NAME:TAG"; it closes the stream in
// place of the answer to its nth request, if n is not 0.
func (l *log) server(name string, n int) func(io.ReadWriteCloser) {
	return func(stream io.ReadWriteCloser) {
		count := 0
		answering(func(w io.Writer, id int64, op *ber.Packet) bool {
			l.add("%s:%d", name, op.Tag)
			if count++; count == n {
				return false
			}
			return succeed(w, id, op)
		})(stream)
	}
}

// reconnecting has the delay that the tests count in virtual time.
func reconnecting(n int) *Options { return &Options{Reconnect: n} }

// A read goes on with another server; an update that was sent does not, and one
// that was not sent does. The login is repeated.
func TestReconnect(t *testing.T) {
	for _, o := range operations {
		if o.request == 0 {
			continue
		}
		t.Run(o.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var l log
				p := &peers{serve: []func(io.ReadWriteCloser){l.server("a", 2), l.server("b", 0)}}
				c := connected(t, p, reconnecting(1))
				if _, err := c.SimpleBind(t.Context(), Credentials{DN: "cn=a", Password: "p"}); err != nil {
					t.Fatal(err)
				}
				_, err := o.call(t.Context(), c)
				if o.read && err != nil || !o.read && (!errors.Is(err, ErrOutcomeUnknown) || !errors.Is(err, ErrLost)) {
					t.Errorf("the one that is lost: %v", err)
				}
				if _, err = o.call(t.Context(), c); err != nil {
					t.Errorf("the next one: %v", err)
				}
				tag := o.request
				want := fmt.Sprintf("a:0 a:%d b:0 b:%d", tag, tag)
				if o.read {
					want += fmt.Sprintf(" b:%d", tag)
				}
				if l.String() != want {
					t.Errorf("seen %s, want %s", l.String(), want)
				}
				c.Close()
				synctest.Wait()
				if p.open != 0 || p.closed != 2 || len(p.blamed()) != 1 || p.dials() != 2 {
					t.Errorf("%d open, %d uses closed, %d dialled, blamed %v", p.open, p.closed, p.dials(), p.blamed())
				}
			})
		})
	}
}

// Without the option all stays as it is lost.
func TestNoReconnect(t *testing.T) {
	var l log
	p := &peers{serve: []func(io.ReadWriteCloser){l.server("a", 1), l.server("b", 0)}}
	c := connected(t, p, nil)
	defer c.Close()
	for range 2 {
		if _, _, err := c.WhoAmI(t.Context()); !errors.Is(err, ErrLost) {
			t.Errorf("%v", err)
		}
	}
	if p.dials() != 1 {
		t.Errorf("dialled %d times", p.dials())
	}
	if err := c.Open(t.Context()); err != nil {
		t.Errorf("opened by hand: %v", err)
	}
	if _, _, err := c.WhoAmI(t.Context()); err != nil {
		t.Errorf("%v", err)
	}
}

// An operation tries so often, with the delay in between, and says why it
// failed.
func TestReconnectIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var l log
		p := &peers{serve: []func(io.ReadWriteCloser){l.server("a", 1), nil}}
		c := connected(t, p, reconnecting(3))
		begin := time.Now()
		_, _, err := c.WhoAmI(t.Context())
		if !errors.Is(err, ErrLost) || !errors.Is(err, errRefused) || time.Since(begin) != 2*DefaultReconnectDelay || p.dials() != 4 {
			t.Errorf("%v after %s and %d diallings", err, time.Since(begin), p.dials())
		}
		if want := "who am I: the connection to the server is lost, and it could not be opened anew: opening ldap://peer:389: connection refused"; err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, _, err := c.WhoAmI(ctx); !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, ErrLost) {
			t.Errorf("with a deadline: %v", err)
		}
		c.Close()
		if _, _, err := c.WhoAmI(t.Context()); !errors.Is(err, ErrNotOpen) {
			t.Errorf("closed: %v", err)
		}
		if p.dials() != 5 {
			t.Errorf("dialled %d times", p.dials())
		}
	})
	// Each server takes the operation and is gone.
	synctest.Test(t, func(t *testing.T) {
		var l log
		p := &peers{serve: []func(io.ReadWriteCloser){l.server("a", 1)}}
		c := connected(t, p, reconnecting(2))
		defer c.Close()
		if _, _, err := c.WhoAmI(t.Context()); !errors.Is(err, ErrLost) || p.dials() != 3 {
			t.Errorf("%v after %d diallings", err, p.dials())
		}
	})
}

// A server that says nothing for the timeout is lost, unless it is us who do not
// listen.
func TestReconnectAfterSilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var l log
		silent := answering(func(io.Writer, int64, *ber.Packet) bool { return true })
		p := &peers{serve: []func(io.ReadWriteCloser){silent, l.server("b", 0)}}
		c := connected(t, p, &Options{Reconnect: 1, Timeout: 5 * time.Second})
		begin := time.Now()
		if _, _, err := c.WhoAmI(t.Context()); err != nil || time.Since(begin) != 5*time.Second {
			t.Errorf("%v after %s", err, time.Since(begin))
		}
		if blamed := p.blamed(); len(blamed) != 1 || !errors.Is(blamed[0], ErrTimeout) {
			t.Errorf("blamed %v", blamed)
		}
		c.Close()
	})
	synctest.Test(t, func(t *testing.T) {
		p := &peers{serve: []func(io.ReadWriteCloser){answering(func(w io.Writer, id int64, op *ber.Packet) bool {
			if op.Tag == 3 {
				go func() {
					for range 25 {
						reply(w, id, entry("cn=x", attribute("x", strings.Repeat("x", 1_000_000))))
					}
					reply(w, id, result(0x65, 0, ""))
				}()
			}
			return true
		})}}
		c := connected(t, p, &Options{Reconnect: 1, Timeout: 5 * time.Second})
		n := 0
		for _, err := range c.Search(t.Context(), message.SearchRequest{}) {
			if err != nil {
				t.Fatal(err)
			}
			if n++; n == 1 { // a loop that stops before as much as this holds the others up
				synctest.Wait()
				if _, _, err := c.WhoAmI(t.Context()); !errors.Is(err, ErrTimeout) || errors.Is(err, ErrLost) {
					t.Errorf("%v", err)
				}
			}
		}
		if n != 25 || p.dials() != 1 {
			t.Errorf("%d entries, %d diallings", n, p.dials())
		}
		c.Close()
	})
}

// What is repeated is the last successful bind, and StartTLS before it.
func TestReconnectLogsIn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var l log
		seen := func(name string) func(io.ReadWriteCloser) {
			return startTLSPeer(func(tag ber.Tag, over bool) { l.add("%s:%d:%v", name, tag, over) })
		}
		lost := make(chan struct{})
		u := upgrading{peers: &peers{serve: []func(io.ReadWriteCloser){func(stream io.ReadWriteCloser) {
			go func() { <-lost; stream.Close() }()
			seen("a")(stream)
		}, seen("b")}}}
		c := NewConnection(u, u, reconnecting(1))
		if err := c.Open(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := c.StartTLS(t.Context()); err != nil {
			t.Fatal(err)
		}
		m := &steps{says: []string{"a"}}
		if _, err := c.BindSASL(t.Context(), m); err != nil {
			t.Fatal(err)
		}
		m.peer = Peer{}
		close(lost)
		<-c.Done()
		if _, err := c.Delete(t.Context(), message.DeleteRequest{DN: "cn=a"}); err != nil { // not sent before
			t.Errorf("%v", err)
		}
		if m.peer.Protection != TLS {
			t.Errorf("the second bind is on %s", m.peer.Protection)
		}
		c.Close()
		synctest.Wait()
		if got := l.String(); got != "a:23:false a:0:true b:23:false b:0:true b:10:true b:2:true" {
			t.Errorf("seen %s", got)
		}
	})
}

// A bind that was not sent leaves the client who it was, after a reconnect too.
func TestReconnectAfterABindThatWasNotSent(t *testing.T) {
	tests := map[string]func(t *testing.T, c *Connection) error{
		"busy": func(t *testing.T, c *Connection) error {
			s := c.current()
			op, err := s.start(func(m *message.Machine) (int32, error) { return m.Search(message.SearchRequest{}) })
			if err != nil {
				t.Fatal(err)
			}
			defer s.finish(op)
			_, err = c.SimpleBind(t.Context(), Credentials{DN: "cn=b", Password: "p"})
			return err
		},
		"without a password": func(t *testing.T, c *Connection) error {
			_, err := c.SimpleBind(t.Context(), Credentials{DN: "cn=b"})
			return err
		},
		"refused by its mechanism": func(t *testing.T, c *Connection) error {
			_, err := c.BindSASL(t.Context(), &steps{})
			return err
		},
	}
	for name, bind := range tests {
		t.Run(name, func(t *testing.T) {
			var l log
			serve := answering(func(w io.Writer, id int64, op *ber.Packet) bool {
				if op.Tag == 0 {
					l.add("%s", op.Children[1].Data)
				}
				return op.Tag != 10 && succeed(w, id, op)
			})
			p := &peers{serve: []func(io.ReadWriteCloser){serve}}
			c := connected(t, p, reconnecting(1))
			defer c.Close()
			if _, err := c.SimpleBind(t.Context(), Credentials{DN: "cn=a", Password: "p"}); err != nil {
				t.Fatal(err)
			}
			if err := bind(t, c); err == nil {
				t.Error("the bind is taken")
			}
			c.Delete(t.Context(), message.DeleteRequest{DN: "cn=x"}) // by which the stream is lost
			if _, _, err := c.WhoAmI(t.Context()); err != nil || l.String() != "cn=a cn=a" {
				t.Errorf("%v, binds as %s", err, l.String())
			}
		})
	}
}

// A server that does not take the credentials ends it: another bind is needed,
// which does not try the old one first.
func TestReconnectRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var l log
		refusing := answering(func(w io.Writer, id int64, op *ber.Packet) bool {
			if op.Tag == 0 {
				password := op.Children[2].Data.String()
				l.add("b:%s", password)
				reply(w, id, result(0x61, map[string]byte{"old": 49, "new": 0}[password], ""))
				return true
			}
			return succeed(w, id, op)
		})
		p := &peers{serve: []func(io.ReadWriteCloser){l.server("a", 2), refusing}}
		c := connected(t, p, reconnecting(5))
		defer c.Close()
		if _, err := c.SimpleBind(t.Context(), Credentials{DN: "cn=a", Password: "old"}); err != nil {
			t.Fatal(err)
		}
		if _, _, err := c.WhoAmI(t.Context()); !IsResult(err, message.ResultInvalidCredentials) || !errors.Is(err, ErrLost) {
			t.Errorf("%v", err)
		}
		if _, err := c.SimpleBind(t.Context(), Credentials{DN: "cn=a", Password: "new"}); err != nil {
			t.Errorf("another bind: %v", err)
		}
		if _, _, err := c.WhoAmI(t.Context()); err != nil {
			t.Errorf("%v", err)
		}
		if got := l.String(); got != "a:0 a:23 b:old b:new" {
			t.Errorf("seen %s", got)
		}
		if p.open != 1 {
			t.Errorf("%d streams are open", p.open)
		}
	})
}

// A failed bind makes the client anonymous; nothing is repeated that says
// otherwise.
func TestFailedBindIsForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var l log
		binds := 0
		p := &peers{serve: []func(io.ReadWriteCloser){answering(func(w io.Writer, id int64, op *ber.Packet) bool {
			if op.Tag == 0 {
				binds++
				reply(w, id, result(0x61, []byte{0, 49}[binds-1], ""))
				return true
			}
			return false
		}), l.server("b", 0)}}
		c := connected(t, p, reconnecting(1))
		defer c.Close()
		if _, err := c.SimpleBind(t.Context(), Credentials{DN: "cn=a", Password: "p"}); err != nil {
			t.Fatal(err)
		}
		if _, err := c.SimpleBind(t.Context(), Credentials{DN: "cn=b", Password: "p"}); !IsResult(err, message.ResultInvalidCredentials) {
			t.Fatal(err)
		}
		if _, _, err := c.WhoAmI(t.Context()); err != nil {
			t.Error(err)
		}
		if got := l.String(); got != "b:23" {
			t.Errorf("seen %s", got)
		}
	})
}

// However many operations are lost at once, the connection is opened once, and
// none gets another's answer.
func TestReconnectTogether(t *testing.T) {
	var dials atomic.Int32
	serve := func(stream io.ReadWriteCloser) {
		n, count := dials.Add(1), 0
		answering(func(w io.Writer, id int64, op *ber.Packet) bool {
			if op.Tag != 14 {
				return true
			}
			if count++; n < 5 && count > 60 {
				return false
			}
			value := op.Children[1].Children[1].Data.String()
			reply(w, id, lv(0x6f, lv(10, "\x06"), lv(4), lv(4, value)))
			return true
		})(stream)
	}
	p := &peers{serve: []func(io.ReadWriteCloser){serve}}
	c := connected(t, p, &Options{Reconnect: 10, ReconnectDelay: -1})
	var all sync.WaitGroup
	for g := range 20 {
		all.Go(func() {
			for i := range 30 {
				value := fmt.Sprintf("%d-%d", g, i)
				_, r, err := c.Compare(t.Context(), message.CompareRequest{DN: "cn=a", Attribute: "sn", Value: value})
				if err != nil || r.Diagnostic != value {
					t.Errorf("%s: %+v, %v", value, r, err)
					return
				}
			}
		})
	}
	all.Wait()
	c.Close()
	if p.dials() != 5 || p.open != 0 || p.closed != 5 {
		t.Errorf("dialled %d times, %d open, %d uses closed", p.dials(), p.open, p.closed)
	}
}

// An idle connection that is told to leave does so at its next operation; one
// that is not idle stays.
func TestReconnectLeaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var l log
		held := make(chan struct{})
		p := &peers{leave: make(chan struct{}), serve: []func(io.ReadWriteCloser){answering(func(w io.Writer, id int64, op *ber.Packet) bool {
			l.add("a:%d", op.Tag)
			if op.Tag == 14 {
				go func() { <-held; reply(w, id, result(0x6f, 6, "")) }()
				return true
			}
			return succeed(w, id, op)
		}), nil, l.server("b", 0)}}
		leave := p.leave
		c := connected(t, p, reconnecting(1))
		compare := make(chan error)
		go func() {
			_, _, err := c.Compare(t.Context(), message.CompareRequest{DN: "cn=a", Attribute: "sn"})
			compare <- err
		}()
		synctest.Wait()
		close(leave)
		who := func() {
			t.Helper()
			if _, _, err := c.WhoAmI(t.Context()); err != nil {
				t.Errorf("%v", err)
			}
		}
		who() // the comparison is in progress
		close(held)
		if err := <-compare; err != nil {
			t.Error(err)
		}
		who() // there is nowhere to go
		who() // and that is not tried each time
		time.Sleep(leaveDelay + 1)
		who()
		c.Close()
		synctest.Wait()
		if got := l.String(); got != "a:14 a:23 a:23 a:23 a:2 b:23 b:2" && got != "a:14 a:23 a:23 a:23 b:23 a:2 b:2" {
			t.Errorf("seen %s", got)
		}
		if p.dials() != 3 || p.open != 0 || len(p.blamed()) != 0 || p.closed != 2 {
			t.Errorf("dialled %d times, %d open, blamed %v, %d uses closed", p.dials(), p.open, p.blamed(), p.closed)
		}
	})
}

// Closing ends a reopening, and what comes of it is closed.
func TestCloseDuringReconnect(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var l log
		stalled := answering(func(w io.Writer, id int64, op *ber.Packet) bool { return true })
		p := &peers{serve: []func(io.ReadWriteCloser){l.server("a", 2), stalled}}
		c := connected(t, p, reconnecting(5))
		if err := c.Bind(t.Context()); err != nil {
			t.Fatal(err)
		}
		done := make(chan error)
		go func() { _, _, err := c.WhoAmI(t.Context()); done <- err }()
		synctest.Wait() // it waits for the bind
		begin := time.Now()
		c.Close()
		if err := <-done; !errors.Is(err, ErrNotOpen) && !errors.Is(err, context.Canceled) {
			t.Errorf("%v", err)
		}
		synctest.Wait()
		if p.open != 0 || time.Since(begin) > 2*unbindTime {
			t.Errorf("%d open after %s", p.open, time.Since(begin))
		}
		if _, _, err := c.WhoAmI(t.Context()); !errors.Is(err, ErrNotOpen) {
			t.Errorf("%v", err)
		}
	})
}

// An operation that is given up while others wait for the same reopening does
// not end it; the last one does.
func TestReconnectGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var l log
		slow := func(stream io.ReadWriteCloser) {
			answering(func(w io.Writer, id int64, op *ber.Packet) bool {
				l.add("b:%d", op.Tag)
				if op.Tag == 0 {
					time.Sleep(3 * time.Second)
				}
				return succeed(w, id, op)
			})(stream)
		}
		p := &peers{serve: []func(io.ReadWriteCloser){l.server("a", 2), slow}}
		c := connected(t, p, reconnecting(2))
		if err := c.Bind(t.Context()); err != nil {
			t.Fatal(err)
		}
		short, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		var all sync.WaitGroup
		all.Go(func() {
			if _, _, err := c.WhoAmI(short); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("the short one: %v", err)
			}
		})
		all.Go(func() {
			if _, _, err := c.WhoAmI(t.Context()); err != nil {
				t.Errorf("the other one: %v", err)
			}
		})
		all.Wait()
		c.Close()
		synctest.Wait()
		if got := strings.Fields(l.String()); !slices.Contains(got, "b:23") || p.dials() != 2 || p.open != 0 {
			t.Errorf("seen %v, dialled %d times", got, p.dials())
		}
	})
}
