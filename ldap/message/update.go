package message

import (
	"errors"
	"fmt"

	ber "github.com/go-asn1-ber/asn1-ber"
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

func (r AddRequest) packet() (*ber.Packet, error) {
	attributes := ber.NewSequence("attributes")
	for _, a := range r.Attributes {
		switch {
		case a.Name == "":
			return nil, fmt.Errorf("add %q: an attribute's name is empty", r.DN)
		case len(a.Values) == 0:
			return nil, fmt.Errorf("add %q: attribute %q has no value", r.DN, a.Name)
		}
		attributes.AppendChild(a.packet())
	}
	if len(r.Attributes) == 0 {
		return nil, fmt.Errorf("add %q: there are no attributes", r.DN)
	}
	return application(tagAddRequest, octets(r.DN, "entry"), attributes), nil
}

func (r ModifyRequest) packet() (*ber.Packet, error) {
	if len(r.Changes) == 0 {
		return nil, fmt.Errorf("modify %q: there are no changes", r.DN)
	}
	changes := ber.NewSequence("changes")
	for _, c := range r.Changes {
		if err := c.check(); err != nil {
			return nil, fmt.Errorf("modify %q: %w", r.DN, err)
		}
		change := ber.NewSequence("change")
		change.AppendChild(number(ber.TagEnumerated, int64(c.Kind), "operation"))
		change.AppendChild(PartialAttribute{c.Attribute, c.Values}.packet())
		changes.AppendChild(change)
	}
	return application(tagModifyRequest, octets(r.DN, "object"), changes), nil
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

func (a PartialAttribute) packet() *ber.Packet {
	p := ber.NewSequence("attribute")
	p.AppendChild(octets(a.Name, "type"))
	values := ber.Encode(ber.ClassUniversal, ber.TypeConstructed, ber.TagSet, nil, "vals")
	for _, v := range a.Values {
		values.AppendChild(octets(v, "value"))
	}
	p.AppendChild(values)
	return p
}

func (r ModifyDNRequest) packet() (*ber.Packet, error) {
	if r.NewRDN == "" {
		return nil, fmt.Errorf("modifyDN %q: the new RDN is empty", r.DN)
	}
	p := application(tagModifyDNRequest, octets(r.DN, "entry"), octets(r.NewRDN, "newrdn"), boolean(!r.KeepOldRDN, "deleteoldrdn"))
	if r.NewSuperior != nil {
		p.AppendChild(contextOctets(0, *r.NewSuperior))
	}
	return p, nil
}

func (r DeleteRequest) packet() (*ber.Packet, error) {
	if r.DN == "" {
		return nil, errors.New("delete: the DN is empty")
	}
	return ber.NewString(ber.ClassApplication, ber.TypePrimitive, tagDelRequest, r.DN, "delRequest"), nil
}
