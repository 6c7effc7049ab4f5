package convert_test

import (
	"fmt"
	"os"
	"strings"

	"github.com/ldapedge/ldapedge/schemajson"
	"github.com/ldapedge/ldapedge/schemajson/convert"
)

// What slapd serves becomes a file that another slapd can load.
func Example() {
	served := `dn: cn=Subschema
attributeTypes: ( 1.3.6.1.4.1.99999.2 NAME 'level' SUP rank )
attributeTypes: ( 1.3.6.1.4.1.99999.1 NAME 'rank' SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )
objectClasses: ( 2.5.6.0 NAME 'top' ABSTRACT MUST objectClass )
objectClasses: ( 1.3.6.1.4.1.99999.3 NAME 'officer' SUP top AUXILIARY MUST level )
`
	s, err := convert.ReadLDIF(strings.NewReader(served))
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := convert.WriteOpenLDAP(os.Stdout, s, &convert.Options{Exclude: convert.BuiltIntoSlapd}); err != nil {
		fmt.Println(err)
	}
	// Output:
	// attributetype ( 1.3.6.1.4.1.99999.1
	// 	NAME 'rank'
	// 	SYNTAX 1.3.6.1.4.1.1466.115.121.1.27
	// 	SINGLE-VALUE )
	//
	// attributetype ( 1.3.6.1.4.1.99999.2
	// 	NAME 'level'
	// 	SUP rank )
	//
	// objectclass ( 1.3.6.1.4.1.99999.3
	// 	NAME 'officer'
	// 	SUP top
	// 	AUXILIARY
	// 	MUST level )
}

func ExampleFormat() {
	t := &schemajson.AttributeType{
		Definition: schemajson.Definition{OID: "2.5.4.4", Names: []string{"sn", "surname"}, Desc: "the family's name"},
		SUP:        "name",
	}
	fmt.Println(convert.Format(t))
	// Output: ( 2.5.4.4 NAME ( 'sn' 'surname' ) DESC 'the family\27s name' SUP name )
}

func ExampleReadDefinitions() {
	s, err := convert.ReadDefinitions(`
( 2.5.4.4 NAME 'sn' SUP name )
( 2.5.6.6 NAME 'person' SUP top MUST sn )
( 2.5.13.2 NAME 'caseIgnoreMatch' SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 `)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(s.AttributeTypes[0].Name(), s.ObjectClasses[0].Name())
	for _, p := range s.Problems {
		fmt.Println(p)
	}
	// Output:
	// sn person
	// matchingRules: the closing ")" is missing at byte 70
}

func ExampleWriteTypeScript() {
	s, err := convert.ReadDefinitions(`
( 2.5.4.4 NAME 'sn' SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )
( 1.2.3.4 NAME 'badge' SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )
( 2.5.6.6 NAME 'person' STRUCTURAL MUST sn MAY badge )`)
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := convert.WriteTypeScript(os.Stdout, s, []string{"person"}); err != nil {
		fmt.Println(err)
	}
	// Output:
	// /** Object class person (2.5.6.6), STRUCTURAL. */
	// export interface Person {
	//   sn: string[];
	//   badge?: number;
	//   [option: `${string};${string}`]: unknown;
	// }
}
