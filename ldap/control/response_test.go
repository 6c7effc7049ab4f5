package control

import (
	"encoding/hex"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	ber "github.com/go-asn1-ber/asn1-ber"

	"github.com/ldapedge/ldapedge/ldap/message"
)

// parse is any of the parsing functions.
type parse func(message.Control) (any, error)

func parser[T any](f func(message.Control) (T, error)) parse {
	return func(c message.Control) (any, error) { return f(c) }
}

// syncInfo is ParseSyncInfo for a control in place of an intermediate response.
func syncInfo(c message.Control) (SyncInfo, error) { return ParseSyncInfo(c.OID, c.Value) }

func entryText(f func(message.Control) (message.Entry, error)) parse {
	return func(c message.Control) (any, error) {
		e, err := f(c)
		text := e.DN()
		for a := range e.Attributes() {
			text += " " + a.Name() + "=" + strings.Join(a.Strings(), ",")
		}
		return text, err
	}
}

// responses are values of responses. Those marked "received" are slapd's
// 2.5.13; the others are by hand from their ASN.1.
var responses = []struct {
	name, oid string
	parse     parse
	value     string
	want      any
}{
	{"page, received", OIDPagedResults, parser(ParsePagedResults), "300d02010004081300000000000000", PagedResults{Cookie: []byte("\x13\x00\x00\x00\x00\x00\x00\x00")}},
	{"last page", OIDPagedResults, parser(ParsePagedResults), "3006020203e80400", PagedResults{Size: 1000}},
	{"sorted, received", OIDSortResponse, parser(ParseSortResponse), "30030a0100", SortResponse{}},
	{"not sorted", OIDSortResponse, parser(ParseSortResponse), "30070a0110" + "8002736e", SortResponse{Code: 16, Attribute: "sn"}},
	{"view, received", OIDVirtualListViewResponse, parser(ParseVirtualListViewResponse), "30130201050201140a0100040890801068277f0000",
		VirtualListViewResponse{Position: 5, ContentCount: 20, ContextID: []byte("\x90\x80\x10\x68\x27\x7f\x00\x00")}},
	{"no view", OIDVirtualListViewResponse, parser(ParseVirtualListViewResponse), "30090201000201140a013d", VirtualListViewResponse{ContentCount: 20, Code: 61}},
	{"pre-read, received", OIDPreRead, entryText(ParsePreRead), "642904197569643d7530322c64633d6578616d706c652c64633d636f6d300c300a0402736e310404027332", "uid=u02,dc=example,dc=com sn=s2"},
	{"post-read", OIDPostRead, entryText(ParsePostRead), "64080404636e3d783000", "cn=x"},
	{"sync state, received", OIDSyncState, parser(ParseSyncState), "30150a01010410e404b99e7d001041892539456704a237",
		SyncState{Action: SyncAdd, UUID: UUID{0xe4, 4, 0xb9, 0x9e, 0x7d, 0, 0x10, 0x41, 0x89, 0x25, 0x39, 0x45, 0x67, 4, 0xa2, 0x37}}},
	{"sync state with a cookie", OIDSyncState, parser(ParseSyncState), "30180a0103041000000000000000000000000000000001040163",
		SyncState{Action: SyncDelete, UUID: UUID{15: 1}, Cookie: []byte("c")}},
	{"sync done, received", OIDSyncDone, parser(ParseSyncDone),
		"303904347269643d3030302c63736e3d32303236313132353039343635342e3032383836365a2330303030303023303030233030303030300101ff",
		SyncDone{Cookie: []byte("rid=000,csn=20261125094654.028866Z#000000#000#000000"), RefreshDeletes: true}},
	{"sync done without anything", OIDSyncDone, parser(ParseSyncDone), "3000", SyncDone{}},
	{"entries present, received in part", OIDSyncInfo, parser(syncInfo), "a32631240410e403dd267d001041891e39456704a2370410e404097c7d001041891f39456704a237",
		SyncInfo{Kind: SyncIDSet, UUIDs: []UUID{
			{0xe4, 3, 0xdd, 0x26, 0x7d, 0, 0x10, 0x41, 0x89, 0x1e, 0x39, 0x45, 0x67, 4, 0xa2, 0x37},
			{0xe4, 4, 9, 0x7c, 0x7d, 0, 0x10, 0x41, 0x89, 0x1f, 0x39, 0x45, 0x67, 4, 0xa2, 0x37}}}},
	{"entries deleted", OIDSyncInfo, parser(syncInfo), "a3080401630101ff3100", SyncInfo{Kind: SyncIDSet, Cookie: []byte("c"), RefreshDeletes: true}},
	{"new cookie", OIDSyncInfo, parser(syncInfo), "800163", SyncInfo{Kind: SyncNewCookie, Cookie: []byte("c")}},
	{"deletes done", OIDSyncInfo, parser(syncInfo), "a103040163", SyncInfo{Kind: SyncRefreshDelete, Cookie: []byte("c"), RefreshDone: true}},
	{"presents done, more to come", OIDSyncInfo, parser(syncInfo), "a203010100", SyncInfo{Kind: SyncRefreshPresent}},
	{"entry added", OIDEntryChange, parser(ParseEntryChange), "30030a0101", EntryChange{Type: ChangeAdd}},
	{"entry renamed", OIDEntryChange, parser(ParseEntryChange), "300f0a01080404636e3d78020401000000", EntryChange{Type: ChangeModifyDN, PreviousDN: "cn=x", Number: 1 << 24}},
	{"entry changed, with a large number", OIDEntryChange, parser(ParseEntryChange), "300c0a01040207" + "01000000000000", EntryChange{Type: ChangeModify, Number: 1 << 48}},
	{"nothing of the password", string(PasswordPolicy), parser(ParsePasswordPolicy), "3000", PasswordPolicyResponse{}},
	{"password expires", string(PasswordPolicy), parser(ParsePasswordPolicy), "3006a0048002" + "0e10", PasswordPolicyResponse{Expires: new(time.Hour)}},
	{"grace", string(PasswordPolicy), parser(ParsePasswordPolicy), "3008a003810102" + "810100", PasswordPolicyResponse{Grace: new(2), Error: PasswordExpired}},
	{"change it", string(PasswordPolicy), parser(ParsePasswordPolicy), "3003810102", PasswordPolicyResponse{Error: ChangeAfterReset}},
	{"an error that is not known", string(PasswordPolicy), parser(ParsePasswordPolicy), "300381016f", PasswordPolicyResponse{Error: "passwordError 111"}},
	{"expiring", OIDPasswordExpiring, parser(ParsePasswordExpiring), "33363030", time.Hour},
	{"identity", OIDAuthorizationIdentityResponse, parser(ParseAuthorizationIdentity), "753a626f62", "u:bob"},
	{"nobody", OIDAuthorizationIdentityResponse, parser(ParseAuthorizationIdentity), "", ""},
	{"DirSync", OIDDirSync, parser(ParseDirSync), "3009020101020100040163", DirSyncResponse{More: true, Cookie: []byte("c")}},
	{"attribute scoped", OIDAttributeScopedQuery, parser(ParseAttributeScopedQuery), "30030a0147", message.ResultCode(71)},
}

