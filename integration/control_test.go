package integration

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	ber "github.com/go-asn1-ber/asn1-ber"

	"github.com/ldapedge/ldapedge/integration/testserver"
	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/ldap/control"
	"github.com/ldapedge/ldapedge/ldap/filter"
	"github.com/ldapedge/ldapedge/ldap/message"
)

// assertions are those of a filter.
func assertions(t *testing.T, text string) []filter.Assertion {
	t.Helper()
	f, err := filter.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return slices.Collect(f.Assertions())
}

// controlsOf returns the encodings of a request's controls.
func controlsOf(t *testing.T, request []byte) (all [][]byte) {
	t.Helper()
	p, err := ber.DecodePacketErr(request)
	if err != nil || len(p.Children) != 3 {
		t.Fatalf("% x has no controls, %v", request, err)
	}
	for _, c := range p.Children[2].Children {
		all = append(all, c.Bytes())
	}
	return all
}

// The controls of requests are, byte by byte, those of OpenLDAP's programs.
func TestControlsBesideOpenLDAP(t *testing.T) {
	value := "abc"
	searches := map[string]control.Typed{
		"pr=5/noprompt":            control.PagedResults{Size: 5},
		"!pr=2147483647/noprompt":  control.PagedResults{Size: 1<<31 - 1, Critical: true},
		"!sss=-sn:2.5.13.3/cn":     control.Sort{Keys: []control.SortKey{{Attribute: "sn", Rule: "2.5.13.3", Reverse: true}, {Attribute: "cn"}}, Critical: true},
		"vlv=1/2/3/400":            control.VirtualListView{Before: 1, After: 2, Offset: 3, ContentCount: 400},
		"!vlv=0/2:abc":             control.VirtualListView{After: 2, Value: &value, Critical: true},
		"mv=((mail=*@x)(cn=y))":    control.MatchedValues{Assertions: assertions(t, "(|(mail=*@x)(cn=y))")},
		"subentries":               control.Subentries{Visible: true},
		"!subentries=false":        control.Subentries{Critical: true},
		"!sync=ro":                 control.Sync{},
		"!sync=ro/abc":             control.Sync{Cookie: []byte("abc")},
		"!sync=rp/abc":             control.Sync{Mode: control.SyncRefreshAndPersist, Cookie: []byte("abc")},
		"!domainScope":             control.DomainScope,
		"!dontUseCopy":             control.DontUseCopy,
		"!dirSync=2147483648/1000": control.DirSync{Flags: control.DirSyncIncrementalValues, MaxBytes: 1000},
		"!dirSync=1/0":             control.DirSync{Flags: control.DirSyncObjectSecurity},
		"extendedDn=1":             control.ExtendedDN{Text: true},
		"!extendedDn=0":            control.ExtendedDN{Critical: true},
		"!showDeleted":             control.ShowDeleted,
		"!serverNotif":             control.Notification,
	}
	updates := map[string]control.Typed{
		"!assert=(&(cn=x)(!(sn=*)))": control.Assertion{Filter: filter.And(filter.Equal("cn", "x"), filter.Not(filter.Present("sn")))},
		"!authzid=u:bob":             control.ProxiedAuthorization{ID: "u:bob"},
		"!manageDSAit":               control.ManageDsaIT,
		"postread=cn,sn":             control.PostRead{Attributes: []string{"cn", "sn"}},
		"preread":                    control.PreRead{},
		"!preread=*":                 control.PreRead{Attributes: []string{"*"}, Critical: true},
		"!relax":                     control.Relax,
		"!noop":                      control.NoOp,
	}
	r := startRecorder(t)
	check := func(extension string, ours control.Typed, request []byte, out string) {
		t.Helper()
		if request == nil {
			t.Errorf("%s: nothing is sent: %s", extension, out)
			return
		}
		var m message.Machine
		if _, err := m.Search(message.SearchRequest{}, ours.Control()); err != nil {
			t.Fatal(err)
		}
		mine, theirs := controlsOf(t, m.Output()), controlsOf(t, request)
		if last := theirs[len(theirs)-1]; !bytes.Equal(mine[0], last) {
			t.Errorf("%s: we send\n% x, OpenLDAP's program\n% x", extension, mine[0], last)
		}
	}
	for extension, ours := range searches {
		args := []string{"-b", ""}
		if strings.Contains(extension, "vlv") { // which wants sorting
			args = append(args, "-E", "sss=cn")
		}
		request, out := r.last(t, "ldapsearch", "", append(args, "-E", extension)...)
		check(extension, ours, request, out)
	}
	for extension, ours := range updates {
		request, out := r.last(t, "ldapmodify", "dn: cn=x\nchangetype: delete\n\n", "-e", extension)
		check(extension, ours, request, out)
	}
}

