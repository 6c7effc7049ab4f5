package integration

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/ldapedge/ldapedge/integration/testserver"
	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/native/dial"
)

const (
	guidePage     = "../docs/client.md"
	guideExamples = "guideexamples_test.go"
)

// The guide's Go is that of the examples, which are compiled and run, and its
// flags are those that there are.
func TestGuideHasTheExamples(t *testing.T) {
	page, err := os.ReadFile(guidePage)
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile(guideExamples)
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?ms)^```go\n(.*?)^```$").FindAllStringSubmatch(string(page), -1)
	for _, block := range blocks {
		if !hasBlock(string(source), block[1]) {
			t.Errorf("%s does not have\n%s", guideExamples, block[1])
		}
	}
	if len(blocks) < 30 {
		t.Errorf("there are %d examples", len(blocks))
	}
	_, table, _ := strings.Cut(string(page), "\n## On the command line")
	help := succeed(t, "search", "--help")
	_, help, _ = strings.Cut(help, "\nFlags:\n")
	flag := regexp.MustCompile(`(?m)^ +(-\w, )?--[\w-]+`)
	for _, found := range flag.FindAllString(help, -1) {
		if found = strings.TrimSpace(found); found != "-h, --help" && !strings.Contains(table, "| `"+strings.ReplaceAll(found, ", ", "`, `")+"` |") {
			t.Errorf("the guide does not have the flag %s", found)
		}
	}
	if has, want := strings.Count(table, "\n| `-"), len(flag.FindAllString(help, -1))-1; has != want {
		t.Errorf("the guide has %d flags, and there are %d", has, want)
	}
}

// hasBlock tells whether the source has the lines, be they indented more.
func hasBlock(source, block string) bool {
	for range 3 {
		if strings.Contains(source, "\n"+block) {
			return true
		}
		block = regexp.MustCompile("(?m)^(.)").ReplaceAllString(block, "\t$1")
	}
	return false
}

const guideEntries = `dn: dc=example,dc=com
objectClass: domain
dc: example

dn: ou=people,dc=example,dc=com
objectClass: organizationalUnit
ou: people

dn: uid=alice,ou=people,dc=example,dc=com
objectClass: inetOrgPerson
objectClass: posixAccount
uid: alice
cn: Alice Adams
sn: Adams
mail: alice@example.com
mail: a.adams@example.com
uidNumber: 1000
gidNumber: 100
homeDirectory: /home/alice
jpegPhoto:: /9j/4A==
userPassword: secret

dn: uid=bob,ou=people,dc=example,dc=com
objectClass: inetOrgPerson
objectClass: posixAccount
uid: bob
cn: Bob Brown
sn: Brown
mail: bob@example.com
uidNumber: 1001
gidNumber: 100
homeDirectory: /home/bob
userPassword: secret

dn: uid=carol,ou=people,dc=example,dc=com
objectClass: inetOrgPerson
objectClass: posixAccount
uid: carol
cn: Carol Clark
sn: Clark
uidNumber: 1002
gidNumber: 100
homeDirectory: /home/carol

dn: ou=groups,dc=example,dc=com
objectClass: organizationalUnit
ou: groups

dn: ou=elsewhere,dc=example,dc=com
objectClass: referral
objectClass: extensibleObject
ou: elsewhere
ref: ldap://ldap2.example.com/ou=people,dc=example,dc=com
`

// guideChanges is changes.ldif.
const guideChanges = `version: 1

dn: cn=new,ou=groups,dc=example,dc=com
changetype: add
objectClass: groupOfNames
cn: new
member: uid=alice,ou=people,dc=example,dc=com

dn: cn=new,ou=groups,dc=example,dc=com
changetype: modify
add: member
member: uid=bob,ou=people,dc=example,dc=com
-
replace: description
description: made of LDIF
-

dn: cn=new,ou=groups,dc=example,dc=com
control: 1.3.6.1.1.12 true:: hwtkZXNjcmlwdGlvbg==
changetype: modrdn
newrdn: cn=newer
deleteoldrdn: 1
`

