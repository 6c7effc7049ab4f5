// Package sasl has the SASL mechanisms whose libraries only native programs can
// have, for [ldap.Connection.BindSASL]: SCRAM (RFC 5802, RFC 7677).
package sasl

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/xdg-go/scram"

	"github.com/ldapedge/ldapedge/ldap"
)

// SCRAM is a mechanism of the SCRAM family, without channel binding. The
// password is not sent, and the server shows that it knows it too.
type SCRAM struct {
	name         string
	client       *scram.Client
	conversation *scram.ClientConversation
}

var _ ldap.Mechanism = (*SCRAM)(nil)

// Credentials are those of a SCRAM mechanism.
type Credentials struct {
	// Authorization is the identity to act as: "dn:" and a DN, or "u:" and a user
	// name. Default: the one that User stands for.
	Authorization string
	// User and Password are prepared with SASLprep (RFC 4013).
	User, Password string
}

// NewSCRAMSHA256 returns the mechanism SCRAM-SHA-256 (RFC 7677). The error is
// about a name or a password that SASLprep refuses.
func NewSCRAMSHA256(c Credentials) (*SCRAM, error) {
	return newSCRAM("SCRAM-SHA-256", scram.SHA256, c)
}

// NewSCRAMSHA512 returns the mechanism SCRAM-SHA-512
// (draft-melnikov-scram-sha-512).
func NewSCRAMSHA512(c Credentials) (*SCRAM, error) {
	return newSCRAM("SCRAM-SHA-512", scram.SHA512, c)
}

// NewSCRAMSHA1 returns the mechanism SCRAM-SHA-1 (RFC 5802), for servers that
// have no better one.
func NewSCRAMSHA1(c Credentials) (*SCRAM, error) {
	return newSCRAM("SCRAM-SHA-1", scram.SHA1, c)
}

func newSCRAM(name string, hash scram.HashGeneratorFcn, c Credentials) (*SCRAM, error) {
	if c.User == "" {
		return nil, fmt.Errorf("%s: the user is empty", name)
	}
	client, err := hash.NewClient(c.User, c.Password, c.Authorization)
	if err != nil {
		return nil, fmt.Errorf("%s: user %q: %w", name, c.User, err)
	}
	return &SCRAM{name: name, client: client}, nil
}

// Name returns the mechanism's registered name.
func (s *SCRAM) Name() string { return s.name }

// Start returns the client's first message.
func (s *SCRAM) Start(ldap.Peer) ([]byte, error) {
	s.conversation = s.client.NewConversation()
	return s.step("")
}

// Next answers the server's messages.
func (s *SCRAM) Next(challenge []byte) ([]byte, error) {
	if s.conversation == nil {
		return nil, errors.New("the exchange has not begun")
	}
	if n := iterations(string(challenge)); n > maxIterations {
		return nil, fmt.Errorf("the server asks for %d iterations, over the limit of %d", n, maxIterations)
	}
	return s.step(string(challenge))
}

// maxIterations bounds the work that a server can make the client do: seconds.
const maxIterations = 10_000_000

// iterations returns the count that the server's first message asks for, 0 if
// it has none.
func iterations(challenge string) uint64 {
	for part := range strings.SplitSeq(challenge, ",") {
		if number, ok := strings.CutPrefix(part, "i="); ok {
			n, err := strconv.ParseUint(number, 10, 64)
			if errors.Is(err, strconv.ErrRange) {
				return math.MaxUint64
			}
			return n
		}
	}
	return 0
}

// Finish checks that the server knows the password.
func (s *SCRAM) Finish(last []byte) error {
	if s.conversation == nil {
		return errors.New("the exchange has not begun")
	}
	if last != nil && !s.conversation.Done() {
		if _, err := s.step(string(last)); err != nil {
			return err
		}
	}
	if !s.conversation.Valid() {
		return errors.New("the server has not shown that it knows the password")
	}
	return nil
}

func (s *SCRAM) step(challenge string) ([]byte, error) {
	answer, err := s.conversation.Step(challenge)
	return []byte(answer), err
}
