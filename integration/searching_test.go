package integration

import (
	"context"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ldapedge/ldapedge/integration/testserver"
	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/ldap/control"
	"github.com/ldapedge/ldapedge/ldap/filter"
	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/native/dial"
	"github.com/ldapedge/ldapedge/server"
)

const more = "ou=more,dc=example,dc=com"

// bound is a connection that is bound as the administrator.
func bound(t *testing.T, url string, as ldap.Credentials, o ldap.Options) *ldap.Connection {
	t.Helper()
	o.Credentials = as
	c := connect(t, url, &o)
	if err := c.Bind(t.Context()); err != nil {
		t.Fatal(err)
	}
	return c
}

// foundBy does a search and returns the DNs of what it finds, in their order.
func foundBy(t *testing.T, q *ldap.Search) (all []string) {
	t.Helper()
	for e, err := range q.Entries(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, e.DN())
	}
	return all
}

// modifyLDIF has ldapmodify make changes as the administrator.
func modifyLDIF(t *testing.T, url string, as ldap.Credentials, text string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "ldapmodify", "-x", "-H", url, "-D", as.DN, "-w", as.Password)
	cmd.Stdin = strings.NewReader(text)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("ldapmodify: %v: %s", err, out)
	}
}

func TestPagesSortingAndListsOfSlapd(t *testing.T) {
	slapd := startPeople(t, testserver.SlapdConfig{Modules: []string{"sssvlv"}, Overlays: []string{"sssvlv"}}, 50)
	c := bound(t, slapd.URL(), slapd.Credentials, ldap.Options{})
	r := message.SearchRequest{Base: more, Scope: message.ScopeOne, Attributes: []string{"uidNumber"}}

	all := foundBy(t, c.NewSearch(r, nil))
	if len(all) != 50 {
		t.Fatalf("%d entries", len(all))
	}
	q := c.NewSearch(r, &ldap.SearchOptions{PageSize: 7})
	if paged := foundBy(t, q); !slices.Equal(paged, all) {
		t.Errorf("in pages: %q", paged)
	}
	if _, ok := q.Controls().Find(control.OIDPagedResults); !ok {
		t.Error("the result has no control of pages")
	}
	// Leaving is told: slapd has one paged search on a connection at a time.
	for i := range 3 {
		n := 0
		for _, err := range c.NewSearch(r, &ldap.SearchOptions{PageSize: 7}).Entries(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			if n++; n == 7*(i+1)-i {
				break
			}
		}
	}

	sort := control.Sort{Keys: []control.SortKey{{Attribute: "uidNumber", Reverse: true}}, Critical: true}
	q = c.NewSearch(r, &ldap.SearchOptions{Controls: []message.Control{sort.Control()}})
	sorted := foundBy(t, q)
	if sorted[0] != "uid=u49,"+more || sorted[49] != "uid=u0,"+more {
		t.Errorf("sorted: %q", sorted)
	}
	response, ok := q.Controls().Find(control.OIDSortResponse)
	if s, err := control.ParseSortResponse(response); !ok || err != nil || s.Code != message.ResultSuccess {
		t.Errorf("sort response %+v, %v", s, err)
	}

	view := control.VirtualListView{Before: 1, After: 2, Offset: 10, Critical: true}
	q = c.NewSearch(r, &ldap.SearchOptions{Controls: []message.Control{sort.Control(), view.Control()}})
	if part := foundBy(t, q); !slices.Equal(part, sorted[8:12]) {
		t.Errorf("a view of the list: %q", part)
	}
	response, ok = q.Controls().Find(control.OIDVirtualListViewResponse)
	if v, err := control.ParseVirtualListViewResponse(response); !ok || err != nil || v.Position != 10 || v.ContentCount != 50 {
		t.Errorf("view %+v, %v", v, err)
	}
}

