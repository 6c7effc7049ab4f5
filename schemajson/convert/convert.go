// Package convert reads schemas from the formats in which they are kept and
// exchanged, and writes them in those and others.
//
// # In
//
// [ReadLDIF] takes a subschema entry as ldapsearch prints it, OpenLDAP's
// cn=config and Active Directory's attributeSchema and classSchema objects;
// [ReadOpenLDAP] OpenLDAP's .schema files; [ReadDefinitions] definitions that
// somebody has copied from somewhere. [Detect] tells which of these a text is.
// All return a [schemajson.SchemaInfo], and an error only if nothing of the input
// is a schema: a bad definition is among the schema's Problems.
//
// # Out
//
// [Format] writes one definition. [WriteLDIF], [WriteOpenLDAPLDIF] and
// [WriteOpenLDAP] write schemas for servers; [WriteJSONSchema] and
// [WriteTypeScript] describe entries of some classes for programs, and
// [WritePlantUML] and [WriteMermaid] draw a class and its relatives. The same
// schema and options always give the same bytes.
//
// The package opens no files and no sockets and is the same as WebAssembly.
package convert

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/ldapedge/ldapedge/schemajson"
)

// ErrNoDefinitions is returned, wrapped, for an input that has no definition in
// it.
var ErrNoDefinitions = errors.New("there are no schema definitions")

// maxText bounds an input that is read as a whole, in bytes.
const maxText = 64 << 20

// readText reads all of an input, of at most so many bytes.
func readText(r io.Reader, most int) (string, error) {
	b, err := io.ReadAll(io.LimitReader(r, int64(most)+1))
	if err != nil {
		return "", err
	}
	if len(b) > most {
		return "", fmt.Errorf("the text is longer than %d bytes", most)
	}
	return strings.TrimPrefix(string(b), "\xef\xbb\xbf"), nil
}

// collector collects the values of a subschema entry.
type collector struct {
	entry      string
	attributes []schemajson.Attribute
	problems   []schemajson.Problem
	macros     macros
	// unexpanded are the definitions in which macros may be.
	unexpanded []definition
	// expanded counts the bytes of the OIDs that macros stand for.
	expanded int
}

// definition is a definition that has been found and the collection that it is
// for.
type definition struct{ collection, text string }

// add adds values to an attribute.
func (c *collector) add(name string, values ...string) {
	for i := range c.attributes {
		if strings.EqualFold(c.attributes[i].Name, name) {
			c.attributes[i].Values = append(c.attributes[i].Values, values...)
			return
		}
	}
	c.attributes = append(c.attributes, schemajson.Attribute{Name: name, Values: values})
}

// problem reports something that the parser does not get to see.
func (c *collector) problem(code schemajson.ProblemCode, collection, text string, offset int, message string) {
	c.problems = append(c.problems, schemajson.Problem{Code: code, Collection: collection, Text: text, Offset: offset, Message: message})
}

// schema parses what has been collected.
func (c *collector) schema() (*schemajson.SchemaInfo, error) {
	for _, d := range c.unexpanded {
		c.add(d.collection, c.expand(d))
	}
	if len(c.attributes) == 0 {
		return nil, ErrNoDefinitions
	}
	s := schemajson.Parse(c.entry, c.attributes)
	s.Problems = append(c.problems, s.Problems...)
	return s, nil
}

// collections are the attributes of a subschema entry that hold definitions, in
// the order in which they are written.
var collections = []string{
	schemajson.CollectionLDAPSyntaxes, schemajson.CollectionMatchingRules, schemajson.CollectionMatchingRuleUse,
	schemajson.CollectionAttributeTypes, schemajson.CollectionObjectClasses, schemajson.CollectionDITContentRules,
	schemajson.CollectionNameForms, schemajson.CollectionDITStructureRules,
}

// collectionOf returns the collection that an attribute of a subschema entry
// holds, without regard to case and options, or nothing.
func collectionOf(attribute string) string {
	name, _, _ := strings.Cut(attribute, ";")
	for _, c := range collections {
		if strings.EqualFold(c, name) {
			return c
		}
	}
	return ""
}
