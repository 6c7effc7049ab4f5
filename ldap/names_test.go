package ldap

import (
	"errors"
	"io"
	"strings"
	"testing"

	ber "github.com/go-asn1-ber/asn1-ber"

	"github.com/ldapedge/ldapedge/dn"
	"github.com/ldapedge/ldapedge/formatters"
	"github.com/ldapedge/ldapedge/ldap/filter"
	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/schemajson"
)

// askedFor is what reaches the server of a search, or why nothing does.
func askedFor(t *testing.T, schema *schemajson.SchemaInfo, o *Options, r message.SearchRequest) (sent string, err error) {
	t.Helper()
	c := dialKnowing(t, schema, o, func(w io.Writer, id int64, op *ber.Packet) {
		if op.Tag == 3 {
			f, err := filter.Decode(op.Children[6].Bytes())
			if err != nil {
				t.Error(err)
			}
			sent = f.String()
			for _, a := range op.Children[7].Children {
				sent += " " + a.Data.String()
			}
			reply(w, id, result(0x65, 0, ""))
		}
	})
	for _, err = range c.Search(t.Context(), r) {
	}
	return sent, err
}

func TestNamesInAttributeLists(t *testing.T) {
	tests := []struct {
		list, base string
		refused    *NameError
	}{
		{"cn,COMMONNAME,2.5.4.3,cn;lang-de,userCertificate;binary,*,+,1.1,subschemaSubentry,VendorName,@person,@2.5.6.6", "dc=x", nil},
		{"cn,zzz;lang-de", "dc=x", &NameError{"attribute type", "zzz", "attribute list"}},
		{"@car", "dc=x", &NameError{"object class", "car", "attribute list"}},
		{"dnsHostName", "", nil}, // the root DSE has what no schema knows
	}
	for _, test := range tests {
		r := message.SearchRequest{Base: test.base, Attributes: strings.Split(test.list, ",")}
		want := "(objectClass=*) " + strings.ReplaceAll(test.list, ",", " ")
		sent, err := askedFor(t, people(), nil, r)
		var refused *NameError
		switch {
		case test.refused == nil && (err != nil || sent != want):
			t.Errorf("%s: sent %q, %v", test.list, sent, err)
		case test.refused != nil && (!errors.As(err, &refused) || *refused != *test.refused || sent != ""):
			t.Errorf("%s: sent %q, %v", test.list, sent, err)
		}
		for _, free := range []struct {
			schema  *schemajson.SchemaInfo
			options *Options
		}{{people(), &Options{NoCheckNames: true}}, {nil, nil}, {schemajson.Parse("", nil), nil}} {
			if sent, err := askedFor(t, free.schema, free.options, r); err != nil || sent != want {
				t.Errorf("%s without checks: sent %q, %v", test.list, sent, err)
			}
		}
	}
}