// controlEntries are what the controls are tried on.
func controlEntries() string {
	var b strings.Builder
	b.WriteString("dn: dc=example,dc=com\nobjectClass: domain\ndc: example\n\n")
	for i := range 20 {
		fmt.Fprintf(&b, "dn: uid=u%02d,dc=example,dc=com\nobjectClass: inetOrgPerson\nuid: u%02d\ncn: person %02d\nsn: s%d\nmail: u%02d@example.com\nmail: u%02d@example.net\nuserPassword: secret\n\n", i, i, 19-i, i%4, i, i)
	}
	b.WriteString("dn: ou=elsewhere,dc=example,dc=com\nobjectClass: referral\nobjectClass: extensibleObject\nou: elsewhere\nref: ldap://other.example.com/dc=x\n\n")
	b.WriteString("dn: cn=policy,dc=example,dc=com\nobjectClass: device\nobjectClass: pwdPolicy\ncn: policy\npwdAttribute: userPassword\npwdMustChange: TRUE\npwdGraceAuthnLimit: 3\n\n")
	return b.String()
}

// people finds the people of controlEntries.
var people = message.SearchRequest{Base: "dc=example,dc=com", Scope: message.ScopeSub, Filter: filter.Equal("objectClass", "inetOrgPerson"), Attributes: []string{"1.1"}}

// dnOf returns the DN of a person.
func dnOf(i int) string { return fmt.Sprintf("uid=u%02d,dc=example,dc=com", i) }

// given reads one of the controls of a response.
func given[T any](t *testing.T, controls message.Controls, oid string, parse func(message.Control) (T, error)) T {
	t.Helper()
	c, ok := controls.Find(oid)
	if !ok {
		t.Fatalf("the response has no control %s, but %v", oid, controls)
	}
	v, err := parse(c)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// A real server does what each control asks, and we read what it answers.
func TestControlsOnSlapd(t *testing.T) {
	overlays := []string{"sssvlv", "syncprov", "ppolicy"}
	s, err := testserver.SlapdConfig{Modules: overlays, Overlays: overlays}.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	addLDIF(t, s.URL(), s.Credentials, controlEntries())
	tests := []struct {
		name string
		run  func(*testing.T, *wire)
	}{
		{"paged results", testPaged}, {"sort", testSort}, {"virtual list view", testVirtualListView},
		{"assertion", testAssertion}, {"matched values", testMatchedValues}, {"reading entries", testReadEntry},
		{"ManageDsaIT", testManageDsaIT}, {"subentries", testSubentries}, {"proxied authorization", testProxied}, {"sync", testSync},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w, _ := openWire(t, s.Address, s.Credentials)
			test.run(t, w)
		})
	}
	t.Run("password policy", func(t *testing.T) { testPasswordPolicy(t, s) })
}

func testPaged(t *testing.T, w *wire) {
	var pages []int
	var all []string
	for page := (control.PagedResults{Size: 7, Critical: true}); ; {
		dns, _, result, controls := w.search(people, page.Control())
		if result.Code != message.ResultSuccess {
			t.Fatal(result)
		}
		all, pages = append(all, dns...), append(pages, len(dns))
		answer := given(t, controls, control.OIDPagedResults, control.ParsePagedResults)
		if page.Cookie = answer.Cookie; len(page.Cookie) == 0 {
			break
		}
	}
	slices.Sort(all)
	if !slices.Equal(pages, []int{7, 7, 6}) || len(slices.Compact(all)) != 20 {
		t.Errorf("pages of %d, %d people", pages, len(all))
	}
}

// ordering is for attributes whose schema has no ordering rule.
const ordering = "caseIgnoreOrderingMatch"

func testSort(t *testing.T, w *wire) {
	sort := control.Sort{Keys: []control.SortKey{{Attribute: "sn", Rule: ordering, Reverse: true}, {Attribute: "cn", Rule: ordering}}, Critical: true}
	dns, _, result, controls := w.search(people, sort.Control())
	want := []string{dnOf(19), dnOf(15), dnOf(11), dnOf(7), dnOf(3), dnOf(18)}
	if len(dns) != 20 || !slices.Equal(dns[:6], want) {
		t.Errorf("sorted: %q, %v", dns, result)
	}
	if got := given(t, controls, control.OIDSortResponse, control.ParseSortResponse); got != (control.SortResponse{}) {
		t.Errorf("the response is %+v", got)
	}
	// What cannot be sorted by, slapd refuses as a whole, without a response
	// control.
	if _, _, result, _ := w.search(people, control.Sort{Keys: []control.SortKey{{Attribute: "nonesuch"}}, Critical: true}.Control()); result.Code == message.ResultSuccess {
		t.Errorf("by an attribute that is not there: %v", result)
	}
}

