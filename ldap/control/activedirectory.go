package control

import (
	"strings"

	"github.com/ldapedge/ldapedge/ldap/internal/tlv"
	"github.com/ldapedge/ldapedge/ldap/message"
)

// The OIDs of Active Directory's controls (MS-ADTS §3.1.1.3.4.1).
const (
	OIDExtendedDN            = "1.2.840.113556.1.4.529"
	OIDSecurityDescriptor    = "1.2.840.113556.1.4.801"
	OIDDirSync               = "1.2.840.113556.1.4.841"
	OIDSearchOptions         = "1.2.840.113556.1.4.1340"
	OIDAttributeScopedQuery  = "1.2.840.113556.1.4.1504"
	OIDCrossDomainMoveTarget = "1.2.840.113556.1.4.521"
)

// ExtendedDN asks for DNs with the GUID and SID of their objects in front, which
// [SplitExtendedDN] takes apart.
type ExtendedDN struct {
	// Text asks for them in their usual text forms, not in hexadecimal.
	Text bool
	// Critical makes the control critical.
	Critical bool
}

// Control returns the control.
func (e ExtendedDN) Control() message.Control {
	flag := int32(0)
	if e.Text {
		flag = 1
	}
	return message.Control{OID: OIDExtendedDN, Critical: e.Critical, Value: sequence(integer(flag))}
}

// SplitExtendedDN takes apart a DN that begins with <GUID=…>; and the like.
// What is not there is empty.
func SplitExtendedDN(s string) (guid, sid, dn string) {
	for strings.HasPrefix(s, "<") {
		end := strings.IndexByte(s, '>')
		if end < 0 {
			break
		}
		name, value, _ := strings.Cut(s[1:end], "=")
		switch strings.ToUpper(name) {
		case "GUID":
			guid = value
		case "SID":
			sid = value
		}
		s = strings.TrimPrefix(s[end+1:], ";")
	}
	return guid, sid, s
}

// SecurityDescriptor says which parts of security descriptors are read or
// written. Without it a search for all of nTSecurityDescriptor needs the right
// to read the SACL.
type SecurityDescriptor struct {
	Owner, Group, DACL, SACL bool
	// Critical makes the control critical.
	Critical bool
}

// Control returns the control.
func (s SecurityDescriptor) Control() message.Control {
	flags := int32(0)
	for i, part := range []bool{s.Owner, s.Group, s.DACL, s.SACL} {
		if part {
			flags |= 1 << i
		}
	}
	return message.Control{OID: OIDSecurityDescriptor, Critical: s.Critical, Value: sequence(integer(flags))}
}

// The flags of [DirSync].
const (
	// DirSyncObjectSecurity returns what the client may read, and needs no right
	// of its own.
	DirSyncObjectSecurity uint32 = 0x1
	// DirSyncAncestorsFirst returns parents before children.
	DirSyncAncestorsFirst uint32 = 0x800
	// DirSyncPublicDataOnly leaves out secrets.
	DirSyncPublicDataOnly uint32 = 0x2000
	// DirSyncIncrementalValues returns the changed values of linked attributes
	// rather than all.
	DirSyncIncrementalValues uint32 = 0x80000000
)

// DirSync asks for the objects that have changed since a cookie.
type DirSync struct {
	// Flags are those above.
	Flags uint32
	// MaxBytes bounds a response; 0 leaves it to the server.
	MaxBytes int32
	// Cookie is what the last response came with; empty for everything.
	Cookie []byte
}

// Control returns the control, critical: a search without it is another one.
func (d DirSync) Control() message.Control {
	return message.Control{OID: OIDDirSync, Critical: true,
		Value: sequence(integer(int32(d.Flags)), integer(d.MaxBytes), octets(string(d.Cookie)))}
}

// DirSyncResponse comes with the end of a search with [DirSync].
type DirSyncResponse struct {
	// More tells that there are more changes: ask again with the cookie.
	More bool
	// Cookie is for the next request.
	Cookie []byte
}

// ParseDirSync reads the control of a response.
func ParseDirSync(c message.Control) (DirSyncResponse, error) {
	r := read(c, OIDDirSync, "DirSync")
	d := DirSyncResponse{More: r.integer(tlv.Integer, "MoreResults") != 0}
	r.integer(tlv.Integer, "unused")
	d.Cookie = r.octets(tlv.OctetString, "CookieServer")
	return result(d, r)
}

// SearchOptions changes how a search goes over naming contexts.
type SearchOptions struct {
	// DomainScope has no continuation references made.
	DomainScope bool
	// PhantomRoot searches all naming contexts below the base, on a global
	// catalog those of other domains too.
	PhantomRoot bool
	// Critical makes the control critical.
	Critical bool
}

// Control returns the control.
func (s SearchOptions) Control() message.Control {
	flags := int32(0)
	if s.DomainScope {
		flags |= 1
	}
	if s.PhantomRoot {
		flags |= 2
	}
	return message.Control{OID: OIDSearchOptions, Critical: s.Critical, Value: sequence(integer(flags))}
}

// AttributeScopedQuery searches the objects that an attribute of the base names
// in place of the base; the scope must be base.
type AttributeScopedQuery struct {
	// Attribute is one whose values are DNs, such as member.
	Attribute string
}

// Control returns the control, critical: a search without it is another one.
func (a AttributeScopedQuery) Control() message.Control {
	return message.Control{OID: OIDAttributeScopedQuery, Critical: true, Value: sequence(octets(a.Attribute))}
}

// ParseAttributeScopedQuery reads the result of a response: success, or
// affectsMultipleDSAs if some objects are elsewhere.
func ParseAttributeScopedQuery(c message.Control) (message.ResultCode, error) {
	r := read(c, OIDAttributeScopedQuery, "attribute scoped query")
	return result(message.ResultCode(r.integer(tlv.Enumerated, "searchResult")), r)
}

// CrossDomainMove moves an object to another domain by a renaming.
type CrossDomainMove struct {
	// Target is the host name of a domain controller there.
	Target string
}

// Control returns the control, critical.
func (m CrossDomainMove) Control() message.Control {
	return message.Control{OID: OIDCrossDomainMoveTarget, Critical: true, Value: []byte(m.Target)}
}
