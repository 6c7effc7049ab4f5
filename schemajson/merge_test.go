package schemajson

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// rawText is a schema as one reads it: an attribute and its values in a line.
func rawText(s *SchemaInfo) string {
	var b strings.Builder
	for _, a := range s.Raw {
		fmt.Fprintf(&b, "%s: %s\n", a.Name, strings.Join(a.Values, "; "))
	}
	return b.String()
}

func TestMerge(t *testing.T) {
	tests := []struct {
		name         string
		base, added  []Attribute
		want, report string
	}{
		{"one takes another's place, others follow",
			[]Attribute{{"cn", []string{"Subschema"}}, {"attributetypes", []string{`( 1.1 NAME 'a' )`, `( 1.2 NAME 'b' )`, `( 1.3 NAME 'c' )`}}, {"modifyTimestamp", []string{"20200102030405Z"}}},
			[]Attribute{{"cn", []string{"other"}}, {"attributeTypes", []string{`( 1.9 NAME 'z' )`, `( 1.2 NAME 'b' DESC 'new' )`, `( 1.3 NAME 'c' )`}}, {"seeAlso", []string{"x"}}},
			"cn: Subschema\nattributetypes: ( 1.1 NAME 'a' ); ( 1.2 NAME 'b' DESC 'new' ); ( 1.3 NAME 'c' ); ( 1.9 NAME 'z' )\nmodifyTimestamp: 20200102030405Z\n",
			`[{"collection":"attributeTypes","replaced":["b"],"added":["z"]}]`},
		{"collections are apart",
			[]Attribute{{CollectionObjectClasses, []string{`( 1.1 NAME 'a' )`}}},
			[]Attribute{{CollectionDITContentRules, []string{`( 1.1 NAME 'a' )`}}, {CollectionAttributeTypes, []string{`( 1.1 NAME 'a' )`}}},
			"objectClasses: ( 1.1 NAME 'a' )\nattributeTypes: ( 1.1 NAME 'a' )\ndITContentRules: ( 1.1 NAME 'a' )\n",
			`[{"collection":"attributeTypes","replaced":[],"added":["a"]},{"collection":"dITContentRules","replaced":[],"added":["a"]}]`},
		{"the number of a structure rule",
			[]Attribute{{CollectionDITStructureRules, []string{`( 1 NAME 'r' FORM f )`, `( 2 NAME 's' FORM f )`}}},
			[]Attribute{{CollectionDITStructureRules, []string{`( 2 NAME 't' FORM f SUP 1 )`}}},
			"dITStructureRules: ( 1 NAME 'r' FORM f ); ( 2 NAME 't' FORM f SUP 1 )\n",
			`[{"collection":"dITStructureRules","replaced":["t"],"added":[]}]`},
		{"without an OID the name decides, and case does not",
			[]Attribute{{CollectionAttributeTypes, []string{`( NAME 'a' )`, `( b-oid NAME 'b' )`, `( NAME 'c' )`}}},
			[]Attribute{{CollectionAttributeTypes, []string{`( NAME 'C' DESC 'x' )`, `( B-OID NAME 'b' DESC 'x' )`, `( 1.1 NAME 'a' )`}}},
			"attributeTypes: ( NAME 'a' ); ( B-OID NAME 'b' DESC 'x' ); ( NAME 'C' DESC 'x' ); ( 1.1 NAME 'a' )\n",
			`[{"collection":"attributeTypes","replaced":["C","b"],"added":["a"]}]`},
		{"several of one OID take the place of several",
			[]Attribute{{CollectionAttributeTypes, []string{`( 1.1 NAME 'a' )`, `( 1.2 NAME 'b' )`, `( 1.1 NAME 'c' )`}}},
			[]Attribute{{CollectionAttributeTypes, []string{`( 1.1 NAME 'd' )`, `( 1.1 NAME 'e' )`, `( 1.1 NAME 'f' )`}}},
			"attributeTypes: ( 1.1 NAME 'd' ); ( 1.1 NAME 'e' ); ( 1.1 NAME 'f' ); ( 1.2 NAME 'b' )\n",
			`[{"collection":"attributeTypes","replaced":["d","e","f"],"added":[]}]`},
		{"values that are no definitions stay, once",
			[]Attribute{{CollectionAttributeTypes, []string{`( 1.1 NAME`, `( 1.2 NAME 'b' )`, `bad`}}},
			[]Attribute{{CollectionAttributeTypes, []string{`bad`, `worse`, `( 1.2 NAME 'c' )`, `worse`, `( 1.3 )`}}},
			"attributeTypes: ( 1.1 NAME; ( 1.2 NAME 'c' ); bad; ( 1.3 ); worse\n",
			`[{"collection":"attributeTypes","replaced":["c"],"added":["1.3"]}]`},
		{"definitions stay in their attribute, others follow in the last",
			[]Attribute{{"attributeTypes;x-one", []string{`( 1.1 NAME 'a' )`}}, {"objectClasses", nil}, {"attributeTypes", []string{`( 1.2 NAME 'b' )`}}},
			[]Attribute{{CollectionAttributeTypes, []string{`( 1.1 NAME 'c' )`, `( 1.3 NAME 'd' )`}}},
			"attributeTypes;x-one: ( 1.1 NAME 'c' )\nobjectClasses: \nattributeTypes: ( 1.2 NAME 'b' ); ( 1.3 NAME 'd' )\n",
			`[{"collection":"attributeTypes","replaced":["c"],"added":["d"]}]`},
		{"the same is nothing new",
			[]Attribute{{CollectionAttributeTypes, []string{`( 1.1 NAME 'a' )`, `bad`}}},
			[]Attribute{{CollectionAttributeTypes, []string{`( 1.1 NAME 'a' )`, `bad`}}},
			"attributeTypes: ( 1.1 NAME 'a' ); bad\n", `null`},
		{"nothing into nothing", nil, nil, "", `null`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			base, added := Parse("cn=base", test.base), Parse("cn=added", test.added)
			before, other := rawText(base), rawText(added)
			merged, report := Merge(base, added)
			if got := rawText(merged); got != test.want || merged.Entry != "cn=base" {
				t.Errorf("the merged schema of %q is\n%swant\n%s", merged.Entry, got, test.want)
			}
			if got, _ := json.Marshal(report); string(got) != test.report {
				t.Errorf("the report is %s, not %s", got, test.report)
			}
			if rawText(base) != before || rawText(added) != other {
				t.Error("a schema that was merged has changed")
			}
			if again, report := Merge(merged, added); rawText(again) != test.want || report != nil {
				t.Errorf("once more it is\n%s%v", rawText(again), report)
			}
		})
	}
}

