package integration

import (
	"slices"
	"strings"
	"testing"

	"github.com/ldapedge/ldapedge/integration/testserver"
	"github.com/ldapedge/ldapedge/ldap/control"
	"github.com/ldapedge/ldapedge/ldap/filter"
	"github.com/ldapedge/ldapedge/ldap/message"
)

// Samba does what Active Directory's controls ask.
func TestControlsOnSamba(t *testing.T) {
	s, err := testserver.StartSamba(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	addLDIF(t, s.URL(), s.Credentials, strings.ReplaceAll(`dn: CN=one,CN=Users,BASE
objectClass: contact

dn: CN=two,CN=Users,BASE
objectClass: contact

dn: OU=tree,BASE
objectClass: organizationalUnit

dn: CN=leaf,OU=tree,BASE
objectClass: contact
`, "BASE", domain))
	for _, test := range []struct {
		name string
		run  func(*testing.T, *wire)
	}{
		{"extended DN", testExtendedDN}, {"security descriptor", testSecurityDescriptor}, {"DirSync", testDirSync},
		{"deletion", testDeletion}, {"attribute scoped query", testAttributeScoped}, {"domain scope", testDomainScope},
	} {
		t.Run(test.name, func(t *testing.T) {
			w, _ := openWire(t, s.Address, s.Credentials)
			test.run(t, w)
		})
	}
	t.Run("the guide's examples", func(t *testing.T) { guideOnSamba(t, s) })
}

const domain = "DC=ad,DC=example,DC=com"

// contacts finds the contacts of the domain.
var contacts = message.SearchRequest{Base: domain, Scope: message.ScopeSub, Filter: filter.Equal("objectClass", "contact")}

func testExtendedDN(t *testing.T, w *wire) {
	r := message.SearchRequest{Base: domain, Attributes: []string{"1.1"}}
	for _, text := range []bool{false, true} {
		dns, _, result, _ := w.search(r, control.ExtendedDN{Text: text, Critical: true}.Control())
		if len(dns) != 1 {
			t.Fatal(result)
		}
		guid, sid, dn := control.SplitExtendedDN(dns[0])
		if text != strings.HasPrefix(sid, "S-1-5-21-") || text != (len(guid) == 36) || !text && len(guid) != 32 || dn != domain {
			t.Errorf("text %v: %q", text, dns)
		}
	}
}

func testSecurityDescriptor(t *testing.T, w *wire) {
	length := func(c control.SecurityDescriptor) (n int) {
		_, all, _, _ := w.search(message.SearchRequest{Base: domain, Attributes: []string{"nTSecurityDescriptor"}}, c.Control())
		if a, ok := w.entry(all[0]).Attribute("nTSecurityDescriptor"); ok {
			for v := range a.Values() {
				n += len(v)
			}
		}
		return n
	}
	owner, all := length(control.SecurityDescriptor{Owner: true, Critical: true}), length(control.SecurityDescriptor{Owner: true, Group: true, DACL: true, SACL: true, Critical: true})
	if owner < 28 || owner > 100 || all < 1000 {
		t.Errorf("the owner alone takes %d bytes, all %d", owner, all)
	}
}

func testDirSync(t *testing.T, w *wire) {
	dns, _, result, controls := w.search(contacts, control.DirSync{}.Control())
	first := given(t, controls, control.OIDDirSync, control.ParseDirSync)
	if len(dns) != 3 || len(first.Cookie) == 0 || first.More {
		t.Fatalf("%q, %+v, %v", dns, first, result)
	}
	changed := "CN=two,CN=Users," + domain
	if result, _ := w.replace(changed, "description", "new"); result.Code != message.ResultSuccess {
		t.Fatal(result)
	}
	dns, _, _, controls = w.search(contacts, control.DirSync{Flags: control.DirSyncIncrementalValues | control.DirSyncAncestorsFirst, Cookie: first.Cookie}.Control())
	second := given(t, controls, control.OIDDirSync, control.ParseDirSync)
	if !slices.Equal(dns, []string{changed}) || slices.Equal(first.Cookie, second.Cookie) {
		t.Errorf("then %q", dns)
	}
}

func testDeletion(t *testing.T, w *wire) {
	if result, _ := w.remove("OU=tree," + domain); result.Code == message.ResultSuccess {
		t.Error("a tree is deleted without the control")
	}
	if result, _ := w.remove("OU=tree,"+domain, control.TreeDelete.Control()); result.Code != message.ResultSuccess {
		t.Errorf("with it: %v", result)
	}
	deleted := message.SearchRequest{Base: domain, Scope: message.ScopeSub, Filter: filter.And(filter.Equal("isDeleted", "TRUE"), filter.Equal("objectClass", "contact")), Attributes: []string{"1.1"}}
	if dns, _, _, _ := w.search(deleted); len(dns) != 0 {
		t.Errorf("without the control %q", dns)
	}
	for _, c := range []control.Valueless{control.ShowDeleted, control.ShowRecycled} {
		if dns, _, result, _ := w.search(deleted, c.Control()); len(dns) != 1 || !strings.HasPrefix(dns[0], "CN=leaf") {
			t.Errorf("with %s %q, %v", c, dns, result)
		}
	}
}

func testAttributeScoped(t *testing.T, w *wire) {
	r := message.SearchRequest{Base: "CN=Administrators,CN=Builtin," + domain, Filter: filter.Equal("objectClass", "user"), Attributes: []string{"1.1"}}
	dns, _, result, controls := w.search(r, control.AttributeScopedQuery{Attribute: "member"}.Control())
	if !slices.Equal(dns, []string{"CN=Administrator,CN=Users," + domain}) {
		t.Errorf("%q, %v", dns, result)
	}
	if code := given(t, controls, control.OIDAttributeScopedQuery, control.ParseAttributeScopedQuery); code != message.ResultSuccess {
		t.Errorf("the result is %v", code)
	}
}

func testDomainScope(t *testing.T, w *wire) {
	references := func(controls ...message.Control) (n int) {
		_, all, _, _ := w.search(contacts, controls...)
		for _, m := range all {
			if m.Op == message.OpSearchResultReference {
				n++
			}
		}
		return n
	}
	without, with, option := references(), references(control.DomainScope.Control()), references(control.SearchOptions{DomainScope: true, Critical: true}.Control())
	if without == 0 || with != 0 || option != 0 {
		t.Errorf("%d references, %d with the control, %d with the option", without, with, option)
	}
}

// 389 Directory Server tells of changes as they happen.
func TestPersistentSearchOn389(t *testing.T) {
	s, err := testserver.StartDS389(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	const dn = "ou=watched,dc=example,dc=com"
	addLDIF(t, s.URL(), s.Credentials, "dn: "+dn+"\nobjectClass: organizationalUnit\n")
	watching, _ := openWire(t, s.Address, s.Credentials)
	changing, _ := openWire(t, s.Address, s.Credentials)
	var m message.Machine
	request := message.SearchRequest{Base: "dc=example,dc=com", Scope: message.ScopeSub, Filter: filter.Equal("ou", "watched")}
	if _, err := m.Search(request, control.PersistentSearch{Notify: true}.Control()); err != nil {
		t.Fatal(err)
	}
	watching.send(m.Output())
	if e := watching.entry(watching.next()); e.DN() != dn {
		t.Errorf("at the beginning there is %q", e.DN())
	}
	if result, _ := changing.replace(dn, "description", "new"); result.Code != message.ResultSuccess {
		t.Fatal(result)
	}
	if result, _ := changing.remove(dn); result.Code != message.ResultSuccess {
		t.Fatal(result)
	}
	for _, want := range []control.ChangeType{control.ChangeModify, control.ChangeDelete} {
		m := watching.next()
		controls, err := m.Controls()
		if err != nil {
			t.Fatal(err)
		}
		got := given(t, controls, control.OIDEntryChange, control.ParseEntryChange)
		if watching.entry(m).DN() != dn || got.Type != want {
			t.Errorf("%q: %+v, want %v", watching.entry(m).DN(), got, want)
		}
	}
}
