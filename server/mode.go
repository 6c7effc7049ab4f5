package server

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
func Modes() []Mode { return append([]Mode(nil), modes...) }
