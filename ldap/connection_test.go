package ldap

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	ber "github.com/go-asn1-ber/asn1-ber"

	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/server"
)

// scripted is the server's side of a stream: it answers each request as the
// test says. Real servers are met in the integration tests; this one does what
// they never would.
type scripted struct {
	answer func(w io.Writer, id int64, op *ber.Packet)
	seen   chan string
	closed chan struct{}
}

type pipe struct {
	io.Reader
	io.Writer
	close func()
}

func (p pipe) Close() error { p.close(); return nil }

func (s *scripted) Dial(context.Context, *server.Server) (io.ReadWriteCloser, error) {
	clientIn, serverOut := io.Pipe()
	serverIn, clientOut := io.Pipe()
	go func() {
		defer close(s.closed)
		defer serverOut.Close()
		defer serverIn.Close()
		for {
			p, err := ber.ReadPacket(serverIn)
			if err != nil {
				return
			}
			op := p.Children[1]
			s.seen <- fmt.Sprintf("%d:%d", p.Children[0].Value, op.Tag)
			if s.answer != nil {
				s.answer(serverOut, p.Children[0].Value.(int64), op)
			}
		}
	}()
	return pipe{clientIn, clientOut, func() { clientIn.Close(); clientOut.Close() }}, nil
}

// dial opens a connection to a server that answers as told.
func dial(t *testing.T, o *Options, answer func(w io.Writer, id int64, op *ber.Packet)) (*Connection, *scripted) {
	t.Helper()
	srv, err := server.New("ldap://scripted", &server.Options{GetInfo: server.InfoNone})
	if err != nil {
		t.Fatal(err)
	}
	s := &scripted{answer: answer, seen: make(chan string, 1000), closed: make(chan struct{})}
	c := NewConnection(srv, s, o)
	if err := c.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	return c, s
}

func lv(tag byte, parts ...string) string {
	body := strings.Join(parts, "")
	return string([]byte{tag, 0x84, byte(len(body) >> 24), byte(len(body) >> 16), byte(len(body) >> 8), byte(len(body))}) + body
}

func reply(w io.Writer, id int64, op string) {
	io.WriteString(w, lv(0x30, lv(2, string([]byte{byte(id >> 8), byte(id)})), op))
}

func entry(dn string, attributes ...string) string {
	return lv(0x64, lv(4, dn), lv(0x30, attributes...))
}

func attribute(name string, values ...string) string {
	var set []string
	for _, v := range values {
		set = append(set, lv(4, v))
	}
	return lv(0x30, lv(4, name), lv(0x31, set...))
}

func result(tag byte, code byte, diagnostic string) string {
	return lv(tag, lv(10, string([]byte{code})), lv(4), lv(4, diagnostic))
}