func TestFiltersArePrepared(t *testing.T) {
	const guid, sid = `h\9e\03\07sCM&\a0\a7\07\03\9ehCs`, `\01\01\00\00\00\00\00\05\12\00\00\00`
	tests := []struct{ filter, sent, wrong string }{
		{`(cn=a\2ab)`, `(cn=a\2ab)`, ""},
		{`(&(objectClass=person)(!(OBJECTCLASS=2.5.6.0))(objectClass=*))`, `(&(objectClass=person)(!(OBJECTCLASS=2.5.6.0))(objectClass=*))`, ""},
		{`(objectClass=subschema)`, `(objectClass=subschema)`, ""},
		{`(objectClass=car)`, "", `the filter has "car", and the server's schema no such object class`},
		{`(|(cn=a)(!(zzz=1)))`, "", `the filter has "zzz", and the server's schema no such attribute type`},
		{`(zzz=*)`, `(zzz=*)`, ""},
		{`(zzz=a*)`, "", `no such attribute type`},
		{`(zzz>=1)`, "", `no such attribute type`},
		{`(zzz:caseExactMatch:=1)`, "", `no such attribute type`},
		{`(:caseExactMatch:=1)`, `(:caseExactMatch:=1)`, ""},
		{`(objectGUID={07039e68-4373-264d-a0a7-07039e684373})`, `(objectGUID=` + guid + `)`, ""},
		{`(objectGUID=07039e68-4373-264d-a0a7-07039e684373)`, `(objectGUID=` + guid + `)`, ""},
		{`(objectGUID=` + guid + `)`, `(objectGUID=` + guid + `)`, ""},
		{`(objectGUID=db6ffb\5ccafe0123)`, "", "GUID"}, // 15 bytes
		// 16 bytes that happen to be a text, with a backslash among them.
		{`(objectGUID=db6ffb\5ccafe01234)`, `(objectGUID=db6ffb\5ccafe01234)`, ""},
		{`(objectSid=S-1-5-18)`, `(objectSid=` + sid + `)`, ""},
		{`(objectSid=` + sid + `)`, `(objectSid=` + sid + `)`, ""},
		{`(objectSid=\01\05\00)`, `(objectSid=\01\05\00)`, ""},
		{`(objectSid=S-1-5-x)`, "", "objectSid"},
		{`(objectGUID=\00*)`, `(objectGUID=\00*)`, ""},
		{`(createTimestamp=2014*)`, `(createTimestamp=2014*)`, ""},
		{`(createTimestamp>=20140102030405Z)`, `(createTimestamp>=20140102030405Z)`, ""},
		{`(createTimestamp<=yesterday)`, "", `createTimestamp: "yesterday" is no value of the attribute`},
		{`(uidNumber=7)`, `(uidNumber=7)`, ""},
		{`(uidNumber=seven)`, "", `filter: uidNumber: "seven" is no value of the attribute`},
		{`(uidNumber:1.2.840.113556.1.4.803:=seven)`, `(uidNumber:1.2.840.113556.1.4.803:=seven)`, ""},
		{`(userCertificate={ serialNumber 1 })`, `(userCertificate={ serialNumber 1 })`, ""},
		{`(member=anything)`, `(member=anything)`, ""},
	}
	for _, test := range tests {
		f, err := filter.Parse(test.filter)
		if err != nil {
			t.Fatal(err)
		}
		sent, err := askedFor(t, people(), nil, message.SearchRequest{Base: "dc=x", Filter: f})
		switch {
		case test.wrong == "" && (err != nil || sent != test.sent):
			t.Errorf("%s: sent %q, %v", test.filter, sent, err)
		case test.wrong != "" && (err == nil || !strings.Contains(err.Error(), test.wrong) || sent != ""):
			t.Errorf("%s: sent %q, %v", test.filter, sent, err)
		}
	}
}

// Values are prepared without checks of names too, and leniently where an
// attribute's name alone tells its type.
func TestFiltersWithoutSchema(t *testing.T) {
	guid, bad := filter.Equal("objectGUID", "{07039e68-4373-264d-a0a7-07039e684373}"), filter.Equal("objectGUID", "x")
	if sent, err := askedFor(t, nil, nil, message.SearchRequest{Filter: guid}); err != nil || !strings.HasPrefix(sent, `(objectGUID=h\9e`) {
		t.Errorf("sent %q, %v", sent, err)
	}
	if sent, err := askedFor(t, nil, nil, message.SearchRequest{Filter: bad}); err != nil || sent != "(objectGUID=x)" {
		t.Errorf("sent %q, %v", sent, err)
	}
	var wrong *formatters.ValueError
	if sent, err := askedFor(t, people(), &Options{NoCheckNames: true}, message.SearchRequest{Filter: bad}); !errors.As(err, &wrong) || sent != "" {
		t.Errorf("sent %q, %v", sent, err)
	}
}

func TestBasesAreChecked(t *testing.T) {
	var wrong *dn.SyntaxError
	if _, err := askedFor(t, nil, nil, message.SearchRequest{Base: "nodn"}); !errors.As(err, &wrong) || !strings.HasPrefix(err.Error(), `search: the base "nodn" is no DN: `) {
		t.Errorf("%v", err)
	}
	if _, err := askedFor(t, nil, &Options{NoCheckNames: true}, message.SearchRequest{Base: "nodn"}); err != nil {
		t.Errorf("without checks: %v", err)
	}
	if _, err := askedFor(t, nil, nil, message.SearchRequest{Base: "<GUID=07039e68-4373-264d-a0a7-07039e684373>"}); err != nil {
		t.Errorf("a GUID: %v", err)
	}
}

