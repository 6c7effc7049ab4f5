package integration

import (
	"bytes"
	"encoding/json"
	"io"
	"os/exec"
	"testing"
)

// python is Debian's, for which python3-ldap3 and python3-samba are installed.
const python = "/usr/bin/python3"

// askPython runs a script of testdata and returns what it prints. What it says
// beside is shown if it fails. in may be nil.
func askPython(t *testing.T, in io.Reader, script string, args ...string) []byte {
	t.Helper()
	cmd := exec.Command(python, append([]string{"testdata/" + script}, args...)...)
	var said bytes.Buffer
	cmd.Stdin, cmd.Stderr = in, &said
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", script, err, &said)
	}
	return out
}

// toJSON returns values as JSON, one after another.
func toJSON[T any](t *testing.T, values ...T) io.Reader {
	t.Helper()
	var b bytes.Buffer
	for _, v := range values {
		if err := json.NewEncoder(&b).Encode(v); err != nil {
			t.Fatal(err)
		}
	}
	return &b
}

// fromJSON reads values of JSON that follow one another.
func fromJSON[T any](t *testing.T, b []byte) (all []T) {
	t.Helper()
	for d := json.NewDecoder(bytes.NewReader(b)); d.More(); {
		var v T
		if err := d.Decode(&v); err != nil {
			t.Fatal(err)
		}
		all = append(all, v)
	}
	return all
}
