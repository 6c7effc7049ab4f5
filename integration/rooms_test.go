package integration

import (
	"encoding/json"
	"os"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/ldapedge/ldapedge"

// floors says on which floor a room is; imports only go down. The longest
// matching folder counts.
var floors = map[string]int{
	"tunnel":             1,
	"schemajson":         1,
	"ldif":               1,
	"dn":                 1,
	"formatters":         2,
	"server":             3,
	"pool":               4,
	"ldap":               5,
	"ldap/policy":        6,
	"native/dial":        6,
	"native/sasl":        6,
	"native/authorities": 6,
	"native/demo":        6,
	"native/source":      6,
	"native/tunneldial":  6,
	"wasm":               7,
	"native":             7,
}

// pure is the highest floor that must stay free of sockets; so must those of
// alsoPure, which are above it.
const pure = 5

var alsoPure = []string{module + "/ldap/policy", module + "/wasm/edge"}

type goPackage struct {
	ImportPath string
	Name       string
	Imports    []string
	Deps       []string
	Standard   bool
}

func list(t *testing.T, env []string, args ...string) (all []goPackage) {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list", "-json=ImportPath,Name,Imports,Deps,Standard"}, args...)...)
	cmd.Dir = ".."
	cmd.Env = append(os.Environ(), env...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	for d := json.NewDecoder(strings.NewReader(string(out))); d.More(); {
		var p goPackage
		if err := d.Decode(&p); err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	if len(all) == 0 {
		t.Fatal("go list finds no package")
	}
	return all
}

// floor returns a package's floor, 0 for one that is not of this module.
func floor(t *testing.T, importPath string) int {
	t.Helper()
	room, ok := strings.CutPrefix(importPath, module+"/")
	if !ok {
		return 0
	}
	for dir := room; dir != "."; dir = path.Dir(dir) {
		if n, ok := floors[dir]; ok {
			return n
		}
	}
	t.Errorf("%s has no floor: add its room to the table", importPath)
	return 0
}

func TestImportsOnlyGoDown(t *testing.T) {
	for _, env := range [][]string{nil, {"GOOS=js", "GOARCH=wasm"}} {
		for _, p := range list(t, env, "-e", "./...") {
			for _, i := range p.Imports {
				if from, to := floor(t, p.ImportPath), floor(t, i); to > from {
					t.Errorf("%s (floor %d) imports %s (floor %d)", p.ImportPath, from, i, to)
				}
			}
		}
	}
}

// What keeps the WebAssembly small and the core testable.
func TestPureRoomsStayPure(t *testing.T) {
	reachable := []string{"net", "net/http", "crypto/tls", "crypto/x509"}
	direct := []string{"os", "syscall/js"}
	checked := 0
	for _, p := range list(t, []string{"GOOS=js", "GOARCH=wasm"}, "-e", "./...") {
		n := floor(t, p.ImportPath)
		if n == 0 || n > pure && !slices.Contains(alsoPure, p.ImportPath) || p.Name == "main" { // a generator runs where the room is made
			continue
		}
		checked++
		for _, bad := range reachable {
			if slices.Contains(p.Deps, bad) {
				t.Errorf("%s reaches %s", p.ImportPath, bad)
			}
		}
		for _, bad := range direct {
			if slices.Contains(p.Imports, bad) {
				t.Errorf("%s imports %s", p.ImportPath, bad)
			}
		}
	}
	if checked < 5 {
		t.Errorf("only %d packages were looked at", checked)
	}
}

func TestSyscallJSUnderWasmAlone(t *testing.T) {
	found := false
	for _, p := range list(t, []string{"GOOS=js", "GOARCH=wasm"}, "-e", "./...") {
		if !slices.Contains(p.Imports, "syscall/js") {
			continue
		}
		found = true
		if !strings.HasPrefix(p.ImportPath, module+"/wasm/") {
			t.Errorf("%s imports syscall/js", p.ImportPath)
		}
	}
	if !found {
		t.Error("no package imports syscall/js: the test looks at the wrong ones")
	}
}
