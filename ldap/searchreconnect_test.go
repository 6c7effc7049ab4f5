package ldap

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	ber "github.com/go-asn1-ber/asn1-ber"

	"github.com/ldapedge/ldapedge/ldap/control"
	"github.com/ldapedge/ldapedge/ldap/message"
)

// searched serves searches with the responses; "closes" closes the stream.
func searched(responses ...string) func(io.ReadWriteCloser) {
	return answering(func(w io.Writer, id int64, op *ber.Packet) bool {
		if op.Tag != 3 {
			return succeed(w, id, op)
		}
		for _, r := range responses {
			if r == "closes" {
				return false
			}
			reply(w, id, r)
		}
		return true
	})
}

// A search is done again on another session; what was taken is passed over.
func TestSearchesAreRepeated(t *testing.T) {
	tests := []struct {
		name  string
		first []string
		found string
		err   error
	}{
		{"lost at once", []string{"closes"}, "cn=b", nil},
		{"lost after an entry", []string{entry("cn=a"), "closes"}, "cn=a cn=b", nil},
		{"lost after one that comes again", []string{entry("cn=b"), "closes"}, "cn=b", nil},
		{"lost after a reference", []string{reference("ldap://other"), "closes"}, "cn=b", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := &peers{serve: []func(io.ReadWriteCloser){searched(test.first...), searched(entry("cn=b"), done)}}
				c := connected(t, p, reconnecting(1))
				defer c.Close()
				q := c.NewSearch(message.SearchRequest{}, nil)
				var found []string
				var last error
				for e, err := range q.Entries(t.Context()) {
					if last = err; err == nil {
						found = append(found, e.DN())
					}
				}
				if strings.Join(found, " ") != test.found || !errors.Is(last, test.err) || len(q.References()) != 0 {
					t.Errorf("found %q, %v, %v", found, last, q.References())
				}
				if err := c.Check(t.Context()); err != nil {
					t.Errorf("afterwards: %v", err)
				}
			})
		})
	}
}

// What controls mean to another server is not known, and not all that was taken
// can be remembered.
func TestSearchesThatAreNotRepeated(t *testing.T) {
	many := slices.Repeat([]string{entry("cn=a")}, maxRemembered+1)
	for name, test := range map[string]struct {
		first   []string
		options SearchOptions
		found   int
	}{
		"controls": {[]string{entry("cn=a"), "closes"}, SearchOptions{Controls: []message.Control{control.ManageDsaIT.Control()}}, 1},
		"endless":  {[]string{entry("cn=a"), "closes"}, SearchOptions{Endless: true}, 1},
		"many":     {append(many, "closes"), SearchOptions{}, maxRemembered + 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := &peers{serve: []func(io.ReadWriteCloser){searched(test.first...), searched(entry("cn=b"), done)}}
				c := connected(t, p, reconnecting(1))
				defer c.Close()
				found := 0
				var last error
				for _, err := range c.NewSearch(message.SearchRequest{}, &test.options).Entries(t.Context()) {
					if last = err; err == nil {
						found++
					}
				}
				if found != test.found || !errors.Is(last, ErrLost) {
					t.Errorf("%d entries, %v", found, last)
				}
			})
		})
	}
}

func TestSynchronizationsAreRepeated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &peers{serve: []func(io.ReadWriteCloser){searched("closes"), searched(entry("cn=b"), done)}}
		c := connected(t, p, reconnecting(1))
		defer c.Close()
		n := 0
		for e, err := range c.Sync(t.Context(), message.SearchRequest{}, control.Sync{}) {
			if n++; err != nil || e.Entry.DN() != "cn=b" {
				t.Errorf("%v", err)
			}
		}
		if n != 1 {
			t.Errorf("%d events", n)
		}
	})
}

// Between two pages no operation is in progress, and the session must stay.
func TestPagesStayOnTheirSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		serve := func(name string) func(io.ReadWriteCloser) {
			return func(stream io.ReadWriteCloser) {
				for {
					p, err := ber.ReadPacket(stream)
					if err != nil {
						return
					}
					if p.Children[1].Tag != 3 {
						continue
					}
					id, cookie := p.Children[0].Value.(int64), ""
					if len(p.Children) > 2 {
						_, cookie, _ = pagedRequest(p)
					}
					reply(stream, id, entry(fmt.Sprint("cn=", name, len(cookie))))
					withControls(stream, id, done, control.PagedResults{Cookie: []byte(strings.Repeat("x", (len(cookie)+1)%4))}.Control())
				}
			}
		}
		leave := make(chan struct{})
		p := &peers{serve: []func(io.ReadWriteCloser){serve("a"), serve("b")}, leave: leave}
		c := connected(t, p, reconnecting(1))
		defer c.Close()
		var found []string
		for e, err := range c.NewSearch(message.SearchRequest{}, &SearchOptions{PageSize: 1}).Entries(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			if found = append(found, e.DN()); len(found) == 2 {
				close(leave)
			}
		}
		found = append(found, only(t, c, message.SearchRequest{}).DN())
		if got := strings.Join(found, " "); got != "cn=a0 cn=a1 cn=a2 cn=a3 cn=b0" {
			t.Errorf("found %s", got)
		}
	})
}
