package policy

import (
	"bytes"
	"strings"
	"testing"

	"github.com/ldapedge/ldapedge/ldap/control"
	"github.com/ldapedge/ldapedge/ldap/internal/tlv"
	"github.com/ldapedge/ldapedge/ldap/message"
)

func TestPolicyLimitsBases(t *testing.T) {
	s := begin(t, Rules{Bases: []string{"ou=People, dc=example,dc=com", `o=A\2cB`}}, schema)
	for id, test := range []struct{ base, want string }{
		{"ou=people,dc=example,dc=com", "ou=people,dc=example,dc=com"},
		{"OU=PEOPLE,DC=EXAMPLE,DC=COM", "OU=PEOPLE,DC=EXAMPLE,DC=COM"},
		{`cn=x\,y , ou = People ; dc="example", dc=com`, `cn=x\,y,ou=People,dc=example,dc=com`},
		{`cn=x,2.5.4.11=people,0.9.2342.19200300.100.1.25=example,domainComponent=com`, `cn=x,2.5.4.11=people,0.9.2342.19200300.100.1.25=example,domainComponent=com`},
		{`ou=\70eople,dc=example,dc=com`, `ou=people,dc=example,dc=com`},
		{`cn=x,O=a\,b`, `cn=x,O=a\,b`},
	} {
		r := find("(cn=a)")
		r.Base, r.Deref = test.base, message.DerefAlways
		got := s.passes(int32(id+1), r).Request.(message.SearchRequest)
		if got.Base != test.want || got.Deref != message.DerefNever {
			t.Errorf("%s: sent %s with deref %d, want %s", test.base, got.Base, got.Deref, test.want)
		}
	}
	for _, test := range []struct {
		base string
		code message.ResultCode
	}{
		{"dc=example,dc=com", insufficient},
		{"", insufficient},
		{"ou=groups,dc=example,dc=com", insufficient},
		{"ou=people,dc=example,dc=com,o=x", insufficient},
		{`ou=people\,dc=example\,dc=com`, insufficient},
		{`cn=a\,ou=people,dc=example,dc=com`, insufficient},
		{`o=A+ou=people,dc=example,dc=com`, insufficient},
		{`o=#04034120422c`, insufficient},
		{"<GUID=4b5f9ab0-8d5c-4f5a-8f0e-5d8d2f7d1b1a>", insufficient},
		{"<SID=S-1-5-21-1-2-3-500>", insufficient},
		{"<WKGUID=a9d1ca15768811d1aded00c04fd8d5cd,dc=example,dc=com>", insufficient},
		{"<GUID=4b5f9ab08d5c>;ou=people,dc=example,dc=com", insufficient},
		{"people", message.ResultInvalidDNSyntax},
		{"cn=a,,ou=people,dc=example,dc=com", message.ResultInvalidDNSyntax},
	} {
		r := find("(cn=a)")
		r.Base = test.base
		s.refuses(test.code, "policy: ", 100, r)
		for _, other := range []message.Request{message.CompareRequest{DN: test.base, Attribute: "cn"}} {
			s.refuses(test.code, "policy: ", 100, other)
		}
	}
}

func TestPolicyLimitsBasesOfWrites(t *testing.T) {
	const in, out = "cn=a,ou=people,dc=example,dc=com", "cn=a,dc=example,dc=com"
	s := begin(t, Rules{Bases: []string{"ou=people,dc=example,dc=com"}, Operations: []Operation{Add, Modify, Delete, ModifyDN, PasswordModify}}, nil)
	values := []message.PartialAttribute{{Name: "cn", Values: []string{"a"}}}
	changes := []message.Change{{Attribute: "sn", Values: []string{"a"}}}
	user := func(dn string) []byte {
		return append([]byte{0x30, byte(2 + len(dn)), 0x80, byte(len(dn))}, dn...)
	}
	for id, r := range []message.Request{
		message.AddRequest{DN: in, Attributes: values}, message.ModifyRequest{DN: in, Changes: changes}, message.DeleteRequest{DN: in},
		message.ModifyDNRequest{DN: in, NewRDN: "cn=b"}, message.ModifyDNRequest{DN: in, NewRDN: "cn=b", NewSuperior: new("OU=people,dc=example,dc=com")},
		message.ExtendedRequest{Name: oidPasswordModify, Value: user(in)}, message.ExtendedRequest{Name: oidPasswordModify},
	} {
		s.passes(int32(id+1), r)
	}
	for _, r := range []message.Request{
		message.AddRequest{DN: out, Attributes: values}, message.ModifyRequest{DN: out, Changes: changes}, message.DeleteRequest{DN: out},
		message.ModifyDNRequest{DN: out, NewRDN: "cn=b"}, message.ModifyDNRequest{DN: out, NewRDN: "cn=b", NewSuperior: new("ou=people,dc=example,dc=com")},
		message.ModifyDNRequest{DN: in, NewRDN: "cn=b", NewSuperior: new("dc=example,dc=com")},
		message.ModifyDNRequest{DN: in, NewRDN: "cn=b", NewSuperior: new("")},
		message.ModifyDNRequest{DN: "ou=people,dc=example,dc=com", NewRDN: "ou=other"}, // the base itself
		message.ExtendedRequest{Name: oidPasswordModify, Value: user(out)},
		message.DeleteRequest{DN: "<GUID=4b5f9ab0-8d5c-4f5a-8f0e-5d8d2f7d1b1a>"},
	} {
		s.refuses(insufficient, "rule bases", 100, r)
	}
	s.refuses(message.ResultInvalidDNSyntax, "no RDN", 100, message.ModifyDNRequest{DN: in, NewRDN: "cn=b,ou=other"})
	s.refuses(message.ResultInvalidDNSyntax, "no DN", 100, message.ExtendedRequest{Name: oidPasswordModify, Value: user("u:alice")})
	s.refuses(message.ResultProtocolError, "malformed", 100, message.ExtendedRequest{Name: oidPasswordModify, Value: append(user(in), 0)})
}

