package ldap

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/server"
)

// Upgrader is a [Dialer] that can do TLS on a stream that is open already.
type Upgrader interface {
	// UpgradeStream does the TLS handshake, with the server's wishes for TLS, on a
	// stream of the dialer's whose server has agreed to TLS, and returns the
	// stream over TLS. After an error the stream is closed.
	UpgradeStream(ctx context.Context, stream io.ReadWriteCloser, s *server.Server) (io.ReadWriteCloser, error)
}

// The errors of StartTLS that are known before anything is sent.
var (
	// ErrNoStartTLS: the dialer cannot do TLS on an open stream, or the stream
	// does not leave the machine.
	ErrNoStartTLS = errors.New("there is no StartTLS on this connection")
	// ErrTLS: TLS is on already.
	ErrTLS = errors.New("TLS is on already")
)

// ErrPlaintext: bytes in plain text follow the response to StartTLS. Whoever put
// them there would have them taken for the server's.
var ErrPlaintext = errors.New("plain text follows the response to StartTLS")

// errGivenUp is wrapped where a session ends for its caller has given up.
var errGivenUp = errors.New("StartTLS was given up")

// StartTLS asks the server for TLS and does the handshake (RFC 4511 §4.14), with
// the server's wishes for TLS. It may be called once, when nothing else is in
// progress: else the error wraps [message.ErrBusy]. It needs a dialer that is an
// [Upgrader]. Bind after it: OpenLDAP makes a client that has bound before
// anonymous.
//
// When the server refuses, the error is a [ResultError] and the connection goes
// on in plain text. After any other error the connection is lost.
func (c *Connection) StartTLS(ctx context.Context) error {
	u, ok := c.dialer.(Upgrader)
	if !ok {
		return fmt.Errorf("starttls: %w", ErrNoStartTLS)
	}
	return c.onSession(ctx, "starttls", func(s *session) (bool, error) {
		begun, err := s.startTLS(ctx, u)
		if err == nil {
			c.remember(s, func(l *login) { l.startTLS = u })
		}
		return !begun, err
	})
}

// upgrade is a StartTLS in progress.
type upgrade struct {
	id       int32
	ctx      context.Context
	upgrader Upgrader
}

// startTLS tells whether the request was sent.
func (s *session) startTLS(ctx context.Context, u Upgrader) (begun bool, err error) {
	switch s.protection() {
	case TLS:
		return false, fmt.Errorf("starttls: %w", ErrTLS)
	case Local:
		return false, fmt.Errorf("starttls: %w", ErrNoStartTLS)
	}
	if s.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, s.timeout, fmt.Errorf("%w (%s)", ErrTimeout, s.timeout))
		defer cancel()
	}
	op, err := s.beginUpgrade(ctx, u)
	if err != nil {
		return false, fmt.Errorf("starttls: %w", err)
	}
	defer s.finish(op)
	event, err := s.waitFinal(ctx, op)
	if err != nil {
		// It cannot be abandoned (RFC 4511 §4.11), and what comes next is TLS or is not.
		err = startTLSError(ctx, err)
		s.lost(err)
		return true, err
	}
	return true, s.check("starttls", event)
}

// startTLSError says what an error is about, and whether it is the server's.
func startTLSError(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, ErrTimeout) {
		return fmt.Errorf("%w: %w", errGivenUp, err)
	}
	return fmt.Errorf("starttls: %w", err)
}

func (s *session) beginUpgrade(ctx context.Context, u Upgrader) (*operation, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	op, err := s.startLocked(func(m *message.Machine) (int32, error) {
		return m.Extended(message.ExtendedRequest{Name: message.StartTLS})
	})
	if err == nil {
		s.upgrading = &upgrade{op.id, ctx, u}
	}
	return op, err
}

// upgrade does the handshake if the server has agreed. It is called by the
// reader, so that nothing else reads what is TLS.
func (s *session) upgrade(answer message.Event) error {
	result, err := answer.Result()
	if err != nil {
		return err
	}
	s.mu.Lock()
	up, stream, buffered := s.upgrading, s.stream, s.machine.Buffered()
	if result.Code != message.ResultSuccess {
		s.upgrading = nil
	}
	s.mu.Unlock()
	switch {
	case result.Code != message.ResultSuccess:
		return nil
	case buffered > 0:
		return fmt.Errorf("%w: %d bytes", ErrPlaintext, buffered)
	}
	over, err := up.upgrader.UpgradeStream(up.ctx, stream, s.server)
	if err != nil {
		return startTLSError(up.ctx, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stream, s.upgrading = over, nil
	if s.over {
		over.Close()
	}
	return nil
}
