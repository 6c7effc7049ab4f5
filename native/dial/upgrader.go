package dial

import (
	"context"
	"fmt"
	"io"
	"net"

	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/server"
)

var (
	_ ldap.Upgrader  = (*Dialer)(nil)
	_ ldap.Protected = (*Conn)(nil)
)

// Protection says whether the connection is TLS, a Unix domain socket, or in
// plain text.
func (c *Conn) Protection() ldap.Protection {
	switch {
	case c.Facts != nil:
		return ldap.TLS
	case c.Candidate.Family == Unix:
		return ldap.Local
	}
	return ldap.Plaintext
}

// UpgradeStream is [Dialer.Handshake] as [ldap.Upgrader] has it.
func (d *Dialer) UpgradeStream(ctx context.Context, stream io.ReadWriteCloser, s *server.Server) (io.ReadWriteCloser, error) {
	c, ok := stream.(net.Conn)
	if !ok {
		stream.Close()
		return nil, &Error{URL: s.URL(), Stage: StageConfigure, Err: fmt.Errorf("a %T is no connection of a network", stream)}
	}
	over, err := d.Handshake(ctx, c, s)
	if err != nil {
		return nil, err
	}
	return over, nil
}
