package security

// Control is the control field of a descriptor ([MS-DTYP] 2.4.6).
type Control uint16

// The bits of Control, with the abbreviations of [MS-DTYP].
const (
	OwnerDefaulted              Control = 1 << iota // OD
	GroupDefaulted                                  // GD
	DACLPresent                                     // DP
	DACLDefaulted                                   // DD
	SACLPresent                                     // SP
	SACLDefaulted                                   // SD
	DACLTrusted                                     // DT
	ServerSecurity                                  // SS
	DACLAutoInheritRequired                         // DC, "AR" in SDDL
	SACLAutoInheritRequired                         // SC
	DACLAutoInherited                               // DI, "AI" in SDDL
	SACLAutoInherited                               // SI
	DACLProtected                                   // PD, "P" in SDDL
	SACLProtected                                   // PS
	ResourceManagerControlValid                     // RM
	SelfRelative                                    // SR
)

var controlNames = [16]string{
	"ownerDefaulted", "groupDefaulted", "daclPresent", "daclDefaulted",
	"saclPresent", "saclDefaulted", "daclTrusted", "serverSecurity",
	"daclAutoInheritRequired", "saclAutoInheritRequired", "daclAutoInherited", "saclAutoInherited",
	"daclProtected", "saclProtected", "resourceManagerControlValid", "selfRelative",
}

// Names returns the names of the bits that are set, from the lowest on:
// "daclPresent", "selfRelative".
func (c Control) Names() []string {
	names := []string{}
	for i, name := range controlNames {
		if c>>i&1 != 0 {
			names = append(names, name)
		}
	}
	return names
}
