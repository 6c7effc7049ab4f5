//go:build !small

package facade

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/ldapedge/ldapedge/schemajson"
)

// openSmall returns a host with an open source of a schema of its own.
func openSmall(t *testing.T) *host {
	t.Helper()
	schema := schemajson.Parse("cn=Subschema", []schemajson.Attribute{{Name: "attributeTypes", Values: []string{
		"( 1.1.1 NAME 'height' SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )",
		"( 1.1.2 NAME 'seen' SYNTAX 1.3.6.1.4.1.1466.115.121.1.24 )",
		"( 1.1.3 NAME 'objectGUID' SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )",
	}}})
	h := newHost(nil)
	s := &source{schema: schema}
	s.equip()
	h.keep(s)
	return h
}

func encoded(values ...string) string {
	raw := make([][]byte, len(values))
	for i, v := range values {
		raw[i] = []byte(v)
	}
	b, _ := json.Marshal(raw) // bytes always marshal
	return string(b)
}

func TestFormat(t *testing.T) {
	h := openSmall(t)
	guid := "\x68\x9e\x03\x07\x73\x43\x4d\x26\xa0\xa7\x07\x03\x9e\x68\x43\x73"
	sid := "\x01\x05\x00\x00\x00\x00\x00\x05\x15\x00\x00\x00\xdc\xf4\xdc\x3b\x83\x3d\x2b\x46\x82\x8b\xa6\x28\x00\x02\x00\x00"
	tests := []struct {
		source, attribute, raw, want string
	}{
		{"", "displayName", "Zoë \"Q\"", `{"kind":"text","value":"Zoë \"Q\""}`},
		{"", "isSynchronized", "TRUE", `{"kind":"boolean","value":true}`},
		{"", "accountExpires", "9223372036854775807", `{"kind":"never","value":{"never":true}}`},
		{"", "accountExpires", "130000000000000001", `{"kind":"time","value":"2012-12-14T23:06:40.0000001Z"}`},
		{"", "maxPwdAge", "-36288000000000", `{"kind":"interval","value":{"interval":"P42D","ticks":"36288000000000"}}`},
		{"", "objectGUID", guid, `{"kind":"guid","value":"{07039e68-4373-264d-a0a7-07039e684373}"}`},
		{"", "objectSid", sid, `{"kind":"sid","value":"S-1-5-21-1004336348-1177238915-682003330-512"}`},
		{"", "userAccountControl", "514", `{"kind":"flags","value":{"value":"514","names":["ACCOUNTDISABLE","NORMAL_ACCOUNT"]}}`},
		{"", "sAMAccountType", "805306368", `{"kind":"enumeration","value":{"value":"805306368","names":["USER_OBJECT"]}}`},
		{"", "highestCommittedUSN", "9223372036854775806", `{"kind":"integer","value":"9223372036854775806","wide":true}`},
		{"", "jpegPhoto", "\xff\xd8", `{"kind":"bytes","value":{"encoding":"base64","encoded":"/9g="}}`},
		{`"source":1,`, "height", "99999999999999999999999", `{"kind":"integer","value":"99999999999999999999999"}`},
		{`"source":1,`, "1.1.1;x-option", "-7", `{"kind":"integer","value":"-7"}`},
		{`"source":1,`, "seen", "20130521164433.123456789+0200", `{"kind":"time","value":"2013-05-21T16:44:33.123456789+02:00"}`},
		{`"source":1,`, "objectGUID", "of this schema", `{"kind":"text","value":"of this schema"}`},
	}
	for _, test := range tests {
		t.Run(test.attribute, func(t *testing.T) {
			a := h.call(t, "format", fmt.Sprintf(`{%s"attribute":%q,"values":%s}`, test.source, test.attribute, encoded(test.raw)))
			if a.err != nil {
				t.Fatal(a.err)
			}
			single := strings.HasPrefix(test.attribute, "height") || strings.HasPrefix(test.attribute, "1.1.1")
			if want := fmt.Sprintf(`{"values":[%s],"single":%v,"problems":[]}`, test.want, single); string(a.result) != want {
				t.Errorf("%s, not %s", a.result, want)
			}
		})
	}
}

func TestFormatProblems(t *testing.T) {
	h := openSmall(t)
	a := h.call(t, "format", `{"source":1,"attribute":"height","values":`+encoded("1", "tall", "")+`}`)
	const want = `{"values":[{"kind":"integer","value":"1"},{"kind":"bytes","value":{"encoding":"base64","encoded":"dGFsbA=="}},` +
		`{"kind":"bytes","value":{"encoding":"base64","encoded":""}}],"single":false,"problems":[` +
		`{"index":1,"message":"height: \"tall\" is no value of the attribute: an integer is digits, with an optional sign"},` +
		`{"index":2,"message":"height: \"\" is no value of the attribute: an integer is digits, with an optional sign"}]}`
	if a.err != nil || string(a.result) != want {
		t.Errorf("%v\n%s\nnot\n%s", a.err, a.result, want)
	}
}

