package convert

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/ldapedge/ldapedge/schemajson"
)

// WriteTypeScript writes TypeScript interfaces of entries that have the object
// classes, which are names or OIDs: one for each class and superclass, with what
// it adds to those that it extends, and, for several classes or one with a
// content rule, Entry, which extends the classes and has the rule's attributes
// and not those that the rule precludes.
//
// Members are as in [WriteJSONSchema]: what that has as a boolean, an integer or
// a string is a boolean, a number or a string; an attribute that may have several
// values is an array. Required attributes are there, others optional. Attributes
// with options may have any value, which template literal types tell (TypeScript
// 4.4).
// NO-USER-MODIFICATION makes a member readonly.
//
// It returns an error for classes that are not defined, and for such that inherit
// more than a million members among them.
func WriteTypeScript(w io.Writer, s *schemajson.SchemaInfo, classes []string) error {
	if err := checkClasses(s, classes); err != nil {
		return fmt.Errorf("writing TypeScript: %w", err)
	}
	entry := s.EntryAttributes(classes)
	t := &typeScript{s: s, names: make(map[*schemajson.ObjectClass]string), used: make(map[string]bool), members: make(map[*schemajson.ObjectClass]map[string]member)}
	wanted := make(map[*schemajson.ObjectClass]bool, len(entry.Classes))
	for _, c := range entry.Classes {
		wanted[c] = true
	}
	for _, c := range objectClasses(s) {
		if !wanted[c] {
			continue
		}
		if t.class(c); t.inherited > maxInherited {
			return fmt.Errorf("writing TypeScript: the classes inherit more than %d members", maxInherited)
		}
	}
	if len(classes) > 1 || entry.ContentRule != nil {
		t.entry(classes, entry)
	}
	if _, err := io.WriteString(w, t.b.String()); err != nil {
		return fmt.Errorf("writing TypeScript: %w", err)
	}
	return nil
}

// typeScript writes interfaces.
type typeScript struct {
	s *schemajson.SchemaInfo
	b strings.Builder
	// names are the interfaces of the classes so far, and used all names.
	names map[*schemajson.ObjectClass]string
	used  map[string]bool
	// members are all members of an interface, inherited ones included.
	members map[*schemajson.ObjectClass]map[string]member
	// inherited counts the members that interfaces have from others.
	inherited int
}

// maxInherited bounds what the interfaces inherit together: a chain of classes has
// more of it than it has of anything else.
const maxInherited = 1_000_000

// member is a member of an interface, but for its name.
type member struct {
	kind     string
	required bool
}

func (t *typeScript) class(c *schemajson.ObjectClass) {
	// What is not written yet is not defined, or extends this class itself.
	sup := t.distinct(c.SUP, func(one *schemajson.ObjectClass) bool { return t.names[one] != "" })
	doc := []string{c.Desc, "Object class " + c.Name() + " (" + c.OID + "), " + c.Kind.String() + "."}
	t.names[c] = t.begin(doc, c.Name(), sup, c.Obsolete)
	t.members[c] = t.body(sup, properties(t.s, t.attributes(c.Must), t.attributes(c.May)))
	if len(sup) == 0 {
		t.b.WriteString("  [option: `${string};${string}`]: unknown;\n")
	}
	if c.OID == extensibleObject {
		t.b.WriteString("  [attribute: string]: unknown;\n")
	}
	t.b.WriteString("}\n")
}

// distinct returns the classes with the names that are defined and selected, each
// once.
func (t *typeScript) distinct(names []string, is func(*schemajson.ObjectClass) bool) (all []*schemajson.ObjectClass) {
	seen := make(map[*schemajson.ObjectClass]bool)
	for _, name := range names {
		if c := t.s.ObjectClass(name); c != nil && !seen[c] && is(c) {
			seen[c] = true
			all = append(all, c)
		}
	}
	return all
}

// extensibleObject is the class that allows every attribute (RFC 4512 §4.3).
const extensibleObject = "1.3.6.1.4.1.1466.101.120.111"

func (t *typeScript) attributes(names []string) []schemajson.ClassAttribute {
	all := make([]schemajson.ClassAttribute, len(names))
	for i, name := range names {
		all[i] = schemajson.ClassAttribute{Name: name, Type: t.s.AttributeType(name)}
	}
	return all
}

// entry writes the interface of what has all the classes.
func (t *typeScript) entry(classes []string, e *schemajson.EntryAttributes) {
	sup := t.distinct(classes, func(*schemajson.ObjectClass) bool { return true })
	var own []property
	if rule := e.ContentRule; rule != nil {
		own = properties(t.s, t.attributes(rule.Must), t.attributes(rule.May))
	}
	t.begin([]string{"An entry of " + classNames(t.s, classes) + "."}, "Entry", sup, false)
	all := t.body(sup, own)
	for _, p := range properties(t.s, nil, e.Precluded) {
		if m, ok := all[p.name]; ok && !m.required {
			t.member(property{name: p.name}, member{kind: "never"})
		}
	}
	t.b.WriteString("}\n")
}

