package message

import (
	"bytes"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"testing"

	ber "github.com/go-asn1-ber/asn1-ber"

	"github.com/ldapedge/ldapedge/ldap/filter"
)

// feed puts bytes into the machine, cut into pieces of at most n, and returns
// what comes out: "ID OP" with a "." where it is the last.
func feed(t *testing.T, m *Machine, b []byte, n int) (events []string, err error) {
	t.Helper()
	for len(b) > 0 {
		got := copy(m.Space(), b[:min(n, len(b))])
		if got == 0 {
			t.Fatal("no space")
		}
		m.Received(got)
		b = b[got:]
		more, err := drain(m)
		events = append(events, more...)
		if err != nil {
			return events, err
		}
	}
	return events, nil
}

// drain returns what comes out of the machine, as feed does.
func drain(m *Machine) (events []string, err error) {
	for {
		e, ok, err := m.Next()
		if err != nil || !ok {
			return events, err
		}
		s := string('0'+rune(e.ID)) + " " + hex.EncodeToString([]byte{byte(e.Op)})
		if e.Done {
			s += "."
		}
		events = append(events, s)
	}
}

func TestRequests(t *testing.T) {
	tests := []struct {
		name  string
		start func(*Machine) error
		want  string
	}{
		{"anonymous bind", func(m *Machine) error { _, err := m.Bind(BindRequest{}); return err },
			"300c020101600702010304008000"},
		{"simple bind", func(m *Machine) error { _, err := m.Bind(BindRequest{DN: "cn=a", Password: "p"}); return err },
			"3011020101600c0201030404636e3d61800170"},
		{"root DSE", func(m *Machine) error { _, err := m.Search(SearchRequest{}); return err },
			"3025020101632004000a01000a0100020100020100010100870b6f626a656374436c6173733000"},
		{"search", func(m *Machine) error {
			_, err := m.Search(SearchRequest{Base: "dc=x", Scope: ScopeSub, Deref: DerefAlways, SizeLimit: 300, TimeLimit: 5, TypesOnly: true, Filter: filter.Equal("cn", "a"), Attributes: []string{"cn", "+"}})
			return err
		}, "302d0201016328040464633d780a01020a01030202012c0201050101ffa3070402636e0401613007" + "0402636e04012b"},
		{"extended", func(m *Machine) error { _, err := m.Extended(ExtendedRequest{Name: StartTLS}); return err },
			"301d02010177188016312e332e362e312e342e312e313436362e3230303337"},
		{"extended with a value", func(m *Machine) error {
			_, err := m.Extended(ExtendedRequest{Name: "1.2", Value: []byte{}})
			return err
		}, "300c02010177078003312e32" + "8100"},
		{"unbind", func(m *Machine) error { m.Unbind(); return nil }, "30050201014200"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var m Machine
			if err := test.start(&m); err != nil {
				t.Fatal(err)
			}
			if got := hex.EncodeToString(m.Output()); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
			if m.Output() != nil {
				t.Error("the output is given twice")
			}
		})
	}
}

func TestRequestErrors(t *testing.T) {
	var m Machine
	for _, r := range []SearchRequest{{Scope: 3}, {Scope: -1}, {Deref: 4}, {SizeLimit: -1}, {TimeLimit: 1 << 31}} {
		if _, err := m.Search(r); err == nil {
			t.Errorf("%+v is taken", r)
		}
	}
	if _, err := m.Bind(BindRequest{DN: "cn=a"}); err == nil {
		t.Error("a bind with a name and no password is taken")
	}
	if _, err := m.Extended(ExtendedRequest{}); err == nil {
		t.Error("an extended request without a name is taken")
	}
	if m.Output() != nil || m.Pending() != 0 {
		t.Error("a refused request leaves something behind")
	}
}