func TestSyncWithSlapd(t *testing.T) {
	slapd := startPeople(t, testserver.SlapdConfig{Modules: []string{"syncprov"}, Overlays: []string{"syncprov"}}, 3)
	c := bound(t, slapd.URL(), slapd.Credentials, ldap.Options{Timeout: 5 * time.Second})
	r := message.SearchRequest{Base: more, Scope: message.ScopeSub}

	var cookie []byte
	copied := make(map[control.UUID]string)
	done := 0
	for e, err := range c.Sync(t.Context(), r, control.Sync{}) {
		if err != nil {
			t.Fatal(err)
		}
		if e.State != nil {
			copied[e.State.UUID] = e.Entry.DN()
		}
		if e.Done != nil {
			done++
		}
		cookie = e.Cookie
	}
	if len(copied) != 4 || done != 1 || len(cookie) == 0 {
		t.Errorf("%d entries, %d ends, cookie %q", len(copied), done, cookie)
	}

	modifyLDIF(t, slapd.URL(), slapd.Credentials, "dn: uid=u1,"+more+"\nchangetype: delete\n\ndn: uid=u2,"+more+"\nchangetype: modify\nreplace: uidNumber\nuidNumber: 22\n")
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	var modifying sync.WaitGroup
	defer modifying.Wait()
	var changed []string
	refreshed := false
	for e, err := range c.Sync(ctx, r, control.Sync{Mode: control.SyncRefreshAndPersist, Cookie: cookie}) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Info != nil {
			for _, uuid := range e.Info.UUIDs {
				changed = append(changed, fmt.Sprint(copied[uuid], " deleted ", e.Info.RefreshDeletes))
			}
			if e.Info.RefreshDone && !refreshed {
				refreshed = true
				modifying.Go(func() {
					modifyLDIF(t, slapd.URL(), slapd.Credentials, "dn: uid=u0,"+more+"\nchangetype: modrdn\nnewrdn: uid=first\ndeleteoldrdn: 1\n\ndn: uid=first,"+more+"\nchangetype: delete\n")
				})
			}
		}
		if e.State != nil {
			change := e.Entry.DN() + " " + e.State.Action.String()
			if n := e.Entry.Values("uidNumber").Values; len(n) > 0 {
				change += " " + n[0].String()
			}
			if changed = append(changed, change); e.State.Action == control.SyncDelete && refreshed {
				break
			}
		}
	}
	for _, want := range []string{"uid=u2," + more + " add 22", "uid=u0," + more + " deleted false", "uid=first," + more + " modify 0", "uid=first," + more + " delete"} {
		if !slices.Contains(changed, want) {
			t.Errorf("%q is not among %q", want, changed)
		}
	}
	// slapd names what is present; what it does not name is deleted.
	if named := func(s string) bool { return strings.HasPrefix(s, "uid=u1,") }; slices.ContainsFunc(changed, named) {
		t.Errorf("what was deleted is among %q", changed)
	}
	if n := len(foundBy(t, c.NewSearch(r, nil))); n != 2 { // the connection goes on
		t.Errorf("%d entries are left", n)
	}
}

func TestPersistentSearchOf389(t *testing.T) {
	ds, err := testserver.StartDS389(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer ds.Close()
	c := bound(t, ds.URL(), ds.Credentials, ldap.Options{Timeout: time.Minute})
	const base = "dc=example,dc=com"
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var modifying sync.WaitGroup
	defer modifying.Wait()
	var got []string
	for change, err := range c.PersistentSearch(ctx, message.SearchRequest{Base: base, Scope: message.ScopeSub}, control.PersistentSearch{Notify: true}) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprint(change.DN(), " ", change.Type, " ", change.PreviousDN))
		if len(got) == 1 {
			modifying.Go(func() {
				modifyLDIF(t, ds.URL(), ds.Credentials, "dn: ou=a,"+base+"\nchangetype: add\nobjectClass: organizationalUnit\nou: a\n\n"+
					"dn: ou=a,"+base+"\nchangetype: modrdn\nnewrdn: ou=b\ndeleteoldrdn: 1\n\ndn: ou=b,"+base+"\nchangetype: delete\n")
			})
		}
		if change.Type == control.ChangeDelete {
			break
		}
	}
	want := []string{base + " 0 ", "ou=a," + base + " add ", "ou=b," + base + " modDN ou=a," + base, "ou=b," + base + " delete "}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	runGuide(t, base+" 0\n", func(out io.Writer) error { return guidePersistent(t.Context(), nil, c, out) })
	// Pages and a schema of another kind.
	if e := foundBy(t, c.NewSearch(message.SearchRequest{Base: base, Scope: message.ScopeSub}, &ldap.SearchOptions{PageSize: 1})); len(e) < 1 || e[0] != base {
		t.Errorf("in pages: %q", e)
	}
}

