package policy

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/ldapedge/ldapedge/ldap/control"
	"github.com/ldapedge/ldapedge/ldap/message"
)

// conversation is what a client and a server say, with things in it that are
// refused, stripped and dropped.
func conversation(t *testing.T) (client, server []byte) {
	selective := find("(&(cn=a)(sn=b*))")
	selective.Attributes = []string{"cn", "userPassword"}
	for _, b := range [][]byte{
		encode(t, 1, message.BindRequest{DN: "cn=a", Password: password}),
		encode(t, 2, message.DeleteRequest{DN: "cn=a"}),
	} {
		client = append(client, b...)
	}
	server = done(1, message.OpBindResponse).Append(nil)
	for _, b := range [][]byte{
		encode(t, 300, selective, control.PagedResults{Size: 5}.Control()),
		encode(t, 4, find("(userPassword=x)")),
		encode(t, 5, message.AbandonRequest{ID: 9}),
		encode(t, 6, message.CompareRequest{DN: strings.Repeat("cn=a,", 60) + "dc=example", Attribute: "cn"}),
		encode(t, 7, message.ExtendedRequest{Name: message.StartTLS}),
	} {
		client = append(client, b...)
	}
	for _, m := range []message.Message{
		entry(300, "cn=a", "cn", "sn"), entry(300, "cn=b", "cn", "userPassword"), entry(77, "cn=b", "cn"), entry(300, strings.Repeat("x", 300), "cn"),
		done(6, message.OpCompareResponse), done(300, message.OpSearchResultDone), message.NewDisconnection(message.Result{}),
	} {
		server = m.Append(server)
	}
	return client, server
}

// converse cuts both streams by the same rule and returns what comes out.
func converse(t *testing.T, client, server []byte, cut func([]byte) [][]byte) (toServer, toClient []byte, counts Counts) {
	s := begin(t, Rules{}, nil)
	take := func() {
		toServer = append(toServer, s.ToServer()...)
		toClient = append(toClient, s.ToClient()...)
	}
	feed := func(b []byte, to func([]byte) error) {
		for _, piece := range cut(b) {
			if err := to(piece); err != nil {
				t.Fatal(err)
			}
			take()
		}
	}
	fromClient := func(b []byte) error {
		err := s.FromClient(start, b)
		clear(b) // it may be changed afterwards
		return err
	}
	// The bind first, as clients do.
	at, _ := measure(client, len(client))
	answered, _ := measure(server, len(server))
	feed(client[:at:at], fromClient)
	feed(bytes.Clone(server[:answered]), s.FromServer)
	feed(client[at:], fromClient)
	feed(bytes.Clone(server[answered:]), s.FromServer)
	return toServer, toClient, s.Counts()
}

func TestPolicySplitFrames(t *testing.T) {
	client, server := conversation(t)
	run := func(cut func([]byte) [][]byte) (a, b []byte, counts Counts) {
		return converse(t, bytes.Clone(client), server, cut)
	}
	toServer, toClient, counts := run(func(b []byte) [][]byte { return [][]byte{b} })
	if len(toServer) == 0 || len(toClient) == 0 || bytes.Contains(toServer, []byte("userPassword")) || bytes.Contains(toClient, []byte("userPassword")) {
		t.Fatalf("to the server %q, to the client %q", toServer, toClient)
	}
	same := func(what string, at int, cut func([]byte) [][]byte) {
		a, b, c := run(cut)
		if !bytes.Equal(a, toServer) || !bytes.Equal(b, toClient) || !reflect.DeepEqual(c, counts) {
			t.Fatalf("%s %d: to the server %q, to the client %q, %+v", what, at, a, b, c)
		}
	}
	step := 1
	if testing.Short() {
		step = 13
	}
	for at := 0; at < max(len(client), len(server)); at += step {
		same("cut at", at, func(b []byte) [][]byte { return [][]byte{b[:min(at, len(b))], b[min(at, len(b)):]} })
	}
	for size := 1; size < 40; size += step {
		same("pieces of", size, func(b []byte) (pieces [][]byte) {
			for len(b) > 0 {
				n := min(size, len(b))
				pieces = append(pieces, b[:n])
				b = b[n:]
			}
			return pieces
		})
	}
}

