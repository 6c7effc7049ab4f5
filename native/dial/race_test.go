package dial

import (
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ldapedge/ldapedge/server"
)

// three is a host with three addresses, of which IPv6 is preferred.
func three() *dns {
	return &dns{hosts: map[string][]netip.Addr{"dc1": addresses("192.0.2.1", "2001:db8::1", "192.0.2.2")}}
}

const (
	first  = "[2001:db8::1]:389"
	second = "192.0.2.1:389"
	third  = "192.0.2.2:389"
)

func TestRace(t *testing.T) {
	const ms = time.Millisecond
	tests := []struct {
		name  string
		hosts map[string]host
		delay time.Duration
		won   string // or the error
		takes time.Duration
		tried []string
	}{
		{name: "the first answers", won: first, takes: 100 * ms, tried: []string{first + " 0s"},
			hosts: map[string]host{first: {after: 100 * ms}, second: {}, third: {}}},
		{name: "a black hole costs the delay", won: second, takes: 250 * ms, tried: []string{first + " 0s", second + " 250ms"},
			hosts: map[string]host{second: {}, third: {}}},
		{name: "two black holes cost two", won: third, takes: 500 * ms, tried: []string{first + " 0s", second + " 250ms", third + " 500ms"},
			hosts: map[string]host{third: {}}},
		{name: "a refusal costs nothing", won: second, takes: 0, tried: []string{first + " 0s", second + " 0s"},
			hosts: map[string]host{first: {err: errRefused}, second: {}}},
		{name: "after a refusal the delay begins anew", won: third, takes: 350 * ms, tried: []string{first + " 0s", second + " 100ms", third + " 350ms"},
			hosts: map[string]host{first: {after: 100 * ms, err: errRefused}, third: {}}},
		{name: "a slow first wins against a slower second", won: first, takes: 300 * ms, tried: []string{first + " 0s", second + " 250ms"},
			hosts: map[string]host{first: {after: 300 * ms}, second: {after: 100 * ms}}},
		{name: "a fast second wins", won: second, takes: 260 * ms, tried: []string{first + " 0s", second + " 250ms"},
			hosts: map[string]host{first: {after: 300 * ms}, second: {after: 10 * ms}}},
		{name: "a loser that connects all the same", won: second, takes: 250 * ms, tried: []string{first + " 0s", second + " 250ms"},
			hosts: map[string]host{first: {after: time.Second, stays: true}, second: {}}},
		{name: "another delay", delay: 40 * ms, won: second, takes: 40 * ms, tried: []string{first + " 0s", second + " 40ms"},
			hosts: map[string]host{second: {}}},
		{name: "all refuse", won: "ldap://dc1:389: connect: [2001:db8::1]:389: connection refused; 192.0.2.1:389: connection refused; 192.0.2.2:389: connection refused",
			tried: []string{first + " 0s", second + " 0s", third + " 0s"},
			hosts: map[string]host{first: {err: errRefused}, second: {err: errRefused}, third: {err: errRefused}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := newNetwork(test.hosts)
				d := &Dialer{DialContext: n.dial, Resolver: three(), RaceDelay: test.delay}
				c, err := d.Conn(t.Context(), mustServer(t, "dc1", nil))
				took := time.Since(n.begin)
				switch {
				case err != nil && err.Error() != test.won:
					t.Errorf("error %v", err)
				case err == nil && c.Candidate.Address != test.won:
					t.Errorf("%s has won", c.Candidate.Address)
				}
				if took != test.takes || !slices.Equal(n.tried, test.tried) {
					t.Errorf("takes %v: %q", took, n.tried)
				}
				time.Sleep(2 * time.Second)
				synctest.Wait()
				if c != nil {
					c.Close()
				}
				if n.left() != 0 {
					t.Errorf("%d connections are left open", n.left())
				}
			}) // and no goroutine is left, or this panics
		})
	}
}

// When TLS fails with the winner, the others are raced again: without those
// that have failed, and with those that lost.
func TestRaceGoesOnAfterTLS(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cert := newCertificate(t, certificateOf{names: []string{"dc1"}})
		works := func(c net.Conn) { tls.Server(c, &tls.Config{Certificates: []tls.Certificate{cert.pair}}).Handshake() }
		n := newNetwork(map[string]host{
			"[2001:db8::1]:636": {after: time.Minute},
			"192.0.2.1:636":     {serve: func(c net.Conn) { c.Read(make([]byte, 1)) }},
			"192.0.2.2:636":     {serve: works},
		})
		d := &Dialer{DialContext: n.dial, Resolver: three()}
		s := mustServer(t, "ldaps://dc1", &server.Options{TLS: &server.TLS{Validate: server.ValidateRequired, CACertsData: cert.ca}})
		c, err := d.Conn(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		want := []string{"[2001:db8::1]:636 0s", "192.0.2.1:636 250ms", "[2001:db8::1]:636 250ms", "192.0.2.2:636 500ms"}
		if c.Candidate.Address != "192.0.2.2:636" || !c.Facts.Verified || !slices.Equal(n.tried, want) {
			t.Errorf("%s has won: %q", c.Candidate.Address, n.tried)
		}
		c.Close()
		all, err := d.Candidates(t.Context(), s)
		if err != nil || all[2].Address != "192.0.2.1:636" || all[2].Availability != Failed || all[1].Availability != Available {
			t.Errorf("%+v, %v", all, err)
		}
		synctest.Wait()
		if n.left() != 0 {
			t.Errorf("%d connections are left open", n.left())
		}
	})
}

// A server that accepts and then says nothing takes its share of the time.
func TestSilentTLSTakesItsShare(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		silent := host{serve: func(c net.Conn) { io.Copy(io.Discard, c) }}
		n := newNetwork(map[string]host{"[2001:db8::1]:636": silent, "192.0.2.1:636": {err: errRefused}, "192.0.2.2:636": {err: errRefused}})
		d := &Dialer{DialContext: n.dial, Resolver: three(), Log: slog.New(slog.DiscardHandler)}
		_, err := d.Conn(t.Context(), mustServer(t, "ldaps://dc1", &server.Options{ConnectTimeout: 9 * time.Second}))
		var e *Error
		if !errors.As(err, &e) || e.Stage != StageTLS || time.Since(n.begin) != 3*time.Second {
			t.Fatalf("after %v: %v", time.Since(n.begin), err)
		}
		if want := ": tls: [2001:db8::1]:636: no answer in 3s; 192.0.2.1:636: connect: connection refused; 192"; !strings.Contains(err.Error(), want) {
			t.Errorf("error %v", err)
		}
	})
}
