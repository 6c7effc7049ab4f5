package control

import "github.com/ldapedge/ldapedge/ldap/message"

// OIDSubentries is that of [Subentries].
const OIDSubentries = "1.3.6.1.4.1.4203.1.10.1"

// Subentries says which entries a search looks at (RFC 3672 §3).
type Subentries struct {
	// Visible makes it look at subentries alone, and not at others as without it.
	Visible bool
	// Critical makes the control critical.
	Critical bool
}

// Control returns the control.
func (s Subentries) Control() message.Control {
	return message.Control{OID: OIDSubentries, Critical: s.Critical, Value: boolean(s.Visible)}
}