func TestMachineInAnyPieces(t *testing.T) {
	stream := slices.Concat(
		resultResponse(1, 1, 0, "", ""),
		entryResponse(3, "cn=b", attr{"cn", []string{strings.Repeat("b", 100)}}),
		entryResponse(2, "cn=a"),
		entryResponse(3, "cn=big", attr{"photo", []string{strings.Repeat("p", 200_000)}}),
		doneResponse(3, 0), doneResponse(2, 4),
	)
	want := []string{"1 61.", "3 64", "2 64", "3 64", "3 65.", "2 65."}
	for _, n := range []int{1, 2, 7, 1000, 1 << 20} {
		var m Machine
		if id, err := m.Bind(BindRequest{}); id != 1 || err != nil {
			t.Fatal(id, err)
		}
		first, err := feed(t, &m, stream[:14], n)
		if err != nil {
			t.Fatal(err)
		}
		for want := int32(2); want <= 3; want++ {
			if id, err := m.Search(SearchRequest{}); id != want || err != nil {
				t.Fatal(id, err)
			}
		}
		rest, err := feed(t, &m, stream[14:], n)
		if got := append(first, rest...); err != nil || !slices.Equal(got, want) {
			t.Errorf("pieces of %d: %v, %v", n, got, err)
		}
		if m.Pending() != 0 {
			t.Errorf("pieces of %d: %d operations are left", n, m.Pending())
		}
	}
}

// What has been handed out stays as it is while the stream goes on.
func TestEntriesMayBeKept(t *testing.T) {
	var m Machine
	if _, err := m.Search(SearchRequest{}); err != nil {
		t.Fatal(err)
	}
	var kept []Entry
	for i := range 2000 {
		b := entryResponse(1, strings.Repeat("x", i), attr{"cn", []string{strings.Repeat("y", i)}})
		for len(b) > 0 {
			n := copy(m.Space(), b)
			m.Received(n)
			b = b[n:]
		}
		event, ok, err := m.Next()
		if !ok || err != nil {
			t.Fatal(i, ok, err)
		}
		e, err := event.Entry()
		if err != nil {
			t.Fatal(err)
		}
		kept = append(kept, e)
	}
	for i, e := range kept {
		a, _ := e.Attribute("cn")
		if e.DN() != strings.Repeat("x", i) || !slices.Equal(a.Strings(), []string{strings.Repeat("y", i)}) {
			t.Fatalf("entry %d has changed", i)
		}
	}
}

func TestMachineRefuses(t *testing.T) {
	notice := resultResponse(0, 24, 52, "", "going down", ber.NewString(ber.ClassContext, ber.TypePrimitive, 10, noticeOfDisconnection, ""))
	tests := []struct {
		name   string
		stream []byte
		want   error
		text   string
	}{
		{"not LDAP", []byte("HTTP/1.1 400 Bad Request"), ErrProtocol, "does not speak LDAP"},
		{"too big", []byte{0x30, 0x84, 0x3f, 0xff, 0xff, 0xff}, ErrProtocol, "over the limit of 20971520"},
		{"another operation's response", resultResponse(1, 1, 0, "", ""), ErrProtocol, "does not fit"},
		{"a result with ID 0", doneResponse(0, 0), ErrProtocol, "message ID 0"},
		{"negative ID", doneResponse(-1, 0), ErrProtocol, "negative"},
		{"disconnection", notice, ErrDisconnected, "unavailable going down"},
		{"rubbish inside", []byte{0x30, 3, 0x02, 0x01, 0x01}, ErrProtocol, "protocolOp"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var m Machine
			if _, err := m.Search(SearchRequest{}); err != nil {
				t.Fatal(err)
			}
			_, err := feed(t, &m, test.stream, 3)
			if !errors.Is(err, test.want) || !strings.Contains(err.Error(), test.text) {
				t.Fatalf("%v", err)
			}
			if _, again := m.Search(SearchRequest{}); again != err {
				t.Errorf("a new search gives %v", again)
			}
		})
	}
}

// A server that announces a large message gets room only as it sends.
func TestAnnouncedMessageTakesNoMemoryBeforeItComes(t *testing.T) {
	var m Machine
	m.Received(copy(m.Space(), []byte{0x30, 0x84, 0x01, 0x00, 0x00, 0x00}))
	if _, ok, err := m.Next(); ok || err != nil {
		t.Fatal(ok, err)
	}
	if room := len(m.Space()); room > 2<<20 {
		t.Errorf("%d bytes of room for 6 received", room)
	}
}