func testVirtualListView(t *testing.T, w *wire) {
	sort := control.Sort{Keys: []control.SortKey{{Attribute: "uid", Rule: ordering}}, Critical: true}.Control()
	view := control.VirtualListView{Before: 1, After: 2, Offset: 5, Critical: true}
	dns, _, _, controls := w.search(people, sort, view.Control())
	got := given(t, controls, control.OIDVirtualListViewResponse, control.ParseVirtualListViewResponse)
	if !slices.Equal(dns, []string{dnOf(3), dnOf(4), dnOf(5), dnOf(6)}) || got.Position != 5 || got.ContentCount != 20 || got.Code != 0 || got.ContextID == nil {
		t.Errorf("by offset: %q, %+v", dns, got)
	}
	value := "u17"
	view = control.VirtualListView{After: 1, Value: &value, ContextID: got.ContextID, Critical: true}
	dns, _, _, controls = w.search(people, sort, view.Control())
	got = given(t, controls, control.OIDVirtualListViewResponse, control.ParseVirtualListViewResponse)
	if !slices.Equal(dns, []string{dnOf(17), dnOf(18)}) || got.Position != 18 || got.Code != 0 {
		t.Errorf("by value: %q, %+v", dns, got)
	}
}

func testAssertion(t *testing.T, w *wire) {
	if result, _ := w.replace(dnOf(0), "title", "x", control.Assertion{Filter: filter.Equal("sn", "other")}.Control()); result.Code.String() != "assertionFailed" {
		t.Errorf("a false one: %v", result)
	}
	if result, _ := w.replace(dnOf(0), "title", "x", control.Assertion{Filter: filter.Equal("sn", "s0")}.Control()); result.Code != message.ResultSuccess {
		t.Errorf("a true one: %v", result)
	}
}

func testMatchedValues(t *testing.T, w *wire) {
	r := message.SearchRequest{Base: dnOf(1), Attributes: []string{"mail", "cn", "uid"}}
	_, all, result, _ := w.search(r, control.MatchedValues{Assertions: assertions(t, "(|(mail=*.net)(cn=*))"), Critical: true}.Control())
	if len(all) != 2 {
		t.Fatalf("%d responses, %v", len(all), result)
	}
	got := map[string][]string{}
	for a := range w.entry(all[0]).Attributes() {
		got[a.Name()] = a.Strings()
	}
	if fmt.Sprint(got) != "map[cn:[person 18] mail:[u01@example.net]]" {
		t.Errorf("got %v", got)
	}
}

func testReadEntry(t *testing.T, w *wire) {
	const dn = "uid=u02,dc=example,dc=com"
	attributes := []string{"sn", "uid"}
	result, controls := w.replace(dn, "sn", "new", control.PreRead{Attributes: attributes, Critical: true}.Control(), control.PostRead{Attributes: attributes, Critical: true}.Control())
	if result.Code != message.ResultSuccess {
		t.Fatal(result)
	}
	for _, read := range []struct {
		name string
		e    message.Entry
		sn   string
	}{
		{"before", given(t, controls, control.OIDPreRead, control.ParsePreRead), "s2"},
		{"after", given(t, controls, control.OIDPostRead, control.ParsePostRead), "new"},
	} {
		sn, _ := read.e.Attribute("sn")
		uid, _ := read.e.Attribute("uid")
		if read.e.DN() != dn || !slices.Equal(sn.Strings(), []string{read.sn}) || !slices.Equal(uid.Strings(), []string{"u02"}) {
			t.Errorf("%s: %q has %v and %v", read.name, read.e.DN(), sn.Strings(), uid.Strings())
		}
	}
	result, controls = w.remove(dnOf(19), control.PreRead{}.Control())
	if result.Code != message.ResultSuccess {
		t.Fatal(result)
	}
	if sn, _ := given(t, controls, control.OIDPreRead, control.ParsePreRead).Attribute("sn"); !slices.Equal(sn.Strings(), []string{"s3"}) {
		t.Errorf("deleted: %v", sn.Strings())
	}
}

func testManageDsaIT(t *testing.T, w *wire) {
	r := message.SearchRequest{Base: "ou=elsewhere,dc=example,dc=com", Attributes: []string{"ref"}}
	if dns, _, result, _ := w.search(r); len(dns) != 0 || result.Code != message.ResultReferral {
		t.Errorf("without: %q, %v", dns, result)
	}
	if dns, _, result, _ := w.search(r, control.ManageDsaIT.Control()); len(dns) != 1 || result.Code != message.ResultSuccess {
		t.Errorf("with: %q, %v", dns, result)
	}
}

