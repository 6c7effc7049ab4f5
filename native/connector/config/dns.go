package config

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"time"

	"github.com/ldapedge/ldapedge/native/dial"
)

// DNS is whom the names of servers are asked of.
type DNS struct {
	// Server is the address of the DNS server, and perhaps its port: "10.0.0.53" or
	// "10.0.0.53:5353". Default: those of this machine.
	Server string `yaml:"server"`
	// Cache is how long an answer is kept. Default: 5 minutes.
	Cache time.Duration `yaml:"cache"`
}

const dnsPort = "53"

// address returns host and port of the DNS server.
func (d DNS) address() (string, error) {
	if a, err := netip.ParseAddr(d.Server); err == nil {
		return net.JoinHostPort(a.String(), dnsPort), nil
	}
	_, err := netip.ParseAddrPort(d.Server)
	return d.Server, err
}

func (d DNS) check() error {
	if d.Cache < 0 {
		return fmt.Errorf("cache: %v is less than 0", d.Cache)
	}
	if d.Server == "" {
		return nil
	}
	if _, err := d.address(); err != nil {
		return fmt.Errorf("server: %q is no address, with or without a port", d.Server)
	}
	return nil
}

// Resolver returns what asks the DNS server, nil for the system's.
func (d DNS) Resolver() dial.Resolver {
	if d.Server == "" {
		return nil
	}
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		address, err := d.address()
		if err != nil {
			return nil, err
		}
		return new(net.Dialer).DialContext(ctx, network, address)
	}}
}
