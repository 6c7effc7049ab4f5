package control

import (
	"strconv"

	"github.com/ldapedge/ldapedge/ldap/internal/tlv"
	"github.com/ldapedge/ldapedge/ldap/message"
)

// The OIDs of persistent searches.
const (
	OIDPersistentSearch = "2.16.840.1.113730.3.4.3"
	OIDEntryChange      = "2.16.840.1.113730.3.4.7"
)

// ChangeType is a kind of change, or several in a [PersistentSearch].
type ChangeType int32

// The kinds of changes.
const (
	ChangeAdd      ChangeType = 1
	ChangeDelete   ChangeType = 2
	ChangeModify   ChangeType = 4
	ChangeModifyDN ChangeType = 8
	ChangeAny                 = ChangeAdd | ChangeDelete | ChangeModify | ChangeModifyDN
)

// String returns the name of one kind.
func (t ChangeType) String() string {
	switch t {
	case ChangeAdd:
		return "add"
	case ChangeDelete:
		return "delete"
	case ChangeModify:
		return "modify"
	case ChangeModifyDN:
		return "modDN"
	}
	return strconv.Itoa(int(t))
}

// PersistentSearch keeps a search open and returns entries as they change
// (draft-ietf-ldapext-psearch-03).
type PersistentSearch struct {
	// Types are the kinds of changes to tell of. Default (0): all.
	Types ChangeType
	// ChangesOnly leaves out the entries that are there at the beginning.
	ChangesOnly bool
	// Notify asks for an [EntryChange] with each entry that has changed.
	Notify bool
}

// Control returns the control, critical: a search without it is another one.
func (p PersistentSearch) Control() message.Control {
	if p.Types == 0 {
		p.Types = ChangeAny
	}
	return message.Control{OID: OIDPersistentSearch, Critical: true,
		Value: sequence(integer(int32(p.Types)), boolean(p.ChangesOnly), boolean(p.Notify))}
}

// EntryChange tells why a persistent search has returned an entry.
type EntryChange struct {
	Type ChangeType
	// PreviousDN is what the entry was called before ChangeModifyDN.
	PreviousDN string
	// Number is the change's in the server's change log, 0 if it has none.
	Number int64
}

// ParseEntryChange reads the control of an entry.
func ParseEntryChange(c message.Control) (EntryChange, error) {
	r := read(c, OIDEntryChange, "entry change notification")
	e := EntryChange{Type: ChangeType(r.integer(tlv.Enumerated, "changeType")), PreviousDN: string(r.optional(tlv.OctetString, "previousDN"))}
	if r.has(tlv.Integer) {
		e.Number = r.integer64("changeNumber")
	}
	return result(e, r)
}

// integer64 takes an INTEGER of up to 64 bits.
func (r *reader) integer64(name string) (n int64) {
	body := r.element(tlv.Integer, name)
	if len(body) == 0 || len(body) > 8 {
		r.fail("%s has %d octets", name, len(body))
		return 0
	}
	n = int64(int8(body[0]))
	for _, c := range body[1:] {
		n = n<<8 | int64(c)
	}
	return n
}
