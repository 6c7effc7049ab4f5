package convert

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/ldapedge/ldapedge/schemajson"
)

// diagram is what is drawn of classes: they and their superclasses with what each
// requires and allows itself, and their direct subclasses.
type diagram struct {
	s       *schemajson.SchemaInfo
	classes []*schemajson.ObjectClass
	// full is how many of the classes are drawn with their attributes.
	full    int
	numbers map[*schemajson.ObjectClass]int
}

func newDiagram(s *schemajson.SchemaInfo, classes []string) (*diagram, error) {
	if err := checkClasses(s, classes); err != nil {
		return nil, err
	}
	d := &diagram{s: s, numbers: make(map[*schemajson.ObjectClass]int)}
	for _, name := range classes {
		c := s.ObjectClass(name)
		d.add(c)
		for _, sup := range s.Superclasses(c) {
			d.add(sup)
		}
	}
	d.full = len(d.classes)
	for _, name := range classes {
		for _, sub := range s.Subclasses(s.ObjectClass(name)) {
			d.add(sub)
		}
	}
	return d, nil
}

func (d *diagram) add(c *schemajson.ObjectClass) {
	if _, ok := d.numbers[c]; !ok {
		d.numbers[c] = len(d.classes)
		d.classes = append(d.classes, c)
	}
}

// alias is what a class is called in a diagram's text.
func (d *diagram) alias(c *schemajson.ObjectClass) string { return "c" + strconv.Itoa(d.numbers[c]) }

// shownName is a class's name, which must not be empty in a diagram.
func shownName(c *schemajson.ObjectClass) string {
	switch {
	case c.Name() != "":
		return c.Name()
	case c.OID != "":
		return c.OID
	}
	return "?"
}

// superclasses calls do for each class and direct superclass that are drawn.
func (d *diagram) superclasses(do func(c, sup *schemajson.ObjectClass)) {
	for _, c := range d.classes {
		seen := make(map[*schemajson.ObjectClass]bool)
		for _, name := range c.SUP {
			sup := d.s.ObjectClass(name)
			if _, drawn := d.numbers[sup]; drawn && sup != c && !seen[sup] {
				seen[sup] = true
				do(c, sup)
			}
		}
	}
}

// members calls do for each attribute that a class itself requires and allows.
func (d *diagram) members(c *schemajson.ObjectClass, do func(mark, name string)) {
	if d.numbers[c] >= d.full {
		return
	}
	for _, name := range c.Must {
		do("+", name)
	}
	for _, name := range c.May {
		do("○", name)
	}
}

// WritePlantUML writes a PlantUML class diagram of object classes, by name or
// OID: the classes and their superclasses with the attributes that each requires
// (+) and allows (○) itself, and their direct subclasses.
func WritePlantUML(w io.Writer, s *schemajson.SchemaInfo, classes ...string) error {
	d, err := newDiagram(s, classes)
	if err != nil {
		return fmt.Errorf("drawing a class: %w", err)
	}
	var b strings.Builder
	b.WriteString("@startuml\nhide empty members\nskinparam classAttributeIconSize 0\n")
	for _, c := range d.classes {
		keyword := "class"
		if c.Kind == schemajson.Abstract {
			keyword = "abstract class"
		}
		name := plantUMLText(shownName(c))
		if strings.HasSuffix(name, ">") {
			name += "&#8203;" // or <U+0041> would be the class's type parameter
		}
		fmt.Fprintf(&b, "%s \"%s\" as %s <<%s>> {\n", keyword, name, d.alias(c), c.Kind)
		d.members(c, func(mark, name string) {
			b.WriteString("  {field} " + mark + " " + plantUMLText(name) + "\n")
		})
		b.WriteString("}\n")
	}
	d.superclasses(func(c, sup *schemajson.ObjectClass) {
		b.WriteString(d.alias(sup) + " <|-- " + d.alias(c) + "\n")
	})
	b.WriteString("@enduml\n")
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("writing PlantUML: %w", err)
	}
	return nil
}

// plantUMLText writes a text so that nothing in it is markup: but for letters,
// digits and what cannot begin markup, characters are given by their numbers.
func plantUMLText(s string) string {
	return escapeText(s, func(r rune) string { return fmt.Sprintf("<U+%04X>", r) })
}

// WriteMermaid writes a Mermaid class diagram: the same as [WritePlantUML].
func WriteMermaid(w io.Writer, s *schemajson.SchemaInfo, classes ...string) error {
	d, err := newDiagram(s, classes)
	if err != nil {
		return fmt.Errorf("drawing a class: %w", err)
	}
	var b strings.Builder
	b.WriteString("classDiagram\n")
	for _, c := range d.classes {
		fmt.Fprintf(&b, "  class %s[\"%s\"] {\n    <<%s>>\n", d.alias(c), mermaidText(shownName(c)), c.Kind)
		d.members(c, func(mark, name string) {
			b.WriteString("    " + mark + mermaidText(name) + "\n")
		})
		b.WriteString("  }\n")
	}
	d.superclasses(func(c, sup *schemajson.ObjectClass) {
		b.WriteString("  " + d.alias(sup) + " <|-- " + d.alias(c) + "\n")
	})
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("writing Mermaid: %w", err)
	}
	return nil
}

// mermaidText is plantUMLText for Mermaid, which numbers characters its own way.
func mermaidText(s string) string {
	return escapeText(s, func(r rune) string { return "#" + strconv.Itoa(int(r)) + ";" })
}

// escapeText escapes all characters but ASCII letters and digits and single
// hyphens, dots and underscores between them.
func escapeText(s string, escape func(rune) string) string {
	var b strings.Builder
	plain := false // whether the character before is a letter or digit
	for _, r := range s {
		letter := 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
		if letter || plain && (r == '-' || r == '.' || r == '_') {
			b.WriteRune(r)
		} else {
			b.WriteString(escape(r))
		}
		plain = letter
	}
	return b.String()
}
