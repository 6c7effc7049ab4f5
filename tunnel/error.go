package tunnel

import "strconv"

// CloseError is the end of a session as a client sees it.
type CloseError struct {
	// Code is the close code; 1006 where there was none, because the
	// connector could not be reached or the connection broke.
	Code CloseCode
	// Reason is what the connector says of it, possibly empty.
	Reason string
}

// CloseAbnormal is what a client reports in place of a close code when there
// was none (RFC 6455 §7.1.5). No one sends it.
const CloseAbnormal CloseCode = 1006

// names are the codes in words, for people.
var names = map[CloseCode]string{
	CloseNormal: "closed", CloseDraining: "the connector is shutting down", CloseTooBig: "a frame is too big", CloseInternal: "the connector has failed",
	CloseAbnormal: "the connector does not answer", CloseProtocol: "protocol error", CloseNotAuthenticated: "not authenticated",
	CloseNotPermitted: "not permitted", CloseUnknownServer: "no such server", CloseIdle: "idle for too long",
	CloseTooMany: "too many sessions", CloseDialFailed: "the LDAP server cannot be reached", CloseTimeout: "the LDAP server does not answer",
}

// Error returns the code in words and the connector's reason.
func (e *CloseError) Error() string {
	s := names[e.Code]
	if s == "" {
		s = "closed with code " + strconv.Itoa(int(e.Code))
	}
	if e.Reason != "" {
		s += ": " + e.Reason
	}
	return s
}
