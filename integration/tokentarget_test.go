package integration

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/coder/websocket"
	"github.com/golang-jwt/jwt/v5"

	"github.com/ldapedge/ldapedge/integration/testserver"
	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/tunnel"
)

// A signed token leads to the server that it names, by TLS that is verified and
// within the networks of the configuration; and nothing else does.
func TestTargetOfAToken(t *testing.T) {
	host, there := elsewhere(t)
	if !there {
		return
	}
	slapd := startPeople(t, testserver.SlapdConfig{TLS: true, Hosts: []string{"dc9.branch.test"}}, 0)
	secure, plain := portOf(relay(t, host, slapd.TLSAddress)), portOf(relay(t, host, slapd.Address))
	target, connections := trap(t, "127.0.0.1:0")
	names := startDNS(t, "dc9.branch.test. A "+host, "dc8.branch.test. A "+host, "here.branch.test. A 127.0.0.1", "metadata.branch.test. A 169.254.169.254", "far.branch.test. A 203.0.113.1", "dc9.other.test. A "+host)
	i := newIssuer(t)
	config := func(targets string) string {
		return "listen: 127.0.0.1:0\nadmin: 127.0.0.1:0\nlog: {level: debug}\ndns: {server: '" + names.address + "'}\nauth: {jwt: " + i.settings + targets + "}}\nservers: [{name: dc1, url: '" + slapd.URL() + "'}]\n"
	}
	allowed := config(", targets: {hosts: ['*.branch.test', '" + host + "', '127.0.0.1'], networks: [" + host + ", 127.0.0.0/8], ca_file: '" + slapd.CAFile + "'}")
	c := startConnector(t, allowed)
	token := func(target string) string {
		return i.token(t, jwt.MapClaims{"ldapedge_target": target, "ldapedge_servers": nil})
	}
	for name, test := range map[string]struct{ target, says string }{
		"ldaps":                       {"ldaps://dc9.branch.test:" + secure, `"verified":true`},
		"StartTLS":                    {"ldap://dc9.branch.test:" + plain, `"verified":true`},
		"another certificate":         {"ldaps://dc8.branch.test:" + secure, "the certificate is for"},
		"another domain":              {"ldaps://dc9.other.test:" + secure, "4403"},
		"a socket":                    {"ldapi://" + slapd.Socket, "4403"},
		"no URL":                      {"dc9.branch.test", "4403"},
		"a name that leads here":      {"ldaps://here.branch.test:" + portOf(target), "4502"},
		"a name of metadata":          {"ldaps://metadata.branch.test:636", "4502"},
		"this machine itself":         {"ldaps://" + target, "127.0.0.1 is a loopback address"},
		"an address of no network":    {"ldaps://far.branch.test:636", "203.0.113.1 is in none of the networks"},
		"loopback, by the other name": {"ldaps://localhost:" + portOf(target), "4403"},
	} {
		_, facts := c.with(token(test.target)).facts(t, url.QueryEscape(test.target))
		if !strings.Contains(facts, test.says) || strings.HasPrefix(facts, "{") && !strings.Contains(facts, `"server":"`+test.target+`"`) {
			t.Errorf("%s: %s", name, facts)
		}
	}
	if n := connections.Load(); n != 0 {
		t.Errorf("%d connections were made to this machine", n)
	}

	named := "ldaps://dc9.branch.test:" + secure
	client := c.with(token(named))
	if _, list := client.get(t, http.MethodGet, "/v1/servers"); list != fmt.Sprintf(`{"servers":[{"name":%q,"url":%q,"mode":"IP_V6_PREFERRED","tls":true}]}`+"\n", named, named) {
		t.Errorf("the list is %s", list)
	}
	for _, other := range []string{"dc1", "ldaps://dc8.branch.test:" + secure, ""} {
		if _, facts := client.facts(t, url.QueryEscape(other)); !strings.Contains(facts, "4403") {
			t.Errorf("it reaches %s: %s", other, facts)
		}
	}
	if r, body := client.get(t, http.MethodGet, "/v1/servers/"+url.PathEscape(named)+"/check"); r.StatusCode != http.StatusNotFound {
		t.Errorf("a check: %d %s", r.StatusCode, body)
	}
	ws, facts := client.facts(t, url.QueryEscape(named))
	if err := rootDSE(t.Context(), ws); err != nil {
		t.Fatalf("%s: %v", facts, err)
	}
	var m message.Machine
	if _, err := m.Delete(message.DeleteRequest{DN: testserver.Suffix}); err != nil {
		t.Fatal(err)
	}
	if err := ws.Write(t.Context(), websocket.MessageBinary, m.Output()); err != nil {
		t.Fatal(err)
	}
	if got := answers(t, ws, "not allowed"); !strings.Contains(got, "policy: delete is not allowed") {
		t.Errorf("a write is answered %q", got)
	}
	operator := &connector{addr: c.admin, token: c.adminToken}
	if _, metrics := operator.get(t, http.MethodGet, "/metrics"); !strings.Contains(metrics, `ldapedge_sessions{server="named by a token"} 3`) || strings.Contains(metrics, "branch.test") {
		t.Errorf("the metrics are %s", metrics)
	}

	// Without the settings the claim says nothing, and the session is over.
	if status, body := c.configure(t, config("")); status != http.StatusNoContent {
		t.Fatalf("%d %s", status, body)
	}
	if _, _, err := ws.Read(t.Context()); codeOf(err) != tunnel.CloseNotAuthenticated {
		t.Errorf("the session ends with %v", err)
	}
	if _, facts := client.facts(t, url.QueryEscape(named)); !strings.Contains(facts, "4403") {
		t.Errorf("where no token may name a server: %s", facts)
	}
}