func TestValidate(t *testing.T) {
	h := openSmall(t)
	tests := []struct {
		source, attribute, value, want string
	}{
		{"", "displayName", `{"json":"Zoë\n"}`, "Zoë\n"},
		{"", "displayName", `{"json":""}`, ""},
		{"", "isSynchronized", `{"json":false}`, "FALSE"},
		{"", "accountExpires", `{"json":{"never":true}}`, "9223372036854775807"},
		{"", "accountExpires", `{"json":"2012-12-14T23:06:40.0000001Z"}`, "130000000000000001"},
		{"", "maxPwdAge", `{"json":{"interval":"P42D","ticks":"36288000000000"}}`, "-36288000000000"},
		{"", "objectGUID", `{"json":"{07039e68-4373-264d-a0a7-07039e684373}"}`, "\x68\x9e\x03\x07\x73\x43\x4d\x26\xa0\xa7\x07\x03\x9e\x68\x43\x73"},
		{"", "userAccountControl", `{"json":{"value":514,"names":["ACCOUNTDISABLE"]}}`, "514"},
		{"", "highestCommittedUSN", `{"json":"9223372036854775806"}`, "9223372036854775806"},
		{"", "highestCommittedUSN", `{"digits":"9223372036854775806"}`, "9223372036854775806"},
		{"", "jpegPhoto", `{"json":{"encoding":"base64","encoded":"/9g="}}`, "\xff\xd8"},
		{`"source":1,`, "height", `{"digits":"99999999999999999999999"}`, "99999999999999999999999"},
		{`"source":1,`, "seen", `{"json":"2013-05-21T16:44:33.123456789+02:00"}`, "20130521164433.123456789+0200"},
	}
	for _, test := range tests {
		a := h.call(t, "validate", fmt.Sprintf(`{%s"attribute":%q,"values":[%s]}`, test.source, test.attribute, test.value))
		if want := `{"values":["` + base64.StdEncoding.EncodeToString([]byte(test.want)) + `"]}`; a.err != nil || string(a.result) != want {
			t.Errorf("%s %s: %s %v, not %s", test.attribute, test.value, a.result, a.err, want)
		}
	}
}

func TestValidateErrors(t *testing.T) {
	h := openSmall(t)
	for value, reason := range map[string]string{
		`{"json":"tall"}`: "an integer is digits",
		`{"json":1.5}`:    `the number "1.5" is not an integer`,
		`{"json":true}`:   "expected an integer, not a boolean",
		`{"json":null}`:   "a value is a string",
		`{"digits":"-"}`:  "not JSON",
		`{}`:              "not JSON",
	} {
		a := h.call(t, "validate", `{"source":1,"attribute":"height","values":[{"json":1},`+value+`]}`)
		if a.err == nil || a.err.Code != CodeInvalidValue || a.err.Value == nil || a.err.Value.Index != 1 || a.err.Value.Attribute != "height" ||
			!strings.Contains(a.err.Value.Reason, reason) || !strings.Contains(a.err.Cause, a.err.Value.Reason) || a.err.Value.Value == "" {
			t.Errorf("%s: %+v", value, a.err)
		}
	}
}

func TestValuesUsage(t *testing.T) {
	h := openSmall(t)
	long := strings.Repeat("x", maxAttribute+1)
	many := "[" + strings.Repeat(`"",`, maxValues) + `""]`
	for _, test := range []struct{ call, params, cause string }{
		{"format", `{"values":[]}`, "attribute"},
		{"format", `{"attribute":7,"values":[]}`, "of type string"},
		{"format", `{"attribute":"` + long + `","values":[]}`, "too long"},
		{"format", `{"attribute":"cn"}`, "no list of values"},
		{"format", `{"attribute":"cn","values":[7]}`, "of type []uint8"},
		{"format", `{"attribute":"cn","values":["!"]}`, "illegal base64"},
		{"format", `{"attribute":"cn","values":` + many + `}`, "100000 values at most, not 100001"},
		{"format", `{"attribute":"cn","values":["` + strings.Repeat("A", maxValuesFrame) + `"]}`, "one call may bring"},
		{"format", `{"attribute":"cn","source":9,"values":[]}`, "no open source 9"},
		{"format", `{"attribute":"cn","source":"1","values":[]}`, "of type int"},
		{"validate", `{"attribute":"cn","values":` + many + `}`, "do not fit the call"},
		{"validate", `{"attribute":"cn","values":{}}`, "do not fit the call"},
	} {
		a := h.call(t, test.call, test.params)
		if a.err == nil || a.err.Code != CodeUsage || !strings.Contains(a.err.Cause, test.cause) {
			t.Errorf("%s %.60s: %+v", test.call, test.params, a.err)
		}
	}
}
