// Package tunnel is the vocabulary of the WebSocket session between a client
// and the connector: what both sides must spell alike. docs/protocol.md
// describes the session.
//
// The package has no sockets and is the same natively and as WebAssembly.
package tunnel

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Subprotocol is the WebSocket subprotocol that a client must offer and the
// connector selects.
const Subprotocol = "ldapedge.v1"

// tokenPrefix begins the subprotocol entry that carries a browser's token,
// for a browser can set no header. The connector never selects it.
const tokenPrefix = "ldapedge.token."

// TokenSubprotocol returns the subprotocol entry that carries the token.
func TokenSubprotocol(token string) string {
	return tokenPrefix + base64.RawURLEncoding.EncodeToString([]byte(token))
}

// TokenFromSubprotocol returns the token that a subprotocol entry carries; ok
// is false for any other entry.
func TokenFromSubprotocol(entry string) (token string, ok bool) {
	encoded, ok := strings.CutPrefix(entry, tokenPrefix)
	if !ok {
		return "", false
	}
	b, err := base64.RawURLEncoding.DecodeString(encoded)
	return string(b), err == nil
}

// CloseCode is the WebSocket close code that ends a session.
type CloseCode int

// The close codes of a session. A browser sees no HTTP status, so whatever it
// has to know comes in one of these.
const (
	CloseNormal           CloseCode = 1000
	CloseDraining         CloseCode = 1001
	CloseTooBig           CloseCode = 1009
	CloseInternal         CloseCode = 1011
	CloseProtocol         CloseCode = 4400
	CloseNotAuthenticated CloseCode = 4401
	CloseNotPermitted     CloseCode = 4403
	CloseUnknownServer    CloseCode = 4404
	CloseIdle             CloseCode = 4408
	CloseTooMany          CloseCode = 4429
	CloseDialFailed       CloseCode = 4502
	CloseTimeout          CloseCode = 4504
)

// MaxReason is the longest reason, in bytes, that a WebSocket close frame has
// room for (RFC 6455 §5.5).
const MaxReason = 123

// Reason cuts a close reason to what fits, at a character's boundary.
func Reason(s string) string {
	if len(s) > MaxReason {
		s = s[:MaxReason-len("…")] + "…"
	}
	return strings.ToValidUTF8(s, "")
}

// Hello is the first frame of a session, text, from the connector: the
// session's facts.
type Hello struct {
	// Server is the name under which the connector knows the server.
	Server string `json:"server"`
	// Address is the address that was dialled, host and port.
	Address string `json:"address"`
	// TLS are the facts of the TLS session to the server; nil for plain TCP.
	TLS *TLS `json:"tls"`
	// Limits are what the connector holds the session to.
	Limits Limits `json:"limits"`
}

// Frame returns the frame's text.
func (h Hello) Frame() []byte {
	b, _ := json.Marshal(h) // strings and numbers always marshal
	return b
}

// ParseHello reads the first frame of a session.
func ParseHello(frame []byte) (Hello, error) {
	var h Hello
	if err := json.Unmarshal(frame, &h); err != nil {
		return Hello{}, fmt.Errorf("the session's first frame: %w", err)
	}
	return h, nil
}

// TLS are the facts of a TLS session.
type TLS struct {
	// Version and Cipher are named as in crypto/tls: "TLS 1.3",
	// "TLS_AES_128_GCM_SHA256".
	Version string `json:"version"`
	Cipher  string `json:"cipher"`
	// Verified tells whether the server's certificate was verified.
	Verified bool `json:"verified"`
	// Fingerprint is the SHA-256 of the server's certificate, in hexadecimal.
	Fingerprint string `json:"fingerprint"`
}

// Limits are what the connector holds a session to.
type Limits struct {
	// Frame is the largest WebSocket message that a client may send, in bytes.
	Frame int `json:"frame"`
	// Message is the largest LDAP message, in bytes; 0 where the connector
	// does not look at messages.
	Message int `json:"message"`
	// IdleSeconds is how long a session may be silent before it is closed.
	IdleSeconds int `json:"idleSeconds"`
}

// ErrCredit is the error of [ParseCredit] for a text frame that grants no
// credit.
var ErrCredit = errors.New(`a text frame from the client must be {"credit":BYTES} with 1 to 1073741824 bytes`)

// MaxCredit is the largest grant, in bytes, that one frame can make and that
// can be outstanding.
const MaxCredit = 1 << 30

const creditPrefix = `{"credit":`

// CreditFrame returns the text frame with which a client allows the connector
// n more bytes.
func CreditFrame(n int) []byte {
	return []byte(creditPrefix + strconv.Itoa(n) + "}")
}

// ParseCredit returns the bytes that a client's text frame grants. The error
// wraps [ErrCredit].
func ParseCredit(frame []byte) (int, error) {
	digits, ok := strings.CutPrefix(string(frame), creditPrefix)
	digits, closed := strings.CutSuffix(digits, "}")
	n, err := strconv.ParseUint(digits, 10, 31)
	if ok && closed && err == nil && n >= 1 && n <= MaxCredit {
		return int(n), nil
	}
	return 0, ErrCredit
}
