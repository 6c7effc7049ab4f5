package integration

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/golang-jwt/jwt/v5"

	"github.com/ldapedge/ldapedge/integration/testserver"
	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/tunnel"
)

// A name that the DNS leads to this machine, its link or a metadata service is not
// connected to, by whatever way it is asked for; the address itself may be written.
func TestSSRFThroughDNS(t *testing.T) {
	target, connections := trap(t, "127.0.0.1:0")
	port := portOf(target)
	names := startDNS(t,
		"loop.test. A 127.0.0.1", "other.test. A 127.8.8.8", "mapped.test. AAAA ::ffff:127.0.0.1", "six.test. AAAA ::1", "any.test. A 0.0.0.0",
		"metadata.test. A 169.254.169.254", "link.test. AAAA fe80::1", "cloud.test. AAAA fd00:ec2::254",
		"localhost. A 127.0.0.1", "sub.localhost. A 127.0.0.1",
		"_ldap._tcp.srv.test. SRV 0 0 "+port+" loop.test.", "_ldap._tcp.local.test. SRV 0 0 "+port+" localhost.")
	config := "listen: 127.0.0.1:0\nauth: none\nlog: {level: debug}\ndns: {server: '" + names.address + "'}\nservers:\n"
	kinds := map[string]string{
		"loop.test": "loopback", "other.test": "loopback", "mapped.test": "loopback", "six.test": "loopback", "any.test": "unspecified",
		"metadata.test": "link-local", "link.test": "link-local", "cloud.test": "metadata", "sub.localhost": "loopback",
		"srv.test": "loopback", "local.test": "loopback",
	}
	for name := range kinds {
		url := "ldap://" + name + ":" + port
		if strings.HasPrefix(name, "srv.") || strings.HasPrefix(name, "local.") {
			url = "ldap+srv://" + name
		}
		config += "  - {name: " + name + ", url: '" + url + "'}\n"
	}
	c := startConnector(t, config+"  - {name: literal, url: 'ldap://"+target+"'}\npools: [{name: pool, active: 1, servers: [loop.test]}]\n")
	kinds["pool"] = "loopback"
	for name, kind := range kinds {
		t.Run(name, func(t *testing.T) {
			if _, facts := c.facts(t, name); !strings.Contains(facts, "4502") {
				t.Errorf("a session: %s", facts)
			}
			if _, body := c.get(t, http.MethodGet, "/v1/servers/"+name+"/check"); !strings.Contains(body, " is a "+kind+" address, and names may not lead to those") {
				t.Errorf("a check: %s", body)
			}
			if r, body := c.get(t, http.MethodGet, "/v1/servers/"+name+"/schema"); r.StatusCode != http.StatusBadGateway {
				t.Errorf("its schema: %d %s", r.StatusCode, body)
			}
		})
	}
	if n := connections.Load(); n != 0 {
		t.Errorf("%d connections were made", n)
	}
	if _, facts := c.facts(t, "literal"); !strings.Contains(facts, `"address":"`+target+`"`) || connections.Load() == 0 {
		t.Errorf("the address itself: %s", facts)
	}
}

