package ldif

import "strings"

// builder makes a record of its lines.
type builder struct {
	reader *Reader
	record *Record
	places map[string]int
	// lines counts the lines, the one with the DN included.
	lines int
	// modifying is the attribute of the modification that the lines are in,
	// empty between two.
	modifying string
}

func (b *builder) add(text string) error {
	if b.record.Change == ChangeModify && text == "-" {
		b.modifying = ""
		return nil
	}
	// A control has no value like others. Only after the DN is it one.
	if rest, ok := cutName(text, "control"); ok && b.afterDN() {
		b.lines++
		return b.control(rest)
	}
	name, value, err := b.reader.split(text)
	if err != nil {
		return err
	}
	if b.record.Line == 0 {
		b.lines++
		return b.first(name, value)
	}
	early := b.afterDN()
	b.lines++
	switch {
	case strings.EqualFold(name, "dn"):
		return b.reader.fail("the record has a second DN; is a blank line missing?")
	case strings.EqualFold(name, "changetype"):
		if !early {
			return b.reader.fail("changetype follows the DN and the controls directly")
		}
		return b.change(value)
	case len(b.record.Controls) > 0 && b.record.Change == "":
		return b.reader.fail("a change follows its controls, not " + shortened(name))
	}
	switch b.record.Change {
	case ChangeModify:
		return b.modification(name, value)
	case ChangeModifyDN:
		return b.rename(name, value)
	case ChangeDelete:
		return b.reader.fail("a deletion has nothing more, and no " + shortened(name))
	}
	b.value(name, value)
	return nil
}

// afterDN tells whether nothing but controls has followed the DN.
func (b *builder) afterDN() bool {
	return b.record.Line > 0 && b.lines == 1+len(b.record.Controls) && len(b.record.Attributes) == 0
}

// cutName returns what follows the colon of a line that begins with the name.
func cutName(text, name string) (rest string, ok bool) {
	found, rest, ok := strings.Cut(text, ":")
	return rest, ok && strings.EqualFold(found, name)
}

// first takes the line that a record begins with.
func (b *builder) first(name, value string) error {
	switch {
	case strings.EqualFold(name, "version"):
		b.lines--
		if value != "1" {
			return b.reader.fail("version " + shortened(value) + " of LDIF is not known")
		}
		return nil
	case strings.EqualFold(name, "dn"):
		b.record.DN, b.record.Line = value, b.reader.at
	case strings.EqualFold(name, "changetype") || strings.EqualFold(name, "control") || !b.reader.WithoutDN:
		return b.reader.fail("a record begins with \"dn:\", not " + shortened(name))
	default:
		b.record.Line = b.reader.at
		b.value(name, value)
	}
	return nil
}

func (b *builder) value(name, value string) {
	if b.places == nil {
		b.places = make(map[string]int)
	}
	key := strings.ToLower(name)
	i, ok := b.places[key]
	if !ok {
		i = len(b.record.Attributes)
		b.places[key] = i
		b.record.Attributes = append(b.record.Attributes, Attribute{Name: name})
	}
	a := &b.record.Attributes[i]
	a.Values = append(a.Values, value)
}

// finish checks what only the whole record tells.
func (b *builder) finish() error {
	r := b.record
	switch {
	case len(r.Controls) > 0 && r.Change == "":
		return &Error{Line: r.Line, Message: "the record has controls and no change"}
	case r.Change == ChangeModifyDN && b.lines < 4+len(r.Controls):
		return &Error{Line: r.Line, Message: "the renaming has no newrdn and deleteoldrdn"}
	}
	return nil
}