func TestPolicyShowsRootDSEAndSchema(t *testing.T) {
	outside := []string{"", "cn=Subschema", "CN=schema", "CN=Aggregate,CN=Schema,CN=Configuration,DC=ad,DC=example"}
	ask := func(base string, scope message.Scope) message.SearchRequest {
		r := find("(objectClass=*)")
		r.Base, r.Scope = base, scope
		return r
	}
	s := begin(t, Rules{Bases: []string{"dc=example,dc=com"}}, nil)
	none := begin(t, Rules{Bases: []string{"dc=example,dc=com"}, RefuseRootDSE: true, RefuseSubschema: true}, nil)
	for id, base := range outside {
		s.passes(int32(id+1), ask(base, message.ScopeBase))
		s.refuses(insufficient, "rule bases", 100, ask(base, message.ScopeOne))
		s.refuses(insufficient, "rule bases", 100, ask(base, message.ScopeSub))
		none.refuses(insufficient, "rule bases", 100, ask(base, message.ScopeBase))
	}
	s.refuses(insufficient, "rule bases", 100, ask("CN=Aggregate,CN=Schema,CN=Configuration", message.ScopeBase))
	s.refuses(insufficient, "rule bases", 100, ask("CN=Schema,CN=Configuration,DC=ad,DC=example", message.ScopeBase))
	s.refuses(insufficient, "rule bases", 100, message.CompareRequest{Attribute: "vendorName"})
	s = begin(t, Rules{Bases: []string{"dc=example,dc=com"}, SubschemaEntries: []string{"cn=mine"}}, schema)
	s.passes(1, ask("CN=Mine", message.ScopeBase))
	s.refuses(insufficient, "rule bases", 100, ask("cn=Subschema", message.ScopeBase))
}

func TestPolicyKeepsCaseThatMatters(t *testing.T) {
	s := begin(t, Rules{Bases: []string{"exact=Abc"}}, schema)
	r := find("(cn=a)")
	r.Base = "1.1.4=Abc"
	s.passes(1, r)
	r.Base = "exact=abc"
	s.refuses(insufficient, "rule bases", 2, r)
}

func TestPolicyWithoutBasesTakesAnyName(t *testing.T) {
	s := begin(t, Rules{}, nil)
	for id, base := range []string{"", "<GUID=4b5f9ab0-8d5c-4f5a-8f0e-5d8d2f7d1b1a>", "cn=a ; o=b", "nonsense"} {
		r := find("(cn=a)")
		r.Base, r.Deref = base, message.DerefAlways
		if got := s.passes(int32(id+1), r).Request.(message.SearchRequest); got.Base != base || got.Deref != message.DerefAlways {
			t.Errorf("%q becomes %q", base, got.Base)
		}
	}
}

