package server

import (
	"context"
	"errors"
	"sync"
)

// Try opens a connection to a server. An error is the server's failure, and
// another one is tried, unless it is [Final].
type Try func(ctx context.Context, s *Server) error

// Open calls try with the server: a server is a source of one, see
// [github.com/ldapedge/ldapedge/ldap.Source].
func (s *Server) Open(ctx context.Context, try Try) (*Use, error) {
	if err := try(ctx, s); err != nil {
		cause, _ := IsFinal(err)
		return nil, cause
	}
	return NewUse(s, nil, nil, nil), nil
}

// Final marks an error of a [Try] as one that no other server would cure, such
// as wrong credentials: none is tried, and the server is not to blame. The
// source returns err itself. Final(nil) is nil.
func Final(err error) error {
	if err == nil {
		return nil
	}
	return &finalError{err}
}

// IsFinal tells whether an error of a [Try] is final, and returns it as it was
// before [Final].
func IsFinal(err error) (cause error, final bool) {
	var f *finalError
	if errors.As(err, &f) {
		return f.err, true
	}
	return err, false
}

type finalError struct{ err error }

func (e *finalError) Error() string { return e.err.Error() }
func (e *finalError) Unwrap() error { return e.err }

// Use is the hold that an open connection has on its server. Whoever opened the
// connection closes the use with it.
type Use struct {
	server *Server
	leave  <-chan struct{}
	failed func(error)
	closed func()
	once   sync.Once
}

// NewUse returns the use of a server, for sources. leave is closed when the
// connection had better be opened anew; failed is called with what
// [Use.Failed] is told; closed is called once. Each of the three may be nil.
func NewUse(s *Server, leave <-chan struct{}, failed func(error), closed func()) *Use {
	return &Use{server: s, leave: leave, failed: failed, closed: closed}
}

// Server returns the server.
func (u *Use) Server() *Server { return u.server }

// Leave returns a channel that is closed when the connection had better be
// closed, once it is idle, and opened anew: its source no longer has the
// server, or a better one is back. It may be nil.
func (u *Use) Leave() <-chan struct{} { return u.leave }

// Failed tells the source that the server has failed after it was open: the
// connection was lost, or the server answered busy or unavailable.
func (u *Use) Failed(err error) {
	if u.failed != nil {
		u.failed(err)
	}
}

// Close tells the source that the connection is closed. It may be called
// repeatedly.
func (u *Use) Close() {
	u.once.Do(func() {
		if u.closed != nil {
			u.closed()
		}
	})
}