// A page whose name leads here is refused by its Host; and a server's name that was
// allowed is looked at again at the next dial.
func TestDNSRebinding(t *testing.T) {
	t.Run("of the connector", func(t *testing.T) {
		c := startConnector(t, "listen: 127.0.0.1:0\nauth: none\nadmin: 127.0.0.1:0\nhosts: [ldap.example.com]\nservers: [{name: dc1, url: 'ldap://127.0.0.1:1'}]\n")
		operator := &connector{addr: c.admin}
		for host, allowed := range map[string]bool{
			c.addr: true, "localhost": true, "LOCALHOST:80": true, "[::1]:80": true, "ldap.example.com": true, "ldap.example.com:443": true,
			"evil.example.com": false, "evil.example.com:" + portOf(c.addr): false, "localhost:evil": false, "localhost:1:2": false, "localhost.evil.example.com": false,
			"127.0.0.1.evil.example.com": false, "ldap.example.com.evil.example.com": false, "[::1]evil.example.com": false,
		} {
			for _, path := range []string{"/", "/v1/servers", "/v1/ldap?server=dc1"} {
				r, body := c.get(t, http.MethodGet, path, "Host", host, "Origin", "http://"+host)
				if (r.StatusCode != http.StatusForbidden) != allowed || !allowed && !strings.Contains(body, "host name") {
					t.Errorf("%s of %s: %d %s", path, host, r.StatusCode, body)
				}
			}
			if strings.Contains(host, "evil") {
				if r, body := operator.get(t, http.MethodGet, "/healthz", "Host", host); r.StatusCode != http.StatusForbidden {
					t.Errorf("the operator's listener as %s: %d %s", host, r.StatusCode, body)
				}
			}
		}
	})
	t.Run("of a server", func(t *testing.T) {
		host, there := elsewhere(t)
		if !there {
			return
		}
		slapd := startPeople(t, testserver.SlapdConfig{}, 0)
		address := relay(t, host, slapd.Address)
		_, connections := trap(t, "127.0.0.1:"+portOf(address))
		allowed, refused := "dc1.test. A "+host, "dc1.test. A 127.0.0.1"
		names := startDNS(t, allowed)
		c := startConnector(t, "listen: 127.0.0.1:0\nauth: none\ndns: {server: '"+names.address+"', cache: 1ns}\nservers: [{name: dc1, url: 'ldap://dc1.test:"+portOf(address)+"', mode: IP_V4_ONLY}]\n")
		first, facts := c.facts(t, "dc1")
		if !strings.Contains(facts, `"address":"`+address+`"`) {
			t.Fatal(facts)
		}
		names.set(t, refused)
		if _, facts := c.facts(t, "dc1"); !strings.Contains(facts, "4502") {
			t.Errorf("it has moved here: %s", facts)
		}
		names.set(t, refused, allowed) // both at once
		if _, facts := c.facts(t, "dc1"); !strings.Contains(facts, `"address":"`+address+`"`) {
			t.Errorf("one of two is allowed: %s", facts)
		}
		if err := rootDSE(t.Context(), first); err != nil {
			t.Errorf("the session from before: %v", err)
		}
		if n := connections.Load(); n != 0 {
			t.Errorf("%d connections were made here", n)
		}
	})
}

// Pages of other origins get nothing, and are told so before anything is done.
func TestForeignOrigin(t *testing.T) {
	target, connections := trap(t, "127.0.0.1:0")
	c := startConnector(t, "listen: 127.0.0.1:0\nauth: none\norigins: ['https://tools.example.com']\nservers: [{name: dc1, url: 'ldap://"+target+"'}]\n")
	for origin, allowed := range map[string]bool{
		"https://tools.example.com": true, "http://" + c.addr: true,
		"https://evil.example.com": false, "null": false, "http://tools.example.com": false, "https://tools.example.com:8443": false, "https://tools.example.com.evil.example.com": false,
		"https://eviltools.example.com": false, "http://127.0.0.1:1": false, "https://" + c.addr: false, "file://": false, "https://tools.example.com/": false, "*": false,
	} {
		before := connections.Load()
		want := map[bool]int{true: http.StatusSwitchingProtocols, false: http.StatusForbidden}[allowed]
		ws, response, err := c.session(t.Context(), "dc1", origin, tunnel.Subprotocol)
		if response == nil || response.StatusCode != want {
			t.Errorf("a session of %s: %v, %v", origin, response, err)
		}
		if ws != nil {
			ws.Read(t.Context())
			ws.CloseNow()
		}
		if !allowed && connections.Load() != before {
			t.Errorf("a page of %s has the server dialled", origin)
		}
		for _, method := range []string{http.MethodGet, http.MethodOptions} {
			r, body := c.get(t, method, "/v1/servers", "Origin", origin)
			if shared := r.Header.Get("Access-Control-Allow-Origin"); allowed != (shared == origin) || !allowed && (r.StatusCode != http.StatusForbidden || shared != "" || strings.Contains(body, "dc1")) {
				t.Errorf("%s of %s: %d %v %s", method, origin, r.StatusCode, r.Header, body)
			}
		}
	}
}

