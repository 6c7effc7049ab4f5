package ldap

import (
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

	"github.com/ldapedge/ldapedge/ldap/control"
	"github.com/ldapedge/ldapedge/ldap/message"
)

// withControls sends a response with controls.
func withControls(w io.Writer, id int64, op string, controls ...message.Control) {
	var all []string
	for _, c := range controls {
		all = append(all, lv(0x30, lv(4, c.OID), lv(4, string(c.Value))))
	}
	io.WriteString(w, lv(0x30, lv(2, string([]byte{byte(id >> 8), byte(id)})), op, lv(0xa0, all...)))
}

// pagedRequest reads what a request says of pages, and counts its other controls.
func pagedRequest(p *ber.Packet) (size int64, cookie string, other int) {
	for _, c := range p.Children[2].Children {
		if c.Children[0].Data.String() != control.OIDPagedResults {
			other++
			continue
		}
		value := ber.DecodePacket(c.Children[len(c.Children)-1].Data.Bytes())
		size, cookie = value.Children[0].Value.(int64), value.Children[1].Data.String()
	}
	return size, cookie, other
}

// pagedServer has n entries and returns them in pages; seen are the pages that
// it was asked for.
func pagedServer(n int, seen *[]string) whole {
	return func(w io.Writer, id int64, p *ber.Packet) {
		if p.Children[1].Tag != 3 {
			*seen = append(*seen, fmt.Sprint("op ", p.Children[1].Tag))
			return
		}
		size, cookie, other := pagedRequest(p)
		*seen = append(*seen, fmt.Sprintf("%d %q +%d", size, cookie, other))
		from := 0
		fmt.Sscanf(cookie, "after %d", &from)
		to := min(from+int(size), n)
		for i := from; i < to; i++ {
			reply(w, id, entry(fmt.Sprint("cn=", i)))
		}
		next := ""
		if to < n && size > 0 {
			next = fmt.Sprint("after ", to)
		}
		withControls(w, id, result(0x65, 0, ""), message.Control{OID: "1.2.3", Value: []byte(next)},
			control.PagedResults{Size: int32(n), Cookie: []byte(next)}.Control())
	}
}

func TestPages(t *testing.T) {
	var seen []string
	c := dialWhole(t, nil, pagedServer(7, &seen))
	q := c.NewSearch(message.SearchRequest{}, &SearchOptions{PageSize: 3, Controls: []message.Control{{OID: "1.2.3.4"}}})
	for range 2 { // a search can be done again
		seen = nil
		var got []string
		for e, err := range q.Entries(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, e.DN())
		}
		if want := []string{"cn=0", "cn=1", "cn=2", "cn=3", "cn=4", "cn=5", "cn=6"}; !slices.Equal(got, want) {
			t.Errorf("got %v", got)
		}
		if want := []string{`3 "" +1`, `3 "after 3" +1`, `3 "after 6" +1`}; !slices.Equal(seen, want) {
			t.Errorf("asked for %q", seen)
		}
		if last, ok := q.Controls().Find("1.2.3"); !ok || len(last.Value) > 0 {
			t.Errorf("the last controls are %v", q.Controls())
		}
	}
}

func TestLeavingPages(t *testing.T) {
	tests := []struct {
		take int
		want []string
	}{
		{2, []string{`3 "" +0`, "op 16"}},
		{3, []string{`3 "" +0`, "op 16"}}, // the result may not have been looked at
		{5, []string{`3 "" +0`, `3 "after 3" +0`, "op 16", `0 "after 3" +0`}},
	}
	for _, test := range tests {
		synctest.Test(t, func(t *testing.T) {
			var seen []string
			slow := pagedServer(7, &seen)
			c := dialWhole(t, nil, func(w io.Writer, id int64, p *ber.Packet) {
				if p.Children[1].Tag == 3 {
					if size, cookie, _ := pagedRequest(p); size > 0 && (cookie != "") == (test.take > 3) { // the result comes late
						done := &held{Writer: w}
						slow(done, id, p)
						go func() { time.Sleep(time.Minute); w.Write(done.last) }()
						return
					}
				}
				slow(w, id, p)
			})
			n := 0
			ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
			defer cancel()
			for _, err := range c.NewSearch(message.SearchRequest{}, &SearchOptions{PageSize: 3}).Entries(ctx) {
				if err != nil && n < test.take {
					t.Error(err)
				}
				if n++; n == test.take {
					break
				}
			}
			synctest.Wait()
			if !slices.Equal(seen, test.want) {
				t.Errorf("left after %d: asked for %q", test.take, seen)
			}
			time.Sleep(2 * time.Minute)
			c.Close()
		})
	}
}

// held keeps the last of what is written back.
type held struct {
	io.Writer
	last []byte
}

func (h *held) Write(b []byte) (int, error) {
	if h.last != nil {
		h.Writer.Write(h.last)
	}
	h.last = slices.Clone(b)
	return len(b), nil
}

