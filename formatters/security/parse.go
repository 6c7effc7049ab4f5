package security

import (
	"strconv"

	"github.com/ldapedge/ldapedge/formatters/guid"
)

// Parse reads the self-relative form ([MS-DTYP] 2.4.6). The parts may be in any
// order, share bytes and leave gaps; an ACL that Control does not say to be
// present is not looked at. What is between and after the parts and behind the
// last ACE of an ACL is not kept. The error is an [*Error].
//
// The SIDs of the result share one copy of raw.
func Parse(raw []byte) (*Descriptor, error) {
	r := reader{raw: string(raw)}
	d, problem := r.descriptor()
	if problem != nil {
		return nil, problem
	}
	return d, nil
}

type reader struct{ raw string }

func (r *reader) errorAt(offset int, message string) *Error {
	return &Error{FormDescriptor, offset, message}
}

func (r *reader) uint16(at int) int { return int(r.raw[at]) | int(r.raw[at+1])<<8 }

func (r *reader) uint32(at int) uint32 {
	return uint32(r.uint16(at)) | uint32(r.uint16(at+2))<<16
}

// The places of the header's fields.
const (
	atControl = 2
	atOwner   = 4
	atGroup   = 8
	atSACL    = 12
	atDACL    = 16
)

func (r *reader) descriptor() (d *Descriptor, problem *Error) {
	if len(r.raw) < descriptorHead {
		return nil, r.errorAt(len(r.raw), "it ends in the header, which is 20 bytes")
	}
	if r.raw[0] != descriptorRevision {
		return nil, r.errorAt(0, "the revision is "+strconv.Itoa(int(r.raw[0]))+", not 1")
	}
	d = &Descriptor{ResourceManager: r.raw[1], Control: Control(r.uint16(atControl))}
	if d.Control&SelfRelative == 0 {
		return nil, r.errorAt(atControl, "the control bits do not say self-relative: there is nothing but addresses in the memory of another")
	}
	if d.Owner, problem = r.sidFrom(atOwner, "owner"); problem != nil {
		return nil, problem
	}
	if d.Group, problem = r.sidFrom(atGroup, "group"); problem != nil {
		return nil, problem
	}
	if d.Control&SACLPresent != 0 {
		if d.SACL, problem = r.aclFrom(atSACL, "SACL"); problem != nil {
			return nil, problem
		}
	}
	if d.Control&DACLPresent != 0 {
		if d.DACL, problem = r.aclFrom(atDACL, "DACL"); problem != nil {
			return nil, problem
		}
	}
	d.Layout = r.layout(d)
	return d, nil
}

// layout tells which comes first, SIDs or ACLs.
func (r *reader) layout(d *Descriptor) Layout {
	first := func(present bool, field int, before uint32) uint32 {
		if !present {
			return before
		}
		return min(before, r.uint32(field))
	}
	const none = 1<<32 - 1
	sids := first(!d.Group.IsZero(), atGroup, first(!d.Owner.IsZero(), atOwner, none))
	acls := first(d.DACL != nil, atDACL, first(d.SACL != nil, atSACL, none))
	if sids < acls && acls != none {
		return SambaLayout
	}
	return WindowsLayout
}

// part returns where the part is to which the field in the header points, 0 for
// none.
func (r *reader) part(field int, what string) (int, *Error) {
	at := r.uint32(field)
	switch {
	case at == 0:
		return 0, nil
	case at < descriptorHead:
		return 0, r.errorAt(field, "the offset of the "+what+", "+strconv.Itoa(int(at))+", is in the header")
	case uint64(at) >= uint64(len(r.raw)):
		return 0, r.errorAt(field, "the offset of the "+what+", "+strconv.FormatUint(uint64(at), 10)+", is beyond the end, "+strconv.Itoa(len(r.raw)))
	}
	return int(at), nil
}

func (r *reader) sidFrom(field int, what string) (SID, *Error) {
	at, problem := r.part(field, what)
	if at == 0 || problem != nil {
		return SID{}, problem
	}
	return r.sid(at, len(r.raw), what)
}

