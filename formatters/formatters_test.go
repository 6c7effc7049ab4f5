package formatters

import (
	"errors"
	"strconv"
	"strings"
	"testing"

	"github.com/ldapedge/ldapedge/schemajson"
)

const (
	directoryString = rfcSyntax + "15"
	integerSyntax   = rfcSyntax + "27"
)

// parse makes a schema of attribute types and matching rules.
func parse(t *testing.T, entry string, types ...string) *schemajson.SchemaInfo {
	t.Helper()
	s := schemajson.Parse(entry, []schemajson.Attribute{
		{Name: "attributeTypes", Values: types},
		{Name: "matchingRules", Values: []string{"( 2.5.13.14 NAME 'integerMatch' SYNTAX " + integerSyntax + " )"}},
	})
	if len(s.Problems) > 0 {
		t.Fatal(s.Problems)
	}
	return s
}

// marked returns a type whose values begin with a mark.
func marked(mark string) Type {
	return Type{Name: mark, Format: func(raw []byte) (Value, error) { return TextValue(mark + ":" + string(raw)), nil }}
}

func TestCustomTypesInTheirOrder(t *testing.T) {
	schema := parse(t, "", "( 2.5.4.3 NAME ( 'cn' 'alias' ) SUP name )", "( 2.5.4.41 NAME 'name' SYNTAX "+directoryString+" )")
	all := []string{"CN;lang-de", "CN", "2.5.4.3", "Alias", directoryString}
	// Each goes before those that follow.
	for i := range all {
		custom := make(map[string]Type)
		for _, key := range all[i:] {
			custom[key] = marked(key)
		}
		f := New(schema, &Options{Custom: custom})
		v, err := f.Attribute("cn;LANG-de").Format([]byte("x"))
		if err != nil || v.String() != all[i]+":x" {
			t.Errorf("from %s: %q, %v", all[i], v, err)
		}
	}
	f := New(schema, &Options{Custom: map[string]Type{"cn;lang-de": marked("cn")}})
	if v, _ := f.Attribute("cn").Format([]byte("x")); v.String() != "x" {
		t.Errorf("a type for cn;lang-de is used for cn: %s", v)
	}
}

func TestPartOfACustomType(t *testing.T) {
	refuse := func(Value) ([]byte, error) { return nil, errors.New("not today") }
	f := New(nil, &Options{Custom: map[string]Type{"accountExpires": {Validate: refuse}}})
	a := f.Attribute("ACCOUNTEXPIRES")
	if v, err := a.Format([]byte("0")); err != nil || !v.IsNever() {
		t.Error("without a formatter of its own:", v, err)
	}
	if _, err := a.Validate(NeverValue()); err == nil || !strings.Contains(err.Error(), "not today") {
		t.Error("the custom validator was not asked:", err)
	}
}

func TestWhatDecidesWithoutCustomTypes(t *testing.T) {
	schema := parse(t, "",
		"( 1.1.1 NAME 'number' SYNTAX "+integerSyntax+" )",
		"( 1.1.2 NAME 'inheriting' SUP number )",
		"( 1.1.3 NAME 'again' SUP 1.1.2 )",
		"( 1.1.4 NAME 'byRule' EQUALITY integerMatch )",
		"( 1.1.5 NAME 'inheritingRule' SUP byRule )",
		"( 1.1.6 NAME 'lastLogon' SYNTAX "+rfcSyntax+"24 )",
		"( 1.2.840.113556.1.4.146 NAME 'renamedSid' SYNTAX "+rfcSyntax+"40 )",
		"( 1.1.8 NAME 'strange' SYNTAX 1.1.1.1.1 )",
		"( 1.1.9 NAME 'repsFrom' SYNTAX OctetString )",
		"( 1.1.10 NAME 'loop' SUP loop )",
	)
	f := New(schema, nil)
	for description, want := range map[string]string{
		"number":                    "integer",
		"NUMBER;x-option":           "integer",
		"1.1.1":                     "integer",
		"inheriting":                "integer",
		"again;lang-de":             "integer",
		"byRule":                    "integer",
		"inheritingRule":            "integer",
		"lastLogon":                 "generalizedTime", // the schema's, not Active Directory's
		"renamedSid":                "sid",
		"strange":                   "unknown",
		"repsFrom":                  "bytes",
		"loop":                      "unknown",
		"objectGUID":                "guidLittleEndian", // not in the schema
		"1.2.840.113556.1.4.2":      "guidLittleEndian",
		"accountexpires;range=0-10": "filetimeOrZero",
		"supportedLdapVersion":      "integer",
		"nothing":                   "unknown",
		"":                          "unknown",
		";":                         "unknown",
	} {
		a := f.Attribute(description)
		if a.Type.Name != want || a.Description != description {
			t.Errorf("%q: %s, not %s", description, a.Type.Name, want)
		}
		if f.Attribute(description) != a {
			t.Errorf("%q is looked up anew", description)
		}
	}
}

