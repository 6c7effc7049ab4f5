package integration

import (
	"debug/elf"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The container's file, step by step: what it copies is there, what it builds
// needs no library, and it runs what it has copied.
func TestDockerfile(t *testing.T) {
	text, err := os.ReadFile("../deploy/Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	built, installed := filepath.Join(t.TempDir(), "ldapedge"), []string{}
	for line := range strings.Lines(string(text)) {
		words := strings.Fields(line)
		switch {
		case strings.HasPrefix(line, "COPY --from=build "):
			installed = append(installed, words[2])
		case strings.HasPrefix(line, "COPY "):
			for _, path := range words[1 : len(words)-1] {
				if _, err := os.Stat(filepath.Join("..", path)); err != nil {
					t.Errorf("%s: %v", strings.TrimSpace(line), err)
				}
			}
		case strings.Contains(line, "go build"):
			cmd := exec.Command("sh", "-c", strings.Replace(strings.TrimPrefix(line, "RUN "), "-o /ldapedge", "-o "+built, 1))
			cmd.Dir = ".."
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("%s: %v: %s", line, err, out)
			}
		case strings.HasPrefix(line, "ENTRYPOINT"):
			if line != "ENTRYPOINT [\"/ldapedge\"]\n" || !slices.Contains(installed, "/ldapedge") {
				t.Errorf("%s has %v", line, installed)
			}
		}
	}
	program, err := elf.Open(built)
	if err != nil {
		t.Fatal(err)
	}
	defer program.Close()
	if libraries, err := program.ImportedLibraries(); err != nil || len(libraries) > 0 || program.Section(".interp") != nil {
		t.Errorf("it needs %v, %v", libraries, err)
	}
	file := filepath.Join(t.TempDir(), "ldapedge.yaml")
	config := "listen: 0.0.0.0:8389\nplaintext: true\nhosts: [ldap.example.com]\nservers: [{name: dc1, url: ldap://dc1.example.com}]\n"
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(built, "serve", "--config", file, "--check-config").CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("%v: %s", err, out)
	}
}

// systemd has nothing to say against the units, and little against what the service
// may do.
func TestUnits(t *testing.T) {
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	units := []string{filepath.Join(dir, "ldapedge.service"), filepath.Join(dir, "ldapedge.socket")}
	for _, unit := range units {
		text, err := os.ReadFile(filepath.Join("../deploy", filepath.Base(unit)))
		if err != nil {
			t.Fatal(err)
		}
		// It looks whether the program is there.
		if err := os.WriteFile(unit, []byte(strings.ReplaceAll(string(text), "/usr/local/bin/ldapedge", path)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if out, err := exec.Command("systemd-analyze", append([]string{"verify"}, units...)...).CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("%v: %s", err, out)
	}
	// The threshold is in tenths.
	if out, err := exec.Command("systemd-analyze", "security", "--offline=true", "--threshold=12", units[0]).CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}
