package ldap

import (
	"slices"
	"strings"

	"github.com/ldapedge/ldapedge/formatters"
	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/schemajson"
)

// AppendJSON appends the entry as one line of JSON:
//
//	{"dn":"cn=a","attributes":{"cn":["a"],"uidNumber":7},"raw_attributes":{"cn":["a"],"uidNumber":["7"]}}
//
// Typed values are as [formatters.Values.AppendJSON] has them: alone where the
// schema allows one value only, otherwise in a list. Raw values are always a
// list, each a string, or {"encoding":"base64","encoded":"…"} if it is not
// UTF-8.
func (e Entry) AppendJSON(dst []byte) []byte {
	e = e.distinct()
	dst = schemajson.AppendJSONText(append(dst, `{"dn":`...), e.DN())
	dst = append(dst, `,"attributes":{`...)
	first := true
	for a := range e.Attributes() {
		dst = appendKey(dst, a, &first)
		dst = a.Typed().AppendJSON(dst)
	}
	dst = append(dst, `},"raw_attributes":{`...)
	first = true
	for a := range e.Attributes() {
		dst = appendKey(dst, a, &first)
		dst = appendRawJSON(dst, a.Attribute)
	}
	return append(dst, "}}"...)
}

// MarshalJSON returns what AppendJSON appends.
func (e Entry) MarshalJSON() ([]byte, error) { return e.AppendJSON(nil), nil }

func appendKey(dst []byte, a Attribute, first *bool) []byte {
	if !*first {
		dst = append(dst, ',')
	}
	*first = false
	return append(schemajson.AppendJSONText(dst, a.column.name), ':')
}

func appendRawJSON(dst []byte, a message.Attribute) []byte {
	dst = append(dst, '[')
	comma := false
	for v := range a.Values() {
		if comma {
			dst = append(dst, ',')
		}
		comma = true
		dst = formatters.TextValue(string(v)).AppendJSON(dst) // bytes if it is not UTF-8
	}
	return append(dst, ']')
}

// distinct returns the entry with the values of an attribute that comes twice
// put together: an object of JSON has a name once.
func (e Entry) distinct() Entry {
	if e.columns == nil || !e.repeats() {
		return e
	}
	var all []message.Attribute
	places := make(map[string]int)
	for a := range e.Entry.Attributes() {
		name := strings.ToLower(a.Name())
		at, seen := places[name]
		if !seen {
			places[name] = len(all)
			all = append(all, a)
			continue
		}
		all[at] = both(all[at], a)
	}
	e.Entry = message.NewEntry(e.DN(), all...)
	return e
}

// both returns the attribute with the values of another one after its own.
func both(a, other message.Attribute) message.Attribute {
	return message.NewAttribute(a.Name(), slices.AppendSeq(slices.Collect(a.Values()), other.Values())...)
}

// repeats tells whether an attribute comes twice.
func (e Entry) repeats() bool {
	var seen [maxColumns / 64]uint64
	var others map[string]bool
	w := e.columns.walk()
	for a := range e.Entry.Attributes() {
		c := w.column(a.NameBytes())
		if c.place >= 0 {
			word, bit := c.place/64, uint64(1)<<(c.place%64)
			if seen[word]&bit != 0 {
				return true
			}
			seen[word] |= bit
			continue
		}
		name := strings.ToLower(c.name)
		if others[name] {
			return true
		}
		if others == nil {
			others = make(map[string]bool)
		}
		others[name] = true
	}
	return false
}