func TestCustomFunctionsThatFail(t *testing.T) {
	failed := errors.New("no")
	f := New(nil, &Options{Custom: map[string]Type{
		"a": {Format: func([]byte) (Value, error) { return Value{}, failed }},
		"b": {
			Format:   func(raw []byte) (Value, error) { return IntegerValue(int64(raw[5])), nil },
			Validate: func(Value) ([]byte, error) { panic("at the disco") },
		},
	}})
	all := f.Values("a;x", [][]byte{[]byte("1"), {0xff}})
	if len(all.Problems) != 2 || all.Problems[1].Index != 1 || !errors.Is(all.Problems[1].Err, failed) {
		t.Errorf("problems: %v", all.Problems)
	}
	if all.Values[1] != BytesValue([]byte{0xff}) || all.Values[0] != BytesValue([]byte("1")) {
		t.Errorf("the values are lost: %v", all.Values)
	}
	var e *ValueError
	if !errors.As(all.Problems[0].Err, &e) || e.Attribute != "a;x" || e.Value != `"1"` {
		t.Errorf("%v", all.Problems[0].Err)
	}
	if v, err := f.Attribute("b").Format([]byte("xyz")); v != BytesValue([]byte("xyz")) || err == nil || !strings.Contains(err.Error(), "index out of range") {
		t.Errorf("panic: %v, %v", v, err)
	}
	if _, err := f.Attribute("b").Validate(TextValue("x")); err == nil || !strings.Contains(err.Error(), "at the disco") {
		t.Errorf("panic: %v", err)
	}
}

func TestSingleValues(t *testing.T) {
	f := New(parse(t, "",
		"( 1.1.1 NAME 'one' SYNTAX "+integerSyntax+" SINGLE-VALUE )", "( 1.1.2 NAME 'many' SYNTAX "+integerSyntax+" )"), nil)
	raw := func(values ...string) (all [][]byte) {
		for _, v := range values {
			all = append(all, []byte(v))
		}
		return all
	}
	for _, c := range []struct {
		attribute string
		raw       [][]byte
		want      string
	}{
		{"one", raw("1"), "1"},
		{"one;x", raw("1"), "1"},
		{"one", raw(), "[]"},
		{"one", raw("1", "2"), "[1,2]"}, // a server's fault, at which nothing is lost
		{"many", raw("1"), "[1]"},
		{"unknown", raw("1", "x"), `["1","x"]`},
		{"many", raw("1", "x"), `[1,{"encoding":"base64","encoded":"eA=="}]`},
	} {
		values := f.Values(c.attribute, c.raw)
		if got := string(values.AppendJSON(nil)); got != c.want {
			t.Errorf("%s %s: %s, not %s", c.attribute, c.raw, got, c.want)
		}
	}
}

// A server can send as many attribute descriptions as it likes.
func TestRememberedAttributesAreBounded(t *testing.T) {
	f := New(nil, nil)
	for i := range maxAttributes + 100 {
		f.Attribute("a;x-" + strconv.Itoa(i))
	}
	if n := len(f.attributes); n != maxAttributes {
		t.Errorf("%d are remembered", n)
	}
	if v, err := f.Attribute("objectSid").Format([]byte("x")); err == nil || v.Kind() != KindBytes {
		t.Error("a late attribute is not looked up:", v, err)
	}
}

const (
	rfcSyntax = "1.3.6.1.4.1.1466.115.121.1."
)
