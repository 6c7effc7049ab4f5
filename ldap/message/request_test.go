package message

import (
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	ber "github.com/go-asn1-ber/asn1-ber"
)

// requestVectors are derived by hand from RFC 4511's ASN.1; each is message 1.
var requestVectors = []struct {
	name  string
	start func(*Machine) (int32, error)
	want  string
}{
	{"sasl bind", func(m *Machine) (int32, error) { return m.BindSASL(SASLBindRequest{Mechanism: "EXTERNAL"}) },
		"3016 020101 6011 020103 0400 a30a 040845585445524e414c"},
	{"sasl bind with credentials", func(m *Machine) (int32, error) {
		return m.BindSASL(SASLBindRequest{DN: "cn=a", Mechanism: "PLAIN", Credentials: []byte("\x00u\x00p")})
	}, "301d 020101 6018 020103 0404636e3d61 a30d 0405504c41494e 040400750070"},
	{"sasl bind with empty credentials", func(m *Machine) (int32, error) {
		return m.BindSASL(SASLBindRequest{Mechanism: "X", Credentials: []byte{}})
	}, "3011 020101 600c 020103 0400 a305 040158 0400"},
	{"end of a sasl bind", func(m *Machine) (int32, error) { return m.BindSASL(SASLBindRequest{}) },
		"300e 020101 6009 020103 0400 a302 0400"},
	{"compare", func(m *Machine) (int32, error) {
		return m.Compare(CompareRequest{DN: "cn=a", Attribute: "sn", Value: "\xff"})
	}, "3014 020101 6e0f 0404636e3d61 3007 0402736e 0401ff"},
	{"add", func(m *Machine) (int32, error) {
		return m.Add(AddRequest{DN: "cn=a", Attributes: []PartialAttribute{{"cn", []string{"a"}}, {"sn;x", []string{"b", ""}}}})
	}, "3027 020101 6822 0404636e3d61 301a 3009 0402636e 3103 040161 300d 0404736e3b78 3105 040162 0400"},
	{"modify", func(m *Machine) (int32, error) {
		return m.Modify(ModifyRequest{DN: "cn=a", Changes: []Change{
			{ChangeAdd, "a", []string{"1"}}, {ChangeDelete, "b", nil}, {ChangeReplace, "c", []string{"2", "3"}}, {ChangeIncrement, "d", []string{"-1"}},
		}})
	}, "304a 020101 6645 0404636e3d61 303d" +
		"300d 0a0100 3008 040161 3103 040131" +
		"300a 0a0101 3005 040162 3100" +
		"3010 0a0102 300b 040163 3106 040132 040133" +
		"300e 0a0103 3009 040164 3104 04022d31"},
	{"modifyDN", func(m *Machine) (int32, error) { return m.ModifyDN(ModifyDNRequest{DN: "cn=a", NewRDN: "cn=b"}) },
		"3014 020101 6c0f 0404636e3d61 0404636e3d62 0101ff"},
	{"modifyDN with everything", func(m *Machine) (int32, error) {
		return m.ModifyDN(ModifyDNRequest{DN: "cn=a", NewRDN: "cn=b", KeepOldRDN: true, NewSuperior: new("o=x")})
	}, "3019 020101 6c14 0404636e3d61 0404636e3d62 010100 80036f3d78"},
	{"modifyDN to the root", func(m *Machine) (int32, error) {
		return m.ModifyDN(ModifyDNRequest{DN: "cn=a", NewRDN: "cn=a", NewSuperior: new("")})
	}, "3016 020101 6c11 0404636e3d61 0404636e3d61 0101ff 8000"},
	{"delete", func(m *Machine) (int32, error) {
		return m.Delete(DeleteRequest{DN: "cn=a"}, Control{OID: "1.2", Critical: true})
	}, "3015 020101 4a04636e3d61 a00a 3008 0403312e32 0101ff"},
	{"extended with a control", func(m *Machine) (int32, error) {
		return m.Extended(ExtendedRequest{Name: "1.3", Value: []byte("v")}, Control{OID: "1.2"})
	}, "3016 020101 7708 8003312e33 810176 a007 3005 0403312e32"},
}