// What a server returns from outside of the bases, by whatever it does, is not
// shown.
func TestPolicyDropsEntriesOutsideOfBases(t *testing.T) {
	s := begin(t, Rules{Bases: []string{"ou=people,dc=example,dc=com", `o=A\2cB`}}, schema)
	r := find("(cn=a)")
	r.Base = "ou=people,dc=example,dc=com"
	s.passes(1, r)
	dropped := uint64(0)
	for name, shown := range map[string]bool{
		"ou=people,dc=example,dc=com":                                         true,
		"cn=a,ou=people,dc=example,dc=com":                                    true,
		"CN=a,OU=People,DC=EXAMPLE,dc=com":                                    true,
		"cn=a , ou = people; dc=example,dc=com":                               true,
		`cn="a,b",ou=people,dc=example,dc=com`:                                true,
		`cn=a\\,ou=people,dc=example,dc=com`:                                  true,
		`cn=ä,ou=people,dc=example,dc=com`:                                    true,
		`cn=a,organizationalUnitName=people,2.5.4.11=x,dc=com`:                false,
		`cn=a,organizationalUnitName=peo\70le,domainComponent=example,dc=com`: true,
		`<GUID=4b5f9ab08d5c>;<SID=01050000>;cn=a,ou=people,dc=example,dc=com`: true,
		`<GUID=4b5f9ab08d5c>;<SID=01050000>;cn=a;ou=people;dc=example;dc=com`: true,
		`<GUID=4b5f9ab08d5c>;cn=a,dc=example,dc=com`:                          false,
		`cn=a,o=A\,B`:                            true,
		`cn=a,o=a\2Cb`:                           true,
		`cn=a,o="a,b"`:                           true,
		`cn=a,o=A,B`:                             false,
		"":                                       false,
		"dc=example,dc=com":                      false,
		"cn=a,ou=groups,dc=example,dc=com":       false,
		`cn=a\,ou=people,dc=example,dc=com`:      false,
		`cn=a\\\,ou=people,dc=example,dc=com`:    false,
		`cn="a,ou=people,dc=example,dc=com`:      false,
		`cn="a,ou=people,dc=example,dc=com"`:     false,
		"cn=aou=people,dc=example,dc=com":        false,
		"cn=a+ou=people,dc=example,dc=com":       false,
		"ou=people,dc=example,dc=com,dc=example": false,
		"cn=a,ou=people,dc=example,dc=comx":      false,
		"nonsense":                               false,
	} {
		e := entry(1, name, "cn")
		got := s.answer(e)
		if want := e.Append(nil); shown != bytes.Equal(got, want) || !shown && len(got) > 0 {
			t.Errorf("%s: got %q", name, got)
		}
		if !shown {
			dropped++
		}
	}
	if n := s.counts.Refusals[ReasonBase]; n != dropped {
		t.Errorf("%d are counted of %d", n, dropped)
	}
}

func TestPolicyDropsReferencesOutsideOfBases(t *testing.T) {
	s := begin(t, Rules{Bases: []string{"ou=people,dc=example,dc=com"}}, schema)
	r := find("(cn=a)")
	r.Base = "ou=people,dc=example,dc=com"
	s.passes(1, r)
	for urls, shown := range map[string]bool{
		"ldap://dc2/ou=more,ou=people,dc=example,dc=com??sub":                           true,
		"ldap://dc2/OU=People,DC=example,DC=com":                                        true,
		"ldap://dc2":                                                                    true,
		"ldap://dc2/ou%3Dpeople%2Cdc%3Dexample%2Cdc%3Dcom":                              true,
		"ldap://dc2/ou=people,dc=example,dc=com ldap://dc3/ou=people,dc=example,dc=com": true,
		"ldap://dc2/dc=example,dc=com":                                                  false,
		"ldap://dc2/ou=groups,dc=example,dc=com":                                        false,
		"ldap://dc2/ou=people,dc=example,dc=com ldap://dc3/dc=example,dc=com":           false,
		"http://dc2/ou=people,dc=example,dc=com":                                        false,
	} {
		var body []byte
		for _, url := range strings.Fields(urls) {
			body = tlv.Append(body, tlv.OctetString, url)
		}
		b := tlv.Append(nil, tlv.Sequence, tlv.Append([]byte{2, 1, 1}, byte(message.OpSearchResultReference), body))
		if got := s.answer(mustParse(t, b)); shown != (len(got) > 0) {
			t.Errorf("%s: got %q", urls, got)
		}
	}
	if n := s.counts.Refusals[ReasonBase]; n != 4 {
		t.Errorf("%d are counted", n)
	}
}

// The root DSE and the schema are shown to who asks for them.
func TestPolicyShowsWhatIsApartToWhoAsks(t *testing.T) {
	s := begin(t, Rules{Bases: []string{"dc=example,dc=com"}, Operations: []Operation{"default", Delete}}, nil)
	for id, base := range []string{"", "cn=Subschema", "CN=Aggregate,CN=Schema,CN=Configuration,DC=ad,DC=example"} {
		r := find("(objectClass=*)")
		r.Base, r.Scope = base, message.ScopeBase
		s.passes(int32(id+1), r)
		if got := s.answer(entry(int32(id+1), base, "cn")); len(got) == 0 {
			t.Errorf("%q is not shown", base)
		}
		if got := s.answer(entry(int32(id+1), "cn=other", "cn")); len(got) != 0 {
			t.Errorf("another than %q is shown", base)
		}
	}
	s.passes(9, find("(cn=a)"))
	if got := s.answer(entry(9, "", "cn")); len(got) != 0 {
		t.Errorf("the root DSE is shown: %q", got)
	}
	s.passes(10, message.DeleteRequest{DN: "cn=a,dc=example,dc=com"}, control.PreRead{}.Control())
	read := message.Control{OID: control.OIDPreRead, Value: newEntry("cn=a", "cn").AppendBER(nil)}
	got, err := mustParse(t, s.answer(done(10, message.OpDelResponse).WithControls(read))).Controls()
	if err != nil || len(got) != 1 || got[0].Value != nil {
		t.Errorf("got %+v, %v", got, err)
	}
}
