package ldap

import (
	"iter"

	"github.com/ldapedge/ldapedge/formatters"
	"github.com/ldapedge/ldapedge/ldap/message"
)

// Entry is an entry that a search has found: the raw attributes, which refer to
// the received bytes, and typed values, which are made when they are asked for.
// It may be kept, and used by several goroutines at a time.
type Entry struct {
	// Entry has what was received alone.
	message.Entry

	controls message.Message
	columns  *columns
}

// Attributes walks the attributes in the order in which they came. Those that
// were asked for by name and are not there follow without values, as python
// ldap3 has it, unless [Options.NoEmptyAttributes] says otherwise.
func (e Entry) Attributes() iter.Seq[Attribute] {
	return func(yield func(Attribute) bool) {
		if e.columns == nil { // the zero entry
			return
		}
		w := e.columns.walk()
		for raw := range e.Entry.Attributes() {
			if !yield(Attribute{raw, w.column(raw.NameBytes())}) {
				return
			}
		}
		for _, missing := range e.columns.requested {
			if !w.has(missing) && !yield(missing.attribute) {
				return
			}
		}
	}
}

// Attribute returns the attribute of that description, compared without case,
// and whether the entry has it.
func (e Entry) Attribute(description string) (Attribute, bool) {
	raw, ok := e.Entry.Attribute(description)
	if !ok {
		return Attribute{}, false
	}
	w := e.columns.walk()
	return Attribute{raw, w.column(raw.NameBytes())}, true
}

// Values returns the typed values of the attribute of that description,
// compared without case; there are none if the entry does not have it. The
// description is the one that the server returned, options included: "cn" is
// not "cn;lang-de". [Attribute.Typed] tells what they are.
func (e Entry) Values(description string) formatters.Values {
	a, ok := e.Attribute(description)
	if !ok {
		return formatters.Values{Description: description}
	}
	return a.Typed()
}

// Controls returns the controls that came with the entry, such as those of
// [control.EntryChange] and [control.SyncState]; nil if there are none. The
// error wraps [message.ErrProtocol].
func (e Entry) Controls() (message.Controls, error) { return e.controls.Controls() }

// Attribute is one attribute of an entry.
type Attribute struct {
	// Attribute has what was received alone.
	message.Attribute

	column *column
}

// Typed returns the values with the types that the schema, or without one the
// attribute's name, gives them: see package formatters. With
// [Options.NoCheckNames] they are texts, and bytes where they are not UTF-8.
func (a Attribute) Typed() formatters.Values {
	if a.column == nil {
		return formatters.Values{Description: a.Name()}
	}
	return a.column.format(a.Attribute)
}
