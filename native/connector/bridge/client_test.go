//go:build !js

package bridge

import (
	"net/http"
	"testing"

	"github.com/coder/websocket"

	"github.com/ldapedge/ldapedge/native/dial"
	"github.com/ldapedge/ldapedge/tunnel"
)

// A client is whom the trusted proxies say that it is, and no client can say it.
func TestClientBehindProxies(t *testing.T) {
	proxies, err := dial.ParseNetworks([]string{"10.0.0.0/8", "fd00::1"})
	if err != nil {
		t.Fatal(err)
	}
	o := &Options{TrustedProxies: proxies}
	for _, test := range []struct {
		remote    string
		forwarded []string
		want      string
	}{
		{"192.0.2.1:5000", nil, "192.0.2.1"},
		{"192.0.2.1:5000", []string{"198.51.100.1"}, "192.0.2.1"}, // no proxy of ours
		{"10.0.0.1:5000", nil, "10.0.0.1"},
		{"10.0.0.1:5000", []string{"198.51.100.1"}, "198.51.100.1"},
		{"[::ffff:10.0.0.1]:5000", []string{"198.51.100.1"}, "198.51.100.1"},
		{"10.0.0.1:5000", []string{"203.0.113.9, 198.51.100.1"}, "198.51.100.1"}, // the client's own word is the first
		{"10.0.0.1:5000", []string{"203.0.113.9", "198.51.100.1, 10.0.0.2"}, "198.51.100.1"},
		{"10.0.0.1:5000", []string{"203.0.113.9, 10.0.0.3,10.0.0.2"}, "203.0.113.9"},
		{"10.0.0.1:5000", []string{"10.0.0.3"}, "10.0.0.3"},
		{"[fd00::1]:5000", []string{"2001:db8::7"}, "2001:db8::7"},
		{"10.0.0.1:5000", []string{"[2001:db8::7]:4000"}, "2001:db8::7"},
		{"10.0.0.1:5000", []string{"198.51.100.1:4000"}, "198.51.100.1"},
		{"10.0.0.1:5000", []string{"203.0.113.9, unknown"}, "10.0.0.1"},
		{"10.0.0.1:5000", []string{"203.0.113.9, "}, "10.0.0.1"},
	} {
		r := &http.Request{RemoteAddr: test.remote, Header: http.Header{"X-Forwarded-For": test.forwarded}}
		if got := o.client(r).String(); got != test.want {
			t.Errorf("%+v: %s", test, got)
		}
	}
}

// One client's sessions leave room for others'.
func TestSessionsOfAClient(t *testing.T) {
	proxies, err := dial.ParseNetworks([]string{"127.0.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	_, addr := start(t, Options{Servers: []Target{{"echo", upstream(t, echo)}}, TrustedProxies: proxies, Limits: Limits{SessionsPerClient: 2}})
	from := func(client string) *websocket.Conn {
		t.Helper()
		ws, _, err := dialWS(t, addr, dialOptions{server: "echo", client: client})
		if err != nil {
			t.Fatal(err)
		}
		return ws
	}
	first := from("2001:db8::1")
	for _, client := range []string{"2001:db8::2", "2001:db8:0:1::1", "192.0.2.1", "192.0.2.1", "192.0.2.2"} {
		if _, _, err := from(client).Read(t.Context()); err != nil {
			t.Errorf("%s: %v", client, err)
		}
	}
	for _, client := range []string{"2001:db8::3", "192.0.2.1"} {
		if _, code, reason := closed(t, from(client)); code != tunnel.CloseTooMany || reason != "the client has as many sessions as it may have" {
			t.Errorf("%s: %d, %s", client, code, reason)
		}
	}
	send(t, first, websocket.MessageBinary, "")
	if _, code, _ := closed(t, first); code != tunnel.CloseNormal {
		t.Fatal(code)
	}
	for ended := false; !ended; { // which is a moment after the close
		_, _, err := from("2001:db8::3").Read(t.Context())
		ended = err == nil
	}
}