// Of what a client sends nothing reaches the server as it was: lengths, and
// what BER writes in several ways, are the policy's own.
func TestPolicyEncodesAnew(t *testing.T) {
	s := begin(t, Rules{}, nil)
	long := func(tag byte, parts ...string) string {
		body := strings.ReplaceAll(strings.Join(parts, ""), " ", "")
		return fmt.Sprintf("%02x84%08x%s", tag, len(body)/2, body)
	}
	search := long(0x63, "0400 0a0100 0a020000 020100 02020000 010101", "8702636e", long(0x30, long(4, "636e")))
	b := unhex(t, long(0x30, long(2, "00000001"), search))
	if err := s.FromClient(start, b); err != nil {
		t.Fatal(err)
	}
	want := encode(t, 1, func() message.SearchRequest {
		r := find("(cn=*)")
		r.Base, r.Scope, r.TypesOnly, r.Attributes = "", message.ScopeBase, true, []string{"cn"}
		return r
	}())
	if got := s.ToServer(); !bytes.Equal(got, want) {
		t.Errorf("got  %x\nwant %x\nanswer %q", got, want, s.ToClient())
	}
}

func unhex(t *testing.T, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// What is broken inside of its own message is answered, and the session goes
// on.
func TestPolicyRefusesMalformedRequests(t *testing.T) {
	for name, text := range map[string]string{
		"trailing bytes in a bind":     "3010 020107 600b 020103 0400 8000 0402 7878",
		"trailing bytes in a search":   "3028 020107 6323 0400 0a0100 0a0100 020100 020100 010100 870b6f626a656374436c617373 3000 0401 78",
		"trailing bytes in a message":  "3010 020107 6007 020103 0400 8000 0402 7878",
		"bind inside the controls":     "3017 020107 6007 020103 0400 8000 a009 6007 020103 0400 8000",
		"control with a tail":          "3019 020107 6007 020103 0400 8000 a00b 3009 0403312e32 0101ff 00",
		"indefinite length inside":     "301d 020107 6317 0400 0a0100 0a0100 020100 020100 010100 a080 0000 3000",
		"octets in pieces":             "300c 020107 6007 020103 2400 8000",
		"inner length over the outer":  "300c 020107 6007 020103 0405 8000",
		"two filters":                  "3027 020107 6322 0400 0a0100 0a0100 020100 020100 010100 8702636e 870b75736572506173737764 3000",
		"not of two filters":           "3023 020107 631d 0400 0a0100 0a0100 020100 020100 010100 a208 8702636e 8702736e 3000",
		"unknown kind of filter":       "301d 020107 6317 0400 0a0100 0a0100 020100 020100 010100 aa02 8000 3000",
		"negative size limit":          "301d 020107 6317 0400 0a0100 0a0100 0201ff 020100 010100 8702636e 3000",
		"boolean of two octets":        "301e 020107 6318 0400 0a0100 0a0100 020100 020100 01020000 8702636e 3000",
		"modification without changes": "300b 020107 6606 0402 7878 3000",
		"an extended without a name":   "3009 020107 7704 8000 8100",
	} {
		b := unhex(t, text)
		b[1] = byte(len(b) - 2)
		s := begin(t, Rules{Operations: []Operation{"default", Modify}, ExtendedOperations: []string{"default"}}, nil)
		if err := s.FromClient(start, b); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if out := s.ToServer(); out != nil {
			t.Errorf("%s: % x reaches the server", name, out)
		}
		m := mustParse(t, s.ToClient())
		r, err := m.Result()
		if err != nil || m.ID != 7 || r.Code != message.ResultProtocolError && name != "an extended without a name" {
			t.Errorf("%s: %d %+v, %v", name, m.ID, r, err)
		}
		s.passes(8, find("(cn=a)"))
	}
}

func TestPolicyEndsOnWhatIsNoLDAP(t *testing.T) {
	for name, test := range map[string]struct {
		hex    string
		reason Reason
	}{
		"another protocol":         {"47455420 2f20", ReasonProtocol},
		"TLS":                      {"160301 0200", ReasonProtocol},
		"indefinite length":        {"3080 020101 4200 0000", ReasonProtocol},
		"indefinite length inside": {"300e 020107 6080 020103 0400 8000 0000", ReasonProtocol},
		"length of nine octets":    {"3089", ReasonProtocol},
		"oversized length":         {"3084 3fffffff", ReasonTooLarge},
		"length that overflows":    {"3088 ffffffffffffffff", ReasonProtocol},
		"just over the limit":      {"3083 100000", ReasonTooLarge},
		"empty message":            {"3000", ReasonProtocol},
		"negative ID":              {"300c 0201ff 6007 020103 0400 8000", ReasonProtocol},
		"ID 0":                     {"300c 020100 6007 020103 0400 8000", ReasonProtocol},
		"ID over 32 bits":          {"3010 02050100000001 6007 020103 0400 8000", ReasonProtocol},
		"a response":               {"300c 020101 6507 0a0100 0400 0400", ReasonProtocol},
		"unknown operation":        {"3007 020101 7f02 0000", ReasonProtocol},
		"unbind with contents":     {"3006 020101 4201 00", ReasonProtocol},
		"unbind and another":       {"3007 020101 4200 4200", ReasonProtocol},
		"abandon of nothing":       {"3005 020101 5000", ReasonProtocol},
		"abandon, then a sequence": {"3008 020101 500101 3000", ReasonProtocol},
	} {
		s := begin(t, Rules{}, nil)
		first := encode(t, 77, find("(cn=a)"))
		err := s.FromClient(start, append(bytes.Clone(first), unhex(t, test.hex)...))
		var ended *SessionError
		if !errors.As(err, &ended) || ended.From != Client || ended.Reason != test.reason || !errors.Is(err, message.ErrProtocol) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := s.ToServer(); !bytes.Equal(got, first) {
			t.Errorf("%s: % x reaches the server", name, got)
		}
		notice, err := mustParse(t, s.ToClient()).ExtendedResponse()
		if err != nil || notice.Code != message.ResultProtocolError {
			t.Errorf("%s: notice %+v, %v", name, notice, err)
		}
		if s.FromClient(start, first) != error(ended) || s.ToServer() != nil || s.counts.Refusals[test.reason] != 1 {
			t.Errorf("%s: the session goes on", name)
		}
	}
}

func TestPolicyRefusesReusedIDs(t *testing.T) {
	s := begin(t, Rules{}, nil)
	s.passes(5, find("(cn=a)"))
	s.refuses(message.ResultProtocolError, "message ID", 5, message.CompareRequest{DN: "cn=a", Attribute: "cn"})
	s.refuses(message.ResultProtocolError, "message ID", 5, message.BindRequest{DN: "cn=a", Password: password})
	if sent, answer := s.ask(5, message.AbandonRequest{ID: 5}); sent != nil || answer != nil {
		t.Error("an abandon with the ID of an operation passes")
	}
	s.answer(done(5, message.OpSearchResultDone))
	s.passes(5, find("(cn=a)"))
}

// Two messages in one frame are two requests, each judged.
func TestPolicyJudgesEveryMessageOfAFrame(t *testing.T) {
	s := begin(t, Rules{}, nil)
	b := append(encode(t, 1, find("(cn=a)")), encode(t, 2, message.DeleteRequest{DN: "cn=a"})...)
	b = append(b, encode(t, 3, find("(cn=b)"))...)
	if err := s.FromClient(start, b); err != nil {
		t.Fatal(err)
	}
	want := append(encode(t, 1, find("(cn=a)")), encode(t, 3, find("(cn=b)"))...)
	if got := s.ToServer(); !bytes.Equal(got, want) {
		t.Errorf("got % x", got)
	}
	if got := s.ToClient(); mustParse(t, got).Op != message.OpDelResponse {
		t.Errorf("got % x", got)
	}
}

// A header alone takes no memory, whatever length it tells.
func TestPolicyKeepsOnlyWhatHasArrived(t *testing.T) {
	s := begin(t, Rules{MaxRequest: 1 << 30}, nil)
	if err := s.FromClient(start, unhex(t, "3084 3f000000 020101")); err != nil || cap(s.client.partial) > 64 {
		t.Errorf("%d bytes are kept, %v", cap(s.client.partial), err)
	}
	for range 1000 {
		if err := s.FromClient(start, make([]byte, 100)); err != nil {
			t.Fatal(err)
		}
	}
	if n := cap(s.client.partial); n > 2*100_009 {
		t.Errorf("%d bytes are kept of 100,009", n)
	}
}
