package message

import (
	"slices"

	"github.com/ldapedge/ldapedge/ldap/internal/tlv"
)

// What this file makes is for who stands between client and server.

// NewResult makes the final response of that kind (RFC 4511 §4.1.9).
func NewResult(id int32, op Op, r Result) Message {
	body := tlv.AppendInteger(nil, tlv.Enumerated, int32(r.Code))
	body = tlv.Append(body, tlv.OctetString, r.MatchedDN)
	body = tlv.Append(body, tlv.OctetString, r.Diagnostic)
	if len(r.Referral) > 0 {
		var uris []byte
		for _, uri := range r.Referral {
			uris = tlv.Append(uris, tlv.OctetString, uri)
		}
		body = tlv.Append(body, tagReferral, uris)
	}
	return Message{ID: id, Op: op, body: body}
}

// NewDisconnection makes a Notice of Disconnection (RFC 4511 §4.4.1).
func NewDisconnection(r Result) Message {
	m := NewResult(0, OpExtendedResponse, r)
	m.body = tlv.Append(m.body, tagResponseName, noticeOfDisconnection)
	return m
}

// Message makes the search result entry with that message ID.
func (e Entry) Message(id int32) Message {
	return Message{ID: id, Op: OpSearchResultEntry, body: e.appendBody(nil)}
}

// AppendBER appends the SearchResultEntry that [ParseEntry] reads, and returns
// the extended slice.
func (e Entry) AppendBER(dst []byte) []byte {
	return tlv.Append(dst, byte(OpSearchResultEntry), e.appendBody(nil))
}

func (e Entry) appendBody(dst []byte) []byte {
	dst = slices.Grow(dst, tlv.Size(len(e.dn))+tlv.Size(len(e.attributes)))
	dst = tlv.Append(dst, tlv.OctetString, e.dn)
	return tlv.Append(dst, tlv.Sequence, e.attributes)
}

// Without returns the entry without the attributes whose descriptions drop
// tells, and whether there are any. The others stay as they came.
func (e Entry) Without(drop func(description []byte) bool) (Entry, bool) {
	var kept []byte
	copied := 0
	for at := 0; at < len(e.attributes); { // checked by Message.Entry
		from, end := tlv.Bounds(e.attributes, at)
		name, nameEnd := tlv.Bounds(e.attributes, from)
		if drop(e.attributes[name:nameEnd]) {
			kept = append(slices.Grow(kept, len(e.attributes)-copied), e.attributes[copied:at]...)
			copied = end
		}
		at = end
	}
	if copied == 0 {
		return e, false
	}
	return Entry{dn: e.dn, attributes: append(kept, e.attributes[copied:]...)}, true
}

// AppendWithout appends the message of an entry that [Message.Entry] has read,
// without the attributes whose descriptions drop tells, and returns the extended
// slice. dst may end where the message begins, or before: it is written over as it
// is read.
func (m Message) AppendWithout(dst []byte, drop func(description []byte) bool) []byte {
	name, end := tlv.Bounds(m.body, 0)
	from, last := tlv.Bounds(m.body, end)
	dst, message := tlv.Open(dst, tlv.Sequence)
	dst = tlv.AppendInteger(dst, tlv.Integer, m.ID)
	dst, entry := tlv.Open(dst, byte(m.Op))
	dst = tlv.Append(dst, tlv.OctetString, m.body[name:end])
	dst, list := tlv.Open(dst, tlv.Sequence)
	kept := from // m.body[kept:from] is to be kept
	for from < last {
		inner, next := tlv.Bounds(m.body, from)
		description, values := tlv.Bounds(m.body, inner)
		if drop(m.body[description:values]) {
			dst = append(dst, m.body[kept:from]...)
			kept = next
		}
		from = next
	}
	dst = append(dst, m.body[kept:last]...)
	dst = tlv.Close(tlv.Close(dst, list), entry)
	if len(m.controls) > 0 {
		dst = tlv.Append(dst, tagControls, m.controls)
	}
	return tlv.Close(dst, message)
}

// HasControls tells whether there are controls, without reading them.
func (m Message) HasControls() bool { return len(m.controls) > 0 }

// WithControls returns the message with these controls in place of its own.
func (m Message) WithControls(controls ...Control) Message {
	m.controls = nil
	for _, c := range controls {
		m.controls = c.appendBER(m.controls)
	}
	return m
}

// WithControlsOf returns the message with the controls of another.
func (m Message) WithControlsOf(other Message) Message {
	m.controls = other.controls
	return m
}

// Append appends the message's encoding, its own lengths in their shortest
// form, and returns the extended slice.
func (m Message) Append(dst []byte) []byte {
	dst = slices.Grow(dst, overhead+len(m.body)+len(m.controls))
	dst, at := tlv.Open(dst, tlv.Sequence)
	dst = tlv.AppendInteger(dst, tlv.Integer, m.ID)
	dst = tlv.Append(dst, byte(m.Op), m.body)
	if len(m.controls) > 0 {
		dst = tlv.Append(dst, tagControls, m.controls)
	}
	return tlv.Close(dst, at)
}

// overhead is more than what is around the contents of a message.
const overhead = 3*6 + 6
