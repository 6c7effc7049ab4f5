package security

// AccessMask is the rights that an ACE allows, denies or audits ([MS-DTYP]
// 2.4.3), with the rights of directory objects ([MS-ADTS] 5.1.3.2) in its low
// bits.
type AccessMask uint32

// The rights.
const (
	CreateChild          AccessMask = 0x00000001
	DeleteChild          AccessMask = 0x00000002
	ListContents         AccessMask = 0x00000004
	Self                 AccessMask = 0x00000008 // a validated write
	ReadProperty         AccessMask = 0x00000010
	WriteProperty        AccessMask = 0x00000020
	DeleteTree           AccessMask = 0x00000040
	ListObject           AccessMask = 0x00000080
	ControlAccess        AccessMask = 0x00000100 // an extended right
	Delete               AccessMask = 0x00010000
	ReadControl          AccessMask = 0x00020000
	WriteDACL            AccessMask = 0x00040000
	WriteOwner           AccessMask = 0x00080000
	Synchronize          AccessMask = 0x00100000
	AccessSystemSecurity AccessMask = 0x01000000
	MaximumAllowed       AccessMask = 0x02000000
	GenericAll           AccessMask = 0x10000000
	GenericExecute       AccessMask = 0x20000000
	GenericWrite         AccessMask = 0x40000000
	GenericRead          AccessMask = 0x80000000

	// The bits of a mandatory label's mask ([MS-DTYP] 2.4.4.13).
	NoWriteUp   AccessMask = 0x1
	NoReadUp    AccessMask = 0x2
	NoExecuteUp AccessMask = 0x4
)

// right is a right with its token in SDDL, empty if it has none.
type right struct {
	mask  AccessMask
	token string
	name  string
}

var directoryRights = []right{
	{CreateChild, "CC", "createChild"},
	{DeleteChild, "DC", "deleteChild"},
	{ListContents, "LC", "listContents"},
	{Self, "SW", "self"},
	{ReadProperty, "RP", "readProperty"},
	{WriteProperty, "WP", "writeProperty"},
	{DeleteTree, "DT", "deleteTree"},
	{ListObject, "LO", "listObject"},
	{ControlAccess, "CR", "controlAccess"},
	{Delete, "SD", "delete"},
	{ReadControl, "RC", "readControl"},
	{WriteDACL, "WD", "writeDACL"},
	{WriteOwner, "WO", "writeOwner"},
	{Synchronize, "", "synchronize"},
	{AccessSystemSecurity, "", "accessSystemSecurity"},
	{MaximumAllowed, "", "maximumAllowed"},
	{GenericAll, "GA", "genericAll"},
	{GenericExecute, "GX", "genericExecute"},
	{GenericWrite, "GW", "genericWrite"},
	{GenericRead, "GR", "genericRead"},
}

var labelRights = []right{
	{NoWriteUp, "NW", "noWriteUp"},
	{NoReadUp, "NR", "noReadUp"},
	{NoExecuteUp, "NX", "noExecuteUp"},
}

// combinedRights are the tokens for rights of files and registry keys: read, and
// never written, for an object of a directory is neither.
var combinedRights = []right{
	{0x001f01ff, "FA", ""},
	{0x00120089, "FR", ""},
	{0x00120116, "FW", ""},
	{0x001200a0, "FX", ""},
	{0x000f003f, "KA", ""},
	{0x00020019, "KR", ""},
	{0x00020006, "KW", ""},
	{0x00020019, "KX", ""},
}

// Names returns the names of the rights, from the lowest bit on: "createChild",
// "readControl". Bits without a name are left out.
func (m AccessMask) Names() []string { return m.names(directoryRights) }

func (m AccessMask) names(rights []right) []string {
	names := []string{}
	for _, r := range rights {
		if m&r.mask != 0 {
			names = append(names, r.name)
		}
	}
	return names
}

// RightNames returns the names of the rights of the ACE's mask: those of
// [AccessMask.Names], and for a mandatory label "noWriteUp", "noReadUp" and
// "noExecuteUp".
func (a *ACE) RightNames() []string { return a.Mask.names(a.Type.rights()) }

// rights is what the bits of a mask mean in an ACE of the type.
func (t ACEType) rights() []right {
	if t == SystemMandatoryLabel {
		return labelRights
	}
	return directoryRights
}