// What was merged is a schema like any other: indexed, linked, with problems of
// its own, and written as it was read.
func TestMergedSchema(t *testing.T) {
	base, err := SchemaInfoFromJSON([]byte(`{"type":"SchemaInfo","schema_entry":null,"raw":{"attributeTypes":["( 1.1 NAME 'a' )"],"objectClasses":["( 2.1 NAME 'x' MUST new )"]}}`))
	if err != nil {
		t.Fatal(err)
	}
	s, _ := Merge(base, Parse("", []Attribute{{CollectionAttributeTypes, []string{`( 1.2 NAME 'new' )`, `( 1.3 NAME 'A' )`}}}))
	must, _ := s.ClassAttributes(s.ObjectClass("x"))
	if len(must) != 1 || must[0].Type == nil || must[0].Type.OID != "1.2" {
		t.Errorf("x requires %+v", must)
	}
	if s.AttributeType("a").OID != "1.1" || len(s.Problems) != 1 || s.Problems[0].Code != ProblemDuplicate {
		t.Errorf("%v", s.Problems)
	}
	again, err := SchemaInfoFromJSON(s.JSON(nil))
	if err != nil || !reflect.DeepEqual(again.Raw, s.Raw) || !strings.Contains(string(s.JSON(nil)), `"schema_entry": null`) {
		t.Errorf("%v\n%s", err, s.JSON(nil))
	}
	if base.AttributeType("new") != nil {
		t.Error("the schema that was merged has changed")
	}
}

// Whatever is merged: each definition is that of added or, where that has none
// with its OID, of base.
func FuzzMerge(f *testing.F) {
	f.Add("( 1.1 )\n( 1.2 NAME 'b' )\nbad", "( 1.2 )\n( 1.3 )\nbad")
	f.Fuzz(func(t *testing.T, base, added string) {
		of := func(text string) *SchemaInfo {
			return Parse("", []Attribute{{CollectionAttributeTypes, strings.Split(text, "\n")}})
		}
		from, with := of(base), of(added)
		merged, _ := Merge(from, with)
		want := make(map[string]bool) // the texts
		in := make(map[string]bool)
		for i := range with.AttributeTypes {
			d := &with.AttributeTypes[i].Definition
			want[d.Raw], in[identity(d)] = true, true
		}
		for i := range from.AttributeTypes {
			if d := &from.AttributeTypes[i].Definition; !in[identity(d)] {
				want[d.Raw] = true
			}
		}
		got := make(map[string]bool)
		for _, d := range merged.AttributeTypes {
			got[d.Raw] = true
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%q and %q become %q", base, added, rawText(merged))
		}
	})
}
