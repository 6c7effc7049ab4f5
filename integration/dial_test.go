package integration

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"net"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ldapedge/ldapedge/integration/testserver"
	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/native/dial"
	"github.com/ldapedge/ldapedge/server"
)

func newServer(t *testing.T, url string, o *server.Options) *server.Server {
	t.Helper()
	s, err := server.New(url, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// candidates returns the addresses of a URL in one line, or the error.
func candidates(t *testing.T, d *dial.Dialer, url string, o *server.Options) string {
	t.Helper()
	all, err := d.Candidates(t.Context(), newServer(t, url, o))
	if err != nil {
		return err.Error()
	}
	var texts []string
	for _, c := range all {
		texts = append(texts, c.Address+" "+string(c.Source))
	}
	return strings.Join(texts, ", ")
}

// Hosts of one family and of both, asked of a DNS server in all modes.
func TestDialFamilies(t *testing.T) {
	d := &dial.Dialer{Resolver: startDNS(t,
		"v4.example.test. A 192.0.2.1", "v6.example.test. AAAA 2001:db8::1",
		"both.example.test. A 192.0.2.2", "both.example.test. AAAA 2001:db8::2",
	).resolver()}
	const v4, v6 = "192.0.2.2:389 A", "[2001:db8::2]:389 AAAA"
	tests := []struct {
		mode         server.Mode
		v4, v6, both string
	}{
		{server.IPv4Only, "192.0.2.1:389 A", "looking up the IPv4 addresses of host v6.example.test: no such host", v4},
		{server.IPv6Only, "looking up the IPv6 addresses of host v4.example.test: no such host", "[2001:db8::1]:389 AAAA", v6},
		{server.IPv4Preferred, "192.0.2.1:389 A", "[2001:db8::1]:389 AAAA", v4 + ", " + v6},
		{server.IPv6Preferred, "192.0.2.1:389 A", "[2001:db8::1]:389 AAAA", v6 + ", " + v4},
	}
	for _, test := range tests {
		o := &server.Options{Mode: test.mode}
		for host, want := range map[string]string{"v4": test.v4, "v6": test.v6, "both": test.both} {
			if got := candidates(t, d, host+".example.test", o); !strings.Contains(got, want) {
				t.Errorf("%s, %s: %s", test.mode, host, got)
			}
		}
	}
	o := &server.Options{Mode: server.IPSystemDefault}
	if got := candidates(t, d, "v4.example.test", o) + ", " + candidates(t, d, "v6.example.test", o); got != "192.0.2.1:389 A, [2001:db8::1]:389 AAAA" {
		t.Errorf("system default: %s", got)
	}
	if got := candidates(t, d, "both.example.test", o); got != v4 && got != v6 {
		t.Errorf("system default: %s", got)
	}
}

// The DNS server is asked once in 300 seconds for what there is, and each time
// for what there is not.
func TestDialAsksTheDNSOnce(t *testing.T) {
	names := startDNS(t, "dc1.example.test. A 192.0.2.1", "_ldap._tcp.example.test. SRV 0 0 389 dc1.example.test.")
	synctest.Test(t, func(t *testing.T) {
		d := &dial.Dialer{Resolver: names.resolver()}
		expect := func(url string, want ...string) {
			t.Helper()
			d.Candidates(t.Context(), newServer(t, url, nil))
			if got := names.questions(); !slices.Equal(got, want) {
				t.Errorf("%s: asked %q, want %q", url, got, want)
			}
		}
		address := []string{"dc1.example.test. A", "dc1.example.test. AAAA"}
		service := []string{"_ldap._tcp.example.test. SRV", "dc1.example.test. A", "dc1.example.test. AAAA"}
		expect("ldap+srv://example.test", service...)
		expect("dc1.example.test", address...)
		for range 299 {
			expect("ldap+srv://example.test")
			expect("dc1.example.test")
			time.Sleep(time.Second)
		}
		time.Sleep(time.Second)
		expect("ldap+srv://example.test", service...)
		expect("dc1.example.test", address...)
		for range 2 {
			expect("gone.example.test.", "gone.example.test. A", "gone.example.test. AAAA")
		}
	})
}

// What the DNS fails to say is said with the name.
func TestDialDNSFailures(t *testing.T) {
	names := &dnsServer{
		misbehaves: []string{"bad.example.test.", "_ldap._tcp.bad.test."},
		silent:     []string{"silent.example.test.", "_ldap._tcp.silent.test."},
	}
	names.start(t, "dc1.example.test. A 192.0.2.1")
	d := &dial.Dialer{Resolver: names.resolver()}
	for url, want := range map[string]string{
		"gone.example.test.":     "ldap://gone.example.test.:389: resolve: looking up host gone.example.test: no such host",
		"bad.example.test.":      "ldap://bad.example.test.:389: resolve: looking up host bad.example.test: server misbehaving",
		"silent.example.test.":   "ldap://silent.example.test.:389: resolve: looking up host silent.example.test: no answer in ",
		"ldap+srv://gone.test":   "ldap+srv://gone.test: resolve: looking up SRV records _ldap._tcp.gone.test: no such host",
		"ldap+srv://bad.test":    "ldap+srv://bad.test: resolve: looking up SRV records _ldap._tcp.bad.test: server misbehaving",
		"ldap+srv://silent.test": "ldap+srv://silent.test: resolve: looking up SRV records _ldap._tcp.silent.test: no answer in ",
	} {
		begin := time.Now()
		_, err := d.Conn(t.Context(), newServer(t, url, &server.Options{ConnectTimeout: 300 * time.Millisecond}))
		var e *dial.Error
		if !errors.As(err, &e) || e.Stage != dial.StageResolve || !strings.HasPrefix(err.Error(), want) || e.Timeout() != strings.Contains(url, "silent") {
			t.Errorf("%s: %v", url, err)
		}
		if took := time.Since(begin); took > time.Second {
			t.Errorf("%s takes %v", url, took)
		}
	}
}

// Which hosts SRV records lead to, by priority, site and service.
func TestDialServices(t *testing.T) {
	d := &dial.Dialer{Resolver: startDNS(t,
		"a.example.test. A 192.0.2.1", "b.example.test. A 192.0.2.2", "c.example.test. A 192.0.2.3",
		"_ldap._tcp.example.test. SRV 10 5 389 b.example.test.", "_ldap._tcp.example.test. SRV 0 100 389 a.example.test.",
		"_ldap._tcp.Berlin._sites.example.test. SRV 0 100 389 c.example.test.",
		"_ldaps._tcp.secure.test. SRV 0 0 6360 a.example.test.", "_ldap._tcp.secure.test. SRV 0 0 389 b.example.test.",
		"_ldap._tcp.none.test. SRV 0 0 0 .",
	).resolver()}
	for _, test := range []struct{ url, site, want string }{
		{"ldap+srv://example.test", "", "192.0.2.1:389 SRV, 192.0.2.2:389 SRV"},
		{"ldap+srv://example.test", "Berlin", "192.0.2.3:389 SRV, 192.0.2.1:389 SRV, 192.0.2.2:389 SRV"},
		{"ldap+srv://example.test", "Paris", "192.0.2.1:389 SRV, 192.0.2.2:389 SRV"},
		{"ldaps+srv://example.test", "", "192.0.2.1:636 SRV, 192.0.2.2:636 SRV"},
		{"ldaps+srv://secure.test", "", "192.0.2.1:6360 SRV"},
		{"ldap+srv://none.test", "", "ldap+srv://none.test: resolve: looking up SRV records _ldap._tcp.none.test: the domain does not offer the service"},
	} {
		if got := candidates(t, d, test.url, &server.Options{Site: test.site}); got != test.want {
			t.Errorf("%s, site %q: %s", test.url, test.site, got)
		}
	}
}

// Hosts of one priority come first as often as they weigh.
func TestDialWeights(t *testing.T) {
	names := startDNS(t,
		"a.example.test. A 192.0.2.1", "b.example.test. A 192.0.2.2", "c.example.test. A 192.0.2.3",
		"_ldap._tcp.example.test. SRV 0 600 389 a.example.test.", "_ldap._tcp.example.test. SRV 0 300 389 b.example.test.", "_ldap._tcp.example.test. SRV 0 100 389 c.example.test.")
	d := &dial.Dialer{Resolver: names.resolver(), Rand: rand.New(rand.NewPCG(3, 4)).IntN}
	s := newServer(t, "ldap+srv://example.test", nil)
	const draws = 5000
	counts := make(map[string]float64)
	for range draws {
		all, err := d.Candidates(t.Context(), s)
		if err != nil || len(all) != 3 {
			t.Fatal(all, err)
		}
		counts[all[0].Target]++
	}
	var chi2 float64
	for target, share := range map[string]float64{"a.example.test": .6, "b.example.test": .3, "c.example.test": .1} {
		chi2 += math.Pow(counts[target]-draws*share, 2) / (draws * share)
	}
	if chi2 > 13.8 { // 2 degrees of freedom, one in a thousand
		t.Errorf("chi-square %.1f of %v", chi2, counts)
	}
	if asked := names.questions(); len(asked) != 7 {
		t.Errorf("asked %q", asked)
	}
}

// All ways to a real server: plain, StartTLS, ldaps, its socket, and SRV
// records that lead there.
func TestDialSlapd(t *testing.T) {
	slapd, err := testserver.SlapdConfig{TLS: true}.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer slapd.Close()
	_, port, _ := net.SplitHostPort(slapd.Address)
	_, tlsPort, _ := net.SplitHostPort(slapd.TLSAddress)
	names := startDNS(t, "dc1.example.test. A 127.0.0.1",
		"_ldap._tcp.example.test. SRV 0 0 "+port+" dc1.example.test.", "_ldaps._tcp.example.test. SRV 0 0 "+tlsPort+" dc1.example.test.")
	trusted := &server.TLS{Validate: server.ValidateRequired, CACertsFile: slapd.CAFile}
	named := &server.TLS{Validate: server.ValidateRequired, CACertsFile: slapd.CAFile, ValidNames: []string{"localhost"}}
	tests := []struct {
		name, url string
		startTLS  bool
		tls       *server.TLS
		by        dial.Verification
		says      string
	}{
		{"plain", slapd.URL(), false, nil, "", ""},
		{"StartTLS", slapd.URL(), true, trusted, dial.VerifiedByChain, ""},
		{"StartTLS, another authority", slapd.URL(), true, &server.TLS{Validate: server.ValidateRequired}, "", "unknown authority"},
		{"ldaps", "ldaps://" + slapd.TLSAddress, false, trusted, dial.VerifiedByChain, ""},
		{"ldaps, never StartTLS", "ldaps://" + slapd.TLSAddress, true, trusted, dial.VerifiedByChain, ""},
		{"ldaps, from TLS 1.3 on", "ldaps://" + slapd.TLSAddress, false, &server.TLS{Validate: server.ValidateRequired, CACertsFile: slapd.CAFile, MinVersion: server.TLS13}, dial.VerifiedByChain, ""},
		{"ldaps, another name", "ldaps://dc1.example.test:" + tlsPort, false, trusted, "", "the certificate is for localhost, 127.0.0.1, not for dc1.example.test"},
		{"ldaps spoken to ldap", "ldaps://" + slapd.Address, false, trusted, "", "tls: "},
		{"ldapi", "ldapi://" + slapd.Socket, true, trusted, "", ""},
		{"ldap+srv", "ldap+srv://example.test", false, nil, "", ""},
		{"ldap+srv, StartTLS", "ldap+srv://example.test", true, named, dial.VerifiedByChain, ""},
		{"ldaps+srv", "ldaps+srv://example.test", false, named, dial.VerifiedByChain, ""},
		{"ldaps+srv, another name", "ldaps+srv://example.test", false, trusted, "", "not for example.test or dc1.example.test"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := &dial.Dialer{StartTLS: test.startTLS, Resolver: names.resolver()}
			s := newServer(t, test.url, &server.Options{TLS: test.tls})
			report := d.Check(t.Context(), s, dial.CheckLDAP)
			if report.Err != nil || len(report.Results) != 1 {
				t.Fatalf("report %+v", report)
			}
			r := report.Results[0]
			if test.says != "" {
				if r.Err == nil || !strings.Contains(string(r.Stage)+": "+r.Err.Error(), test.says) {
					t.Errorf("result %+v", r)
				}
				return
			}
			if r.Err != nil || r.Latency <= 0 || (r.Facts == nil) != (test.by == "") || r.Facts != nil && (r.Facts.VerifiedBy != test.by || r.Facts.StartTLS != (test.startTLS && !s.UseSSL())) {
				t.Errorf("result %+v, %+v", r, r.Facts)
			}
			if err := d.Probe(dial.CheckLDAP)(t.Context(), s); err != nil {
				t.Error(err)
			}
			bindAndRead(t, d, s, slapd.Credentials)
		})
	}
	t.Run("killed", func(t *testing.T) {
		slapd.Kill()
		err := new(dial.Dialer).Probe(dial.CheckLDAP)(context.Background(), newServer(t, slapd.URL(), nil))
		if err == nil || err.Error() != slapd.URL()+": connect: "+slapd.Address+": connection refused" {
			t.Errorf("error %v", err)
		}
	})
}

// bindAndRead uses what has been dialled.
func bindAndRead(t *testing.T, d *dial.Dialer, s *server.Server, as ldap.Credentials) {
	t.Helper()
	c := ldap.NewConnection(s, d, &ldap.Options{Credentials: as})
	if err := c.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Bind(t.Context()); err != nil {
		t.Fatal(err)
	}
	info, err := c.ReadDsaInfo(t.Context())
	if err != nil || len(info.NamingContexts) == 0 {
		t.Errorf("root DSE %+v, %v", info, err)
	}
}
