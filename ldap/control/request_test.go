package control

import (
	"reflect"
	"testing"

	"github.com/ldapedge/ldapedge/ldap/filter"
	"github.com/ldapedge/ldapedge/ldap/message"
)

// parsed makes the parsers one kind.
func parsed[T Typed](parse func(message.Control) (T, error)) func(message.Control) (Typed, error) {
	return func(c message.Control) (Typed, error) { return parse(c) }
}

// What a client sends is read as what it was made of, and no piece of it is
// taken for the whole.
func TestParseRequestControls(t *testing.T) {
	tests := []struct {
		typed Typed
		parse func(message.Control) (Typed, error)
	}{
		{Sort{Keys: []SortKey{{Attribute: "sn"}, {"cn", "2.5.13.3", true}}, Critical: true}, parsed(ParseSort)},
		{VirtualListView{Before: 1, After: 2, Offset: 3, ContentCount: 4}, parsed(ParseVirtualListView)},
		{VirtualListView{Value: new("m"), ContextID: []byte("x"), Critical: true}, parsed(ParseVirtualListView)},
		{Assertion{Filter: filter.And(filter.Equal("cn", "a"), filter.Not(filter.Present("sn")))}, parsed(ParseAssertion)},
		{MatchedValues{Assertions: []filter.Assertion{{Kind: filter.KindPresent, Attribute: "cn"}, {Kind: filter.KindEquality, Attribute: "sn", Value: "x"}}}, parsed(ParseMatchedValues)},
		{PreRead{Attributes: []string{"cn", "sn"}}, parsed(ParsePreReadRequest)},
		{PostRead{Critical: true}, parsed(ParsePostReadRequest)},
		{Subentries{Visible: true}, parsed(ParseSubentries)},
		{ExtendedDN{Text: true}, parsed(ParseExtendedDN)},
		{SecurityDescriptor{Owner: true, SACL: true, Critical: true}, parsed(ParseSecurityDescriptor)},
		{PagedResults{Size: 5, Cookie: []byte("c"), Critical: true}, parsed(ParsePagedResults)},
	}
	for _, test := range tests {
		c := test.typed.Control()
		got, err := test.parse(c)
		if err != nil || !reflect.DeepEqual(got, test.typed) {
			t.Errorf("%+v is read as %+v, %v", test.typed, got, err)
		}
		for n := range c.Value {
			if _, err := test.parse(message.Control{OID: c.OID, Value: c.Value[:n:n]}); err == nil {
				t.Errorf("%+v is read from %d of %d bytes", test.typed, n, len(c.Value))
			}
		}
		if _, err := test.parse(message.Control{OID: "1.2", Value: c.Value}); err == nil {
			t.Errorf("%+v is read from another control", test.typed)
		}
	}
	if _, err := ParseMatchedValues(message.Control{OID: OIDMatchedValues, Value: []byte{0x30, 2, 0xa0, 0}}); err == nil {
		t.Error("matched values take a filter with parts")
	}
}