func TestSearch(t *testing.T) {
	c, s := dial(t, nil, func(w io.Writer, id int64, op *ber.Packet) {
		if op.Tag != 3 {
			return
		}
		reply(w, id, entry("cn=a", attribute("cn", "a", "b")))
		reply(w, id, lv(0x73, lv(4, "ldap://elsewhere/")))
		reply(w, id, entry("cn=b"))
		reply(w, id, result(0x65, 4, "enough"))
	})
	defer c.Close()
	var got []string
	var last error
	for e, err := range c.Search(t.Context(), message.SearchRequest{Base: "dc=x"}) {
		if err != nil {
			last = err
			continue
		}
		got = append(got, e.DN())
		for a := range e.Attributes() {
			got = append(got, a.Name()+"="+strings.Join(a.Strings(), ","))
		}
	}
	if want := []string{"cn=a", "cn=a,b", "cn=b"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if !IsResult(last, message.ResultSizeLimitExceeded) || last.Error() != "search: sizeLimitExceeded: enough" {
		t.Errorf("ends with %v", last)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	<-s.closed
	close(s.seen)
	var requests []string
	for r := range s.seen {
		requests = append(requests, r)
	}
	if want := []string{"1:3", "2:2"}; !slices.Equal(requests, want) {
		t.Errorf("requests %v, want a search and an unbind", requests)
	}
	if err := c.Err(); err != nil {
		t.Errorf("a closed connection says %v", err)
	}
	for _, err := range c.Search(t.Context(), message.SearchRequest{}) {
		if !errors.Is(err, ErrNotOpen) {
			t.Errorf("search after close: %v", err)
		}
	}
}

func TestBind(t *testing.T) {
	c, _ := dial(t, &Options{Credentials: Credentials{DN: "cn=a", Password: "p"}}, func(w io.Writer, id int64, op *ber.Packet) {
		if op.Tag != 0 {
			return
		}
		if op.Children[1].Data.String() != "cn=a" || op.Children[2].Data.String() != "p" {
			reply(w, id, result(0x61, 2, "other credentials"))
			return
		}
		reply(w, id, result(0x61, 49, "go away"))
	})
	defer c.Close()
	err := c.Bind(t.Context())
	if !IsResult(err, message.ResultInvalidCredentials) || err.Error() != "bind: invalidCredentials: go away" {
		t.Errorf("%v", err)
	}
	if err := c.Open(t.Context()); !errors.Is(err, ErrOpen) {
		t.Errorf("opening twice: %v", err)
	}
}

// Leaving the loop abandons the search, and the connection goes on.
func TestLeaveEarly(t *testing.T) {
	abandoned := make(chan struct{})
	c, s := dial(t, nil, func(w io.Writer, id int64, op *ber.Packet) {
		switch {
		case op.Tag == 16:
			close(abandoned)
		case id == 1:
			go func() {
				for i := range 100 {
					reply(w, id, entry(fmt.Sprint("cn=", i), attribute("x", strings.Repeat("x", 100_000))))
				}
			}()
		default:
			reply(w, id, result(0x65, 0, ""))
		}
	})
	defer c.Close()
	for e, err := range c.Search(t.Context(), message.SearchRequest{}) {
		if err != nil || e.DN() != "cn=0" {
			t.Fatal(e.DN(), err)
		}
		break
	}
	<-abandoned
	for range c.Search(t.Context(), message.SearchRequest{}) {
		t.Error("the second search has something")
	}
	if got := []string{<-s.seen, <-s.seen, <-s.seen}; !slices.Equal(got, []string{"1:3", "2:16", "3:3"}) {
		t.Errorf("requests %v", got)
	}
}

// A loop that takes nothing leaves the rest with the server.
func TestSlowLoopHoldsTheServerUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sent := 0
		c, _ := dial(t, nil, func(w io.Writer, id int64, op *ber.Packet) {
			if op.Tag == 3 {
				for range 200 {
					reply(w, id, entry("cn=x", attribute("x", strings.Repeat("x", 50_000))))
					sent++
				}
				reply(w, id, result(0x65, 0, ""))
			}
		})
		n := 0
		for _, err := range c.Search(t.Context(), message.SearchRequest{}) {
			if err != nil {
				t.Fatal(err)
			}
			if n++; n == 1 {
				synctest.Wait()
				if sent > 30 {
					t.Errorf("%d entries of 50 kB were read ahead", sent)
				}
			}
		}
		if n != 200 {
			t.Errorf("%d entries", n)
		}
		c.Close()
	})
}

func TestTimeoutAndContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := dial(t, nil, nil)
		defer c.Close()
		begin := time.Now()
		if err := c.Check(t.Context()); !errors.Is(err, ErrTimeout) || time.Since(begin) != DefaultTimeout {
			t.Errorf("%v after %s", err, time.Since(begin))
		}
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Second, errors.New("enough waited"))
		defer cancel()
		if err := c.Check(ctx); err == nil || err.Error() != "search: enough waited" {
			t.Errorf("%v", err)
		}
		if err := c.Err(); err != nil {
			t.Errorf("the connection is lost: %v", err)
		}
	})
}

