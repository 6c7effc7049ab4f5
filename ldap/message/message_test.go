package message

import (
	"bytes"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	ber "github.com/go-asn1-ber/asn1-ber"
)

func collect(e Entry) (all []attr) {
	for a := range e.Attributes() {
		all = append(all, attr{a.Name(), a.Strings()})
	}
	return all
}

func TestEntry(t *testing.T) {
	attributes := []attr{
		{"cn", []string{"Bob Exämple", ""}},
		{"jpegPhoto;binary", []string{"\xff\xd8\x00\xff"}},
		{"description", nil},
		{"big", []string{strings.Repeat("x", 70000)}},
	}
	short := entryResponse(7, "cn=Bob,dc=example", attributes...)
	p, err := ber.DecodePacketErr(short)
	if err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string][]byte{"shortest lengths": short, "four-byte lengths": longLengths(p)} {
		t.Run(name, func(t *testing.T) {
			m, err := Parse(b)
			if err != nil || m.ID != 7 || m.Op != OpSearchResultEntry {
				t.Fatalf("%+v, %v", m, err)
			}
			e, err := m.Entry()
			if err != nil || e.DN() != "cn=Bob,dc=example" {
				t.Fatalf("%q, %v", e.DN(), err)
			}
			if got := collect(e); !reflect.DeepEqual(got, attributes) {
				t.Errorf("attributes %v", got)
			}
			if a, ok := e.Attribute("CN"); !ok || !slices.Equal(a.Strings(), attributes[0].values) {
				t.Errorf("CN: %v, %v", a.Strings(), ok)
			}
			if _, ok := e.Attribute("sn"); ok {
				t.Error("sn is there")
			}
		})
	}
}

func TestEntryIsReadInPlace(t *testing.T) {
	b := entryResponse(1, "cn=x", attr{"cn", []string{"x", "y"}}, attr{"sn", []string{"z"}})
	n := testing.AllocsPerRun(100, func() {
		m, err := Parse(b)
		if err != nil {
			t.Fatal(err)
		}
		e, err := m.Entry()
		if err != nil {
			t.Fatal(err)
		}
		count := 0
		for a := range e.Attributes() {
			for v := range a.Values() {
				count += len(v)
			}
		}
		if count != 3 {
			t.Fatalf("%d bytes of values", count)
		}
	})
	if n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// Every way to cut a message short, and every byte turned into another, is an
// error or a message, never a panic; and cutting is always an error.
func TestBrokenMessages(t *testing.T) {
	whole := [][]byte{
		entryResponse(1, "cn=x", attr{"cn", []string{"x"}}),
		resultResponse(1, 1, 49, "dc=x", "no"),
		response(1, func() *ber.Packet {
			p := ber.Encode(ber.ClassApplication, ber.TypeConstructed, 19, nil, "")
			p.AppendChild(octets("ldap://h/", ""))
			return p
		}()),
	}
	read := func(b []byte) error {
		m, err := Parse(b)
		if err != nil {
			return err
		}
		switch m.Op {
		case OpSearchResultEntry:
			e, err := m.Entry()
			collect(e)
			return err
		case OpSearchResultReference:
			_, err = m.References()
		default:
			_, err = m.Result()
		}
		return err
	}
	for _, b := range whole {
		if err := read(b); err != nil {
			t.Fatal(err)
		}
		for i := range b {
			if err := read(b[:i]); !errors.Is(err, ErrProtocol) {
				t.Errorf("% x cut at %d: %v", b, i, err)
			}
			for _, c := range []byte{0, 1, 0x1f, 0x7f, 0x80, 0x84, 0x88, 0xff} {
				changed := bytes.Clone(b)
				changed[i] = c
				if err := read(changed); err != nil && !errors.Is(err, ErrProtocol) {
					t.Errorf("% x: %v", changed, err)
				}
			}
		}
	}
}

func TestResult(t *testing.T) {
	referral := ber.Encode(ber.ClassContext, ber.TypeConstructed, 3, nil, "")
	referral.AppendChild(octets("ldap://a/", ""))
	referral.AppendChild(octets("ldap://b/", ""))
	m, err := Parse(resultResponse(3, 5, 10, "dc=x", "over there", referral))
	if err != nil {
		t.Fatal(err)
	}
	got, err := m.Result()
	want := Result{Code: ResultReferral, MatchedDN: "dc=x", Diagnostic: "over there", Referral: []string{"ldap://a/", "ldap://b/"}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
	for code, name := range map[ResultCode]string{0: "success", 50: "insufficientAccessRights", 4711: "result 4711"} {
		if code.String() != name {
			t.Errorf("%d is %q", int(code), code)
		}
	}
}

// FuzzParse holds the reader against asn1-ber: what we take for an entry,
// asn1-ber must read with the same content.
func FuzzParse(f *testing.F) {
	f.Add(entryResponse(1, "cn=x", attr{"cn", []string{"x", "y"}}, attr{"sn", nil}))
	f.Add(doneResponse(2, 0))
	f.Add([]byte{0x30, 0x84, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := Parse(b)
		if err != nil {
			if !errors.Is(err, ErrProtocol) {
				t.Fatalf("%v", err)
			}
			return
		}
		if _, err := m.Result(); err != nil && !errors.Is(err, ErrProtocol) {
			t.Fatal(err)
		}
		e, err := m.Entry()
		if err != nil {
			return
		}
		p, err := ber.DecodePacketErr(b)
		if err != nil {
			return // asn1-ber refuses what RFC 4511 lets pass, such as odd integers inside of values
		}
		if len(p.Children) < 2 || len(p.Children[1].Children) < 2 || p.Children[1].Children[0].Data.String() != e.DN() {
			t.Fatalf("DN %q", e.DN())
		}
		theirs := p.Children[1].Children[1].Children
		ours := collect(e)
		if len(theirs) != len(ours) {
			t.Fatalf("%d attributes, asn1-ber has %d", len(ours), len(theirs))
		}
		for i, a := range ours {
			if theirs[i].Children[0].Data.String() != a.name || len(theirs[i].Children[1].Children) != len(a.values) {
				t.Fatalf("attribute %v differs", a)
			}
			for j, v := range theirs[i].Children[1].Children {
				if v.Data.String() != a.values[j] {
					t.Fatalf("value %q, asn1-ber has %q", a.values[j], v.Data.String())
				}
			}
		}
	})
}
