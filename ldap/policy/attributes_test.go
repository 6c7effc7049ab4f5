package policy

import (
	"slices"
	"strings"
	"testing"

	"github.com/ldapedge/ldapedge/ldap/control"
	"github.com/ldapedge/ldapedge/ldap/filter"
	"github.com/ldapedge/ldapedge/ldap/message"
)

// names that all mean userPassword.
var spellings = []string{"userPassword", "USERPASSWORD", "userPassword;lang-de", "userpassword;binary;x", "2.5.4.35", "2.5.4.35;x", "OID.2.5.4.35", "oid.2.5.4.35"}

func TestPolicyRefusesFiltersOfRefusedAttributes(t *testing.T) {
	s := begin(t, Rules{}, nil)
	for _, name := range spellings {
		for _, text := range []string{"(X=*)", "(X=a)", "(X=a*)", "(X>=a)", "(X<=a)", "(X~=a)", "(X:=a)", "(X:dn:2.5.13.17:=a)", "(!(X=a))", "(&(cn=a)(|(sn=b)(!(X=*))))"} {
			s.refuses(insufficient, "refusedAttributes", 1, find(strings.ReplaceAll(text, "X", name)))
		}
	}
	s.refuses(insufficient, "any attribute", 1, find("(:2.5.13.5:=x)"))
	s.refuses(insufficient, "any attribute", 1, find("(:dn:2.5.13.5:=x)"))
	s.passes(1, find("(cn:dn:2.5.13.5:=userPassword)"))
	s.passes(2, find("(2.5.4.3=x)"))
	s.refuses(insufficient, "refusedAttributes", 3, find("(1.2.3.4.5=x)")) // may be anything
	for _, secret := range DefaultRefusedAttributes() {
		s.refuses(insufficient, "refusedAttributes", 3, find("("+secret+"=*)"))
	}
	s = begin(t, Rules{RefusedAttributes: []string{}}, nil)
	s.passes(1, find("(|(userPassword=*)(1.2.3.4.5=x)(:2.5.13.5:=x))"))
}

func TestPolicyRefusesComparisonOfRefusedAttributes(t *testing.T) {
	s := begin(t, Rules{}, nil)
	for _, name := range append(spellings, " userPassword", "userPassword ", "userPaſſword") {
		s.refuses(insufficient, "compared", 1, message.CompareRequest{DN: "cn=a", Attribute: name, Value: password})
	}
}

func TestPolicyRefusesControlsOfRefusedAttributes(t *testing.T) {
	s := begin(t, Rules{Operations: []Operation{Search, Delete}}, nil)
	for _, name := range spellings {
		equal := filter.Assertion{Kind: filter.KindEquality, Attribute: name, Value: password}
		for _, typed := range []control.Typed{
			control.Sort{Keys: []control.SortKey{{Attribute: "cn"}, {Attribute: name}}},
			control.MatchedValues{Assertions: []filter.Assertion{equal}},
			control.Assertion{Filter: filter.Not(equal.Filter())},
		} {
			s.refuses(insufficient, "refusedAttributes", 1, find("(cn=a)"), typed.Control())
			s.refuses(insufficient, "refusedAttributes", 1, message.DeleteRequest{DN: "cn=a"}, typed.Control())
		}
	}
	sorted := control.Sort{Keys: []control.SortKey{{Attribute: "cn", Reverse: true}}}.Control()
	view := control.VirtualListView{Value: new("m"), After: 5}.Control()
	if r := s.passes(1, find("(cn=a)"), sorted, view); len(r.Controls) != 2 {
		t.Errorf("controls are %+v", r.Controls)
	}
}