func TestRequestVectors(t *testing.T) {
	for _, v := range requestVectors {
		t.Run(v.name, func(t *testing.T) {
			var m Machine
			if id, err := v.start(&m); err != nil || id != 1 {
				t.Fatal(id, err)
			}
			want := strings.ReplaceAll(v.want, " ", "")
			got := m.Output()
			if hex.EncodeToString(got) != want {
				t.Errorf("got  %x\nwant %s", got, want)
			}
			if m.Pending() != 1 {
				t.Errorf("%d operations are in progress", m.Pending())
			}
			p, err := ber.DecodePacketErr(got)
			if err != nil || len(p.Bytes()) != len(got) {
				t.Errorf("asn1-ber: %v", err)
			}
		})
	}
}

func TestRefusedRequests(t *testing.T) {
	var m Machine
	tests := []struct {
		text string
		err  func() (int32, error)
	}{
		{`compare "cn=a": the attribute's name is empty`, func() (int32, error) { return m.Compare(CompareRequest{DN: "cn=a"}) }},
		{`add "cn=a": there are no attributes`, func() (int32, error) { return m.Add(AddRequest{DN: "cn=a"}) }},
		{`add "cn=a": attribute "sn" has no value`, func() (int32, error) {
			return m.Add(AddRequest{DN: "cn=a", Attributes: []PartialAttribute{{Name: "sn"}}})
		}},
		{`add "cn=a": an attribute's name is empty`, func() (int32, error) {
			return m.Add(AddRequest{DN: "cn=a", Attributes: []PartialAttribute{{Values: []string{"x"}}}})
		}},
		{`modify "cn=a": there are no changes`, func() (int32, error) { return m.Modify(ModifyRequest{DN: "cn=a"}) }},
		{`modify "cn=a": there is no change 4`, modify(&m, Change{Kind: 4, Attribute: "a"})},
		{`modify "cn=a": there is no change -1`, modify(&m, Change{Kind: -1, Attribute: "a"})},
		{`modify "cn=a": delete: the attribute's name is empty`, modify(&m, Change{Kind: ChangeDelete})},
		{`modify "cn=a": add "sn": there is no value`, modify(&m, Change{Attribute: "sn"})},
		{`modify "cn=a": increment "n": there are 2 values, not one`, modify(&m, Change{Kind: ChangeIncrement, Attribute: "n", Values: []string{"1", "2"}})},
		{`modifyDN "cn=a": the new RDN is empty`, func() (int32, error) { return m.ModifyDN(ModifyDNRequest{DN: "cn=a"}) }},
		{`delete: the DN is empty`, func() (int32, error) { return m.Delete(DeleteRequest{}) }},
	}
	for _, test := range tests {
		if _, err := test.err(); err == nil || err.Error() != test.text {
			t.Errorf("got %v, want %s", err, test.text)
		}
	}
	if m.Output() != nil || m.Pending() != 0 {
		t.Error("a refused request leaves something behind")
	}
}

func modify(m *Machine, c Change) func() (int32, error) {
	return func() (int32, error) { return m.Modify(ModifyRequest{DN: "cn=a", Changes: []Change{c}}) }
}

