//go:build !js

package formatters_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/ldapedge/ldapedge/formatters"
	"github.com/ldapedge/ldapedge/schemajson"
	"github.com/ldapedge/ldapedge/schemajson/offline"
)

// schema stands for what a server publishes.
func schema() *schemajson.SchemaInfo {
	return schemajson.Parse("", []schemajson.Attribute{{Name: "attributeTypes", Values: []string{
		"( 2.5.4.4 NAME ( 'sn' 'surname' ) SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )",
		"( 1.3.6.1.1.1.1.0 NAME 'uidNumber' SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )",
		"( 2.16.840.1.113730.3.1.1 NAME 'carLicense' SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )",
	}}})
}

func Example() {
	set, err := offline.Load("AD_2016")
	if err != nil {
		fmt.Println(err)
		return
	}
	f := formatters.New(set.Schema, nil)
	for _, c := range [][2]string{
		{"whenCreated", "20130521164433.0Z"},
		{"lastLogon", "131234567890123456"},
		{"accountExpires", "9223372036854775807"},
		{"maxPwdAge", "-36288000000000"},
		{"userAccountControl", "514"},
		{"objectSid", "\x01\x01\x00\x00\x00\x00\x00\x05\x12\x00\x00\x00"},
	} {
		v, err := f.Attribute(c[0]).Format([]byte(c[1]))
		fmt.Println(c[0], v.Kind(), v, err)
	}
	// Output:
	// whenCreated time 2013-05-21T16:44:33.0Z <nil>
	// lastLogon time 2016-11-12T20:39:49.0123456Z <nil>
	// accountExpires never never <nil>
	// maxPwdAge interval P42D <nil>
	// userAccountControl flags 514 ACCOUNTDISABLE|NORMAL_ACCOUNT <nil>
	// objectSid sid S-1-5-18 <nil>
}

// A type of one's own for an attribute, by any of its names.
func ExampleOptions_byName() {
	shout := func(raw []byte) (formatters.Value, error) {
		return formatters.TextValue(strings.ToUpper(string(raw))), nil
	}
	f := formatters.New(schema(), &formatters.Options{Custom: map[string]formatters.Type{"surname": {Format: shout}}})
	fmt.Println(f.Values("sn;lang-en", [][]byte{[]byte("Hopper")}).Values)
	// Output: [HOPPER]
}

// A type of one's own for an attribute, by its OID, with the way back.
func ExampleOptions_byOID() {
	plate := formatters.Type{
		Name: "plate",
		Format: func(raw []byte) (formatters.Value, error) {
			if !bytes.Contains(raw, []byte(" ")) {
				return formatters.Value{}, errors.New("a plate has a space")
			}
			return formatters.TextValue(strings.ReplaceAll(string(raw), " ", "-")), nil
		},
		Validate: func(v formatters.Value) ([]byte, error) {
			return []byte(strings.ReplaceAll(v.String(), "-", " ")), nil
		},
	}
	f := formatters.New(schema(), &formatters.Options{Custom: map[string]formatters.Type{"2.16.840.1.113730.3.1.1": plate}})
	license := f.Attribute("carLicense")
	v, _ := license.Format([]byte("M LX 1"))
	b, _ := license.Validate(v)
	fmt.Printf("%s %q\n", v, b)
	v, err := license.Format([]byte("none"))
	fmt.Println(v.Kind(), err)
	// Output:
	// M-LX-1 "M LX 1"
	// bytes carLicense: "none" is no value of the attribute: a plate has a space
}

// A type of one's own for all attributes of a syntax.
func ExampleOptions_bySyntax() {
	const integer = "1.3.6.1.4.1.1466.115.121.1.27"
	builtIn := formatters.New(schema(), nil).Attribute("uidNumber")
	plus1000 := func(raw []byte) (formatters.Value, error) {
		v, err := builtIn.Format(raw)
		if err != nil {
			return v, err
		}
		n, _ := v.Int64()
		return formatters.IntegerValue(n + 1000), nil
	}
	f := formatters.New(schema(), &formatters.Options{Custom: map[string]formatters.Type{integer: {Format: plus1000}}})
	b, _ := f.Values("uidNumber", [][]byte{[]byte("7")}).MarshalJSON()
	fmt.Println(string(b))
	// Output: 1007
}

func ExampleAttribute_Validate() {
	f := formatters.New(nil, nil)
	b, err := f.Attribute("accountExpires").Validate(formatters.TextValue("2030-01-01T00:00:00Z"))
	fmt.Println(string(b), err)
	_, err = f.Attribute("objectGUID").Validate(formatters.TextValue("0"))
	fmt.Println(err)
	// Output:
	// 135379296000000000 <nil>
	// objectGUID: "0" is no value of the attribute: a GUID's text has 36 characters, not 1
}
