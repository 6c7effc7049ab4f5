package dial

import (
	"encoding/json"
	"net/netip"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ldapedge/ldapedge/server"
)

// candidatesVector is a row of candidates.json of package server.
type candidatesVector struct {
	Name    string
	Mode    server.Mode
	Answer  []string // of the resolver
	Failed  []string // what failed just before
	LDAP3   []string `json:"ldap3"` // what python ldap3 2.9.1 tries
	Ours    []string // what is tried here; absent: the same
	Because string   // why it is not the same
}

// The addresses that are tried, beside those that python ldap3 tries.
func TestCandidatesVectors(t *testing.T) {
	text, err := os.ReadFile("../../server/testdata/candidates.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors []candidatesVector
	if err := json.Unmarshal(text, &vectors); err != nil {
		t.Fatal(err)
	}
	if len(vectors) < 20 {
		t.Fatalf("only %d vectors", len(vectors))
	}
	for _, v := range vectors {
		t.Run(string(v.Mode)+" "+v.Name, func(t *testing.T) {
			d := &Dialer{Resolver: &dns{hosts: map[string][]netip.Addr{"dc1": addresses(v.Answer...)}}}
			s := mustServer(t, "dc1", &server.Options{Mode: v.Mode})
			d.Candidates(t.Context(), s) // a fresh answer would drop what is known
			for _, a := range v.Failed {
				d.marks.set(d.candidate(netip.MustParseAddr(a), target{host: "dc1", port: 389}), Failed)
			}
			want := v.Ours
			if (want == nil) != (v.Because == "") {
				t.Fatal("a difference and its reason go together")
			}
			if want == nil {
				want = v.LDAP3
			}
			var got []string
			all, err := d.Candidates(t.Context(), s)
			for _, c := range all {
				got = append(got, c.address.Addr().String())
			}
			if !slices.Equal(got, want) || (err == nil) != (len(want) > 0) {
				t.Errorf("got %q, %v, want %q", got, err, want)
			}
		})
	}
}

// Hosts of one family in all modes.
func TestOneFamily(t *testing.T) {
	hosts := map[string][]netip.Addr{"v4": addresses("192.0.2.1"), "v6": addresses("2001:db8::1"), "mapped": addresses("::ffff:192.0.2.1")}
	tests := []struct {
		host, mode string
		want       string // or the error
	}{
		{"v4", "IP_SYSTEM_DEFAULT", "192.0.2.1:389"}, {"v6", "IP_SYSTEM_DEFAULT", "[2001:db8::1]:389"},
		{"v4", "IP_V4_ONLY", "192.0.2.1:389"}, {"v6", "IP_V4_ONLY", "ldap://v6:389: resolve: looking up the IPv4 addresses of host v6: no such host"},
		{"v4", "IP_V6_ONLY", "ldap://v4:389: resolve: looking up the IPv6 addresses of host v4: no such host"}, {"v6", "IP_V6_ONLY", "[2001:db8::1]:389"},
		{"v4", "IP_V4_PREFERRED", "192.0.2.1:389"}, {"v6", "IP_V4_PREFERRED", "[2001:db8::1]:389"},
		{"v4", "IP_V6_PREFERRED", "192.0.2.1:389"}, {"v6", "IP_V6_PREFERRED", "[2001:db8::1]:389"},
		// A resolver may map IPv4 into IPv6; that is no IPv6.
		{"mapped", "IP_V6_ONLY", "ldap://mapped:389: resolve: looking up the IPv6 addresses of host mapped: no such host"}, {"mapped", "IP_V6_PREFERRED", "192.0.2.1:389"},
		{"192.0.2.1", "IP_V6_ONLY", "ldap://192.0.2.1:389: resolve: 192.0.2.1 is an IPv4 address, which mode IP_V6_ONLY leaves out"},
		{"2001:db8::1", "IP_V4_ONLY", "ldap://[2001:db8::1]:389: resolve: 2001:db8::1 is an IPv6 address, which mode IP_V4_ONLY leaves out"},
		{"::ffff:192.0.2.1", "IP_V6_ONLY", "ldap://[::ffff:192.0.2.1]:389: resolve: ::ffff:192.0.2.1 is an IPv4 address, which mode IP_V6_ONLY leaves out"},
		{"::ffff:192.0.2.1", "IP_V4_ONLY", "192.0.2.1:389"},
		{"192.0.2.1", "IP_V6_PREFERRED", "192.0.2.1:389"},
		{"fe80::1%eth0", "IP_V6_ONLY", "[fe80::1%eth0]:389"},
	}
	for _, test := range tests {
		n := newNetwork(map[string]host{"192.0.2.1:389": {}, "[2001:db8::1]:389": {}, "[fe80::1%eth0]:389": {}})
		d := &Dialer{Resolver: &dns{hosts: hosts}, DialContext: n.dial}
		c, err := d.Conn(t.Context(), mustServer(t, test.host, &server.Options{Mode: server.Mode(test.mode)}))
		switch {
		case err != nil && err.Error() != test.want:
			t.Errorf("%s, %s: %v", test.host, test.mode, err)
		case err == nil && c.Candidate.Address != test.want:
			t.Errorf("%s, %s: %s", test.host, test.mode, c.Candidate.Address)
		case err == nil:
			c.Close()
		}
	}
}

func TestCandidateSays(t *testing.T) {
	d := &Dialer{Resolver: &dns{
		hosts: map[string][]netip.Addr{"dc1": addresses("192.0.2.1", "2001:db8::1"), "dc2.example.com": addresses("192.0.2.2")},
		srv:   records("_ldap._tcp.example.com", "0 0 3890 dc2.example.com."),
	}}
	tests := []struct {
		url  string
		want []Candidate
	}{
		{"dc1", []Candidate{
			{Address: "[2001:db8::1]:389", Family: IPv6, Source: SourceAAAA, Target: "dc1", Availability: Unknown},
			{Address: "192.0.2.1:389", Family: IPv4, Source: SourceA, Target: "dc1", Availability: Unknown}}},
		{"ldaps://[2001:db8::2]", []Candidate{{Address: "[2001:db8::2]:636", Family: IPv6, Source: SourceLiteral, Target: "2001:db8::2", Availability: Unknown}}},
		{"ldap+srv://example.com", []Candidate{{Address: "192.0.2.2:3890", Family: IPv4, Source: SourceSRV, Target: "dc2.example.com", Availability: Unknown}}},
		{"ldapi:///run/x", []Candidate{{Address: "/run/x", Family: Unix, Source: SourceUnix, Availability: Unknown}}},
	}
	for _, test := range tests {
		all, err := d.Candidates(t.Context(), mustServer(t, test.url, nil))
		for i := range all {
			all[i].address = netip.AddrPort{}
		}
		if err != nil || !slices.Equal(all, test.want) {
			t.Errorf("%s: %+v, %v", test.url, all, err)
		}
	}
}

// What is known of an address lasts 5 seconds, or until it is otherwise.
func TestAvailability(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork(map[string]host{first: {err: errRefused}, second: {}})
		d := &Dialer{DialContext: n.dial, Resolver: three()}
		s := mustServer(t, "dc1", nil)
		known := func() string {
			all, err := d.Candidates(t.Context(), s)
			if err != nil {
				t.Fatal(err)
			}
			var texts []string
			for _, c := range all {
				texts = append(texts, c.Address+" "+string(c.Availability))
			}
			return strings.Join(texts, ", ")
		}
		open := func() {
			c, err := d.Conn(t.Context(), s)
			if err != nil {
				t.Fatal(err)
			}
			c.Close()
		}
		expect := func(want string) {
			t.Helper()
			if got := known(); got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		}
		open()
		const failedLast = second + " available, " + third + " unknown, " + first + " failed"
		expect(failedLast)
		time.Sleep(4999 * time.Millisecond)
		expect(failedLast)
		time.Sleep(time.Millisecond)
		expect(first + " unknown, " + second + " unknown, " + third + " unknown")

		open()
		n.hosts[first] = host{}
		n.hosts[second] = host{err: errRefused}
		open() // the second refuses, the third never answers, the first does
		expect(first + " available, " + third + " unknown, " + second + " failed")

		// A fresh answer of the DNS begins anew.
		time.Sleep(DefaultCacheTime - 7*time.Second)
		open()
		n.hosts[first] = host{err: errRefused}
		n.hosts[second] = host{}
		open()
		time.Sleep(2 * time.Second)
		expect(first + " unknown, " + second + " unknown, " + third + " unknown")
	})
}

// Addresses that all failed of late are tried all the same.
func TestAllFailedAreTried(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork(map[string]host{first: {err: errRefused}, second: {err: errRefused}, third: {err: errRefused}})
		d := &Dialer{DialContext: n.dial, Resolver: three()}
		s := mustServer(t, "dc1", nil)
		for range 2 {
			if _, err := d.Conn(t.Context(), s); err == nil || strings.Count(err.Error(), "connection refused") != 3 {
				t.Errorf("error %v", err)
			}
		}
		n.hosts[first] = host{}
		c, err := d.Conn(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		c.Close()
	})
}
