package bridge

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"github.com/ldapedge/ldapedge/native/dial"
)

// client returns a request's address: the connection's, or where that is a trusted
// proxy's, the last in X-Forwarded-For that is not. It is not valid for a
// connection that is not TCP.
func (o *Options) client(r *http.Request) netip.Addr {
	at := addressOf(r.RemoteAddr)
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		next := addressOf(strings.TrimSpace(hop))
		if !dial.InNetworks(at, o.TrustedProxies) || !next.IsValid() {
			break
		}
		at = next
	}
	return at
}

// addressOf reads an address, with a port or without; some proxies add one.
func addressOf(text string) netip.Addr {
	if both, err := netip.ParseAddrPort(text); err == nil {
		return both.Addr().Unmap()
	}
	a, _ := netip.ParseAddr(strings.Trim(text, "[]"))
	return a.Unmap()
}

// perClient is the network that counts as one client: who has an IPv6 address has
// its network of 64 bits.
func perClient(a netip.Addr) netip.Prefix {
	bits := a.BitLen()
	if a.Is6() {
		bits = 64
	}
	p, _ := a.WithZone("").Prefix(bits) // of no address it is that of none
	return p
}
