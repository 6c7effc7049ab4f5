package security

import (
	"strconv"
	"strings"

	"github.com/ldapedge/ldapedge/formatters/guid"
)

// The fields of an ACE.
const (
	fieldType = iota
	fieldFlags
	fieldRights
	fieldObject
	fieldInherited
	fieldSID
	fieldData
	maxFields
)

// field is a piece of SDDL and where it begins.
type field struct {
	text string
	at   int
}

func (f field) trim() field {
	left := strings.TrimLeft(f.text, " ")
	return field{strings.TrimRight(left, " "), f.at + len(f.text) - len(left)}
}

// ace reads an ACE, at whose bracket the parser is.
func (p *sddlParser) ace() (a ACE, problem *Error) {
	fields, problem := p.fields()
	if problem != nil {
		return ACE{}, problem
	}
	if a.Type, problem = fields[fieldType].aceType(); problem != nil {
		return ACE{}, problem
	}
	if a.Flags, problem = fields[fieldFlags].aceFlags(); problem != nil {
		return ACE{}, problem
	}
	data, problem := fields[fieldData].data()
	if problem != nil {
		return ACE{}, problem
	}
	if !a.Type.IsKnown() {
		for _, f := range fields[fieldRights:fieldData] {
			if f.text != "" {
				return ACE{}, sddlError(f.at, "nothing but flags and data is known of an ACE of type "+a.Type.String())
			}
		}
		a.Raw = data
		return a, nil
	}
	a.ApplicationData = data
	if a.Mask, problem = fields[fieldRights].mask(a.Type); problem != nil {
		return ACE{}, problem
	}
	if problem = a.setGUIDs(fields[fieldObject], fields[fieldInherited]); problem != nil {
		return ACE{}, problem
	}
	if a.SID, problem = fields[fieldSID].sid(p.domain); problem != nil {
		return ACE{}, problem
	}
	return a, nil
}

// fields splits the ACE, and goes behind it.
func (p *sddlParser) fields() (all [maxFields]field, problem *Error) {
	start := p.at
	p.at++
	for n := range all {
		length := strings.IndexAny(p.text[p.at:], ";()")
		if length < 0 {
			return all, sddlError(start, "the ACE has no end")
		}
		all[n] = field{p.text[p.at : p.at+length], p.at}.trim()
		p.at += length + 1
		switch end := p.text[p.at-1]; {
		case end == '(' && n == fieldData:
			return all, sddlError(p.at-1, "conditions and claims are not read as expressions, only as # and hexadecimal digits")
		case end == '(':
			return all, sddlError(p.at-1, `an ACE has no "(" in it`)
		case end == ')' && n < fieldSID:
			return all, sddlError(start, "the ACE has "+strconv.Itoa(n+1)+" fields of 6")
		case end == ')':
			return all, nil
		}
	}
	return all, sddlError(start, "the ACE has more than 7 fields")
}

func (f field) aceType() (ACEType, *Error) {
	for t := range aceTypes {
		if token := aceTypes[t].token; token != "" && strings.EqualFold(token, f.text) {
			return ACEType(t), nil
		}
	}
	if hasPrefixFold(f.text, typeNumber) {
		if n, ok := parseNumber(f.text[len(typeNumber):], 16, 2, 8); ok {
			return ACEType(n), nil
		}
	}
	return 0, sddlError(f.at, quote(f.text)+" is no type of an ACE")
}

func (f field) aceFlags() (flags ACEFlags, problem *Error) {
	for rest := f; rest.text != ""; {
		found := false
		for i, flag := range aceFlags {
			if hasPrefixFold(rest.text, flag.token) {
				flags |= 1 << i
				found = true
				break
			}
		}
		if !found {
			return 0, sddlError(rest.at, quote(rest.text)+" is no flag of an ACE")
		}
		rest = field{rest.text[2:], rest.at + 2}
	}
	return flags, nil
}

