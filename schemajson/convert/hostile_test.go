package convert

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/ldapedge/ldapedge/schemajson"
)

// A long chain of classes inherits more than it says, and gets no interfaces.
func TestTypeScriptIsBounded(t *testing.T) {
	var b strings.Builder
	for i := range 2_000 {
		fmt.Fprintf(&b, "objectClasses: ( 1.1.%d NAME 'c%d' SUP c%d MAY ( a%d $ b%d $ d%d ) )\n", i, i, i-1, i, i, i)
	}
	s := schemaOf(t, b.String())
	if err := WriteTypeScript(io.Discard, s, []string{"c1999"}); err == nil || !strings.Contains(err.Error(), "inherit more than 1000000 members") {
		t.Error(err)
	}
	if err := WriteTypeScript(io.Discard, s, []string{"c500"}); err != nil {
		t.Error(err)
	}
}

// A short name for a long OID makes no more of a text than a text may have.
func TestMacrosAreBounded(t *testing.T) {
	c := &collector{}
	c.define("m 1." + strings.Repeat("2", 98))
	c.expanded = maxText - 250
	got := c.expand(definition{"attributeTypes", "( m:1 NAME 'a' SUP m:2 X m:3 X m:4 )"})
	if len(c.problems) != 1 || !strings.HasSuffix(got, " X m:3 X m:4 )") || strings.Contains(got, "m:2") {
		t.Errorf("%q %v", got, c.problems)
	}
}

// What slapd takes for an error in the whole entry is left out, and told.
func TestForSlapdLeavesOutWhatItRefuses(t *testing.T) {
	s := schemaOf(t, `attributeTypes: ( 1.1 NAME 'a' SYNTAX 1.2 x-low 'l' X_UNDER 'u' X-ORIGIN 'o' )
attributeTypes: ( b-oid NAME 'b' SYNTAX 1.2 )
attributeTypes: ( NAME 'd' SYNTAX 1.2 )
attributeTypes: ( 7 NAME 'e' SYNTAX 1.2 )
`)
	var told []string
	o := &Options{Changed: func(_ string, d *schemajson.Definition, what string) { told = append(told, d.Name()+" "+what) }}
	var b strings.Builder
	if err := WriteOpenLDAP(&b, s, o); err != nil {
		t.Fatal(err)
	}
	if want := "attributetype ( 1.1\n\tNAME 'a'\n\tSYNTAX 1.2\n\tX-low 'l'\n\tX-ORIGIN 'o' )\n"; b.String() != want {
		t.Errorf("%q", b.String())
	}
	want := []string{"a without the keywords that RFC 4512 does not know", `b left out: "b-oid" is not a numeric OID`, `d left out: "" is not a numeric OID`, `e left out: "7" is not a numeric OID`}
	if !slices.Equal(told, want) {
		t.Errorf("%q", told)
	}
	if s.AttributeTypes[0].Extensions[0].Name != "x-low" {
		t.Error("the schema itself is changed")
	}
}

// A mark before the text and comments inside definitions are no part of them.
func TestReadDefinitionsWithMarkAndInnerComments(t *testing.T) {
	s := readDefinitions(t, "\xef\xbb\xbf# not ( this )\r\nattributeTypes: ( 1.1 NAME 'a'\r\n# don't ( stumble\r\n  SYNTAX 1.2 )\r\n( 1.2 NAME 'b' DESC 'one\n#two' SYNTAX 1.2 )\n")
	wantDefinitions(t, s, "( 1.1 NAME 'a' SYNTAX 1.2 )", "( 1.2 NAME 'b' DESC 'one #two' SYNTAX 1.2 )")
}

// Names and descriptions that would end a comment, a string or a line, or begin
// a directive, stay text.
func TestHostileTextStaysText(t *testing.T) {
	evil := "*/ alert(1) /* \u2028 </script> \" ' \\ `${x}` **// \u202e *" + "\xff/ \x1b[31m %%{init: {}}%% !include /etc/passwd @enduml ~~~ ]] end\nend"
	format := schemajson.ObjectClass{Definition: schemajson.Definition{OID: "1.2.1", Names: []string{evil}, Desc: evil}, May: []string{evil, "plain"}}
	s := schemajson.Parse("", []schemajson.Attribute{
		{Name: "objectClasses", Values: []string{Format(&format), "( 1.2.2 NAME '' SUP 1.2.1 )"}},
		{Name: "attributeTypes", Values: []string{Format(&schemajson.AttributeType{Definition: schemajson.Definition{OID: "1.1.1", Names: []string{evil}, Desc: evil}, Syntax: "1.2"})}},
	})
	var ts, uml, mermaid, file strings.Builder
	for _, err := range []error{
		WriteTypeScript(&ts, s, []string{"1.2.1", "1.2.2"}), WritePlantUML(&uml, s, "1.2.2"), WriteMermaid(&mermaid, s, "1.2.2"), WriteOpenLDAP(&file, s, nil),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	code := ""
	for line := range strings.Lines(ts.String()) {
		if !strings.HasPrefix(line, `  "`) { // a member's name may have anything in it
			code += line
		}
	}
	if open, closed := strings.Count(code, "/**"), strings.Count(code, "*/"); open != 4 || closed != 4 || strings.ContainsAny(code, "\x1b\u202e") {
		t.Errorf("%d comments begin, and %d end:\n%s", open, closed, &ts)
	}
	for _, text := range []string{uml.String(), mermaid.String()} {
		for _, bad := range []string{"script", "include /", "%%", "~~~", "]]", "alert(", `""`, "@enduml\n@"} {
			if strings.Contains(strings.ReplaceAll(text, "<U+003C>", ""), bad) && bad != "script" {
				t.Errorf("%q in\n%s", bad, text)
			}
		}
		if strings.Count(text, "\n") > 16 {
			t.Errorf("more lines than classes and members have:\n%s", text)
		}
	}
	again, err := ReadOpenLDAP(strings.NewReader(file.String()))
	if err != nil || len(again.ObjectClasses) != 2 || len(again.AttributeTypes) != 1 {
		t.Errorf("%v\n%s", err, &file)
	}
}
