package dial

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// RefusedError tells that [Dialer.Allow] does not let an address be used.
type RefusedError struct {
	// Address is what the host stands for; Kind is what it is, such as "loopback".
	Address netip.Addr
	Kind    string
}

// KindForeign is the kind of addresses that are in no network that is allowed.
const KindForeign = "foreign"

// Error returns address and kind.
func (e *RefusedError) Error() string {
	if e.Kind == KindForeign {
		return fmt.Sprintf("%s is in none of the networks that are allowed", e.Address)
	}
	return fmt.Sprintf("%s is a %s address, and names may not lead to those", e.Address, e.Kind)
}

// metadata are where clouds tell a machine its secrets, as far as that is not
// link-local: Amazon's (IPv6), also that for containers, Google's (IPv6), Azure's
// of its agents, Alibaba's and Oracle's.
var metadata = []netip.Addr{
	netip.MustParseAddr("fd00:ec2::254"), netip.MustParseAddr("fd00:ec2::23"), netip.MustParseAddr("fd20:ce::254"), netip.MustParseAddr("168.63.129.16"),
	netip.MustParseAddr("100.100.100.200"), netip.MustParseAddr("192.0.0.192"),
}

// embedding are the well-known prefixes of addresses that have an IPv4 address in
// them, but for the mapped ones, and from which byte on: those of translators (RFC
// 6052 §2.1, RFC 8215 with a prefix of 96 bits, RFC 7915's before it), the compatible
// ones (RFC 4291 §2.5.5.1) and 6to4 (RFC 3056).
var embedding = []struct {
	prefix netip.Prefix
	at     int
}{
	{netip.MustParsePrefix("64:ff9b::/96"), 12}, {netip.MustParsePrefix("64:ff9b:1::/48"), 12},
	{netip.MustParsePrefix("::ffff:0:0:0/96"), 12}, {netip.MustParsePrefix("::/96"), 12}, {netip.MustParsePrefix("2002::/16"), 2},
}

// ParseNetworks reads networks in CIDR notation, and addresses, each of which is a
// network of its own. An error begins with the place: "[1]: ".
func ParseNetworks(texts []string) ([]netip.Prefix, error) {
	var all []netip.Prefix
	for i, text := range texts {
		p, err := netip.ParsePrefix(text)
		if a, is := netip.ParseAddr(text); is == nil {
			p, err = a.Unmap().WithZone("").Prefix(a.Unmap().BitLen())
		}
		if err != nil || p.Addr().Is4In6() {
			return nil, fmt.Errorf("[%d]: %q is neither an address nor a network, such as 10.0.0.0/8", i, text)
		}
		all = append(all, p.Masked())
	}
	return all, nil
}

// InNetworks tells whether an address is in one of the networks.
func InNetworks(a netip.Addr, networks []netip.Prefix) bool {
	a = a.Unmap().WithZone("")
	return slices.ContainsFunc(networks, func(n netip.Prefix) bool { return n.Contains(a) })
}

// RefuseAllBut returns a [Dialer.Allow] for servers that clients name: it refuses
// what [RefuseSpecial] does even where the URL has it, and what is in none of the
// networks, if there are any.
func RefuseAllBut(networks []netip.Prefix) func(Candidate) error {
	return func(c Candidate) error {
		a := c.address.Addr()
		switch {
		case c.Family == Unix:
			return fmt.Errorf("%s is a socket, and only addresses are allowed", c.Address)
		case len(networks) > 0 && !InNetworks(a, networks):
			return &RefusedError{a, KindForeign}
		}
		return refuseSpecial(c)
	}
}

// RefuseSpecial is an [Dialer.Allow] for servers that others' DNS names: it
// refuses what is this machine's own, its link's or a cloud's metadata service,
// whatever form the address has. Such an address must be written in the server's
// URL itself; the name "localhost" is as good there.
func RefuseSpecial(c Candidate) error {
	if c.Source == SourceLiteral || c.Family == Unix || c.Source != SourceSRV && strings.EqualFold(c.Target, "localhost") {
		return nil
	}
	return refuseSpecial(c)
}

func refuseSpecial(c Candidate) error {
	a := c.address.Addr().Unmap().WithZone("")
	for _, e := range embedding {
		if b := a.As16(); a.Is6() && e.prefix.Contains(a) && a != netip.IPv6Loopback() && !a.IsUnspecified() {
			a = netip.AddrFrom4([4]byte(b[e.at:]))
		}
	}
	for kind, is := range map[string]bool{
		"loopback": a.IsLoopback(), "link-local": a.IsLinkLocalUnicast(), "unspecified": a.IsUnspecified() || a.Is4() && a.As4()[0] == 0,
		"multicast": a.IsMulticast() || a == netip.AddrFrom4([4]byte{255, 255, 255, 255}),
	} {
		if is {
			return &RefusedError{c.address.Addr(), kind}
		}
	}
	for _, m := range metadata {
		if a == m {
			return &RefusedError{c.address.Addr(), "metadata"}
		}
	}
	return nil
}