func TestHostileServers(t *testing.T) {
	tests := []struct {
		name   string
		answer func(w io.Writer, id int64, op *ber.Packet)
		want   error
		text   string
	}{
		{"closes", func(w io.Writer, id int64, op *ber.Packet) { w.(io.Closer).Close() }, ErrLost, "the server closed it"},
		{"closes in the middle", func(w io.Writer, id int64, op *ber.Packet) { io.WriteString(w, "\x30\x05\x02"); w.(io.Closer).Close() }, ErrLost, "closed"},
		{"speaks another protocol", func(w io.Writer, id int64, op *ber.Packet) { io.WriteString(w, "SSH-2.0-x\r\n") }, message.ErrProtocol, "does not speak LDAP"},
		{"sends a broken entry", func(w io.Writer, id int64, op *ber.Packet) {
			reply(w, id, lv(0x64, lv(4, "cn=x"), lv(0x30, "rubbish")))
		}, message.ErrProtocol, "attribute"},
		{"answers with another operation", func(w io.Writer, id int64, op *ber.Packet) { reply(w, id, result(0x6f, 6, "")) }, message.ErrProtocol, "does not fit"},
		{"has a result without a code", func(w io.Writer, id int64, op *ber.Packet) { reply(w, id, lv(0x65)) }, message.ErrProtocol, "resultCode"},
		{"disconnects", func(w io.Writer, id int64, op *ber.Packet) {
			reply(w, 0, lv(0x78, lv(10, "\x34"), lv(4), lv(4, "bye"), lv(0x8a, "1.3.6.1.4.1.1466.20036")))
		}, message.ErrDisconnected, "unavailable bye"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c, _ := dial(t, nil, func(w io.Writer, id int64, op *ber.Packet) {
				if op.Tag == 3 {
					test.answer(w, id, op)
				}
			})
			defer c.Close()
			var got error
			for _, err := range c.Search(t.Context(), message.SearchRequest{}) {
				got = err
			}
			if !errors.Is(got, test.want) || !strings.Contains(got.Error(), test.text) {
				t.Errorf("search: %v", got)
			}
			<-c.Done()
			if err := c.Err(); !errors.Is(err, ErrLost) {
				t.Errorf("Err: %v", err)
			}
			if err := c.Bind(t.Context()); !errors.Is(err, ErrLost) {
				t.Errorf("bind afterwards: %v", err)
			}
			if err := c.Close(); err != nil {
				t.Errorf("close: %v", err)
			}
		})
	}
}

