package convert

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/ldapedge/ldapedge/schemajson"
)

// ReadOpenLDAP reads a schema from OpenLDAP's older format (slapd.conf(5)), which
// the files named .schema have: attributetype, objectclass, ldapsyntax and
// ditcontentrule with a definition each, and objectidentifier. Keywords may be in
// any case. What is defined by objectidentifier is put in place; it may come
// after its use. Other directives are left out and reported among the problems,
// with the line and, as the collection, "slapd.conf".
//
// The definitions' text, to which the problems' offsets refer, is in one line.
//
// It returns [ErrNoDefinitions] for a text without any.
func ReadOpenLDAP(r io.Reader) (*schemajson.SchemaInfo, error) {
	source, err := readText(r, maxText)
	if err != nil {
		return nil, fmt.Errorf("reading a schema: %w", err)
	}
	c := &collector{}
	for _, d := range directives(source) {
		keyword, value := d.split()
		folded := strings.ToLower(keyword)
		collection := openLDAPCollection(folded)
		switch {
		case folded == "objectidentifier":
			c.define(value)
		case collection != "":
			c.unexpanded = append(c.unexpanded, definition{collection, value})
		default:
			c.problem(schemajson.ProblemKeyword, "slapd.conf", strings.Join(d.lines, ""), 0,
				"line "+strconv.Itoa(d.number)+": the directive "+schemajson.Quote(keyword)+" defines nothing of a schema and is left out")
		}
	}
	s, err := c.schema()
	if err != nil {
		return nil, fmt.Errorf("reading OpenLDAP's schema format: %w", err)
	}
	return s, nil
}

// openLDAPCollection returns the collection that a directive, in small letters,
// adds to, or nothing. slapd takes attributetypes and attribute as well.
func openLDAPCollection(keyword string) string {
	switch keyword {
	case "attribute", "attributetype", "attributetypes":
		return schemajson.CollectionAttributeTypes
	case "objectclass", "objectclasses":
		return schemajson.CollectionObjectClasses
	case "ldapsyntax", "ldapsyntaxes":
		return schemajson.CollectionLDAPSyntaxes
	case "ditcontentrule", "ditcontentrules":
		return schemajson.CollectionDITContentRules
	}
	return ""
}

// directive is a line of slapd.conf with those that continue it.
type directive struct {
	// lines have a space in place of the white space that begins those that
	// continue.
	lines []string
	// number is that of its first line.
	number int
}

// split returns keyword and value. The white space between may be missing
// before a parenthesis.
func (d directive) split() (keyword, value string) {
	text := strings.Join(d.lines, "")
	if i := strings.IndexAny(text, " \t("); i >= 0 {
		return text[:i], strings.TrimSpace(text[i:])
	}
	return text, ""
}

// directives cuts a text of slapd.conf's form. A line that begins with white
// space continues the one before, also a comment. Inside parentheses there may
// be comments and, which slapd does not take, empty lines.
func directives(source string) (all []directive) {
	const (
		nothing = iota
		comment
		value
	)
	continued := nothing
	var n nesting
	number := 0
	for line := range strings.Lines(source) {
		number++
		line = strings.TrimRight(line, "\r\n")
		switch {
		case strings.TrimSpace(line) == "":
			if !n.open() {
				continued = nothing
			}
		case line[0] == '#':
			if !n.open() {
				continued = comment
			}
		case !isSpace(line[0]) || continued == nothing:
			all = append(all, directive{[]string{strings.TrimLeft(line, " \t")}, number})
			continued, n = value, nesting{}
			n.add(line)
		case continued == value:
			all[len(all)-1].lines = append(all[len(all)-1].lines, " "+line[1:])
			n.add(line)
		}
	}
	return all
}
