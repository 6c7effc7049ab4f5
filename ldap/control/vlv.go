package control

import (
	"github.com/ldapedge/ldapedge/ldap/internal/tlv"
	"github.com/ldapedge/ldapedge/ldap/message"
)

// The OIDs of virtual list views.
const (
	OIDVirtualListView         = "2.16.840.1.113730.3.4.9"
	OIDVirtualListViewResponse = "2.16.840.1.113730.3.4.10"
)

// VirtualListView asks for a part of a sorted list
// (draft-ietf-ldapext-ldapv3-vlv-09): a target with some entries before and
// after it. It goes together with [Sort].
type VirtualListView struct {
	// Before and After are how many entries to return beside the target.
	Before, After int32
	// Offset is the place of the target in the list, from 1. ContentCount is how
	// many entries the client believes the list to have, by which the server
	// scales the offset; 0 for what the server itself believes.
	Offset, ContentCount int32
	// Value, if not nil, makes the target the first entry whose value of the
	// first sort key is not less, in place of the offset.
	Value *string
	// ContextID is what the last response came with; empty for the first request.
	ContextID []byte
	// Critical makes the control critical.
	Critical bool
}

const (
	tagByOffset       = 0xa0
	tagGreaterOrEqual = 0x81
)

// Control returns the control.
func (v VirtualListView) Control() message.Control {
	target := tlv.Append(nil, tagByOffset, append(integer(v.Offset), integer(v.ContentCount)...))
	if v.Value != nil {
		target = tlv.Append(nil, tagGreaterOrEqual, *v.Value)
	}
	return message.Control{OID: OIDVirtualListView, Critical: v.Critical,
		Value: sequence(integer(v.Before), integer(v.After), target, optional(v.ContextID))}
}

// VirtualListViewResponse tells where in the list the entries are.
type VirtualListViewResponse struct {
	// Position is the place of the target, from 1.
	Position int32
	// ContentCount is how many entries the server believes the list to have.
	ContentCount int32
	// Code is success if the part could be found.
	Code message.ResultCode
	// ContextID is for the next request.
	ContextID []byte
}

// ParseVirtualListViewResponse reads the control of a response.
func ParseVirtualListViewResponse(c message.Control) (VirtualListViewResponse, error) {
	r := read(c, OIDVirtualListViewResponse, "virtual list view response")
	v := VirtualListViewResponse{
		Position:     r.integer(tlv.Integer, "targetPosition"),
		ContentCount: r.integer(tlv.Integer, "contentCount"),
		Code:         message.ResultCode(r.integer(tlv.Enumerated, "virtualListViewResult")),
		ContextID:    r.optional(tlv.OctetString, "contextID"),
	}
	return result(v, r)
}
