package demo

import (
	_ "embed"
	"fmt"
	"regexp"
	"strings"
)

//go:embed schema.ldif
var schemaLDIF string

// Syntaxes whose values do not compare as plain text.
const (
	syntaxDN              = "1.3.6.1.4.1.1466.115.121.1.12"
	syntaxOID             = "1.3.6.1.4.1.1466.115.121.1.38"
	syntaxTelephoneNumber = "1.3.6.1.4.1.1466.115.121.1.50"
)

// attributeType is what the directory needs to know of an attribute type.
type attributeType struct {
	name string
	// syntax is the object identifier of the syntax, inherited if need be,
	// without a length bound.
	syntax string
	// operational attributes are returned only when they are asked for.
	operational bool
}

// schema is the published definitions, and an index of them.
type schema struct {
	// definitions are the values of the subschema entry, by the attribute that
	// they belong to, in the order of the file.
	definitions map[string][]string
	// attributes are found by lower-case name and by object identifier.
	attributes map[string]*attributeType
	// oids are the object identifiers by lower-case name.
	oids map[string]string
}

// parseSchema reads lines of the form "attributeTypes: ( … )"; blank lines and
// those that begin with # are skipped.
func parseSchema(text string) (*schema, error) {
	s := &schema{
		definitions: map[string][]string{},
		attributes:  map[string]*attributeType{},
		oids:        map[string]string{},
	}
	number := 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := s.add(line); err != nil {
			return nil, fmt.Errorf("schema line %d: %w", number, err)
		}
	}
	return s, nil
}

func (s *schema) add(line string) error {
	kind, text, ok := strings.Cut(line, ": ")
	if !ok {
		return fmt.Errorf("no attribute name in %q", line)
	}
	d, err := parseDefinition(text)
	if err != nil {
		return err
	}
	s.definitions[kind] = append(s.definitions[kind], text)
	for _, name := range d.words["NAME"] {
		s.oids[strings.ToLower(name)] = d.oid
	}
	if kind != "attributeTypes" {
		return nil
	}
	return s.addAttributeType(d)
}

func (s *schema) addAttributeType(d definition) error {
	if len(d.words["NAME"]) == 0 {
		return fmt.Errorf("attribute type %s has no name", d.oid)
	}
	a := &attributeType{name: d.words["NAME"][0]}
	if sup, ok := d.first("SUP"); ok {
		parent := s.attribute(sup)
		if parent == nil {
			return fmt.Errorf("%s stands above its supertype %s", a.name, sup)
		}
		a.syntax, a.operational = parent.syntax, parent.operational
	}
	if syntax, ok := d.first("SYNTAX"); ok {
		a.syntax, _, _ = strings.Cut(syntax, "{")
	}
	if usage, ok := d.first("USAGE"); ok {
		a.operational = usage != "userApplications"
	}
	s.attributes[d.oid] = a
	for _, name := range d.words["NAME"] {
		s.attributes[strings.ToLower(name)] = a
	}
	return nil
}

// attribute finds an attribute type by name or object identifier; nil if the
// schema has none. Attribute options are not known here, so that a description
// with options finds nothing (RFC 4512, section 2.5).
func (s *schema) attribute(description string) *attributeType {
	return s.attributes[strings.ToLower(description)]
}

// oid returns the object identifier that a name stands for, and the name itself
// if the schema does not know it.
func (s *schema) oid(name string) string {
	if oid, ok := s.oids[strings.ToLower(name)]; ok {
		return oid
	}
	return strings.ToLower(name)
}

// definition is one schema definition taken apart (RFC 4512, section 4.1): words
// holds, for each keyword, what follows it, without quotes, parentheses and
// dollar signs.
type definition struct {
	oid   string
	words map[string][]string
}

func (d definition) first(keyword string) (string, bool) {
	if len(d.words[keyword]) == 0 {
		return "", false
	}
	return d.words[keyword][0], true
}

var (
	definitionToken   = regexp.MustCompile(`'[^']*'|[^\s()$']+`)
	definitionKeyword = regexp.MustCompile(`^[A-Z][A-Z-]+$`)
)

// parseDefinition is content with what schema.ldif needs: no word in it that
// looks like a keyword stands unquoted as a value.
func parseDefinition(text string) (definition, error) {
	tokens := definitionToken.FindAllString(text, -1)
	if len(tokens) == 0 || !strings.HasPrefix(text, "( ") || !strings.HasSuffix(text, " )") {
		return definition{}, fmt.Errorf("not a schema definition: %q", text)
	}
	d := definition{oid: tokens[0], words: map[string][]string{}}
	keyword := ""
	for _, token := range tokens[1:] {
		if definitionKeyword.MatchString(token) {
			keyword = token
			d.words[keyword] = []string{}
			continue
		}
		d.words[keyword] = append(d.words[keyword], strings.Trim(token, "'"))
	}
	return d, nil
}
