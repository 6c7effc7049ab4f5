package convert

import (
	"bytes"
	"strings"
	"testing"
)

func TestWritePlantUML(t *testing.T) {
	var b bytes.Buffer
	if err := WritePlantUML(&b, schemaOf(t, people), "person"); err != nil {
		t.Fatal(err)
	}
	want := `@startuml
hide empty members
skinparam classAttributeIconSize 0
class "person" as c0 <<STRUCTURAL>> {
  {field} + cn
  {field} ○ nick
}
abstract class "top" as c1 <<ABSTRACT>> {
  {field} + objectClass
}
class "employee" as c2 <<STRUCTURAL>> {
}
c1 <|-- c0
c0 <|-- c2
@enduml
`
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}

func TestWriteMermaid(t *testing.T) {
	var b bytes.Buffer
	if err := WriteMermaid(&b, schemaOf(t, people), "person"); err != nil {
		t.Fatal(err)
	}
	want := `classDiagram
  class c0["person"] {
    <<STRUCTURAL>>
    +cn
    ○nick
  }
  class c1["top"] {
    <<ABSTRACT>>
    +objectClass
  }
  class c2["employee"] {
    <<STRUCTURAL>>
  }
  c1 <|-- c0
  c0 <|-- c2
`
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}

// Names that would be markup are written so that they are none.
func TestDiagramEscapes(t *testing.T) {
	for s, want := range map[string][2]string{
		"msDS-Value_2.x": {"msDS-Value_2.x", "msDS-Value_2.x"},
		"a--b":           {"a-<U+002D>b", "a-#45;b"},
		"-a":             {"<U+002D>a", "#45;a"},
		"}\n!x(\"":       {"<U+007D><U+000A><U+0021>x<U+0028><U+0022>", "#125;#10;#33;x#40;#34;"},
		"ä\xff":          {"<U+00E4><U+FFFD>", "#228;#65533;"},
	} {
		if got := [2]string{plantUMLText(s), mermaidText(s)}; got != want {
			t.Errorf("%q is %q, want %q", s, got, want)
		}
	}
}

// PlantUML takes what is between angle brackets at the end of a class's name for
// a type parameter.
func TestPlantUMLNameEndsInEscape(t *testing.T) {
	var b bytes.Buffer
	if err := WritePlantUML(&b, schemaOf(t, "objectClasses: ( 1.1 NAME 'x}' MUST 'y}' )\n"), "1.1"); err != nil {
		t.Fatal(err)
	}
	if want := "class \"x<U+007D>&#8203;\" as c0 <<STRUCTURAL>> {\n  {field} + y<U+007D>\n}\n"; !strings.Contains(b.String(), want) {
		t.Errorf("got %s", b.String())
	}
}

// Circles, classes without names and references to what is not there are drawn.
func TestDiagramOfOddSchema(t *testing.T) {
	s := schemaOf(t, "objectClasses: ( 1.1 SUP ( b $ 1.1 $ b $ nowhere ) )\nobjectClasses: ( 1.2 NAME 'b' SUP 1.1 )\n")
	var b bytes.Buffer
	if err := WriteMermaid(&b, s, "1.1"); err != nil {
		t.Fatal(err)
	}
	want := "classDiagram\n  class c0[\"1.1\"] {\n    <<STRUCTURAL>>\n  }\n  class c1[\"b\"] {\n    <<STRUCTURAL>>\n  }\n  c1 <|-- c0\n  c0 <|-- c1\n"
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}