func TestReferralsOfSlapd(t *testing.T) {
	other := startPeople(t, testserver.SlapdConfig{}, 4)
	slapd := startPeople(t, testserver.SlapdConfig{Global: "referral " + other.URL() + "\n"}, 0)
	// The other has its part of the tree under a name of its own.
	addLDIF(t, slapd.URL(), slapd.Credentials, fmt.Sprintf(`dn: ou=elsewhere,dc=example,dc=com
objectClass: referral
objectClass: extensibleObject
ou: elsewhere
ref: ldap://127.0.0.1:1/%[1]s
ref: %[2]s/%[1]s
`, more, other.URL()))
	below := message.SearchRequest{Base: "dc=example,dc=com", Scope: message.ScopeSub, Filter: filter.Present("uid"), Attributes: []string{"uid"}}
	open := func(rules []server.ReferralHost, o ldap.Options) *ldap.Connection {
		t.Helper()
		srv, err := server.New(slapd.URL(), &server.Options{AllowedReferralHosts: rules})
		if err != nil {
			t.Fatal(err)
		}
		c := ldap.NewConnection(srv, new(dial.Dialer), &o)
		if err := c.Open(t.Context()); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		return c
	}

	// References among the entries.
	q := open(nil, ldap.Options{}).NewSearch(below, nil)
	if found := foundBy(t, q); len(found) != 1 || len(q.References()) != 1 || len(q.References()[0].URLs) != 2 || q.References()[0].Err != nil {
		t.Errorf("found %q and %+v", found, q.References())
	}
	q = open(nil, ldap.Options{Referrals: ldap.ReferralsAll}).NewSearch(below, nil)
	if found := foundBy(t, q); len(found) != 5 || !slices.Contains(found, "uid=u3,"+more) || len(q.References()) != 0 {
		t.Errorf("found %q and %+v", found, q.References())
	}
	q = open(nil, ldap.Options{Referrals: ldap.ReferralsAll}).NewSearch(below, &ldap.SearchOptions{Controls: []message.Control{control.ManageDsaIT.Control()}})
	if found := foundBy(t, q); len(found) != 1 || len(q.References()) != 0 {
		t.Errorf("with ManageDsaIT %q and %+v", found, q.References())
	}
	q = open([]server.ReferralHost{}, ldap.Options{Referrals: ldap.ReferralsAll}).NewSearch(below, nil)
	if found := foundBy(t, q); len(found) != 1 || len(q.References()) != 1 || !strings.Contains(fmt.Sprint(q.References()[0].Err), "is not among the hosts to which referrals may lead") {
		t.Errorf("with no host allowed %q and %+v", found, q.References())
	}

	// A referral as the result: of an entry, and of slapd itself.
	for _, base := range []string{"ou=elsewhere,dc=example,dc=com", "dc=unknown"} {
		r := message.SearchRequest{Base: base, Scope: message.ScopeSub, Filter: filter.Equal("uid", "u3")}
		for _, err := range open(nil, ldap.Options{Referrals: ldap.ReferralsOff}).Search(t.Context(), r) {
			if !ldap.IsResult(err, message.ResultReferral) {
				t.Errorf("%s: %v", base, err)
			}
		}
		var found []string
		var last error
		for e, err := range open(nil, ldap.Options{}).Search(t.Context(), r) {
			if last = err; err == nil {
				found = append(found, e.DN())
			}
		}
		if base == "dc=unknown" { // where it leads there is none either
			if !ldap.IsResult(last, message.ResultNoSuchObject) {
				t.Errorf("%s: %q, %v", base, found, last)
			}
		} else if !slices.Equal(found, []string{"uid=u3," + more}) || last != nil {
			t.Errorf("%s: %q, %v", base, found, last)
		}
	}

	// The command line.
	out, stderr, status := cli(t, "search", slapd.URL(), "-b", "dc=example,dc=com", "(uid=*)", "uid")
	if n := strings.Count(out, "\n"); n != 1 || status != 0 || !strings.HasPrefix(stderr, "ldapedge: warning: another server has more: ldap://") {
		t.Errorf("%d entries, status %d, %s", n, status, stderr)
	}
	if out, stderr, status = cli(t, "search", slapd.URL(), "-C", "-b", "dc=example,dc=com", "(uid=*)", "uid"); strings.Count(out, "\n") != 5 || status != 0 || stderr != "" {
		t.Errorf("%d entries, status %d, %s", strings.Count(out, "\n"), status, stderr)
	}
}
