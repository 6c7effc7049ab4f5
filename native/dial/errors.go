package dial

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"time"
)

// Stage is how far dialling came.
type Stage string

// The stages, in order.
const (
	// StageConfigure is checking the dialer, and reading the files that the
	// wishes for TLS name.
	StageConfigure Stage = "configure"
	// StageResolve is asking the DNS, or looking for ldapi's socket.
	StageResolve Stage = "resolve"
	// StageConnect is connecting over TCP or to a Unix domain socket.
	StageConnect Stage = "connect"
	// StageStartTLS is asking the server for TLS.
	StageStartTLS Stage = "starttls"
	// StageTLS is the TLS handshake, the certificate's verification included.
	StageTLS Stage = "tls"
	// StageLDAP is the search of [Dialer.Check].
	StageLDAP Stage = "ldap"
)

var stages = []Stage{StageConfigure, StageResolve, StageConnect, StageStartTLS, StageTLS, StageLDAP}

func furthest(a, b Stage) Stage {
	if slices.Index(stages, b) > slices.Index(stages, a) {
		return b
	}
	return a
}

// Error is a failure to open a stream to a server.
type Error struct {
	// URL is the server's.
	URL string
	// Stage is the furthest that was reached, and failed.
	Stage Stage
	// Attempts are the addresses that were tried, in the order in which they
	// failed.
	Attempts []Attempt
	// Err is why, if it is not about an address: nil if the attempts say it all.
	Err error
}

// Attempt is an address that failed.
type Attempt struct {
	// Address is the address and port, the path of a socket, or the name and
	// port of a host that the DNS names and that does not resolve.
	Address string
	// Stage is what failed.
	Stage Stage
	// Err is why.
	Err error
	// Duration is how long it took.
	Duration time.Duration
}

// Error returns the server, the stage, and each address with its cause:
//
//	ldap://dc1:389: connect: [::1]:389: connection refused; 127.0.0.1:389: connection refused
//
// An address that failed at another stage is followed by it.
func (e *Error) Error() string {
	var causes []string
	for _, a := range e.Attempts {
		s := a.Address + ": "
		if a.Stage != e.Stage {
			s += string(a.Stage) + ": "
		}
		causes = append(causes, s+causeText(a.Err))
	}
	if e.Err != nil {
		causes = append(causes, causeText(e.Err))
	}
	return e.URL + ": " + string(e.Stage) + ": " + strings.Join(causes, "; ")
}

// Unwrap returns all causes.
func (e *Error) Unwrap() []error {
	var all []error
	if e.Err != nil {
		all = append(all, e.Err)
	}
	for _, a := range e.Attempts {
		all = append(all, a.Err)
	}
	return all
}

// Timeout tells whether it was the time that ran out, with every address.
func (e *Error) Timeout() bool {
	if e.Err != nil {
		return isTimeout(e.Err)
	}
	for _, a := range e.Attempts {
		if !isTimeout(a.Err) {
			return false
		}
	}
	return len(e.Attempts) > 0
}

func isTimeout(err error) bool {
	var t interface{ Timeout() bool }
	return errors.As(err, &t) && t.Timeout()
}

// TimeoutError tells that there was no answer in time. It is a
// [context.DeadlineExceeded].
type TimeoutError struct {
	// After is how long was waited.
	After time.Duration
	// Err is what the wait ended with.
	Err error
}

// Error returns how long was waited.
func (e *TimeoutError) Error() string {
	return "no answer in " + e.After.Round(time.Millisecond).String()
}

// Timeout is true.
func (e *TimeoutError) Timeout() bool { return true }

// Unwrap returns what the wait ended with.
func (e *TimeoutError) Unwrap() []error { return []error{context.DeadlineExceeded, e.Err} }

// timedOut makes an error that came of the context's deadline a
// [TimeoutError].
func timedOut(ctx context.Context, err error, begin time.Time) error {
	if err == nil || errors.As(err, new(*TimeoutError)) {
		return err
	}
	if errors.Is(ctx.Err(), context.DeadlineExceeded) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded) {
		return &TimeoutError{After: time.Since(begin), Err: err}
	}
	return err
}

// causeText is an error without the address, which has been said.
func causeText(err error) string {
	var op *net.OpError
	for errors.As(err, &op) && op == err {
		err = op.Err
	}
	if call, ok := err.(*os.SyscallError); ok {
		err = call.Err
	}
	if err == io.EOF {
		return "the server closed the connection"
	}
	return err.Error()
}
