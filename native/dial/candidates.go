package dial

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ldapedge/ldapedge/server"
)

// Family is the kind of an address.
type Family string

// The families.
const (
	IPv4 Family = "IPv4"
	IPv6 Family = "IPv6"
	Unix Family = "unix"
)

// Source is where an address is from.
type Source string

// The sources.
const (
	// SourceLiteral: the server's host is the address.
	SourceLiteral Source = "literal"
	// SourceA and SourceAAAA: the server's host has it.
	SourceA    Source = "A"
	SourceAAAA Source = "AAAA"
	// SourceSRV: a host has it that SRV records of the server's domain name.
	SourceSRV Source = "SRV"
	// SourceUnix: the path of a socket.
	SourceUnix Source = "unix"
)

// Candidate is an address of a server.
type Candidate struct {
	// Address is address and port, IPv6 in brackets, or the path of a socket.
	Address string
	Family  Family
	Source  Source
	// Target is the host that has the address: for ldap+srv and ldaps+srv one
	// that the DNS names, without the dot at its end; empty for ldapi.
	Target string
	// Availability is what is known of it from the last 5 seconds.
	Availability Availability

	address netip.AddrPort
}

// Network returns "tcp" or "unix", as [net.Dial] has them.
func (c Candidate) Network() string {
	if c.Family == Unix {
		return "unix"
	}
	return "tcp"
}

// Candidates returns the server's addresses in the order in which they are
// tried, at least one. A host named by SRV records that does not resolve is left
// out, unless none does. The error is an [*Error].
func (d *Dialer) Candidates(ctx context.Context, s *server.Server) ([]Candidate, error) {
	ctx, cancel := context.WithTimeout(ctx, s.ConnectTimeout())
	defer cancel()
	all, _, err := d.candidates(ctx, s)
	return all, err
}

// candidates returns the candidates of all targets, and the targets that do not
// resolve. The error tells why there is no candidate.
func (d *Dialer) candidates(ctx context.Context, s *server.Server) (all []Candidate, missing []Attempt, err error) {
	o := &opening{d: d, server: s, caller: ctx, begin: time.Now(), stage: StageResolve}
	targets, err := d.targets(ctx, s)
	if err != nil {
		return nil, nil, &Error{URL: s.URL(), Stage: StageResolve, Err: err}
	}
	var last []Candidate
	for _, t := range targets {
		begin := time.Now()
		candidates, err := d.expand(ctx, s, t)
		switch {
		case err != nil:
			o.note(Attempt{Address: t.address(), Stage: StageResolve, Err: err, Duration: time.Since(begin)})
		case allFailed(candidates):
			last = append(last, candidates...)
		default:
			all = append(all, candidates...)
		}
	}
	if all = append(all, last...); len(all) == 0 {
		return nil, nil, o.error(ctx)
	}
	return all, o.attempts, nil
}

// target is a host and port to try, or ldapi's socket.
type target struct {
	host string
	port int
	srv  bool
}

func (t target) address() string { return net.JoinHostPort(t.name(), strconv.Itoa(t.port)) }

// name is the host without the dot at its end.
func (t target) name() string { return strings.TrimSuffix(t.host, ".") }

// targets returns what the server's URL stands for, in order, at least one.
func (d *Dialer) targets(ctx context.Context, s *server.Server) ([]target, error) {
	if s.Scheme().SRV() {
		return d.discover(ctx, s)
	}
	return []target{{host: s.Host(), port: s.Port()}}, nil
}

// expand returns the addresses of a target, in order, at least one.
func (d *Dialer) expand(ctx context.Context, s *server.Server, t target) ([]Candidate, error) {
	if s.Scheme() == server.LDAPI {
		return d.sockets(s)
	}
	literal, err := netip.ParseAddr(t.host)
	if err == nil {
		return d.literal(s, t, literal.Unmap())
	}
	addresses, err := d.lookupAddresses(ctx, s.Mode(), t.host)
	if err != nil {
		return nil, err
	}
	var all []Candidate
	failed := func(a netip.Addr) bool { return d.candidate(a, t).Availability == Failed }
	for _, a := range s.Mode().Candidates(addresses, failed) {
		c := d.candidate(a, t)
		c.Source = SourceAAAA
		if t.srv {
			c.Source = SourceSRV
		} else if a.Is4() {
			c.Source = SourceA
		}
		all = append(all, c)
	}
	return all, nil
}

// literal is the candidate of a host that is an address.
func (d *Dialer) literal(s *server.Server, t target, a netip.Addr) ([]Candidate, error) {
	c := d.candidate(a, t)
	c.Source = SourceLiteral
	if !s.Mode().Allows(a) {
		return nil, fmt.Errorf("%s is an %s address, which mode %s leaves out", t.host, c.Family, s.Mode())
	}
	return []Candidate{c}, nil
}

func (d *Dialer) candidate(a netip.Addr, t target) Candidate {
	c := Candidate{address: netip.AddrPortFrom(a, uint16(t.port)), Target: t.name(), Family: IPv6}
	if a.Is4() {
		c.Family = IPv4
	}
	c.Address = c.address.String()
	c.Availability = d.marks.get(c.Address)
	return c
}

func allFailed(candidates []Candidate) bool {
	return !slices.ContainsFunc(candidates, func(c Candidate) bool { return c.Availability != Failed })
}
