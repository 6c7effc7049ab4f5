package message

import (
	"errors"
	"fmt"

	"github.com/ldapedge/ldapedge/ldap/internal/tlv"
)

// PartialAttribute is an attribute description and values, which are any bytes
// (RFC 4511 §4.1.7).
type PartialAttribute struct {
	// Name is the attribute description, options included.
	Name   string
	Values []string
}

// AddRequest adds an entry (RFC 4511 §4.7).
type AddRequest struct {
	DN string
	// Attributes are those of the entry, each with at least one value. What the
	// RDN says and they do not is left to the server.
	Attributes []PartialAttribute
}

// ModifyRequest changes an entry (RFC 4511 §4.6): all of the changes, in their
// order, or none.
type ModifyRequest struct {
	DN string
	// Changes are at least one.
	Changes []Change
}

// Change is one change of an attribute.
type Change struct {
	Kind ChangeKind
	// Attribute is the attribute description, options included.
	Attribute string
	// Values are what to add, to delete or to put in place of what there is.
	// None deletes all there are, with [ChangeDelete] and [ChangeReplace]; for
	// [ChangeIncrement] it is one number.
	Values []string
}

// ChangeKind says what to do with the values.
type ChangeKind int

// The kinds (RFC 4511 §4.6; RFC 4525 for increment).
const (
	ChangeAdd ChangeKind = iota
	ChangeDelete
	ChangeReplace
	ChangeIncrement
)

// changeNames are the names of the kinds, as RFC 4511 has them.
var changeNames = [...]string{ChangeAdd: "add", ChangeDelete: "delete", ChangeReplace: "replace", ChangeIncrement: "increment"}

// String returns the kind's name in RFC 4511, or "change N".
func (k ChangeKind) String() string {
	if k < 0 || int(k) >= len(changeNames) {
		return fmt.Sprintf("change %d", int(k))
	}
	return changeNames[k]
}

// ModifyDNRequest renames an entry, moves it, or both (RFC 4511 §4.9).
type ModifyDNRequest struct {
	DN string
	// NewRDN is the entry's new name within its superior. To move it without
	// renaming it, give the present one.
	NewRDN string
	// KeepOldRDN keeps the values of the old RDN in the entry. Default: they are
	// deleted.
	KeepOldRDN bool
	// NewSuperior is the DN of the entry to move it to. Default (nil): it stays.
	NewSuperior *string
}

// DeleteRequest deletes an entry that has none below it (RFC 4511 §4.8).
type DeleteRequest struct {
	DN string
}

func (r AddRequest) appendBER(dst []byte) ([]byte, error) {
	if len(r.Attributes) == 0 {
		return dst, fmt.Errorf("add %q: there are no attributes", r.DN)
	}
	dst, at := tlv.Open(dst, byte(OpAddRequest))
	dst = tlv.Append(dst, tlv.OctetString, r.DN)
	dst, list := tlv.Open(dst, tlv.Sequence)
	for _, a := range r.Attributes {
		switch {
		case a.Name == "":
			return dst, fmt.Errorf("add %q: an attribute's name is empty", r.DN)
		case len(a.Values) == 0:
			return dst, fmt.Errorf("add %q: attribute %q has no value", r.DN, a.Name)
		}
		dst = a.appendBER(dst)
	}
	return tlv.Close(tlv.Close(dst, list), at), nil
}

func (r ModifyRequest) appendBER(dst []byte) ([]byte, error) {
	if len(r.Changes) == 0 {
		return dst, fmt.Errorf("modify %q: there are no changes", r.DN)
	}
	dst, at := tlv.Open(dst, byte(OpModifyRequest))
	dst = tlv.Append(dst, tlv.OctetString, r.DN)
	dst, list := tlv.Open(dst, tlv.Sequence)
	for _, c := range r.Changes {
		if err := c.check(); err != nil {
			return dst, fmt.Errorf("modify %q: %w", r.DN, err)
		}
		var change int
		dst, change = tlv.Open(dst, tlv.Sequence)
		dst = tlv.AppendInteger(dst, tlv.Enumerated, int32(c.Kind))
		dst = PartialAttribute{c.Attribute, c.Values}.appendBER(dst)
		dst = tlv.Close(dst, change)
	}
	return tlv.Close(tlv.Close(dst, list), at), nil
}

func (c Change) check() error {
	switch {
	case c.Kind < 0 || int(c.Kind) >= len(changeNames):
		return fmt.Errorf("there is no %s", c.Kind)
	case c.Attribute == "":
		return fmt.Errorf("%s: the attribute's name is empty", c.Kind)
	case c.Kind == ChangeAdd && len(c.Values) == 0:
		return fmt.Errorf("add %q: there is no value", c.Attribute)
	case c.Kind == ChangeIncrement && len(c.Values) != 1:
		return fmt.Errorf("increment %q: there are %d values, not one", c.Attribute, len(c.Values))
	}
	return nil
}

func (a PartialAttribute) appendBER(dst []byte) []byte {
	dst, at := tlv.Open(dst, tlv.Sequence)
	dst = tlv.Append(dst, tlv.OctetString, a.Name)
	dst, values := tlv.Open(dst, tlv.Set)
	for _, v := range a.Values {
		dst = tlv.Append(dst, tlv.OctetString, v)
	}
	return tlv.Close(tlv.Close(dst, values), at)
}

func (r ModifyDNRequest) appendBER(dst []byte) ([]byte, error) {
	if r.NewRDN == "" {
		return dst, fmt.Errorf("modifyDN %q: the new RDN is empty", r.DN)
	}
	dst, at := tlv.Open(dst, byte(OpModifyDNRequest))
	dst = tlv.Append(dst, tlv.OctetString, r.DN)
	dst = tlv.Append(dst, tlv.OctetString, r.NewRDN)
	dst = tlv.AppendBoolean(dst, tlv.Boolean, !r.KeepOldRDN)
	if r.NewSuperior != nil {
		dst = tlv.Append(dst, tagNewSuperior, *r.NewSuperior)
	}
	return tlv.Close(dst, at), nil
}

func (r DeleteRequest) appendBER(dst []byte) ([]byte, error) {
	if r.DN == "" {
		return dst, errors.New("delete: the DN is empty")
	}
	return tlv.Append(dst, byte(OpDelRequest), r.DN), nil
}
