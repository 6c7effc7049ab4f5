package ldif

import "strings"

// changes are the values of changetype.
var changes = map[string]Change{
	"add": ChangeAdd, "ntdsschemaadd": ChangeAdd,
	"delete": ChangeDelete, "ntdsschemadelete": ChangeDelete,
	"modify": ChangeModify, "ntdsschemamodify": ChangeModify,
	"modrdn": ChangeModifyDN, "moddn": ChangeModifyDN, "ntdsschemamodrdn": ChangeModifyDN,
}

// control takes what follows "control:" (RFC 2849, control).
func (b *builder) control(text string) error {
	if !b.reader.Changes {
		return b.reader.fail("controls are not supported")
	}
	head, spec, hasValue := strings.Cut(text, ":")
	words := strings.Fields(head)
	if len(words) == 0 || len(words) > 2 || !validOID(words[0]) {
		return b.reader.fail("an OID and \"true\" or \"false\" are expected, not " + shortened(head))
	}
	c := Control{OID: words[0]}
	if len(words) == 2 {
		c.Critical = strings.EqualFold(words[1], "true")
		if !c.Critical && !strings.EqualFold(words[1], "false") {
			return b.reader.fail("\"true\" or \"false\" is expected after the control's OID, not " + shortened(words[1]))
		}
	}
	if hasValue {
		value, err := b.reader.value("control "+c.OID, spec)
		if err != nil {
			return err
		}
		c.Value = []byte(value)
	}
	b.record.Controls = append(b.record.Controls, c)
	return nil
}

func (b *builder) change(value string) error {
	change, ok := changes[strings.ToLower(strings.TrimRight(value, " "))]
	switch {
	case !ok:
		return b.reader.fail("there is no change " + shortened(value))
	case !b.reader.Changes && change != ChangeAdd && change != ChangeModify:
		return b.reader.fail("the change " + shortened(value) + " is not content")
	}
	b.record.Change = change
	return nil
}

// operations are the names of the operations.
var operations = map[string]Operation{
	"add": OperationAdd, "delete": OperationDelete, "replace": OperationReplace, "increment": OperationIncrement,
}

// modification takes a line of a "changetype: modify" record.
func (b *builder) modification(name, value string) error {
	if b.modifying == "" {
		return b.modify(name, strings.TrimRight(value, " "))
	}
	if !strings.EqualFold(name, b.modifying) {
		return b.reader.fail("a value of " + shortened(b.modifying) + " or \"-\" is expected, not " + shortened(name))
	}
	if !b.reader.Changes {
		b.value(name, value)
		return nil
	}
	m := &b.record.Modifications[len(b.record.Modifications)-1]
	m.Values = append(m.Values, value)
	return nil
}

// modify takes the line that a modification begins with.
func (b *builder) modify(name, attribute string) error {
	operation, ok := operations[strings.ToLower(name)]
	switch {
	case !b.reader.Changes && (operation != OperationAdd || !validName(attribute)):
		return b.reader.fail("the modification " + shortened(name+": "+attribute) + " is not content")
	case !ok:
		return b.reader.fail("there is no modification " + shortened(name))
	case b.reader.Changes && !validAttribute(attribute):
		return b.reader.fail(shortened(attribute) + " is not an attribute's name")
	}
	b.modifying = attribute
	if b.reader.Changes {
		b.record.Modifications = append(b.record.Modifications, Modification{operation, Attribute{Name: attribute}})
	}
	return nil
}

// renaming is the order of a renaming's lines.
var renaming = []string{"newrdn", "deleteoldrdn", "newsuperior"}

// rename takes a line of a "changetype: modrdn" record.
func (b *builder) rename(name, value string) error {
	i := b.lines - 3 - len(b.record.Controls)
	if i >= len(renaming) {
		return b.reader.fail("a renaming has nothing more, and no " + shortened(name))
	}
	if !strings.EqualFold(name, renaming[i]) {
		return b.reader.fail(renaming[i] + " is expected, not " + shortened(name))
	}
	switch renaming[i] {
	case "newrdn":
		b.record.NewRDN = value
	case "deleteoldrdn":
		value = strings.TrimRight(value, " ")
		if value != "0" && value != "1" {
			return b.reader.fail("deleteoldrdn is 0 or 1, not " + shortened(value))
		}
		b.record.DeleteOldRDN = value == "1"
	case "newsuperior":
		b.record.NewSuperior = &value
	}
	return nil
}
