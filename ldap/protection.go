package ldap

import (
	"io"
	"strconv"

	"github.com/ldapedge/ldapedge/server"
)

// Protection says who can read along on a stream.
type Protection int

// The protections.
const (
	// Plaintext: whoever sits between can read and change everything.
	Plaintext Protection = iota
	// Local: the stream does not leave the machine, as those of ldapi.
	Local
	// TLS: the stream is encrypted, whether or not the server's certificate has
	// been verified.
	TLS
)

// protectionNames are in the order of the protections.
var protectionNames = [...]string{"plain text", "local", "TLS"}

// String returns "plain text", "local" or "TLS".
func (p Protection) String() string {
	if p < 0 || int(p) >= len(protectionNames) {
		return "protection " + strconv.Itoa(int(p))
	}
	return protectionNames[p]
}

// Protected is a stream that knows its protection. That of one that does not is
// what the server's scheme says.
type Protected interface {
	Protection() Protection
}

// schemeProtections are those of the schemes that are not in plain text.
var schemeProtections = map[server.Scheme]Protection{server.LDAPS: TLS, server.LDAPSSRV: TLS, server.LDAPI: Local}

func protectionOf(stream io.ReadWriteCloser, s *server.Server) Protection {
	if p, ok := stream.(Protected); ok {
		return p.Protection()
	}
	return schemeProtections[s.Scheme()]
}

func (s *session) protection() Protection {
	s.mu.Lock()
	defer s.mu.Unlock()
	return protectionOf(s.stream, s.server)
}
