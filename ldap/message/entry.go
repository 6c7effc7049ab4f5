package message

import (
	"iter"
	"strings"

	"github.com/ldapedge/ldapedge/ldap/internal/tlv"
)

// Entry is a search result entry (RFC 4511 §4.5.2). It refers to the received
// bytes, which stay as they are: an entry may be kept, at the price of keeping
// the piece of the stream that it came in.
type Entry struct {
	dn         []byte
	attributes []byte
}

// Entry reads the message as a SearchResultEntry and checks all of it, so that
// walking it cannot fail. The error wraps [ErrProtocol].
func (m Message) Entry() (Entry, error) {
	if m.Op != OpSearchResultEntry {
		return Entry{}, tlv.Malformed("tag 0x%02x is no search result entry", byte(m.Op))
	}
	return parseEntry(m.body)
}

// ParseEntry reads a SearchResultEntry that is all of b, as some controls have
// one for their value. The error wraps [ErrProtocol].
func ParseEntry(b []byte) (Entry, error) {
	body, err := tlv.Whole(b, byte(OpSearchResultEntry), "SearchResultEntry")
	if err != nil {
		return Entry{}, err
	}
	return parseEntry(body)
}

func parseEntry(b []byte) (Entry, error) {
	dn, rest, err := tlv.Expect(b, tlv.OctetString, "objectName")
	if err != nil {
		return Entry{}, err
	}
	attributes, _, err := tlv.Expect(rest, tlv.Sequence, "attributes")
	if err != nil {
		return Entry{}, err
	}
	if err := checkAttributes(attributes); err != nil {
		return Entry{}, err
	}
	return Entry{dn: dn, attributes: attributes}, nil
}

// checkAttributes goes over all elements once, so that nothing can fail later.
// This loop and the next two are where a search spends its time: they have the
// short form of a length in place.
func checkAttributes(b []byte) error {
	for at := 0; at < len(b); {
		end, ok := checkAttribute(b, at)
		if !ok {
			return explainAttribute(b[at:])
		}
		at = end
	}
	return nil
}

func checkAttribute(b []byte, at int) (end int, ok bool) {
	if at+1 >= len(b) || b[at] != tlv.Sequence {
		return 0, false
	}
	from, end := at+2, at+2+int(b[at+1])
	if b[at+1] >= tlv.Long {
		from, end = tlv.Bounds(b, at)
	}
	if end > len(b) {
		return 0, false
	}
	b = b[:end]
	if from+1 >= len(b) || b[from] != tlv.OctetString {
		return 0, false
	}
	at = from + 2 + int(b[from+1])
	if b[from+1] >= tlv.Long {
		_, at = tlv.Bounds(b, from)
	}
	if at+1 >= len(b) || b[at] != tlv.Set {
		return 0, false
	}
	from, last := at+2, at+2+int(b[at+1])
	if b[at+1] >= tlv.Long {
		from, last = tlv.Bounds(b, at)
	}
	if last > len(b) {
		return 0, false
	}
	for b = b[:last]; from+1 < len(b); {
		if b[from] != tlv.OctetString {
			return 0, false
		}
		if b[from+1] < tlv.Long {
			from += 2 + int(b[from+1])
		} else {
			_, from = tlv.Bounds(b, from)
		}
	}
	return end, from == last
}

// Sieve tells by the first two letters of an attribute's description, whatever their
// case, whether it may be one that is looked for. The zero value knows of none.
type Sieve [1 << (2 * letterBits)]bool

// letterBits are those of a letter that do not tell its case.
const letterBits = 5

// Add has the descriptions that begin as the name does held back.
func (s *Sieve) Add(name string) {
	switch len(name) {
	case 0:
	case 1: // options, or nothing, follow it
		for second := range byte(1 << letterBits) {
			s[pair(name[0], second)] = true
		}
	default:
		s[pair(name[0], name[1])] = true
	}
}

// Holds tells whether a description is held back; what begins with no letter is.
func (s *Sieve) Holds(description []byte) bool {
	return len(description) < 2 || !isLetter(description[0]) || s[pair(description[0], description[1])]
}

