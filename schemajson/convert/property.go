package convert

import (
	"fmt"
	"strings"

	"github.com/ldapedge/ldapedge/schemajson"
)

// property is an attribute as a member of an entry in JSON.
type property struct {
	name     string
	required bool
	// known tells whether the schema defines the attribute; if not, the rest is
	// empty.
	known  bool
	single bool
	value  valueKind
	// length is the length of a text, 0 if none is given.
	length             int
	desc               string
	readOnly, obsolete bool
}

// valueKind is what a value is in JSON.
type valueKind uint8

const (
	textValue    valueKind = iota
	booleanValue           // true or false
	integerValue           // a number
	timeValue              // a text of RFC 3339
	binaryValue            // a text in base64
)

// valueKinds are the kinds of the syntaxes whose values are not texts.
var valueKinds = map[string]valueKind{
	"1.3.6.1.4.1.1466.115.121.1.7":  booleanValue, // Boolean
	"1.3.6.1.4.1.1466.115.121.1.27": integerValue, // INTEGER
	"1.2.840.113556.1.4.906":        integerValue, // Active Directory: Large Integer
	"2.16.840.1.113719.1.1.5.1.22":  integerValue, // eDirectory: Counter
	"1.3.6.1.4.1.1466.115.121.1.24": timeValue,    // Generalized Time
	"1.3.6.1.4.1.1466.115.121.1.4":  binaryValue,  // Audio
	"1.3.6.1.4.1.1466.115.121.1.5":  binaryValue,  // Binary
	"1.3.6.1.4.1.1466.115.121.1.8":  binaryValue,  // Certificate
	"1.3.6.1.4.1.1466.115.121.1.9":  binaryValue,  // Certificate List
	"1.3.6.1.4.1.1466.115.121.1.10": binaryValue,  // Certificate Pair
	"1.3.6.1.4.1.1466.115.121.1.23": binaryValue,  // Fax
	"1.3.6.1.4.1.1466.115.121.1.28": binaryValue,  // JPEG
	"1.3.6.1.4.1.1466.115.121.1.40": binaryValue,  // Octet String
	"1.3.6.1.4.1.1466.115.121.1.49": binaryValue,  // Supported Algorithm
	"1.2.840.113549.1.8.1.1":        binaryValue,  // PKCS #8 private key
	"1.2.840.113556.1.4.907":        binaryValue,  // Active Directory: NT Security Descriptor
	"OctetString":                   binaryValue,  // Active Directory: Replica Link
}

// kindOfValue returns the kind of a syntax's values. Where the syntax is not
// one of those above, the schema tells whether it is for people to read.
func kindOfValue(s *schemajson.SchemaInfo, syntax string) valueKind {
	if kind, ok := valueKinds[syntax]; ok {
		return kind
	}
	if d := s.LDAPSyntax(syntax); d != nil {
		for _, x := range d.Extensions {
			if strings.EqualFold(x.Name, "X-NOT-HUMAN-READABLE") && len(x.Values) > 0 && strings.EqualFold(x.Values[0], "TRUE") {
				return binaryValue
			}
		}
	}
	return textValue
}

func propertyOf(s *schemajson.SchemaInfo, a schemajson.ClassAttribute, required bool) property {
	if a.Type == nil {
		return property{name: a.Name, required: required}
	}
	syntax, length, _ := s.SyntaxOf(a.Type)
	p := property{
		name: a.Type.Name(), required: required, known: true,
		single: a.Type.SingleValue, value: kindOfValue(s, syntax),
		desc: a.Type.Desc, readOnly: a.Type.NoUserModification, obsolete: a.Type.Obsolete,
	}
	if p.value == textValue {
		p.length = length
	}
	return p
}

// properties returns the properties of attributes that are required and allowed,
// in this order. Of two with the same name, which only a faulty schema has, the
// first is taken.
func properties(s *schemajson.SchemaInfo, required, allowed []schemajson.ClassAttribute) (all []property) {
	seen := make(map[string]bool)
	add := func(attributes []schemajson.ClassAttribute, required bool) {
		for _, a := range attributes {
			if p := propertyOf(s, a, required); !seen[p.name] {
				seen[p.name] = true
				all = append(all, p)
			}
		}
	}
	add(required, true)
	add(allowed, false)
	return all
}

// checkClasses returns an error that names what is not a class of the schema.
func checkClasses(s *schemajson.SchemaInfo, classes []string) error {
	if len(classes) == 0 {
		return fmt.Errorf("no object class is given")
	}
	for _, name := range classes {
		if s.ObjectClass(name) == nil {
			return fmt.Errorf("the schema defines no object class %q", name)
		}
	}
	return nil
}
