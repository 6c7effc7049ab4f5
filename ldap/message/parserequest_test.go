package message

import (
	"bytes"
	"encoding/hex"
	"errors"
	"reflect"
	"strings"
	"testing"

	ber "github.com/go-asn1-ber/asn1-ber"

	"github.com/ldapedge/ldapedge/ldap/filter"
)

// requests are one or more of each kind, all that they may have among them.
var requests = []Request{
	BindRequest{},
	BindRequest{DN: "cn=a", Password: "secret"},
	BindRequest{DN: "cn=a", Unauthenticated: true},
	BindRequest{Password: strings.Repeat("x", 300)},
	SASLBindRequest{},
	SASLBindRequest{DN: "cn=a", Mechanism: "PLAIN", Credentials: []byte("\x00u\x00p")},
	SASLBindRequest{Mechanism: "EXTERNAL", Credentials: []byte{}},
	UnbindRequest{},
	SearchRequest{Filter: filter.Present("objectClass")},
	SearchRequest{
		Base: "dc=example,dc=com", Scope: ScopeSub, Deref: DerefAlways, SizeLimit: 1<<31 - 1, TimeLimit: 200, TypesOnly: true,
		Filter: filter.And(filter.Or(), filter.Not(filter.Substrings("cn", "a", []string{"b", "c"}, "d")),
			filter.Extensible("", "2.5.13.5", "x", true), filter.Approx("sn", "\xff"), filter.GreaterOrEqual("uidNumber", "5"), filter.LessOrEqual("a;b", "")),
		Attributes: []string{"*", "+", "cn;lang-de", "1.1"},
	},
	ModifyRequest{DN: "cn=a", Changes: []Change{
		{ChangeAdd, "a", []string{"1"}}, {ChangeDelete, "b", nil}, {ChangeReplace, "c", []string{"2", "3"}}, {ChangeIncrement, "d", []string{"-1"}},
	}},
	AddRequest{DN: "cn=a", Attributes: []PartialAttribute{{"cn", []string{"a"}}, {"sn;x", []string{"b", ""}}}},
	DeleteRequest{DN: "cn=a"},
	ModifyDNRequest{DN: "cn=a", NewRDN: "cn=b"},
	ModifyDNRequest{DN: "cn=a", NewRDN: "cn=b", KeepOldRDN: true, NewSuperior: new("")},
	CompareRequest{DN: "cn=a", Attribute: "sn", Value: "\xff"},
	AbandonRequest{ID: 70000},
	ExtendedRequest{Name: "1.3"},
	ExtendedRequest{Name: "1.3", Value: []byte{}},
}

var requestControls = []Controls{nil, {{OID: "1.2"}}, {{OID: "1.2", Critical: true}, {OID: "1.3", Value: []byte{}}, {OID: "1.4", Critical: true, Value: []byte("v")}}}

// What is written is read as what it was, also from what asn1-ber has read and
// written again, and with Active Directory's lengths.
func TestParseRequestRoundTrip(t *testing.T) {
	for _, r := range requests {
		for _, controls := range requestControls {
			for _, id := range []int32{1, 127, 128, 1<<31 - 1} {
				b, err := AppendRequest(nil, id, r, controls...)
				if err != nil {
					t.Fatalf("%#v: %v", r, err)
				}
				p, err := ber.DecodePacketErr(b)
				if err != nil {
					t.Fatalf("%#v: asn1-ber: %v", r, err)
				}
				want := Received{id, r, controls}
				for what, form := range map[string][]byte{"as written": b, "by asn1-ber": p.Bytes(), "with long lengths": longLengths(p)} {
					got, err := ParseRequest(form)
					if err != nil || !reflect.DeepEqual(got, want) {
						t.Fatalf("%s: got %#v, %v\nwant %#v", what, got, err, want)
					}
				}
			}
		}
	}
}

// A request that is cut, or has something more in any of its sequences, is no
// request.
func TestParseRequestIsStrict(t *testing.T) {
	for _, r := range requests {
		b, _ := AppendRequest(nil, 5, r, Control{OID: "1.2", Critical: true, Value: []byte("v")})
		for n := range b {
			if _, err := ParseRequest(b[:n]); !errors.Is(err, ErrProtocol) {
				t.Errorf("%#v: %d of %d bytes: %v", r, n, len(b), err)
			}
		}
		p := ber.DecodePacket(b)
		each(p, func(inner *ber.Packet) {
			if inner.ClassType == ber.ClassContext && (inner.Tag == 7 || inner.Tag <= 2 && p.Children[1].Tag == ber.Tag(3) && inner != p.Children[2]) {
				return // and, or, not: more parts are another filter
			}
			list := inner.Children
			defer func() { inner.Children = list }()
			inner.Children = append(list[:len(list):len(list)], ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagInteger, 1, ""))
			if got, err := ParseRequest(longLengths(p)); !errors.Is(err, ErrProtocol) {
				t.Errorf("%#v with something after tag 0x%02x is %#v, %v", r, inner.Tag, got, err)
			}
		})
	}
}

// each goes over the constructed elements.
func each(p *ber.Packet, do func(*ber.Packet)) {
	if p.TagType == ber.TypeConstructed {
		do(p)
	}
	for _, c := range p.Children {
		each(c, do)
	}
}

