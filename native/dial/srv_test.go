package dial

import (
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"math/rand/v2"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/ldapedge/ldapedge/server"
)

// records makes SRV records of their text: priority, weight, port and target.
func records(name string, texts ...string) map[string][]*net.SRV {
	var all []*net.SRV
	for _, text := range texts {
		var r net.SRV
		if _, err := fmt.Sscan(text, &r.Priority, &r.Weight, &r.Port, &r.Target); err != nil {
			panic(err)
		}
		all = append(all, &r)
	}
	return map[string][]*net.SRV{name: all}
}

func merge(all ...map[string][]*net.SRV) map[string][]*net.SRV {
	m := make(map[string][]*net.SRV)
	for _, one := range all {
		for k, v := range one {
			m[k] = v
		}
	}
	return m
}

// Which hosts a domain stands for.
func TestDiscover(t *testing.T) {
	const domain, site = "example.com", "Berlin"
	tests := []struct {
		name, scheme, site string
		srv                map[string][]*net.SRV
		want               string // addresses, or the error
	}{
		{"by priority", "ldap+srv", "", records("_ldap._tcp.example.com", "20 0 389 c.example.com.", "0 5 389 a.example.com.", "10 9 3890 b.example.com."),
			"192.0.2.1:389 192.0.2.2:3890 192.0.2.3:389"},
		{"the site's first", "ldap+srv", site, merge(
			records("_ldap._tcp.Berlin._sites.example.com", "0 0 389 c.example.com."),
			records("_ldap._tcp.example.com", "0 0 389 a.example.com.", "1 0 389 c.example.com.")),
			"192.0.2.3:389 192.0.2.1:389"},
		{"the site has none", "ldap+srv", site, records("_ldap._tcp.example.com", "0 0 389 a.example.com."), "192.0.2.1:389"},
		{"the site decidedly has none", "ldap+srv", site, merge(records("_ldap._tcp.Berlin._sites.example.com", "0 0 0 ."), records("_ldap._tcp.example.com", "0 0 389 a.example.com.")), "192.0.2.1:389"},
		{"ldaps has its own", "ldaps+srv", "", merge(records("_ldaps._tcp.example.com", "0 0 6360 a.example.com."), records("_ldap._tcp.example.com", "0 0 389 b.example.com.")), "192.0.2.1:6360"},
		{"ldaps where ldap is", "ldaps+srv", "", records("_ldap._tcp.example.com", "0 0 389 a.example.com.", "1 0 3269 b.example.com."), "192.0.2.1:636 192.0.2.2:3269"},
		{"ldaps decidedly not", "ldaps+srv", "", merge(records("_ldaps._tcp.example.com", "0 0 0 ."), records("_ldap._tcp.example.com", "0 0 389 a.example.com.")),
			"ldaps+srv://example.com: resolve: looking up SRV records _ldaps._tcp.example.com: the domain does not offer the service"},
		{"decidedly not", "ldap+srv", "", records("_ldap._tcp.example.com", "0 0 0 ."),
			"ldap+srv://example.com: resolve: looking up SRV records _ldap._tcp.example.com: the domain does not offer the service"},
		{"no records", "ldap+srv", "", nil, "ldap+srv://example.com: resolve: looking up SRV records _ldap._tcp.example.com: no such host"},
		{"no records of ldaps", "ldaps+srv", "", nil,
			"ldaps+srv://example.com: resolve: looking up SRV records _ldaps._tcp.example.com: no such host; looking up SRV records _ldap._tcp.example.com: no such host"},
		{"a host that is not there", "ldap+srv", "", records("_ldap._tcp.example.com", "0 0 389 x.example.com.", "1 0 389 b.example.com."), "192.0.2.2:389"},
		{"no host is there", "ldap+srv", "", records("_ldap._tcp.example.com", "0 0 389 x.example.com.", "1 0 389 y.example.com."),
			"ldap+srv://example.com: resolve: x.example.com:389: looking up host x.example.com: no such host; y.example.com:389: looking up host y.example.com: no such host"},
	}
	hosts := map[string][]netip.Addr{"a.example.com": addresses("192.0.2.1"), "b.example.com": addresses("192.0.2.2"), "c.example.com": addresses("192.0.2.3")}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := &Dialer{Resolver: &dns{hosts: hosts, srv: test.srv}}
			all, err := d.Candidates(t.Context(), mustServer(t, test.scheme+"://"+domain, &server.Options{Site: test.site}))
			var texts []string
			for _, c := range all {
				texts = append(texts, c.Address)
			}
			got := strings.Join(texts, " ")
			if err != nil {
				got = err.Error()
			}
			if got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
			if strings.Contains(test.name, "decidedly not") && !errors.Is(err, ErrNoService) {
				t.Errorf("%v is no ErrNoService", err)
			}
		})
	}
}

