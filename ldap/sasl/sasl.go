// Package sasl has the SASL mechanisms that need no library, for
// [ldap.Connection.BindSASL]: PLAIN (RFC 4616) and EXTERNAL (RFC 4422 appendix A).
package sasl

import (
	"errors"
	"fmt"
	"strings"

	"github.com/ldapedge/ldapedge/ldap"
)

var (
	_ ldap.Mechanism = Plain{}
	_ ldap.Mechanism = External{}
)

// ErrPlaintext: the password would go over a stream in plain text.
var ErrPlaintext = errors.New("the password would be sent in plain text")

// errChallenge is for servers that go on where the mechanism has no more to say.
var errChallenge = errors.New("the server sends a challenge, and the mechanism has none")

// Plain is the mechanism PLAIN: a user's name and password.
type Plain struct {
	// Authorization is the identity to act as: "dn:" and a DN, or "u:" and a user
	// name. Default: the one that User stands for.
	Authorization string
	// User is the name as the server's realm of users has it; seldom a DN.
	User     string
	Password string
	// InsecureAllowPlaintext sends the password over a stream that is neither TLS
	// nor local. Default: [ErrPlaintext] (RFC 4616 §6 advises against it).
	InsecureAllowPlaintext bool
}

// Name returns "PLAIN".
func (Plain) Name() string { return "PLAIN" }

// Start returns all that the mechanism has to say.
func (p Plain) Start(peer ldap.Peer) ([]byte, error) {
	switch {
	case peer.Protection == ldap.Plaintext && !p.InsecureAllowPlaintext:
		return nil, ErrPlaintext
	case p.User == "":
		return nil, errors.New("the user is empty")
	case p.Password == "":
		return nil, fmt.Errorf("the password of user %q is empty", p.User)
	case strings.Contains(p.Authorization+p.User+p.Password, "\x00"):
		return nil, fmt.Errorf("the identity or the password of user %q has a null character", p.User)
	}
	return []byte(p.Authorization + "\x00" + p.User + "\x00" + p.Password), nil
}

// Next fails: there are no challenges.
func (Plain) Next([]byte) ([]byte, error) { return nil, errChallenge }

// Finish has nothing to check.
func (Plain) Finish([]byte) error { return nil }

// External is the mechanism EXTERNAL: the server knows the client already, by
// its certificate or by the process at the other end of a socket.
type External struct {
	// Authorization is the identity to act as: "dn:" and a DN, or "u:" and a user
	// name. Default: the one that the server knows.
	Authorization string
}

// Name returns "EXTERNAL".
func (External) Name() string { return "EXTERNAL" }

// Start returns the identity, if only an empty one, so that the server need not
// ask.
func (e External) Start(ldap.Peer) ([]byte, error) { return []byte(e.Authorization), nil }

// Next fails: there are no challenges.
func (External) Next([]byte) ([]byte, error) { return nil, errChallenge }

// Finish has nothing to check.
func (External) Finish([]byte) error { return nil }
