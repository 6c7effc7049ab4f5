package ldap

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	ber "github.com/go-asn1-ber/asn1-ber"

	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/server"
)

// flipped is a stream with all bits the other way round, in place of TLS.
type flipped struct{ io.ReadWriteCloser }

func (f flipped) Read(b []byte) (int, error) {
	n, err := f.ReadWriteCloser.Read(b)
	flip(b[:n])
	return n, err
}

func (f flipped) Write(b []byte) (int, error) {
	b = append([]byte(nil), b...)
	flip(b)
	return f.ReadWriteCloser.Write(b)
}

func (f flipped) Protection() Protection { return TLS }

func flip(b []byte) {
	for i := range b {
		b[i] ^= 0xff
	}
}

// upgrading are peers whose dialer can flip a stream.
type upgrading struct {
	*peers
	handshake func(context.Context) error
}

func (u upgrading) UpgradeStream(ctx context.Context, stream io.ReadWriteCloser, s *server.Server) (io.ReadWriteCloser, error) {
	if s.URL() != "ldap://peer:389" {
		return nil, errors.New("another server")
	}
	if u.handshake != nil {
		if err := u.handshake(ctx); err != nil {
			stream.Close()
			return nil, err
		}
	}
	return flipped{stream}, nil
}

// startTLSPeer agrees to StartTLS, and speaks flipped afterwards. whose tells
// each request and whether it came flipped.
func startTLSPeer(seen func(tag ber.Tag, over bool)) func(io.ReadWriteCloser) {
	return func(stream io.ReadWriteCloser) {
		over := false
		for {
			p, err := ber.ReadPacket(stream)
			if err != nil {
				return
			}
			op := p.Children[1]
			seen(op.Tag, over)
			succeed(stream, p.Children[0].Value.(int64), op)
			if op.Tag == 23 && op.Children[0].Data.String() == message.StartTLS {
				stream, over = flipped{stream}, true
			}
		}
	}
}

func TestStartTLS(t *testing.T) {
	var seen log
	u := upgrading{peers: &peers{serve: []func(io.ReadWriteCloser){startTLSPeer(func(tag ber.Tag, over bool) { seen.add("%d:%v", tag, over) })}}}
	c := NewConnection(u, u, nil)
	if err := c.StartTLS(t.Context()); !errors.Is(err, ErrNotOpen) {
		t.Errorf("before it is open: %v", err)
	}
	if err := c.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.WhoAmI(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := c.StartTLS(t.Context()); err != nil {
		t.Fatal(err)
	}
	m := &steps{says: []string{"a"}}
	if _, err := c.BindSASL(t.Context(), m); err != nil || m.peer.Protection != TLS {
		t.Errorf("%s, %v", m.peer.Protection, err)
	}
	if err := c.StartTLS(t.Context()); !errors.Is(err, ErrTLS) {
		t.Errorf("again: %v", err)
	}
	if _, _, err := c.WhoAmI(t.Context()); err != nil {
		t.Errorf("afterwards: %v", err)
	}
	c.Close()
	if got := seen.String(); !strings.HasPrefix(got, "23:false 23:false 0:true 23:true") {
		t.Errorf("under TLS: %s", got)
	}
	if u.open != 0 || u.closed != 1 || len(u.blamed()) != 0 {
		t.Errorf("%d streams are open, %d uses closed, blamed %v", u.open, u.closed, u.blamed())
	}
}

func TestStartTLSFailures(t *testing.T) {
	agree := func(w io.Writer, id int64, more string) { io.WriteString(w, startTLSResponse(id, 0)+more) }
	type answer = func(w io.Writer, id int64)
	tests := []struct {
		name      string
		answer    answer
		handshake func(context.Context) error
		is        error
		text      string
		lost      bool
		blamed    bool
	}{
		{"refused", func(w io.Writer, id int64) { io.WriteString(w, startTLSResponse(id, 2)) }, nil, nil, "starttls: protocolError", false, false},
		{"unavailable", func(w io.Writer, id int64) { io.WriteString(w, startTLSResponse(id, 52)) }, nil, nil, "starttls: unavailable", false, true},
		{"plain text behind it", func(w io.Writer, id int64) { agree(w, id, "x") }, nil, ErrPlaintext, "plain text follows the response to StartTLS: 1 bytes", true, true},
		{"a response behind it", func(w io.Writer, id int64) { agree(w, id, startTLSResponse(id, 0)) }, nil, ErrPlaintext, "bytes", true, true},
		{"no handshake", func(w io.Writer, id int64) { agree(w, id, "") }, func(context.Context) error { return io.ErrNoProgress }, io.ErrNoProgress, "starttls: multiple Read", true, true},
		{"a handshake without end", func(w io.Writer, id int64) { agree(w, id, "") }, func(ctx context.Context) error { <-ctx.Done(); return context.Cause(ctx) }, ErrTimeout, "no response in time (30s)", true, true},
		{"no answer", func(io.Writer, int64) {}, nil, ErrTimeout, "no response in time (30s)", true, true},
		{"another answer", func(w io.Writer, id int64) { reply(w, id, result(0x61, 0, "")) }, nil, message.ErrProtocol, "does not fit", true, true},
		{"closed", func(w io.Writer, id int64) { w.(io.Closer).Close() }, nil, ErrLost, "the server closed it", true, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				u := upgrading{&peers{serve: []func(io.ReadWriteCloser){answering(func(w io.Writer, id int64, op *ber.Packet) bool {
					if op.Tag == 23 && op.Children[0].Data.String() == message.StartTLS {
						test.answer(w, id)
						return true
					}
					return succeed(w, id, op)
				})}}, test.handshake}
				c := NewConnection(u, u, nil)
				if err := c.Open(t.Context()); err != nil {
					t.Fatal(err)
				}
				err := c.StartTLS(t.Context())
				if err == nil || test.is != nil && !errors.Is(err, test.is) || !strings.Contains(err.Error(), test.text) {
					t.Errorf("%v", err)
				}
				_, _, err = c.WhoAmI(t.Context())
				if (err != nil) != test.lost || test.lost && !errors.Is(err, ErrLost) {
					t.Errorf("afterwards: %v", err)
				}
				c.Close()
				if (len(u.blamed()) > 0) != test.blamed || u.open != 0 {
					t.Errorf("blamed: %v, open: %d", u.blamed(), u.open)
				}
			})
		})
	}
}

