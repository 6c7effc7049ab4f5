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
	w := NewRanges(e, s.connection.options.MaxMessage)
	if w == nil {
		return e, nil
	}
	for r, more := w.Next(); more; r, more = w.Next() {
		part, _, err := s.session.first(s.ctx, r, s.kept())
		if err != nil {
			return e, fmt.Errorf("the rest of %s of %q: %w", w.open[0].attribute, w.dn, err)
		}
		if err := w.Take(part); err != nil {
			return e, err
		}
	}
	return w.Entry(), nil
}

// Ranges puts an entry together of which Active Directory has returned a part of an
// attribute's many values. It asks for nothing itself: do the searches that
// [Ranges.Next] returns, and hand the entry of each to [Ranges.Take], until there is
// none.
type Ranges struct {
	name string // as the entry has it
	dn   string
	all  []message.Attribute
	open []*openRange
	most int
}

// openRange is an attribute of which there is more.
type openRange struct {
	place     int // among all
	attribute string
	from      int
	values    [][]byte
	size      int
}

// maxRanges bounds what is collected for one attribute, in messages of the
// largest size; valueSize is what a value takes beside its bytes.
const (
	maxRanges = 16
	valueSize = 24
)

// NewRanges returns what puts the entry together, nil for one that is whole.
// maxMessage is that of [Options]: an attribute may have 16 times as many bytes.
func NewRanges(e message.Entry, maxMessage int) *Ranges {
	for a := range e.Attributes() {
		if bytes.IndexByte(a.NameBytes(), ';') >= 0 && isRange(a.Name()) {
			return newRanges(e, maxRanges*cmp.Or(maxMessage, message.DefaultMaxMessage))
		}
	}
	return nil
}

// newRanges takes the attributes. Beside a range Active Directory returns the
// attribute itself, without values.
func newRanges(e message.Entry, most int) *Ranges {
	_, _, dn := control.SplitExtendedDN(e.DN())
	w := &Ranges{name: e.DN(), dn: dn, most: most}
	for a := range e.Attributes() {
		name, values, _ := cutRange(a.Name())
		_, last, ok := parseRange(values)
		if ok {
			a = message.NewAttribute(name, slices.Collect(a.Values())...)
		}
		at := slices.IndexFunc(w.all, func(other message.Attribute) bool { return strings.EqualFold(a.Name(), other.Name()) })
		switch {
		case at < 0:
			at = len(w.all)
			w.all = append(w.all, a)
		case a.Len() > 0:
			w.all[at] = both(w.all[at], a)
		}
		if ok && last >= 0 {
			w.open = append(w.open, &openRange{place: at, attribute: name, from: last + 1, values: slices.Collect(w.all[at].Values())})
		}
	}
	return w
}

// Next returns the search for the next values; more is false when the entry is
// whole.
func (w *Ranges) Next() (r message.SearchRequest, more bool) {
	if len(w.open) == 0 {
		return r, false
	}
	o := w.open[0]
	return message.SearchRequest{Base: w.dn, Attributes: []string{o.attribute + ";" + rangeOption + strconv.Itoa(o.from) + "-*"}}, true
}

// Take takes the entry that the search has found.
func (w *Ranges) Take(e message.Entry) error {
	o := w.open[0]
	part, last, ok := partOf(e, o.attribute, o.from)
	if !ok {
		return fmt.Errorf("of %s of %q the values from %d on are not returned", o.attribute, w.dn, o.from)
	}
	for v := range part.Values() {
		o.values = append(o.values, v)
		o.size += valueSize + len(v)
	}
	switch {
	case last < 0:
		w.all[o.place] = message.NewAttribute(o.attribute, o.values...)
		w.open = w.open[1:]
	case o.size > w.most:
		return fmt.Errorf("%s of %q has more than %d bytes", o.attribute, w.dn, w.most)
	default:
		o.from = last + 1
	}
	return nil
}

// Entry returns the entry once it is whole.
func (w *Ranges) Entry() message.Entry { return message.NewEntry(w.name, w.all...) }

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
