package integration

import (
	"context"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/miekg/dns"
)

// dnsServer is a DNS server with the records that it is given, on loopback.
type dnsServer struct {
	records map[string][]dns.RR // by name and type: "dc1.example.test. A"
	// misbehaves are names that are answered SERVFAIL, silent those that are not
	// answered.
	misbehaves, silent []string

	address string
	mu      sync.Mutex
	asked   []string // names and types
}

// startDNS starts a server with records in the form of zone files.
func startDNS(t *testing.T, zone ...string) *dnsServer {
	t.Helper()
	s := new(dnsServer)
	s.start(t, zone...)
	return s
}

func (s *dnsServer) start(t *testing.T, zone ...string) {
	t.Helper()
	s.set(t, zone...)
	packets, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.address = packets.LocalAddr().String()
	started := make(chan struct{})
	server := &dns.Server{PacketConn: packets, Handler: s, NotifyStartedFunc: func() { close(started) }}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		server.ActivateAndServe()
	}()
	<-started
	t.Cleanup(func() {
		server.Shutdown()
		<-ended
	})
}

// set puts other records in the place of those that there are.
func (s *dnsServer) set(t *testing.T, zone ...string) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.records = make(map[string][]dns.RR)
	for _, line := range zone {
		r, err := dns.NewRR(line)
		if err != nil {
			t.Fatal(err)
		}
		key := strings.ToLower(r.Header().Name) + " " + dns.TypeToString[r.Header().Rrtype]
		s.records[key] = append(s.records[key], r)
	}
}

// resolver asks this server alone.
func (s *dnsServer) resolver() *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, s.address)
	}}
}

// ServeDNS answers a question.
func (s *dnsServer) ServeDNS(w dns.ResponseWriter, question *dns.Msg) {
	name, kind := strings.ToLower(question.Question[0].Name), dns.TypeToString[question.Question[0].Qtype]
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, name+" "+kind)
	answer := new(dns.Msg).SetReply(question)
	answer.Authoritative = true
	answer.Answer = s.records[name+" "+kind]
	switch {
	case slices.Contains(s.silent, name):
		return
	case slices.Contains(s.misbehaves, name):
		answer.Rcode = dns.RcodeServerFailure
	case !s.knows(name):
		answer.Rcode = dns.RcodeNameError
	}
	w.WriteMsg(answer)
}

func (s *dnsServer) knows(name string) bool {
	for key := range s.records {
		if strings.HasPrefix(key, name+" ") {
			return true
		}
	}
	return false
}

// questions returns what has been asked since it was last called, sorted.
func (s *dnsServer) questions() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	asked := s.asked
	s.asked = nil
	slices.Sort(asked)
	return asked
}
