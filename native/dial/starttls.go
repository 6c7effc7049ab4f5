package dial

import (
	"context"
	"errors"
	"fmt"
	"net"

	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/server"
)

// ErrPlaintext is [ldap.ErrPlaintext].
var ErrPlaintext = ldap.ErrPlaintext

// Upgrade asks for TLS on a plain connection on which nothing else is in
// progress (RFC 4511 §4.14), and does the handshake, with the server's wishes for
// TLS. If the server refuses, the error has an [*ldap.ResultError] in it. After
// an error, which is an [*Error], the connection is closed.
func (d *Dialer) Upgrade(ctx context.Context, c net.Conn, s *server.Server) (*Conn, error) {
	return d.onto(c, s, func(plain *Conn, t *trust) (*Conn, Stage, error) { return d.upgrade(ctx, plain, s, t) })
}

// Handshake does the TLS handshake on a connection whose server has agreed to
// TLS, with the server's wishes for it. Whatever had been received before must
// have been dropped. After an error, which is an [*Error], the connection is
// closed.
func (d *Dialer) Handshake(ctx context.Context, c net.Conn, s *server.Server) (*Conn, error) {
	return d.onto(c, s, func(plain *Conn, t *trust) (*Conn, Stage, error) {
		return d.handshake(ctx, plain, s, t, !s.UseSSL())
	})
}

// onto puts TLS onto a connection.
func (d *Dialer) onto(c net.Conn, s *server.Server, secure func(*Conn, *trust) (*Conn, Stage, error)) (*Conn, error) {
	plain, ours := c.(*Conn)
	if !ours {
		plain = &Conn{Conn: c, Candidate: Candidate{Address: c.RemoteAddr().String()}}
	}
	failed := func(stage Stage, err error) (*Conn, error) {
		c.Close()
		return nil, &Error{URL: s.URL(), Stage: stage, Attempts: []Attempt{{Address: plain.Candidate.Address, Stage: stage, Err: err}}}
	}
	switch {
	case s.Scheme() == server.LDAPI:
		return failed(StageConfigure, errors.New("there is no TLS on a Unix domain socket"))
	case plain.Facts != nil:
		return failed(StageConfigure, errors.New("TLS is already there"))
	}
	t, err := d.trusts.of(s)
	if err != nil {
		return failed(StageConfigure, err)
	}
	over, stage, err := secure(plain, t)
	if err != nil {
		return failed(stage, err)
	}
	return over, nil
}

// upgrade does StartTLS on a connection, which is closed if that fails.
func (d *Dialer) upgrade(ctx context.Context, c *Conn, s *server.Server, t *trust) (*Conn, Stage, error) {
	if err := startTLS(ctx, c.Conn); err != nil {
		c.Conn.Close()
		return nil, StageStartTLS, err
	}
	return d.handshake(ctx, c, s, t, true)
}

// startTLS asks the server for TLS.
func startTLS(ctx context.Context, c net.Conn) error {
	result, m, err := exchange(ctx, c, func(m *message.Machine) (int32, error) {
		return m.Extended(message.ExtendedRequest{Name: message.StartTLS})
	})
	switch {
	case err != nil:
		return err
	case result.Code != message.ResultSuccess:
		return &ldap.ResultError{Op: "starttls", Result: result}
	case m.Buffered() > 0:
		return fmt.Errorf("%w: %d bytes", ErrPlaintext, m.Buffered())
	}
	return nil
}
