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
	plainly := read
	read = func(b []byte) error {
		checkPass(t, b)
		return plainly(b)
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

// surnames stops at sn.
var surnames Sieve

func init() { surnames.Add("sn") }

func isSurname(description []byte) bool { return strings.EqualFold(string(description), "sn") }

// checkPass holds what is read at once against what is read step by step, and returns
// its size.
func checkPass(t *testing.T, b []byte) int {
	t.Helper()
	id, dn, size := PassEntry(b, &surnames, isSurname)
	if size == 0 {
		return 0
	}
	m, err := Parse(b[:size])
	if err != nil || m.ID != id || m.HasControls() {
		t.Fatalf("% x passes as %d, and is %+v, %v", b[:size], id, m, err)
	}
	if name, all, err := m.Scan(&surnames, isSurname); err != nil || !all || !bytes.Equal(name, dn) {
		t.Fatalf("% x passes with the name %q, and has %q, %v, %v", b[:size], dn, name, all, err)
	}
	return size
}

func TestPassEntry(t *testing.T) {
	long := strings.Repeat("x", 200)
	for name, test := range map[string]struct {
		b      []byte
		passes bool
	}{
		"short":                {entryResponse(1, "cn=x", attr{"cn", []string{"x", "y"}}), true},
		"no attributes":        {entryResponse(1, "cn=x and more"), true},
		"long name and values": {entryResponse(127, long, attr{"cn", []string{long, long}}, attr{"c", nil}), true},
		"an attribute to stop": {entryResponse(1, "cn=x", attr{"cn", nil}, attr{"SN", nil}), false},
		"in the sieve":         {entryResponse(1, "cn=x", attr{"snow", nil}), true},
		"an ID of two octets":  {entryResponse(128, "cn=x", attr{"cn", nil}), false},
		"another response":     {doneResponse(2, 0), false},
		"very long":            {entryResponse(1, "cn=x", attr{"cn", []string{strings.Repeat(long, 400)}}), false},
	} {
		if size := checkPass(t, append(bytes.Clone(test.b), doneResponse(1, 0)...)); (size > 0) != test.passes || size > 0 && size != len(test.b) {
			t.Errorf("%s: %d of %d bytes", name, size, len(test.b))
		}
		if size := checkPass(t, test.b[:len(test.b)-1]); size != 0 {
			t.Errorf("%s, cut: %d bytes", name, size)
		}
	}
}

// The sieve holds every spelling of what it was given.
func TestSieve(t *testing.T) {
	var s Sieve
	for _, name := range []string{"o", "userPassword", ""} {
		s.Add(name)
	}
	for description, held := range map[string]bool{
		"o": true, "O": true, "o;lang-en": true, "ou": true, "userpassword": true, "USERPASSWORD;binary": true, "usual": true, "2.5.4.3": true, "": true,
		"cn": false, "sn;lang-en": false, "uid": false,
	} {
		if s.Holds([]byte(description)) != held {
			t.Errorf("%q is held: %v", description, !held)
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
		checkPass(t, b)
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
