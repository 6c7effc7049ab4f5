package server

import (
	"net/netip"
	"strconv"
	"strings"
)

// Scheme is the scheme of an LDAP URL (RFC 4516) and tells how the server is
// reached.
type Scheme string

// The schemes.
const (
	// LDAP is plain TCP, port 389 by default.
	LDAP Scheme = "ldap"
	// LDAPS is TLS from the first byte, port 636 by default.
	LDAPS Scheme = "ldaps"
	// LDAPI is a Unix domain socket.
	LDAPI Scheme = "ldapi"
	// LDAPSRV is plain TCP to the servers that the DNS names for a domain
	// (RFC 2782, _ldap._tcp).
	LDAPSRV Scheme = "ldap+srv"
	// LDAPSSRV is TLS from the first byte to the servers that the DNS names
	// for a domain.
	LDAPSSRV Scheme = "ldaps+srv"
)

// SRV tells whether the DNS names the servers, by SRV records.
func (s Scheme) SRV() bool { return s == LDAPSRV || s == LDAPSSRV }

var schemes = []Scheme{LDAP, LDAPS, LDAPI, LDAPSRV, LDAPSSRV}

// locate finds scheme, host and port.
func (s *Server) locate(text string) error {
	if s.options.Port < 0 || s.options.Port > 65535 {
		return wrong("port", strconv.Itoa(s.options.Port), "is not a number from 0 to 65535")
	}
	rest, err := s.readScheme(text)
	if err != nil {
		return err
	}
	if s.scheme == LDAPI {
		return s.readPath(rest)
	}
	if i := strings.LastIndexByte(rest, '@'); i >= 0 {
		// What comes before may be a password, and the error may be logged.
		return wrong("url", "…"+rest[i:], "has a user before the host; a server is a scheme, a host and a port")
	}
	rest = strings.TrimSuffix(rest, "/")
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		return wrong("url", text, "has "+strconv.Quote(rest[i:])+" after the host; a server is a scheme, a host and a port")
	}
	host, port, err := splitHostPort(rest, strings.Contains(text, "://"))
	if err != nil {
		return err
	}
	s.host = host
	if s.scheme.SRV() {
		return s.checkDomain(port)
	}
	return s.readPort(port)
}

// readScheme returns what comes after the scheme. Text without one is a host.
func (s *Server) readScheme(text string) (string, error) {
	scheme, rest, ok := strings.Cut(text, "://")
	if !ok {
		s.scheme = LDAP
		if s.options.UseSSL {
			s.scheme = LDAPS
		}
		return text, nil
	}
	for _, known := range schemes {
		if strings.EqualFold(scheme, string(known)) {
			s.scheme = known
			return rest, nil
		}
	}
	return "", wrong("scheme", scheme, "is none of "+oneOf(schemes))
}

// SplitHostPort cuts the authority of a URL into its host, without brackets and
// the zone of an address after "%", and its port. The port keeps its colon, so
// that an empty one can be told from none. A user in front is refused like any
// other character that no host has. The error is an [*Error].
func SplitHostPort(authority string) (host, port string, err error) {
	return splitHostPort(authority, true)
}

// splitHostPort cuts host and port apart. In a URL a zone is escaped.
func splitHostPort(s string, isURL bool) (host, port string, err error) {
	unescape := func(host string) string { return host }
	if isURL {
		unescape = unescapeZone
	}
	if bracketed, ok := strings.CutPrefix(s, "["); ok {
		host, port, ok = strings.Cut(bracketed, "]")
		host = unescape(host)
		if !ok || !isIPv6(host) {
			return "", "", wrong("host", s, "is not an IPv6 address in brackets")
		}
		if port != "" && port[0] != ':' {
			return "", "", wrong("host", s, "is followed by "+strconv.Quote(port))
		}
		return host, port, nil
	}
	if bare := unescape(s); isIPv6(bare) {
		return bare, "", nil
	}
	if strings.Count(s, ":") > 1 {
		return "", "", wrong("host", s, "has several colons and is not an IPv6 address, which goes in brackets before a port")
	}
	if i := strings.IndexByte(s, ':'); i >= 0 {
		host, port = s[:i], s[i:]
	} else {
		host = s
	}
	if host == "" {
		return "", "", wrong("host", s, "is empty")
	}
	if !isHostName(host) {
		return "", "", wrong("host", host, "is not a host name")
	}
	return host, port, nil
}

// unescapeZone reads a zone as URLs write it (RFC 6874).
func unescapeZone(host string) string { return strings.Replace(host, "%25", "%", 1) }

func isIPv6(host string) bool {
	address, err := netip.ParseAddr(host)
	return err == nil && address.Is6() && (address.Zone() == "" || isHostName(address.Zone()))
}

// isHostName tells whether a resolver may be asked for it: names that are not
// those of the DNS, such as those with an underscore, are for it to judge.
func isHostName(s string) bool {
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c == 0x7f || strings.IndexByte(`[]%\:/?#@;,<>"'`+"`{}|^*()&=+$!", c) >= 0 {
			return false
		}
	}
	return s != "" && len(s) <= 255
}

func (s *Server) readPort(port string) error {
	n := 0
	if port != "" {
		given, err := strconv.ParseUint(port[1:], 10, 16)
		if err != nil {
			return wrong("port", port[1:], "is not a number from 0 to 65535")
		}
		n = int(given)
	}
	if n == 0 {
		n = s.options.Port
	}
	if n == 0 {
		n = defaultPort(s.UseSSL())
	}
	s.port = n
	return nil
}

func defaultPort(ssl bool) int {
	if ssl {
		return 636
	}
	return 389
}

func (s *Server) checkDomain(port string) error {
	if port != "" {
		return wrong("port", port[1:], "is for the DNS to say, with "+string(s.scheme))
	}
	if _, err := netip.ParseAddr(s.host); err == nil {
		return wrong("host", s.host, "is an address; a domain is expected after "+string(s.scheme)+"://")
	}
	s.host = strings.TrimSuffix(s.host, ".")
	return nil
}

// readPath reads what comes after ldapi://. The path is the authority, its
// slashes escaped, as RFC 4516 and OpenLDAP have it, or comes as it is.
func (s *Server) readPath(rest string) error {
	text, err := unescapePath(rest)
	if err != nil {
		return err
	}
	if strings.HasPrefix(rest, "/") {
		text = strings.TrimRight(text, "/")
	} else {
		text = strings.TrimSuffix(text, "/")
	}
	switch {
	case strings.IndexByte(text, 0) >= 0:
		return wrong("host", rest, "has a zero byte in the path of its socket")
	case text != "" && text[0] != '/':
		return wrong("host", rest, "is not the absolute path of a socket")
	case strings.ContainsAny(rest, "?#"):
		return wrong("host", rest, "has more than the path of a socket")
	}
	s.path = text
	return nil
}

func unescapePath(s string) (string, error) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '%' {
			b.WriteByte(s[i])
			continue
		}
		if i+2 >= len(s) {
			return "", wrong("host", s, "ends within an escape")
		}
		n, err := strconv.ParseUint(s[i+1:i+3], 16, 8)
		if err != nil {
			return "", wrong("host", s, "has "+strconv.Quote(s[i:i+3])+", which is no escape")
		}
		b.WriteByte(byte(n))
		i += 2
	}
	return b.String(), nil
}

// escapePath writes a path as the authority of a URL.
func escapePath(path string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(path) {
		c := path[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~", c) >= 0 {
			b.WriteByte(c)
			continue
		}
		b.WriteString(string([]byte{'%', hex[c>>4], hex[c&15]}))
	}
	return b.String()
}
