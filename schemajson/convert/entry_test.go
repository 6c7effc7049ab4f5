package convert

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

func TestWriteJSONSchema(t *testing.T) {
	var b bytes.Buffer
	o := &Options{ID: "https://example.com/employee"}
	if err := WriteJSONSchema(&b, schemaOf(t, people), []string{"EMPLOYEE", "helper"}, o); err != nil {
		t.Fatal(err)
	}
	want := `{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "$id": "https://example.com/employee",
  "title": "employee + helper",
  "type": "object",
  "properties": {
    "level": {
      "description": "it's a number",
      "type": "integer",
      "readOnly": true
    },
    "cn": {
      "description": "RFC4519: common name(s) for which the entity is known by",
      "type": "array",
      "items": {
        "type": "string",
        "maxLength": 32768
      },
      "minItems": 1,
      "uniqueItems": true
    },
    "objectClass": {
      "type": "array",
      "items": {
        "type": "string"
      },
      "minItems": 1,
      "uniqueItems": true
    },
    "nick": {
      "type": "string",
      "maxLength": 16
    },
    "seen": {
      "description": "when */ seen",
      "type": "string",
      "format": "date-time",
      "deprecated": true
    },
    "active": {
      "type": "boolean"
    },
    "unknownOne": {}
  },
  "required": [
    "level",
    "cn",
    "objectClass",
    "nick"
  ],
  "patternProperties": {
    "^[^;]+;": true
  },
  "additionalProperties": false
}
`
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}

func TestJSONSchemaIsJSON(t *testing.T) {
	s := schemaOf(t, "ldapSyntaxes: ( 9.9 X-NOT-HUMAN-READABLE 'TRUE' )\n"+
		"attributeTypes:: "+"KCAxLjEgTkFNRSAnIlw1Y/8BJyBERVNDICdhCgli4oCoJyBTWU5UQVggOS45ICk="+"\n"+
		"objectClasses: ( 1.3.6.1.4.1.1466.101.120.111 NAME 'extensibleObject' DESC 'any' MAY 1.1 )\n")
	var b bytes.Buffer
	if err := WriteJSONSchema(&b, s, []string{"extensibleObject"}, &Options{Title: "a \"title\""}); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Title, Description   string
		Properties           map[string]struct{ Description string }
		Required             []string
		AdditionalProperties bool
	}
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatalf("%v in %s", err, b.String())
	}
	if got.Title != `a "title"` || got.Description != "any" || !got.AdditionalProperties || got.Required == nil {
		t.Errorf("got %+v", got)
	}
	if p, ok := got.Properties["\"\\\ufffd\x01"]; !ok || p.Description != "a\n\tb\u2028" || !strings.Contains(b.String(), `"contentEncoding": "base64"`) {
		t.Errorf("got %s", b.String())
	}
}

// withOptions puts in what a string in backquotes cannot hold: the member for
// attributes with options.
func withOptions(text string) string {
	return strings.ReplaceAll(text, "%option%", "[option: `${string};${string}`]: unknown;")
}

func TestWriteTypeScript(t *testing.T) {
	var b bytes.Buffer
	if err := WriteTypeScript(&b, schemaOf(t, people), []string{"employee", "helper"}); err != nil {
		t.Fatal(err)
	}
	want := `/** Object class top (2.5.6.0), ABSTRACT. */
export interface Top {
  objectClass: string[];
  %option%
}

/** Object class person (1.2.1), STRUCTURAL. */
export interface Person extends Top {
  /** RFC4519: common name(s) for which the entity is known by */
  cn: string[];
  nick?: string;
}

/**
 * works here
 * Object class employee (1.2.2), STRUCTURAL.
 */
export interface Employee extends Person {
  /** it's a number */
  readonly level: number;
  /** Base64. */
  "photo-x"?: string[];
  /**
   * when * / seen
   * Date and time (RFC 3339).
   * @deprecated
   */
  seen?: string;
  active?: boolean;
  unknownOne?: unknown;
}

/** Object class helper (1.2.3), AUXILIARY. */
export interface Helper {
  nick: string;
  %option%
}

/** An entry of employee + helper. */
export interface Entry extends Employee, Helper {
  nick: string;
  "photo-x"?: never;
}
`
	if want := withOptions(want); b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}

// What TypeScript would refuse is not written: circles, names that clash, and
// members that what an interface extends does not agree on.
func TestWriteTypeScriptOfOddSchema(t *testing.T) {
	var b bytes.Buffer
	err := WriteTypeScript(&b, schemaOf(t, `attributeTypes: ( 1.1 NAME 'x' SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 )
attributeTypes: ( 1.2 NAME 'x' SYNTAX 1.2 SINGLE-VALUE )
objectClasses: ( 2.1 NAME 'a-b' SUP ( 2.2 $ 2.2 $ missing ) MAY ( x $ y ) )
objectClasses: ( 2.2 NAME 'a_b' OBSOLETE SUP 2.1 MUST 1.2 MAY constructor )
objectClasses: ( 2.3 SUP ( 2.1 $ 2.4 ) AUXILIARY )
objectClasses: ( 2.4 NAME '1' MUST ( 1.1 $ y ) MAY x )
objectClasses: ( 1.3.6.1.4.1.1466.101.120.111 NAME '' SUP 2.4 )
objectClasses: ( 2.6 NAME 'entry' )
`), []string{"2.3", "1.3.6.1.4.1.1466.101.120.111", "entry"})
	if err != nil {
		t.Fatal(err)
	}
	want := `/**
 * Object class a_b (2.2), STRUCTURAL.
 * @deprecated
 */
export interface AB {
  x: string;
  constructor?: unknown;
  %option%
}

/** Object class a-b (2.1), STRUCTURAL. */
export interface AB_2 extends AB {
  y?: unknown;
}

/** Object class 1 (2.4), STRUCTURAL. */
export interface Class1 {
  x: number[];
  y: unknown;
  %option%
}

/** Object class 2.3 (2.3), AUXILIARY. */
export interface Class23 extends AB_2, Class1 {
  x: any;
  y: unknown;
}

/** Object class (1.3.6.1.4.1.1466.101.120.111), STRUCTURAL. */
export interface Class extends Class1 {
  [attribute: string]: unknown;
}

/** Object class entry (2.6), STRUCTURAL. */
export interface Entry {
  %option%
}

/** An entry of 2.3 + + entry. */
export interface Entry_2 extends Class23, Class, Entry {
  x: any;
}
`
	if want := withOptions(want); b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}
