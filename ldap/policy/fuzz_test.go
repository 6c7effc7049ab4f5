package policy

import (
	"bytes"
	"iter"
	"slices"
	"strings"
	"testing"

	ber "github.com/go-asn1-ber/asn1-ber"

	"github.com/ldapedge/ldapedge/dn"
	"github.com/ldapedge/ldapedge/ldap/control"
	"github.com/ldapedge/ldapedge/ldap/filter"
	"github.com/ldapedge/ldapedge/ldap/message"
)

// allowedBy checks what reaches the server by asn1-ber alone, against the rules
// that FuzzPolicy has: read-only, one base, and no filter or selection with a
// refused attribute.
func allowedBy(t *testing.T, stream []byte) {
	t.Helper()
	for r := bytes.NewReader(stream); r.Len() > 0; {
		p, err := ber.ReadPacket(r)
		if err != nil {
			t.Fatalf("no whole messages: %v", err)
		}
		if at := len(stream) - r.Len(); !bytes.HasSuffix(stream[:at], p.Bytes()) {
			t.Fatalf("not in the shortest form: % x", stream[:at])
		}
		if p.Tag != ber.TagSequence || len(p.Children) < 2 || len(p.Children) > 3 {
			t.Fatalf("no LDAPMessage: % x", p.Bytes())
		}
		if id, ok := p.Children[0].Value.(int64); !ok || id < 1 {
			t.Fatalf("message ID %v", p.Children[0].Value)
		}
		op := p.Children[1]
		if op.ClassType != ber.ClassApplication {
			t.Fatalf("class %x", op.ClassType)
		}
		switch op.Tag {
		case 0, 2, 16: // bind, unbind, abandon
		case 3:
			allowedSearch(t, op)
		case 14:
			allowedName(t, op.Children[0].Data.String(), -1)
			allowedAttribute(t, op.Children[1].Children[0].Data.String())
		case 23:
			if name := op.Children[0].Data.String(); name != oidWhoAmI && name != oidCancel {
				t.Fatalf("extended operation %q", name)
			}
		default:
			t.Fatalf("operation %d", op.Tag)
		}
		if len(p.Children) == 3 {
			for _, c := range p.Children[2].Children {
				if oid := c.Children[0].Data.String(); !slices.Contains(defaultControls, oid) {
					t.Fatalf("control %q", oid)
				}
			}
		}
	}
}

func allowedSearch(t *testing.T, op *ber.Packet) {
	if len(op.Children) != 8 {
		t.Fatalf("a search of %d elements", len(op.Children))
	}
	allowedName(t, op.Children[0].Data.String(), op.Children[1].Value.(int64))
	if deref, size := op.Children[2].Value.(int64), op.Children[3].Value.(int64); deref != 0 || size < 1 || size > 100 {
		t.Fatalf("deref %d, size limit %d", deref, size)
	}
	allowedFilter(t, op.Children[6])
	for _, a := range op.Children[7].Children {
		if name := a.Data.String(); name != "1.1" {
			allowedAttribute(t, strings.TrimPrefix(name, "@"))
		}
	}
}

func allowedName(t *testing.T, name string, scope int64) {
	name = strings.ToLower(name)
	if scope == 0 && (name == "" || name == "cn=subschema" || name == "cn=schema" || name == "ou=schema" || strings.HasPrefix(name, "cn=aggregate,")) {
		return
	}
	// The names are written anew, so that no separator has spaces around it; what
	// remains is how a value or a type may be written.
	if !strings.HasSuffix(name, "=example,dc=com") && !isUnder(name) {
		t.Fatalf("name %q", name)
	}
}

// isUnder tells whether a name is at or under the base, however it is written.
func isUnder(name string) bool {
	d, err := dn.Parse(name)
	if err != nil || len(d) < 2 {
		return false
	}
	for i, value := range []string{"example", "com"} {
		r := d[len(d)-2+i]
		is := slices.Contains([]string{"dc", "domaincomponent", "0.9.2342.19200300.100.1.25"}, strings.ToLower(r[0].Type))
		if len(r) != 1 || !is || strings.ToLower(strings.Trim(r[0].Value, " ")) != value || r[0].Hex {
			return false
		}
	}
	return true
}

// allowedEntry checks an entry that reaches the client.
func allowedEntry(t *testing.T, e message.Entry) {
	for a := range e.Attributes() {
		allowedAttribute(t, a.Name())
	}
	name := e.DN()
	for strings.HasPrefix(name, "<") { // Active Directory's extended names
		_, name, _ = strings.Cut(name, ">;")
	}
	if !strings.HasSuffix(strings.ToLower(name), "dc=example,dc=com") && !isUnder(name) {
		allowedName(t, name, int64(message.ScopeBase))
	}
}

func allowedAttribute(t *testing.T, name string) {
	name, _, _ = strings.Cut(strings.ToLower(name), ";")
	if name == "userpassword" || strings.HasSuffix(name, "2.5.4.35") {
		t.Fatalf("attribute %q", name)
	}
}

func allowedFilter(t *testing.T, f *ber.Packet) {
	switch f.Tag {
	case 0, 1, 2:
		for _, part := range f.Children {
			allowedFilter(t, part)
		}
	case 7:
		allowedAttribute(t, f.Data.String())
	case 9:
		named := false
		for _, c := range f.Children {
			if c.Tag == 2 {
				allowedAttribute(t, c.Data.String())
				named = true
			}
		}
		if !named {
			t.Fatal("a rule for any attribute")
		}
	default:
		allowedAttribute(t, f.Children[0].Data.String())
	}
}

