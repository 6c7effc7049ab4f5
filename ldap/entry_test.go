package ldap

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"

	ber "github.com/go-asn1-ber/asn1-ber"

	"github.com/ldapedge/ldapedge/formatters"
	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/schemajson"
	"github.com/ldapedge/ldapedge/server"
)

// people is the schema of the tests of entries and names.
func people() *schemajson.SchemaInfo {
	return schemajson.Parse("cn=Subschema", []schemajson.Attribute{
		{Name: "attributeTypes", Values: []string{
			"( 2.5.4.0 NAME 'objectClass' SYNTAX 1.3.6.1.4.1.1466.115.121.1.38 )",
			"( 2.5.4.3 NAME ( 'cn' 'commonName' ) SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )",
			"( 2.5.4.31 NAME 'member' SYNTAX 1.3.6.1.4.1.1466.115.121.1.12 )",
			"( 2.5.4.36 NAME 'userCertificate' SYNTAX 1.3.6.1.4.1.1466.115.121.1.8 )",
			"( 1.3.6.1.1.1.1.0 NAME 'uidNumber' SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )",
			"( 1.2.840.113556.1.4.2 NAME 'objectGUID' SYNTAX 1.3.6.1.4.1.1466.115.121.1.40 SINGLE-VALUE )",
			"( 1.2.840.113556.1.4.146 NAME 'objectSid' SYNTAX 1.3.6.1.4.1.1466.115.121.1.40 SINGLE-VALUE )",
			"( 2.5.18.1 NAME 'createTimestamp' SYNTAX 1.3.6.1.4.1.1466.115.121.1.24 SINGLE-VALUE )",
		}},
		{Name: "objectClasses", Values: []string{"( 2.5.6.6 NAME 'person' )", "( 2.5.6.0 NAME 'top' ABSTRACT )"}},
	})
}

