//go:build !js

package formatters

import (
	"strings"
	"testing"
)

func TestCustomTypeByTheRegistrysName(t *testing.T) {
	schema := parse(t, "", "( 2.5.4.3 NAME 'cn' SYNTAX "+directoryString+" )")
	upper := func(raw []byte) (Value, error) { return TextValue(strings.ToUpper(string(raw))), nil }
	f := New(schema, &Options{Custom: map[string]Type{"commonName": {Format: upper}}})
	if v, _ := f.Attribute("cn").Format([]byte("x")); v.String() != "X" {
		t.Error("the registry's name commonName does not apply to cn:", v)
	}
}
