package ldap

import (
	"errors"
	"fmt"
	"slices"

	"github.com/ldapedge/ldapedge/ldap/message"
)

// Response is what a server answers to an operation.
type Response struct {
	message.Result
	// Controls are those that came with it.
	Controls message.Controls
}

// ResultError is a result other than success.
type ResultError struct {
	// Op is the operation: "bind", "search".
	Op string
	// Result is what the server answered.
	message.Result
	// Controls are those that came with it.
	Controls message.Controls
}

// Error returns the operation, the code and what the server said of it.
func (e *ResultError) Error() string {
	s := e.Op + ": " + e.Code.String()
	if e.Diagnostic != "" {
		s += ": " + e.Diagnostic
	}
	if e.MatchedDN != "" {
		s += fmt.Sprintf(" (matched %q)", e.MatchedDN)
	}
	return s
}

// IsResult tells whether the error is a [ResultError] with one of the codes.
func IsResult(err error, codes ...message.ResultCode) bool {
	var e *ResultError
	return errors.As(err, &e) && slices.Contains(codes, e.Code)
}

// IsNotFound tells whether the error is that an entry does not exist.
func IsNotFound(err error) bool { return IsResult(err, message.ResultNoSuchObject) }

// IsAlreadyThere tells whether the error is that an entry, or a value, exists
// already.
func IsAlreadyThere(err error) bool {
	return IsResult(err, message.ResultEntryAlreadyExists, message.ResultAttributeOrValueExists)
}