func TestPolicyDropsRefusedAttributesFromSelections(t *testing.T) {
	s := begin(t, Rules{Operations: []Operation{Search, Delete}}, nil)
	for id, test := range []struct{ ask, want string }{
		{"cn userPassword sn", "cn sn"}, {"userPassword", "1.1"}, {"unicodePwd;x 2.5.4.35", "1.1"}, {"", ""}, {"* + userpassword", "* +"}, {"1.1", "1.1"}, {"@person cn", "@person cn"}, {"1.2.3 cn", "cn"},
	} {
		r := find("(cn=a)")
		r.Attributes = strings.Fields(test.ask)
		read := control.PreRead{Attributes: strings.Fields(test.ask), Critical: true}
		got := s.passes(int32(id+1), r, read.Control())
		sent, err := control.ParsePreReadRequest(got.Controls[0])
		if strings.Join(got.Request.(message.SearchRequest).Attributes, " ") != test.want || strings.Join(sent.Attributes, " ") != test.want || err != nil || !sent.Critical {
			t.Errorf("%q: sent %q and %+v, %v", test.ask, got.Request.(message.SearchRequest).Attributes, sent, err)
		}
	}
}

func TestPolicyRefusesWritingRefusedAttributes(t *testing.T) {
	rules := Rules{Operations: []Operation{Add, Modify, ModifyDN}}
	values := func(name string) []message.PartialAttribute {
		return []message.PartialAttribute{{Name: "cn", Values: []string{"a"}}, {Name: name, Values: []string{password}}}
	}
	s := begin(t, rules, nil)
	for _, name := range spellings {
		s.refuses(insufficient, "writableAttributes", 1, message.AddRequest{DN: "cn=a", Attributes: values(name)})
		for kind := message.ChangeAdd; kind <= message.ChangeIncrement; kind++ {
			s.refuses(insufficient, "writableAttributes", 1, message.ModifyRequest{DN: "cn=a", Changes: []message.Change{{Kind: kind, Attribute: name, Values: []string{password}}}})
		}
	}
	s.refuses(insufficient, "a name has", 1, message.AddRequest{DN: "userPassword=x,dc=a", Attributes: values("sn")})
	s.refuses(insufficient, "a name has", 1, message.ModifyDNRequest{DN: "cn=a", NewRDN: "cn=a+2.5.4.35=x"})
	s.refuses(message.ResultInvalidDNSyntax, "no DN", 1, message.AddRequest{DN: "cn=a;userPassword", Attributes: values("sn")})
	rules.WritableAttributes = []string{"userPassword"}
	s = begin(t, rules, nil)
	for id, name := range spellings {
		s.passes(int32(id+1), message.AddRequest{DN: "cn=a", Attributes: values(name)})
	}
	s.refuses(insufficient, "writableAttributes", 100, message.AddRequest{DN: "cn=a", Attributes: values("unicodePwd")})
}

func TestPolicyRefusesSubtypes(t *testing.T) {
	s := begin(t, Rules{RefusedAttributes: []string{"secret"}}, schema)
	for _, name := range []string{"secret", "1.1.1", "deepSecret", "ALSODEEP;x", "1.1.2", "name", "2.5.4.41", "9.9.9"} {
		s.refuses(insufficient, "refusedAttributes", 1, find("("+name+"=x)"))
		s.refuses(insufficient, "compared", 1, message.CompareRequest{DN: "cn=a", Attribute: name})
	}
	for id, name := range []string{"plain", "1.1.3", "cn", "commonName", "userPassword"} {
		s.passes(int32(id+1), find("("+name+"=x)"))
	}
	// A supertype may be asked for: what comes back is looked at.
	r := find("(cn=a)")
	r.Attributes = []string{"name", "deepSecret", "plain"}
	got := s.passes(50, r)
	if all := got.Request.(message.SearchRequest).Attributes; !slices.Equal(all, []string{"name", "plain"}) {
		t.Errorf("sent %q", all)
	}
	m, err := message.Parse(s.answer(entry(50, "cn=a", "cn", "secret", "alsoDeep", "1.1.2", "plain", "deepSecret;lang-de", "name")))
	if err != nil {
		t.Fatal(err)
	}
	if e, err := m.Entry(); err != nil || names(e) != "cn plain name" {
		t.Errorf("got %q, %v", names(e), err)
	}
}
