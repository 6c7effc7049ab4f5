package integration

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ldapedge/ldapedge/formatters"
	"github.com/ldapedge/ldapedge/integration/testserver"
	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/ldap/filter"
	"github.com/ldapedge/ldapedge/ldap/message"
)

// liveSearch is a search of which our client and ldap3 compare the answers.
type liveSearch struct {
	Base  string `json:"base"`
	Scope string `json:"scope"`
	// Class is that of the entries wanted.
	Class      string   `json:"class"`
	Attributes []string `json:"attributes"`
	// Paged tells that ldap3 has to ask for pages.
	Paged bool `json:"paged"`
}

// everything are the attributes that a server gives without asking by name.
var everything = []string{"*", "+"}

func base(dn string, attributes ...string) liveSearch {
	return liveSearch{Base: dn, Scope: "BASE", Class: "*", Attributes: attributes}
}

func subtree(dn string, attributes ...string) liveSearch {
	return liveSearch{Base: dn, Scope: "SUBTREE", Class: "*", Attributes: attributes}
}

func (s liveSearch) ofClass(name string) liveSearch {
	s.Class = name
	return s
}

func (s liveSearch) paged() liveSearch {
	s.Paged = true
	return s
}

// formattersServer is a server full of entries.
type formattersServer struct {
	liveServer
	searches []liveSearch
	// volatile are patterns of attributes that change from one read to the next.
	volatile []string
	// least are the fewest entries, attributes and values that there must be.
	least liveCounts
}

type liveCounts struct{ entries, attributes, values int }

func TestLiveValuesEqualLDAP3(t *testing.T) {
	servers := 0
	for name, start := range map[string]func(*testing.T) formattersServer{
		"slapd": formattersSlapd,
		"389":   formattersDS389,
		"Samba": formattersSamba,
	} {
		t.Run(name, func(t *testing.T) {
			compareValues(t, start(t))
			servers++
		})
	}
	if servers < 3 { // some were not asked for
		return
	}
	for _, table := range [][]excuse{differences, rewritten, refused} {
		for i := range table {
			if table[i].met == 0 {
				t.Errorf("never met: %s", &table[i])
			}
		}
	}
}

func compareValues(t *testing.T, s formattersServer) {
	schema, _ := readLive(t, s.liveServer)
	c := comparison{server: s, formatters: formatters.New(schema, nil), kinds: make(map[formatters.Kind]int)}
	theirs := ldap3Entries(t, s)
	c.sameRaw(t, ownEntries(t, s), theirs)
	for _, a := range theirs {
		c.attribute(t, a)
	}
	c.report(t)
}

// add adds and changes what an LDIF file of testdata/formatters says.
func (s liveServer) add(t *testing.T, file string) {
	t.Helper()
	cmd := exec.Command("ldapmodify", "-a", "-x", "-H", s.url, "-D", s.credentials.DN, "-w", s.credentials.Password, "-f", formattersFile(file))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("ldapmodify %s: %v: %s", file, err, out)
	}
}

func formattersFile(name string) string { return filepath.Join("testdata", "formatters", name) }

// fail binds with a wrong password.
func (s liveServer) fail(t *testing.T, dn string) {
	t.Helper()
	c := connect(t, s.url, &ldap.Options{Credentials: ldap.Credentials{DN: dn, Password: "wrong"}})
	if err := c.Bind(t.Context()); !ldap.IsResult(err, message.ResultInvalidCredentials) {
		t.Errorf("a bind with a wrong password: %v", err)
	}
}

func formattersSlapd(t *testing.T) formattersServer {
	syntaxes, err := os.ReadFile(formattersFile("syntaxes.schema"))
	if err != nil {
		t.Fatal(err)
	}
	slapd, err := testserver.SlapdConfig{
		Schemas:     []string{"core", "cosine", "inetorgperson", "nis", "java", "dsee", "msuser"},
		Definitions: string(syntaxes),
		Modules:     []string{"ppolicy", "memberof", "lastbind"},
		Overlays:    []string{"ppolicy", "memberof", "lastbind"},
	}.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { slapd.Close() })
	live := liveServer{slapd.URL(), slapd.Credentials}
	live.add(t, "slapd.ldif")
	live.fail(t, "uid=alice,ou=people,dc=example,dc=com")
	return formattersServer{
		liveServer: live,
		searches: []liveSearch{
			base("", everything...),
			subtree("cn=config", everything...),
			base("cn=Monitor", everything...),
			subtree("cn=Operations,cn=Monitor", everything...),
			subtree("cn=Statistics,cn=Monitor", everything...),
			subtree("cn=Threads,cn=Monitor", everything...),
			subtree("cn=Time,cn=Monitor", everything...),
			subtree("dc=example,dc=com", everything...),
		},
		volatile: strings.Fields("monitorCounter monitorTimestamp monitorOp* monitoredInfo"),
		least:    liveCounts{60, 900, 2500},
	}
}

