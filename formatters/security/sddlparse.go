package security

import (
	"strings"
)

// ParseSDDL reads a descriptor's text ([MS-DTYP] 2.5.1): owner, group, DACL and
// SACL in any order, each at most once. Tokens may be in either case, and spaces
// may be around the parts, the ACEs and their fields. Rights are tokens, those of
// files and registry keys among them, or one number in decimal, octal or
// hexadecimal.
//
// domain is the domain whose accounts tokens such as DA stand for; without one
// (the zero value) these are an error. It is an error, too, if an ACE has a GUID
// that its type has no place for: without the GUID it would say more. Conditions
// and claims are read in the form that [Descriptor.SDDLIn] writes, and are an
// error as expressions.
//
// The lists have the revision that Active Directory's have, ACLRevisionDS. The
// error is an [*Error].
func ParseSDDL(s string, domain SID) (*Descriptor, error) {
	p := sddlParser{text: s, domain: domain}
	d, problem := p.descriptor()
	if problem != nil {
		return nil, problem
	}
	return d, nil
}

type sddlParser struct {
	text   string
	at     int
	domain SID
}

func sddlError(at int, message string) *Error { return &Error{FormSDDL, at, message} }

func (p *sddlParser) skipSpaces() {
	for p.at < len(p.text) && p.text[p.at] == ' ' {
		p.at++
	}
}

func upper(c byte) byte {
	if 'a' <= c && c <= 'z' {
		return c - 'a' + 'A'
	}
	return c
}

// section returns the letter of the section that begins here, 0 if none does.
func (p *sddlParser) section() byte {
	if p.at+1 < len(p.text) && p.text[p.at+1] == ':' {
		return upper(p.text[p.at])
	}
	return 0
}

func (p *sddlParser) descriptor() (*Descriptor, *Error) {
	d := &Descriptor{Control: SelfRelative}
	seen := ""
	for p.skipSpaces(); p.at < len(p.text); p.skipSpaces() {
		start, letter := p.at, p.section()
		if letter == 0 || !strings.Contains("OGDS", string(letter)) {
			return nil, sddlError(start, `"O:", "G:", "D:" or "S:" is expected, not `+quote(p.text[start:]))
		}
		if strings.Contains(seen, string(letter)) {
			return nil, sddlError(start, string(letter)+": is there twice")
		}
		seen += string(letter)
		p.at += 2
		var problem *Error
		switch letter {
		case 'O':
			d.Owner, problem = p.sidSection()
		case 'G':
			d.Group, problem = p.sidSection()
		case 'D':
			d.Control |= DACLPresent
			d.DACL, problem = p.acl(&d.Control, daclFlags)
		case 'S':
			d.Control |= SACLPresent
			d.SACL, problem = p.acl(&d.Control, saclFlags)
		}
		if problem != nil {
			return nil, problem
		}
	}
	return d, nil
}

// sidSection reads up to the next section, whose letter may look like a digit of
// the SID.
func (p *sddlParser) sidSection() (SID, *Error) {
	f := field{p.text[p.at:], p.at}
	if colon := strings.IndexByte(f.text, ':'); colon > 0 {
		f.text = f.text[:colon-1]
	}
	p.at += len(f.text)
	return f.trim().sid(p.domain)
}

func (p *sddlParser) acl(control *Control, flags []aclFlag) (*ACL, *Error) {
	for p.skipSpaces(); p.at < len(p.text) && p.text[p.at] != '(' && p.section() == 0; p.skipSpaces() {
		rest := p.text[p.at:]
		if hasPrefixFold(rest, nullACL) {
			p.at += len(nullACL)
			return nil, nil
		}
		found := false
		for _, f := range flags {
			if hasPrefixFold(rest, f.token) {
				*control |= f.bit
				p.at += len(f.token)
				found = true
				break
			}
		}
		if !found {
			return nil, sddlError(p.at, "P, AR, AI, "+nullACL+" or an ACE is expected, not "+quote(rest))
		}
	}
	acl := &ACL{Revision: ACLRevisionDS, ACEs: []ACE{}}
	size := aclHead
	for ; p.at < len(p.text) && p.text[p.at] == '('; p.skipSpaces() {
		start := p.at
		ace, problem := p.ace()
		if problem != nil {
			return nil, problem
		}
		if size += ace.size(); size > maxACL {
			return nil, sddlError(start, "the list is longer than 65535 bytes in its binary form")
		}
		acl.ACEs = append(acl.ACEs, ace)
	}
	return acl, nil
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// size is the length of the binary form.
func (a *ACE) size() int {
	if !a.Type.IsKnown() {
		return aceHead + len(a.Raw)
	}
	size := aceHead + 4 + len(a.SID.raw) + len(a.ApplicationData)
	if a.Type.IsObject() {
		size += 4
	}
	if a.HasObjectType() {
		size += len(a.ObjectType)
	}
	if a.HasInheritedObjectType() {
		size += len(a.InheritedObjectType)
	}
	return size
}
