package dial

import (
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ldapedge/ldapedge/server"
)

func TestPlain(t *testing.T) {
	l := listen(t)
	echo(t, l)
	c, err := new(Dialer).Conn(t.Context(), mustServer(t, "ldap://"+l.Addr().String(), nil))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if c.Facts != nil {
		t.Errorf("facts %+v", c.Facts)
	}
	roundTrip(t, c)
}

func TestRefusedAndTimedOut(t *testing.T) {
	l := listen(t)
	l.Close()
	_, err := new(Dialer).Dial(t.Context(), mustServer(t, "ldap://"+l.Addr().String(), nil))
	var e *Error
	if !errors.As(err, &e) || e.Stage != StageConnect || e.Timeout() || !strings.Contains(err.Error(), "connection refused") {
		t.Errorf("refused: %v", err)
	}

	silent := listen(t) // accepts, and never says a word of TLS
	t.Cleanup(func() { silent.Close() })
	_, err = new(Dialer).Dial(t.Context(), mustServer(t, "ldaps://"+silent.Addr().String(), &server.Options{ConnectTimeout: 50 * time.Millisecond}))
	if !errors.As(err, &e) || e.Stage != StageTLS || !e.Timeout() || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("timed out: %v", err)
	}
}

func TestErrorText(t *testing.T) {
	refused := &net.OpError{Op: "dial", Net: "tcp", Err: errRefused}
	tests := []struct {
		err  *Error
		want string
	}{
		{&Error{URL: "ldap://dc1:389", Stage: StageConnect, Attempts: []Attempt{{Address: "[::1]:389", Stage: StageConnect, Err: refused}, {Address: "127.0.0.1:389", Stage: StageConnect, Err: refused}}},
			"ldap://dc1:389: connect: [::1]:389: connection refused; 127.0.0.1:389: connection refused"},
		{&Error{URL: "ldaps://dc1:636", Stage: StageTLS, Attempts: []Attempt{{Address: "[::1]:636", Stage: StageConnect, Err: refused}, {Address: "127.0.0.1:636", Stage: StageTLS, Err: io.EOF}}},
			"ldaps://dc1:636: tls: [::1]:636: connect: connection refused; 127.0.0.1:636: the server closed the connection"},
		{&Error{URL: "ldap://dc1:389", Stage: StageConnect, Attempts: []Attempt{{Address: "[::1]:389", Stage: StageConnect, Err: refused}}, Err: context.Canceled},
			"ldap://dc1:389: connect: [::1]:389: connection refused; context canceled"},
		{&Error{URL: "ldap://dc1:389", Stage: StageResolve, Err: &LookupError{Name: "dc1", Network: "ip", Err: &net.DNSError{Err: "no such host", Name: "dc1", Server: "10.0.0.53:53"}}},
			"ldap://dc1:389: resolve: looking up host dc1: no such host (the DNS server asked is 10.0.0.53:53)"},
	}
	for _, test := range tests {
		if got := test.err.Error(); got != test.want {
			t.Errorf("got  %s\nwant %s", got, test.want)
		}
	}
}

// Each cause is reachable, and so is what each address did.
func TestErrorCauses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		second := errors.New("no route")
		n := newNetwork(map[string]host{"[2001:db8::1]:389": {err: errRefused}, "192.0.2.1:389": {after: time.Second, err: second}})
		d := &Dialer{DialContext: n.dial, Resolver: &dns{hosts: map[string][]netip.Addr{"dc1": addresses("2001:db8::1", "192.0.2.1")}}}
		_, err := d.Conn(t.Context(), mustServer(t, "dc1", nil))
		var e *Error
		if !errors.As(err, &e) || !errors.Is(err, errRefused) || !errors.Is(err, second) || e.Timeout() {
			t.Fatalf("error %v", err)
		}
		if len(e.Attempts) != 2 || e.Attempts[1].Duration != time.Second || e.Attempts[1].Address != "192.0.2.1:389" {
			t.Errorf("attempts %+v", e.Attempts)
		}
	})
}

func TestCallerGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork(nil)
		d := &Dialer{DialContext: n.dial}
		s := mustServer(t, "192.0.2.1", nil)
		because := errors.New("the user has left")
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Second, func() { cancel(because) })
		_, err := d.Conn(ctx, s)
		if !errors.Is(err, because) || err.Error() != "ldap://192.0.2.1:389: connect: the user has left" || time.Since(n.begin) != time.Second {
			t.Errorf("after %v: %v", time.Since(n.begin), err)
		}
		// That says nothing of the address.
		if all, err := d.Candidates(t.Context(), s); err != nil || all[0].Availability != Unknown {
			t.Errorf("%+v, %v", all, err)
		}
	})
}

// An address has its share of the time, or what the server's definition says.
func TestAddressTimeout(t *testing.T) {
	for _, test := range []struct {
		name         string
		options      server.Options
		first, total time.Duration
	}{
		{"a share each", server.Options{}, 5 * time.Second, 10 * time.Second},
		{"at least 2 seconds", server.Options{ConnectTimeout: 3 * time.Second}, 2 * time.Second, 3 * time.Second},
		{"as it is said", server.Options{AddressTimeout: time.Second}, time.Second, 1250 * time.Millisecond},
		{"never longer than all", server.Options{ConnectTimeout: time.Second, AddressTimeout: time.Minute}, time.Second, time.Second},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := newNetwork(nil)
				d := &Dialer{DialContext: n.dial, Resolver: &dns{hosts: map[string][]netip.Addr{"dc1": addresses("192.0.2.1", "192.0.2.2")}}}
				_, err := d.Conn(t.Context(), mustServer(t, "dc1", &test.options))
				var e *Error
				if !errors.As(err, &e) || !e.Timeout() || !errors.Is(err, context.DeadlineExceeded) {
					t.Fatalf("error %v", err)
				}
				if e.Attempts[0].Duration != test.first || time.Since(n.begin) != test.total {
					t.Errorf("the first takes %v, all %v: %v", e.Attempts[0].Duration, time.Since(n.begin), err)
				}
				if !strings.Contains(err.Error(), "192.0.2.1:389: no answer in "+test.first.String()) {
					t.Errorf("error %v", err)
				}
			})
		})
	}
}

func TestResolvingTimesOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &Dialer{Resolver: &dns{delay: time.Hour}}
		_, err := d.Conn(t.Context(), mustServer(t, "dc1", nil))
		var e *Error
		if !errors.As(err, &e) || e.Stage != StageResolve || !e.Timeout() || err.Error() != "ldap://dc1:389: resolve: looking up host dc1: no answer in 10s" {
			t.Errorf("error %v", err)
		}
	})
}
