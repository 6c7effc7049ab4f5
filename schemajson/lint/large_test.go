//go:build !js

package lint

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ldapedge/ldapedge/schemajson"
)

// generated parses many definitions, by collection.
func generated(collections map[string][]string) *schemajson.SchemaInfo {
	var attributes []schemajson.Attribute
	for _, name := range schemajson.Collections {
		attributes = append(attributes, schemajson.Attribute{Name: name, Values: collections[name]})
	}
	return schemajson.Parse("", attributes)
}

// deep returns a schema of chains: types and classes that each derive from the
// one before, but for those at the chains' beginnings.
func deep(types, classes, depth int) map[string][]string {
	at := []string{"( 2.1.0 NAME 'objectClass' SYNTAX 1.2 EQUALITY m )"}
	for i := range types {
		if i%depth == 0 {
			at = append(at, fmt.Sprintf("( 2.1.1.%d NAME 'a%d' SYNTAX 1.2 EQUALITY m )", i, i))
		} else {
			at = append(at, fmt.Sprintf("( 2.1.1.%d NAME 'a%d' SUP a%d )", i, i, i-1))
		}
	}
	oc := []string{"( 2.5.6.0 NAME 'top' ABSTRACT MUST objectClass )"}
	for i := range classes {
		sup := "top"
		if i%depth != 0 {
			sup = fmt.Sprintf("c%d", i-1)
		}
		oc = append(oc, fmt.Sprintf("( 2.2.1.%d NAME 'c%d' SUP %s MUST a%d MAY a%d )", i, i, sup, 2*i, 2*i+1))
	}
	return map[string][]string{
		"attributeTypes": at, "objectClasses": oc,
		"ldapSyntaxes":  {"( 1.2 DESC 's' )"},
		"matchingRules": {"( 1.3 NAME 'm' SYNTAX 1.2 )"},
	}
}

func TestDeepSchemaWithoutFault(t *testing.T) {
	d := deep(100_000, 50_000, 10_000)
	if found := Check(generated(d), nil); len(found) != 0 {
		t.Errorf("%d findings, the first %+v", len(found), found[0])
	}
}

func TestDeepSchemaWithFaults(t *testing.T) {
	d := deep(40_000, 20_000, 10_000)
	add := func(collection, definition string) { d[collection] = append(d[collection], definition) }
	add("attributeTypes", "( 2.1.2 NAME 'deepest' SUP a9999 SYNTAX 1.4 )")
	add("objectClasses", "( 2.2.2 NAME 'inherits' SUP c9999 MUST a0 MAY ( a2 $ a20000 ) )")
	add("objectClasses", "( 2.2.3 NAME 'both' SUP ( c9999 $ c19999 ) )")
	add("dITContentRules", "( 2.2.1.19999 NOT ( a20000 $ a20001 $ a1 ) )")
	add("nameForms", "( 2.4.1 NAME 'f' OC c9999 MUST ( a0 $ a19999 $ a20000 ) )")
	var got []string
	for _, f := range Check(generated(d), nil) {
		got = append(got, string(f.Code)+" "+f.Definition+": "+f.Message)
	}
	want := []string{
		`syntax-differs deepest: the syntax is not "1.2", that of the supertype "a9999"`,
		`syntax-undefined deepest: "1.4" is not defined`,
		`may-required inherits: a superclass requires "a2" already`,
		`must-required inherits: a superclass requires "a0" already`,
		`class-structural-chains both: "c9999", "c19999" are structural, and none derives from the other`,
		`content-rule-not-needless 2.2.1.19999: "a1" is precluded, though no class of the rule allows as much`,
		`content-rule-not-required 2.2.1.19999: "a20000" is precluded, but required by the rule or one of its classes`,
		`name-form-attribute f: neither the class "c9999" nor what may be added to it allows "a20000"`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestLongCycles(t *testing.T) {
	const length = 50_000
	var at, oc, sr []string
	for i := range length {
		next := (i + 1) % length
		at = append(at, fmt.Sprintf("( 2.1.1.%d NAME 'a%d' SUP a%d )", i, i, next))
		oc = append(oc, fmt.Sprintf("( 2.2.1.%d NAME 'c%d' SUP c%d ABSTRACT )", i, i, next))
		sr = append(sr, fmt.Sprintf("( %d FORM f SUP %d )", i, next))
	}
	found := Check(generated(map[string][]string{"attributeTypes": at, "objectClasses": oc, "dITStructureRules": sr}), &Options{Ignore: []Code{CollectionAbsent}})
	if got := codes(found); !slices.Equal(got, []Code{SupertypeCycle, ClassCycle, StructureRuleCycle}) {
		t.Fatalf("%d findings: %v", len(got), got[:min(len(got), 5)])
	}
	if want := `the type is its own supertype: "a0" → "a1" → "a2" → "a3" → "a4" → "a5" → "a6" → "a7" → … → "a0"`; found[0].Message != want {
		t.Errorf("got  %s\nwant %s", found[0].Message, want)
	}
}

func TestOneFindingForALongList(t *testing.T) {
	var names []string
	for i := range 100_000 {
		names = append(names, fmt.Sprintf("a%d", i))
	}
	found := Check(schemajson.Parse("", []schemajson.Attribute{
		{Name: "attributeTypes", Values: []string{"( 2.1.1 NAME 'x' SYNTAX 1.2 )"}},
		{Name: "objectClasses", Values: []string{"( 2.1.2 NAME 'k' ABSTRACT MAY ( " + strings.Join(names, " $ ") + " ) )"}},
	}), &Options{Ignore: []Code{CollectionAbsent}})
	if len(found) != 1 || found[0].Message != `"a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", … (99992 more) are not defined` {
		t.Errorf("%d findings, the first %+v", len(found), found[0])
	}
}

// TestTangle has thousands of classes that each inherit from the ends of two
// long chains, so that what they inherit comes to more than anyone would check.
func TestTangle(t *testing.T) {
	const depth, classes = 8_000, 8_000
	d := deep(0, 0, 1)
	oc := d["objectClasses"]
	for chain := range 2 {
		for i := range depth {
			sup := "top"
			if i > 0 {
				sup = fmt.Sprintf("k%d-%d", chain, i-1)
			}
			oc = append(oc, fmt.Sprintf("( 2.2.%d.%d NAME 'k%d-%d' SUP %s ABSTRACT )", chain, i, chain, i, sup))
		}
	}
	for i := range classes {
		oc = append(oc, fmt.Sprintf("( 2.3.%d NAME 'c%d' SUP ( k0-%d $ k1-%d ) )", i, i, depth-1, depth-1))
	}
	d["objectClasses"] = oc
	found := Check(generated(d), &Options{Ignore: []Code{ClassSupMultiple}})
	if len(found) != 1 || found[0].Code != ClassTangle || found[0].Collection != "objectClasses" {
		t.Errorf("%d findings, the first %+v", len(found), found)
	}
}
