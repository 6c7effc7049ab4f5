package ldap

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	ber "github.com/go-asn1-ber/asn1-ber"

	"github.com/ldapedge/ldapedge/ldap/message"
)

// operations are all that have one response, as a test calls them.
var operations = []struct {
	name    string
	request ber.Tag
	read    bool
	call    func(context.Context, *Connection, ...message.Control) (Response, error)
}{
	{"bind", 0, true, func(ctx context.Context, c *Connection, controls ...message.Control) (Response, error) {
		return c.SimpleBind(ctx, Credentials{DN: "cn=a", Password: "p"}, controls...)
	}},
	{"compare", 14, true, func(ctx context.Context, c *Connection, controls ...message.Control) (Response, error) {
		_, r, err := c.Compare(ctx, message.CompareRequest{DN: "cn=a", Attribute: "sn", Value: "x"}, controls...)
		return r, err
	}},
	{"add", 8, false, func(ctx context.Context, c *Connection, controls ...message.Control) (Response, error) {
		return c.Add(ctx, message.AddRequest{DN: "cn=a", Attributes: []message.PartialAttribute{{Name: "sn", Values: []string{"x"}}}}, controls...)
	}},
	{"modify", 6, false, func(ctx context.Context, c *Connection, controls ...message.Control) (Response, error) {
		return c.Modify(ctx, message.ModifyRequest{DN: "cn=a", Changes: []message.Change{{Kind: message.ChangeDelete, Attribute: "sn"}}}, controls...)
	}},
	{"modifyDN", 12, false, func(ctx context.Context, c *Connection, controls ...message.Control) (Response, error) {
		return c.ModifyDN(ctx, message.ModifyDNRequest{DN: "cn=a", NewRDN: "cn=b"}, controls...)
	}},
	{"delete", 10, false, func(ctx context.Context, c *Connection, controls ...message.Control) (Response, error) {
		return c.Delete(ctx, message.DeleteRequest{DN: "cn=a"}, controls...)
	}},
	{"extended operation 1.2.3", 23, false, func(ctx context.Context, c *Connection, controls ...message.Control) (Response, error) {
		r, err := c.Extended(ctx, message.ExtendedRequest{Name: "1.2.3"}, controls...)
		return r.Response, err
	}},
	{"who am I", 23, true, func(ctx context.Context, c *Connection, controls ...message.Control) (Response, error) {
		_, r, err := c.WhoAmI(ctx, controls...)
		return r, err
	}},
	{"password modify", 23, false, func(ctx context.Context, c *Connection, controls ...message.Control) (Response, error) {
		_, r, err := c.PasswordModify(ctx, PasswordModifyRequest{NewPassword: "x"}, controls...)
		return r, err
	}},
}

// Controls go with each operation, and what comes back is there: result, its
// parts and controls, on success and beside an error.
func TestOperations(t *testing.T) {
	for _, o := range operations {
		t.Run(o.name, func(t *testing.T) {
			code := byte(0)
			c, s := dial(t, nil, func(w io.Writer, id int64, op *ber.Packet) {
				if tag, ok := finals[op.Tag]; ok {
					op := lv(tag, lv(10, string([]byte{code})), lv(4, "dc=x"), lv(4, "so"), lv(0xa3, lv(4, "ldap://h/")))
					reply(w, id, op+lv(0xa0, lv(0x30, lv(4, "1.2"), lv(4, "v"))))
				}
			})
			defer c.Close()
			want := Response{
				Result:   message.Result{MatchedDN: "dc=x", Diagnostic: "so", Referral: []string{"ldap://h/"}},
				Controls: message.Controls{{OID: "1.2", Value: []byte("v")}},
			}
			got, err := o.call(t.Context(), c, message.Control{OID: "1.1", Critical: true})
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("%+v, %v", got, err)
			}
			code, want.Code = 53, message.ResultUnwillingToPerform
			got, err = o.call(t.Context(), c)
			var refused *ResultError
			if !errors.As(err, &refused) || !reflect.DeepEqual(*refused, ResultError{o.name, want.Result, want.Controls}) || !reflect.DeepEqual(got, want) {
				t.Errorf("%+v, %v", got, err)
			}
			if errors.Is(err, ErrOutcomeUnknown) || err.Error() != o.name+`: unwillingToPerform: so (matched "dc=x")` {
				t.Errorf("%v", err)
			}
			for i := 1; i <= 2; i++ {
				if request := <-s.seen; request != fmt.Sprintf("%d:%d", i, o.request) {
					t.Errorf("request %s", request)
				}
			}
		})
	}
}

func TestCompare(t *testing.T) {
	for code, want := range map[byte]bool{5: false, 6: true} {
		c, _ := dial(t, nil, func(w io.Writer, id int64, op *ber.Packet) { reply(w, id, result(0x6f, code, "")) })
		matches, r, err := c.Compare(t.Context(), message.CompareRequest{DN: "cn=a", Attribute: "sn", Value: "x"})
		if matches != want || r.Code != message.ResultCode(code) || err != nil {
			t.Errorf("code %d: %v, %+v, %v", code, matches, r, err)
		}
		c.Close()
	}
}