// startIssued starts a connector with the servers dc1 and dc2, which are the same
// slapd, that takes an issuer's tokens.
func startIssued(t *testing.T, i *issuer, more string) *connector {
	t.Helper()
	slapd := startPeople(t, testserver.SlapdConfig{}, 0)
	return startConnector(t, "listen: 127.0.0.1:0\nlog: {level: debug}\nauth: {jwt: "+i.settings+more+"}}\nservers: [{name: dc1, url: '"+slapd.URL()+"'}, {name: dc2, url: '"+slapd.URL()+"'}]\n")
}

// begins opens a session with a token and says how that went: "" if it began.
func (c *connector) begins(t *testing.T, server, token string) string {
	t.Helper()
	_, facts := c.with(token).facts(t, server)
	if strings.HasPrefix(facts, `{"server":"`+server+`"`) {
		return ""
	}
	return facts
}

// refusesToken sees that a token is refused, by every way in.
func (c *connector) refusesToken(t *testing.T, name, token, says string) {
	t.Helper()
	if got := c.begins(t, "dc1", token); !strings.Contains(got, "4401") || !strings.Contains(got, says) {
		t.Errorf("%s: a session: %q", name, got)
	}
	for _, path := range []string{"/v1/servers", "/v1/servers/dc1/schema"} {
		if r, body := c.with(token).get(t, http.MethodGet, path); r.StatusCode != http.StatusUnauthorized || !strings.Contains(body, says) {
			t.Errorf("%s: %s: %d %s", name, path, r.StatusCode, body)
		}
	}
}

// A token for one session has one, also once the configuration has been read again,
// and a token's jti is its subject's alone.
func TestReplayedToken(t *testing.T) {
	i := newIssuer(t)
	c := startIssued(t, i, ", require_jti: true, sessions: 2, sessions_in_all: 3")
	once := i.token(t, jwt.MapClaims{"jti": "one", "once": true})
	raced := c.with(i.token(t, jwt.MapClaims{"jti": "raced", "once": true}))
	var began atomic.Int64
	var racing sync.WaitGroup
	for range 20 {
		racing.Go(func() {
			ws, _, err := raced.session(t.Context(), "dc1", "", tunnel.Subprotocol)
			if err != nil {
				t.Error(err)
				return
			}
			defer ws.CloseNow()
			if _, _, err := ws.Read(t.Context()); err == nil {
				began.Add(1)
			} else if codeOf(err) != tunnel.CloseNotAuthenticated {
				t.Errorf("at the same time: %v", err)
			}
		})
	}
	if racing.Wait(); began.Load() != 1 {
		t.Errorf("of many at the same time %d began", began.Load())
	}
	if r, body := c.with(once).get(t, http.MethodGet, "/v1/servers"); r.StatusCode != http.StatusOK {
		t.Errorf("to look does not use it up: %d %s", r.StatusCode, body)
	}
	if got := c.begins(t, "dc1", once); got != "" {
		t.Fatal(got)
	}
	const used = "used as often as it may be"
	c.refusesToken(t, "a second time", once, used)
	c.cmd.Process.Signal(syscall.SIGHUP)
	eventually(t, "the configuration is read again", func() bool { return strings.Contains(c.log.String(), "the configuration is in force") })
	c.refusesToken(t, "after a reload", once, used)
	c.refusesToken(t, "another token of that name", i.token(t, jwt.MapClaims{"jti": "one", "exp": time.Now().Add(2 * time.Hour).Unix()}), used)
	c.refusesToken(t, "another subject's", i.token(t, jwt.MapClaims{"jti": "one", "sub": "mallory"}), used)
	c.refusesToken(t, "without a name", i.token(t, nil), "lacks a claim")
	many := i.token(t, jwt.MapClaims{"jti": "many"})
	for range 2 {
		if got := c.begins(t, "dc1", many); got != "" {
			t.Fatal(got)
		}
	}
	if got := c.begins(t, "dc1", many); !strings.Contains(got, "4429") {
		t.Errorf("more at a time than may be: %q", got)
	}
	if log := c.log.String(); strings.Contains(log, "jti=one") || !strings.Contains(log, "reason=replayed") {
		t.Errorf("the log is %s", log)
	}
}

