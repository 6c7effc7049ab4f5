package pool

import (
	"errors"
	"strconv"
	"strings"

	"github.com/ldapedge/ldapedge/server"
)

// ErrEmpty is the error of opening with a pool that has no servers.
var ErrEmpty = errors.New("pool has no servers")

// ErrExhausted is what every [*ExhaustedError] is.
var ErrExhausted = errors.New("pool exhausted")

// Error tells what is wrong with a pool's definition, or with what is added or
// removed.
type Error struct {
	// Field is the part that is wrong, named as in a definition's JSON:
	// "strategy", "exhaust", "servers[1].weight".
	Field string
	// Value is what was given.
	Value string
	// Reason says what is wrong with it.
	Reason string
	// Err is the cause, where there is one.
	Err error
}

// Error returns field, value and reason in one line.
func (e *Error) Error() string {
	s := "pool " + e.Field + " " + strconv.Quote(e.Value) + " " + e.Reason
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

func wrong(field, value, reason string) error {
	return &Error{Field: field, Value: value, Reason: reason}
}

// Cause is why one server was not opened.
type Cause struct {
	Server *server.Server
	Err    error
}

// ExhaustedError tells that no server of a pool could be opened. It is an
// [ErrExhausted], and each of its causes.
type ExhaustedError struct {
	// Cycles is how often all servers were gone through.
	Cycles int
	// Causes has each server's last cause, in the pool's order.
	Causes []Cause
}

// Error returns the causes in one line.
func (e *ExhaustedError) Error() string {
	s := ErrExhausted.Error()
	if e.Cycles > 1 {
		s += " after " + strconv.Itoa(e.Cycles) + " cycles"
	}
	return s + causesText(e.Causes)
}

// Unwrap returns ErrExhausted and the causes.
func (e *ExhaustedError) Unwrap() []error { return append(causeErrors(e.Causes), ErrExhausted) }

// CanceledError tells that the context ended before a server was opened. It is
// the context's error, and each of its causes.
type CanceledError struct {
	// Err is the context's error.
	Err error
	// Causes has the last cause of each server that was tried.
	Causes []Cause
}

// Error returns the context's error and the causes in one line.
func (e *CanceledError) Error() string { return "pool: " + e.Err.Error() + causesText(e.Causes) }

// Unwrap returns the context's error and the causes.
func (e *CanceledError) Unwrap() []error { return append(causeErrors(e.Causes), e.Err) }

func causeErrors(causes []Cause) []error {
	errs := make([]error, 0, len(causes)+1)
	for _, c := range causes {
		errs = append(errs, c.Err)
	}
	return errs
}

func causesText(causes []Cause) string {
	var b strings.Builder
	for i, c := range causes {
		b.WriteString([]string{": ", "; "}[min(i, 1)])
		url := c.Server.URL() + ": "
		text := strings.Join(strings.Fields(c.Err.Error()), " ")
		b.WriteString(url + strings.TrimPrefix(text, url)) // errors of dialling have it too
	}
	return b.String()
}

// errUnknown stands for a failure whose cause is not told.
var errUnknown = errors.New("failed")

// limitError is the cause of a server that was passed over.
type limitError int

func (e limitError) Error() string {
	return "at its limit of " + strconv.Itoa(int(e)) + " connections"
}