func TestPredicates(t *testing.T) {
	failure := func(code message.ResultCode) error {
		return fmt.Errorf("around: %w", &ResultError{Op: "add", Result: message.Result{Code: code}})
	}
	if !IsNotFound(failure(32)) || IsNotFound(failure(68)) || IsNotFound(errors.New("noSuchObject")) || IsNotFound(nil) {
		t.Error("IsNotFound")
	}
	if !IsAlreadyThere(failure(68)) || !IsAlreadyThere(failure(20)) || IsAlreadyThere(failure(32)) {
		t.Error("IsAlreadyThere")
	}
}

// What is refused before it is sent leaves the connection as it was.
func TestRefusedBeforeSending(t *testing.T) {
	c, s := dial(t, nil, nil)
	defer c.Close()
	for text, call := range map[string]func() error{
		`add: add "cn=a": there are no attributes`:    func() error { _, err := c.Add(t.Context(), message.AddRequest{DN: "cn=a"}); return err },
		`delete: delete: the DN is empty`:             func() error { _, err := c.Delete(t.Context(), message.DeleteRequest{}); return err },
		`bind: bind as "cn=a": the password is empty`: func() error { _, err := c.SimpleBind(t.Context(), Credentials{DN: "cn=a"}); return err },
		"extended operation " + message.StartTLS + ": StartTLS is an operation of its own": func() error {
			_, err := c.Extended(t.Context(), message.ExtendedRequest{Name: message.StartTLS})
			return err
		},
	} {
		if err := call(); err == nil || err.Error() != text || errors.Is(err, ErrOutcomeUnknown) {
			t.Errorf("%v, want %s", err, text)
		}
	}
	c.Close()
	if request := <-s.seen; request != "1:2" {
		t.Errorf("request %s, want an unbind", request)
	}
}

func TestExtended(t *testing.T) {
	var seen []string
	c, _ := dial(t, nil, func(w io.Writer, id int64, op *ber.Packet) {
		if op.Tag != 23 {
			return
		}
		seen = append(seen, hex.EncodeToString(op.Bytes()))
		reply(w, id, lv(0x79, lv(0x80, "1.5"))) // an intermediate one
		parts := []string{lv(10, "\x00"), lv(4), lv(4)}
		switch {
		case strings.Contains(string(op.Bytes()), OIDWhoAmI):
			parts = append(parts, lv(0x8b, "dn:cn=a"))
		case strings.Contains(string(op.Bytes()), OIDPasswordModify):
			parts = append(parts, lv(0x8b, lv(0x30, lv(0x80, "made"))))
		default:
			parts = append(parts, lv(0x8a, "1.9"), lv(0x8b, "\x00\xff"))
		}
		reply(w, id, lv(0x78, parts...))
	})
	defer c.Close()
	r, err := c.Extended(t.Context(), message.ExtendedRequest{Name: "1.2", Value: []byte("v")})
	if err != nil || r.Name != "1.9" || string(r.Value) != "\x00\xff" {
		t.Errorf("%+v, %v", r, err)
	}
	if identity, _, err := c.WhoAmI(t.Context()); identity != "dn:cn=a" || err != nil {
		t.Errorf("%q, %v", identity, err)
	}
	for _, r := range []PasswordModifyRequest{{}, {User: "cn=a", OldPassword: "o", NewPassword: "n"}, {NewPassword: "n"}} {
		if generated, _, err := c.PasswordModify(t.Context(), r); generated != "made" || err != nil {
			t.Errorf("%+v: %q, %v", r, generated, err)
		}
	}
	who, modify := "8017"+hex.EncodeToString([]byte(OIDWhoAmI)), "8017"+hex.EncodeToString([]byte(OIDPasswordModify))
	want := []string{
		"7708" + "8003312e32" + "810176",
		"7719" + who,
		"7719" + modify,
		"7729" + modify + "810e" + "300c" + "8004636e3d61" + "81016f" + "82016e",
		"7720" + modify + "8105" + "3003" + "82016e",
	}
	if !reflect.DeepEqual(seen, want) {
		t.Errorf("requests\n%q\nwant\n%q", seen, want)
	}
}

func TestBrokenPasswordModify(t *testing.T) {
	for value, ok := range map[string]bool{"": true, lv(0x30): true, "x": false, lv(0x30, "\x80\x05x"): false, lv(0x31): false} {
		c, _ := dial(t, nil, func(w io.Writer, id int64, op *ber.Packet) {
			reply(w, id, lv(0x78, lv(10, "\x00"), lv(4), lv(4), lv(0x8b, value)))
		})
		if generated, _, err := c.PasswordModify(t.Context(), PasswordModifyRequest{}); generated != "" || (err == nil) != ok || !ok && !errors.Is(err, message.ErrProtocol) {
			t.Errorf("%q: %q, %v", value, generated, err)
		}
		c.Close()
	}
}

