package schemajson

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"
)

// vector is a case of testdata/definitions.json: one value of a collection,
// what becomes of it (absent if it is no definition) and what is wrong with it.
type vector struct {
	Name, Collection, Definition string
	Want                         json.RawMessage
	Problems                     []struct {
		Code   ProblemCode
		Offset int
	}
}

func TestVectors(t *testing.T) {
	text, err := os.ReadFile("testdata/definitions.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors []vector
	if err := json.Unmarshal(text, &vectors); err != nil {
		t.Fatal(err)
	}
	if len(vectors) < 50 {
		t.Fatalf("only %d vectors", len(vectors))
	}
	for _, v := range vectors {
		t.Run(v.Name, func(t *testing.T) { v.check(t) })
	}
}

func (v vector) check(t *testing.T) {
	s := Parse("", []Attribute{{v.Collection, []string{v.Definition}}})
	dump, err := json.Marshal(s.Dump())
	if err != nil {
		t.Fatal(err)
	}
	var collections map[string]json.RawMessage
	if err := json.Unmarshal(dump, &collections); err != nil {
		t.Fatal(err)
	}
	var got []DefinitionDump
	if err := json.Unmarshal(collections[v.Collection], &got); err != nil {
		t.Fatal(err)
	}
	if len(got) > 0 != (v.Want != nil) {
		t.Fatalf("%d definitions, problems %v", len(got), s.Problems)
	}
	if v.Want != nil {
		var want DefinitionDump
		d := json.NewDecoder(bytes.NewReader(v.Want))
		d.DisallowUnknownFields()
		if err := d.Decode(&want); err != nil {
			t.Fatal(err)
		}
		want.Raw = v.Definition
		if !equalJSON(t, got[0], want) {
			t.Errorf("got %s", collections[v.Collection])
		}
	}
	if len(s.Problems) != len(v.Problems) {
		t.Fatalf("problems %v", s.Problems)
	}
	for i, p := range s.Problems {
		if p.Code != v.Problems[i].Code || p.Offset != v.Problems[i].Offset || p.Text != v.Definition {
			t.Errorf("problem %+v", p)
		}
	}
}

func equalJSON(t *testing.T, a, b any) bool {
	t.Helper()
	x, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	y, err := json.Marshal(b)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Equal(x, y)
}