func (f field) mask(t ACEType) (mask AccessMask, problem *Error) {
	if f.text != "" && '0' <= f.text[0] && f.text[0] <= '9' {
		return f.numericMask()
	}
	for rest := f; rest.text != ""; {
		m, ok := maskOfToken(rest.text, t)
		if !ok {
			return 0, sddlError(rest.at, quote(rest.text)+" is no right")
		}
		mask |= m
		rest = field{rest.text[2:], rest.at + 2}
	}
	return mask, nil
}

func maskOfToken(text string, t ACEType) (AccessMask, bool) {
	for _, rights := range [][]right{t.rights(), combinedRights} {
		for _, r := range rights {
			if r.token != "" && hasPrefixFold(text, r.token) {
				return r.mask, true
			}
		}
	}
	return 0, false
}

// numericMask reads hexadecimal after 0x, octal after 0, and decimal.
func (f field) numericMask() (AccessMask, *Error) {
	const most = 24 // more digits than any number of 32 bits needs
	digits, base := f.text, 10
	switch {
	case hasPrefixFold(digits, "0x"):
		digits, base = digits[2:], 16
	case len(digits) > 1 && digits[0] == '0':
		digits, base = digits[1:], 8
	}
	n, ok := parseNumber(digits, base, most, 32)
	if !ok {
		return 0, sddlError(f.at, "the rights "+quote(f.text)+" are no number of 32 bits")
	}
	return AccessMask(n), nil
}

func (a *ACE) setGUIDs(object, inherited field) *Error {
	for _, g := range []struct {
		from field
		to   *guid.GUID
		flag ObjectFlags
	}{{object, &a.ObjectType, ObjectTypePresent}, {inherited, &a.InheritedObjectType, InheritedObjectTypePresent}} {
		if g.from.text == "" {
			continue
		}
		if !a.Type.IsObject() {
			return sddlError(g.from.at, "an ACE of type "+a.Type.String()+" has no GUID")
		}
		parsed, err := guid.Parse(g.from.text)
		if err != nil || len(g.from.text) != guid.Length {
			return sddlError(g.from.at, quote(g.from.text)+" is no GUID")
		}
		*g.to = parsed
		a.ObjectFlags |= g.flag
	}
	return nil
}

func (f field) sid(domain SID) (SID, *Error) {
	if len(f.text) != 2 {
		sid, err := ParseSIDText(f.text)
		if problem, ok := err.(*Error); ok {
			return SID{}, sddlError(f.at+problem.Offset, "neither a token of two letters nor a SID: "+problem.Message)
		}
		return sid, nil
	}
	sid, known := sidOfAlias(strings.ToUpper(f.text), domain)
	switch {
	case !known:
		return SID{}, sddlError(f.at, quote(f.text)+" stands for no SID")
	case sid.IsZero() && domain.IsZero():
		return SID{}, sddlError(f.at, quote(f.text)+" is an account of a domain, and none is given")
	case sid.IsZero():
		return SID{}, sddlError(f.at, quote(f.text)+" is an account of a domain, and "+domain.String()+" has no room for one")
	}
	return sid, nil
}

// data reads "#" and hexadecimal digits; nil if there is no field.
func (f field) data() ([]byte, *Error) {
	if f.text == "" {
		return nil, nil
	}
	digits := f.text[1:]
	if f.text[0] != '#' || len(digits) == 0 || len(digits)%2 != 0 {
		return nil, sddlError(f.at, "# and pairs of hexadecimal digits are expected, not "+quote(f.text))
	}
	data := make([]byte, len(digits)/2)
	for i := range data {
		high, low := hexDigit(digits[2*i]), hexDigit(digits[2*i+1])
		if high < 0 || low < 0 {
			return nil, sddlError(f.at+1+2*i, quote(digits[2*i:2*i+2])+" are no hexadecimal digits")
		}
		data[i] = byte(high<<4 | low)
	}
	return data, nil
}