func value(t testing.TB, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(text, err)
	}
	return b
}

func TestResponses(t *testing.T) {
	for _, test := range responses {
		b := value(t, test.value)
		got, err := test.parse(message.Control{OID: test.oid, Value: b})
		if err != nil || !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: %+v, %v", test.name, got, err)
		}
		// Active Directory sends each length in four octets.
		if p, err := ber.DecodePacketErr(b); err == nil && len(p.Children) > 0 {
			got, err = test.parse(message.Control{OID: test.oid, Value: longLengths(p)})
			if err != nil || !reflect.DeepEqual(got, test.want) {
				t.Errorf("%s with long lengths: %+v, %v", test.name, got, err)
			}
		}
		for name, c := range map[string]message.Control{"another OID": {OID: "1.2", Value: b}, "no value": {OID: test.oid}} {
			if _, err := test.parse(c); !errors.Is(err, message.ErrProtocol) {
				t.Errorf("%s, %s: %v", test.name, name, err)
			}
		}
	}
}

// longLengths encodes a value anew with four length octets everywhere.
func longLengths(p *ber.Packet) []byte {
	body := p.Data.Bytes()
	if p.TagType == ber.TypeConstructed {
		body = nil
		for _, c := range p.Children {
			body = append(body, longLengths(c)...)
		}
	}
	n := len(body)
	return append([]byte{byte(p.ClassType) | byte(p.TagType) | byte(p.Tag), 0x84, byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}, body...)
}

