package auth

import (
	"errors"
	"log/slog"
)

// What an [*Error] is, by errors.Is.
var (
	// ErrNotAuthenticated: the credential is missing or not valid.
	ErrNotAuthenticated = errors.New("not authenticated")
	// ErrNotPermitted: the subject may not reach the server.
	ErrNotPermitted = errors.New("not permitted")
	// ErrTooMany: the credential is valid, and has as many sessions at this
	// time as it may have.
	ErrTooMany = errors.New("too many sessions")
)

// Reason is why a credential is refused, for programs. The texts do not change.
type Reason string

// The reasons. A credential that is wrong in several ways has one of them.
const (
	Missing         Reason = "missing"          // no credential
	Malformed       Reason = "malformed"        // no token, or a JWT whose parts or claims are none
	Unknown         Reason = "unknown"          // no such token, and no JWT
	WrongAlgorithm  Reason = "wrong_algorithm"  // of the JWT, or not that of its key
	KeysUnavailable Reason = "keys_unavailable" // the issuer's keys could not be fetched
	UnknownKey      Reason = "unknown_key"      // no key of the JWT's kid, or no kid to choose by
	BadSignature    Reason = "bad_signature"
	Expired         Reason = "expired"
	NotYetValid     Reason = "not_yet_valid" // nbf or iat lie in the future
	WrongIssuer     Reason = "wrong_issuer"
	WrongAudience   Reason = "wrong_audience"
	ClaimMissing    Reason = "claim_missing" // a claim that is needed
	Replayed        Reason = "replayed"      // used as often as it may be, or by another subject
	// WrongTarget: the server that the JWT names is none that a token may name.
	WrongTarget Reason = "wrong_target"
	// UnknownCertificate: no rule is for the client's certificate.
	UnknownCertificate Reason = "unknown_certificate"

	NotPermitted    Reason = "not_permitted"
	TooManySessions Reason = "too_many_sessions"
	// MemoryFull: so many tokens are remembered that none can be added.
	MemoryFull Reason = "memory_full"
)

// texts say the reasons to people, and never what the credential says.
var texts = map[Reason]string{
	Missing:            "a token is needed",
	Malformed:          "the token is malformed",
	Unknown:            "the token is not known",
	WrongAlgorithm:     "the token's signature is of an algorithm that is not accepted",
	KeysUnavailable:    "the keys of the token's issuer cannot be had",
	UnknownKey:         "the token's key is not known",
	BadSignature:       "the token's signature is not valid",
	Expired:            "the credential has expired",
	NotYetValid:        "the credential is not valid yet",
	WrongIssuer:        "the token is of another issuer",
	WrongAudience:      "the token is for another audience",
	ClaimMissing:       "the token lacks a claim that is needed",
	Replayed:           "the token has been used as often as it may be",
	WrongTarget:        "the token names a server that tokens may not name",
	UnknownCertificate: "the client's certificate stands for no subject",
	NotPermitted:       "the subject may not reach this server",
	TooManySessions:    "the token has as many sessions as it may have",
	MemoryFull:         "too many tokens are in use",
}

// Error is a refusal. Its fields may be logged: none is or contains a token.
type Error struct {
	Reason Reason
	// Subject, KeyID and ID are those of the [Identity]; empty as long as it is
	// not proven.
	Subject, KeyID, ID string
}

func refuse(reason Reason) *Error { return &Error{Reason: reason} }

// Error returns the kind and the reason. It does not depend on the credential.
func (e *Error) Error() string { return e.kind().Error() + ": " + e.Text() }

// Text returns the reason for people.
func (e *Error) Text() string { return texts[e.Reason] }

// Unwrap returns [ErrNotAuthenticated], [ErrNotPermitted] or [ErrTooMany].
func (e *Error) Unwrap() error { return e.kind() }

func (e *Error) kind() error {
	switch e.Reason {
	case NotPermitted, WrongTarget:
		return ErrNotPermitted
	case TooManySessions, MemoryFull:
		return ErrTooMany
	}
	return ErrNotAuthenticated
}

// LogValue returns what may be logged of a refusal.
func (e *Error) LogValue() slog.Value {
	return slog.GroupValue(append([]slog.Attr{slog.String("reason", string(e.Reason))}, attributes(e.Subject, e.KeyID, e.ID)...)...)
}

// attributes are those that are known of a credential.
func attributes(subject, keyID, id string) []slog.Attr {
	var all []slog.Attr
	for _, a := range []slog.Attr{slog.String("subject", subject), slog.String("key_id", keyID), slog.String("jti_sha256", id)} {
		if a.Value.String() != "" {
			all = append(all, a)
		}
	}
	return all
}
