package security

import (
	"encoding/binary"
	"errors"
	"strconv"

	"github.com/ldapedge/ldapedge/formatters/guid"
)

// Binary returns the self-relative form ([MS-DTYP] 2.4.6), the parts in the order
// of Layout and without gaps: what [Parse] reads from Active Directory and from
// Samba, it gives back byte by byte. It is nil where the descriptor has no such
// form; [Descriptor.AppendBinary] says why.
func (d *Descriptor) Binary() []byte {
	raw, err := d.AppendBinary(nil)
	if err != nil {
		return nil
	}
	return raw
}

// AppendBinary appends the self-relative form to dst. Control gets SelfRelative,
// and DACLPresent and SACLPresent for the lists that are there. It is an error if
// an ACE of a known type has no SID, or if an ACE or a list is longer than 65,535
// bytes.
func (d *Descriptor) AppendBinary(dst []byte) ([]byte, error) {
	start := len(dst)
	dst = append(dst, make([]byte, descriptorHead)...)
	control := d.Control | SelfRelative
	if d.DACL != nil {
		control |= DACLPresent
	}
	if d.SACL != nil {
		control |= SACLPresent
	}
	// The offsets fit: two lists and two SIDs are at most 131,206 bytes.
	place := func(field int) {
		binary.LittleEndian.PutUint32(dst[start+field:], uint32(len(dst)-start))
	}
	sids := func() {
		if !d.Owner.IsZero() {
			place(atOwner)
			dst = append(dst, d.Owner.raw...)
		}
		if !d.Group.IsZero() {
			place(atGroup)
			dst = append(dst, d.Group.raw...)
		}
	}
	acls := func() (err error) {
		if d.SACL != nil {
			place(atSACL)
			if dst, err = d.SACL.append(dst, "SACL"); err != nil {
				return err
			}
		}
		if d.DACL != nil {
			place(atDACL)
			dst, err = d.DACL.append(dst, "DACL")
		}
		return err
	}
	var err error
	if d.Layout == SambaLayout {
		sids()
		err = acls()
	} else if err = acls(); err == nil {
		sids()
	}
	if err != nil {
		return nil, err
	}
	dst[start] = descriptorRevision
	dst[start+1] = d.ResourceManager
	binary.LittleEndian.PutUint16(dst[start+atControl:], uint16(control))
	return dst, nil
}

func (l *ACL) append(dst []byte, what string) ([]byte, error) {
	start := len(dst)
	dst = append(dst, l.Revision, 0, 0, 0, 0, 0, 0, 0)
	for i := range l.ACEs {
		var err error
		if dst, err = l.ACEs[i].append(dst); err != nil {
			return nil, errors.New(what + "'s ACE " + strconv.Itoa(i) + ": " + err.Error())
		}
		if len(dst)-start > maxACL {
			return nil, errors.New("the " + what + " is longer than 65535 bytes with its ACE " + strconv.Itoa(i))
		}
	}
	// The count fits, for an ACE has four bytes or more.
	binary.LittleEndian.PutUint16(dst[start+2:], uint16(len(dst)-start))
	binary.LittleEndian.PutUint16(dst[start+4:], uint16(len(l.ACEs)))
	return dst, nil
}

func (a *ACE) append(dst []byte) ([]byte, error) {
	start := len(dst)
	dst = append(dst, byte(a.Type), byte(a.Flags), 0, 0)
	if !a.Type.IsKnown() {
		dst = append(dst, a.Raw...)
	} else {
		if a.SID.IsZero() {
			return nil, errors.New("it has no SID")
		}
		dst = binary.LittleEndian.AppendUint32(dst, uint32(a.Mask))
		if a.Type.IsObject() {
			dst = binary.LittleEndian.AppendUint32(dst, uint32(a.ObjectFlags))
		}
		if a.HasObjectType() {
			dst = appendGUID(dst, a.ObjectType)
		}
		if a.HasInheritedObjectType() {
			dst = appendGUID(dst, a.InheritedObjectType)
		}
		dst = append(dst, a.SID.raw...)
		dst = append(dst, a.ApplicationData...)
	}
	size := len(dst) - start
	if size > maxACL {
		return nil, errors.New("it is longer than 65535 bytes")
	}
	binary.LittleEndian.PutUint16(dst[start+2:], uint16(size))
	return dst, nil
}

func appendGUID(dst []byte, g guid.GUID) []byte {
	b := g.LittleEndian()
	return append(dst, b[:]...)
}
