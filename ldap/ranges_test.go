package ldap

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	ber "github.com/go-asn1-ber/asn1-ber"

	"github.com/ldapedge/ldapedge/ldap/control"
	"github.com/ldapedge/ldapedge/ldap/message"
)

// group is a server with a group of n members, of which it returns most at a
// time, as Active Directory does. seen are the attributes it was asked for.
func group(n, most int, seen *[]string) whole {
	return func(w io.Writer, id int64, p *ber.Packet) {
		if p.Children[1].Tag != 3 {
			return
		}
		from := 0
		asked := fmt.Sprint(p.Children[1].Children[0].Data, " ")
		for _, a := range p.Children[1].Children[7].Children {
			asked += a.Data.String()
			fmt.Sscanf(a.Data.String(), "member;range=%d-*", &from)
		}
		if len(p.Children) > 2 {
			asked += fmt.Sprint(" +", len(p.Children[2].Children))
		}
		*seen = append(*seen, asked)
		var values []string
		for i := from; i < min(n, from+most); i++ {
			values = append(values, fmt.Sprint("cn=", i))
		}
		last := fmt.Sprint(from + most - 1)
		if from+most >= n {
			last = "*"
		}
		if from == 0 {
			reply(w, id, entry("<GUID=1>;cn=other", attribute("cn", "other"), attribute("cn;range=x")))
		}
		reply(w, id, entry("<GUID=1>;cn=g,dc=x", attribute("cn", "g"), attribute("member"), attribute(fmt.Sprintf("member;Range=%d-%s", from, last), values...), attribute("mail", "m")))
		reply(w, id, result(0x65, 0, ""))
	}
}

func TestRangesAreCollected(t *testing.T) {
	for _, n := range []int{7, 9, 3, 1} {
		var seen []string
		c := dialWhole(t, people(), group(n, 3, &seen))
		q := c.NewSearch(message.SearchRequest{Base: "dc=x"}, &SearchOptions{Controls: []message.Control{
			control.ExtendedDN{}.Control(), control.Sort{Keys: []control.SortKey{{Attribute: "cn"}}}.Control(),
		}})
		var got []string
		var group Entry
		for e, err := range q.Entries(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, e.DN())
			group = e
		}
		var names []string
		for a := range group.Attributes() {
			names = append(names, a.Name())
		}
		member, _ := group.Attribute("member")
		if len(got) != 2 || group.DN() != "<GUID=1>;cn=g,dc=x" || !slices.Equal(names, []string{"cn", "member", "mail"}) || member.Len() != n || member.Strings()[n-1] != fmt.Sprint("cn=", n-1) {
			t.Errorf("%d members: %v, %v, %q", n, got, names, member.Strings())
		}
		if len(group.Values("MEMBER").Values) != n {
			t.Errorf("%d members: %v", n, group.Values("member"))
		}
		want := []string{"dc=x  +2"}
		for from := 3; from < n; from += 3 {
			want = append(want, fmt.Sprintf("cn=g,dc=x member;range=%d-* +1", from))
		}
		if !slices.Equal(seen, want) {
			t.Errorf("%d members: asked for %q", n, seen)
		}
	}
}

func TestRangesAreLeft(t *testing.T) {
	for _, test := range []struct {
		options    Options
		attributes []string
	}{
		{Options{NoAutoRange: true}, nil}, {Options{}, []string{"member;range=0-2"}},
	} {
		var seen []string
		c := dialWhole(t, nil, group(7, 3, &seen))
		c.options.NoAutoRange = test.options.NoAutoRange
		for e, err := range c.Search(t.Context(), message.SearchRequest{Base: "dc=x", Attributes: test.attributes}) {
			if err != nil {
				t.Fatal(err)
			}
			if a, _ := e.Attribute("member;range=0-2"); e.DN() != "<GUID=1>;cn=other" && a.Len() != 3 {
				t.Errorf("%s has %s", e.DN(), e.AppendJSON(nil))
			}
		}
		if len(seen) != 1 {
			t.Errorf("asked for %q", seen)
		}
	}
	// What DirSync says by ranges is no part of the values.
	c := dialKnowing(t, people(), nil, finding(entry("cn=g", attribute("member;range=1-1", "cn=new"), attribute("member;range=0-0", "cn=old"))))
	if got := string(only(t, c, message.SearchRequest{Base: "dc=x"}).AppendJSON(nil)); !strings.Contains(got, `{"member;range=1-1":["cn=new"],"member;range=0-0":["cn=old"]}`) {
		t.Error(got)
	}
}