// From trusted proxies alone the connector takes a client's address.
func TestTrustedProxies(t *testing.T) {
	slapd := startPeople(t, testserver.SlapdConfig{}, 0)
	const config = "listen: 127.0.0.1:0\nauth: none\nlimits: {sessions_per_client: 1}\n"
	servers := "servers: [{name: dc1, url: '" + slapd.URL() + "'}]\n"
	from := func(c *connector, forwarded string) string {
		t.Helper()
		ws, _, err := websocket.Dial(t.Context(), "ws://"+c.addr+"/v1/ldap?server=dc1", &websocket.DialOptions{
			Subprotocols: []string{tunnel.Subprotocol}, HTTPHeader: http.Header{"X-Forwarded-For": {forwarded}},
		})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { ws.CloseNow() })
		return answers(t, ws, "{")
	}
	behind := startConnector(t, config+"trusted_proxies: [127.0.0.1, 10.0.0.0/8]\n"+servers)
	for _, test := range []struct{ forwarded, says string }{
		{"198.51.100.7", `{"server":"dc1"`},
		{"203.0.113.9, 198.51.100.7", "the client has as many sessions as it may have"}, // whatever it says itself
		{"198.51.100.7, 10.1.1.1", "the client has as many sessions as it may have"},
		{"198.51.100.8", `{"server":"dc1"`},
	} {
		if got := from(behind, test.forwarded); !strings.Contains(got, test.says) {
			t.Errorf("%s: %s", test.forwarded, got)
		}
	}
	eventually(t, "the client is in the log", func() bool { return strings.Contains(behind.log.String(), `client=198.51.100.7 `) })
	if log := behind.log.String(); strings.Contains(log, "203.0.113.9") {
		t.Errorf("what a client says itself is believed: %s", log)
	}
	alone := startConnector(t, config+servers)
	if got := from(alone, "198.51.100.7"); !strings.Contains(got, `{"server":"dc1"`) {
		t.Error(got)
	}
	if got := from(alone, "198.51.100.8"); !strings.Contains(got, "the client has as many sessions as it may have") {
		t.Errorf("an address that a client made up is another's: %s", got)
	}
	eventually(t, "the client is in the log", func() bool { return strings.Contains(alone.log.String(), "client=127.0.0.1 ") })
	if log := alone.log.String(); strings.Contains(log, "198.51.100") {
		t.Errorf("the log is %s", log)
	}
}
