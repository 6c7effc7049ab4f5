package integration

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/ldapedge/ldapedge/integration/testserver"
	"github.com/ldapedge/ldapedge/ldif"
)

// printedEntry is a line of what search prints as JSON.
type printedEntry struct {
	DN         string
	Attributes map[string]any
	Raw        map[string][]any `json:"raw_attributes"`
}

func lines(t *testing.T, out string) (all []printedEntry) {
	t.Helper()
	for line := range strings.Lines(out) {
		var f printedEntry
		if err := json.Unmarshal([]byte(line), &f); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		all = append(all, f)
	}
	return all
}

// somePeople are a few entries with values of several kinds.
const somePeople = `dn: dc=example,dc=com
objectClass: dcObject
objectClass: organization
o: Example
dc: example

dn: ou=people,dc=example,dc=com
objectClass: organizationalUnit
ou: people

dn: uid=alice,ou=people,dc=example,dc=com
objectClass: inetOrgPerson
objectClass: posixAccount
objectClass: shadowAccount
uid: alice
cn: Alice
cn;lang-de: Alice auf Deutsch
sn:: xIzFvsSN
jpegPhoto:: /9j/4AAQSkZJRgABAQAAAQABAAD/2Q==
userCertificate;binary:: MIIBLDCB36ADAgECAhRoQgXEQG4GL/kbkItp5XNTkmKLTjAFBgMrZXAwDDEKMAgGA1UEAwwBeDAeFw0yNjExMjUwMzU0NDVaFw0zNjExMjIwMzU0NDVaMAwxCjAIBgNVBAMMAXgwKjAFBgMrZXADIQAu2Ln9v9lauIUsHebS1crKyLfDtRBgqjJufkR5iJ7S+qNTMFEwHQYDVR0OBBYEFNPLaEYyn+JhmhdDv4H80+UmPaqWMB8GA1UdIwQYMBaAFNPLaEYyn+JhmhdDv4H80+UmPaqWMA8GA1UdEwEB/wQFMAMBAf8wBQYDK2VwA0EApHG00/0oMKT8yoZSYGB8/jK2oWyZ8IUgUL1/rmDDPxyP95G147wWnQW4b/n/SCOMbK6WJ6OxhTNflKnM53k0DQ==
uidNumber: 1000
gidNumber: 100
homeDirectory: /home/alice

dn: ou=more,dc=example,dc=com
objectClass: organizationalUnit
ou: more
`

// startPeople starts a slapd with those, and n more under ou=more.
func startPeople(t *testing.T, c testserver.SlapdConfig, n int) *testserver.Slapd {
	t.Helper()
	s, err := c.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	var b strings.Builder
	b.WriteString(somePeople)
	for i := range n {
		fmt.Fprintf(&b, "\ndn: uid=u%d,ou=more,dc=example,dc=com\nobjectClass: account\nobjectClass: posixAccount\nuid: u%d\ncn: User %d\nuidNumber: %d\ngidNumber: 100\nhomeDirectory: /home/u%d\n", i, i, i, i, i)
	}
	addLDIF(t, s.URL(), s.Credentials, b.String())
	return s
}

