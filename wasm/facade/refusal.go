package facade

import (
	"context"
	"errors"

	"github.com/ldapedge/ldapedge/formatters"
	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/pool"
	"github.com/ldapedge/ldapedge/tunnel"
)

// The codes of connections and filters.
const (
	CodeNotOffered    Code = "not-offered"    // the connector does not offer the server
	CodeUnknownName   Code = "unknown-name"   // the server's schema has no such attribute type or object class
	CodeInvalidFilter Code = "invalid-filter" // a text is no filter
	CodeBusy          Code = "busy"           // a bind must be alone on its connection
	CodeExhausted     Code = "pool-exhausted" // no server of a pool could be opened
)

// Result is what a server has answered in place of success.
type Result struct {
	Code int32 `json:"code"`
	// Name is the code's, as RFC 4511 has it.
	Name string `json:"name"`
	// Operation is what was asked for: "bind", "search".
	Operation  string   `json:"operation"`
	MatchedDN  string   `json:"matchedDN"`
	Diagnostic string   `json:"diagnosticMessage"`
	Referrals  []string `json:"referrals"`
}

func resultOf(err error) *Result {
	var r *ldap.ResultError
	if !errors.As(err, &r) {
		return nil
	}
	return &Result{
		Code: int32(r.Code), Name: r.Code.String(), Operation: r.Op, MatchedDN: r.MatchedDN, Diagnostic: r.Diagnostic,
		Referrals: append([]string{}, r.Referral...),
	}
}

// invalidValueOf returns the value at fault, nil if none is.
func invalidValueOf(err error) *InvalidValue {
	var v *formatters.ValueError
	if !errors.As(err, &v) {
		return nil
	}
	return &InvalidValue{Attribute: v.Attribute, Value: v.Value, Reason: v.Err.Error()}
}

// connectionCode finds the code of an error of connections, "" for others.
func connectionCode(err error) Code {
	var cancelled *pool.CanceledError
	var exhausted *pool.ExhaustedError
	switch {
	case errors.As(err, &cancelled):
		return codeOf(cancelled.Err)
	case errors.As(err, &exhausted):
		return commonCode(exhausted.Causes)
	case errors.Is(err, pool.ErrEmpty):
		return CodeExhausted
	case errors.As(err, new(*tunnel.NotOfferedError)):
		return CodeNotOffered
	case errors.As(err, new(*ldap.NameError)):
		return CodeUnknownName
	case errors.As(err, new(*formatters.ValueError)):
		return CodeInvalidValue
	case errors.Is(err, message.ErrBusy):
		return CodeBusy
	case errors.Is(err, ldap.ErrOpen):
		return CodeUsage
	case errors.Is(err, context.Canceled):
		return CodeCancelled
	}
	return ""
}

// commonCode is the code that all causes have, [CodeExhausted] if they differ.
func commonCode(causes []pool.Cause) Code {
	code := CodeExhausted
	for i, c := range causes {
		one := codeOf(c.Err)
		if i > 0 && one != code {
			return CodeExhausted
		}
		code = one
	}
	return code
}
