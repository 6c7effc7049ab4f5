package facade

import (
	"context"
	"errors"

	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/tunnel"
)

// Error is what a call fails with.
type Error struct {
	// Code is stable; hosts choose their words by it.
	Code Code `json:"code"`
	// Where is what could not be reached or asked, empty if it is no place.
	Where string `json:"where,omitempty"`
	// Cause is the technical cause.
	Cause string `json:"cause"`
	// Value is the value that is at fault, with CodeInvalidValue.
	Value *InvalidValue `json:"value,omitempty"`
	// Result is what a server has answered in place of success, where it has.
	Result *Result `json:"result,omitempty"`
	// Offset is the place in a text, with CodeInvalidFilter, in UTF-16 units as
	// JavaScript counts them.
	Offset *int `json:"offset,omitempty"`
}

// InvalidValue is a value that cannot be one of its attribute.
type InvalidValue struct {
	// Index is the value's place among those of the call.
	Index int `json:"index"`
	// Attribute is the attribute description.
	Attribute string `json:"attribute"`
	// Value is the beginning of the value, quoted.
	Value string `json:"value"`
	// Reason says why it cannot be.
	Reason string `json:"reason"`
}

// Error returns place and cause.
func (e *Error) Error() string {
	if e.Where == "" {
		return e.Cause
	}
	return e.Where + ": " + e.Cause
}

// Code tells the kinds of [Error] apart.
type Code string

// The codes.
const (
	CodeConnectorUnreachable Code = "connector-unreachable" // the connector does not answer, or refuses this page
	CodeNotAuthenticated     Code = "not-authenticated"     // the connector wants a token, or another one
	CodeNotPermitted         Code = "not-permitted"         // the connector or the server refuses
	CodeUnknownServer        Code = "unknown-server"        // the connector has no such server
	CodeServerUnreachable    Code = "server-unreachable"    // the connector cannot reach the server, or has lost it
	CodeTimeout              Code = "timeout"               // the server does not answer in time
	CodeTooMany              Code = "too-many"              // the connector has too many sessions
	CodeIdle                 Code = "idle"                  // the session was idle for too long
	CodeDraining             Code = "draining"              // the connector is shutting down
	CodeProtocol             Code = "protocol"              // someone does not speak the protocol
	CodeNoSchema             Code = "no-schema"             // the server publishes no schema
	CodeResult               Code = "result"                // the server answered with another result than success
	CodeUnknownDefinition    Code = "unknown-definition"    // the schema has no such definition
	CodeNoRootDSE            Code = "no-root-dse"           // the source has no root DSE
	CodeUnreadable           Code = "unreadable"            // a text is no schema
	CodeInvalidValue         Code = "invalid-value"         // a value cannot be one of its attribute
	CodeCancelled            Code = "cancelled"             // the host has cancelled the call
	CodeUsage                Code = "usage"                 // the call makes no sense
	CodeInternal             Code = "internal"              // a fault of this program
)

var closeCodes = map[tunnel.CloseCode]Code{
	tunnel.CloseAbnormal:         CodeConnectorUnreachable,
	tunnel.CloseDraining:         CodeDraining,
	tunnel.CloseTooBig:           CodeProtocol,
	tunnel.CloseProtocol:         CodeProtocol,
	tunnel.CloseNotAuthenticated: CodeNotAuthenticated,
	tunnel.CloseNotPermitted:     CodeNotPermitted,
	tunnel.CloseUnknownServer:    CodeUnknownServer,
	tunnel.CloseIdle:             CodeIdle,
	tunnel.CloseTooMany:          CodeTooMany,
	tunnel.CloseDialFailed:       CodeServerUnreachable,
	tunnel.CloseTimeout:          CodeTimeout,
}

// describe finds the code of an error.
func describe(err error) *Error {
	var known *Error
	if errors.As(err, &known) {
		return known
	}
	return &Error{Code: codeOf(err), Cause: err.Error(), Value: invalidValueOf(err), Result: resultOf(err)}
}

func codeOf(err error) Code {
	if code := connectionCode(err); code != "" {
		return code
	}
	var closed *tunnel.CloseError
	switch {
	case errors.As(err, &closed):
		if code, ok := closeCodes[closed.Code]; ok {
			return code
		}
		return CodeServerUnreachable
	case errors.Is(err, errCancelled):
		return CodeCancelled
	case errors.Is(err, ldap.ErrTimeout), errors.Is(err, context.DeadlineExceeded):
		return CodeTimeout
	case errors.Is(err, ldap.ErrNoSubschema):
		return CodeNoSchema
	case errors.Is(err, ldap.ErrNoRootDSE):
		return CodeNoRootDSE
	case errors.Is(err, message.ErrProtocol):
		return CodeProtocol
	case errors.Is(err, ldap.ErrLost), errors.Is(err, ldap.ErrNotOpen):
		return CodeServerUnreachable
	case refused(err):
		return CodeNotPermitted
	}
	var result *ldap.ResultError
	if errors.As(err, &result) {
		return CodeResult
	}
	return CodeInternal
}

// refused tells whether the server answered that this client may not.
func refused(err error) bool {
	return ldap.IsResult(err, message.ResultInsufficientAccessRights, message.ResultInappropriateAuthentication,
		message.ResultStrongerAuthRequired, message.ResultConfidentialityRequired, message.ResultInvalidCredentials,
		message.ResultOperationsError) // Active Directory's way to ask for a bind
}