func formattersDS389(t *testing.T) formattersServer {
	ds, err := testserver.StartDS389(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ds.Close() })
	live := liveServer{ds.URL(), ds.Credentials}
	live.add(t, "389.ldif")
	return formattersServer{
		liveServer: live,
		searches: []liveSearch{
			base("", everything...),
			subtree("cn=config", everything...),
			subtree("cn=monitor", everything...),
			subtree("dc=example,dc=com", everything...),
			subtree("dc=example,dc=com", everything...).ofClass("ldapSubEntry"),
		},
		volatile: strings.Fields(`connection* current* totalconnections readwaiters ops* entries* bytes* dsdisk simpleauthbinds *ops
			dbenv* *rotxn *rwtxn *cache*`),
		least: liveCounts{200, 2300, 2900},
	}
}

// constructed are attributes that a domain controller computes when asked by
// name, and those that it does not give unasked.
var constructed = strings.Fields(`nTSecurityDescriptor msDS-User-Account-Control-Computed msDS-UserPasswordExpiryTimeComputed
	parentGUID canonicalName createTimeStamp modifyTimeStamp subSchemaSubEntry structuralObjectClass replPropertyMetaData
	msDS-ResultantPSO primaryGroupToken sDRightsEffective msDS-KeyVersionNumber msDS-isRODC attributeTypes`)

// computedAtBase are those that it computes for one entry at a time, or are
// too many for each.
var computedAtBase = strings.Fields(`tokenGroups tokenGroupsNoGCAcceptable tokenGroupsGlobalAndUniversal allowedAttributes
	allowedAttributesEffective allowedChildClasses allowedChildClassesEffective possibleInferiors`)

func formattersSamba(t *testing.T) formattersServer {
	samba, err := testserver.StartSamba(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { samba.Close() })
	live := liveServer{samba.URL(), samba.Credentials}
	live.add(t, "samba.ldif")
	if err := samba.Modify(t.Context(), formattersFile("samba-local.ldif")); err != nil {
		t.Fatal(err)
	}
	const domain = "DC=ad,DC=example,DC=com"
	locked := "CN=Locked,CN=Live," + domain
	live.fail(t, locked)
	live.fail(t, locked)
	all := append([]string{"*"}, constructed...)
	s := formattersServer{
		liveServer: live,
		searches: []liveSearch{
			base("", everything...),
			subtree(domain, all...).paged(),
			subtree("CN=Configuration,"+domain, all...).paged(),
			subtree("CN=Schema,CN=Configuration,"+domain, all...).paged(),
			base("CN=Old,CN=Live,"+domain, "sIDHistory;range=0-0", "objectClass;range=0-1"),
		},
		volatile: strings.Fields(`currentTime highestCommittedUSN lastLogon lastLogonTimestamp logonCount`),
		least:    liveCounts{3600, 100_000, 125_000},
	}
	for _, dn := range []string{locked, "CN=Expires,CN=Live," + domain, "CN=Trusted,CN=Live," + domain, "CN=Person,CN=Schema,CN=Configuration," + domain} {
		s.searches = append(s.searches, base(dn, computedAtBase...))
	}
	return s
}

// liveAttribute is an attribute of an entry of a search.
type liveAttribute struct {
	Search    int
	DN        string
	Attribute string
	Raw       [][]byte
	// Single tells that ldap3 gives the value without a list.
	Single bool
	Values []ldap3Value
	// Error is the exception that ldap3 raises out of the search.
	Error string
}

func (a liveAttribute) place() string { return fmt.Sprintf("%d %s %s", a.Search, a.DN, a.Attribute) }

// ldap3Entries reads all entries with ldap3.
func ldap3Entries(t *testing.T, s formattersServer) (all []liveAttribute) {
	t.Helper()
	job := map[string]any{"url": s.url, "user": s.credentials.DN, "password": s.credentials.Password, "searches": s.searches}
	return fromJSON[liveAttribute](t, askPython(t, toJSON(t, job), "ldap3_values.py"))
}

// ownEntries reads all entries with our client.
func ownEntries(t *testing.T, s formattersServer) (all []liveAttribute) {
	t.Helper()
	c := connect(t, s.url, &ldap.Options{Credentials: s.credentials, Timeout: 2 * time.Minute})
	if err := c.Bind(t.Context()); err != nil {
		t.Fatal(err)
	}
	for i, search := range s.searches {
		r := message.SearchRequest{Base: search.Base, Attributes: search.Attributes}
		if search.Scope == "SUBTREE" {
			r.Scope = message.ScopeSub
		}
		if search.Class != "*" {
			r.Filter = filter.Equal("objectClass", search.Class)
		}
		all = append(all, ownSearch(t.Context(), t, c, i, r)...)
	}
	return all
}

func ownSearch(ctx context.Context, t *testing.T, c *ldap.Connection, number int, r message.SearchRequest) (all []liveAttribute) {
	t.Helper()
	for entry, err := range c.Search(ctx, r) {
		if err != nil {
			t.Fatalf("%+v: %v", r, err)
		}
		for a := range entry.Entry.Attributes() {
			all = append(all, liveAttribute{Search: number, DN: entry.DN(), Attribute: a.Name(), Raw: slices.Collect(a.Values())})
		}
	}
	return all
}