// dialKnowing is dial with a server whose schema is known beforehand.
func dialKnowing(t *testing.T, schema *schemajson.SchemaInfo, o *Options, answer func(w io.Writer, id int64, op *ber.Packet)) *Connection {
	t.Helper()
	srv, err := server.FromDefinition("ldap://scripted", nil, schema, &server.Options{GetInfo: server.InfoNone})
	if err != nil {
		t.Fatal(err)
	}
	c := NewConnection(srv, &scripted{answer: answer, seen: make(chan string, 1000), closed: make(chan struct{})}, o)
	if err := c.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// finding answers every search with the entries.
func finding(entries ...string) func(w io.Writer, id int64, op *ber.Packet) {
	return func(w io.Writer, id int64, op *ber.Packet) {
		if op.Tag == 3 {
			for _, e := range entries {
				reply(w, id, e)
			}
			reply(w, id, result(0x65, 0, ""))
		}
	}
}

// only returns the entry of a search that finds one.
func only(t *testing.T, c *Connection, r message.SearchRequest) (found Entry) {
	t.Helper()
	n := 0
	for e, err := range c.Search(t.Context(), r) {
		if err != nil {
			t.Fatal(err)
		}
		found = e
		n++
	}
	if n != 1 {
		t.Fatalf("%d entries", n)
	}
	return found
}

const guidBytes = "\x68\x9e\x03\x07\x73\x43\x4d\x26\xa0\xa7\x07\x03\x9e\x68\x43\x73"

var alice = entry("cn=Zo\xc3\xab",
	attribute("objectClass", "person", "top"), attribute("cn", "Zo\xc3\xab"), attribute("CN;lang-de", "Zoe"),
	attribute("uidNumber", "7"), attribute("objectGUID", guidBytes), attribute("userCertificate;binary", "\xff\x00"),
	attribute("createTimestamp", "20130521164433Z"), attribute("jpegPhoto", "\xff\xd8"), attribute("note", "x"))

func TestEntryHasTypedValues(t *testing.T) {
	c := dialKnowing(t, people(), nil, finding(alice))
	e := only(t, c, message.SearchRequest{Base: "dc=x"})
	if e.DN() != "cn=Zoë" {
		t.Errorf("DN %q", e.DN())
	}
	if n, ok := e.Values("UIDNUMBER").Values[0].Int64(); n != 7 || !ok || !e.Values("uidNumber").Single {
		t.Errorf("uidNumber %+v", e.Values("uidNumber"))
	}
	if at, ok := e.Values("createTimestamp").Values[0].Time(); !ok || at.Unix() != 1369154673 {
		t.Errorf("createTimestamp %v", at)
	}
	for name, kind := range map[string]formatters.Kind{
		"cn": formatters.KindText, "cn;LANG-de": formatters.KindText, "objectGUID": formatters.KindGUID,
		"userCertificate;binary": formatters.KindBytes, "jpegPhoto": formatters.KindBytes, "note": formatters.KindText,
	} {
		if v := e.Values(name); len(v.Values) != 1 || v.Values[0].Kind() != kind {
			t.Errorf("%s: %+v", name, v)
		}
	}
	if v := e.Values("userCertificate"); len(v.Values) != 0 || v.Description != "userCertificate" {
		t.Errorf("an attribute that is not there: %+v", v)
	}
	if v := e.Values("cn;lang-de").Values[0].String(); v != "Zoe" {
		t.Errorf("cn;lang-de is %s", v)
	}
	if a, ok := e.Attribute("objectGUID"); !ok || a.Strings()[0] != guidBytes || a.Typed().Values[0].String() != "{07039e68-4373-264d-a0a7-07039e684373}" {
		t.Errorf("objectGUID %q, %v", a.Strings(), a.Typed())
	}
	if raw, ok := e.Entry.Attribute("jpegPhoto"); !ok || raw.Strings()[0] != "\xff\xd8" {
		t.Error("no raw attribute")
	}
	var zero Entry
	for range zero.Attributes() {
		t.Error("the zero entry has an attribute")
	}
}

func TestEntryJSON(t *testing.T) {
	c := dialKnowing(t, people(), nil, finding(alice))
	got := string(only(t, c, message.SearchRequest{Base: "dc=x", Attributes: []string{"*", "member", "commonName", "userCertificate", "createTimestamp"}}).AppendJSON([]byte("> ")))
	want := `> {"dn":"cn=Zoë","attributes":{"objectClass":["person","top"],"cn":["Zoë"],"CN;lang-de":["Zoe"],"uidNumber":7,` +
		`"objectGUID":"{07039e68-4373-264d-a0a7-07039e684373}","userCertificate;binary":[{"encoding":"base64","encoded":"/wA="}],` +
		`"createTimestamp":"2013-05-21T16:44:33Z","jpegPhoto":[{"encoding":"base64","encoded":"/9g="}],"note":["x"],"member":[]},` +
		`"raw_attributes":{"objectClass":["person","top"],"cn":["Zoë"],"CN;lang-de":["Zoe"],"uidNumber":["7"],` +
		`"objectGUID":[{"encoding":"base64","encoded":"aJ4DB3NDTSagpwcDnmhDcw=="}],"userCertificate;binary":[{"encoding":"base64","encoded":"/wA="}],` +
		`"createTimestamp":["20130521164433Z"],"jpegPhoto":[{"encoding":"base64","encoded":"/9g="}],"note":["x"],"member":[]}}`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// An object has a name once, whatever the server does.
func TestEntryJSONOfRepeatedAttributes(t *testing.T) {
	c := dialKnowing(t, people(), nil, finding(entry("cn=\xff", attribute("cn", "a"), attribute("note", "n"), attribute("CN", "b"))))
	got := string(only(t, c, message.SearchRequest{Base: "dc=x"}).AppendJSON(nil))
	if want := `{"dn":"cn=�","attributes":{"cn":["a","b"],"note":["n"]},"raw_attributes":{"cn":["a","b"],"note":["n"]}}`; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestNoCheckNamesLeavesValuesAsTheyAre(t *testing.T) {
	c := dialKnowing(t, people(), &Options{NoCheckNames: true}, finding(alice))
	e := only(t, c, message.SearchRequest{Base: "dc=x"})
	for name, want := range map[string]formatters.Value{
		"uidNumber": formatters.TextValue("7"), "jpegPhoto": formatters.BytesValue([]byte("\xff\xd8")), "createTimestamp": formatters.TextValue("20130521164433Z"),
	} {
		if v := e.Values(name); v.Single || len(v.Values) != 1 || v.Values[0] != want {
			t.Errorf("%s: %+v", name, v)
		}
	}
}

func TestEmptyAttributes(t *testing.T) {
	tests := []struct {
		options   Options
		typesOnly bool
		requested []string
		want      string
	}{
		{Options{}, false, []string{"cn", "member", "*", "+", "1.1", "@person", "CN;lang-de"}, "cn,member,CN;lang-de"},
		{Options{}, false, []string{"2.5.4.3", "commonName", "MEMBER", "member"}, "cn,MEMBER"},
		{Options{}, true, []string{"cn", "member"}, "cn"},
		{Options{NoEmptyAttributes: true}, false, []string{"cn", "member"}, "cn"},
		{Options{NoCheckNames: true}, false, []string{"2.5.4.3"}, "cn,2.5.4.3"},
	}
	for _, test := range tests {
		c := dialKnowing(t, people(), &test.options, finding(entry("cn=a", attribute("cn", "a"))))
		e := only(t, c, message.SearchRequest{Base: "dc=x", Attributes: test.requested, TypesOnly: test.typesOnly})
		var got []string
		for a := range e.Attributes() {
			got = append(got, a.Name())
			if a.Name() != "cn" && (a.Len() != 0 || len(a.Typed().Values) != 0) {
				t.Errorf("%s has values", a.Name())
			}
		}
		if strings.Join(got, ",") != test.want {
			t.Errorf("%v: %v, want %s", test.requested, got, test.want)
		}
	}
}

// More attributes than one word has bits, and than are remembered.
func TestManyAttributes(t *testing.T) {
	var requested, attributes []string
	for i := range 2 * maxColumns {
		name := fmt.Sprint("x", i)
		requested = append(requested, name)
		if i%3 > 0 {
			attributes = append(attributes, attribute(name, "v"))
		}
	}
	c := dialKnowing(t, nil, nil, finding(entry("cn=a", attributes...)))
	e := only(t, c, message.SearchRequest{Base: "dc=x", Attributes: requested})
	there, missing := 0, 0
	for a := range e.Attributes() {
		switch a.Len() {
		case 1:
			there++
		case 0:
			missing++
		}
	}
	if want := (2*maxColumns + 2) / 3; missing != want || there != 2*maxColumns-want {
		t.Errorf("%d there, %d missing", there, missing)
	}
	if n := strings.Count(string(e.AppendJSON(nil)), `"x`); n != 2*2*maxColumns {
		t.Errorf("%d names in JSON", n)
	}
}

func TestEntriesAreUsedByManyGoroutines(t *testing.T) {
	c := dialKnowing(t, people(), nil, finding(alice, entry("cn=b", attribute("note", "b"), attribute("cn", "b")), alice))
	var using sync.WaitGroup
	for e, err := range c.Search(t.Context(), message.SearchRequest{Base: "dc=x"}) {
		if err != nil {
			t.Fatal(err)
		}
		using.Go(func() {
			if len(e.AppendJSON(nil)) < 50 || len(e.Values("cn").Values) != 1 {
				t.Errorf("%s", e.AppendJSON(nil))
			}
		})
	}
	using.Wait()
}

// Who uses raw values alone pays for no attribute.
func TestRawAttributesDoNotAllocate(t *testing.T) {
	c := dialKnowing(t, people(), nil, finding(alice))
	e := only(t, c, message.SearchRequest{Base: "dc=x"})
	bytes := 0
	if n := testing.AllocsPerRun(100, func() {
		for a := range e.Attributes() {
			bytes += len(a.NameBytes())
			for v := range a.Values() {
				bytes += len(v)
			}
		}
	}); n > 0 {
		t.Errorf("%v allocations for an entry of 9 attributes", n)
	}
	if n := testing.AllocsPerRun(100, func() { e.Entry.Attribute("NOTE") }); n > 0 {
		t.Errorf("%v allocations to find an attribute", n)
	}
}

func TestControlsOfEntries(t *testing.T) {
	c := dialKnowing(t, nil, nil, func(w io.Writer, id int64, op *ber.Packet) {
		if op.Tag == 3 {
			io.WriteString(w, lv(0x30, lv(2, string([]byte{byte(id)})), entry("cn=a"), lv(0xa0, lv(0x30, lv(4, "1.2.3"), lv(4, "v")))))
			reply(w, id, result(0x65, 0, ""))
		}
	})
	all, err := only(t, c, message.SearchRequest{}).Controls()
	if got, ok := all.Find("1.2.3"); err != nil || !ok || string(got.Value) != "v" {
		t.Errorf("%v, %v", all, err)
	}
}

func TestPuttingEntriesTogether(t *testing.T) {
	e := message.NewEntry("cn=a", message.NewAttribute("cn", []byte("a"), []byte("")), message.NewAttribute("mail"))
	var got []string
	for a := range e.Attributes() {
		got = append(got, fmt.Sprintf("%s %q", a.Name(), a.Strings()))
	}
	if e.DN() != "cn=a" || !slices.Equal(got, []string{`cn ["a" ""]`, "mail []"}) {
		t.Errorf("%s: %q", e.DN(), got)
	}
}