// guideHosts are the hosts of the guide's examples, all of which are one slapd
// but for down.example.com, where nothing answers.
type guideHosts struct{ slapd *testserver.Slapd }

const guideDown = "192.0.2.9"

func (guideHosts) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	addresses := map[string]string{"ldap.example.com": "192.0.2.1", "ldap2.example.com": "192.0.2.2", "down.example.com": guideDown}
	a, err := netip.ParseAddr(addresses[host])
	return []netip.Addr{a}, err
}

func (guideHosts) LookupSRV(_ context.Context, _, _, name string) (string, []*net.SRV, error) {
	return "", nil, &net.DNSError{Name: name, IsNotFound: true}
}

func (h guideHosts) dial(ctx context.Context, network, address string) (net.Conn, error) {
	switch host, port, _ := net.SplitHostPort(address); {
	case network == "unix":
		address = h.slapd.Socket
	case host == guideDown:
		address = "127.0.0.1:1"
	case port == "636":
		address = h.slapd.TLSAddress
	default:
		address = h.slapd.Address
	}
	return new(net.Dialer).DialContext(ctx, network, address)
}

type guideExample func(context.Context, *dial.Dialer, *ldap.Connection, io.Writer) error

// guideRuns are the examples in the order in which they are run, and what they
// print.
var guideRuns = []struct {
	name    string
	example guideExample
	prints  string
}{
	{"open", guideOpen, "ldap://ldap.example.com:389\n"},
	{"server", guideServer, "dn:uid=alice,ou=people,dc=example,dc=com\n"},
	{"sources", guideSources, "ldap://ldap2.example.com:389\n"},
	{"pool", guidePool, "ldap://down.example.com:389 quarantined\nldap://ldap.example.com:389 up\n"},
	{"simple bind", guideSimpleBind, "the password is wrong\n"},
	{"PLAIN", guidePlain, "dn:uid=bob,ou=people,dc=example,dc=com\n"},
	{"SCRAM", guideSCRAM, "dn:uid=bob,ou=people,dc=example,dc=com\n"},
	{"EXTERNAL", guideExternal, "known\n"},
	{"StartTLS", guideStartTLS, "true\n"},
	{"search", guideSearch, "uid=alice,ou=people,dc=example,dc=com [alice@example.com a.adams@example.com]\n"},
	{"leaving", guideLeave, "uid=alice,ou=people,dc=example,dc=com\n"},
	{"values", guideValues, "1000 true\nff d8 ff e0\n[alice@example.com a.adams@example.com]\nfalse\nmail uidNumber jpegPhoto createTimestamp title \n"},
	{"JSON", guideJSON, `{"dn":"uid=bob,ou=people,dc=example,dc=com","attributes":{"cn":["Bob Brown"],"uidNumber":1001},"raw_attributes":{"cn":["Bob Brown"],"uidNumber":["1001"]}}` + "\n"},
	{"names", guideNames, "the filter has \"uidd\", and the server's schema no such attribute type\n"},
	{"limits", guideLimits, "there are more than 2\n"},
	{"paged", guidePaged, "3\n"},
	{"sorted", guideSorted, "uid=carol,ou=people,dc=example,dc=com\nuid=bob,ou=people,dc=example,dc=com\nsuccess\n1 of 3\n"},
	{"assertion", guideAssertion, "[Baker]\n"},
	{"sync", guideSync, "1 true\n"},
	{"filters", guideFilters, `(&(objectClass=person)(|(cn=Smith \28Jr.\29)(mail=smith*@example.com))(!(telephoneNumber=*)))` + "\n" + `(&(objectClass=person)(cn=Smith \28Jr.\29)) true` + "\n"},
	{"DNs", guideDNs, "Smith, J.\nOU=people,DC=example,DC=com\nuid=a\\+b,OU=people,DC=example,DC=com\nuid=a\\+b,ou=people,dc=example,dc=com\n"},
	{"URL", guideURL, "uid=bob,ou=people,dc=example,dc=com [Bob Brown]\n"},
	{"LDIF out", guideLDIFOut, "version: 1\ndn: ou=groups,dc=example,dc=com\nobjectClass: organizationalUnit\nou: groups\n"},
	{"LDIF in", guideLDIFIn, ""},
	{"updates", guideUpdates, "true\n"},
	{"extended", guideExtended, "dn:uid=carol,ou=people,dc=example,dc=com\ndn:uid=carol,ou=people,dc=example,dc=com\n"},
	{"referrals", guideReferrals, "uid=bob,ou=people,dc=example,dc=com\nuid=bob,ou=people,dc=example,dc=com\n"},
	{"errors", guideErrors, "refused: notAllowedOnNonLeaf subordinate objects must be deleted first\n"},
	{"get_info", guideInfo, "[dc=example,dc=com]\nsn cn objectClass \n"},
	{"offline", guideOffline, "1.2.840.113556.1.4.52\n"},
}