// begin writes an interface's head and returns its name.
func (t *typeScript) begin(doc []string, name string, sup []*schemajson.ObjectClass, obsolete bool) string {
	if t.b.Len() > 0 {
		t.b.WriteByte('\n')
	}
	if obsolete {
		doc = append(doc, "@deprecated")
	}
	t.doc("", doc...)
	name = t.unique(typeName(name))
	t.b.WriteString("export interface " + name)
	for i, c := range sup {
		if i == 0 {
			t.b.WriteString(" extends ")
		} else {
			t.b.WriteString(", ")
		}
		t.b.WriteString(t.names[c])
	}
	t.b.WriteString(" {\n")
	return name
}

// body writes an interface's own members, and those that what it extends does
// not agree on, and returns all that it has.
func (t *typeScript) body(sup []*schemajson.ObjectClass, own []property) map[string]member {
	all := make(map[string]member)
	disagreed := make(map[string]bool)
	for _, c := range sup {
		t.inherited += len(t.members[c])
		for name, m := range t.members[c] {
			before, ok := all[name]
			if ok && before != m {
				disagreed[name] = true
				if m.required = true; before.kind != m.kind {
					m.kind = "any"
				}
			}
			all[name] = m
		}
	}
	for _, p := range own {
		m := member{typeOf(p), p.required}
		before, inherited := all[p.name]
		if inherited && (before.required || !m.required) {
			continue
		}
		if inherited && before.kind != m.kind {
			m.kind = "any"
		}
		all[p.name] = m
		t.member(p, m)
		delete(disagreed, p.name)
	}
	for _, name := range slices.Sorted(maps.Keys(disagreed)) {
		t.member(property{name: name, required: true}, all[name])
	}
	return all
}

func (t *typeScript) member(p property, m member) {
	doc := []string{p.desc}
	switch p.value {
	case timeValue:
		doc = append(doc, "Date and time (RFC 3339).")
	case binaryValue:
		doc = append(doc, "Base64.")
	}
	if p.obsolete {
		doc = append(doc, "@deprecated")
	}
	t.doc("  ", doc...)
	t.b.WriteString("  ")
	if p.readOnly {
		t.b.WriteString("readonly ")
	}
	t.b.WriteString(memberName(p.name))
	if !m.required {
		t.b.WriteByte('?')
	}
	t.b.WriteString(": " + m.kind + ";\n")
}

// typeOf returns the type of a property.
func typeOf(p property) string {
	if !p.known {
		return "unknown"
	}
	kind := "string"
	switch p.value {
	case booleanValue:
		kind = "boolean"
	case integerValue:
		kind = "number"
	}
	if !p.single {
		kind += "[]"
	}
	return kind
}

// doc writes a comment of the lines that are not empty.
func (t *typeScript) doc(indent string, lines ...string) {
	lines = slices.DeleteFunc(lines, func(s string) bool { return s == "" })
	for i, line := range lines {
		line = strings.ReplaceAll(strings.Join(strings.Fields(line), " "), "*/", "* /")
		lines[i] = strings.Map(visible, line)
	}
	switch len(lines) {
	case 0:
	case 1:
		t.b.WriteString(indent + "/** " + lines[0] + " */\n")
	default:
		t.b.WriteString(indent + "/**\n" + indent + " * " + strings.Join(lines, "\n"+indent+" * ") + "\n" + indent + " */\n")
	}
}

// visible puts U+FFFD in place of what is not UTF-8 and of characters that would
// have a terminal or an editor show something else than is there.
func visible(r rune) rune {
	if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
		return utf8.RuneError
	}
	return r
}

// typeName makes an interface's name of a class's: "msDS-Value" is MsDSValue.
func typeName(name string) string {
	var b strings.Builder
	capital := true
	for i := 0; i < len(name); i++ {
		c := name[i]
		switch {
		case 'a' <= c && c <= 'z':
			if capital {
				c -= 'a' - 'A'
			}
			b.WriteByte(c)
		case 'A' <= c && c <= 'Z':
			b.WriteByte(c)
		case '0' <= c && c <= '9':
			if b.Len() == 0 {
				b.WriteString("Class")
			}
			b.WriteByte(c)
		default:
			capital = true
			continue
		}
		capital = false
	}
	if b.Len() == 0 {
		return "Class"
	}
	return b.String()
}

// unique returns the name, with a number if it has been used.
func (t *typeScript) unique(name string) string {
	one := name
	for n := 2; t.used[one]; n++ {
		one = name + "_" + strconv.Itoa(n)
	}
	t.used[one] = true
	return one
}

// memberName returns the name of a member, in quotes where it is no identifier.
func memberName(name string) string {
	for i := 0; i < len(name); i++ {
		c := name[i]
		letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' || c == '$'
		if !letter && (i == 0 || c < '0' || c > '9') {
			var j jsonWriter
			j.string(name)
			return j.b.String()
		}
	}
	return name
}
