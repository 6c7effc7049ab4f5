package dial

import (
	"errors"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/ldapedge/ldapedge/server"
)

func TestRefuseSpecial(t *testing.T) {
	tests := []struct{ address, kind string }{
		{"127.0.0.1", "loopback"}, {"127.255.0.1", "loopback"}, {"::1", "loopback"}, {"::ffff:127.0.0.1", "loopback"}, {"64:ff9b::7f00:1", "loopback"}, {"::7f00:1", "loopback"},
		{"169.254.169.254", "link-local"}, {"::ffff:169.254.169.254", "link-local"}, {"64:ff9b::a9fe:a9fe", "link-local"}, {"fe80::1", "link-local"}, {"fe80::1%eth0", "link-local"},
		{"0.0.0.0", "unspecified"}, {"0.1.2.3", "unspecified"}, {"::", "unspecified"}, {"::ffff:0.0.0.0", "unspecified"},
		{"224.0.0.1", "multicast"}, {"ff02::1", "multicast"}, {"255.255.255.255", "multicast"},
		{"fd00:ec2::254", "metadata"}, {"100.100.100.200", "metadata"}, {"192.0.0.192", "metadata"}, {"64:ff9b::c000:c0", "metadata"},
		{"fd00:ec2::23", "metadata"}, {"fd20:ce::254", "metadata"}, {"168.63.129.16", "metadata"},
		{"64:ff9b:1::7f00:1", "loopback"}, {"64:ff9b:1:2:3:4:a9fe:a9fe", "link-local"}, {"::ffff:0:7f00:1", "loopback"}, {"2002:7f00:1::1", "loopback"}, {"2002:a9fe:a9fe::", "link-local"},
		{"64:ff9b:1::a00:1", ""}, {"2002:c000:201::1", ""},
		{"192.0.2.1", ""}, {"10.0.0.1", ""}, {"192.168.1.1", ""}, {"fd00::1", ""}, {"2001:db8::1", ""}, {"64:ff9b::a00:1", ""},
	}
	for _, test := range tests {
		a := netip.MustParseAddr(test.address)
		err := RefuseSpecial(Candidate{Target: "dc1.example.com", Source: SourceA, address: netip.AddrPortFrom(a, 389)})
		var refused *RefusedError
		if errors.As(err, &refused) != (test.kind != "") || test.kind != "" && (refused.Kind != test.kind || refused.Address != a) {
			t.Errorf("%s: %v", test.address, err)
		}
		bySRV := Candidate{Target: "localhost", Source: SourceSRV, address: netip.AddrPortFrom(a, 389)}
		if err := RefuseSpecial(bySRV); (err != nil) != (test.kind != "") {
			t.Errorf("%s, of a localhost that an SRV record names: %v", test.address, err)
		}
		for _, c := range []Candidate{{Source: SourceLiteral}, {Source: SourceA, Target: "LocalHost"}, {Source: SourceUnix, Family: Unix}} {
			c.address = netip.AddrPortFrom(a, 389)
			if err := RefuseSpecial(c); err != nil {
				t.Errorf("%+v: %v", c, err)
			}
		}
	}
}

// A name that leads to this machine, at once or the second time it is asked for,
// is not connected to; what listens there sees nothing.
func TestNamesDoNotLeadToLoopback(t *testing.T) {
	l := listen(t)
	port := l.Addr().(*net.TCPAddr).AddrPort().Port()
	names := &dns{hosts: map[string][]netip.Addr{"dc1.example.com": {netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("::ffff:127.0.0.1")}},
		srv: map[string][]*net.SRV{"_ldap._tcp.example.com": {{Target: "dc1.example.com.", Port: port}}}}
	d := &Dialer{Resolver: names, Allow: RefuseSpecial}
	address := l.Addr().String()
	for _, url := range []string{"ldap://dc1.example.com:" + strings.TrimPrefix(address, "127.0.0.1:"), "ldap+srv://example.com"} {
		c, err := d.Conn(t.Context(), mustServer(t, url, &server.Options{ConnectTimeout: 5 * time.Second}))
		var refused *RefusedError
		if !errors.As(err, &refused) || !strings.Contains(err.Error(), "127.0.0.1 is a loopback address, and names may not lead to those") {
			t.Errorf("%s: %v, %v", url, c, err)
		}
		if r := d.Check(t.Context(), mustServer(t, url, nil), CheckTCP); r.Alive() {
			t.Errorf("%s: a check connects", url)
		}
	}
	l.(*net.TCPListener).SetDeadline(time.Now().Add(50 * time.Millisecond))
	if c, err := l.Accept(); err == nil {
		t.Errorf("%v was connected to", c.RemoteAddr())
	}
}

// What clients name may not be special even as a literal, and must be in the
// networks if there are any.
func TestRefuseAllBut(t *testing.T) {
	networks, err := ParseNetworks([]string{"10.0.0.0/8", "192.0.2.7", "2001:db8::/32", "127.0.0.0/8"})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		address, kind string
		networks      []netip.Prefix
	}{
		{"10.1.2.3", "", networks}, {"::ffff:10.1.2.3", "", networks}, {"192.0.2.7", "", networks}, {"2001:db8::1", "", networks},
		{"192.0.2.8", KindForeign, networks}, {"fd00::1", KindForeign, networks},
		{"127.0.0.1", "loopback", networks}, {"127.0.0.1", "loopback", nil}, {"169.254.169.254", "link-local", nil}, {"192.0.2.8", "", nil},
	} {
		for _, c := range []Candidate{{Source: SourceLiteral}, {Source: SourceA, Target: "localhost"}} {
			c.address = netip.AddrPortFrom(netip.MustParseAddr(test.address), 636)
			err := RefuseAllBut(test.networks)(c)
			var refused *RefusedError
			if errors.As(err, &refused) != (test.kind != "") || test.kind != "" && refused.Kind != test.kind {
				t.Errorf("%+v: %v", test, err)
			}
		}
	}
	if err := RefuseAllBut(nil)(Candidate{Family: Unix, Address: "/run/ldapi"}); err == nil {
		t.Error("a socket is allowed")
	}
	for _, bad := range []string{"10.0.0.0/33", "example.com", "", "::ffff:10.0.0.0/104", "10.0.0.1:389"} {
		if n, err := ParseNetworks([]string{"10.0.0.1", bad}); err == nil || !strings.HasPrefix(err.Error(), "[1]: ") {
			t.Errorf("%q: %v, %v", bad, n, err)
		}
	}
}

func TestLiteralsMayLeadToLoopback(t *testing.T) {
	l := listen(t)
	echo(t, l)
	c, err := (&Dialer{Allow: RefuseSpecial}).Conn(t.Context(), mustServer(t, "ldap://"+l.Addr().String(), nil))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	roundTrip(t, c)
}
