package diff_test

import (
	"fmt"
	"os"

	"github.com/ldapedge/ldapedge/schemajson"
	"github.com/ldapedge/ldapedge/schemajson/diff"
)

func Example() {
	before := schemajson.Parse("cn=Subschema", []schemajson.Attribute{
		{Name: "attributeTypes", Values: []string{
			"( 2.5.4.3 NAME ( 'cn' 'commonName' ) SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )",
			"( 0.9.2342.19200300.100.1.3 NAME 'mail' SYNTAX 1.3.6.1.4.1.1466.115.121.1.26{256} )",
		}},
		{Name: "objectClasses", Values: []string{"( 2.5.6.6 NAME 'person' MUST cn )"}},
	})
	after := schemajson.Parse("cn=Subschema", []schemajson.Attribute{
		{Name: "attributeTypes", Values: []string{
			"( 2.5.4.3 NAME ( 'cn' 'commonName' ) SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )",
			"( 0.9.2342.19200300.100.1.3 NAME 'mail' SYNTAX 1.3.6.1.4.1.1466.115.121.1.26{320} )",
		}},
		{Name: "objectClasses", Values: []string{"( 2.5.6.6 NAME 'person' MUST ( 2.5.4.3 $ mail ) )"}},
	})
	result := diff.Compare(before, after, nil)
	fmt.Println("breaking:", result.Summary.Breaking)
	result.WriteText(os.Stdout)
	// Output:
	// breaking: 2
	// 0 added, 0 removed, 3 changed: 2 breaking, 1 compatible, 0 cosmetic
	//
	// breaking:
	//   attributeTypes cn (2.5.4.3): singleValue + true; entries with several values violate the schema
	//   objectClasses person (2.5.6.6): must + mail; existing entries of the class may lack it
	//
	// compatible:
	//   attributeTypes mail (0.9.2342.19200300.100.1.3): length 256 → 320; values may be longer than clients have seen
}
