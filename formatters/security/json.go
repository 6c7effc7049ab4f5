package security

import (
	"encoding/base64"
	"strconv"
)

// MarshalJSON returns what [Descriptor.AppendJSON] appends.
func (d *Descriptor) MarshalJSON() ([]byte, error) { return d.AppendJSON(nil), nil }

// AppendJSON appends the descriptor as JSON:
//
//	{"control":["daclPresent","selfRelative"],"owner":"S-1-5-18","dacl":[
//	  {"type":"accessAllowedObject","flags":["containerInherit"],"mask":256,
//	   "rights":["controlAccess"],"objectType":"00299570-246d-11d0-a768-00aa006e0529",
//	   "sid":"S-1-5-11"}]}
//
// The members are control, owner, group, dacl, sacl and, if it is not 0,
// resourceManager; those of an ACE are type, flags, mask, rights, objectType,
// inheritedObjectType, sid, applicationData and, for a type that is not known, raw
// in place of all from mask on. Bytes are in base64. What is absent is left out;
// a null list is null. The revisions of the lists are not in it.
func (d *Descriptor) AppendJSON(dst []byte) []byte {
	dst = appendStrings(append(dst, `{"control":`...), d.Control.Names())
	if d.ResourceManager != 0 {
		dst = append(dst, `,"resourceManager":`...)
		dst = strconv.AppendUint(dst, uint64(d.ResourceManager), 10)
	}
	dst = appendSIDMember(dst, `,"owner":"`, d.Owner)
	dst = appendSIDMember(dst, `,"group":"`, d.Group)
	dst = d.DACL.appendJSON(dst, `,"dacl":`, d.Control&DACLPresent != 0)
	dst = d.SACL.appendJSON(dst, `,"sacl":`, d.Control&SACLPresent != 0)
	return append(dst, '}')
}

func (l *ACL) appendJSON(dst []byte, member string, present bool) []byte {
	if l == nil && !present {
		return dst
	}
	dst = append(dst, member...)
	if l == nil {
		return append(dst, "null"...)
	}
	dst = append(dst, '[')
	for i := range l.ACEs {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = l.ACEs[i].appendJSON(dst)
	}
	return append(dst, ']')
}

func (a *ACE) appendJSON(dst []byte) []byte {
	dst = append(dst, `{"type":"`...)
	dst = append(dst, a.Type.String()...)
	dst = appendStrings(append(dst, `","flags":`...), a.Flags.Names())
	if !a.Type.IsKnown() {
		return append(appendBase64(append(dst, `,"raw":"`...), a.Raw), `"}`...)
	}
	dst = append(dst, `,"mask":`...)
	dst = strconv.AppendUint(dst, uint64(a.Mask), 10)
	dst = appendStrings(append(dst, `,"rights":`...), a.RightNames())
	if a.HasObjectType() {
		dst = append(dst, `,"objectType":"`...)
		dst = append(a.ObjectType.Append(dst), '"')
	}
	if a.HasInheritedObjectType() {
		dst = append(dst, `,"inheritedObjectType":"`...)
		dst = append(a.InheritedObjectType.Append(dst), '"')
	}
	dst = appendSIDMember(dst, `,"sid":"`, a.SID)
	if len(a.ApplicationData) > 0 {
		dst = append(dst, `,"applicationData":"`...)
		dst = append(appendBase64(dst, a.ApplicationData), '"')
	}
	return append(dst, '}')
}

func appendSIDMember(dst []byte, member string, sid SID) []byte {
	if sid.IsZero() {
		return dst
	}
	return append(sid.append(append(dst, member...)), '"')
}

func appendBase64(dst, data []byte) []byte { return base64.StdEncoding.AppendEncode(dst, data) }

// appendStrings appends names, in which nothing needs an escape.
func appendStrings(dst []byte, names []string) []byte {
	dst = append(dst, '[')
	for i, name := range names {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, '"')
		dst = append(dst, name...)
		dst = append(dst, '"')
	}
	return append(dst, ']')
}