func TestPagesOfOddServers(t *testing.T) {
	tests := []struct {
		name    string
		size    int
		answer  func(w io.Writer, id int64, p *ber.Packet)
		entries int
		err     string
	}{
		{"knows no pages", 2, func(w io.Writer, id int64, p *ber.Packet) {
			for range 5 {
				reply(w, id, entry("cn=a"))
			}
			reply(w, id, result(0x65, 0, ""))
		}, 5, ""},
		{"refuses the second", 2, func(w io.Writer, id int64, p *ber.Packet) {
			if _, cookie, _ := pagedRequest(p); cookie != "" {
				reply(w, id, result(0x65, 53, "cookie"))
				return
			}
			reply(w, id, entry("cn=a"))
			withControls(w, id, result(0x65, 0, ""), control.PagedResults{Cookie: []byte("x")}.Control())
		}, 1, "search: unwillingToPerform: cookie"},
		{"has empty pages for ever", 2, func(w io.Writer, id int64, p *ber.Packet) {
			withControls(w, id, result(0x65, 0, ""), control.PagedResults{Cookie: []byte("x")}.Control())
		}, 0, "1001 pages without an entry"},
		{"has a broken control", 2, func(w io.Writer, id int64, p *ber.Packet) {
			withControls(w, id, result(0x65, 0, ""), message.Control{OID: control.OIDPagedResults, Value: []byte("x")})
		}, 0, "paged results control: value: protocol error"},
		{"is not asked", -1, nil, 0, "the page size -1 is not from 1 to 2147483647"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := dialWhole(t, nil, func(w io.Writer, id int64, p *ber.Packet) {
				if p.Children[1].Tag == 3 {
					test.answer(w, id, p)
				}
			})
			n := 0
			var last error
			for _, err := range c.NewSearch(message.SearchRequest{}, &SearchOptions{PageSize: test.size}).Entries(t.Context()) {
				if last = err; err == nil {
					n++
				}
			}
			if n != test.entries || (last == nil) != (test.err == "") || last != nil && !strings.Contains(last.Error(), test.err) {
				t.Errorf("%d entries, %v", n, last)
			}
		})
	}
}

// A loop over more than waits for it may ask for something else.
func TestAskingWithinALoop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := dialWhole(t, nil, func(w io.Writer, id int64, p *ber.Packet) {
			switch {
			case p.Children[1].Tag != 3:
			case p.Children[1].Children[0].Data.String() == "cn=inner":
				reply(w, id, entry("cn=inner"))
				reply(w, id, result(0x65, 0, ""))
			default:
				go func() {
					for range 100 {
						reply(w, id, entry("cn=x", attribute("x", strings.Repeat("x", 50_000))))
					}
					reply(w, id, result(0x65, 0, ""))
				}()
			}
		})
		n := 0
		for _, err := range c.Search(t.Context(), message.SearchRequest{}) {
			if err != nil {
				t.Fatal(err)
			}
			n++
			synctest.Wait() // as much as is read ahead is there
			if e := only(t, c, message.SearchRequest{Base: "cn=inner"}); e.DN() != "cn=inner" {
				t.Errorf("found %s", e.DN())
			}
		}
		if n != 100 {
			t.Errorf("%d entries", n)
		}
		c.Close()
	})
}

// However much has arrived, a search is over when its context is.
func TestContextEndsASearch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := dialWhole(t, nil, func(w io.Writer, id int64, p *ber.Packet) {
			if p.Children[1].Tag == 3 {
				for range 100 {
					reply(w, id, entry("cn=x"))
				}
				reply(w, id, result(0x65, 0, ""))
			}
		})
		defer c.Close()
		ctx, cancel := context.WithCancelCause(t.Context())
		defer cancel(nil)
		enough := errors.New("enough")
		n := 0
		for _, err := range c.Search(ctx, message.SearchRequest{}) {
			if err != nil {
				if !errors.Is(err, enough) {
					t.Error(err)
				}
				continue
			}
			if n++; n == 4 {
				synctest.Wait() // all of them are there
				cancel(enough)
			}
		}
		if n != 4 {
			t.Errorf("%d entries", n)
		}
	})
}

func TestContextEndsPages(t *testing.T) {
	var seen []string
	c := dialWhole(t, nil, pagedServer(100, &seen))
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	enough := errors.New("enough")
	n := 0
	var last error
	for _, err := range c.NewSearch(message.SearchRequest{}, &SearchOptions{PageSize: 3}).Entries(ctx) {
		if last = err; err == nil {
			if n++; n == 4 {
				cancel(enough)
			}
		}
	}
	if !errors.Is(last, enough) || n > 6 {
		t.Errorf("%d entries, %v", n, last)
	}
	if want := `0 "after 3" +0`; seen[len(seen)-1] != want {
		t.Errorf("asked for %q", seen)
	}
}
