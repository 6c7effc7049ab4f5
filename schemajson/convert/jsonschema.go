package convert

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/ldapedge/ldapedge/schemajson"
)

// WriteJSONSchema writes a JSON Schema (draft 2020-12) of entries that have the
// object classes, which are names or OIDs: an object whose members are the
// attributes by their first names, those with one value as the value and others
// as an array. What is required and allowed is what
// [schemajson.SchemaInfo.EntryAttributes] tells.
//
// A value is a boolean for the syntax Boolean, an integer for Integer, Active
// Directory's Large Integer and eDirectory's Counter, and otherwise a string: of
// the format date-time for Generalized Time, in base64 for Octet String,
// certificates, pictures and whatever the schema says is not for people to read.
// {len} becomes maxLength, although RFC 4512 §4.1.2 only has servers take values
// of at least that length. An attribute that the schema does not define may have
// any value. Attributes with options, such as "cn;lang-de", may have any value
// and are not told from others; other members there may only be with
// extensibleObject.
func WriteJSONSchema(w io.Writer, s *schemajson.SchemaInfo, classes []string, o *Options) error {
	if err := checkClasses(s, classes); err != nil {
		return fmt.Errorf("writing a JSON Schema: %w", err)
	}
	entry := s.EntryAttributes(classes)
	all := properties(s, entry.Must, entry.May)
	var j jsonWriter
	j.open("{")
	j.member("$schema", "https://json-schema.org/draft/2020-12/schema")
	id, title := "", ""
	if o != nil {
		id, title = o.ID, o.Title
	}
	if id != "" {
		j.member("$id", id)
	}
	if title == "" {
		title = classNames(s, classes)
	}
	j.member("title", title)
	if first := s.ObjectClass(classes[0]); len(classes) == 1 && first.Desc != "" {
		j.member("description", first.Desc)
	}
	j.member("type", "object")
	j.key("properties")
	j.open("{")
	for _, p := range all {
		j.property(p)
	}
	j.close("}")
	j.required(all)
	j.key("patternProperties")
	j.open("{")
	j.key("^[^;]+;")
	j.raw("true")
	j.close("}")
	j.key("additionalProperties")
	j.raw(strconv.FormatBool(entry.Any))
	j.close("}")
	if _, err := io.WriteString(w, j.b.String()+"\n"); err != nil {
		return fmt.Errorf("writing a JSON Schema: %w", err)
	}
	return nil
}

// classNames returns the classes' own names, with plus signs between.
func classNames(s *schemajson.SchemaInfo, classes []string) string {
	names := make([]string, len(classes))
	for i, c := range classes {
		names[i] = s.ObjectClass(c).Name()
	}
	return strings.Join(names, " + ")
}

// required writes the names of the properties that an entry must have.
func (j *jsonWriter) required(all []property) {
	j.key("required")
	j.open("[")
	for _, p := range all {
		if p.required {
			j.element()
			j.string(p.name)
		}
	}
	j.close("]")
}

func (j *jsonWriter) property(p property) {
	j.key(p.name)
	j.open("{")
	if p.desc != "" {
		j.member("description", p.desc)
	}
	switch {
	case !p.known:
	case p.single:
		j.value(p)
	default:
		j.member("type", "array")
		j.key("items")
		j.open("{")
		j.value(p)
		j.close("}")
		if p.required {
			j.key("minItems")
			j.raw("1")
		}
		j.key("uniqueItems")
		j.raw("true")
	}
	if p.readOnly {
		j.key("readOnly")
		j.raw("true")
	}
	if p.obsolete {
		j.key("deprecated")
		j.raw("true")
	}
	j.close("}")
}

// value writes the keywords of one value.
func (j *jsonWriter) value(p property) {
	switch p.value {
	case booleanValue:
		j.member("type", "boolean")
	case integerValue:
		j.member("type", "integer")
	case timeValue:
		j.member("type", "string")
		j.member("format", "date-time")
	case binaryValue:
		j.member("type", "string")
		j.member("contentEncoding", "base64")
	default:
		j.member("type", "string")
		if p.length > 0 {
			j.key("maxLength")
			j.raw(strconv.Itoa(p.length))
		}
	}
}

// jsonWriter writes JSON whose members stay in the order in which they come.
type jsonWriter struct {
	b      strings.Builder
	indent string
	// empty tells whether nothing is in the object or array yet.
	empty bool
}

func (j *jsonWriter) open(bracket string) {
	j.b.WriteString(bracket)
	j.indent += "  "
	j.empty = true
}

func (j *jsonWriter) close(bracket string) {
	j.indent = j.indent[2:]
	if !j.empty {
		j.b.WriteString("\n" + j.indent)
	}
	j.b.WriteString(bracket)
	j.empty = false
}

// element begins a line for a member or element.
func (j *jsonWriter) element() {
	if !j.empty {
		j.b.WriteByte(',')
	}
	j.b.WriteString("\n" + j.indent)
	j.empty = false
}

func (j *jsonWriter) key(name string) {
	j.element()
	j.string(name)
	j.b.WriteString(": ")
}

func (j *jsonWriter) raw(value string) { j.b.WriteString(value) }

func (j *jsonWriter) member(name, value string) {
	j.key(name)
	j.string(value)
}

// string writes a string (RFC 8259 §7). What is not UTF-8 becomes U+FFFD.
func (j *jsonWriter) string(s string) {
	j.b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			j.b.WriteByte('\\')
			j.b.WriteRune(r)
		case r < ' ':
			j.b.WriteString(`\u00` + string("0123456789abcdef"[r>>4]) + string("0123456789abcdef"[r&15]))
		case r == utf8.RuneError:
			j.b.WriteRune(utf8.RuneError)
		default:
			j.b.WriteRune(r)
		}
	}
	j.b.WriteByte('"')
}