func TestReadSchema(t *testing.T) {
	var requests bytes.Buffer
	bound := false
	c, _ := dial(t, nil, func(w io.Writer, id int64, op *ber.Packet) {
		switch {
		case op.Tag == 0:
			bound = true
			reply(w, id, result(0x61, 0, ""))
		case op.Tag != 3:
		case !bound:
			reply(w, id, result(0x65, 1, "bind first"))
		case op.Children[0].Data.String() == "":
			reply(w, id, entry("", attribute("subschemasubentry", "cn=schema")))
			reply(w, id, result(0x65, 0, ""))
		default:
			fmt.Fprintf(&requests, "%s %d", op.Children[0].Data.String(), op.Children[6].Tag)
			reply(w, id, entry("cn=schema", attribute("attributeTypes", "( 2.5.4.3 NAME 'cn' )", "rubbish"), attribute("cn", "schema")))
			reply(w, id, result(0x65, 0, ""))
		}
	})
	defer c.Close()
	s, err := c.ReadSchema(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if s.Entry != "cn=schema" || s.AttributeType("CN") == nil || len(s.Problems) != 1 || len(s.Other()) != 1 {
		t.Errorf("schema %+v", s)
	}
	if requests.String() != "cn=schema 3" {
		t.Errorf("asked for %q", requests.String())
	}
}

func TestReadSchemaErrors(t *testing.T) {
	tests := []struct {
		name   string
		answer func(base string) []string
		want   func(error) bool
		text   string
	}{
		{"no root DSE", func(string) []string { return []string{result(0x65, 0, "")} },
			func(err error) bool { return errors.Is(err, ErrNoSubschema) }, "the root DSE may not be read"},
		{"no subschemaSubentry", func(string) []string { return []string{entry(""), result(0x65, 0, "")} },
			func(err error) bool { return errors.Is(err, ErrNoSubschema) }, "has no subschemaSubentry"},
		{"entry not there", func(base string) []string {
			if base == "" {
				return []string{entry("", attribute("subschemaSubentry", "cn=s")), result(0x65, 0, "")}
			}
			return []string{result(0x65, 32, "")}
		}, func(err error) bool { return IsResult(err, message.ResultNoSuchObject) }, `reading the schema "cn=s": search: noSuchObject`},
		{"not permitted", func(string) []string { return []string{result(0x65, 50, "no")} },
			func(err error) bool { return IsResult(err, message.ResultInsufficientAccessRights) }, "reading the root DSE: search: insufficientAccessRights: no"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c, _ := dial(t, nil, func(w io.Writer, id int64, op *ber.Packet) {
				if op.Tag == 3 {
					for _, r := range test.answer(op.Children[0].Data.String()) {
						reply(w, id, r)
					}
				}
			})
			defer c.Close()
			if _, err := c.ReadSchema(t.Context()); err == nil || !test.want(err) || !strings.Contains(err.Error(), test.text) {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestCheckTakesARefusalForAnAnswer(t *testing.T) {
	for code, alive := range map[byte]bool{0: true, 1: true, 50: true, 51: false, 52: false} {
		c, _ := dial(t, nil, func(w io.Writer, id int64, op *ber.Packet) {
			if op.Tag == 3 {
				reply(w, id, result(0x65, code, ""))
			}
		})
		if err := c.Check(t.Context()); (err == nil) != alive {
			t.Errorf("result %d: %v", code, err)
		}
		c.Close()
	}
}

func TestOpenErrors(t *testing.T) {
	srv, err := server.New("ldap://h", nil)
	if err != nil {
		t.Fatal(err)
	}
	c := NewConnection(srv, failingDialer{io.ErrNoProgress}, nil)
	if err := c.Open(t.Context()); !errors.Is(err, io.ErrNoProgress) || !strings.HasPrefix(err.Error(), "opening ldap://h:389: ") {
		t.Errorf("%v", err)
	}
	named := errors.New("ldap://h:389: connect: refused")
	if err := NewConnection(srv, failingDialer{named}, nil).Open(t.Context()); err != named {
		t.Errorf("an error that names the server: %v", err)
	}
	if err := c.Bind(t.Context()); !errors.Is(err, ErrNotOpen) {
		t.Errorf("%v", err)
	}
	if c.Done() != nil || c.Server() != nil || c.Err() != nil || c.Close() != nil {
		t.Error("a connection that was never open has a session")
	}
}

type failingDialer struct{ err error }

func (d failingDialer) Dial(context.Context, *server.Server) (io.ReadWriteCloser, error) {
	return nil, d.err
}

// Entries without end where one can be are not waited for.
func TestSecondEntryOfABaseSearch(t *testing.T) {
	c, _ := dial(t, nil, func(w io.Writer, id int64, op *ber.Packet) {
		if op.Tag == 3 {
			reply(w, id, entry("cn=a"))
			reply(w, id, entry("cn=b"))
		}
	})
	defer c.Close()
	if err := c.Check(t.Context()); !errors.Is(err, message.ErrProtocol) {
		t.Errorf("%v", err)
	}
}

// What is kept of references is bounded, however long each is.
func TestReferencesWithoutEnd(t *testing.T) {
	long := lv(0x73, lv(4, "ldap://h/"+strings.Repeat("x", 1<<20)))
	c, s := dial(t, nil, func(w io.Writer, id int64, op *ber.Packet) {
		if op.Tag == 3 {
			for range 20 {
				reply(w, id, long)
			}
			reply(w, id, result(0x65, 0, ""))
		}
	})
	var last error
	for _, err := range c.Search(t.Context(), message.SearchRequest{}) {
		last = err
	}
	if !errors.Is(last, message.ErrProtocol) || !strings.Contains(last.Error(), "more references to other servers than 16777216 bytes") {
		t.Errorf("%v", last)
	}
	c.Close()
	<-s.closed
}

// References have no size of their own to speak of, and are held back too.
func TestReferencesAreHeldBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sent := 0
		c, _ := dial(t, nil, func(w io.Writer, id int64, op *ber.Packet) {
			if op.Tag != 3 {
				return
			}
			reply(w, id, entry("cn=a"))
			for range 50_000 {
				reply(w, id, lv(0x73))
				sent++
			}
			reply(w, id, result(0x65, 0, ""))
		})
		for e, err := range c.Search(t.Context(), message.SearchRequest{}) {
			if err != nil || e.DN() != "cn=a" {
				t.Fatal(err)
			}
			synctest.Wait()
			if sent > 20_000 {
				t.Errorf("%d references were read ahead", sent)
			}
		}
		c.Close()
	})
}
