package security

import "strconv"

// SDDL returns the descriptor as text ([MS-DTYP] 2.5.1), with the accounts of a
// domain as SIDs: [Descriptor.SDDLIn] without a domain.
func (d *Descriptor) SDDL() string { return d.SDDLIn(SID{}) }

// SDDLIn returns the descriptor as text ([MS-DTYP] 2.5.1). Accounts of the domain
// are written as the tokens that they have, such as DA; the text then means
// another domain where it is read in another. EA, SA, RO and EK are accounts of
// the forest's root domain and should be trusted in that alone.
//
// Rights are tokens from the lowest bit on, as Windows writes them, or a number
// in hexadecimal if a bit has no token. A null list is NO_ACCESS_CONTROL. The
// package comment says what SDDL does not hold.
func (d *Descriptor) SDDLIn(domain SID) string {
	var dst []byte
	if !d.Owner.IsZero() {
		dst = appendSIDToken(append(dst, "O:"...), d.Owner, domain)
	}
	if !d.Group.IsZero() {
		dst = appendSIDToken(append(dst, "G:"...), d.Group, domain)
	}
	if d.DACL != nil || d.Control&DACLPresent != 0 {
		dst = append(dst, "D:"...)
		dst = d.DACL.appendSDDL(dst, d.Control, daclFlags, domain)
	}
	if d.SACL != nil || d.Control&SACLPresent != 0 {
		dst = append(dst, "S:"...)
		dst = d.SACL.appendSDDL(dst, d.Control, saclFlags, domain)
	}
	return string(dst)
}

// aclFlag is a bit of Control that is written before a list's ACEs.
type aclFlag struct {
	bit   Control
	token string
}

var (
	daclFlags = []aclFlag{{DACLProtected, "P"}, {DACLAutoInheritRequired, "AR"}, {DACLAutoInherited, "AI"}}
	saclFlags = []aclFlag{{SACLProtected, "P"}, {SACLAutoInheritRequired, "AR"}, {SACLAutoInherited, "AI"}}
)

// typeNumber is before the number, two hexadecimal digits, of a type that has no
// token. It is not 0x, for Samba 4.17 takes all that is no capital letter for A.
const typeNumber = "TYPE"

const nullACL = "NO_ACCESS_CONTROL"

func appendSIDToken(dst []byte, sid, domain SID) []byte {
	if alias := sid.alias(domain); alias != "" {
		return append(dst, alias...)
	}
	return sid.append(dst)
}

func (l *ACL) appendSDDL(dst []byte, control Control, flags []aclFlag, domain SID) []byte {
	for _, f := range flags {
		if control&f.bit != 0 {
			dst = append(dst, f.token...)
		}
	}
	if l == nil {
		return append(dst, nullACL...)
	}
	for i := range l.ACEs {
		dst = l.ACEs[i].appendSDDL(dst, domain)
	}
	return dst
}

func (a *ACE) appendSDDL(dst []byte, domain SID) []byte {
	dst = append(dst, '(')
	if token := a.Type.token(); token != "" {
		dst = append(dst, token...)
	} else {
		dst = appendHex(append(dst, typeNumber...), byte(a.Type))
	}
	dst = append(dst, ';')
	for i, flag := range aceFlags {
		if a.Flags>>i&1 != 0 {
			dst = append(dst, flag.token...)
		}
	}
	dst = append(dst, ';')
	dst = a.Mask.appendSDDL(dst, a.Type.rights())
	dst = append(dst, ';')
	if a.HasObjectType() {
		dst = a.ObjectType.Append(dst)
	}
	dst = append(dst, ';')
	if a.HasInheritedObjectType() {
		dst = a.InheritedObjectType.Append(dst)
	}
	dst = append(dst, ';')
	dst = appendSIDToken(dst, a.SID, domain)
	data := a.ApplicationData
	if !a.Type.IsKnown() {
		data = a.Raw
	}
	if len(data) > 0 {
		dst = append(dst, ";#"...)
		for _, b := range data {
			dst = appendHex(dst, b)
		}
	}
	return append(dst, ')')
}

func (m AccessMask) appendSDDL(dst []byte, rights []right) []byte {
	start := len(dst)
	left := m
	for _, r := range rights {
		if r.token != "" && m&r.mask != 0 {
			dst = append(dst, r.token...)
			left &^= r.mask
		}
	}
	if left == 0 {
		return dst
	}
	dst = append(dst[:start], "0x"...)
	return strconv.AppendUint(dst, uint64(m), 16)
}
