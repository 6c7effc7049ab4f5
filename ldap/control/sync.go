package control

import (
	"bytes"
	"strconv"

	"github.com/ldapedge/ldapedge/ldap/internal/tlv"
	"github.com/ldapedge/ldapedge/ldap/message"
)

// The OIDs of content synchronization. OIDSyncInfo is that of an intermediate
// response, not of a control.
const (
	OIDSyncRequest = "1.3.6.1.4.1.4203.1.9.1.1"
	OIDSyncState   = "1.3.6.1.4.1.4203.1.9.1.2"
	OIDSyncDone    = "1.3.6.1.4.1.4203.1.9.1.3"
	OIDSyncInfo    = "1.3.6.1.4.1.4203.1.9.1.4"
)

// SyncMode says when a synchronization ends.
type SyncMode int32

// The modes.
const (
	// SyncRefreshOnly ends once the copy is as the server's content.
	SyncRefreshOnly SyncMode = 1
	// SyncRefreshAndPersist goes on with changes as they happen.
	SyncRefreshAndPersist SyncMode = 3
)

// Sync makes a search the synchronization of a copy (RFC 4533 §2.2).
type Sync struct {
	// Mode is when it ends. Default (0): SyncRefreshOnly.
	Mode SyncMode
	// Cookie is the last one received; empty for everything.
	Cookie []byte
	// ReloadHint allows to begin anew if the cookie is too old, in place of the
	// result e-syncRefreshRequired.
	ReloadHint bool
}

// Control returns the control, critical: a search without it is another one.
func (s Sync) Control() message.Control {
	if s.Mode == 0 {
		s.Mode = SyncRefreshOnly
	}
	var hint []byte
	if s.ReloadHint {
		hint = boolean(true)
	}
	return message.Control{OID: OIDSyncRequest, Critical: true, Value: sequence(enumerated(int32(s.Mode)), optional(s.Cookie), hint)}
}

// SyncAction is what has become of an entry.
type SyncAction int32

// The actions.
const (
	SyncPresent SyncAction = 0 // as it was
	SyncAdd     SyncAction = 1
	SyncModify  SyncAction = 2
	SyncDelete  SyncAction = 3
)

// String returns the name of RFC 4533 §2.3.
func (a SyncAction) String() string {
	switch a {
	case SyncPresent:
		return "present"
	case SyncAdd:
		return "add"
	case SyncModify:
		return "modify"
	case SyncDelete:
		return "delete"
	}
	return strconv.Itoa(int(a))
}

// UUID is an entryUUID (RFC 4530).
type UUID [16]byte

// SyncState comes with each entry and reference of a synchronization (RFC 4533
// §2.3).
type SyncState struct {
	Action SyncAction
	// UUID is the entry's, by which it is known: its DN may change.
	UUID UUID
	// Cookie replaces the last one, if there is one.
	Cookie []byte
}

// ParseSyncState reads the control of an entry or a reference.
func ParseSyncState(c message.Control) (SyncState, error) {
	r := read(c, OIDSyncState, "sync state")
	s := SyncState{Action: SyncAction(r.integer(tlv.Enumerated, "state"))}
	if s.Action < SyncPresent || s.Action > SyncDelete {
		r.fail("there is no state %d", int32(s.Action))
	}
	s.UUID = r.uuid("entryUUID")
	s.Cookie = r.optional(tlv.OctetString, "cookie")
	return result(s, r)
}

func (r *reader) uuid(name string) (u UUID) {
	body := r.element(tlv.OctetString, name)
	if copy(u[:], body) < len(u) || len(body) > len(u) {
		r.fail("%s has %d bytes", name, len(body))
	}
	return u
}

// SyncDone comes with the end of a synchronization (RFC 4533 §2.4).
type SyncDone struct {
	// Cookie is for the next time.
	Cookie []byte
	// RefreshDeletes tells that the deleted entries were named; otherwise those
	// that were not named as present or changed are deleted.
	RefreshDeletes bool
}

// ParseSyncDone reads the control of the search's result.
func ParseSyncDone(c message.Control) (SyncDone, error) {
	r := read(c, OIDSyncDone, "sync done")
	s := SyncDone{Cookie: r.optional(tlv.OctetString, "cookie"), RefreshDeletes: r.boolean("refreshDeletes", false)}
	return result(s, r)
}

// SyncInfoKind is what a [SyncInfo] tells.
type SyncInfoKind byte

// The kinds: the tags of their encodings.
const (
	// SyncNewCookie has a cookie alone.
	SyncNewCookie SyncInfoKind = 0x80
	// SyncRefreshDelete ends the phase that names deleted entries.
	SyncRefreshDelete SyncInfoKind = 0xa1
	// SyncRefreshPresent ends the phase that names entries that are present.
	SyncRefreshPresent SyncInfoKind = 0xa2
	// SyncIDSet names many entries at once.
	SyncIDSet SyncInfoKind = 0xa3
)

// SyncInfo is an intermediate response of a synchronization (RFC 4533 §2.5).
type SyncInfo struct {
	Kind SyncInfoKind
	// Cookie replaces the last one, if there is one.
	Cookie []byte
	// RefreshDone tells, with SyncRefreshDelete and SyncRefreshPresent, that the
	// refresh is complete, and changes follow as they happen.
	RefreshDone bool
	// RefreshDeletes tells that the entries of SyncIDSet are deleted; otherwise
	// they are present.
	RefreshDeletes bool
	// UUIDs are those of SyncIDSet.
	UUIDs []UUID
}

// ParseSyncInfo reads the name and value of an intermediate response, as
// [message.Message.Intermediate] returns them.
func ParseSyncInfo(name string, value []byte) (SyncInfo, error) {
	r := readValue(message.Control{OID: name, Value: value}, OIDSyncInfo, "sync info")
	if r.err == nil && len(value) == 0 {
		r.fail("the value is empty")
	}
	if r.err != nil {
		return SyncInfo{}, r.done()
	}
	s := SyncInfo{Kind: SyncInfoKind(value[0])}
	r = r.whole(value[0], "syncInfoValue")
	if s.Kind == SyncNewCookie {
		s.Cookie = bytes.Clone(r.rest)
		return result(s, r)
	}
	s.Cookie = r.optional(tlv.OctetString, "cookie")
	switch s.Kind {
	case SyncRefreshDelete, SyncRefreshPresent:
		s.RefreshDone = r.boolean("refreshDone", true)
	case SyncIDSet:
		s.RefreshDeletes = r.boolean("refreshDeletes", false)
		set := r.into(tlv.Set, "syncUUIDs")
		for set.err == nil && len(set.rest) > 0 {
			s.UUIDs = append(s.UUIDs, set.uuid("syncUUID"))
		}
		r.leave(set)
	default:
		r.fail("tag 0x%02x is no kind of sync info", value[0])
	}
	return result(s, r)
}