func TestRangesThatFail(t *testing.T) {
	tests := []struct {
		name, err string
		rest      []string
	}{
		{"refused", `search: the rest of member of "cn=g": search: insufficientAccessRights`, []string{result(0x65, 50, "")}},
		{"gone", `search: of member of "cn=g" the values from 2 on are not returned`, []string{result(0x65, 0, "")}},
		{"goes back", "the values from 2 on are not returned", []string{entry("cn=g", attribute("member;range=0-1", "a", "b")), result(0x65, 0, "")}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := dialWhole(t, nil, func(w io.Writer, id int64, p *ber.Packet) {
				switch {
				case id == 1:
					reply(w, id, entry("cn=g", attribute("member;range=0-1", "a", "b")))
				case p.Children[1].Tag == 3:
					for _, r := range test.rest {
						reply(w, id, r)
					}
				}
			})
			n := 0
			var last error
			for _, err := range c.Search(t.Context(), message.SearchRequest{}) {
				n++
				last = err
			}
			if n != 1 || last == nil || !strings.Contains(last.Error(), test.err) {
				t.Errorf("%d elements, %v", n, last)
			}
			if c.Err() != nil {
				t.Errorf("the connection is lost: %v", c.Err())
			}
		})
	}
}

// Values of an attribute that comes twice are all kept, as beside no range.
func TestRangesBesideAnAttributeThatComesTwice(t *testing.T) {
	c := dialKnowing(t, people(), nil, finding(entry("cn=g", attribute("cn", "one"), attribute("member;range=0-*", "cn=a"), attribute("cn", "two"), attribute("member", "cn=b"))))
	if got := string(only(t, c, message.SearchRequest{Base: "dc=x"}).AppendJSON(nil)); !strings.Contains(got, `"raw_attributes":{"cn":["one","two"],"member":["cn=a","cn=b"]}`) {
		t.Error(got)
	}
}

// A server that goes on and on with next to nothing is not followed for ever.
func TestRangesWithoutEnd(t *testing.T) {
	for name, values := range map[string]int{"no values": 0, "empty values": 5000} {
		t.Run(name, func(t *testing.T) {
			asked, some := 0, lv(0x31, strings.Repeat(lv(4), values))
			c := dialWhole(t, nil, func(w io.Writer, id int64, p *ber.Packet) {
				if p.Children[1].Tag != 3 {
					return
				}
				from := 0
				for _, a := range p.Children[1].Children[7].Children {
					fmt.Sscanf(a.Data.String(), "member;range=%d-*", &from)
				}
				if asked++; asked < 200 {
					reply(w, id, entry("cn=g", lv(0x30, lv(4, fmt.Sprintf("member;range=%d-%d", from, from+4999)), some)))
				}
				reply(w, id, result(0x65, 0, ""))
			})
			c.options.MaxMessage = 64 << 10
			for _, err := range c.Search(t.Context(), message.SearchRequest{}) {
				if err == nil {
					t.Error("an entry is returned")
				}
			}
			if asked > 20 {
				t.Errorf("asked %d times", asked)
			}
		})
	}
}

func TestCutRange(t *testing.T) {
	tests := []struct {
		description, attribute, values string
		first, last                    int
		ok                             bool
	}{
		{"member;range=0-1499", "member", "0-1499", 0, 1499, true},
		{"member;lang-de;RANGE=1500-*;binary", "member;lang-de;binary", "1500-*", 1500, -1, true},
		{"member", "member", "", 0, 0, false},
		{"member;range=", "member;range=", "", 0, 0, false},
		{"member;range=0-0", "member", "0-0", 0, 0, false},
		{"member;range=1-1", "member", "1-1", 0, 0, false},
		{"member;range=5-4", "member", "5-4", 5, 4, false},
		{"member;range=-5-4", "member", "-5-4", 0, 0, false},
		{"member;range=x", "member", "x", 0, 0, false},
		{"member;range=99999999999999999999-*", "member", "99999999999999999999-*", 0, 0, false},
	}
	for _, test := range tests {
		attribute, values, _ := cutRange(test.description)
		first, last, ok := parseRange(values)
		if attribute != test.attribute || values != test.values || ok != test.ok || ok && (first != test.first || last != test.last) {
			t.Errorf("%s: %s, %s, %d, %d, %v", test.description, attribute, values, first, last, ok)
		}
	}
}
