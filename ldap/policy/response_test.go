package policy

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/ldapedge/ldapedge/ldap/control"
	"github.com/ldapedge/ldapedge/ldap/internal/tlv"
	"github.com/ldapedge/ldapedge/ldap/message"
)

func TestPolicyStripsRefusedAttributesFromEntries(t *testing.T) {
	s := begin(t, Rules{}, nil)
	s.passes(1, find("(cn=a)"))
	hidden := append(DefaultRefusedAttributes(), spellings...)
	b := s.answer(entry(1, "cn=a", append(append([]string{"cn"}, hidden...), "sn")...))
	m, err := message.Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	if e, err := m.Entry(); err != nil || e.DN() != "cn=a" || names(e) != "cn sn" || m.ID != 1 {
		t.Errorf("got %d %s %q, %v", m.ID, e.DN(), names(e), err)
	}
	if s.counts.Refusals[ReasonHidden] != 1 {
		t.Errorf("counts are %+v", s.Counts())
	}
	if e := entry(1, "cn=a", "cn", "userPasswordHint", "xuserPassword", "description;userPassword").Append(nil); !bytes.Equal(s.answer(mustParse(t, e)), e) {
		t.Error("what is like a refused attribute is stripped")
	}
}

func mustParse(t *testing.T, b []byte) message.Message {
	t.Helper()
	m, err := message.Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestPolicyStripsRefusedAttributesFromControls(t *testing.T) {
	s := begin(t, Rules{Operations: []Operation{Delete}}, nil)
	for _, oid := range []string{control.OIDPreRead, control.OIDPostRead} {
		s.passes(1, message.DeleteRequest{DN: "cn=a"}, control.PreRead{}.Control())
		read := message.Control{OID: oid, Value: newEntry("cn=a", "cn", "userPassword").AppendBER(nil)}
		other := message.Control{OID: "1.2.3", Value: []byte("x")}
		got, err := mustParse(t, s.answer(done(1, message.OpDelResponse).WithControls(other, read))).Controls()
		if err != nil || len(got) != 2 || string(got[0].Value) != "x" {
			t.Fatalf("got %+v, %v", got, err)
		}
		e, err := message.ParseEntry(got[1].Value)
		if err != nil || names(e) != "cn" {
			t.Errorf("got %q, %v", names(e), err)
		}
	}
	s.passes(1, message.DeleteRequest{DN: "cn=a"})
	got := s.answer(done(1, message.OpDelResponse).WithControls(message.Control{OID: control.OIDPreRead, Value: []byte("userPassword " + password)}))
	if bytes.Contains(got, []byte(password)) || len(got) == 0 {
		t.Errorf("an entry that cannot be read passes: %q", got)
	}
}

// same returns n times the same entry, with nothing to hide.
func same(n int) []byte {
	return bytes.Repeat(entry(1, "cn=a", "cn", "sn", "mail").Append(nil), n)
}

// Nothing that has nothing to hide is changed or copied.
func TestPolicyPassesResponsesAsTheyAre(t *testing.T) {
	s := begin(t, Rules{}, nil)
	s.passes(1, find("(cn=a)"))
	b := same(100)
	b = message.NewResult(1, message.OpSearchResultDone, message.Result{Code: message.ResultReferral, Referral: []string{"ldap://x"}}).
		WithControls(control.PagedResults{Cookie: []byte("c")}.Control()).Append(b)
	if err := s.FromServer(b); err != nil {
		t.Fatal(err)
	}
	if got := s.ToClient(); len(got) != len(b) || &got[0] != &b[0] {
		t.Errorf("got %d bytes of %d, copied", len(got), len(b))
	}
}

// What one read has of a message and the next has the rest of, passes in the piece
// of memory that it was read to.
func TestPolicyPassesWhatReadsCutAsItIs(t *testing.T) {
	s := begin(t, Rules{}, nil)
	s.passes(1, find("(cn=a)"))
	stream := same(20)
	var got []byte
	buf := make([]byte, 100)
	for at := 0; at < len(stream); {
		held := s.Held()
		n := held + copy(buf[held:], stream[at:])
		s.Move(buf[:held])
		if err := s.FromServer(buf[:n]); err != nil {
			t.Fatal(err)
		}
		out := s.ToClient()
		if len(out) > 0 && &out[0] != &buf[0] {
			t.Errorf("what is read at %d is copied", at)
		}
		got = append(got, out...)
		at += n - held
	}
	if !bytes.Equal(got, stream) {
		t.Errorf("got %q", got)
	}
	large := entry(1, "cn=a", strings.Repeat("x", 5000)).Append(nil)
	if err := s.FromServer(large[:5000]); err != nil || s.Held() != 0 {
		t.Errorf("much is moved with every read, %v", err)
	}
	s.Move(nil)
	if err := s.FromServer(large[5000:]); err != nil || !bytes.Equal(s.ToClient(), large) {
		t.Errorf("what is not moved is lost, %v", err)
	}
}

// Entries of any size and form of lengths are stripped where they have been read,
// and nothing else of what has been read is touched.
func TestPolicyStripsInPlace(t *testing.T) {
	long := func(tag byte, parts ...[]byte) []byte { // as Active Directory writes lengths
		body := bytes.Join(parts, nil)
		n := len(body)
		return append([]byte{tag, 0x84, byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}, body...)
	}
	for _, size := range []int{0, 50, 100, 127, 128, 200, 255, 256, 300, 65535, 70_000} {
		value := bytes.Repeat([]byte("v"), size)
		shown := message.NewEntry("cn=a", message.NewAttribute("cn", value), message.NewAttribute("sn", value, value)).Message(1).Append(nil)
		other := entry(1, "cn=b", "cn").Append(nil)
		short := message.NewEntry("cn=a", message.NewAttribute("userPassword"), message.NewAttribute("cn", value), message.NewAttribute("unicodePwd", value), message.NewAttribute("sn", value, value)).Message(1).Append(nil)
		attribute := func(name string, values ...[]byte) []byte {
			var set []byte
			for _, v := range values {
				set = append(set, tlv.Append(nil, tlv.OctetString, v)...)
			}
			return long(tlv.Sequence, long(tlv.OctetString, []byte(name)), long(tlv.Set, set))
		}
		read := long(tlv.Sequence, []byte{2, 1, 1}, long(byte(message.OpSearchResultEntry), long(tlv.OctetString, []byte("cn=a")),
			long(tlv.Sequence, attribute("cn", value), attribute("userPassword", value), attribute("sn", value), attribute("unicodePwd"))))
		m := mustParse(t, read)
		before, err := m.Entry()
		if err != nil {
			t.Fatal(err)
		}
		apart, _ := before.Without(func(name []byte) bool { return string(name) != "cn" && string(name) != "sn" })
		stripped := apart.Message(1).Append(nil)
		stream := bytes.Join([][]byte{other, short, other, other, read, short, other}, nil)
		want := bytes.Join([][]byte{other, shown, other, other, stripped, shown, other}, nil)
		s := begin(t, Rules{}, nil)
		s.passes(1, find("(cn=a)"))
		if err := s.FromServer(stream); err != nil {
			t.Fatal(err)
		}
		if got := s.ToClient(); !bytes.Equal(got, want) || &got[0] != &stream[0] {
			t.Errorf("size %d: got %d bytes, not %d", size, len(got), len(want))
		}
	}
}

func TestPolicyDropsResponsesWithoutRequest(t *testing.T) {
	s := begin(t, Rules{}, nil)
	s.passes(1, message.CompareRequest{DN: "cn=a", Attribute: "cn"})
	for _, m := range []message.Message{
		entry(2, "cn=a"), done(2, message.OpSearchResultDone), done(1, message.OpSearchResultDone), entry(1, "cn=a"),
		done(1, message.OpExtendedResponse), done(0, message.OpBindResponse), entry(0, "cn=a"),
	} {
		if got := s.answer(m); len(got) != 0 {
			t.Errorf("%x for %d passes", m.Op, m.ID)
		}
	}
	if s.counts.Refusals[ReasonUnexpected] != 7 || s.InFlight() != 1 {
		t.Errorf("counts are %+v", s.Counts())
	}
	if got := s.answer(done(1, message.OpCompareResponse), done(1, message.OpCompareResponse)); bytes.Count(got, []byte{0x6f}) != 1 {
		t.Errorf("got % x", got)
	}
}

// Samba answers some requests with an extended response.
func TestPolicyTakesExtendedResponseForRefusal(t *testing.T) {
	s := begin(t, Rules{RequireBind: true}, nil)
	s.passes(1, message.BindRequest{DN: "cn=a", Password: password})
	m := message.NewResult(1, message.OpExtendedResponse, message.Result{Code: message.ResultUnavailableCritical})
	if got := s.answer(m); !bytes.Equal(got, m.Append(nil)) || s.InFlight() != 0 || s.bound {
		t.Errorf("got % x, bound %v", got, s.bound)
	}
}

func TestPolicyPassesUnsolicitedNotices(t *testing.T) {
	s := begin(t, Rules{}, nil)
	m := message.NewDisconnection(message.Result{Code: message.ResultUnavailable, Diagnostic: "bye"})
	if got := s.answer(m); !bytes.Equal(got, m.Append(nil)) {
		t.Errorf("got % x", got)
	}
}

func TestPolicyPassesIntermediateResponsesOfItsOperations(t *testing.T) {
	s := begin(t, Rules{}, nil)
	s.passes(1, find("(cn=a)"))
	b := []byte{0x30, 10, 2, 1, 1, 0x79, 5, 0x80, 3, '1', '.', '2'}
	if got := s.answer(mustParse(t, b)); !bytes.Equal(got, b) {
		t.Errorf("got % x", got)
	}
	b[4] = 2
	if got := s.answer(mustParse(t, b)); len(got) != 0 {
		t.Errorf("got % x", got)
	}
}

func TestPolicyStripsReferrals(t *testing.T) {
	reference := []byte{0x30, 15, 2, 1, 1, 0x73, 10, 4, 8, 'l', 'd', 'a', 'p', ':', '/', '/', 'x'}
	result := message.Result{Code: message.ResultReferral, MatchedDN: "dc=a", Referral: []string{"ldap://x"}}
	for _, strip := range []bool{false, true} {
		s := begin(t, Rules{StripReferrals: strip}, nil)
		s.passes(1, find("(cn=a)"))
		page := control.PagedResults{Cookie: bytes.Repeat([]byte("c"), 100)}.Control()
		got := s.answer(mustParse(t, reference), message.NewResult(1, message.OpSearchResultDone, result).WithControls(page))
		if bytes.Contains(got, []byte("ldap:")) == strip || len(got) == 0 {
			t.Errorf("strip %v: %q", strip, got)
		}
		if !strip {
			continue
		}
		if all, err := mustParse(t, got).Controls(); err != nil || len(all) != 1 || !bytes.Equal(all[0].Value, page.Value) {
			t.Errorf("controls are %+v, %v", all, err)
		}
		if r, err := mustParse(t, got).Result(); err != nil || r.Code != unwilling || !strings.Contains(r.Diagnostic, "stripReferrals") {
			t.Errorf("got %+v, %v", r, err)
		}
	}
}

func TestPolicyEndsWithABrokenServer(t *testing.T) {
	good := entry(1, "cn=a", "cn").Append(nil)
	for name, b := range map[string][]byte{
		"no LDAP":            []byte("HTTP/1.1 400 Bad Request"),
		"indefinite length":  {0x30, 0x80},
		"over the limit":     {0x30, 0x84, 0x7f, 0, 0, 0},
		"entry without list": {0x30, 7, 2, 1, 1, 0x64, 2, 4, 0},
		"controls cut":       {0x30, 18, 2, 1, 1, 0x65, 7, 0x0a, 1, 0, 4, 0, 4, 0, 0xa0, 4, 0x30, 9, 4, 0},
	} {
		s := begin(t, Rules{}, nil)
		s.passes(1, find("(cn=a)"))
		err := s.FromServer(append(append([]byte{}, good...), b...))
		var ended *SessionError
		if !errors.As(err, &ended) || ended.From != Server || !errors.Is(err, message.ErrProtocol) {
			t.Fatalf("%s: %v", name, err)
		}
		rest, ok := bytes.CutPrefix(s.ToClient(), good)
		if !ok {
			t.Errorf("%s: what came before is lost", name)
		}
		if notice, err := mustParse(t, rest).ExtendedResponse(); err != nil || notice.Code != message.ResultUnavailable {
			t.Errorf("%s: %+v, %v", name, notice, err)
		}
		if again := s.FromClient(start, encode(t, 2, find("(cn=a)"))); again != err || s.ToServer() != nil || s.ToClient() != nil {
			t.Errorf("%s: the session goes on: %v", name, again)
		}
	}
}
