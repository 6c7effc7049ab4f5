package control

import "github.com/ldapedge/ldapedge/ldap/message"

// The OIDs of identities.
const (
	OIDProxiedAuthorization          = "2.16.840.1.113730.3.4.18"
	OIDAuthorizationIdentityResponse = "2.16.840.1.113730.3.4.15"
)

// ProxiedAuthorization has an operation done as somebody else (RFC 4370).
type ProxiedAuthorization struct {
	// ID is the authorization identity (RFC 4513 §5.2.1.8): "dn:" and a DN, "u:"
	// and a user name, or empty for anonymous.
	ID string
}

// Control returns the control, critical as RFC 4370 §3 asks.
func (p ProxiedAuthorization) Control() message.Control {
	return message.Control{OID: OIDProxiedAuthorization, Critical: true, Value: []byte(p.ID)}
}

// ParseAuthorizationIdentity reads who a bind has made the client (RFC 3829):
// an authorization identity, empty for anonymous.
func ParseAuthorizationIdentity(c message.Control) (string, error) {
	r := readValue(c, OIDAuthorizationIdentityResponse, "authorization identity response")
	return result(string(c.Value), r)
}
