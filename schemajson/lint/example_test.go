package lint_test

import (
	"fmt"

	"github.com/ldapedge/ldapedge/schemajson"
	"github.com/ldapedge/ldapedge/schemajson/lint"
)

func Example() {
	schema := schemajson.Parse("cn=Subschema", []schemajson.Attribute{
		{Name: "attributeTypes", Values: []string{
			"( 2.5.4.41 NAME 'name' EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )",
			"( 2.5.4.3 NAME 'cn' SUP name SINGLE-VALUE COLLECTIVE )",
		}},
		{Name: "objectClasses", Values: []string{
			"( 2.5.6.0 NAME 'top' ABSTRACT MAY name )",
			"( 2.5.6.6 NAME 'person' SUP top STRUCTURAL MUST ( sn $ cn ) MAY name )",
		}},
	})
	for _, f := range lint.Check(schema, &lint.Options{Ignore: []lint.Code{lint.CollectionAbsent}}) {
		fmt.Printf("%s %s: %s %s: %s\n", f.Severity, f.Code, f.Definition, f.Field, f.Message)
	}
	// Output:
	// error collective-single-value: cn SINGLE-VALUE: the type is collective, but single-valued
	// error attribute-undefined: person MUST: "sn" is not defined
	// error collective-required: person MUST: "cn" is collective, and no entry has it of its own
}

func ExampleChecks() {
	for _, check := range lint.Checks[:2] {
		fmt.Println(check.Code, check.Severity, check.Description)
	}
	// Output:
	// attribute-undefined error A list names an attribute type that the schema does not define.
	// class-abstract-sup error An abstract class derives from a structural or auxiliary one (RFC 4512 §2.4.1).
}
