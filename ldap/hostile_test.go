package ldap

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	ber "github.com/go-asn1-ber/asn1-ber"

	"github.com/ldapedge/ldapedge/ldap/message"
)

// hostility is what a server answers to an operation whose request has the tag
// and whose response would have final.
type hostility struct {
	name   string
	answer func(w io.Writer, id int64, final byte)
	// is is what the error must be. text is part of it, of an operation that has
	// one response.
	is   error
	text string
	// stays says that the connection is good for more.
	stays bool
}

const notice = "1.3.6.1.4.1.1466.20036"

func hostilities() []hostility {
	send := func(text string) func(io.Writer, int64, byte) {
		return func(w io.Writer, _ int64, _ byte) { io.WriteString(w, text) }
	}
	closing := func(text string) func(io.Writer, int64, byte) {
		return func(w io.Writer, _ int64, _ byte) { io.WriteString(w, text); w.(io.Closer).Close() }
	}
	answer := func(op func(final byte) string) func(io.Writer, int64, byte) {
		return func(w io.Writer, id int64, final byte) { reply(w, id, op(final)) }
	}
	code, none := lv(10, "\x00"), lv(4)
	all := []hostility{
		{"closes at once", closing(""), ErrLost, "the server closed it", false},
		{"closes in a header", closing("\x30\x84\x00"), ErrLost, "the server closed it", false},
		{"closes in a message", closing("\x30\x10\x02\x01\x01\x65"), ErrLost, "the server closed it", false},
		{"stalls", func(io.Writer, int64, byte) {}, ErrTimeout, "no response in time (30s)", true},
		{"stalls in a message", send("\x30\x10\x02\x01\x01\x65"), ErrTimeout, "no response in time (30s)", true},
		{"sends a byte now and then", func(w io.Writer, _ int64, _ byte) {
			go func() {
				io.WriteString(w, "\x30\x84\x00\xff\xff\xff\x02\x01\x01")
				for {
					if _, err := io.WriteString(w, "\x00"); err != nil {
						return
					}
					time.Sleep(time.Second)
				}
			}()
		}, ErrTimeout, "no response in time (30s)", true},
		{"announces what is over the limit", send("\x30\x84\x3f\xff\xff\xff"), message.ErrProtocol, "over the limit of 20971520", false},
		{"announces more than there can be", send("\x30\x88\x7f\xff\xff\xff\xff\xff\xff\xff"), message.ErrProtocol, "length over", false},
		{"announces no length", send("\x30\x80\x02\x01\x01"), message.ErrProtocol, "indefinite length", false},
		{"announces a length of too many octets", send("\x30\xff\x00"), message.ErrProtocol, "a length of 127 octets", false},
		{"sends a long tag", send("\x3f\x81\x01\x00"), message.ErrProtocol, "long tags", false},
		{"speaks HTTP", send("HTTP/1.1 400 Bad Request\r\n\r\n"), message.ErrProtocol, "does not speak LDAP", false},
		{"speaks TLS", send("\x15\x03\x01\x00\x02\x02\x46"), message.ErrProtocol, "does not speak LDAP", false},
		{"sends zeros", send(strings.Repeat("\x00", 100)), message.ErrProtocol, "does not speak LDAP", false},
		{"sends an empty message", send("\x30\x00"), message.ErrProtocol, "messageID", false},
		{"sends a message without an operation", send(lv(0x30, lv(2, "\x01"))), message.ErrProtocol, "protocolOp", false},
		{"sends an empty ID", send(lv(0x30, lv(2), lv(0x65))), message.ErrProtocol, "messageID is empty", false},
		{"sends a negative ID", send(lv(0x30, lv(2, "\xff"), lv(0x65))), message.ErrProtocol, "negative", false},
		{"sends an ID over 32 bits", send(lv(0x30, lv(2, "\x01\x00\x00\x00\x00"), lv(0x65))), message.ErrProtocol, "over 32 bits", false},
		{"sends an ID that is none", send(lv(0x30, lv(4, "\x01"), lv(0x65))), message.ErrProtocol, "messageID: tag 0x04", false},
		{"answers what was not asked", func(w io.Writer, id int64, final byte) {
			for i := range 1000 {
				reply(w, id+1+int64(i), result(final, 0, "not yours"))
			}
		}, ErrTimeout, "no response in time (30s)", true},
		{"answers with a request", answer(func(byte) string { return lv(0x42) }), message.ErrProtocol, "does not fit its request", false},
		{"answers with an unknown operation", answer(func(byte) string { return lv(0x7e) }), message.ErrProtocol, "does not fit its request", false},
		{"answers with nothing", answer(func(final byte) string { return lv(final) }), message.ErrProtocol, "resultCode", false},
		{"answers without a code", answer(func(final byte) string { return lv(final, none, none) }), message.ErrProtocol, "resultCode: tag 0x04", false},
		{"answers with an empty code", answer(func(final byte) string { return lv(final, lv(10), none, none) }), message.ErrProtocol, "resultCode is empty", false},
		{"answers without a diagnostic", answer(func(final byte) string { return lv(final, code, none) }), message.ErrProtocol, "diagnosticMessage", false},
		{"answers with a broken referral", answer(func(final byte) string { return lv(final, lv(10, "\x0a"), none, none, lv(0xa3, "x")) }), message.ErrProtocol, "URI", false},
		{"answers with broken controls", answer(func(final byte) string { return lv(final, code, none, none) + lv(0xa0, "x") }), message.ErrProtocol, "control", false},
		{"answers with controls that are cut off", answer(func(final byte) string { return lv(final, code, none, none) + "\xa0\x05x" }), message.ErrProtocol, "controls", false},
		{"answers with a code that nobody knows", answer(func(final byte) string { return lv(final, lv(10, "\x7f\xff"), none, none) }), nil, "result 32767", true},
		{"says goodbye", send(lv(0x30, lv(2, "\x00"), lv(0x78, lv(10, "\x34"), none, lv(4, "bye"), lv(0x8a, notice)))), message.ErrDisconnected, "unavailable bye", false},
		{"says goodbye and closes", closing(lv(0x30, lv(2, "\x00"), lv(0x78, lv(10, "\x34"), none, lv(4, "bye"), lv(0x8a, notice)))), message.ErrDisconnected, "unavailable bye", false},
		{"notifies of what nobody knows", send(strings.Repeat(lv(0x30, lv(2, "\x00"), lv(0x78, code, none, none, lv(0x8a, "1.2"))), 1000)), ErrTimeout, "no response in time (30s)", true},
		{"notifies with rubbish", send(lv(0x30, lv(2, "\x00"), lv(0x78, "x"))), message.ErrProtocol, "resultCode", false},
		{"notifies with a result", send(lv(0x30, lv(2, "\x00"), lv(0x65, code, none, none))), message.ErrProtocol, "message ID 0", false},
		{"sends intermediate responses for ever", func(w io.Writer, id int64, _ byte) {
			go func() {
				for {
					var b strings.Builder
					reply(&b, id, lv(0x79))
					if _, err := io.WriteString(w, b.String()); err != nil {
						return
					}
					time.Sleep(time.Second)
				}
			}()
		}, ErrTimeout, "no response in time (30s)", true},
	}
	for request, final := range finals { // each kind of response that is not due
		all = append(all, hostility{fmt.Sprintf("answers with that of request %d", request), func(w io.Writer, id int64, due byte) {
			if final != due {
				reply(w, id, result(final, 0, ""))
			} else {
				reply(w, id, lv(0x79, "")+lv(0xa0))
				reply(w, id, lv(0x64))
			}
		}, message.ErrProtocol, "", false})
	}
	return all
}

