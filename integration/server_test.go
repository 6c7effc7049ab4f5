package integration

import (
	"bytes"
	"encoding/json"
	"os"
	"reflect"
	"testing"
)

// The vectors of servers, their addresses and certificates, and of LDAP URLs say
// of ldap3 what ldap3 does.
func TestServerVectorsAgainstLDAP3(t *testing.T) {
	for kind, file := range map[string]string{
		"hosts":      "../server/testdata/hosts.json",
		"candidates": "../server/testdata/candidates.json",
		"names":      "../native/dial/testdata/names.json",
		"urls":       "../ldap/ldapurl/testdata/urls.json",
	} {
		t.Run(kind, func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var vectors []map[string]any
			if err := json.Unmarshal(text, &vectors); err != nil {
				t.Fatal(err)
			}
			made := fromJSON[[]any](t, askPython(t, bytes.NewReader(text), "ldap3_server.py", kind))[0]
			if len(made) != len(vectors) || len(made) == 0 {
				t.Fatalf("%d of %d vectors are answered", len(made), len(vectors))
			}
			for i, v := range vectors {
				if !reflect.DeepEqual(v["ldap3"], made[i]) {
					t.Errorf("%v: ldap3 makes %v of it, not %v", v, made[i], v["ldap3"])
				}
			}
		})
	}
}