// sid reads a SID that ends at the latest at end.
func (r *reader) sid(at, end int, what string) (SID, *Error) {
	size, problem := sidSize(r.raw[at:end])
	if problem != nil {
		return SID{}, r.errorAt(at+problem.Offset, "the SID of the "+what+": "+problem.Message)
	}
	return SID{r.raw[at : at+size]}, nil
}

func (r *reader) aclFrom(field int, what string) (*ACL, *Error) {
	at, problem := r.part(field, what)
	if at == 0 || problem != nil {
		return nil, problem
	}
	if len(r.raw)-at < aclHead {
		return nil, r.errorAt(len(r.raw), "it ends in the header of the "+what+", which is 8 bytes")
	}
	size, count := r.uint16(at+2), r.uint16(at+4)
	if size < aclHead || size > len(r.raw)-at {
		return nil, r.errorAt(at+2, "the size of the "+what+", "+strconv.Itoa(size)+", is not from 8 to the "+strconv.Itoa(len(r.raw)-at)+" bytes that there are")
	}
	if count > (size-aclHead)/aceHead {
		return nil, r.errorAt(at+4, strconv.Itoa(count)+" ACEs cannot be in the "+what+" of "+strconv.Itoa(size)+" bytes")
	}
	acl := &ACL{Revision: r.raw[at], ACEs: make([]ACE, count)}
	end := at + size
	at += aclHead
	for i := range acl.ACEs {
		if at, problem = r.ace(&acl.ACEs[i], at, end); problem != nil {
			problem.Message = what + "'s ACE " + strconv.Itoa(i) + ": " + problem.Message
			return nil, problem
		}
	}
	return acl, nil
}

// ace reads an ACE of a list that ends at end, and returns where it ends itself.
func (r *reader) ace(a *ACE, at, end int) (next int, problem *Error) {
	if end-at < aceHead {
		return 0, r.errorAt(at, "the list ends before it")
	}
	size := r.uint16(at + 2)
	if size < aceHead || size > end-at {
		return 0, r.errorAt(at+2, "its size, "+strconv.Itoa(size)+", is not from 4 to the "+strconv.Itoa(end-at)+" bytes that are left of the list")
	}
	a.Type, a.Flags = ACEType(r.raw[at]), ACEFlags(r.raw[at+1])
	next = at + size
	at += aceHead
	if !a.Type.IsKnown() {
		a.Raw = r.rest(at, next)
		return next, nil
	}
	if at, problem = r.aceHead(a, at, next); problem != nil {
		return 0, problem
	}
	if a.SID, problem = r.sid(at, next, "trustee"); problem != nil {
		return 0, problem
	}
	a.ApplicationData = r.rest(at+len(a.SID.raw), next)
	return next, nil
}

// rest copies bytes; nil if there are none.
func (r *reader) rest(at, end int) []byte {
	if at == end {
		return nil
	}
	return []byte(r.raw[at:end])
}

// aceHead reads what is before the SID, and returns where that begins.
func (r *reader) aceHead(a *ACE, at, end int) (int, *Error) {
	if end-at < 4 {
		return 0, r.errorAt(end, "it ends before its mask")
	}
	a.Mask = AccessMask(r.uint32(at))
	at += 4
	if !a.Type.IsObject() {
		return at, nil
	}
	if end-at < 4 {
		return 0, r.errorAt(end, "it ends before its object flags")
	}
	a.ObjectFlags = ObjectFlags(r.uint32(at))
	at += 4
	for _, g := range []struct {
		present bool
		to      *guid.GUID
	}{{a.HasObjectType(), &a.ObjectType}, {a.HasInheritedObjectType(), &a.InheritedObjectType}} {
		if !g.present {
			continue
		}
		if end-at < len(g.to) {
			return 0, r.errorAt(end, "it ends in a GUID")
		}
		at += copy(g.to[:], r.raw[at:])
		*g.to = guid.FromLittleEndian(*g.to)
	}
	return at, nil
}