// What updates and comparisons send, or why they send nothing.
func TestUpdatesArePrepared(t *testing.T) {
	const guid, sid = "{07039e68-4373-264d-a0a7-07039e684373}", "\x01\x01\x00\x00\x00\x00\x00\x05\x12\x00\x00\x00"
	add := func(attributes ...message.PartialAttribute) func(c *Connection) error {
		return func(c *Connection) error {
			_, err := c.Add(t.Context(), message.AddRequest{DN: "cn=a", Attributes: attributes})
			return err
		}
	}
	change := func(dn string, changes ...message.Change) func(c *Connection) error {
		return func(c *Connection) error {
			_, err := c.Modify(t.Context(), message.ModifyRequest{DN: dn, Changes: changes})
			return err
		}
	}
	comparing := func(attribute, value string) func(c *Connection) error {
		return func(c *Connection) error {
			_, _, err := c.Compare(t.Context(), message.CompareRequest{DN: "cn=a", Attribute: attribute, Value: value})
			return err
		}
	}
	tests := []struct {
		name string
		do   func(c *Connection) error
		sent []string // values that are in the request
		err  string
		free bool // sent with NoCheckNames
	}{
		{"add", add(message.PartialAttribute{Name: "objectClass", Values: []string{"person", "TOP"}}, message.PartialAttribute{Name: "objectGUID", Values: []string{guid}}, message.PartialAttribute{Name: "objectSid", Values: []string{sid}}),
			[]string{"person", "TOP", guidBytes, sid}, "", true},
		{"add a class", add(message.PartialAttribute{Name: "objectClass", Values: []string{"person", "car"}}), nil, `add: the entry has "car", and the server's schema no such object class`, true},
		{"add an attribute", add(message.PartialAttribute{Name: "zzz;lang-de", Values: []string{"1"}}), nil, `add: the entry has "zzz", and the server's schema no such attribute type`, true},
		{"add a value", add(message.PartialAttribute{Name: "uidNumber", Values: []string{"7", "x"}}), nil, `add: entry: uidNumber: "x" is no value of the attribute`, false},
		{"modify", change("cn=a", message.Change{Attribute: "objectSid", Values: []string{"S-1-5-18"}}, message.Change{Kind: message.ChangeDelete, Attribute: "uidNumber", Values: []string{"x"}}, message.Change{Kind: message.ChangeReplace, Attribute: "cn"}),
			[]string{sid, "x"}, "", true},
		{"modify an attribute", change("cn=a", message.Change{Attribute: "cn", Values: []string{"a"}}, message.Change{Kind: message.ChangeReplace, Attribute: "zzz"}), nil, `modify: the change 2 has "zzz"`, true},
		{"modify a value", change("cn=a", message.Change{Kind: message.ChangeReplace, Attribute: "createTimestamp", Values: []string{"now"}}), nil, `modify: change 1: createTimestamp: "now" is no value`, false},
		{"modify what is no DN", change("nodn", message.Change{Attribute: "cn", Values: []string{"a"}}), nil, `modify: the entry's name "nodn" is no DN`, true},
		{"compare", comparing("objectGUID", guid), []string{guidBytes}, "", true},
		{"compare a class", comparing("objectClass", "car"), nil, `compare: the comparison has "car"`, true},
		{"compare an attribute", comparing("zzz", "1"), nil, `compare: the comparison has "zzz"`, true},
		{"compare a value", comparing("uidNumber", "x"), nil, `compare: comparison: uidNumber: "x" is no value`, false},
	}
	for _, test := range tests {
		for _, unchecked := range []bool{false, true} {
			sent := ""
			c := dialKnowing(t, people(), &Options{NoCheckNames: unchecked}, func(w io.Writer, id int64, op *ber.Packet) {
				sent = string(op.Bytes())
				succeed(w, id, op)
			})
			err := test.do(c)
			fine := test.err == "" || unchecked && test.free
			// success is no result of a comparison
			if fine && (sent == "" || err != nil && !IsResult(err, message.ResultSuccess)) {
				t.Errorf("%s, unchecked %v: %v", test.name, unchecked, err)
			}
			if !fine && (err == nil || !strings.Contains(err.Error(), test.err) || sent != "") {
				t.Errorf("%s, unchecked %v: %v, sent %q", test.name, unchecked, err, sent)
			}
			for _, value := range test.sent {
				if !strings.Contains(sent, value) {
					t.Errorf("%s: %q is not in %q", test.name, value, sent)
				}
			}
		}
	}
}
