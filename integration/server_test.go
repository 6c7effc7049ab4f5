package integration

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"reflect"
	"testing"
)

// The vectors of package server say of ldap3 what ldap3 does.
func TestHostsAgainstLDAP3(t *testing.T) {
	file, err := os.ReadFile("../server/testdata/hosts.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors []map[string]any
	if err := json.Unmarshal(file, &vectors); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(python, "testdata/ldap3_hosts.py")
	cmd.Stdin = bytes.NewReader(file)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("python3-ldap3: %v", err)
	}
	var made []map[string]any
	if err := json.Unmarshal(out, &made); err != nil {
		t.Fatal(err)
	}
	if len(made) != len(vectors) || len(made) == 0 {
		t.Fatalf("%d of %d vectors are answered", len(made), len(vectors))
	}
	for i, v := range vectors {
		if !reflect.DeepEqual(v["ldap3"], map[string]any(made[i])) {
			t.Errorf("%q: ldap3 makes %v of it, not %v", v["host"], made[i], v["ldap3"])
		}
	}
}
