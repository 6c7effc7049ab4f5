//go:build !js

package diff

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ldapedge/ldapedge/schemajson"
)

// deep returns a schema of many attribute types and of classes in long chains.
func deep(types, classes, depth int, attribute, class string) *schemajson.SchemaInfo {
	var at, oc []string
	for i := range types {
		at = append(at, fmt.Sprintf("( 2.1.1.%d NAME 'a%d' SYNTAX 1.2 %s )", i, i, attribute))
	}
	for i := range classes {
		sup := ""
		if i%depth != 0 {
			sup = fmt.Sprintf("SUP c%d", i-1)
		}
		oc = append(oc, fmt.Sprintf("( 2.2.1.%d NAME 'c%d' %s MUST a%d %s )", i, i, sup, i, class))
	}
	return schemajson.Parse("", []schemajson.Attribute{{Name: "attributeTypes", Values: at}, {Name: "objectClasses", Values: oc}})
}

func TestLargeSchemas(t *testing.T) {
	r := Compare(deep(40_000, 20_000, 10_000, "", ""), deep(40_001, 20_000, 10_000, "SINGLE-VALUE", "AUXILIARY"), nil)
	if want := (Summary{Added: 1, Changed: 60_000, Breaking: 60_000, Compatible: 1}); r.Summary != want {
		t.Errorf("%+v", r.Summary)
	}
}

func TestDeepClasses(t *testing.T) {
	r := Compare(deep(10_000, 10_000, 10_000, "", "MAY ( a0 $ a1 )"), deep(10_000, 10_000, 10_000, "", "MAY ( a0 $ a2 )"), nil)
	// a1 is required from the second class on, and a2 from the third.
	if want := (Summary{Changed: 10_000, Breaking: 1, Compatible: 2, Cosmetic: 19_997}); r.Summary != want {
		t.Errorf("%+v", r.Summary)
	}
}

func TestLongLists(t *testing.T) {
	var one, other []string
	for i := range 100_000 {
		one, other = append(one, fmt.Sprintf("a%d", i)), append(other, fmt.Sprintf("b%d", i))
	}
	rule := func(must, may []string) *schemajson.SchemaInfo {
		return schema("cr: ( 1.1 MUST ( " + strings.Join(must, " $ ") + " ) MAY ( " + strings.Join(may, " $ ") + " ) )")
	}
	r := Compare(rule(one, other), rule(other, one), nil)
	changes := r.Collections[0].Changed[0].Changes
	if want := (Summary{Changed: 1, Breaking: 1, Compatible: 1, Cosmetic: 2}); r.Summary != want || len(changes[0].To) != 100_000 {
		t.Errorf("%+v", r.Summary)
	}
}

// Long chains of supertypes, of which every type has something else, and many
// extensions take time in proportion.
func TestDeepTypesAndManyExtensions(t *testing.T) {
	chain := func(field string) *schemajson.SchemaInfo {
		values := []string{"( 2.1 NAME 'a0' SYNTAX 1.2 )"}
		for i := 1; i < 20_000; i++ {
			values = append(values, fmt.Sprintf("( 2.%d NAME 'a%d' SUP a%d %s )", i+1, i, i-1, field))
		}
		return schemajson.Parse("", []schemajson.Attribute{{Name: "attributeTypes", Values: values}})
	}
	r := Compare(chain("ORDERING o"), chain("SYNTAX 1.3"), nil)
	if want := (Summary{Changed: 19_999, Breaking: 2 * 19_999}); r.Summary != want {
		t.Errorf("%+v", r.Summary)
	}
	var extensions []string
	for i := range 20_000 {
		extensions = append(extensions, fmt.Sprintf("X-A%d 'v'", i))
	}
	one := func(extensions []string) *schemajson.SchemaInfo {
		return schema("at: ( 1.1 NAME 'a' " + strings.Join(extensions, " ") + " )")
	}
	r = Compare(one(extensions), one(extensions[1:]), nil)
	if want := (Summary{Changed: 1, Cosmetic: 1}); r.Summary != want {
		t.Errorf("%+v", r.Summary)
	}
}
