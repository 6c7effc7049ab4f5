package integration

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ldapedge/ldapedge/integration/testserver"
)

// Schema and root DSE over HTTP are what the program exports, and are sent once;
// checks tell of each server.
func TestDocumentsOfAConnector(t *testing.T) {
	slapd := startPeople(t, testserver.SlapdConfig{Global: "disallow bind_anon\nrequire bind\n"}, 0)
	other := startPeople(t, testserver.SlapdConfig{}, 0)
	dir := t.TempDir()
	password, schemaFile, infoFile := filepath.Join(dir, "password"), filepath.Join(dir, "schema"), filepath.Join(dir, "info")
	if err := os.WriteFile(password, []byte(slapd.Credentials.Password+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	succeed(t, "export", slapd.URL(), "-D", slapd.Credentials.DN, "-y", password, "--schema", schemaFile, "--info", infoFile)
	c := startConnector(t, "listen: 127.0.0.1:0\nauth: none\nservers:\n  - {name: dc1, url: '"+slapd.URL()+"', bind: {dn: '"+slapd.Credentials.DN+"', password_file: "+password+"}}\n"+
		"  - {name: down, url: 'ldap://127.0.0.1:1'}\n  - {name: other, url: '"+other.URL()+"'}\npools: [{name: both, servers: [down, dc1]}, {name: mixed, servers: [dc1, other]}]\n")
	get := func(path, known string) (*http.Response, string) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+c.addr+"/v1/servers/"+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if known != "" {
			r.Header.Set("If-None-Match", known)
		}
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		b, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		return response, string(b)
	}
	for path, file := range map[string]string{"dc1/schema": schemaFile, "both/schema": schemaFile, "dc1/info": infoFile} {
		exported, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		response, body := get(path, "")
		if response.StatusCode != 200 || !sameButTime(t, body, string(exported)) || response.Header.Get("Cache-Control") != "private, max-age=300" {
			t.Errorf("%s: %s, %d bytes and not %d: %.300s", path, response.Status, len(body), len(exported), body)
		}
		tag := response.Header.Get("ETag")
		if response, body := get(path, `"other", W/`+tag); response.StatusCode != 304 || body != "" || response.Header.Get("ETag") != tag {
			t.Errorf("%s again: %s, %q", path, response.Status, body)
		}
		if response, _ := get(path, `"other"`); response.StatusCode != 200 {
			t.Errorf("%s for another tag: %s", path, response.Status)
		}
	}
	for path, wanted := range map[string]string{
		"dc1/check":   `"alive":true`,
		"down/check":  `"error":"connection refused"`,
		"both/check":  `"url":"` + slapd.URL() + `"`,
		"down/schema": `"status":502`,
		"gone/schema": `"status":404`,
		"gone/check":  `"status":404`,
	} {
		response, body := get(path, "")
		if !strings.Contains(body, wanted) || strings.Contains(body, slapd.Credentials.DN) {
			t.Errorf("%s: %s %s", path, response.Status, body)
		}
	}
	// A server's login is for that server alone.
	var checked struct {
		Servers []struct {
			URL  string
			Bind *struct{ Error string }
		}
	}
	if _, body := get("mixed/check", ""); json.Unmarshal([]byte(body), &checked) != nil || len(checked.Servers) != 2 {
		t.Fatal(body)
	}
	for _, s := range checked.Servers {
		if (s.URL == slapd.URL()) != (s.Bind != nil) || s.Bind != nil && s.Bind.Error != "" {
			t.Errorf("%+v", s)
		}
	}
	refused := 0
	for range 5 {
		if response, _ := get("dc1/check", ""); response.StatusCode == 429 && response.Header.Get("Retry-After") == "1" {
			refused++
		}
	}
	if refused == 0 {
		t.Error("checks are not limited")
	}
}

// sameButTime compares two documents but for the time at which they were made.
func sameButTime(t *testing.T, a, b string) bool {
	t.Helper()
	var one, other map[string]json.RawMessage
	if err := json.Unmarshal([]byte(a), &one); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(b), &other); err != nil {
		t.Fatal(err)
	}
	for key := range one {
		if key != "time" && string(one[key]) != string(other[key]) {
			t.Errorf("%s: %.200s and not %.200s", key, one[key], other[key])
			return false
		}
	}
	return len(one) == len(other)
}
