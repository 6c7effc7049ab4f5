package ldap

import (
	"context"
	"fmt"

	"github.com/ldapedge/ldapedge/ldap/internal/tlv"
	"github.com/ldapedge/ldapedge/ldap/message"
)

// The names of the extended operations known here, beside [message.StartTLS].
const (
	// OIDWhoAmI is the name of [Connection.WhoAmI].
	OIDWhoAmI = "1.3.6.1.4.1.4203.1.11.3"
	// OIDPasswordModify is the name of [Connection.PasswordModify].
	OIDPasswordModify = "1.3.6.1.4.1.4203.1.11.1"
)

// ExtendedResponse is what a server answers to an extended operation.
type ExtendedResponse struct {
	Response
	// Name is an OID; many servers leave it out.
	Name string
	// Value is what the operation returns, in the form that it defines; nil if
	// there is none.
	Value []byte
}

// Extended does an extended operation (RFC 4511 §4.12). Intermediate responses
// are passed over. It counts as an update: it is never repeated. StartTLS is not
// among them, see [Connection.StartTLS].
func (c *Connection) Extended(ctx context.Context, r message.ExtendedRequest, controls ...message.Control) (ExtendedResponse, error) {
	return c.extended(ctx, "extended operation "+r.Name, false, r, controls)
}

func (c *Connection) extended(ctx context.Context, name string, read bool, r message.ExtendedRequest, controls []message.Control) (ExtendedResponse, error) {
	if r.Name == message.StartTLS {
		return ExtendedResponse{}, fmt.Errorf("%s: StartTLS is an operation of its own", name)
	}
	response, event, err := c.single(ctx, single{
		name: name, read: read, secret: r.Name == OIDPasswordModify,
		begin: func(m *message.Machine, _ string) (int32, error) { return m.Extended(r, controls...) },
	})
	answer := ExtendedResponse{Response: response}
	if err != nil {
		return answer, err
	}
	given, err := event.ExtendedResponse()
	if err != nil {
		return answer, fmt.Errorf("%s: %w", name, err)
	}
	answer.Name, answer.Value = given.Name, given.Value
	return answer, nil
}

// WhoAmI returns who the client is to the server (RFC 4532): an authorization
// identity, "dn:" and a DN or "u:" and a user name, or empty for anonymous.
func (c *Connection) WhoAmI(ctx context.Context, controls ...message.Control) (identity string, _ Response, err error) {
	r, err := c.extended(ctx, "who am I", true, message.ExtendedRequest{Name: OIDWhoAmI}, controls)
	return string(r.Value), r.Response, err
}

// PasswordModifyRequest changes a password (RFC 3062).
type PasswordModifyRequest struct {
	// User is whose password it is, mostly a DN. Default: the client's own.
	User string
	// OldPassword is the present one. Some servers can do without. Default: none
	// is sent.
	OldPassword string
	// NewPassword is the new one. Default: the server makes one.
	NewPassword string
}

// value returns the request's value, nil if there is nothing to say.
func (r PasswordModifyRequest) value() []byte {
	if r == (PasswordModifyRequest{}) {
		return nil
	}
	const tagUserIdentity = 0x80 // the other two follow
	b, at := tlv.Open(nil, tlv.Sequence)
	for i, part := range []string{r.User, r.OldPassword, r.NewPassword} {
		if part != "" {
			b = tlv.Append(b, tagUserIdentity+byte(i), part)
		}
	}
	return tlv.Close(b, at)
}

// PasswordModify changes a password (RFC 3062). generated is the one that the
// server has made, empty if it made none. [Options.Reconnect] goes on with the
// old one: bind anew. A referral is followed only to where credentials may go.
func (c *Connection) PasswordModify(ctx context.Context, r PasswordModifyRequest, controls ...message.Control) (generated string, _ Response, err error) {
	const name = "password modify"
	answer, err := c.extended(ctx, name, false, message.ExtendedRequest{Name: OIDPasswordModify, Value: r.value()}, controls)
	if err != nil || len(answer.Value) == 0 {
		return "", answer.Response, err
	}
	if generated, err = generatedPassword(answer.Value); err != nil {
		err = fmt.Errorf("%s: %w", name, err)
	}
	return generated, answer.Response, err
}

// generatedPassword reads a PasswdModifyResponseValue.
func generatedPassword(b []byte) (string, error) {
	const tagGenPasswd = 0x80
	body, err := tlv.Whole(b, tlv.Sequence, "response value")
	if err != nil {
		return "", err
	}
	password, _, _, err := tlv.Optional(body, tagGenPasswd, "genPasswd")
	return string(password), err
}
