//go:build !js

package formatters

import "testing"

func TestCustomTypeByTheRegistrysName(t *testing.T) {
	schema := parse(t, "", "( 2.5.4.3 NAME 'cn' SYNTAX "+directoryString+" )")
	f := New(schema, &Options{Custom: map[string]Type{"commonName": {Format: upper}}})
	if v, _ := f.Attribute("cn").Format([]byte("x")); v.String() != "X" {
		t.Error("the registry's name commonName does not apply to cn:", v)
	}
}
