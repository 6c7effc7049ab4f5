package ldap

import (
	"strings"
	"sync"
	"sync/atomic"

	"github.com/ldapedge/ldapedge/formatters"
	"github.com/ldapedge/ldapedge/ldap/message"
)

// columns are the attributes that the entries of one search have, each looked
// up once. They are safe for concurrent use, as entries are.
type columns struct {
	// formatters is nil where values are to stay texts and bytes.
	formatters *formatters.Formatters
	// requested are the attributes that every entry is to show.
	requested []*requested

	all    atomic.Pointer[[]*column] // replaced, never changed
	adding sync.Mutex
}

// maxColumns is how many attributes are remembered: a hostile server can make
// up as many as it likes.
const maxColumns = 256

// column is one attribute description.
type column struct {
	name string
	// place is that of the first column whose name is the same without case, -1
	// for one that is not remembered.
	place int
	of    *formatters.Attribute // nil where values are to stay texts and bytes
	// requested is the place among the columns' requested plus 1, 0 for none.
	requested int
}

// requested is an attribute that was asked for by name.
type requested struct {
	// attribute is what an entry shows that does not have it.
	attribute Attribute
	place     int
	key       string
}

// newColumns returns the columns of a search. f may be nil. show are the
// attributes that every entry is to show.
func newColumns(f *formatters.Formatters, show []string) *columns {
	c := &columns{formatters: f}
	for _, name := range show {
		if !isAttribute(name) {
			continue
		}
		r := &requested{place: len(c.requested), key: c.key(name)}
		if c.find(r.key) == 0 {
			c.requested = append(c.requested, r)
			r.attribute = Attribute{message.NewAttribute(name), c.make(name)}
		}
	}
	c.all.Store(new([]*column))
	return c
}

// isAttribute tells a description from what a search's list may have beside: all
// attributes, none, or those of a class (RFC 4511 §4.5.1.8, RFC 3673, RFC 4529).
func isAttribute(name string) bool {
	return name != "" && name != "*" && name != "+" && name != "1.1" && name[0] != '@'
}

// key is what a requested attribute and a returned one have in common: servers
// answer with another of its names, with an option that says how values are
// encoded, or with a range of the values.
func (c *columns) key(description string) string {
	name, options, _ := strings.Cut(strings.ToLower(description), ";")
	if c.formatters != nil {
		if d := c.formatters.Attribute(name).Definition; d != nil {
			name = d.OID
		}
	}
	for option := range strings.SplitSeq(options, ";") {
		if option != "" && option != "binary" && !strings.HasPrefix(option, rangeOption) {
			name += ";" + option
		}
	}
	return name
}

// find returns the place of the requested attribute with the key, plus 1.
func (c *columns) find(key string) int {
	for i, r := range c.requested {
		if r.key == key {
			return i + 1
		}
	}
	return 0
}

func (c *columns) make(name string) *column {
	made := &column{name: name, place: -1}
	if c.formatters != nil {
		made.of = c.formatters.Attribute(name)
	}
	if len(c.requested) > 0 {
		made.requested = c.find(c.key(name))
	}
	return made
}

// walk goes over the attributes of one entry. Servers return them in the same
// order again and again, so that the next column is most often the next one.
type walk struct {
	of   *columns
	all  []*column
	next int
	seen uint64   // the requested ones, as far as they fit
	more []uint64 // and the others
}

func (c *columns) walk() walk { return walk{of: c, all: *c.all.Load()} }

// column returns the column of the name.
func (w *walk) column(name []byte) *column {
	found := w.known(name)
	if found == nil {
		found = w.of.add(string(name))
		w.all = *w.of.all.Load()
		w.next = len(w.all)
	}
	if found.requested > 0 {
		w.see(found.requested - 1)
	}
	return found
}

func (w *walk) known(name []byte) *column {
	for i := range w.all {
		at := w.next + i
		if at >= len(w.all) {
			at -= len(w.all)
		}
		if c := w.all[at]; c.name == string(name) {
			w.next = at + 1
			return c
		}
	}
	return nil
}

func (w *walk) see(place int) {
	if place < 64 {
		w.seen |= 1 << place
		return
	}
	if w.more == nil {
		w.more = make([]uint64, (len(w.of.requested)+63)/64)
	}
	w.more[place/64] |= 1 << (place % 64)
}

// has tells whether the entry has the requested attribute.
func (w *walk) has(r *requested) bool {
	if r.place < 64 {
		return w.seen&(1<<r.place) != 0
	}
	return w.more != nil && w.more[r.place/64]&(1<<(r.place%64)) != 0
}

// add makes the column of a name that has not been seen yet.
func (c *columns) add(name string) *column {
	c.adding.Lock()
	defer c.adding.Unlock()
	all := *c.all.Load()
	for _, other := range all { // somebody else may have added it
		if other.name == name {
			return other
		}
	}
	made := c.make(name)
	if len(all) < maxColumns {
		made.place = len(all)
	}
	for i, other := range all {
		if strings.EqualFold(other.name, name) {
			made.place = i
			break
		}
	}
	if len(all) < maxColumns {
		grown := append(all[:len(all):len(all)], made)
		c.all.Store(&grown)
	}
	return made
}

// format returns the values of an attribute of the column.
func (c *column) format(a message.Attribute) formatters.Values {
	if c.of != nil {
		return c.of.FormatEach(a.Len(), a.Values())
	}
	all := formatters.Values{Description: c.name, Values: make([]formatters.Value, 0, a.Len())}
	for raw := range a.Values() {
		all.Values = append(all.Values, formatters.TextValue(string(raw)))
	}
	return all
}
