package integration

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFormatCommand(t *testing.T) {
	schema := filepath.Join(t.TempDir(), "own.schema")
	if err := os.WriteFile(schema, []byte("attributetype ( 1.1.1 NAME 'lastLogon' SYNTAX 1.3.6.1.4.1.1466.115.121.1.24 )\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	slapd := startSlapd(t).URL()
	for _, c := range []struct {
		name   string
		args   []string
		status int
		stdout string
		stderr string
	}{
		{"a time by the built-in name", []string{"lastLogon", "131234567890123456"}, 0, `"type":"filetimeOrZero","kind":"time","value":"2016-11-12T20:39:49.0123456Z"}`, ""},
		{"the same name in another schema", []string{"--schema", schema, "lastLogon", "20260102030405Z"}, 0, `"type":"generalizedTime","kind":"time","value":"2026-01-02T03:04:05Z"}`, ""},
		{"a negative number", []string{"maxPwdAge", "-36288000000000"}, 0, `"value":{"interval":"P42D","ticks":"36288000000000"}}`, ""},
		{"a negative number after --", []string{"maxPwdAge", "--", "-36288000000000"}, 0, `"value":{"interval":"P42D","ticks":"36288000000000"}}`, ""},
		{"hexadecimal", []string{"objectSid", "--hex", "01:02:00:00:00:00:00:05 20000000 20020000"}, 0, `"kind":"sid","value":"S-1-5-32-544"}`, ""},
		{"base64", []string{"objectGUID", "--base64", "aJ4DB3NDTSagpwcDnmhDcw=="}, 0, `"value":"{07039e68-4373-264d-a0a7-07039e684373}"}`, ""},
		{"flags", []string{"userAccountControl", "514"}, 0, `"value":{"value":514,"names":["ACCOUNTDISABLE","NORMAL_ACCOUNT"]}}`, ""},
		{"a syntax from a pre-built schema", []string{"createTimestamp;x-option", "2026010203Z"}, 0, `{"attribute":"createTimestamp;x-option","schema":"offline:SLAPD_2_5","type":"generalizedTime","kind":"time","value":"2026-01-02T03:00:00Z"}`, ""},
		{"a live server's schema", []string{"--schema", slapd, "uidNumber", "99999999999999999999"}, 0, `"kind":"integer","value":99999999999999999999}`, ""},
		{"an attribute that nobody knows", []string{"nobodysAttribute", "Zoë"}, 0, `{"attribute":"nobodysAttribute","type":"unknown","kind":"text","value":"Zoë"}`, ""},
		{"one value of two that is none", []string{"uidNumber", "7", "x"}, 1, `"kind":"bytes","value":{"encoding":"base64","encoded":"eA=="},"problem":"uidNumber: \"x\" is no value`, `ldapedge: uidNumber: "x" is no value`},
		{"bad hexadecimal", []string{"objectSid", "--hex", "zz"}, 2, "", `value 1, "zz"`},
		{"bad base64", []string{"objectSid", "--base64", "="}, 2, "", `value 1, "="`},
		{"both encodings", []string{"objectSid", "--base64", "--hex", "00"}, 2, "", "exclude each other"},
		{"no value", []string{"objectSid"}, 2, "", "ATTRIBUTE and one VALUE"},
		{"an unknown flag", []string{"--nope", "cn", "x"}, 2, "", "--nope"},
		{"no such schema", []string{"--schema", "offline:NOPE", "cn", "x"}, 1, "", `"NOPE"`},
		{"help", []string{"--help"}, 0, "ldapedge format maxPwdAge -36288000000000", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, errs, status := cli(t, append([]string{"format"}, c.args...)...)
			if status != c.status || !strings.Contains(out, c.stdout) || !strings.Contains(errs, c.stderr) {
				t.Errorf("status %d\n%s%s", status, out, errs)
			}
			if c.stdout == "" && out != "" {
				t.Errorf("printed %s", out)
			}
			if strings.Count(errs, "\n") != min(c.status, 1) {
				t.Errorf("not one line: %q", errs)
			}
		})
	}
}
