package ldap

import (
	"context"
	"errors"
	"fmt"

	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/server"
)

// Mechanism is the client's side of a SASL mechanism (RFC 4422) without a
// security layer. Package [github.com/ldapedge/ldapedge/ldap/sasl] has PLAIN and
// EXTERNAL, [github.com/ldapedge/ldapedge/native/sasl] has SCRAM.
//
// A mechanism is used by one bind at a time, and by another one after that when
// the connection is opened anew.
type Mechanism interface {
	// Name is the registered name: "SCRAM-SHA-256".
	Name() string
	// Start begins an exchange with the server, whatever came before, and returns
	// the initial response: nil if there is none, empty for an empty one.
	Start(Peer) (initial []byte, err error)
	// Next returns the response to a challenge, which is nil if the server sent
	// none. An error ends the bind.
	Next(challenge []byte) (response []byte, err error)
	// Finish is told that the server takes the client for authenticated, and what
	// it says along with that; nil if it says nothing. An error says that the
	// server is not who it should be, and ends the connection.
	Finish(last []byte) error
}

// Peer is whom a mechanism speaks to.
type Peer struct {
	// Server is the one that the connection is open to.
	Server *server.Server
	// Protection is that of the stream.
	Protection Protection
}

// ErrMechanism is wrapped by the error of a bind that the mechanism has ended,
// not the server.
var ErrMechanism = errors.New("the SASL mechanism has ended the bind")

// maxSteps is how many challenges a server may have.
const maxSteps = 20

// BindSASL authenticates by a SASL mechanism (RFC 4513 §5.2), in as many steps as
// it takes; the controls go with each. As with [Connection.SimpleBind] nothing
// else may be in progress. If the context ends it between two steps, the
// connection is good for another bind alone.
func (c *Connection) BindSASL(ctx context.Context, m Mechanism, controls ...message.Control) (Response, error) {
	name := "bind by " + m.Name()
	return c.bind(ctx, name, func(ctx context.Context, s *session) (Response, bool, error) {
		b := saslBind{session: s, name: name, mechanism: m, controls: controls}
		r, err := b.run(ctx)
		return r, b.sent, err
	})
}

// saslBind is one bind by SASL.
type saslBind struct {
	session   *session
	name      string
	mechanism Mechanism
	controls  []message.Control
	sent      bool
}

func (b *saslBind) run(ctx context.Context) (Response, error) {
	credentials, err := b.mechanism.Start(Peer{b.session.server, b.session.protection()})
	if err != nil {
		return Response{}, b.failed(err)
	}
	for range maxSteps {
		r, challenge, err := b.step(ctx, credentials)
		if err != nil {
			return r, err
		}
		if r.Code == message.ResultSuccess {
			if err := b.mechanism.Finish(challenge); err != nil {
				err = b.failed(err)
				b.session.lost(err)
				return Response{}, err
			}
			return r, nil
		}
		if credentials, err = b.mechanism.Next(challenge); err != nil {
			b.abort(ctx)
			return Response{}, b.failed(err)
		}
	}
	err = fmt.Errorf("%w: more than %d challenges", message.ErrProtocol, maxSteps)
	return Response{}, b.session.unreadable(b.name, err)
}

func (b *saslBind) failed(err error) error {
	return fmt.Errorf("%s: %w: %w", b.name, ErrMechanism, err)
}

// step sends a response of the mechanism's and returns the server's answer. A
// bind that is not over is no error.
func (b *saslBind) step(ctx context.Context, credentials []byte) (Response, []byte, error) {
	event, sent, err := b.session.bind(ctx, func(m *message.Machine) (int32, error) {
		return m.BindSASL(message.SASLBindRequest{Mechanism: b.mechanism.Name(), Credentials: credentials}, b.controls...)
	})
	b.sent = b.sent || sent
	if err != nil {
		return Response{}, nil, fmt.Errorf("%s: %w", b.name, err)
	}
	r, err := b.session.response(b.name, event, message.ResultSASLBindInProgress)
	if err != nil {
		return r, nil, err
	}
	answer, err := event.BindResponse()
	if err != nil {
		return Response{}, nil, b.session.unreadable(b.name, err)
	}
	return r, answer.ServerSASLCreds, nil
}

// abort tells the server that the bind does not go on (RFC 4511 §4.2.1). Whatever
// it answers, the client is anonymous.
func (b *saslBind) abort(ctx context.Context) {
	b.session.bind(ctx, func(m *message.Machine) (int32, error) { return m.BindSASL(message.SASLBindRequest{}) })
}
