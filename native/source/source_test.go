package source

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestOpen(t *testing.T) {
	file := filepath.Join(t.TempDir(), "schema")
	if err := os.WriteFile(file, []byte("( 1.1 NAME 'car' STRUCTURAL )"), 0o600); err != nil {
		t.Fatal(err)
	}
	stdin := &Options{Stdin: strings.NewReader("dn: cn=x\nobjectClasses: ( 1.1 NAME 'car' )\n")}
	for _, test := range []struct {
		name, class string
		options     *Options
		info        bool
	}{
		{"offline:slapd_2_5", "person", nil, true},
		{file, "car", nil, false},
		{Stdin, "car", stdin, false},
	} {
		s, err := Open(t.Context(), test.name, test.options)
		if err != nil || s.Name != test.name || s.Schema.ObjectClass(test.class) == nil || (s.Info != nil) != test.info {
			t.Errorf("%s: %+v, %v", test.name, s, err)
		}
	}
}

func TestOpenErrors(t *testing.T) {
	for name, says := range map[string]string{
		"":                   `"": no such file or directory`,
		"/no/such/file":      "/no/such/file: no such file or directory",
		"/":                  "/: is a directory",
		"offline:X":          `there is no such offline set: "X"; there are AD_2012_R2, `,
		"http://h":           `http://h: server scheme "http" is none of ldap, ldaps, ldapi, ldap+srv, ldaps+srv`,
		"LDAP://h:x":         `LDAP://h:x: server port "x"`,
		"ldap://127.0.0.1:1": "ldap://127.0.0.1:1: connect: 127.0.0.1:1: connection refused",
		Stdin:                "-: more than the 67108864 bytes that a schema may have",
	} {
		_, err := Open(t.Context(), name, &Options{Stdin: endless{}})
		if err == nil || !strings.HasPrefix(err.Error(), says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

// Waiting for what a pipe never brings can be ended.
func TestOpenCancelled(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	silent, _ := io.Pipe()
	because := errors.New("enough")
	cancel(because)
	if _, err := Open(ctx, Stdin, &Options{Stdin: silent}); !errors.Is(err, because) {
		t.Errorf("%v", err)
	}
}
