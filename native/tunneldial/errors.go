package tunneldial

import (
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"

	"github.com/coder/websocket"

	"github.com/ldapedge/ldapedge/tunnel"
)

// Error is a failure to reach the connector.
type Error struct {
	// URL is the connector's.
	URL string
	// Err is why.
	Err error
}

// Error returns the connector and the cause.
func (e *Error) Error() string { return "connector " + e.URL + ": " + e.Err.Error() }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// HTTPError is a refusal before there is a session: the connector's own, or that
// of a proxy before it.
type HTTPError struct {
	// Status is the HTTP status.
	Status int
	// Detail is what the connector says of it (RFC 9457), possibly empty.
	Detail string
}

// Error returns the status and what the connector says of it.
func (e *HTTPError) Error() string {
	s := fmt.Sprintf("the connector answers %d %s", e.Status, http.StatusText(e.Status))
	if e.Detail != "" {
		s += ": " + e.Detail
	}
	return s
}

// maxProblem is the longest body of an error that is read, in bytes.
const maxProblem = 4 << 10

func httpError(r *http.Response) *HTTPError {
	e := &HTTPError{Status: r.StatusCode}
	var problem struct{ Detail string }
	b, _ := io.ReadAll(io.LimitReader(r.Body, maxProblem))
	if r.Header.Get("Content-Type") == "application/problem+json" && json.Unmarshal(b, &problem) == nil {
		e.Detail = problem.Detail
	}
	return e
}

// The codes and statuses that come of a connector that is away for a time, or of
// a proxy before it.
var (
	passingCodes    = []tunnel.CloseCode{tunnel.CloseDraining, tunnel.CloseAbnormal, 1012, 1013}
	passingStatuses = []int{http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout}
)

// Unavailable tells of an error of [Dialer.Open] whether the connector cannot be
// reached or is shutting down, so that the same may work a little later. It is
// false for what the connector refuses, for an LDAP server that cannot be
// reached, and for a certificate that is not valid.
func Unavailable(err error) bool {
	var closed *tunnel.CloseError
	if errors.As(err, &closed) {
		return slices.Contains(passingCodes, closed.Code)
	}
	var refused *HTTPError
	if errors.As(err, &refused) {
		return slices.Contains(passingStatuses, refused.Status)
	}
	return errors.As(err, new(*Error)) && !errors.As(err, new(*tls.CertificateVerificationError))
}

// cause is why a request failed, without its URL, which the caller names.
func cause(err error) error {
	var e *url.Error
	if errors.As(err, &e) {
		return e.Err
	}
	return err
}

// closeError is the end of a session by the error that reading ended with.
func closeError(err error) *tunnel.CloseError {
	var e websocket.CloseError
	if errors.As(err, &e) {
		return &tunnel.CloseError{Code: tunnel.CloseCode(e.Code), Reason: e.Reason}
	}
	return &tunnel.CloseError{Code: tunnel.CloseAbnormal, Reason: err.Error()}
}
