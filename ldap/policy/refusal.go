package policy

import (
	"github.com/ldapedge/ldapedge/ldap/message"
)

// Reason is why something is refused, by which counters count it.
type Reason string

// The reasons.
const (
	ReasonOperation       Reason = "operation"       // the operation, mechanism or extended operation is not allowed
	ReasonBind            Reason = "bind"            // a bind is needed, or this one is not allowed
	ReasonConfidentiality Reason = "confidentiality" // a password over a connection without TLS
	ReasonBase            Reason = "base"            // a name outside of the bases, in a request or a response
	ReasonAttribute       Reason = "attribute"       // a refused attribute was to be tested or written
	ReasonControl         Reason = "control"         // a critical control is not allowed
	ReasonInFlight        Reason = "inFlight"        // too many operations are in progress
	ReasonRate            Reason = "rate"            // too many requests
	ReasonProtocol        Reason = "protocol"        // against the protocol
	ReasonTooLarge        Reason = "tooLarge"        // a message over its limit

	// What is changed or dropped without an answer.
	ReasonHidden     Reason = "hidden"     // an entry or a list of attributes had refused ones
	ReasonDropped    Reason = "dropped"    // a control that is not critical
	ReasonUnknown    Reason = "unknown"    // an abandon of what is not in progress
	ReasonUnexpected Reason = "unexpected" // a response that nothing asked for
	ReasonReferral   Reason = "referral"   // a referral that is not shown
)

// refusal is the answer to a request that the server does not see. It never
// has a value that the client sent in it.
type refusal struct {
	code       message.ResultCode
	reason     Reason
	diagnostic string
}

func refuse(code message.ResultCode, reason Reason, diagnostic string) *refusal {
	return &refusal{code, reason, "policy: " + diagnostic}
}

func refuseProtocol(diagnostic string) *refusal {
	return refuse(message.ResultProtocolError, ReasonProtocol, diagnostic)
}

func refuseAttribute(what string) *refusal {
	return refuse(message.ResultInsufficientAccessRights, ReasonAttribute, what+" (rule refusedAttributes)")
}

// responses are the kinds of response that end operations (RFC 4511 §4.2 to
// §4.12), by the request. Unbind and abandon have none.
var responses = [256]message.Op{
	message.OpBindRequest:     message.OpBindResponse,
	message.OpSearchRequest:   message.OpSearchResultDone,
	message.OpModifyRequest:   message.OpModifyResponse,
	message.OpAddRequest:      message.OpAddResponse,
	message.OpDelRequest:      message.OpDelResponse,
	message.OpModifyDNRequest: message.OpModifyDNResponse,
	message.OpCompareRequest:  message.OpCompareResponse,
	message.OpExtendedRequest: message.OpExtendedResponse,
}

// Side is a side of a session.
type Side string

// The sides.
const (
	Client Side = "client"
	Server Side = "server"
)

// SessionError ends a session.
type SessionError struct {
	// From is who sent what cannot be passed on.
	From Side
	// Reason is [ReasonProtocol] or [ReasonTooLarge].
	Reason Reason
	// Err wraps [message.ErrProtocol].
	Err error
}

// Error returns side and cause in one line.
func (e *SessionError) Error() string { return "from the " + string(e.From) + ": " + e.Err.Error() }

// Unwrap returns the cause.
func (e *SessionError) Unwrap() error { return e.Err }
