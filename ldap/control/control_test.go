package control

import (
	"encoding/hex"
	"testing"

	"github.com/ldapedge/ldapedge/ldap/filter"
	"github.com/ldapedge/ldapedge/ldap/message"
)

// Requests whose values are marked "sent" are what ldapsearch and ldapmodify
// 2.5.13 send with -E and -e; the others are by hand from their ASN.1.
func TestRequests(t *testing.T) {
	text := "abc"
	tests := []struct {
		name     string
		control  Typed
		oid      string
		critical bool
		value    string
	}{
		{"first page, sent", PagedResults{Size: 5}, "1.2.840.113556.1.4.319", false, "30050201050400"},
		{"next page", PagedResults{Size: 256, Cookie: []byte("\x00c"), Critical: true}, "1.2.840.113556.1.4.319", true, "3008020201000402" + "0063"},
		{"sort, sent", Sort{Keys: []SortKey{{Attribute: "sn", Rule: "2.5.13.3", Reverse: true}, {Attribute: "cn"}}}, "1.2.840.113556.1.4.473", false,
			"301930110402736e8008322e352e31332e338101ff30040402636e"},
		{"view by offset, sent", VirtualListView{Before: 1, After: 2, Offset: 3, ContentCount: 4}, "2.16.840.1.113730.3.4.9", false, "300e020101020102a006020103020104"},
		{"view by value, sent", VirtualListView{Before: 1, After: 2, Value: &text, Critical: true}, "2.16.840.1.113730.3.4.9", true, "300b0201010201028103616263"},
		{"view in a context", VirtualListView{Offset: 1, ContextID: []byte("id")}, "2.16.840.1.113730.3.4.9", false, "3012020100020100a00602010102010004026964"},
		{"assertion, sent", Assertion{filter.Equal("cn", "x")}, "1.3.6.1.1.12", true, "a3070402636e040178"},
		{"matched values, sent", MatchedValues{Assertions: []filter.Assertion{
			{Kind: filter.KindSubstrings, Attribute: "mail", Final: "@x"}, {Kind: filter.KindEquality, Attribute: "cn", Value: "y"}}},
			"1.2.826.0.1.3344810.2.3", false, "3017a40c04046d61696c300482024078a3070402636e040179"},
		{"matched values without DNs", MatchedValues{Assertions: []filter.Assertion{{Kind: filter.KindExtensible, Attribute: "cn", Value: "y", DNAttributes: true}}},
			"1.2.826.0.1.3344810.2.3", false, "3009a9078202636e830179"},
		{"pre-read, sent", PreRead{}, "1.3.6.1.1.13.1", false, "3000"},
		{"post-read, sent", PostRead{Attributes: []string{"cn", "sn"}, Critical: true}, "1.3.6.1.1.13.2", true, "30080402636e0402736e"},
		{"subentries, sent", Subentries{Visible: true}, "1.3.6.1.4.1.4203.1.10.1", false, "0101ff"},
		{"no subentries, sent", Subentries{Critical: true}, "1.3.6.1.4.1.4203.1.10.1", true, "010100"},
		{"proxied, sent", ProxiedAuthorization{ID: "u:bob"}, "2.16.840.1.113730.3.4.18", true, "753a626f62"},
		{"proxied as nobody", ProxiedAuthorization{}, "2.16.840.1.113730.3.4.18", true, ""},
		{"sync, sent", Sync{}, "1.3.6.1.4.1.4203.1.9.1.1", true, "30030a0101"},
		{"sync on, sent", Sync{Mode: SyncRefreshAndPersist, Cookie: []byte("abc")}, "1.3.6.1.4.1.4203.1.9.1.1", true, "30080a01030403616263"},
		{"sync with a hint", Sync{ReloadHint: true}, "1.3.6.1.4.1.4203.1.9.1.1", true, "30060a01010101ff"},
		{"persistent search", PersistentSearch{}, "2.16.840.1.113730.3.4.3", true, "300902010f010100010100"},
		{"persistent search for changes", PersistentSearch{Types: ChangeAdd | ChangeModifyDN, ChangesOnly: true, Notify: true}, "2.16.840.1.113730.3.4.3", true, "30090201090101ff0101ff"},
		{"DirSync, sent", DirSync{Flags: DirSyncIncrementalValues, MaxBytes: 1000}, "1.2.840.113556.1.4.841", true, "300c020480000000020203e80400"},
		{"DirSync again", DirSync{Flags: DirSyncObjectSecurity | DirSyncAncestorsFirst, Cookie: []byte("c")}, "1.2.840.113556.1.4.841", true, "300a" + "02020801" + "020100" + "040163"},
		{"extended DN, sent", ExtendedDN{Text: true}, "1.2.840.113556.1.4.529", false, "3003020101"},
		{"security descriptor", SecurityDescriptor{Owner: true, Group: true, DACL: true, Critical: true}, "1.2.840.113556.1.4.801", true, "3003020107"},
		{"SACL", SecurityDescriptor{SACL: true}, "1.2.840.113556.1.4.801", false, "3003020108"},
		{"search options", SearchOptions{DomainScope: true, PhantomRoot: true}, "1.2.840.113556.1.4.1340", false, "3003020103"},
		{"attribute scoped", AttributeScopedQuery{"member"}, "1.2.840.113556.1.4.1504", true, "300804066d656d626572"},
		{"move", CrossDomainMove{"dc2"}, "1.2.840.113556.1.4.521", true, "646332"},
	}
	for _, test := range tests {
		c := test.control.Control()
		if got := hex.EncodeToString(c.Value); c.OID != test.oid || c.Critical != test.critical || got != test.value || c.Value == nil {
			t.Errorf("%s: %s, %v, %s", test.name, c.OID, c.Critical, got)
		}
	}
	if c := ManageDsaIT.Control(); c.OID != "2.16.840.1.113730.3.4.2" || !c.Critical || c.Value != nil {
		t.Errorf("ManageDsaIT is %+v", c)
	}
	if c := TreeDelete.Optional(); c.OID != "1.2.840.113556.1.4.805" || c.Critical || c.Value != nil {
		t.Errorf("tree delete is %+v", c)
	}
}

func TestSplitExtendedDN(t *testing.T) {
	for s, want := range map[string][3]string{
		"<GUID=ab01>;<SID=0105>;CN=x,DC=y":                 {"ab01", "0105", "CN=x,DC=y"},
		"<guid=f81d4fae-7dec-11d0-a765-00a0c91e6bf6>;DC=y": {"f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "", "DC=y"},
		"<GUID=ab>;<RMD_FLAGS=0>;<SID=S-1-5>;CN=x":         {"ab", "S-1-5", "CN=x"},
		"CN=x;<GUID=a>": {"", "", "CN=x;<GUID=a>"},
		"<GUID=ab":      {"", "", "<GUID=ab"},
		"<>":            {"", "", ""},
		"":              {"", "", ""},
	} {
		guid, sid, dn := SplitExtendedDN(s)
		if got := [3]string{guid, sid, dn}; got != want {
			t.Errorf("%q: %q", s, got)
		}
	}
}

func TestNames(t *testing.T) {
	for got, want := range map[string]string{
		SyncPresent.String(): "present", SyncAdd.String(): "add", SyncModify.String(): "modify", SyncDelete.String(): "delete", SyncAction(9).String(): "9",
		ChangeModifyDN.String(): "modDN", ChangeAny.String(): "15", message.ResultCode(76).String(): "virtualListViewError",
	} {
		if got != want {
			t.Errorf("%q is not %q", got, want)
		}
	}
}
