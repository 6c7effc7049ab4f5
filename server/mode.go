package server

import (
	"net/netip"
	"slices"
)

// Mode chooses among the addresses of a host, and their order.
type Mode string

// The modes.
const (
	// IPSystemDefault takes the first address that the system's resolver gives,
	// and no other.
	IPSystemDefault Mode = "IP_SYSTEM_DEFAULT"
	// IPv4Only takes IPv4 addresses alone.
	IPv4Only Mode = "IP_V4_ONLY"
	// IPv6Only takes IPv6 addresses alone; an IPv4 address mapped into IPv6 is
	// none.
	IPv6Only Mode = "IP_V6_ONLY"
	// IPv4Preferred begins with IPv4 and goes on with IPv6.
	IPv4Preferred Mode = "IP_V4_PREFERRED"
	// IPv6Preferred begins with IPv6 and goes on with IPv4.
	IPv6Preferred Mode = "IP_V6_PREFERRED"
)

var modes = []Mode{IPSystemDefault, IPv4Only, IPv6Only, IPv4Preferred, IPv6Preferred}

// Modes returns all modes.
func Modes() []Mode { return slices.Clone(modes) }

// Allows tells whether addresses of the family of a are used. An IPv4 address
// mapped into IPv6 is of IPv4.
func (m Mode) Allows(a netip.Addr) bool {
	switch m {
	case IPv4Only:
		return a.Unmap().Is4()
	case IPv6Only:
		return !a.Unmap().Is4()
	}
	return true
}

// Candidates returns those of a host's addresses that are tried, in order.
// Within a family the order stays the resolver's, but that those of which failed
// says that they failed of late come last; python ldap3 would leave these out,
// and so have none when all have failed.
func (m Mode) Candidates(addresses []netip.Addr, failed func(netip.Addr) bool) []netip.Addr {
	var all []netip.Addr
	for _, a := range addresses {
		if m.Allows(a) {
			all = append(all, a.Unmap())
		}
	}
	if m == IPSystemDefault {
		return all[:min(1, len(all))]
	}
	rank := func(a netip.Addr) (n int) {
		if failed(a) {
			n = 2
		}
		if m == IPv4Preferred && !a.Is4() || m == IPv6Preferred && a.Is4() {
			n++
		}
		return n
	}
	slices.SortStableFunc(all, func(a, b netip.Addr) int { return rank(a) - rank(b) })
	return all
}