func TestAbandon(t *testing.T) {
	var m Machine
	id, err := m.Search(SearchRequest{})
	if err != nil {
		t.Fatal(err)
	}
	m.Output()
	m.Abandon(id)
	m.Abandon(id)
	m.Abandon(99)
	if got := m.Output(); !bytes.Equal(got, []byte{0x30, 6, 2, 1, 2, 0x50, 1, 1}) {
		t.Errorf("abandon is % x", got)
	}
	events, err := feed(t, &m, slices.Concat(entryResponse(1, "cn=late"), doneResponse(1, 0)), 100)
	if len(events) != 0 || err != nil {
		t.Errorf("%v, %v", events, err)
	}
}

func TestExtended(t *testing.T) {
	var m Machine
	if _, err := m.Extended(ExtendedRequest{Name: StartTLS}); err != nil {
		t.Fatal(err)
	}
	response := resultResponse(1, 24, 52, "", "later")
	n := copy(m.Space(), append(response, "next"...))
	m.Received(n)
	e, ok, err := m.Next()
	if err != nil || !ok || e.ID != 1 || !e.Done {
		t.Fatalf("got %+v, %v, %v", e, ok, err)
	}
	if r, err := e.Result(); err != nil || r.Code != ResultUnavailable || r.Diagnostic != "later" {
		t.Errorf("result %+v, %v", r, err)
	}
	if m.Buffered() != len("next") || m.Pending() != 0 {
		t.Errorf("%d bytes are left, %d operations", m.Buffered(), m.Pending())
	}

	m = Machine{}
	m.Extended(ExtendedRequest{Name: StartTLS})
	m.Received(copy(m.Space(), doneResponse(1, 0)))
	if _, _, err := m.Next(); !errors.Is(err, ErrProtocol) {
		t.Errorf("the response of a search is taken: %v", err)
	}
}

func TestBindIsAlone(t *testing.T) {
	var m Machine
	if _, err := m.Search(SearchRequest{}); err != nil {
		t.Fatal(err)
	}
	if _, err := m.Bind(BindRequest{}); !errors.Is(err, ErrBusy) {
		t.Errorf("bind during a search: %v", err)
	}
	if _, err := feed(t, &m, doneResponse(1, 0), 100); err != nil {
		t.Fatal(err)
	}
	id, err := m.Bind(BindRequest{})
	if err != nil {
		t.Fatal(err)
	}
	m.Abandon(id)
	if _, err := m.Search(SearchRequest{}); !errors.Is(err, ErrBusy) {
		t.Errorf("search during a bind: %v", err)
	}
	m.Unbind()
	if _, err := m.Search(SearchRequest{}); !errors.Is(err, ErrUnbound) {
		t.Errorf("search after unbind: %v", err)
	}
}

// Bytes that are taken as they are, whole or in pieces, give the same events as
// those that are read, and nothing is written behind them.
func TestTake(t *testing.T) {
	entry := entryResponse(1, "cn=a")
	stream := slices.Concat(entry, entry, doneResponse(1, 0))
	for _, piece := range []int{len(stream), 1, 7, len(entry)} {
		var m Machine
		if _, err := m.Search(SearchRequest{}); err != nil {
			t.Fatal(err)
		}
		var got []string
		for b := range slices.Chunk(stream, piece) {
			m.Take(b)
			more, err := drain(&m)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, more...)
		}
		if want := []string{"1 64", "1 64", "1 65."}; !slices.Equal(got, want) || m.Buffered() > 0 {
			t.Errorf("in pieces of %d: %q, %d bytes left", piece, got, m.Buffered())
		}
	}
	var m Machine
	room := make([]byte, 100)
	m.Take(room[:copy(room, entry[:5])])
	copy(m.Space(), "written behind")
	if bytes.Contains(room, []byte("written")) {
		t.Error("the machine writes into what it has taken")
	}
}