// Many goroutines have operations in progress on one connection, and each gets
// its own answer, in whatever order they come.
func TestManyAtATime(t *testing.T) {
	const goroutines, each = 50, 40
	type waiting struct {
		id    int64
		value string
	}
	var mu sync.Mutex
	var held []waiting
	c, s := dial(t, nil, func(w io.Writer, id int64, op *ber.Packet) {
		if op.Tag != 14 {
			return
		}
		mu.Lock()
		defer mu.Unlock()
		held = append(held, waiting{id, op.Children[1].Children[1].Data.String()})
		if len(held) < goroutines {
			return
		}
		for i := range held { // the last first
			h := held[len(held)-1-i]
			reply(w, h.id, lv(0x6f, lv(10, "\x06"), lv(4), lv(4, h.value)))
		}
		held = nil
	})
	go func() {
		for range s.seen { // it has room for fewer
		}
	}()
	defer func() { c.Close(); <-s.closed; close(s.seen) }()
	var all sync.WaitGroup
	for g := range goroutines {
		all.Go(func() {
			for i := range each {
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
}

// Without an answer each operation ends with the timeout or the context and is
// abandoned; of an update it is then not known what came of it.
func TestNoAnswer(t *testing.T) {
	for _, o := range operations {
		t.Run(o.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, s := dial(t, nil, nil)
				begin := time.Now()
				_, err := o.call(t.Context(), c)
				if !errors.Is(err, ErrTimeout) || errors.Is(err, ErrOutcomeUnknown) == o.read || time.Since(begin) != DefaultTimeout {
					t.Errorf("%v after %s", err, time.Since(begin))
				}
				if o.request != 0 { // after a bind nothing else may be sent
					ctx, cancel := context.WithTimeoutCause(t.Context(), time.Second, errors.New("enough waited"))
					defer cancel()
					_, err = o.call(ctx, c)
					if err == nil || !strings.HasPrefix(err.Error(), o.name+": enough waited") || errors.Is(err, ErrOutcomeUnknown) == o.read {
						t.Errorf("%v", err)
					}
				}
				synctest.Wait()
				c.Close()
				<-s.closed
				close(s.seen)
				var requests []string
				for r := range s.seen {
					requests = append(requests, strings.SplitN(r, ":", 2)[1])
				}
				want := fmt.Sprintf("[%d 16 %d 16 2]", o.request, o.request)
				if o.request == 0 {
					want = "[0 2]"
				}
				if got := fmt.Sprint(requests); got != want {
					t.Errorf("requests %s, want %s", got, want)
				}
			})
		})
	}
}

// What begins while the connection is being closed finds it closed.
func TestBeginWhileClosing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, far := dial(t, nil, func(io.Writer, int64, *ber.Packet) { time.Sleep(time.Second / 2) })
		begin := func(m *message.Machine) (int32, error) { return m.Search(message.SearchRequest{}) }
		s := c.current()
		op, err := s.start(begin)
		if err != nil {
			t.Fatal(err)
		}
		defer s.finish(op)
		synctest.Wait() // the server takes nothing more for now
		go c.Close()
		synctest.Wait()
		if _, err := s.start(begin); !errors.Is(err, ErrNotOpen) || s.ended() {
			t.Errorf("%v", err)
		}
		<-far.closed
	})
}

// With a context that has ended already nothing is sent, and nothing changes.
func TestContextThatHasEnded(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("too late"))
	for _, o := range operations {
		c, s := dial(t, nil, nil)
		if _, err := o.call(ctx, c); err == nil || err.Error() != o.name+": too late" || errors.Is(err, ErrOutcomeUnknown) {
			t.Errorf("%s: %v", o.name, err)
		}
		for _, err := range c.Search(ctx, message.SearchRequest{}) {
			if err == nil || err.Error() != "search: too late" {
				t.Errorf("%v", err)
			}
		}
		c.Close()
		if request := <-s.seen; request != "1:2" {
			t.Errorf("%s: request %s, want an unbind", o.name, request)
		}
	}
}

// Responses that are all there before anyone waits are not waited for again.
func TestResponsesTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := dial(t, nil, func(w io.Writer, id int64, op *ber.Packet) {
			if op.Tag == 23 {
				var b strings.Builder
				reply(&b, id, lv(0x79))
				reply(&b, id, lv(0x79))
				reply(&b, id, result(0x78, 0, "last"))
				io.WriteString(w, b.String())
			}
		})
		defer c.Close()
		s := c.current()
		op, err := s.start(func(m *message.Machine) (int32, error) { return m.Extended(message.ExtendedRequest{Name: "1.2"}) })
		if err != nil {
			t.Fatal(err)
		}
		defer s.finish(op)
		synctest.Wait()
		begin := time.Now()
		event, err := s.waitFinal(t.Context(), op)
		if err != nil || !event.Done || time.Since(begin) != 0 {
			t.Errorf("%+v, %v after %s", event, err, time.Since(begin))
		}
	})
}