// A token is good until it expires and so are its sessions.
func TestExpiredToken(t *testing.T) {
	i := newIssuer(t)
	c := startIssued(t, i, "")
	at := func(d time.Duration) int64 { return time.Now().Add(d).Unix() }
	for name, test := range map[string]struct {
		claims jwt.MapClaims
		says   string
	}{
		"expired":             {jwt.MapClaims{"exp": at(-2 * time.Second)}, "has expired"},
		"long expired":        {jwt.MapClaims{"exp": 1}, "has expired"},
		"for ever":            {jwt.MapClaims{"exp": nil}, "lacks a claim"},
		"until a text":        {jwt.MapClaims{"exp": "2099-01-01"}, "malformed"},
		"not valid yet":       {jwt.MapClaims{"nbf": at(time.Hour)}, "not valid yet"},
		"issued in time":      {jwt.MapClaims{"iat": at(time.Hour)}, "not valid yet"},
		"of another issuer":   {jwt.MapClaims{"iss": "https://evil.example.com"}, "another issuer"},
		"for another service": {jwt.MapClaims{"aud": "mail"}, "another audience"},
	} {
		c.refusesToken(t, name, i.token(t, test.claims), test.says)
	}
	ws, facts := c.with(i.token(t, jwt.MapClaims{"exp": at(3 * time.Second)})).facts(t, "dc1")
	if facts[0] != '{' {
		t.Fatal(facts)
	}
	if err := rootDSE(t.Context(), ws); err != nil {
		t.Error(err)
	}
	if _, _, err := ws.Read(t.Context()); codeOf(err) != tunnel.CloseNotAuthenticated || !strings.Contains(err.Error(), "expired") {
		t.Errorf("the session ends with %v", err)
	}
}

// A token that anybody could have made is nobody's.
func TestAlgNoneToken(t *testing.T) {
	i := newIssuer(t)
	c := startIssued(t, i, "")
	good := i.token(t, nil)
	if got := c.begins(t, "dc1", good); got != "" {
		t.Fatal(got)
	}
	none := signed(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, i.claims(nil))
	parts := strings.Split(good, ".")
	unsigned := strings.Split(none, ".")
	stranger := newIssuer(t)
	for name, token := range map[string]string{
		"none":                           none,
		"none, with a signature":         none + parts[2],
		"no signature":                   parts[0] + "." + parts[1] + ".",
		"no third part":                  parts[0] + "." + parts[1],
		"others' claims":                 parts[0] + "." + unsigned[1] + "x." + parts[2],
		"HMAC with the public key":       signed(t, jwt.SigningMethodHS256, i.publicPEM, i.claims(nil)),
		"HMAC with the public key's own": signed(t, jwt.SigningMethodHS256, []byte(i.key.Public().(ed25519.PublicKey)), i.claims(nil)),
		"a stranger's key":               stranger.token(t, nil),
	} {
		c.refusesToken(t, name, token, "token")
	}
}