// Within a priority hosts come first as often as they weigh.
func TestWeights(t *testing.T) {
	seeded := rand.New(rand.NewPCG(1, 2))
	d := &Dialer{Rand: seeded.IntN}
	all := records("", "0 60 389 a", "0 30 389 b", "0 10 389 c", "1 0 389 d", "1 0 389 e", "2 0 389 f", "2 1000 389 g")[""]
	const draws = 20_000
	counts := make(map[string]float64)
	for range draws {
		drawn := d.draw(all)
		if p := drawn[2].Priority; p != 0 || drawn[4].Priority != 1 || len(drawn) != 7 {
			t.Fatal("the priorities are not in order")
		}
		counts[drawn[0].Target]++
		counts[drawn[3].Target]++
		counts[drawn[5].Target]++
	}
	// RFC 2782 draws from 0 to the sum, both included, against the running sum:
	// the first in the order, of the least weight, has one chance more.
	want := map[string]float64{"a": 60. / 101, "b": 30. / 101, "c": 11. / 101, "d": 1. / 2, "e": 1. / 2, "f": 1. / 1001, "g": 1000. / 1001}
	var chi2 float64
	for target, p := range want {
		chi2 += math.Pow(counts[target]-draws*p, 2) / (draws * p)
	}
	if chi2 > 18.47 { // 4 degrees of freedom, one in a thousand
		t.Errorf("chi-square %.1f of %v", chi2, counts)
	}
	seeded = rand.New(rand.NewPCG(1, 2))
	d.Rand = seeded.IntN
	one := d.draw(all)
	shuffled := slices.Clone(all)
	slices.Reverse(shuffled)
	seeded = rand.New(rand.NewPCG(1, 2))
	d.Rand = seeded.IntN
	if again := d.draw(shuffled); !slices.Equal(one, again) {
		t.Error("the resolver's order matters")
	}
}

// Hosts are tried one after the other; the addresses of one are raced.
func TestTargetsInTurn(t *testing.T) {
	d := &Dialer{Resolver: &dns{
		hosts: map[string][]netip.Addr{"a.example.com": addresses("192.0.2.1", "192.0.2.2"), "b.example.com": addresses("192.0.2.3")},
		srv:   records("_ldap._tcp.example.com", "0 0 389 a.example.com.", "1 0 389 gone.example.com.", "2 0 389 b.example.com."),
	}}
	n := newNetwork(map[string]host{"192.0.2.1:389": {err: errRefused}, "192.0.2.2:389": {err: errRefused}, "192.0.2.3:389": {}})
	d.DialContext = n.dial
	s := mustServer(t, "ldap+srv://example.com", nil)
	for range 2 {
		c, err := d.Conn(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		c.Close()
		if c.Candidate.Address != "192.0.2.3:389" || c.Candidate.Target != "b.example.com" || c.Candidate.Source != SourceSRV {
			t.Errorf("candidate %+v", c.Candidate)
		}
	}
	if len(n.tried) != 4 { // the second time the host that has failed waits
		t.Errorf("tried %q", n.tried)
	}
	n.hosts["192.0.2.3:389"] = host{err: errRefused}
	_, err := d.Conn(t.Context(), s)
	want := "ldap+srv://example.com: connect: gone.example.com:389: resolve: looking up host gone.example.com: no such host; 192.0.2.3:389: connection refused; 192.0.2.1:389: connection refused; 192.0.2.2:389: connection refused"
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

// Whoever forges the DNS may point anywhere, and may well have a certificate
// for his own host. It does not count.
func TestForgedRecords(t *testing.T) {
	evil := newCertificate(t, certificateOf{names: []string{"dc1.evil.test"}})
	near := newCertificate(t, certificateOf{names: []string{"dc1.notexample.com"}})
	ours := newCertificate(t, certificateOf{names: []string{"dc1.example.com"}})
	domains := newCertificate(t, certificateOf{names: []string{"example.com"}})
	const hole = "not for example.com"
	tests := []struct {
		name, target string
		cert         certificate
		valid        []string
		sni, says    string
	}{
		{"his host, his certificate", "dc1.evil.test.", evil, nil, "example.com", hole},
		{"a domain that ends alike", "dc1.notexample.com.", near, nil, "example.com", hole},
		{"his host, our certificate for a host", "dc1.evil.test.", ours, nil, "example.com", hole},
		{"his host, the domain's certificate", "dc1.evil.test.", domains, nil, "example.com", ""},
		{"his host is valid", "dc1.evil.test.", evil, []string{"dc1.evil.test"}, "example.com", ""},
		{"our host", "dc1.example.com.", ours, nil, "dc1.example.com", ""},
		{"our host in capitals", "DC1.EXAMPLE.COM.", ours, nil, "dc1.example.com", ""},
		{"our host, the domain's certificate", "dc1.example.com.", domains, nil, "dc1.example.com", ""},
		{"our host, his certificate", "dc1.example.com.", evil, nil, "dc1.example.com", hole},
		{"the domain itself", "example.com.", domains, nil, "example.com", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			sni := make(chan string, 1)
			port := tlsServer(t, &tls.Config{GetCertificate: func(h *tls.ClientHelloInfo) (*tls.Certificate, error) {
				sni <- h.ServerName
				return &test.cert.pair, nil
			}})
			d := &Dialer{Resolver: &dns{
				hosts: map[string][]netip.Addr{strings.TrimSuffix(test.target, "."): addresses("127.0.0.1")},
				srv:   records("_ldaps._tcp.Example.com", "0 0 "+port+" "+test.target),
			}, Log: slog.New(slog.DiscardHandler)}
			c, err := d.Conn(t.Context(), mustServer(t, "ldaps+srv://Example.com", &server.Options{
				TLS: &server.TLS{Validate: server.ValidateRequired, CACertsData: test.cert.ca, ValidNames: test.valid},
			}))
			if got := <-sni; got != test.sni {
				t.Errorf("asked for %q", got)
			}
			if test.says == "" && err != nil || test.says != "" && (err == nil || !strings.Contains(err.Error(), test.says)) {
				t.Errorf("error %v", err)
			}
			if c != nil {
				c.Close()
			}
		})
	}
}
