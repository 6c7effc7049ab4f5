package security

import "github.com/ldapedge/ldapedge/formatters/guid"

// ACE is an access control entry ([MS-DTYP] 2.4.4).
type ACE struct {
	Type  ACEType
	Flags ACEFlags
	Mask  AccessMask
	// ObjectFlags say which of the two GUIDs an object ACE has. They count for
	// object ACEs alone, see [ACEType.IsObject].
	ObjectFlags ObjectFlags
	// ObjectType is the class, attribute, property set, extended right or
	// validated write that the rights are limited to.
	ObjectType guid.GUID
	// InheritedObjectType is the class of the objects that inherit the ACE.
	InheritedObjectType guid.GUID
	// SID is the trustee.
	SID SID
	// ApplicationData is what follows the SID: the condition of a callback ACE
	// ([MS-DTYP] 2.4.4.17), the claim of a resource attribute ([MS-DTYP]
	// 2.4.10.1), or bytes without a meaning. nil if there is none.
	ApplicationData []byte
	// Raw is all that follows the header of an ACE whose type is not known, see
	// [ACEType.IsKnown]; such an ACE has nothing else but Type and Flags. nil if
	// there is none.
	Raw []byte
}

// HasObjectType tells whether the ACE has an ObjectType.
func (a *ACE) HasObjectType() bool {
	return a.Type.IsObject() && a.ObjectFlags&ObjectTypePresent != 0
}

// HasInheritedObjectType tells whether the ACE has an InheritedObjectType.
func (a *ACE) HasInheritedObjectType() bool {
	return a.Type.IsObject() && a.ObjectFlags&InheritedObjectTypePresent != 0
}

// ACEType is the kind of an ACE ([MS-DTYP] 2.4.4.1).
type ACEType uint8

// The kinds.
const (
	AccessAllowed               ACEType = 0x00
	AccessDenied                ACEType = 0x01
	SystemAudit                 ACEType = 0x02
	SystemAlarm                 ACEType = 0x03
	AccessAllowedCompound       ACEType = 0x04 // reserved: not known
	AccessAllowedObject         ACEType = 0x05
	AccessDeniedObject          ACEType = 0x06
	SystemAuditObject           ACEType = 0x07
	SystemAlarmObject           ACEType = 0x08
	AccessAllowedCallback       ACEType = 0x09
	AccessDeniedCallback        ACEType = 0x0a
	AccessAllowedCallbackObject ACEType = 0x0b
	AccessDeniedCallbackObject  ACEType = 0x0c
	SystemAuditCallback         ACEType = 0x0d
	SystemAlarmCallback         ACEType = 0x0e
	SystemAuditCallbackObject   ACEType = 0x0f
	SystemAlarmCallbackObject   ACEType = 0x10
	SystemMandatoryLabel        ACEType = 0x11
	SystemResourceAttribute     ACEType = 0x12
	SystemScopedPolicyID        ACEType = 0x13
)

// aceLayout is what follows an ACE's header.
type aceLayout uint8

const (
	opaque     aceLayout = iota // nobody knows
	plain                       // mask, SID, application data
	withObject                  // mask, flags, GUIDs, SID, application data
)

var aceTypes = [...]struct {
	layout aceLayout
	// token is the type in SDDL ([MS-DTYP] 2.5.1.1), empty if it has none.
	token string
	name  string
}{
	AccessAllowed:               {plain, "A", "accessAllowed"},
	AccessDenied:                {plain, "D", "accessDenied"},
	SystemAudit:                 {plain, "AU", "systemAudit"},
	SystemAlarm:                 {plain, "AL", "systemAlarm"},
	AccessAllowedCompound:       {opaque, "", "accessAllowedCompound"},
	AccessAllowedObject:         {withObject, "OA", "accessAllowedObject"},
	AccessDeniedObject:          {withObject, "OD", "accessDeniedObject"},
	SystemAuditObject:           {withObject, "OU", "systemAuditObject"},
	SystemAlarmObject:           {withObject, "OL", "systemAlarmObject"},
	AccessAllowedCallback:       {plain, "XA", "accessAllowedCallback"},
	AccessDeniedCallback:        {plain, "XD", "accessDeniedCallback"},
	AccessAllowedCallbackObject: {withObject, "ZA", "accessAllowedCallbackObject"},
	AccessDeniedCallbackObject:  {withObject, "", "accessDeniedCallbackObject"},
	SystemAuditCallback:         {plain, "XU", "systemAuditCallback"},
	SystemAlarmCallback:         {plain, "", "systemAlarmCallback"},
	SystemAuditCallbackObject:   {withObject, "", "systemAuditCallbackObject"},
	SystemAlarmCallbackObject:   {withObject, "", "systemAlarmCallbackObject"},
	SystemMandatoryLabel:        {plain, "ML", "systemMandatoryLabel"},
	SystemResourceAttribute:     {plain, "RA", "systemResourceAttribute"},
	SystemScopedPolicyID:        {plain, "SP", "systemScopedPolicyId"},
}

func (t ACEType) layout() aceLayout {
	if int(t) < len(aceTypes) {
		return aceTypes[t].layout
	}
	return opaque
}

func (t ACEType) token() string {
	if int(t) < len(aceTypes) {
		return aceTypes[t].token
	}
	return ""
}

// IsKnown tells whether what ACEs of the type consist of is known.
func (t ACEType) IsKnown() bool { return t.layout() != opaque }

// IsObject tells whether ACEs of the type may have GUIDs ([MS-DTYP] 2.4.4.3).
func (t ACEType) IsObject() bool { return t.layout() == withObject }

// String returns the type's name, such as "accessAllowedObject", or its number,
// such as "0x14", if it has none.
func (t ACEType) String() string {
	if int(t) < len(aceTypes) {
		return aceTypes[t].name
	}
	return "0x" + string(appendHex(nil, byte(t)))
}

// ACEFlags say how an ACE is inherited and, where it audits, what it audits
// ([MS-DTYP] 2.4.4.1).
type ACEFlags uint8

// The flags. Critical is of a later Windows than the document.
const (
	ObjectInherit      ACEFlags = 0x01
	ContainerInherit   ACEFlags = 0x02
	NoPropagateInherit ACEFlags = 0x04
	InheritOnly        ACEFlags = 0x08
	Inherited          ACEFlags = 0x10
	Critical           ACEFlags = 0x20
	SuccessfulAccess   ACEFlags = 0x40
	FailedAccess       ACEFlags = 0x80
)

// aceFlags are the flags from the lowest bit on.
var aceFlags = [8]struct{ token, name string }{
	{"OI", "objectInherit"},
	{"CI", "containerInherit"},
	{"NP", "noPropagateInherit"},
	{"IO", "inheritOnly"},
	{"ID", "inherited"},
	{"CR", "critical"},
	{"SA", "successfulAccess"},
	{"FA", "failedAccess"},
}

// Names returns the names of the flags that are set, from the lowest bit on:
// "containerInherit", "inherited".
func (f ACEFlags) Names() []string {
	names := []string{}
	for i, flag := range aceFlags {
		if f>>i&1 != 0 {
			names = append(names, flag.name)
		}
	}
	return names
}

// ObjectFlags say which GUIDs an object ACE has ([MS-DTYP] 2.4.4.3).
type ObjectFlags uint32

// The flags.
const (
	ObjectTypePresent          ObjectFlags = 1
	InheritedObjectTypePresent ObjectFlags = 2
)