func pair(first, second byte) int {
	const mask = 1<<letterBits - 1
	return int(first&mask)<<letterBits | int(second&mask)
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// Scan reads the message as a SearchResultEntry as far as it must to find its name
// and the descriptions of its attributes, up to the first one that stop tells:
// then all is false. Only what the sieve holds is asked about. Values are not looked
// at. The error wraps [ErrProtocol].
func (m Message) Scan(sieve *Sieve, stop func(description []byte) bool) (dn []byte, all bool, err error) {
	if m.Op != OpSearchResultEntry {
		return nil, false, tlv.Malformed("tag 0x%02x is no search result entry", byte(m.Op))
	}
	dn, b, err := tlv.Expect(m.body, tlv.OctetString, "objectName")
	if err == nil {
		b, _, err = tlv.Expect(b, tlv.Sequence, "attributes")
	}
	if err != nil {
		return nil, false, err
	}
	rest, stopped := descriptions(b, sieve, stop)
	if len(rest) > 0 && !stopped {
		return nil, false, explainAttribute(rest)
	}
	return dn, !stopped, nil
}

// descriptions goes over the descriptions of attributes up to the first one that stop
// tells, or up to what is no attribute, and returns what is left.
func descriptions(b []byte, sieve *Sieve, stop func(description []byte) bool) (rest []byte, stopped bool) {
	for len(b) > 0 {
		name, end, ok := shortAttribute(b)
		if !ok {
			var from, set int
			if from, set, end = scanAttribute(b); end > len(b) {
				break
			}
			name = b[from:set]
		}
		if sieve.Holds(name) && stop(name) {
			return b, true
		}
		b = b[end:]
	}
	return b, false
}

// PassEntry reads the first of many messages at once, if it is there in whole and a
// SearchResultEntry without controls, and returns its ID, its name and its size: then
// nothing that the sieve holds and stop tells is among the descriptions of its attributes.
// Otherwise the size is 0, and [Parse] and [Message.Scan] tell what there is, and what
// is wrong with it. It is for who passes entries on, and takes half of their time.
func PassEntry(b []byte, sieve *Sieve, stop func(description []byte) bool) (id int32, dn []byte, size int) {
	from, size := contents(b, 0, tlv.Sequence)
	if size > len(b) || size-from < 3 || b[from] != tlv.Integer || b[from+1] != 1 || b[from+2] >= 0x80 {
		return 0, nil, 0
	}
	id = int32(b[from+2])
	from, end := contents(b, from+3, byte(OpSearchResultEntry))
	if end != size {
		return 0, nil, 0
	}
	name, from := contents(b, from, tlv.OctetString)
	if from > size {
		return 0, nil, 0
	}
	dn = b[name:from]
	if from, end = contents(b, from, tlv.Sequence); end != size {
		return 0, nil, 0
	}
	if rest, _ := descriptions(b[from:size], sieve, stop); len(rest) > 0 {
		return 0, nil, 0
	}
	return id, dn, size
}

// contents returns where the contents of the element at b[at] begin and end, if it
// has the tag and a length as most have; otherwise the end is beyond b.
func contents(b []byte, at int, tag byte) (from, end int) {
	if at+4 > len(b) || b[at] != tag {
		return 0, len(b) + 1
	}
	switch first := b[at+1]; first {
	case tlv.Long + 1:
		return at + 3, at + 3 + int(b[at+2])
	case tlv.Long + 2:
		return at + 4, at + 4 + int(b[at+2])<<8 + int(b[at+3])
	default:
		if first < tlv.Long {
			return at + 2, at + 2 + int(first)
		}
	}
	return 0, len(b) + 1
}

// shortAttribute returns the description of the first attribute, and where that ends,
// if all its lengths are in the short form.
func shortAttribute(b []byte) (name []byte, end int, ok bool) {
	if len(b) < 6 || b[0] != tlv.Sequence || b[2] != tlv.OctetString || (b[1]|b[3]) >= tlv.Long {
		return nil, 0, false
	}
	end, set := 2+int(b[1]), 4+int(b[3])
	if end > len(b) || set+2 > end || b[set] != tlv.Set || b[set+1] >= tlv.Long || set+2+int(b[set+1]) > end {
		return nil, 0, false
	}
	return b[4:set], end, true
}

// scanAttribute returns where the description of the first attribute begins, and where
// its values and it itself end; that is beyond b if it is no attribute.
func scanAttribute(b []byte) (name, set, end int) {
	none := len(b) + 1
	if len(b) < 2 || b[0] != tlv.Sequence {
		return 0, 0, none
	}
	from, end := tlv.Bounds(b, 0)
	if end > len(b) || from+1 >= end || b[from] != tlv.OctetString {
		return 0, 0, none
	}
	name, set = tlv.Bounds(b, from)
	if set+1 >= end || b[set] != tlv.Set {
		return 0, 0, none
	}
	if _, last := tlv.Bounds(b, set); last > end {
		return 0, 0, none
	}
	return name, set, end
}

// explainAttribute says what is wrong with the first attribute.
func explainAttribute(b []byte) error {
	body, _, err := tlv.Expect(b, tlv.Sequence, "attribute")
	if err != nil {
		return err
	}
	_, values, err := tlv.Expect(body, tlv.OctetString, "attribute type")
	if err != nil {
		return err
	}
	set, _, err := tlv.Expect(values, tlv.Set, "attribute values")
	for err == nil && len(set) > 0 {
		_, set, err = tlv.Expect(set, tlv.OctetString, "attribute value")
	}
	return err
}

// NewEntry makes an entry, for where one is put together of pieces.
func NewEntry(dn string, attributes ...Attribute) Entry {
	e := Entry{dn: []byte(dn)}
	for _, a := range attributes {
		body := tlv.Append(nil, tlv.OctetString, a.name)
		body = tlv.Append(body, tlv.Set, a.values)
		e.attributes = tlv.Append(e.attributes, tlv.Sequence, body)
	}
	return e
}

// DN returns the entry's distinguished name.
func (e Entry) DN() string { return string(e.dn) }

// DNBytes is [Entry.DN] without a copy. It must not be modified.
func (e Entry) DNBytes() []byte { return e.dn }

// Attributes walks the attributes in the order in which they came.
func (e Entry) Attributes() iter.Seq[Attribute] {
	return func(yield func(Attribute) bool) {
		b := e.attributes
		for at := 0; at < len(b); { // all of it is checked by Message.Entry
			from, end := at+2, at+2+int(b[at+1])
			if b[at+1] >= tlv.Long {
				from, end = tlv.Bounds(b, at)
			}
			at = end
			name, set := from+2, from+2+int(b[from+1])
			if b[from+1] >= tlv.Long {
				name, set = tlv.Bounds(b, from)
			}
			from, end = set+2, set+2+int(b[set+1])
			if b[set+1] >= tlv.Long {
				from, end = tlv.Bounds(b, set)
			}
			if !yield(Attribute{name: b[name:set], values: b[from:end]}) {
				return
			}
		}
	}
}

// Attribute returns the attribute of that description, compared without case,
// and whether the entry has it.
func (e Entry) Attribute(description string) (Attribute, bool) {
	for a := range e.Attributes() {
		if strings.EqualFold(string(a.name), description) {
			return a, true
		}
	}
	return Attribute{}, false
}

// Attribute is one attribute of an entry. It refers to the received bytes.
type Attribute struct {
	name   []byte
	values []byte
}

// NewAttribute makes an attribute, for [NewEntry]. It refers to nothing that it
// is given.
func NewAttribute(description string, values ...[]byte) Attribute {
	a := Attribute{name: []byte(description)}
	for _, v := range values {
		a.values = tlv.Append(a.values, tlv.OctetString, v)
	}
	return a
}

// Name returns the attribute description as the server wrote it, options
// included.
func (a Attribute) Name() string { return string(a.name) }

// NameBytes is [Attribute.Name] without a copy. It must not be modified.
func (a Attribute) NameBytes() []byte { return a.name }

// Len returns how many values there are.
func (a Attribute) Len() (n int) {
	for range a.Values() {
		n++
	}
	return n
}

// Values walks the values in the order in which they came. A value must not be
// modified; it may be kept.
func (a Attribute) Values() iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		b := a.values
		for at := 0; at < len(b); { // checked by Message.Entry
			from, end := at+2, at+2+int(b[at+1])
			if b[at+1] >= tlv.Long {
				from, end = tlv.Bounds(b, at)
			}
			at = end
			if !yield(b[from:end:end]) {
				return
			}
		}
	}
}

// Strings returns copies of the values as strings, whatever their bytes.
func (a Attribute) Strings() []string {
	var all []string
	for v := range a.Values() {
		all = append(all, string(v))
	}
	return all
}
