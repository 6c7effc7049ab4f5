package control

import (
	"github.com/ldapedge/ldapedge/ldap/internal/tlv"
	"github.com/ldapedge/ldapedge/ldap/message"
)

// The OIDs of reading an entry with its update, in requests and responses.
const (
	OIDPreRead  = "1.3.6.1.1.13.1"
	OIDPostRead = "1.3.6.1.1.13.2"
)

// PreRead asks for the entry as it is before a modification, a deletion or a
// renaming (RFC 4527).
type PreRead struct {
	// Attributes are those wanted, as in a search. Default: all user attributes.
	Attributes []string
	// Critical makes the control critical.
	Critical bool
}

// Control returns the control.
func (p PreRead) Control() message.Control { return readEntry(OIDPreRead, p.Critical, p.Attributes) }

// PostRead asks for the entry as it is after an addition, a modification or a
// renaming (RFC 4527).
type PostRead struct {
	// Attributes are those wanted, as in a search. Default: all user attributes.
	Attributes []string
	// Critical makes the control critical.
	Critical bool
}

// Control returns the control.
func (p PostRead) Control() message.Control { return readEntry(OIDPostRead, p.Critical, p.Attributes) }

func readEntry(oid string, critical bool, attributes []string) message.Control {
	var list []byte
	for _, a := range attributes {
		list = tlv.Append(list, tlv.OctetString, a)
	}
	return message.Control{OID: oid, Critical: critical, Value: sequence(list)}
}

// ParsePreRead reads the entry of a response. It refers to the received bytes.
func ParsePreRead(c message.Control) (message.Entry, error) {
	return parseReadEntry(c, OIDPreRead, "pre-read")
}

// ParsePostRead reads the entry of a response. It refers to the received bytes.
func ParsePostRead(c message.Control) (message.Entry, error) {
	return parseReadEntry(c, OIDPostRead, "post-read")
}

func parseReadEntry(c message.Control, oid, what string) (e message.Entry, err error) {
	r := readValue(c, oid, what)
	if r.err == nil {
		e, r.err = message.ParseEntry(r.rest)
	}
	return result(e, r)
}
