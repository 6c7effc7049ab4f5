// Package control has the values of LDAP controls (RFC 4511 §4.1.11) as types.
//
// One that goes with a request has a method Control, which gives what is sent:
//
//	machine.Search(request, control.PagedResults{Size: 500}.Control())
//
// One that comes with a response has a function Parse…, which reads what
// [message.Controls.Find] has found by its OID:
//
//	if c, ok := controls.Find(control.OIDPagedResults); ok {
//		page, err := control.ParsePagedResults(c)
//	}
//
// Those functions accept any definite length form, as Active Directory sends
// them, and ignore what follows in a sequence (RFC 4511 §4). Their errors wrap
// [message.ErrProtocol]. What they return does not refer to the received bytes,
// but for the entries of [ParsePreRead] and [ParsePostRead].
package control

import "github.com/ldapedge/ldapedge/ldap/message"

// Typed is a control of a request.
type Typed interface {
	Control() message.Control
}

// Valueless is a control that has no value: its OID.
type Valueless string

// The controls without a value.
const (
	// ManageDsaIT treats referral objects as ordinary entries (RFC 3296).
	ManageDsaIT Valueless = "2.16.840.1.113730.3.4.2"
	// DontUseCopy has the original answer, not a copy (RFC 6171).
	DontUseCopy Valueless = "1.3.6.1.1.22"
	// AuthorizationIdentity asks a bind for the identity, which
	// [ParseAuthorizationIdentity] reads (RFC 3829).
	AuthorizationIdentity Valueless = "2.16.840.1.113730.3.4.16"
	// PasswordPolicy asks for the state of the password, which
	// [ParsePasswordPolicy] reads (draft-behera-ldap-password-policy-10).
	PasswordPolicy Valueless = "1.3.6.1.4.1.42.2.27.8.5.1"
	// Relax allows an administrator what the schema and the data model do not
	// (draft-zeilenga-ldap-relax-03).
	Relax Valueless = "1.3.6.1.4.1.4203.666.5.12"
	// NoOp has an update tried but not made (draft-zeilenga-ldap-noop-11).
	NoOp Valueless = "1.3.6.1.4.1.4203.666.5.2"
)

// The controls without a value that Active Directory has (MS-ADTS §3.1.1.3.4.1).
const (
	// ShowDeleted includes deleted objects, without [ShowRecycled] those that
	// can be restored alone.
	ShowDeleted Valueless = "1.2.840.113556.1.4.417"
	// ShowRecycled includes deleted and recycled objects.
	ShowRecycled Valueless = "1.2.840.113556.1.4.2064"
	// ShowDeactivatedLink includes links to and from deleted objects.
	ShowDeactivatedLink Valueless = "1.2.840.113556.1.4.2065"
	// DomainScope has no continuation references made.
	DomainScope Valueless = "1.2.840.113556.1.4.1339"
	// TreeDelete deletes an entry with all below it.
	TreeDelete Valueless = "1.2.840.113556.1.4.805"
	// PermissiveModify takes the addition of what is there and the deletion of
	// what is not.
	PermissiveModify Valueless = "1.2.840.113556.1.4.1413"
	// LazyCommit answers before a change is on disk.
	LazyCommit Valueless = "1.2.840.113556.1.4.619"
	// Notification keeps a search open and returns each entry that changes.
	Notification Valueless = "1.2.840.113556.1.4.528"
	// ForceUpdate counts a change even if it changes nothing.
	ForceUpdate Valueless = "1.2.840.113556.1.4.1974"
	// RODCPromotion is sent while a read-only domain controller is set up.
	RODCPromotion Valueless = "1.2.840.113556.1.4.1341"
)

// Control returns the control, critical: what is ignored would change what the
// operation does.
func (v Valueless) Control() message.Control {
	return message.Control{OID: string(v), Critical: true}
}

// Optional returns the control, not critical.
func (v Valueless) Optional() message.Control { return message.Control{OID: string(v)} }