func testSubentries(t *testing.T, w *wire) {
	if dns, _, result, _ := w.search(people, control.Subentries{Visible: true, Critical: true}.Control()); len(dns) != 0 || result.Code != message.ResultSuccess {
		t.Errorf("subentries alone: %q, %v", dns, result)
	}
	if dns, _, _, _ := w.search(people, control.Subentries{Critical: true}.Control()); len(dns) == 0 {
		t.Error("no other entries")
	}
}

// The administrator loses the right to write as somebody else.
func testProxied(t *testing.T, w *wire) {
	if result, _ := w.replace(dnOf(4), "title", "x", control.ProxiedAuthorization{ID: "dn:" + dnOf(5)}.Control()); result.Code == message.ResultSuccess {
		t.Errorf("as another person: %v", result)
	}
	if result, _ := w.replace(dnOf(4), "title", "x"); result.Code != message.ResultSuccess {
		t.Errorf("as the administrator: %v", result)
	}
}

// synchronize returns what a synchronization tells of each entry, and how it
// ends.
func synchronize(t *testing.T, w *wire, cookie []byte) (actions map[control.UUID]string, infos []control.SyncInfo, done control.SyncDone) {
	t.Helper()
	_, all, result, controls := w.search(people, control.Sync{Cookie: cookie, ReloadHint: true}.Control())
	if result.Code != message.ResultSuccess {
		t.Fatal(result)
	}
	actions = map[control.UUID]string{}
	for _, m := range all {
		switch m.Op {
		case message.OpSearchResultEntry:
			controls, err := m.Controls()
			if err != nil {
				t.Fatal(err)
			}
			state := given(t, controls, control.OIDSyncState, control.ParseSyncState)
			actions[state.UUID] = state.Action.String() + " " + w.entry(m).DN()
		case message.OpIntermediateResponse:
			name, value, err := m.Intermediate()
			if err != nil {
				t.Fatal(err)
			}
			info, err := control.ParseSyncInfo(name, value)
			if err != nil {
				t.Fatal(err)
			}
			infos = append(infos, info)
		}
	}
	return actions, infos, given(t, controls, control.OIDSyncDone, control.ParseSyncDone)
}

func testSync(t *testing.T, w *wire) {
	all, _, done := synchronize(t, w, nil)
	if len(done.Cookie) == 0 {
		t.Fatal("there is no cookie")
	}
	uuids := map[string]control.UUID{}
	for id, what := range all {
		dn, ok := strings.CutPrefix(what, "add ")
		if !ok {
			t.Errorf("the first time: %s", what)
		}
		uuids[dn] = id
	}
	if len(uuids) < 15 {
		t.Errorf("%d entries", len(uuids))
	}
	if result, _ := w.replace(dnOf(7), "title", "changed"); result.Code != message.ResultSuccess {
		t.Fatal(result)
	}
	if result, _ := w.remove(dnOf(8)); result.Code != message.ResultSuccess {
		t.Fatal(result)
	}
	changed, infos, again := synchronize(t, w, done.Cookie)
	if got := changed[uuids[dnOf(7)]]; got != "add "+dnOf(7) && got != "modify "+dnOf(7) {
		t.Errorf("the changed entry: %q in %v", got, changed)
	}
	if slices.Equal(again.Cookie, done.Cookie) {
		t.Error("the cookie stays")
	}
	// The deleted entry is named as such, or is the one that is not named as
	// present.
	named := map[control.UUID]bool{}
	for _, info := range infos {
		for _, id := range info.UUIDs {
			named[id] = true
		}
	}
	for id, what := range changed {
		named[id] = !strings.HasPrefix(what, "delete")
	}
	if gone := uuids[dnOf(8)]; again.RefreshDeletes != (named[gone] || strings.HasPrefix(changed[gone], "delete")) {
		t.Errorf("deletes: %v; %v, %+v", again.RefreshDeletes, changed, infos)
	}
}

func testPasswordPolicy(t *testing.T, s *testserver.Slapd) {
	w, _ := openWire(t, s.Address, s.Credentials)
	for attribute, value := range map[string]string{"pwdPolicySubentry": "cn=policy,dc=example,dc=com", "pwdReset": "TRUE"} {
		if result, _ := w.replace(dnOf(9), attribute, value); result.Code != message.ResultSuccess {
			t.Fatal(attribute, result)
		}
	}
	user := ldap.Credentials{DN: dnOf(9), Password: "secret"}
	w, bound := openWire(t, s.Address, user, control.PasswordPolicy.Optional())
	result, controls := w.result(bound)
	got := given(t, controls, string(control.PasswordPolicy), control.ParsePasswordPolicy)
	if result.Code != message.ResultSuccess || got != (control.PasswordPolicyResponse{Error: control.ChangeAfterReset}) {
		t.Errorf("%v, %+v", result, got)
	}
}
