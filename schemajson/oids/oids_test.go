package oids

import (
	"fmt"
	"slices"
	"testing"
)

func TestLookup(t *testing.T) {
	tests := []struct {
		oid  string
		want Info
	}{
		{"1.2.840.113556.1.4.319", Info{"1.2.840.113556.1.4.319", Control, []string{"LDAP Simple Paged Results"}, "RFC2696"}},
		{"0.9.2342.19200300.100.1.1", Info{"0.9.2342.19200300.100.1.1", AttributeType, []string{"uid", "userId"}, "RFC4519"}},
		{"1.3.6.1.4.1.1466.115.121.1.15", Info{"1.3.6.1.4.1.1466.115.121.1.15", LDAPSyntax, []string{"Directory String"}, "RFC4517"}},
	}
	for _, test := range tests {
		got, ok := Lookup(test.oid)
		if !ok || got.OID != test.want.OID || got.Kind != test.want.Kind || got.Doc != test.want.Doc || !slices.Equal(got.Names, test.want.Names) {
			t.Errorf("%s is %+v, %v", test.oid, got, ok)
		}
	}
	for _, oid := range []string{"", "1", "# OIDs with kind", "1.2.840.113556.1.4.319 "} {
		if got, ok := Lookup(oid); ok {
			t.Errorf("%q is %v", oid, got)
		}
	}
}

// Every line of the registry is whole, and of a kind that is known.
func TestAll(t *testing.T) {
	known := []Kind{AdministrativeRole, AttributeType, Control, Extension, Feature, LDAPSyntax, MatchingRule, NameForm, ObjectClass, UnsolicitedNotice}
	counts := make(map[Kind]int)
	All(func(i Info) {
		counts[i.Kind]++
		if !slices.Contains(known, i.Kind) || len(i.Names) == 0 || i.Names[0] == "" {
			t.Errorf("%+v", i)
		}
	})
	// As many as python ldap3's table has; of the others the schemas add some.
	if counts[Control] != 78 || counts[Extension] != 241 || counts[Feature] != 17 || counts[AttributeType] < 422 {
		t.Errorf("counts %v", counts)
	}
}

func ExampleLookup() {
	info, _ := Lookup("1.3.6.1.4.1.1466.20037")
	fmt.Println(info)
	// Output:
	// 1.3.6.1.4.1.1466.20037 - StartTLS - Extension - RFC4511-RFC4513
}