// Each request ends with its own response and no other; an intermediate one
// belongs to all.
func TestResponsesFitTheirRequests(t *testing.T) {
	responses := []ber.Tag{1, 4, 5, 7, 9, 11, 13, 15, 19, 24, 25}
	fit := map[string]ber.Tag{
		"sasl bind": 1, "compare": 15, "add": 9, "modify": 7, "modifyDN": 13, "delete": 11, "extended with a control": 24,
	}
	for _, v := range requestVectors {
		want, ok := fit[v.name]
		if !ok {
			continue
		}
		for _, tag := range responses {
			var m Machine
			if _, err := v.start(&m); err != nil {
				t.Fatal(err)
			}
			m.Received(copy(m.Space(), resultResponse(1, tag, 0, "", "")))
			e, ok, err := m.Next()
			switch {
			case tag == want && (err != nil || !ok || !e.Done || m.Pending() != 0):
				t.Errorf("%s, response %d: %+v, %v", v.name, tag, e, err)
			case tag == 25 && (err != nil || !ok || e.Done || m.Pending() != 1):
				t.Errorf("%s, intermediate: %+v, %v", v.name, e, err)
			case tag != want && tag != 25 && !errors.Is(err, ErrProtocol):
				t.Errorf("%s, response %d is taken: %+v, %v", v.name, tag, e, err)
			}
		}
	}
}