// Whatever a server does, an operation ends with a typed error and within the
// timeout, the connection says whether it is lost, and nothing is left over.
func TestHostility(t *testing.T) {
	before := runtime.NumGoroutine()
	cases := 0
	for _, h := range hostilities() {
		t.Run(h.name, func(t *testing.T) {
			for _, o := range operations {
				cases++
				synctest.Test(t, func(t *testing.T) {
					p := &peers{serve: []func(io.ReadWriteCloser){answering(func(w io.Writer, id int64, op *ber.Packet) bool {
						if final, ok := finals[op.Tag]; ok {
							h.answer(w, id, final)
						}
						return true
					})}}
					c := connected(t, p, nil)
					begin := time.Now()
					_, err := o.call(t.Context(), c)
					if err == nil || h.is != nil && !errors.Is(err, h.is) || !strings.Contains(err.Error(), h.text) || !strings.HasPrefix(err.Error(), o.name+": ") {
						t.Errorf("%s: %v", o.name, err)
					}
					if h.is == nil && !errors.As(err, new(*ResultError)) {
						t.Errorf("%s: %v", o.name, err)
					}
					if took := time.Since(begin); took > DefaultTimeout {
						t.Errorf("%s: after %s", o.name, took)
					}
					if lost := c.Err(); errors.Is(lost, ErrLost) == h.stays {
						t.Errorf("%s: Err is %v", o.name, lost)
					}
					if unknown := h.is != nil && !o.read; errors.Is(err, ErrOutcomeUnknown) != unknown {
						t.Errorf("%s: is the outcome unknown? %v", o.name, err)
					}
					c.Close()
					if p.open != 0 || p.closed != 1 || (len(p.blamed()) == 0) != h.stays {
						t.Errorf("%s: %d streams open, %d uses closed, blamed %v", o.name, p.open, p.closed, p.blamed())
					}
					time.Sleep(2 * time.Second) // for the server to notice
				}) // which waits for all goroutines
			}
		})
	}
	for deadline := time.Now().Add(time.Second); runtime.NumGoroutine() > before; {
		if time.Now().After(deadline) {
			t.Errorf("%d goroutines, %d before", runtime.NumGoroutine(), before)
			break
		}
		runtime.Gosched()
	}
	t.Logf("%d cases", cases)
}

