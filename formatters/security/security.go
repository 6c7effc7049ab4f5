// Package security reads and writes what guards the objects of Active
// Directory: security identifiers such as objectSid, and security descriptors
// such as nTSecurityDescriptor, in their binary form, as SDDL and as JSON.
//
// [ParseSID] and [ParseSIDText] make a [SID]. [Parse] reads a descriptor's
// binary form and [ParseSDDL] its text; [Descriptor.Binary],
// [Descriptor.SDDLIn] and [Descriptor.AppendJSON] write it. [RightName] says
// what the GUID of an extended right, a validated write or a property set
// stands for.
//
// The formats are those of [MS-DTYP] 2.4.2 (SID), 2.4.4 (ACE), 2.4.5 (ACL),
// 2.4.6 (SECURITY_DESCRIPTOR) and 2.5.1 (SDDL). Only the self-relative form of a
// descriptor is known, for it is the one that travels.
//
// # What SDDL cannot say
//
// The text has no place for an ACL's revision, for the control bits other than
// those of protection and inheritance, for the resource manager's byte and for
// the order of a descriptor's parts. [ParseSDDL] gives them the values that
// Active Directory has.
//
// The conditions of callback ACEs and the claims of resource attributes are kept
// byte by byte, but neither compiled nor shown as expressions. SDDL carries them
// in the seventh field as "#" and hexadecimal digits, and an ACE type without a
// token of its own as "TYPE" and its number, such as TYPE0c. [ParseSDDL] reads
// both again. They are of this package's own, and chosen so that a reader that
// does not know them refuses a condition or a type, and does not leave it out.
//
// [MS-DTYP]: https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/
package security

import "strconv"

// Error is something wrong with a SID, a descriptor or SDDL.
type Error struct {
	// Form is what was being read.
	Form Form
	// Offset is where it is wrong, in bytes from 0.
	Offset int
	// Message says what is wrong.
	Message string
}

// Form is one of the forms that are read, as messages name it.
type Form string

// The forms.
const (
	FormSID        Form = "SID"
	FormDescriptor Form = "security descriptor"
	FormSDDL       Form = "SDDL"
)

// Error returns form, place and message.
func (e *Error) Error() string {
	return string(e.Form) + ", byte " + strconv.Itoa(e.Offset) + ": " + e.Message
}

// quote shows a piece of the input in a message, shortened where it is long.
func quote(s string) string {
	const most = 40
	if len(s) > most {
		return strconv.Quote(s[:most]) + "…"
	}
	return strconv.Quote(s)
}
