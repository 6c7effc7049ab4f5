package auth

import (
	"fmt"
	"net/netip"
	"os"
	"slices"
	"strings"

	"github.com/ldapedge/ldapedge/native/dial"
	"github.com/ldapedge/ldapedge/server"
)

// DefaultTargetClaim is the default of [Targets.Claim].
const DefaultTargetClaim = "ldapedge_target"

// Targets lets tokens name a server that is not in the configuration, by its URL,
// ldap or ldaps: who signs tokens then says where the connector dials. The zero
// value allows any host whose addresses are not special, with TLS.
type Targets struct {
	// Claim names the claim with the URL. Default: [DefaultTargetClaim].
	Claim string `yaml:"claim"`
	// Hosts are the hosts that a token may name; "*.example.com" is any with one
	// label more. Default: any.
	Hosts []string `yaml:"hosts"`
	// Networks are what the addresses must be in, whatever the DNS says: "10.0.0.0/8".
	// Those of this machine, its link and the metadata services of clouds are refused
	// in any case. Default: any other.
	Networks []string `yaml:"networks"`
	// Plaintext has the connector speak to ldap URLs without TLS, which otherwise
	// begins with StartTLS.
	Plaintext bool `yaml:"plaintext"`
	// CAFile names a PEM file of the certificates to trust in place of the system's
	// roots.
	CAFile string `yaml:"ca_file"`
}

func (t *Targets) check() error {
	if t.Claim == "" {
		t.Claim = DefaultTargetClaim
	}
	for i, host := range t.Hosts {
		if name, port, err := server.SplitHostPort(strings.TrimPrefix(host, "*.")); err != nil || port != "" || name == "" {
			return fmt.Errorf(`hosts[%d]: %q is no host, nor "*." and a domain`, i, host)
		}
	}
	if _, err := dial.ParseNetworks(t.Networks); err != nil {
		return fmt.Errorf("networks%w", err)
	}
	if t.CAFile != "" {
		if _, err := os.Stat(t.CAFile); err != nil {
			return fmt.Errorf("ca_file: %w", err)
		}
	}
	return nil
}

// Allow returns what the dialer of these servers must ask of each address. The
// settings have been checked.
func (t *Targets) Allow() func(dial.Candidate) error {
	networks, err := dial.ParseNetworks(t.Networks)
	if err != nil {
		return func(dial.Candidate) error { return err }
	}
	return dial.RefuseAllBut(networks)
}

// server returns the server of a claim's URL, nil if it is none that a token may
// name. Its certificate is always verified.
func (t *Targets) server(url string) *server.Server {
	if !strings.Contains(url, "://") {
		return nil
	}
	s, err := server.New(url, &server.Options{TLS: &server.TLS{Validate: server.ValidateRequired, CACertsFile: t.CAFile}})
	if err != nil || s.Scheme() != server.LDAP && s.Scheme() != server.LDAPS {
		return nil
	}
	if len(t.Hosts) > 0 && !slices.ContainsFunc(t.Hosts, func(pattern string) bool { return fits(pattern, s.Host()) }) {
		return nil
	}
	return s
}

// fits tells whether a host is one of a pattern's.
func fits(pattern, host string) bool {
	host = strings.TrimSuffix(host, ".")
	if a, err := netip.ParseAddr(host); err == nil {
		b, err := netip.ParseAddr(strings.Trim(pattern, "[]"))
		return err == nil && a.Unmap() == b.Unmap()
	}
	if domain, any := strings.CutPrefix(pattern, "*."); any {
		label, rest, _ := strings.Cut(host, ".")
		return label != "" && strings.EqualFold(rest, domain)
	}
	return strings.EqualFold(pattern, host)
}