// Answers out of order, to operations in progress at once, reach whom they are
// for; those to operations that are over reach nobody.
func TestOutOfOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &peers{serve: []func(io.ReadWriteCloser){answering(func(w io.Writer, id int64, op *ber.Packet) bool {
			if id < 3 {
				return true
			}
			reply(w, 3, result(0x78, 53, "three"))
			reply(w, 3, result(0x78, 53, "three again"))
			reply(w, 2, result(0x6f, 6, "two"))
			reply(w, 1, result(0x69, 68, "one"))
			reply(w, 1, entry("cn=late"))
			return true
		})}}
		c := connected(t, p, nil)
		defer c.Close()
		add, compare := make(chan error), make(chan error)
		go func() {
			_, err := c.Add(t.Context(), message.AddRequest{DN: "cn=a", Attributes: []message.PartialAttribute{{Name: "a", Values: []string{""}}}})
			add <- err
		}()
		synctest.Wait()
		go func() {
			_, r, err := c.Compare(t.Context(), message.CompareRequest{DN: "cn=a", Attribute: "a"})
			if r.Diagnostic != "two" {
				t.Errorf("%+v", r)
			}
			compare <- err
		}()
		synctest.Wait()
		if _, _, err := c.WhoAmI(t.Context()); err == nil || err.Error() != "who am I: unwillingToPerform: three" {
			t.Errorf("%v", err)
		}
		if err := <-compare; err != nil {
			t.Error(err)
		}
		if err := <-add; !IsAlreadyThere(err) {
			t.Error(err)
		}
		if err := c.Err(); err != nil {
			t.Errorf("lost: %v", err)
		}
	})
}

// Entries without end for a search that is left, or that a context ends, do not
// keep the connection from closing.
func TestEndlessEntries(t *testing.T) {
	for name, leave := range map[string]bool{"left": true, "ended by its context": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := &peers{serve: []func(io.ReadWriteCloser){answering(func(w io.Writer, id int64, op *ber.Packet) bool {
					if op.Tag == 3 {
						go func() {
							var b strings.Builder
							reply(&b, id, entry("cn=x", attribute("x", strings.Repeat("x", 10_000))))
							for {
								if _, err := io.WriteString(w, b.String()); err != nil {
									return
								}
								time.Sleep(time.Millisecond)
							}
						}()
					}
					return true
				})}}
				c := connected(t, p, nil)
				ctx, cancel := context.WithTimeoutCause(t.Context(), time.Second, errors.New("enough waited"))
				defer cancel()
				n := 0
				for _, err := range c.Search(ctx, message.SearchRequest{}) {
					if err != nil && (leave || err.Error() != "search: enough waited") {
						t.Error(err)
					}
					if n++; leave && n == 10 {
						break
					}
				}
				if leave != (n == 10) || n > 1002 {
					t.Errorf("%d entries", n)
				}
				c.Close()
				if p.open != 0 {
					t.Error("the stream is open")
				}
				time.Sleep(time.Second) // for the server to notice
			})
		})
	}
}