func TestSearchCommand(t *testing.T) {
	slapd := startPeople(t, testserver.SlapdConfig{TLS: true, Modules: []string{"sssvlv"}, Overlays: []string{"sssvlv"}, Suffix: "sizelimit 5\n"}, 7)
	password := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(password, []byte(slapd.Credentials.Password+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	url := slapd.URL()
	const base, more = "dc=example,dc=com", "ou=more,dc=example,dc=com"
	admin := []string{"-D", slapd.Credentials.DN, "-y", password}

	tests := []struct {
		name   string
		args   []string
		status int
		stderr string
		wanted []string
		not    string
	}{
		{"JSON", []string{url, "-b", more, "(uid=u3)", "uid", "uidNumber", "mail"}, 0, "", []string{
			`{"dn":"uid=u3,ou=more,dc=example,dc=com","attributes":{"uid":["u3"],"uidNumber":3,"mail":[]},"raw_attributes":{"uid":["u3"],"uidNumber":["3"],"mail":[]}}` + "\n",
		}, ""},
		{"operational attributes", []string{url, "-b", more, "-s", "base", "+"}, 0, "", []string{`"hasSubordinates":true`, `"createTimestamp":"20`, `"entryUUID":"`}, ""},
		{"root DSE", []string{url, "-b", "", "-s", "base", "*", "+"}, 0, "", []string{`"namingContexts":["dc=example,dc=com"]`, `"supportedLDAPVersion":[3]`, `"configContext":`}, ""},
		{"TLS", []string{"ldaps://" + slapd.TLSAddress, "--ca", slapd.CAFile, "-b", base, "-s", "base"}, 0, "", []string{`"o":["Example"]`}, ""},
		{"StartTLS", []string{url, "--starttls", "--ca", slapd.CAFile, "-b", base, "-s", "base"}, 0, "", []string{`"o":["Example"]`}, ""},
		{"LDIF", []string{url, "-b", base, "--format", "ldif", "(uid=alice)", "cn", "jpegPhoto", "mail", "title"}, 0, "", []string{
			"version: 1\ndn: uid=alice,ou=people,dc=example,dc=com\n", "\ncn: Alice\n", "\ncn;lang-de: Alice auf Deutsch\n", "\njpegPhoto:: /9j/4AAQSkZJRgABAQAAAQABAAD/2Q==\n",
		}, "title"},
		{"CSV", []string{url, "-b", base, "--format", "csv", "(uid=alice)", "uid", "objectClass", "userCertificate", "commonName"}, 0, "", []string{
			"dn,uid,objectClass,userCertificate,commonName\n\"uid=alice,ou=people,dc=example,dc=com\",alice,inetOrgPerson|posixAccount|shadowAccount,MIIB", ",Alice\n",
		}, ""},
		{"CSV without columns", []string{url, "-b", base, "--format", "csv"}, 2, "--format csv has the attributes that are asked for as columns", nil, "dn"},
		{"table", []string{url, "-b", more, "--format", "table", "(uidNumber<=1)", "uid", "uidNumber"}, 0, "", []string{
			"DN                                UID  UIDNUMBER\nuid=u0,ou=more,dc=example,dc=com  u0   0\nuid=u1,ou=more,dc=example,dc=com  u1   1\n",
		}, ""},
		{"sorted by the server", []string{url, "-b", more, "--format", "table", "--sort", "-uidNumber,uid:caseIgnoreOrderingMatch", "(|(uidNumber<=1)(uid=u6))", "uidNumber"}, 0, "", []string{
			"\nuid=u6,ou=more,dc=example,dc=com  6\nuid=u1,ou=more,dc=example,dc=com  1\nuid=u0,ou=more,dc=example,dc=com  0\n",
		}, ""},
		{"sorted by what is unknown", []string{url, "-b", more, "--sort", "favouriteColour", "(uid=u3)"}, 1, "noSuchAttribute", nil, "dn"},
		{"list", []string{url, "-b", more, "-s", "base", "--format", "table"}, 0, "", []string{"ou=more,dc=example,dc=com\n  objectClass  organizationalUnit\n  ou           more\n"}, ""},
		{"types only", []string{url, "-b", more, "-s", "base", "-A", "--format", "ldif"}, 0, "", []string{"\nobjectClass:\n", "\nou:\n"}, "more\n"},
		{"unknown attribute", []string{url, "-b", more, "(uid=u3)", "favouriteColour"}, 1, `search: the attribute list has "favouriteColour", and the server's schema no such attribute type`, nil, "dn"},
		{"unknown in the filter", []string{url, "-b", more, "(favouriteColour=blue)"}, 1, `the filter has "favouriteColour"`, nil, "dn"},
		{"unknown class", []string{url, "-b", more, "(objectClass=car)"}, 1, `the filter has "car", and the server's schema no such object class`, nil, "dn"},
		{"no check of names", []string{url, "-b", more, "--no-check-names", "(uid=u3)", "uidNumber", "favouriteColour"}, 0, "", []string{`"attributes":{"uidNumber":["3"],"favouriteColour":[]}`}, ""},
		{"no value of the attribute", []string{url, "-b", more, "(uidNumber=three)"}, 1, `filter: uidNumber: "three" is no value`, nil, "dn"},
		{"all in the URL", []string{url + "/ou=more,dc=example,dc=com?uid,uidNumber?one?(%75id=u3)"}, 0, "", []string{
			`{"dn":"uid=u3,ou=more,dc=example,dc=com","attributes":{"uid":["u3"],"uidNumber":3},"raw_attributes":{"uid":["u3"],"uidNumber":["3"]}}` + "\n",
		}, "u4"},
		{"a URL with a base alone", []string{url + "/ou=more,dc=example,dc=com"}, 0, "", []string{`{"dn":"ou=more,dc=example,dc=com"`}, "u3"},
		{"true in the URL", []string{url + "/dc=example,dc=com???(&)"}, 0, "", []string{`"o":["Example"]`}, "uid"},
		{"two bases", []string{url + "/dc=example,dc=com", "-b", more}, 2, "a server is a scheme, a host and a port", nil, "dn"},
		{"two filters, one in the URL", []string{url + "/dc=example,dc=com???(uid=u3)", "(uid=u4)"}, 2, `neither -s nor ["(uid=u4)"] goes with it`, nil, "dn"},
		{"two scopes", []string{url + "/dc=example,dc=com??one", "-s", "sub"}, 2, `neither -s nor [] goes with it`, nil, "dn"},
		{"a critical extension in the URL", []string{url + "/dc=example,dc=com????!x-later=1"}, 2, `the critical extension "x-later" is not known`, nil, "dn"},
		{"a wrong filter in the URL", []string{url + "/dc=example,dc=com???(uid=u3"}, 2, `")" is expected`, nil, "dn"},
		{"no base", []string{url, "(uid=u3)"}, 2, "search needs -b BASE", nil, "dn"},
		{"no URL", []string{"-b", more, "(uid=u3)"}, 2, "there is no URL", nil, "dn"},
		{"wrong filter", []string{url, "-b", more, "(uid=u3"}, 2, `(uid=u3: filter: ")" is expected, not the end at byte 7`, nil, "dn"},
		{"wrong scope", []string{url, "-b", more, "-s", "all"}, 2, `-s "all"`, nil, "dn"},
		{"wrong format", []string{url, "-b", more, "--format", "xml"}, 2, `--format "xml"`, nil, "dn"},
		{"two filters", []string{url, "-b", more, "(uid=u3)", "(uid=u4)"}, 2, `"(uid=u4)" is no attribute`, nil, "dn"},
		{"no such entry", []string{url, "-b", "ou=nowhere,dc=example,dc=com"}, 1, `search: noSuchObject (matched "dc=example,dc=com")`, nil, "dn"},
		{"no DN", []string{url, "-b", "nowhere"}, 1, `the base "nowhere" is no DN`, nil, "dn"},
		{"wrong password", []string{url, "-b", base, "-D", "cn=nobody," + base, "-y", password}, 1, url + ": bind: invalidCredentials", nil, "dn"},
		{"dead server", []string{"ldap://127.0.0.1:1", "-b", base}, 1, "ldap://127.0.0.1:1: connect: 127.0.0.1:1: connection refused", nil, "dn"},
		{"pool", []string{"ldap://127.0.0.1:1", url, "ldap://127.0.0.1:2", "-b", more, "-s", "base"}, 0, "", []string{`"ou":["more"]`}, ""},
		{"dead pool", []string{"ldap://127.0.0.1:1", "ldap://127.0.0.1:2", "--strategy", "random", "-b", base}, 1, "connection refused", nil, "dn"},
		{"LDIF of referral objects", append([]string{url, "-b", base, "-M", "--format", "ldif", "(o=Example)"}, admin...), 0, "", []string{"dn: dc=example,dc=com\n"}, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			out, stderr, status := cli(t, append([]string{"search"}, test.args...)...)
			if status != test.status || !strings.Contains(stderr, test.stderr) || (stderr == "") != (test.stderr == "") || strings.Count(stderr, "\n") > 1 {
				t.Errorf("status %d, stderr %q", status, stderr)
			}
			for _, wanted := range test.wanted {
				if !strings.Contains(out, wanted) {
					t.Errorf("%q is not in\n%s", wanted, out)
				}
			}
			if test.not != "" && strings.Contains(out, test.not) {
				t.Errorf("%q is in\n%s", test.not, out)
			}
		})
	}

	t.Run("size limits", func(t *testing.T) {
		for _, args := range [][]string{{}, {"-z", "5"}} { // the server's and the client's
			out, stderr, status := cli(t, append([]string{"search", url, "-b", more, "-s", "one"}, args...)...)
			if got := lines(t, out); status != 1 || len(got) != 5 || stderr != "ldapedge: search: sizeLimitExceeded, after 5 entries\n" {
				t.Errorf("%v: status %d, %d entries, %q", args, status, len(got), stderr)
			}
		}
	})
	t.Run("pages", func(t *testing.T) {
		out := succeed(t, append([]string{"search", url, "-b", more, "-s", "one", "--page-size", "2"}, admin...)...)
		if got := lines(t, out); len(got) != 7 {
			t.Errorf("%d entries", len(got))
		}
	})
	// What is printed is what another LDIF reader, and the JSON, have.
	t.Run("formats agree", func(t *testing.T) {
		args := append([]string{"search", url, "-b", base}, admin...)
		records := ldif.NewReader(strings.NewReader(succeed(t, append(args, "--format", "ldif")...)))
		for _, f := range lines(t, succeed(t, args...)) {
			r, err := records.Read()
			if err != nil {
				t.Fatal(err)
			}
			if r.DN != f.DN || len(r.Attributes) != len(f.Raw) {
				t.Fatalf("%s and %s", r.DN, f.DN)
			}
			for _, a := range r.Attributes {
				if len(f.Raw[a.Name]) != len(a.Values) || f.Attributes[a.Name] == nil {
					t.Errorf("%s: %s has %v in JSON", r.DN, a.Name, f.Raw[a.Name])
				}
			}
		}
		rows, err := csv.NewReader(strings.NewReader(succeed(t, append(args, "--format", "csv", "(cn=*)", "cn", "uidNumber")...))).ReadAll()
		if err != nil || len(rows) < 8 || !slices.Equal(rows[0], []string{"dn", "cn", "uidNumber"}) {
			t.Errorf("%q, %v", rows, err)
		}
	})
}

// Ctrl-C abandons the search, and says how far it came.
func TestSearchIsInterrupted(t *testing.T) {
	slapd := startPeople(t, testserver.SlapdConfig{}, 0)
	slapd.Suspend()
	defer slapd.Resume()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), path, "search", slapd.URL(), "-b", "dc=example,dc=com", "--no-check-names")
	var stderr written
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(300 * time.Millisecond)
	cmd.Process.Signal(syscall.SIGINT)
	began := time.Now()
	cmd.Wait()
	if status := cmd.ProcessState.ExitCode(); status != 1 || stderr.String() != "ldapedge: interrupted after 0 entries\n" || time.Since(began) > 3*time.Second {
		t.Errorf("status %d after %s: %q", status, time.Since(began), stderr.String())
	}
}
