package control

import (
	"github.com/ldapedge/ldapedge/ldap/filter"
	"github.com/ldapedge/ldapedge/ldap/internal/tlv"
	"github.com/ldapedge/ldapedge/ldap/message"
)

// The functions of this file read what clients send, for who stands between
// them and a server. What they return gives an equal control again, without
// what may have followed the known elements.

// ParseSort reads the control of a request.
func ParseSort(c message.Control) (Sort, error) {
	r := read(c, OIDSort, "sort")
	s := Sort{Critical: c.Critical}
	for r.err == nil && len(r.rest) > 0 {
		one := r.into(tlv.Sequence, "key")
		key := SortKey{Attribute: string(one.octets(tlv.OctetString, "attributeType")), Rule: string(one.optional(tagOrderingRule, "orderingRule"))}
		if one.has(tagReverseOrder) {
			body := one.element(tagReverseOrder, "reverseOrder")
			if one.err == nil {
				key.Reverse, one.err = tlv.ParseBoolean(body, "reverseOrder")
			}
		}
		r.leave(one)
		s.Keys = append(s.Keys, key)
	}
	return result(s, r)
}

// ParseVirtualListView reads the control of a request.
func ParseVirtualListView(c message.Control) (VirtualListView, error) {
	r := read(c, OIDVirtualListView, "virtual list view")
	v := VirtualListView{Critical: c.Critical, Before: r.integer(tlv.Integer, "beforeCount"), After: r.integer(tlv.Integer, "afterCount")}
	if r.has(tagGreaterOrEqual) {
		v.Value = new(string(r.octets(tagGreaterOrEqual, "greaterThanOrEqual")))
	} else {
		target := r.into(tagByOffset, "byOffset")
		v.Offset, v.ContentCount = target.integer(tlv.Integer, "offset"), target.integer(tlv.Integer, "contentCount")
		r.leave(target)
	}
	v.ContextID = r.optional(tlv.OctetString, "contextID")
	return result(v, r)
}

// ParseAssertion reads the control of a request.
func ParseAssertion(c message.Control) (Assertion, error) {
	r := readValue(c, OIDAssertion, "assertion")
	var a Assertion
	if r.err == nil {
		a.Filter, r.err = filter.Decode(r.rest)
	}
	return result(a, r)
}

// ParseMatchedValues reads the control of a request.
func ParseMatchedValues(c message.Control) (MatchedValues, error) {
	r := read(c, OIDMatchedValues, "matched values")
	m := MatchedValues{Critical: c.Critical}
	for r.err == nil && len(r.rest) > 0 {
		_, _, rest, err := tlv.Element(r.rest)
		if err != nil {
			r.err = err
			break
		}
		f, err := filter.Decode(r.rest[:len(r.rest)-len(rest)])
		if err != nil {
			r.err = err
			break
		}
		if f.Parts() != nil || f.Kind() == filter.KindAnd || f.Kind() == filter.KindOr {
			r.fail("a filter with parts") // RFC 3876 §2: SimpleFilterItem
			break
		}
		for a := range f.Assertions() {
			m.Assertions = append(m.Assertions, a)
		}
		r.rest = rest
	}
	return result(m, r)
}

// ParsePreReadRequest reads the control of a request.
func ParsePreReadRequest(c message.Control) (PreRead, error) {
	attributes, err := parseSelection(c, OIDPreRead, "pre-read")
	return PreRead{Attributes: attributes, Critical: c.Critical}, err
}

// ParsePostReadRequest reads the control of a request.
func ParsePostReadRequest(c message.Control) (PostRead, error) {
	attributes, err := parseSelection(c, OIDPostRead, "post-read")
	return PostRead{Attributes: attributes, Critical: c.Critical}, err
}

func parseSelection(c message.Control, oid, what string) (attributes []string, err error) {
	r := read(c, oid, what)
	for r.err == nil && len(r.rest) > 0 {
		attributes = append(attributes, string(r.octets(tlv.OctetString, "attribute")))
	}
	return result(attributes, r)
}

// ParseSubentries reads the control of a request.
func ParseSubentries(c message.Control) (Subentries, error) {
	r := readValue(c, OIDSubentries, "subentries")
	s := Subentries{Critical: c.Critical}
	if r.has(tlv.Boolean) {
		s.Visible = r.boolean("visibility", false)
	} else {
		r.fail("there is no visibility")
	}
	if len(r.rest) > 0 {
		r.fail("%d bytes after the visibility", len(r.rest))
	}
	return result(s, r)
}

// ParseExtendedDN reads the control of a request. One without a value asks for
// hexadecimal forms (MS-ADTS §3.1.1.3.4.1.5).
func ParseExtendedDN(c message.Control) (ExtendedDN, error) {
	if c.OID == OIDExtendedDN && c.Value == nil {
		return ExtendedDN{Critical: c.Critical}, nil
	}
	r := read(c, OIDExtendedDN, "extended DN")
	return result(ExtendedDN{Text: r.integer(tlv.Integer, "flag") == 1, Critical: c.Critical}, r)
}

// ParseSecurityDescriptor reads the control of a request.
func ParseSecurityDescriptor(c message.Control) (SecurityDescriptor, error) {
	r := read(c, OIDSecurityDescriptor, "security descriptor")
	flags := r.integer(tlv.Integer, "flags")
	return result(SecurityDescriptor{Critical: c.Critical, Owner: flags&1 != 0, Group: flags&2 != 0, DACL: flags&4 != 0, SACL: flags&8 != 0}, r)
}
