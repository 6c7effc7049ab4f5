package policy

import (
	"fmt"
	"testing"

	"github.com/ldapedge/ldapedge/ldap/message"
)

// thousand are the responses to a search: 1,000 entries of about 480 bytes, as
// people have them, with more attributes that every n-th has.
func thousand(n int, more ...string) []byte {
	var b []byte
	for i := range 1000 {
		attributes := []message.Attribute{
			message.NewAttribute("objectClass", []byte("top"), []byte("person"), []byte("organizationalPerson"), []byte("inetOrgPerson")),
			message.NewAttribute("cn", fmt.Appendf(nil, "Person Number %d", i)),
			message.NewAttribute("sn", fmt.Appendf(nil, "Number %d", i)),
			message.NewAttribute("givenName", []byte("Person")),
			message.NewAttribute("uid", fmt.Appendf(nil, "person%d", i)),
			message.NewAttribute("mail", fmt.Appendf(nil, "person%d@example.com", i)),
			message.NewAttribute("telephoneNumber", []byte("+1 555 0123"), []byte("+1 555 0124")),
			message.NewAttribute("description", []byte("somebody who is in a directory for the sake of a measurement")),
			message.NewAttribute("title", []byte("engineer")),
			message.NewAttribute("employeeNumber", fmt.Appendf(nil, "%d", i)),
		}
		for _, name := range more {
			if i%n == 0 {
				attributes = append(attributes, message.NewAttribute(name, []byte("{SSHA}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")))
			}
		}
		b = message.NewEntry(fmt.Sprintf("uid=person%d,ou=people,dc=example,dc=com", i), attributes...).Message(1).Append(b)
	}
	return b
}

// BenchmarkFromServer: 1,000 entries in reads of 64 KiB.
func BenchmarkFromServer(b *testing.B) {
	for _, test := range []struct {
		name   string
		rules  Rules
		stream []byte
	}{
		{"nothing to hide", Rules{}, thousand(1)},
		{"nothing to hide, bases", Rules{Bases: []string{"dc=example,dc=com"}}, thousand(1)},
		{"one of ten has a password", Rules{}, thousand(10, "userPassword")},
		{"each has a password", Rules{}, thousand(1, "userPassword")},
	} {
		b.Run(test.name, func(b *testing.B) {
			p, err := New(test.rules, schema)
			if err != nil {
				b.Fatal(err)
			}
			s := p.Session()
			request, _ := message.AppendRequest(nil, 1, find("(cn=a)"))
			if err := s.FromClient(start, request); err != nil {
				b.Fatal(err)
			}
			buf := make([]byte, 64<<10)
			b.SetBytes(int64(len(test.stream)))
			b.ReportAllocs()
			for b.Loop() {
				for at := 0; at < len(test.stream); {
					held := s.Held()
					n := copy(buf[held:], test.stream[at:])
					s.Move(buf[:held])
					if err := s.FromServer(buf[:held+n]); err != nil {
						b.Fatal(err)
					}
					s.ToClient()
					at += n
				}
			}
		})
	}
}

// BenchmarkFromClient: requests as clients make them, and the answer so that the
// ID is free again.
func BenchmarkFromClient(b *testing.B) {
	byUID := find("(uid=alice)")
	byUID.Base, byUID.Scope = "uid=alice,ou=people,dc=example,dc=com", message.ScopeBase
	byUID.Attributes = []string{"cn", "mail", "telephoneNumber", "objectClass"}
	subtree := find("(&(cn=a*)(|(sn=b)(mail=c)))")
	subtree.Attributes = []string{"cn", "mail", "telephoneNumber"}
	for _, test := range []struct {
		name    string
		request message.Request
		answer  message.Op
	}{
		{"bind", message.BindRequest{DN: "uid=alice,ou=people,dc=example,dc=com", Password: password}, message.OpBindResponse},
		{"base search", byUID, message.OpSearchResultDone},
		{"search", subtree, message.OpSearchResultDone},
	} {
		b.Run(test.name, func(b *testing.B) {
			p, err := New(Rules{Bases: []string{"dc=example,dc=com"}}, schema)
			if err != nil {
				b.Fatal(err)
			}
			s := p.Session()
			request, _ := message.AppendRequest(nil, 1, test.request)
			answer := done(1, test.answer).Append(nil)
			b.ReportAllocs()
			for b.Loop() {
				if err := s.FromClient(start, request); err != nil {
					b.Fatal(err)
				}
				if err := s.FromServer(answer); err != nil {
					b.Fatal(err)
				}
				s.ToServer()
				s.ToClient()
			}
		})
	}
}

// BenchmarkNames: names of returned entries held against a base.
func BenchmarkNames(b *testing.B) {
	p, err := New(Rules{Bases: []string{"dc=example,dc=com"}}, schema)
	if err != nil {
		b.Fatal(err)
	}
	for _, name := range []string{
		"uid=person1,ou=people,dc=example,dc=com", "uid=person1,ou=people,DC=Example,DC=COM", "uid=person1, ou=people, dc=example, dc=com",
		"uid=person1,ou=people,domainComponent=example,dc=com", "uid=person1,ou=people,dc=example,dc=org",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				p.bases.holds([]byte(name), false)
			}
		})
	}
}