// A subject reaches its servers, and of others does not learn whether there are any.
func TestSubjectReachesOnlyItsServers(t *testing.T) {
	i := newIssuer(t)
	c := startIssued(t, i, "")
	own := i.token(t, nil)
	if got := c.begins(t, "dc1", own); got != "" {
		t.Errorf("its own: %s", got)
	}
	said := make(map[string]bool)
	for _, other := range []string{"dc2", "nobody", "", "DC1", "dc1%00", "dc1%20", "dc1/", "ldap:%2F%2F127.0.0.1"} {
		got := c.begins(t, other, own)
		if !strings.Contains(got, "4403") {
			t.Errorf("a session to %q: %s", other, got)
		}
		said[got] = true
		for _, document := range []string{"check", "schema", "info"} {
			if other == "" || strings.Contains(other, "/") {
				continue // which is another path
			}
			if r, body := c.with(own).get(t, http.MethodGet, "/v1/servers/"+other+"/"+document); r.StatusCode != http.StatusForbidden {
				t.Errorf("%s of %q: %d %s", document, other, r.StatusCode, body)
			}
		}
	}
	if len(said) != 1 {
		t.Errorf("it is told which there are: %v", said)
	}
	if _, list := c.with(own).get(t, http.MethodGet, "/v1/servers"); !strings.Contains(list, `"dc1"`) || strings.Contains(list, "dc2") {
		t.Errorf("its list is %s", list)
	}
	for servers, reached := range map[any]string{"all": "dc2", "dc1": "", nil: ""} {
		token := i.token(t, jwt.MapClaims{"ldapedge_servers": servers})
		for _, name := range []string{"dc1", "dc2"} {
			if got := c.begins(t, name, token); (got == "") != (reached != "") {
				t.Errorf("with the claim %v, %s: %q", servers, name, got)
			}
		}
	}
}