func TestParseRequestRefuses(t *testing.T) {
	for _, test := range []struct{ name, hex, want string }{
		{"negative ID", "3005 0201ff 4200", "messageID -1 is negative"},
		{"ID over 32 bits", "3009 02050100000000 4200", "messageID is over 32 bits"},
		{"indefinite length", "3080 020101 4200 0000", "indefinite length"},
		{"response", "300c 020101 6507 0a0100 0400 0400", "tag 0x65 is no request"},
		{"unbind with contents", "3006 020101 4201 00", "after the last element"},
		{"LDAPv2", "300c 020101 6007 020102 0400 8000", "LDAP version 2"},
		{"Sicily bind", "300c 020101 6007 020103 0400 8900", "choice of authentication"},
		{"two operations", "3007 020101 4200 4200", "after the last element"},
		{"control with a tail", "", "after the control"},
		{"bind inside the controls", "300e 020101 4200 a007 6005 020103 0400", "tag 0x60 where 0x30 is due"},
		{"octets made of pieces", "300c 020101 6007 020103 2400 8000", "tag 0x24 where 0x04 is due"},
		{"scope 3", "3025 020101 6320 0400 0a0103 0a0100 020100 020100 010100 870b6f626a656374436c617373 3000", "scope 3 is not known"},
	} {
		b, err := hex.DecodeString(strings.ReplaceAll(test.hex, " ", ""))
		if err != nil {
			t.Fatal(err)
		}
		if test.name == "control with a tail" {
			b, _ = AppendRequest(nil, 1, UnbindRequest{}, Control{OID: "1.2"})
			b = append(b, 2, 0)
			for _, at := range []int{1, 8, 10} {
				b[at] += 2
			}
		}
		if r, err := ParseRequest(b); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %#v, %v; want %q", test.name, r, err, test.want)
		}
	}
}

// What is made for the client reads as a response.
func TestMadeResponses(t *testing.T) {
	want := Result{Code: ResultReferral, MatchedDN: "dc=a", Diagnostic: "no", Referral: []string{"ldap://a", "ldap://b"}}
	b := NewResult(300, OpSearchResultDone, want).WithControls(Control{OID: "1.2", Value: []byte("v")}).Append(nil)
	m, err := Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := m.Result(); err != nil || m.ID != 300 || m.Op != OpSearchResultDone || !reflect.DeepEqual(got, want) {
		t.Errorf("got %d, %x, %+v, %v", m.ID, m.Op, got, err)
	}
	if cs, err := m.Controls(); err != nil || len(cs) != 1 || cs[0].OID != "1.2" || !m.HasControls() {
		t.Errorf("controls %+v, %v", cs, err)
	}
	if !bytes.Equal(b, ber.DecodePacket(b).Bytes()) {
		t.Error("asn1-ber has another encoding")
	}
	m, _ = Parse(NewDisconnection(Result{Code: ResultProtocolError}).Append(nil))
	if notice, err := m.ExtendedResponse(); err != nil || m.ID != 0 || notice.Name != noticeOfDisconnection || notice.Code != ResultProtocolError {
		t.Errorf("got %d, %+v, %v", m.ID, notice, err)
	}
	m, _ = Parse(entryResponse(7, "cn=a", attr{"cn", []string{"a"}}, attr{"pw", []string{"x", "y"}}, attr{"sn", nil}))
	e, _ := m.Entry()
	shown, dropped := e.Without(func(name []byte) bool { return string(name) == "pw" })
	if got := shown.Message(7).Append(nil); !dropped || !bytes.Equal(got, entryResponse(7, "cn=a", attr{"cn", []string{"a"}}, attr{"sn", nil})) {
		t.Errorf("got % x", got)
	}
	if _, dropped := e.Without(func([]byte) bool { return false }); dropped {
		t.Error("nothing is dropped, and it says so")
	}
	if e, err = ParseEntry(shown.AppendBER(nil)); err != nil || e.DN() != "cn=a" {
		t.Errorf("an entry as a value: %v", err)
	}
}

// Whatever is read as a request is written and read again as the same, unless
// the encoder refuses it; and asn1-ber reads it too.
func FuzzParseRequest(f *testing.F) {
	for _, r := range requests {
		for _, controls := range requestControls {
			b, _ := AppendRequest(nil, 5, r, controls...)
			f.Add(b)
			f.Add(longLengths(ber.DecodePacket(b)))
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := ParseRequest(b)
		if err != nil {
			if !errors.Is(err, ErrProtocol) && !errors.Is(err, ErrAuthentication) {
				t.Fatalf("an error of another kind: %v", err)
			}
			return
		}
		again, err := AppendRequest(nil, r.ID, r.Request, r.Controls...)
		if err != nil {
			return
		}
		if p, err := ber.DecodePacketErr(again); err != nil && !strings.Contains(err.Error(), "nesting depth") || err == nil && len(p.Bytes()) != len(again) {
			t.Fatalf("asn1-ber: %v", err)
		}
		if got, err := ParseRequest(again); err != nil || !reflect.DeepEqual(got, r) {
			t.Fatalf("got %#v, %v\nwant %#v", got, err, r)
		}
	})
}