// What is cut off is an error, and so is every other broken value, never a
// panic.
func TestBrokenResponses(t *testing.T) {
	for _, test := range responses {
		whole := value(t, test.value)
		for i := range whole {
			_, err := test.parse(message.Control{OID: test.oid, Value: whole[:i]})
			cut := test.oid == OIDPasswordExpiring || test.oid == OIDAuthorizationIdentityResponse // are text
			if !cut && !errors.Is(err, message.ErrProtocol) {
				t.Errorf("%s cut at %d: %v", test.name, i, err)
			}
			for _, c := range []byte{0, 1, 0x1f, 0x7f, 0x80, 0x84, 0x88, 0xff} {
				changed := append([]byte{}, whole...)
				changed[i] = c
				if _, err := test.parse(message.Control{OID: test.oid, Value: changed}); err != nil && !errors.Is(err, message.ErrProtocol) {
					t.Errorf("%s: % x: %v", test.name, changed, err)
				}
			}
		}
	}
	for _, test := range []struct {
		name, oid string
		parse     parse
		value     string
		message   string
	}{
		{"more than the value", OIDPagedResults, parser(ParsePagedResults), "3005020105040000", "paged results control: protocol error: 1 bytes after the value"},
		{"a size over 32 bits", OIDPagedResults, parser(ParsePagedResults), "300902050100000000" + "0400", "size is over 32 bits"},
		{"no cookie", OIDPagedResults, parser(ParsePagedResults), "3003020105", "cookie"},
		{"a state that is not known", OIDSyncState, parser(ParseSyncState), "30150a01040410e404b99e7d001041892539456704a237", "there is no state 4"},
		{"a short UUID", OIDSyncState, parser(ParseSyncState), "30060a0101040101", "entryUUID has 1 bytes"},
		{"a long UUID in a set", OIDSyncInfo, parser(syncInfo), "a31531130411" + strings.Repeat("00", 17), "syncUUID has 17 bytes"},
		{"another info", OIDSyncInfo, parser(syncInfo), "a400", "tag 0xa4 is no kind of sync info"},
		{"more than the info", OIDSyncInfo, parser(syncInfo), "80016300", "1 bytes after the syncInfoValue"},
		{"empty info", OIDSyncInfo, parser(syncInfo), "", "the value is empty"},
		{"a number of nine octets", OIDEntryChange, parser(ParseEntryChange), "300e0a01010209" + "010000000000000000", "changeNumber has 9 octets"},
		{"an empty warning", string(PasswordPolicy), parser(ParsePasswordPolicy), "3002a000", "graceAuthNsRemaining"},
		{"no number", OIDPasswordExpiring, parser(ParsePasswordExpiring), "78", `"x" is no number of seconds`},
		{"no entry", OIDPreRead, entryText(ParsePreRead), "3000", "SearchResultEntry"},
	} {
		_, err := test.parse(message.Control{OID: test.oid, Value: value(t, test.value)})
		if !errors.Is(err, message.ErrProtocol) || !strings.Contains(err.Error(), test.message) {
			t.Errorf("%s: %v", test.name, err)
		}
	}
	// What an extension of a control adds is ignored.
	if got, err := ParsePagedResults(message.Control{OID: OIDPagedResults, Value: value(t, "3008020105040001"+"0100")}); err != nil || got.Size != 5 {
		t.Errorf("with more in the sequence: %+v, %v", got, err)
	}
}

// FuzzParse gives every function any value.
func FuzzParse(f *testing.F) {
	for i, test := range responses {
		f.Add(i, value(f, test.value))
	}
	f.Fuzz(func(t *testing.T, i int, b []byte) {
		if b == nil {
			b = []byte{}
		}
		test := responses[uint(i)%uint(len(responses))]
		if _, err := test.parse(message.Control{OID: test.oid, Value: b}); err != nil && !errors.Is(err, message.ErrProtocol) {
			t.Error(err)
		}
	})
}