// A bind by SASL takes several requests, and nothing comes between them.
func TestSASLBindInSteps(t *testing.T) {
	var m Machine
	step := func(credentials string) {
		t.Helper()
		if _, err := m.BindSASL(SASLBindRequest{Mechanism: "X", Credentials: []byte(credentials)}); err != nil {
			t.Fatal(err)
		}
	}
	answer := func(id, code int64, creds string) BindResponse {
		t.Helper()
		m.Received(copy(m.Space(), resultResponse(id, 1, code, "", "", contextOctets(7, creds))))
		e, ok, err := m.Next()
		if err != nil || !ok || !e.Done {
			t.Fatal(ok, err)
		}
		r, err := e.BindResponse()
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	step("one")
	if _, err := m.BindSASL(SASLBindRequest{Mechanism: "X"}); !errors.Is(err, ErrBusy) {
		t.Errorf("the next step before the answer: %v", err)
	}
	if r := answer(1, 14, "challenge"); r.Code != ResultSASLBindInProgress || string(r.ServerSASLCreds) != "challenge" {
		t.Errorf("%+v", r)
	}
	if _, err := m.Search(SearchRequest{}); !errors.Is(err, ErrBusy) {
		t.Errorf("a search between the steps: %v", err)
	}
	step("two")
	if r := answer(2, 0, ""); r.Code != ResultSuccess || r.ServerSASLCreds == nil || len(r.ServerSASLCreds) != 0 {
		t.Errorf("%+v", r)
	}
	if _, err := m.Search(SearchRequest{}); err != nil {
		t.Errorf("a search after the bind: %v", err)
	}
}

func TestStartTLSIsAlone(t *testing.T) {
	var m Machine
	search, err := m.Search(SearchRequest{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.Extended(ExtendedRequest{Name: StartTLS}); !errors.Is(err, ErrBusy) {
		t.Errorf("StartTLS during a search: %v", err)
	}
	m.Abandon(search)
	id, err := m.Extended(ExtendedRequest{Name: StartTLS})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.Search(SearchRequest{}); !errors.Is(err, ErrBusy) {
		t.Errorf("a search during StartTLS: %v", err)
	}
	m.Output()
	if m.Abandon(id); m.Output() != nil {
		t.Error("StartTLS is abandoned")
	}
}

func TestExtendedResponse(t *testing.T) {
	name, value := contextOctets(10, "1.2"), contextOctets(11, "v")
	tests := []struct {
		parts       []*ber.Packet
		name, value string
		none        bool
	}{
		{nil, "", "", true}, {[]*ber.Packet{name}, "1.2", "", true}, {[]*ber.Packet{value}, "", "v", false}, {[]*ber.Packet{name, value}, "1.2", "v", false},
		{[]*ber.Packet{contextOctets(11, "")}, "", "", false},
	}
	for _, test := range tests {
		m, err := Parse(resultResponse(1, 24, 0, "", "", test.parts...))
		if err != nil {
			t.Fatal(err)
		}
		r, err := m.ExtendedResponse()
		if err != nil || r.Name != test.name || string(r.Value) != test.value || (r.Value == nil) != test.none {
			t.Errorf("%+v: %+v, %v", test, r, err)
		}
	}
	for _, op := range []ber.Tag{1, 24} {
		m, err := Parse(resultResponse(1, 9, 0, "", ""))
		if err != nil {
			t.Fatal(err)
		}
		if op == 1 {
			_, err = m.BindResponse()
		} else {
			_, err = m.ExtendedResponse()
		}
		if !errors.Is(err, ErrProtocol) {
			t.Errorf("an add response as %d: %v", op, err)
		}
	}
}

func TestResultCodes(t *testing.T) {
	for code, name := range map[ResultCode]string{
		ResultCompareTrue: "compareTrue", ResultCompareFalse: "compareFalse", ResultEntryAlreadyExists: "entryAlreadyExists",
		ResultNotAllowedOnNonLeaf: "notAllowedOnNonLeaf", ResultAssertionFailed: "assertionFailed", ResultNoSuchAttribute: "noSuchAttribute",
		113: "lcupResourcesExhausted", 123: "authorizationDenied", 4096: "e-syncRefreshRequired", 9: "result 9", -1: "result -1",
	} {
		if code.String() != name {
			t.Errorf("%d is %q, not %q", int(code), code, name)
		}
	}
	seen := map[string]ResultCode{}
	for code, name := range resultNames {
		if other, twice := seen[name]; twice {
			t.Errorf("%q is %d and %d", name, int(code), int(other))
		}
		seen[name] = code
	}
}

// Whatever a response is cut to or changed to, reading it is an error or not,
// and never a panic.
func TestBrokenResponses(t *testing.T) {
	for _, whole := range [][]byte{
		resultResponse(1, 1, 14, "", "", contextOctets(7, "challenge")),
		resultResponse(1, 24, 0, "", "", contextOctets(10, "1.2"), contextOctets(11, "value")),
	} {
		read := func(b []byte) error {
			m, err := Parse(b)
			if err != nil {
				return err
			}
			if m.Op == OpBindResponse {
				_, err = m.BindResponse()
			} else {
				_, err = m.ExtendedResponse()
			}
			return err
		}
		if err := read(whole); err != nil {
			t.Fatal(err)
		}
		for i := range whole {
			if err := read(whole[:i]); !errors.Is(err, ErrProtocol) {
				t.Errorf("% x cut at %d: %v", whole, i, err)
			}
			for c := range 256 {
				changed := append([]byte(nil), whole...)
				changed[i] = byte(c)
				if err := read(changed); err != nil && !errors.Is(err, ErrProtocol) {
					t.Errorf("% x: %v", changed, err)
				}
			}
		}
	}
}

// Samba refuses requests of any kind by an extended response.
func TestExtendedRefusal(t *testing.T) {
	for _, v := range requestVectors {
		for _, code := range []int64{0, 5, 6, 10, 12, 14, 53} {
			var m Machine
			if _, err := v.start(&m); err != nil {
				t.Fatal(err)
			}
			m.Received(copy(m.Space(), resultResponse(1, 24, code, "", "no")))
			e, ok, err := m.Next()
			if code != 12 && code != 53 && !strings.HasPrefix(v.name, "extended") {
				if !errors.Is(err, ErrProtocol) {
					t.Errorf("%s, code %d: %+v, %v", v.name, code, e, err)
				}
				continue
			}
			if err != nil || !ok || !e.Done || m.Pending() != 0 {
				t.Fatalf("%s, code %d: %+v, %v", v.name, code, e, err)
			}
			if r, err := e.Result(); r.Code != ResultCode(code) || r.Diagnostic != "no" || err != nil {
				t.Errorf("%s, code %d: %+v, %v", v.name, code, r, err)
			}
		}
	}
}