func TestGuideExamples(t *testing.T) {
	slapd, err := testserver.SlapdConfig{
		TLS: true, Hosts: []string{"ldap.example.com"}, Modules: []string{"sssvlv", "syncprov"}, Overlays: []string{"sssvlv", "syncprov"},
		Global: "authz-regexp uid=([^,]*),cn=[^,]*,cn=auth uid=$1,ou=people,dc=example,dc=com\n",
	}.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer slapd.Close()
	addLDIF(t, slapd.URL(), slapd.Credentials, guideEntries)
	ca, err := os.ReadFile(slapd.CAFile)
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	for name, content := range map[string][]byte{"ca.pem": ca, "changes.ldif": []byte(guideChanges)} {
		if err := os.WriteFile(name, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	hosts := guideHosts{slapd}
	d := &dial.Dialer{Resolver: hosts, DialContext: hosts.dial, Log: slog.New(slog.DiscardHandler)}
	for _, run := range guideRuns {
		t.Run(run.name, func(t *testing.T) {
			c := ldap.NewConnection(newServer(t, "ldap.example.com", nil), d, &ldap.Options{Credentials: slapd.Credentials})
			if err := c.Open(t.Context()); err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			if err := c.Bind(t.Context()); err != nil {
				t.Fatal(err)
			}
			runGuide(t, run.prints, func(out io.Writer) error { return run.example(t.Context(), d, c, out) })
		})
	}
	t.Run("what LDIF made", func(t *testing.T) {
		found := found(t, connect(t, slapd.URL(), nil), "(&(cn=newer)(member=uid=bob,ou=people,dc=example,dc=com)(description=made of LDIF))")
		if fmt.Sprint(found) != "[cn=newer,ou=groups,dc=example,dc=com]" {
			t.Errorf("found %q", found)
		}
	})
	t.Run("reconnect", func(t *testing.T) {
		lose := func() {
			slapd.Kill()
			if err := slapd.Start(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		runGuide(t, "dn:uid=bob,ou=people,dc=example,dc=com\n", func(out io.Writer) error { return guideReconnect(t.Context(), d, lose, out) })
	})
}

// runGuide runs an example and looks at what it prints.
func runGuide(t *testing.T, prints string, example func(io.Writer) error) {
	t.Helper()
	var out strings.Builder
	if err := example(&out); err != nil || out.String() != prints {
		t.Errorf("it prints\n%swith the error %v, not\n%s", &out, err, prints)
	}
}

// guideOnSamba runs the examples for Active Directory.
func guideOnSamba(t *testing.T, s *testserver.Samba) {
	c := bound(t, s.URL(), s.Credentials, ldap.Options{})
	for _, example := range []struct {
		run    guideExample
		prints string
	}{
		{guideActiveDirectory, "CN=Guest,CN=Users," + domain + " S-1-5-21-"},
		{guideDirSync, "CN=Administrator,CN=Users," + domain + "\n"},
	} {
		var out strings.Builder
		if err := example.run(t.Context(), nil, c, &out); err != nil || !strings.Contains(out.String(), example.prints) {
			t.Errorf("it prints\n%swith the error %v, not\n%s", &out, err, example.prints)
		}
	}
}
