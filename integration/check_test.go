package integration

import (
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ldapedge/ldapedge/integration/testserver"
)

// checked is what check --json prints, as a program would read it.
type checked struct {
	Servers []struct {
		URL, Depth, Error string
		Alive             bool
		Candidates        []struct {
			Address, Family, Source, Stage, Error string
			Answered                              bool
			LatencySeconds                        float64
			TLS                                   *struct {
				Version, Cipher, VerifiedBy, Fingerprint string
				Verified, StartTLS                       bool
			}
		}
		Bind *struct{ DN, Error string }
	}
	Pool *struct {
		Strategy string
		Picks    []string
	}
}

func check(t *testing.T, args ...string) (c checked, stderr string, status int) {
	t.Helper()
	out, stderr, status := cli(t, append([]string{"check", "--json"}, args...)...)
	if err := json.Unmarshal([]byte(out), &c); err != nil {
		t.Fatalf("%v: %v: %s%s", args, err, out, stderr)
	}
	return c, stderr, status
}

func TestCheck(t *testing.T) {
	slapd, err := testserver.SlapdConfig{TLS: true}.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { slapd.Close() })
	password := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(password, []byte(slapd.Credentials.Password+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	ldap, ldaps, ldapi := slapd.URL(), "ldaps://"+slapd.TLSAddress, "ldapi://"+url.PathEscape(slapd.Socket)
	const dead = "ldap://127.0.0.1:1"

	tests := []struct {
		name   string
		args   []string
		status int
		stderr string
		wanted []string // of the table, as regular expressions
	}{
		{"plain", []string{ldap}, 0, "", []string{
			regexp.QuoteMeta(ldap) + "\n +ADDRESS +FAMILY +SOURCE +LATENCY +RESULT +TLS\n +1 +" + regexp.QuoteMeta(slapd.Address) + " +IPv4 +literal +[0-9.]+[µm]s +ok +none\n$",
		}},
		{"by name", []string{strings.Replace(ldap, "127.0.0.1", "localhost", 1)}, 0, "", []string{` +127\.0\.0\.1:\d+ +IPv4 +A +[0-9.]+[µm]s +ok +none\n`}},
		{"TLS", []string{ldaps, "--ca", slapd.CAFile}, 0, "", []string{` ok +TLS 1\.3 TLS_\w+, verified by chain\n$`}},
		{"TLS without its CA", []string{ldaps}, 1, ldaps + ": " + slapd.TLSAddress + ": tls: ", []string{"tls: .*certificate signed by unknown authority"}},
		{"TLS with any certificate", []string{ldaps, "--insecure"}, 0, "", []string{` ok +TLS 1\.3 TLS_\w+, NOT VERIFIED\n$`}},
		{"StartTLS", []string{ldap, "--starttls", "--ca", slapd.CAFile}, 0, "", []string{` ok +TLS 1\.3 TLS_\w+, verified by chain, StartTLS\n$`}},
		{"socket", []string{ldapi}, 0, "", []string{` +1 +/\S+ +unix +unix +[0-9.]+[µm]s +ok +none\n$`}},
		{"login", []string{ldap, "-D", slapd.Credentials.DN, "-y", password}, 0, "", []string{`\n  bind as cn=admin,dc=example,dc=com: ok\n$`}},
		{"login that fails", []string{ldap, "-D", "cn=nobody", "-y", password}, 1, ldap + ": bind: invalidCredentials", []string{`\n  bind as cn=nobody: bind: invalidCredentials\n$`}},
		{"dead", []string{dead}, 1, dead + ": 127.0.0.1:1: connect: connection refused", []string{` connect: connection refused +none\n$`}},
		{"two", []string{dead, ldap}, 0, "", []string{` connect: connection refused `, ` ok `, "\na pool of these, FIRST, opens " + regexp.QuoteMeta(ldap) + "\n$"}},
		{"two by turns", []string{ldap, ldapi, "--strategy", "round_robin"}, 0, "", []string{"\na pool of these, ROUND_ROBIN, opens ldapi?://[^ ]+, then ldapi?://[^ ]+\n$"}},
		{"two dead", []string{dead, "ldap://127.0.0.1:2"}, 1, "no server answers", []string{"\na pool of these, FIRST, opens none: no server answers\n$"}},
		{"other family", []string{ldap, "--mode", "ip_v6_only"}, 1, "127.0.0.1 is an IPv4 address, which mode IP_V6_ONLY leaves out", []string{"leaves out\n$"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			out, stderr, status := cli(t, append([]string{"check"}, test.args...)...)
			if status != test.status || !strings.Contains(stderr, test.stderr) || (stderr == "") != (test.stderr == "") || strings.Count(stderr, "\n") > 1 {
				t.Errorf("status %d, stderr %q", status, stderr)
			}
			for _, wanted := range test.wanted {
				if !regexp.MustCompile(wanted).MatchString(out) {
					t.Errorf("%s is not in\n%s", wanted, out)
				}
			}
		})
	}

	t.Run("JSON", func(t *testing.T) {
		c, _, status := check(t, dead, ldaps, "--ca", slapd.CAFile)
		if status != 0 || len(c.Servers) != 2 || c.Servers[0].Alive || !c.Servers[1].Alive || c.Servers[1].Depth != "ldap" || !slices.Equal(c.Pool.Picks, []string{ldaps, ldaps}) || c.Pool.Strategy != "FIRST" {
			t.Errorf("status %d, %+v", status, c)
		}
		failed, answered := c.Servers[0].Candidates[0], c.Servers[1].Candidates[0]
		if failed.Stage != "connect" || failed.Error != "connection refused" || failed.Answered || failed.TLS != nil {
			t.Errorf("%+v", failed)
		}
		if tls := answered.TLS; answered.Address != slapd.TLSAddress || answered.Family != "IPv4" || answered.Source != "literal" || answered.LatencySeconds <= 0 ||
			tls == nil || tls.Version != "TLS 1.3" || !tls.Verified || tls.VerifiedBy != "chain" || len(tls.Fingerprint) != 64 || tls.StartTLS {
			t.Errorf("%+v, %+v", answered, answered.TLS)
		}
		c, _, status = check(t, "ldap://"+strings.Repeat("a", 70)+".invalid")
		if status != 1 || c.Servers[0].Error == "" || c.Servers[0].Candidates == nil || c.Pool != nil {
			t.Errorf("status %d, %+v", status, c)
		}
	})

	// Every command that takes a URL takes the same flags.
	t.Run("export by StartTLS", func(t *testing.T) {
		out := succeed(t, "export", ldap, "--starttls", "--ca", slapd.CAFile, "--mode", "IP_V4_ONLY", "--info", "-")
		if !strings.Contains(out, "1.3.6.1.4.1.1466.20037") { // StartTLS among the extensions
			t.Errorf("%.300s", out)
		}
		if _, stderr, status := cli(t, "export", ldap, "--starttls", "--info", "-"); status != 1 || !strings.Contains(stderr, "unknown authority") {
			t.Errorf("status %d, %s", status, stderr)
		}
	})

	// A server that hangs takes connections, and answers nothing.
	t.Run("depth", func(t *testing.T) {
		slapd.Suspend()
		defer slapd.Resume()
		for depth, alive := range map[string]bool{"tcp": true, "tls": true, "ldap": false} {
			c, _, status := check(t, ldap, "--timeout", "300ms", "--depth", depth)
			if (status == 0) != alive || c.Servers[0].Alive != alive || c.Servers[0].Depth != depth {
				t.Errorf("%s: status %d, %+v", depth, status, c)
			}
			if e := c.Servers[0].Candidates[0].Error; !alive && !strings.HasPrefix(e, "no answer in 3") {
				t.Errorf("%s: %q", depth, e)
			}
		}
	})
}

func TestCheckUsage(t *testing.T) {
	for wanted, args := range map[string][]string{
		"there is none": {},
		`server scheme "http" is none of ldap, ldaps, ldapi, ldap+srv, ldaps+srv`: {"http://h"},
		`server mode "IP_V5" is none of IP_SYSTEM_DEFAULT, `:                      {"ldap://h", "--mode", "IP_V5"},
		`--depth "udp": tcp, tls or ldap is expected`:                             {"ldap://h", "--depth", "udp"},
		`pool strategy "BEST" is none of FIRST, `:                                 {"ldap://h", "--strategy", "best"},
		"--insecure accepts any certificate":                                      {"ldap://h", "--insecure", "--ca", "x"},
		"-D and -y go together":                                                   {"ldap://h", "-D", "cn=x"},
		"--timeout 0s: more than 0 is expected":                                   {"ldap://h", "--timeout", "0"},
		`pool servers[1] "ldap://h.invalid:389" is in the pool already`:           {"ldap://h.invalid", "ldap://h.invalid:389"},
		`server site "Paris" is for ldap+srv and ldaps+srv alone`:                 {"ldap://h", "--site", "Paris"},
	} {
		out, stderr, status := cli(t, append([]string{"check"}, args...)...)
		if status != 2 || out != "" || !strings.Contains(stderr, wanted) || strings.Count(stderr, "\n") != 1 {
			t.Errorf("%v: status %d, %s%s", args, status, out, stderr)
		}
	}
}