// Where nothing else is said a session only reads, whoever binds.
func TestWriteOnReadOnlyServer(t *testing.T) {
	slapd := startPeople(t, testserver.SlapdConfig{}, 1)
	c := startConnector(t, "listen: 127.0.0.1:0\nlog: {level: debug}\nservers: [{name: dc1, url: '"+slapd.URL()+"'}]\n")
	before := contents(t, slapd)
	const dn, people = "uid=u0,ou=more,dc=example,dc=com", "ou=people,dc=example,dc=com"
	superior := people
	ctx := t.Context()
	conn := through(t, c, c.token, slapd)
	for name, write := range map[string]func() error{
		"add": func() error {
			_, err := conn.Add(ctx, message.AddRequest{DN: "ou=new,dc=example,dc=com", Attributes: []message.PartialAttribute{{Name: "objectClass", Values: []string{"organizationalUnit"}}}})
			return err
		},
		"modify": func() error {
			_, err := conn.Modify(ctx, message.ModifyRequest{DN: dn, Changes: []message.Change{{Kind: message.ChangeReplace, Attribute: "cn", Values: []string{"x"}}}})
			return err
		},
		"delete": func() error { _, err := conn.Delete(ctx, message.DeleteRequest{DN: dn}); return err },
		"modifyDN": func() error {
			_, err := conn.ModifyDN(ctx, message.ModifyDNRequest{DN: dn, NewRDN: "uid=u9", NewSuperior: &superior})
			return err
		},
		"passwordModify": func() error {
			_, _, err := conn.PasswordModify(ctx, ldap.PasswordModifyRequest{User: dn, NewPassword: secret("new-password-of-u0")})
			return err
		},
	} {
		if err := write(); err == nil || !strings.Contains(err.Error(), "policy: "+name+" is not allowed") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if after := contents(t, slapd); after != before {
		t.Errorf("there is now %s", after)
	}
	if id, _, err := conn.WhoAmI(ctx); err != nil || id != "dn:"+slapd.Credentials.DN {
		t.Errorf("it could have written as %q, %v", id, err)
	}
}

// However a write is cut, padded, wrapped or put among others, it does not get by.
func TestSmuggledOperations(t *testing.T) {
	slapd := startPeople(t, testserver.SlapdConfig{}, 1)
	c := startConnector(t, "listen: 127.0.0.1:0\nservers: [{name: dc1, url: '"+slapd.URL()+"'}]\n")
	before := contents(t, slapd)
	// The requests as bytes, of one client in this order.
	var m message.Machine
	request := func(_ int32, err error) []byte {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return bytes.Clone(m.Output())
	}
	bind := request(m.Bind(message.BindRequest{DN: slapd.Credentials.DN, Password: slapd.Credentials.Password}))
	m.Take([]byte{0x30, 12, 2, 1, 1, 0x61, 7, 0x0a, 1, 0, 4, 0, 4, 0}) // success
	if e, ok, err := m.Next(); !ok || err != nil || !e.Done {
		t.Fatal(e, ok, err)
	}
	search := request(m.Search(message.SearchRequest{Base: testserver.Suffix}))
	remove := request(m.Delete(message.DeleteRequest{DN: "uid=u0,ou=more,dc=example,dc=com"}))
	m.Unbind()
	unbind := request(0, nil)
	if remove[0] != 0x30 || remove[1] >= 0x80 {
		t.Fatalf("% x", remove)
	}
	long := func(body ...[]byte) []byte { // with a length of four bytes, as Active Directory has it
		all := bytes.Join(body, nil)
		return append([]byte{0x30, 0x84, byte(len(all) >> 24), byte(len(all) >> 16), byte(len(all) >> 8), byte(len(all))}, all...)
	}
	bytewise := func(b []byte) (frames [][]byte) {
		for i := range b {
			frames = append(frames, b[i:i+1])
		}
		return frames
	}
	octets := func(b []byte) []byte { return append([]byte{0x04, byte(len(b))}, b...) }
	padding := long(make([]byte, 1<<20))
	const refused, malformed, over, protocol, ended = "policy: delete is not allowed", "policy: the request is malformed", "status = StatusMessageTooBig", "status = StatusCode(4400)", "<the end>"
	for name, test := range map[string]struct {
		frames [][]byte
		says   string
	}{
		"as it is":                      {[][]byte{remove}, refused},
		"byte by byte":                  {bytewise(remove), refused},
		"behind a search":               {[][]byte{append(bytes.Clone(search), remove...)}, refused},
		"begun with a search":           {[][]byte{append(bytes.Clone(search), remove[:9]...), remove[9:]}, refused},
		"with a longer length":          {[][]byte{long(remove[2:])}, refused},
		"longer, byte by byte":          {bytewise(long(remove[2:])), refused},
		"at the end of a search":        {[][]byte{long(search[2:], remove)}, malformed},
		"within a text of a search":     {[][]byte{long(search[2:], octets(remove))}, malformed},
		"within a control":              {[][]byte{long(search[2:], []byte{0xa0, byte(len(remove))}, remove)}, malformed},
		"of no definite length":         {[][]byte{append(append([]byte{0x30, 0x80}, remove[2:]...), 0, 0)}, protocol},
		"in a set":                      {[][]byte{append([]byte{0x31}, remove[1:]...)}, protocol},
		"behind what is no LDAP":        {[][]byte{append([]byte("GET / HTTP/1.1\r\n\r\n"), remove...)}, protocol},
		"behind what is too long":       {[][]byte{append([]byte{0x30, 0x84, 0x7f, 0xff, 0xff, 0xff}, remove...)}, protocol},
		"after an unbind":               {[][]byte{append(bytes.Clone(unbind), remove...)}, ended},
		"at the end of too large a one": {[][]byte{append(bytes.Clone(padding), remove...)}, over},
		"after too large a one":         {[][]byte{make([]byte, 1<<20+1), remove}, over},
		"after the end":                 {[][]byte{{}, remove}, "received close frame"}, // the server may end first
	} {
		t.Run(name, func(t *testing.T) {
			ws, facts := c.facts(t, "dc1")
			if facts[0] != '{' {
				t.Fatal(facts)
			}
			ws.SetReadLimit(-1)
			if err := ws.Write(t.Context(), websocket.MessageBinary, bind); err != nil {
				t.Fatal(err)
			}
			if _, b, err := ws.Read(t.Context()); err != nil || !bytes.Contains(b, []byte{0x61, 7, 0x0a, 1, 0}) {
				t.Fatalf("% x, %v", b, err)
			}
			for _, frame := range test.frames {
				if err := ws.Write(t.Context(), websocket.MessageBinary, frame); err != nil {
					break // it has been closed
				}
			}
			if got := answers(t, ws, test.says); !strings.Contains(got, test.says) {
				t.Errorf("answered %q", got)
			}
			if after := contents(t, slapd); after != before {
				t.Errorf("there is now %s", after)
			}
		})
	}
	// The same bytes do delete where nobody looks.
	direct, err := net.Dial("tcp", slapd.Address)
	if err != nil {
		t.Fatal(err)
	}
	defer direct.Close()
	direct.Write(append(append(bytes.Clone(bind), search...), long(remove[2:])...))
	eventually(t, "the write itself is one", func() bool { return !strings.Contains(contents(t, slapd), "uid=u0") })
}

// answers reads until a text has come, or the end, which is told like what came.
func answers(t *testing.T, ws *websocket.Conn, until string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	var all strings.Builder
	for !strings.Contains(all.String(), until) {
		_, b, err := ws.Read(ctx)
		if err != nil {
			return all.String() + err.Error()
		}
		if all.Write(b); len(b) == 0 {
			all.WriteString("<the end>")
		}
	}
	return all.String()
}

// Clients that send byte after byte, of a TLS handshake, a header or a frame, are
// cut off after their time, and however many they are others are served.
func TestSlowLoris(t *testing.T) {
	slapd := startPeople(t, testserver.SlapdConfig{TLS: true}, 0)
	const limits = "limits: {header: 1s, idle: 2s, sessions: 300}\n"
	servers := "auth: none\nservers: [{name: dc1, url: '" + slapd.URL() + "'}]\n"
	c := startConnector(t, "listen: 127.0.0.1:0\n"+limits+servers)
	overTLS := startConnector(t, "listen: 127.0.0.1:0\ntls: {cert_file: '"+slapd.CAFile+"', key_file: '"+filepath.Join(filepath.Dir(slapd.CAFile), "key.pem")+"'}\n"+limits+servers)
	dial := func(c *connector) net.Conn {
		n, err := net.Dial("tcp", c.addr)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	const each = 60
	endless := strings.Repeat("x", 1<<12)
	hello := "\x16\x03\x01\x10\x00\x01\x00\x0f\xfc\x03\x03" // of a ClientHello that is long
	var slow sync.WaitGroup
	for range each {
		header, handshake := dial(c), dial(overTLS)
		inFrame, _ := c.raw(t, "dc1")
		inMessage, _ := c.raw(t, "dc1")
		for n, text := range map[net.Conn]string{
			header:    "GET /v1/servers HTTP/1.1\r\nHost: " + c.addr + "\r\nX-Slow: " + endless,
			handshake: hello + endless,
			inFrame:   string([]byte{final | opBinary, 0x80 | 126, 0x10, 0, 0, 0, 0, 0}) + endless,
			inMessage: frame(opBinary, "0") + strings.Repeat(frame(opContinuation, ""), 1<<10),
		} {
			slow.Go(func() { slowly(t, n, text) })
		}
	}
	for range 20 {
		ws, facts := c.facts(t, "dc1")
		if facts[0] != '{' {
			t.Fatalf("meanwhile: %s", facts)
		}
		if err := rootDSE(t.Context(), ws); err != nil {
			t.Errorf("meanwhile: %v", err)
		}
		ws.CloseNow()
	}
	slow.Wait()
	if _, facts := c.facts(t, "dc1"); facts[0] != '{' {
		t.Errorf("afterwards: %s", facts)
	}
}

// slowly sends byte after byte until it is cut off.
func slowly(t *testing.T, n net.Conn, text string) {
	defer n.Close()
	cut := make(chan error, 1)
	n.SetDeadline(time.Now().Add(40 * time.Second))
	go func() {
		_, err := io.Copy(io.Discard, n)
		cut <- err
	}()
	for i := range len(text) {
		n.Write([]byte{text[i]}) // if it fails, reading tells
		select {
		case err := <-cut:
			if errors.Is(err, context.DeadlineExceeded) || err != nil && strings.Contains(err.Error(), "timeout") {
				t.Errorf("%.20q…: it is not cut off", text)
			}
			return
		case <-time.After(20 * time.Millisecond):
		}
	}
	t.Errorf("%.20q…: all of it was taken", text)
}

// Clients that send as many frames as they can take no more memory than others, and
// others are served.
func TestFrameFlood(t *testing.T) {
	slapd := startPeople(t, testserver.SlapdConfig{}, 0)
	c := startConnector(t, "listen: 127.0.0.1:0\nauth: none\nlog: {level: debug}\nlimits: {idle: 2s}\nservers: [{name: dc1, url: '"+slapd.URL()+"'}]\n")
	abandon := string([]byte{0x30, 6, 2, 1, 7, 0x50, 1, 9}) // of an operation that there is not
	var abandons string
	for i := range len(abandon) {
		abandons += frame(final|opBinary, abandon[i:i+1])
	}
	floods := map[string]string{
		"tiny frames":        abandons,
		"pings":              strings.Repeat(frame(final|opPing, strings.Repeat("p", 125)), 8),
		"credit":             strings.Repeat(frame(final|opText, `{"credit":1073741824}`), 8),
		"fragments":          strings.Repeat(frame(opContinuation, ""), 8),
		"fragments of bytes": strings.Repeat(frame(opContinuation, "x"), 8),
	}
	if ws, _ := c.facts(t, "dc1"); rootDSE(t.Context(), ws) != nil {
		t.Fatal("it does not answer")
	}
	before := memory(t, c.cmd)
	const blocks = 500 // of 1024 times 8 frames: four million each, or as many as there is time for
	var flooding sync.WaitGroup
	for name, frames := range floods {
		for _, reads := range []bool{true, false} {
			n, r := c.raw(t, "dc1")
			if reads {
				go io.Copy(io.Discard, r)
			}
			flooding.Go(func() {
				if strings.HasPrefix(name, "fragments") {
					io.WriteString(n, frame(opBinary, abandon[:1]))
				}
				block := []byte(strings.Repeat(frames, 1024))
				n.SetWriteDeadline(time.Now().Add(8 * time.Second)) // who does not read is held back
				sent := 0
				for range blocks {
					if _, err := n.Write(block); err != nil {
						break
					}
					sent += 8 * 1024
				}
				t.Logf("%s: %d frames", name, sent)
			})
		}
	}
	flooded := make(chan struct{})
	go func() { flooding.Wait(); close(flooded) }()
	served := 0
	for over := false; !over; served++ {
		select {
		case <-flooded:
			over = true
		default:
		}
		ws, facts := c.facts(t, "dc1")
		if facts[0] != '{' {
			t.Fatalf("meanwhile: %s", facts)
		}
		if err := rootDSE(t.Context(), ws); err != nil {
			t.Fatalf("meanwhile: %v", err)
		}
		ws.CloseNow()
	}
	const most = 64 << 20
	after := memory(t, c.cmd)
	t.Logf("%d sessions meanwhile; memory from %d to %d MB", served, before>>20, after>>20)
	if after > before+most {
		t.Errorf("memory grows from %d to %d MB", before>>20, after>>20)
	}
}
