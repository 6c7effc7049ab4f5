package config

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ldapedge/ldapedge/pool"
	"github.com/ldapedge/ldapedge/server"
)

func TestLoad(t *testing.T) {
	file, ca := filepath.Join(t.TempDir(), "ldapedge.yaml"), filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	text := `
listen: 127.0.0.1:0
auth: none
origins: [https://Tools.example.com:443]
hosts: [ldapedge.example.com]
servers:
  - name: dc1
    url: ldaps://dc1.example.com
    connect_timeout: 5s
    tls: {ca_file: ` + ca + `, server_name: dc1}
  - {name: dc2, url: "ldap://[::1]:1389"}
  - {name: dc3, url: ldaps://dc3, tls: {insecure_skip_verify: true, server_name: dc}}
`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := Load(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Check(); err != nil {
		t.Fatal(err)
	}
	if c.Listen != "127.0.0.1:0" || !c.Auth.None || c.Origins[0] != "https://tools.example.com" || c.Hosts[0] != "ldapedge.example.com" || len(c.Servers) != 3 {
		t.Errorf("%+v", c)
	}
	s, err := c.Servers[0].Server()
	if err != nil || s.URL() != "ldaps://dc1.example.com:636" || s.ConnectTimeout() != 5*time.Second || s.TLS().String() != `{"validate":"required","min_version":"1.2","max_version":"1.3","ca_certs_file":"`+ca+`","valid_names":["dc1"],"sni":"dc1"}` {
		t.Errorf("%v, %+v, %v", s, s.TLS(), err)
	}
	s, err = c.Servers[2].Server()
	if err != nil || s.TLS().Verifies() || s.TLS().SNI != "dc" {
		t.Errorf("%v, %+v, %v", s, s.TLS(), err)
	}
	if _, err := Load(file + ".not"); err == nil || !strings.Contains(err.Error(), file+".not") {
		t.Errorf("missing file: %v", err)
	}
}

func TestDefaults(t *testing.T) {
	c, err := Parse([]byte("servers: [{name: a, url: ldap://a}]"))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Check(); err != nil {
		t.Fatal(err)
	}
	s, err := c.Servers[0].Server()
	if err != nil || c.Listen != DefaultListen || c.Auth.None || !c.Auth.Empty() || s.TLS().Validate != "required" {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestPools(t *testing.T) {
	c, err := Parse([]byte(`
servers:
  - {name: a, url: ldap://a, mode: IP_V4_ONLY}
  - {name: b, url: "ldap+srv://b.test"}
  - {name: c, url: ldap://c}
pools:
  - {name: home, strategy: weighted, servers: [{name: a, weight: 3, max_connections: 10}, b]}
  - {name: all, strategy: FIRST, servers: [home, c]}
  - {name: old, strategy: POOLING_STRATEGY_RANDOM_PASSIVE, servers: [a, c]}
  - {name: tries, active: 3, exhaust: 30, loop_timeout: 2s, servers: [a]}
  - {name: once, active: false, servers: [c, a]}
`))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Check(); err != nil {
		t.Fatal(err)
	}
	servers, err := c.MakeServers()
	if err != nil {
		t.Fatal(err)
	}
	pools, outermost, err := c.MakePools(servers, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(pools) != 5 || len(outermost) != 4 || servers["a"].Mode() != server.IPv4Only {
		t.Errorf("%d pools, %d outermost", len(pools), len(outermost))
	}
	for name, want := range map[string]string{
		"all":   "FIRST 0 0 [[WEIGHTED 0 0 [ldap://a:389*3<10 ldap+srv://b.test*1<0]] ldap://c:389*1<0]",
		"old":   "RANDOM -1 0 [ldap://a:389*1<0 ldap://c:389*1<0]",
		"tries": "ROUND_ROBIN 3 30000000000 [ldap://a:389*1<0]",
		"once":  "ROUND_ROBIN -1 0 [ldap://c:389*1<0 ldap://a:389*1<0]",
	} {
		if got := described(pools[name].State()); got != want {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func described(s pool.State) string {
	var members []string
	for _, m := range s.Members {
		if m.Pool != nil {
			members = append(members, "["+described(*m.Pool)+"]")
			continue
		}
		members = append(members, fmt.Sprintf("%s*%d<%d", m.URL, m.Weight, m.MaxConnections))
	}
	return fmt.Sprintf("%s %d %d %v", s.Strategy, s.Active, s.Exhaust, members)
}

func TestErrors(t *testing.T) {
	const one = "\nservers: [{name: a, url: ldap://a}]"
	tests := []struct{ name, text, want string }{
		{"nothing", "", "servers: there is none"},
		{"no YAML", "listen: [", "line 1, column 9: "},
		{"unknown key", "listen: 127.0.0.1:1\nservres: []", `line 2, column 1: unknown field "servres"`},
		{"unknown key of a server", "servers:\n  - name: a\n    uri: ldap://a", `line 3, column 5: unknown field "uri"`},
		{"wrong kind", "servers: 7", "line 1, column 10: "},
		{"no port", "listen: localhost" + one, "listen: address localhost: missing port in address"},
		{"unknown auth", "auth: some" + one, `auth: "some" is not known`},
		{"auth none off loopback", "listen: 0.0.0.0:80\nauth: none" + one, "loopback alone"},
		{"plaintext off loopback", "listen: 0.0.0.0:80" + one, "plaintext: true"},
		{"half a certificate", "tls: {cert_file: /x}" + one, "tls: cert_file and key_file go together"},
		{"no certificate", "tls: {cert_file: /no/such, key_file: /no/such}" + one, "tls: open /no/such"},
		{"a token without a subject", "auth: {tokens: [{servers: all}]}" + one, "auth.tokens[0].subject"},
		{"an unknown key of auth", "auth: {tokns: []}" + one, `unknown field "tokns"`},
		{"certificates that nobody verifies", "auth: {certificates: [{dns_name: a, subject: a, servers: all}]}" + one, "auth.certificates: tls.client_ca_file is needed"},
		{"operators anywhere", "admin: 0.0.0.0:1" + one, `admin: "0.0.0.0:1" is not loopback`},
		{"operators at no port", "admin: localhost" + one, "admin: address localhost: missing port"},
		{"operators at no path", "admin: 'unix:'" + one, "admin: unix: has no path"},
		{"a token for nobody", "admin_token_file: /x" + one, "admin_token_file: there is no admin"},
		{"no token for operators", "admin: 127.0.0.1:0\nadmin_token_file: /no/such" + one, "admin_token_file: open /no/such"},
		{"a negative limit", "limits: {idle: -1s}" + one, "limits: idle: -1s is less than"},
		{"fewer than no sessions", "limits: {sessions: -1}" + one, "limits: sessions: -1 is less than 0"},
		{"fewer than no sessions of a client", "limits: {sessions_per_client: -1}" + one, "limits: sessions_per_client: -1 is less than 0"},
		{"no time for a header", "limits: {header: 1ns}" + one, "limits: header: 1ns is less than a millisecond"},
		{"a proxy by name", "trusted_proxies: [10.0.0.1, proxy]" + one, `trusted_proxies[1]: "proxy" is neither an address nor a network`},
		{"a DNS server by name", "dns: {server: 'ns.example.com:53'}" + one, `dns.server: "ns.example.com:53" is no address`},
		{"a DNS cache of the past", "dns: {cache: -1s}" + one, "dns.cache: -1s is less than 0"},
		{"no unit", "limits: {ping: 30ns}" + one, "limits: ping: 30ns is less than a millisecond"},
		{"a log that nobody reads", "log: {format: xml}" + one, `log.format: "xml" is neither`},
		{"StartTLS after TLS", "servers: [{name: a, url: ldaps://a, start_tls: true}]", "start_tls: it is for ldap://"},
		{"no fingerprint", "servers: [{name: a, url: ldaps://a, tls: {pins: [abc]}}]", "tls.pinned_fingerprints"},
		{"every address", "listen: ':80'" + one, "is not loopback"},
		{"origin with a path", "origins: ['https://a/']" + one, `origins[0]: "https://a/" is no origin`},
		{"any origin", "origins: ['*']" + one, "origins[0]"},
		{"host with a port", "hosts: ['a:80']" + one, "hosts[0]"},
		{"every origin of a domain", "origins: ['https://*.example.com']" + one, "origins[0]"},
		{"every address, and no names", "listen: 0.0.0.0:80\nplaintext: true" + one, "hosts must list the names"},
		{"second document", "listen: 127.0.0.1:0" + one + "\n---\nx: 1", "second document"},
		{"TLS without ldaps", "servers: [{name: a, url: ldap://a, tls: {server_name: b}}]", `servers[0] "a": tls: the URL is not ldaps`},
		{"no such CA file", "servers: [{name: a, url: ldaps://a, tls: {ca_file: /no/such/file}}]", "tls.ca_file: stat /no/such/file"},
		{"host with a semicolon", "servers: [{name: a, url: 'ldap://a;b'}]", "is not a host name"},
		{"no name", "servers: [{url: ldap://a}]", "servers[0].name"},
		{"name with a slash", "servers: [{name: a/b, url: ldap://a}]", "servers[0].name"},
		{"name twice", "servers: [{name: a, url: ldap://a}, {name: a, url: ldap://b}]", "servers[1].name"},
		{"bad URL", "servers: [{name: a, url: http://a}]", `servers[0] "a": server scheme "http" is none of ldap, `},
		{"a CA that nobody looks at", "servers: [{name: a, url: ldaps://a, tls: {insecure_skip_verify: true, ca_file: /}}]", `tls.ca_certs_file "/" would not be looked at`},
		{"mode", "servers: [{name: a, url: ldap://a, mode: IP_V5}]", `servers[0] "a": server mode "IP_V5" is none of`},
		{"pool without servers", one[1:] + "\npools: [{name: p}]", `pools[0] "p": servers: there is none`},
		{"pool with a server's name", one[1:] + "\npools: [{name: a, servers: [a]}]", `pools[0].name: "a" is taken`},
		{"pool of nobody", one[1:] + "\npools: [{name: p, servers: [a, b]}]", `pools[0] "p": servers[1]: there is no server, nor a pool before this one, of the name "b"`},
		{"pool of itself", one[1:] + "\npools: [{name: p, servers: [p]}]", `of the name "p"`},
		{"pool in two", one[1:] + "\npools: [{name: p, servers: [a]}, {name: q, servers: [p]}, {name: r, servers: [p]}]", `pools[2] "r": "p" is in "q" already`},
		{"member twice", one[1:] + "\npools: [{name: p, servers: [a, a]}]", `pools[0] "p": `},
		{"strategy", one[1:] + "\npools: [{name: p, strategy: BEST, servers: [a]}]", `pools[0] "p": pool strategy "BEST"`},
		{"exhaust without active", one[1:] + "\npools: [{name: p, active: false, exhaust: true, servers: [a]}]", `pools[0] "p": pool exhaust`},
		{"active", one[1:] + "\npools: [{name: p, active: -1, servers: [a]}]", "active"},
		{"unknown key of a member", one[1:] + "\npools: [{name: p, servers: [{name: a, wieght: 1}]}]", `unknown field "wieght"`},
		{"inner pool with settings", one[1:] + "\npools: [{name: p, exhaust: true, servers: [a]}, {name: q, servers: [p]}]", `"q": `},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c, err := Parse([]byte(test.text))
			if err == nil {
				err = c.Check()
			}
			if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("%v", err)
			}
		})
	}
	c := &Config{Listen: "0.0.0.0:80", Plaintext: true, Hosts: []string{"edge.example.com"}, Servers: []Server{{Name: "a", URL: "ldap://a"}}}
	if err := c.Check(); err != nil {
		t.Errorf("plaintext that was asked for: %v", err)
	}
}

// YAML has more ways to write a value than JSON.
func TestPoolValues(t *testing.T) {
	const before = "servers: [{name: a, url: ldap://a}]\npools:\n  - name: p\n    servers: [a]\n"
	forever, once, thrice := Active(pool.Forever), Active(pool.Inactive), Active(3)
	for text, want := range map[string]Pool{
		"active: true # while the client waits\n": {Active: &forever},
		"active: True\n":                         {Active: &forever},
		"active: false\n    loop_timeout: 1s\n":  {Active: &once, LoopTimeout: time.Second},
		"active: 3\n    exhaust: 30 # seconds\n": {Active: &thrice, Exhaust: Exhaust(30 * time.Second)},
		"exhaust: 0.5\n    active: 3\n":          {Active: &thrice, Exhaust: Exhaust(500 * time.Millisecond)},
		"exhaust: TRUE\n":                        {Exhaust: Exhaust(pool.ExhaustForever)},
		"exhaust: false\n":                       {},
	} {
		c, err := Parse([]byte(before + "    " + text))
		if err != nil || c.Check() != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		got := c.Pools[0]
		if got.Exhaust != want.Exhaust || got.LoopTimeout != want.LoopTimeout || (got.Active == nil) != (want.Active == nil) || got.Active != nil && *got.Active != *want.Active {
			t.Errorf("%s: %+v", text, got)
		}
	}
	for text, says := range map[string]string{
		`active: "true"`: `pool active "\"true\"" is neither true nor false nor a number of cycles`,
		`active: -1`:     `pool active "-1" is neither`,
		`active: 1.5`:    `pool active "1.5" is neither`,
		`exhaust: 30s`:   `pool exhaust "\"30s\"" is neither true nor false nor a number of seconds`,
		`exhaust: .inf`:  `pool exhaust "+Inf" is neither`,
		`exhaust: .nan`:  `pool exhaust "NaN" is neither`,
		`exhaust: [1]`:   `pool exhaust "[1]" is neither`,
		"strategy: POOLING_STRATEGY_NONE\n    active: 3": `active: it is not what the strategy "POOLING_STRATEGY_NONE" says`,
	} {
		c, err := Parse([]byte(before + "    " + text + "\n"))
		if err == nil {
			err = c.Check()
		}
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", text, err)
		}
	}
}
