package dial

import (
	"context"
	"errors"
	"io"
	"net"
	"time"

	"github.com/ldapedge/ldapedge/ldap/message"
)

// maxAnswer is the longest message that is taken as an answer here, in bytes:
// none of them carries an entry's attributes.
const maxAnswer = 1 << 20

// exchange sends one request over a connection that has no other in progress,
// and returns the result of its last response. The machine then has what came
// behind that.
func exchange(ctx context.Context, c net.Conn, start func(*message.Machine) (int32, error)) (message.Result, *message.Machine, error) {
	m := &message.Machine{MaxMessage: maxAnswer}
	id, err := start(m)
	if err != nil {
		return message.Result{}, nil, err
	}
	interrupt := context.AfterFunc(ctx, func() { c.SetDeadline(time.Unix(1, 0)) })
	result, err := converse(c, m, id)
	if !interrupt() && ctx.Err() != nil {
		return message.Result{}, nil, ctx.Err()
	}
	return result, m, err
}

func converse(c net.Conn, m *message.Machine, id int32) (message.Result, error) {
	if _, err := c.Write(m.Output()); err != nil {
		return message.Result{}, err
	}
	for {
		event, ok, err := m.Next()
		if err != nil {
			return message.Result{}, err
		}
		if ok && event.ID == id && event.Done {
			return event.Result()
		}
		if ok {
			continue
		}
		n, err := c.Read(m.Space())
		m.Received(n)
		if n > 0 {
			continue
		}
		if errors.Is(err, io.EOF) {
			return message.Result{}, errors.New("the server closed the connection")
		}
		if err != nil {
			return message.Result{}, err
		}
	}
}
