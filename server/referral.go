package server

import (
	"net/netip"
	"strconv"
	"strings"
)

// ReferralHost is a rule about the servers to which a referral may lead. In
// JSON it is a pair, ["dc2.example.com", true].
type ReferralHost struct {
	// Host is a host name or address, compared without case, or "*" for any.
	Host string
	// AllowAuth allows to authenticate there with the credentials of the
	// connection that was referred. Without it the referral is followed
	// anonymously.
	AllowAuth bool
}

// AnyHost is the host of a rule for every server.
const AnyHost = "*"

func checkReferralHosts(rules []ReferralHost) error {
	for i, r := range rules {
		if r.Host != AnyHost && !isHostName(r.Host) && !isIPv6(r.Host) {
			return wrong("allowed_referral_hosts["+strconv.Itoa(i)+"]", r.Host, `is no host name or address, nor "*"`)
		}
	}
	return nil
}

// AllowsReferral tells whether a referral may lead to the host, and whether to
// authenticate there. The first rule that matches decides; if none does, the
// host is refused. Without rules any host is allowed, but anonymously: python
// ldap3 would send it the credentials.
func (s *Server) AllowsReferral(host string) (allowed, withAuth bool) {
	if s.options.AllowedReferralHosts == nil {
		return true, false
	}
	host = canonicalHost(host)
	for _, r := range s.options.AllowedReferralHosts {
		if r.Host == AnyHost || canonicalHost(r.Host) == host {
			return true, r.AllowAuth
		}
	}
	return false, false
}

// canonicalHost returns the form in which hosts are compared.
func canonicalHost(host string) string {
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	if a, err := netip.ParseAddr(host); err == nil {
		return a.Unmap().String()
	}
	lower := []byte(strings.TrimSuffix(host, "."))
	for i, c := range lower {
		if c >= 'A' && c <= 'Z' { // the DNS knows no others, and Unicode has letters that become these
			lower[i] = c + 'a' - 'A'
		}
	}
	return string(lower)
}

// Referral returns the server at a scheme, host and port to which a referral
// of this one leads, with this one's settings, and whether to authenticate
// there. url is a server's URL, as [New] takes it; a port that it lacks is its
// scheme's own. The error is an [*Error] if the URL makes no server, or if the
// rules refuse its host.
//
// What is said of this server's certificate alone, ValidNames, SNI and pins,
// does not hold for another: where this server's certificate was pinned, the
// other's must be valid. The client's certificate is for a server to
// authenticate to.
func (s *Server) Referral(url string) (to *Server, withAuth bool, err error) {
	o := s.options
	o.Port, o.UseSSL, o.Site = 0, false, ""
	if o.GetInfo.Offline() {
		o.GetInfo = InfoNone
	}
	if s.tls != nil {
		t := s.tls.clone()
		t.ValidNames, t.SNI = nil, ""
		if len(t.PinnedFingerprints) > 0 {
			t.Validate, t.PinnedFingerprints = ValidateRequired, nil
		}
		o.TLS = t
	}
	to, err = New(url, &o)
	if err != nil {
		return nil, false, err
	}
	if to.scheme == LDAPI {
		return nil, false, wrong("allowed_referral_hosts", url, "is a socket of this machine, to which no referral may lead")
	}
	allowed, withAuth := s.AllowsReferral(to.host)
	if !allowed {
		return nil, false, wrong("allowed_referral_hosts", to.host, "is not among the hosts to which referrals may lead")
	}
	if !withAuth && to.tls != nil {
		to.tls.LocalCertificateFile, to.tls.LocalPrivateKeyFile, to.tls.LocalPrivateKeyPassword = "", "", ""
	}
	return to, withAuth, nil
}
