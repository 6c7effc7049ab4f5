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
	checkLDAP3(t, "../server/testdata/hosts.json", "host", "testdata/ldap3_hosts.py")
}

// The vectors of package ldapurl say of ldap3 what ldap3 does.
func TestURLsAgainstLDAP3(t *testing.T) {
	checkLDAP3(t, "../ldap/ldapurl/testdata/urls.json", "url", "testdata/ldap3_urls.py")
}

// checkLDAP3 has a script say what ldap3 makes of each vector, which the
// vectors have under "ldap3"; name is that of their input.
func checkLDAP3(t *testing.T, path, name, script string) {
	t.Helper()
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var vectors []map[string]any
	if err := json.Unmarshal(file, &vectors); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(python, script)
	cmd.Stdin = bytes.NewReader(file)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("python3-ldap3: %v", err)
	}
	var made []any
	if err := json.Unmarshal(out, &made); err != nil {
		t.Fatal(err)
	}
	if len(made) != len(vectors) || len(made) == 0 {
		t.Fatalf("%d of %d vectors are answered", len(made), len(vectors))
	}
	for i, v := range vectors {
		if !reflect.DeepEqual(v["ldap3"], made[i]) {
			t.Errorf("%q: ldap3 makes %v of it, not %v", v[name], made[i], v["ldap3"])
		}
	}
}
