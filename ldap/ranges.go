package ldap

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/ldapedge/ldapedge/ldap/control"
	"github.com/ldapedge/ldapedge/ldap/message"
)

// rangeOption begins the option under which Active Directory returns a part of
// many values ([MS-ADTS] 3.1.1.3.1.3.3): "member;range=0-1499" and, for the last
// part, "member;range=1500-*".
const rangeOption = "range="

// isRange tells whether a description has such an option.
func isRange(description string) bool {
	_, _, ok := cutRange(description)
	return ok
}

// cutRange takes the option out of a description.
func cutRange(description string) (attribute, values string, ok bool) {
	name, options, _ := strings.Cut(description, ";")
	attribute = name
	for option := range strings.SplitSeq(options, ";") {
		if len(option) > len(rangeOption) && strings.EqualFold(option[:len(rangeOption)], rangeOption) {
			values, ok = option[len(rangeOption):], true
		} else if option != "" {
			attribute += ";" + option
		}
	}
	return attribute, values, ok
}

// parseRange reads what follows "range=". last is -1 for "*". What DirSync uses
// ranges for, 1-1 for values that were added and 0-0 for those that were
// removed, is none.
func parseRange(s string) (first, last int, ok bool) {
	from, to, ok := strings.Cut(s, "-")
	if !ok || s == "0-0" || s == "1-1" {
		return 0, 0, false
	}
	first, err := strconv.Atoi(from)
	if err != nil || first < 0 {
		return 0, 0, false
	}
	if to == "*" {
		return first, -1, true
	}
	last, err = strconv.Atoi(to)
	return first, last, err == nil && last >= first
}

// whole returns the entry with all values of the attributes of which the server
// has returned a part. It is in the way of every entry, and most have none.
func (s *searching) whole(e message.Entry) (message.Entry, error) {
	for a := range e.Attributes() {
		if bytes.IndexByte(a.NameBytes(), ';') >= 0 && isRange(a.Name()) {
			return s.collected(e)
		}
	}
	return e, nil
}

// collected puts an entry with ranges together. Beside a range Active Directory
// returns the attribute itself, without values.
func (s *searching) collected(e message.Entry) (message.Entry, error) {
	var all []message.Attribute
	place := func(name string) int {
		return slices.IndexFunc(all, func(a message.Attribute) bool { return strings.EqualFold(a.Name(), name) })
	}
	for a := range e.Attributes() {
		name, values, _ := cutRange(a.Name())
		if _, last, ok := parseRange(values); ok {
			got := slices.Collect(a.Values())
			if last >= 0 {
				var err error
				if got, err = s.rest(e.DN(), name, last+1, got); err != nil {
					return message.Entry{}, err
				}
			}
			a = message.NewAttribute(name, got...)
		}
		at := place(a.Name())
		switch {
		case at < 0:
			all = append(all, a)
		case a.Len() > 0:
			all[at] = both(all[at], a)
		}
	}
	return message.NewEntry(e.DN(), all...), nil
}

// maxRanges bounds what is collected for one attribute, in messages of the
// largest size; valueSize is what a value takes beside its bytes.
const (
	maxRanges = 16
	valueSize = 24
)

// rest returns the values of an attribute with those from a place on.
func (s *searching) rest(dn, attribute string, from int, values [][]byte) ([][]byte, error) {
	_, _, dn = control.SplitExtendedDN(dn)
	size := 0
	for {
		wanted := attribute + ";" + rangeOption + strconv.Itoa(from) + "-*"
		e, _, err := s.session.first(s.ctx, message.SearchRequest{Base: dn, Attributes: []string{wanted}}, s.kept())
		if err != nil {
			return nil, fmt.Errorf("the rest of %s of %q: %w", attribute, dn, err)
		}
		part, last, ok := partOf(e, attribute, from)
		if !ok {
			return nil, fmt.Errorf("of %s of %q the values from %d on are not returned", attribute, dn, from)
		}
		for v := range part.Values() {
			values = append(values, v)
			size += valueSize + len(v)
		}
		if last < 0 {
			return values, nil
		}
		if most := maxRanges * cmp.Or(s.connection.options.MaxMessage, message.DefaultMaxMessage); size > most {
			return nil, fmt.Errorf("%s of %q has more than %d bytes", attribute, dn, most)
		}
		from = last + 1
	}
}

// partOf returns the attribute's values from that place on, and the place of
// the last of them, -1 if no more follow.
func partOf(e message.Entry, attribute string, from int) (part message.Attribute, last int, ok bool) {
	for a := range e.Attributes() {
		name, values, _ := cutRange(a.Name())
		if !strings.EqualFold(name, attribute) {
			continue
		}
		if first, last, ok := parseRange(values); ok && first == from && (last < 0 || a.Len() > 0) {
			return a, last, true
		}
	}
	return message.Attribute{}, 0, false
}

// kept are the controls of the search that also hold for the values of one
// entry: not those that make a list of entries another one.
func (s *searching) kept() (all []message.Control) {
	for _, c := range s.options.Controls {
		switch c.OID {
		case control.OIDPagedResults, control.OIDSort, control.OIDVirtualListView, control.OIDSyncRequest, control.OIDDirSync,
			control.OIDPersistentSearch, control.OIDAttributeScopedQuery, string(control.Notification):
		default:
			all = append(all, c)
		}
	}
	return all
}
