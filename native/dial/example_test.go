package dial_test

import (
	"context"
	"fmt"
	"net"
	"net/netip"

	"github.com/ldapedge/ldapedge/native/dial"
	"github.com/ldapedge/ldapedge/server"
)

func ExampleDialer_Conn() {
	l, _ := net.Listen("tcp", "127.0.0.1:0")
	defer l.Close()
	srv, err := server.New("ldap://"+l.Addr().String(), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	var d dial.Dialer
	c, err := d.Conn(context.Background(), srv)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()
	fmt.Println(c.Candidate.Family, c.Candidate.Source, c.Facts == nil)
	// Output: IPv4 literal true
}

// hosts is a resolver that knows a few hosts.
type hosts map[string][]netip.Addr

func (h hosts) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	return h[host], nil
}

func (h hosts) LookupSRV(context.Context, string, string, string) (string, []*net.SRV, error) {
	return "", nil, nil
}

func ExampleDialer_Candidates() {
	d := &dial.Dialer{Resolver: hosts{"dc1.example.com": {
		netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("2001:db8::1"), netip.MustParseAddr("192.0.2.2"),
	}}}
	srv, err := server.New("ldaps://dc1.example.com", &server.Options{Mode: server.IPv6Preferred})
	if err != nil {
		fmt.Println(err)
		return
	}
	all, err := d.Candidates(context.Background(), srv)
	for _, c := range all {
		fmt.Println(c.Address, c.Source, c.Availability)
	}
	fmt.Println(err)
	// Output:
	// [2001:db8::1]:636 AAAA unknown
	// 192.0.2.1:636 A unknown
	// 192.0.2.2:636 A unknown
	// <nil>
}

func ExampleDialer_Check() {
	l, _ := net.Listen("tcp", "127.0.0.1:0")
	defer l.Close()
	srv, err := server.New(l.Addr().String(), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	report := new(dial.Dialer).Check(context.Background(), srv, dial.CheckTCP)
	for _, r := range report.Results {
		fmt.Println(r.Family, r.Source, r.Err)
	}
	fmt.Println(report.Alive())
	// Output:
	// IPv4 literal <nil>
	// true
}