// For whatever bytes, cut anywhere, what reaches the server is whole requests
// that are allowed; what reaches the client is whole responses; and how the
// bytes are cut makes no difference.
func FuzzPolicy(f *testing.F) {
	// Filters may be nested as deep as they are; asn1-ber counts what is around.
	ber.MaxNestingDepth = 2 * filter.MaxDepth
	add := func(r message.Request, controls ...message.Control) {
		b, err := message.AppendRequest(nil, 3, r, controls...)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b, done(3, message.OpSearchResultDone).Append(entry(3, "cn=a", "cn", "userPassword").Append(nil)), []byte{5})
		f.Add(b, done(3, message.OpSearchResultDone).Append(entry(3, "cn=a,dc=example,dc=com", "userPassword", "cn").Append(nil)), []byte{9, 30})
		f.Add(b, entry(3, "cn=a,dc=example,dc=com", "cn", "userPassword").Append(nil), []byte{200, 0, 1})
	}
	for _, r := range writes {
		add(r)
	}
	for _, text := range []string{"(cn=a)", "(|(userPassword=a)(cn=*))", "(:dn:1.2:=x)", "(&(a=b*c)(!(2.5.4.35>=x)))", "(oid.2.5.4.35~=a)"} {
		for _, base := range []string{"", "dc=example,dc=com", " CN=x; DC = \"example\" , 0.9.2342.19200300.100.1.25=com", "cn=Aggregate,CN=Schema,CN=Configuration,dc=a", "<GUID=1>"} {
			r := find(text)
			r.Base, r.Attributes = base, []string{"*", "userPassword;x"}
			add(r, control.PagedResults{Size: 5}.Control(), control.Sort{Keys: []control.SortKey{{Attribute: "cn"}}}.Control())
			add(r, control.Assertion{Filter: r.Filter}.Control(), control.PreRead{Attributes: r.Attributes}.Control())
		}
	}
	add(message.BindRequest{DN: "cn=a", Password: password})
	add(message.SASLBindRequest{Mechanism: "PLAIN", Credentials: []byte("x")})
	add(message.CompareRequest{DN: "dc=example,dc=com", Attribute: "userPassword", Value: password})
	add(message.AbandonRequest{ID: 3})
	add(message.ExtendedRequest{Name: message.StartTLS})
	add(message.ExtendedRequest{Name: oidCancel, Value: []byte{0x30, 3, 2, 1, 3}})
	add(message.UnbindRequest{}, control.Relax.Control())
	elsewhere := message.Result{Code: message.ResultReferral, Referral: []string{"ldap://x"}}
	search, err := message.AppendRequest(nil, 3, find("(cn=a)"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(search, message.NewResult(3, message.OpSearchResultDone, elsewhere).WithControls(control.PagedResults{Cookie: bytes.Repeat([]byte("c"), 100)}.Control()).Append(nil), []byte{200, 200})
	var policies []*Policy
	for _, strip := range []bool{false, true} {
		p, err := New(Rules{Bases: []string{"dc=example,dc=com"}, SizeLimit: 100, StripReferrals: strip}, nil)
		if err != nil {
			f.Fatal(err)
		}
		policies = append(policies, p)
		if strip {
			policies = append(policies, p.WithSchema(hostile))
		}
	}
	f.Fuzz(func(t *testing.T, client, server, cuts []byte) {
		which := len(cuts) / 2 % len(policies)
		p, strips := policies[which], which > 0
		toServer, toClient, failed := exchange(p, client, server, cuts)
		whole, wholeClient, wholeFailed := exchange(p, client, server, nil)
		if !bytes.Equal(toServer, whole) || !bytes.Equal(toClient, wholeClient) || failed != wholeFailed {
			t.Fatalf("cut: %x %x %v\nwhole: %x %x %v", toServer, toClient, failed, whole, wholeClient, wholeFailed)
		}
		allowedBy(t, toServer)
		for b := toClient; len(b) > 0; {
			n, err := measure(b, 1<<30)
			if err != nil || n == 0 || n > len(b) {
				t.Fatalf("to the client: % x, %v", b, err)
			}
			m, err := message.Parse(b[:n])
			if err != nil {
				t.Fatal(err)
			}
			if r, err := m.Result(); strips && err == nil && m.Op != message.OpSearchResultEntry && m.Op != message.OpIntermediateResponse && (r.Referral != nil || r.Code == message.ResultReferral) {
				t.Fatalf("a referral: %+v", r)
			}
			if e, err := m.Entry(); err == nil {
				allowedEntry(t, e)
			}
			b = b[n:]
		}
	})
}

// exchange gives a session all of the client's bytes and then all of the
// server's, cut into pieces whose sizes are one more than the cuts, again and again.
// With an odd number of them, what the server sends is read behind what the session
// has not in whole.
func exchange(p *Policy, client, server, cuts []byte) (toServer, toClient []byte, failed bool) {
	s := p.Session()
	for piece := range pieces(client, cuts) {
		failed = s.FromClient(start, piece) != nil || failed
		clear(piece) // it may be changed afterwards
		toServer = append(toServer, s.ToServer()...)
	}
	toClient = append(toClient, s.ToClient()...)
	buf := make([]byte, 2*len(server))
	for piece := range pieces(server, cuts) {
		n := 0
		if len(cuts)%2 == 1 {
			n = s.Held()
			s.Move(buf[:n])
		}
		n += copy(buf[n:], piece)
		failed = s.FromServer(buf[:n]) != nil || failed
		toClient = append(toClient, s.ToClient()...)
	}
	return toServer, toClient, failed
}

// pieces cuts a copy of b.
func pieces(b, cuts []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		rest := bytes.Clone(b)
		for i := 0; len(rest) > 0; i++ {
			n := len(rest)
			if len(cuts) > 0 {
				n = min(n, int(cuts[i%len(cuts)])+1)
			}
			if !yield(rest[:n:n]) {
				return
			}
			rest = rest[n:]
		}
	}
}
