package dial

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"time"

	"github.com/ldapedge/ldapedge/server"
)

// Resolver asks the DNS. [net.Resolver] is one.
type Resolver interface {
	// LookupNetIP returns the addresses of a host, for the networks "ip", "ip4"
	// and "ip6".
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
	// LookupSRV returns the SRV records of _service._proto.name (RFC 2782), in
	// any order.
	LookupSRV(ctx context.Context, service, proto, name string) (cname string, records []*net.SRV, err error)
}

var _ Resolver = (*net.Resolver)(nil)

// addressKey is what a host's addresses are kept under.
type addressKey struct{ network, host string }

// networks are what a resolver is asked for, by mode.
var networks = map[server.Mode]string{
	server.IPSystemDefault: "ip", server.IPv4Only: "ip4", server.IPv6Only: "ip6",
	server.IPv4Preferred: "ip", server.IPv6Preferred: "ip",
}

func (d *Dialer) resolver() Resolver {
	if d.Resolver != nil {
		return d.Resolver
	}
	return net.DefaultResolver
}

// lookupAddresses returns a host's addresses of the mode's family, as the
// resolver orders them.
func (d *Dialer) lookupAddresses(ctx context.Context, mode server.Mode, host string) ([]netip.Addr, error) {
	begin, network := time.Now(), networks[mode]
	addresses, err := d.addresses.get(ctx, addressKey{network, strings.ToLower(host)}, d.cacheTime(), func(ctx context.Context) ([]netip.Addr, error) {
		found, err := d.resolver().LookupNetIP(ctx, network, host)
		if err != nil {
			return nil, err
		}
		if found = ofNetwork(network, found); len(found) == 0 {
			return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
		}
		d.marks.forget(found)
		return found, nil
	})
	if err != nil {
		return nil, &LookupError{Name: strings.TrimSuffix(host, "."), Network: network, Err: timedOut(ctx, err, begin)}
	}
	return addresses, nil
}

// ofNetwork returns the addresses of a network's family, each once. One of
// IPv4 mapped into IPv6 is of IPv4.
func ofNetwork(network string, addresses []netip.Addr) []netip.Addr {
	seen := make(map[netip.Addr]bool, len(addresses))
	var all []netip.Addr
	for _, a := range addresses {
		a = a.Unmap()
		if seen[a] || network == "ip4" && !a.Is4() || network == "ip6" && a.Is4() {
			continue
		}
		seen[a] = true
		all = append(all, a)
	}
	return all
}

// LookupError tells that the DNS does not help with a name.
type LookupError struct {
	// Name is the host, or the name of SRV records.
	Name string
	// Network is "ip", "ip4" or "ip6" for the addresses of a host, and "srv".
	Network string
	// Err is what the resolver said.
	Err error
}

// Error returns the name and what the resolver said.
func (e *LookupError) Error() string {
	what := map[string]string{"ip": "host ", "ip4": "the IPv4 addresses of host ", "ip6": "the IPv6 addresses of host ", "srv": "SRV records "}[e.Network]
	s := "looking up " + what + e.Name + ": "
	var dns *net.DNSError
	if !errors.As(e.Err, &dns) {
		return s + e.Err.Error()
	}
	s += dns.Err
	if dns.Server != "" {
		s += fmt.Sprintf(" (the DNS server asked is %s)", dns.Server)
	}
	return s
}

// Unwrap returns what the resolver said.
func (e *LookupError) Unwrap() error { return e.Err }

// NotFound tells whether the DNS has no such name, or nothing of the kind for
// it.
func (e *LookupError) NotFound() bool {
	var dns *net.DNSError
	return errors.As(e.Err, &dns) && dns.IsNotFound
}