func startTLSResponse(id int64, code byte) string {
	var b strings.Builder
	reply(&b, id, result(0x78, code, ""))
	return b.String()
}

// A caller who gives up ends the connection, and the server is not to blame.
func TestStartTLSGivenUp(t *testing.T) {
	for name, agrees := range map[string]bool{"before the answer": false, "in the handshake": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				u := upgrading{&peers{serve: []func(io.ReadWriteCloser){answering(func(w io.Writer, id int64, op *ber.Packet) bool {
					if op.Tag == 23 && agrees {
						io.WriteString(w, startTLSResponse(id, 0))
					}
					return true
				})}}, func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }}
				c := NewConnection(u, u, nil)
				if err := c.Open(t.Context()); err != nil {
					t.Fatal(err)
				}
				ctx, cancel := context.WithTimeoutCause(t.Context(), time.Second, errors.New("enough waited"))
				defer cancel()
				done := make(chan error)
				go func() { done <- c.StartTLS(ctx) }()
				synctest.Wait()
				if _, _, err := c.WhoAmI(t.Context()); !errors.Is(err, message.ErrBusy) {
					t.Errorf("during StartTLS: %v", err)
				}
				if err := <-done; err == nil || !strings.Contains(err.Error(), "StartTLS was given up") {
					t.Errorf("%v", err)
				}
				<-c.Done()
				if err := c.Err(); !errors.Is(err, ErrLost) {
					t.Errorf("Err: %v", err)
				}
				c.Close()
				if blamed := u.blamed(); len(blamed) != 0 || u.open != 0 || u.closed != 1 {
					t.Errorf("blamed: %v, open: %d, closed: %d", blamed, u.open, u.closed)
				}
			})
		})
	}
}

func TestStartTLSWhere(t *testing.T) {
	serve := []func(io.ReadWriteCloser){answering(func(w io.Writer, id int64, op *ber.Packet) bool { return true })}
	p := &peers{serve: serve}
	c := connected(t, p, nil)
	if err := c.StartTLS(t.Context()); !errors.Is(err, ErrNoStartTLS) {
		t.Errorf("without an upgrader: %v", err)
	}
	c.Close()
	for url, want := range map[string]error{"ldaps://h": ErrTLS, "ldapi:///x": ErrNoStartTLS} {
		u := upgrading{peers: &peers{serve: serve, url: url}}
		c := NewConnection(u, u, nil)
		if err := c.Open(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := c.StartTLS(t.Context()); !errors.Is(err, want) {
			t.Errorf("%s: %v", url, err)
		}
		c.Close()
	}
	// Nor while anything is in progress.
	synctest.Test(t, func(t *testing.T) {
		u := upgrading{peers: &peers{serve: serve}}
		c := NewConnection(u, u, nil)
		if err := c.Open(t.Context()); err != nil {
			t.Fatal(err)
		}
		go c.WhoAmI(t.Context())
		synctest.Wait()
		if err := c.StartTLS(t.Context()); !errors.Is(err, message.ErrBusy) {
			t.Errorf("during another operation: %v", err)
		}
		c.Close()
	})
}

// Closing during the handshake ends it, and nothing is sent in between.
func TestCloseDuringHandshake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var requests []ber.Tag
		u := upgrading{&peers{serve: []func(io.ReadWriteCloser){answering(func(w io.Writer, id int64, op *ber.Packet) bool {
			requests = append(requests, op.Tag)
			io.WriteString(w, startTLSResponse(id, 0))
			return true
		})}}, func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }}
		c := NewConnection(u, u, nil)
		if err := c.Open(t.Context()); err != nil {
			t.Fatal(err)
		}
		done := make(chan error)
		go func() { done <- c.StartTLS(t.Context()) }()
		synctest.Wait()
		begin := time.Now()
		c.Close()
		if err := <-done; err == nil || time.Since(begin) != 0 {
			t.Errorf("%v after %s", err, time.Since(begin))
		}
		if len(requests) != 1 || u.open != 0 {
			t.Errorf("requests %v, open %d", requests, u.open)
		}
	})
}
