package viewer

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

func TestHandler(t *testing.T) {
	h, err := Handler(fstest.MapFS{
		"index.html":           {Data: []byte("<!doctype html>")},
		"assets/app-123.js":    {Data: []byte("let x = 1")},
		"assets/app-123.js.br": {Data: []byte("\x0bcompressed")},
		"assets/app-123.js.gz": {Data: []byte("\x1fcompressed")},
		"assets/schema-1.gz":   {Data: []byte("\x1fschema")},
		"assets/a.wasm":        {Data: []byte("\x00asm")},
		"service-worker.js":    {Data: []byte("let y = 1")},
	})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, method, path, accept string
		status                     int
		body, contentType, cache   string
		encoding                   string
	}{
		{"root", "GET", "/", "br", 200, "<!doctype html>", "text/html; charset=utf-8", "no-cache", ""},
		{"brotli", "GET", "/assets/app-123.js", "gzip, br;q=1.0", 200, "\x0bcompressed", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable", "br"},
		{"gzip", "GET", "/assets/app-123.js", "deflate, gzip", 200, "\x1fcompressed", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable", "gzip"},
		{"not compressed", "GET", "/assets/app-123.js", "deflate", 200, "let x = 1", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable", ""},
		{"service worker", "GET", "/service-worker.js", "br", 200, "let y = 1", "text/javascript; charset=utf-8", "no-cache", ""},
		{"brotli refused", "GET", "/assets/app-123.js", "br; q=0", 200, "let x = 1", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable", ""},
		{"wasm", "GET", "/assets/a.wasm", "br", 200, "\x00asm", "application/wasm", "public, max-age=31536000, immutable", ""},
		{"head", "HEAD", "/", "", 200, "", "text/html; charset=utf-8", "no-cache", ""},
		{"a file that is compressed itself", "GET", "/assets/schema-1.gz", "gzip", 200, "\x1fschema", "application/octet-stream", "public, max-age=31536000, immutable", ""},
		{"gzipped name", "GET", "/assets/app-123.js.gz", "", 404, "there is no such file\n", "text/plain; charset=utf-8", "", ""},
		{"compressed name", "GET", "/assets/app-123.js.br", "", 404, "there is no such file\n", "text/plain; charset=utf-8", "", ""},
		{"missing", "GET", "/../secret", "", 404, "there is no such file\n", "text/plain; charset=utf-8", "", ""},
		{"post", "POST", "/", "", 405, "only GET and HEAD\n", "text/plain; charset=utf-8", "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := httptest.NewRequest(test.method, test.path, nil)
			r.Header.Set("Accept-Encoding", test.accept)
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != test.status || w.Body.String() != test.body || w.Header().Get("Content-Type") != test.contentType ||
				w.Header().Get("Cache-Control") != test.cache || w.Header().Get("Content-Encoding") != test.encoding {
				t.Errorf("%d %q %v", w.Code, w.Body, w.Header())
			}
			if csp := w.Header().Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe-inline") ||
				!strings.HasSuffix(csp, "; connect-src 'self' ws://example.com wss://example.com") {
				t.Errorf("policy %q", csp)
			}
		})
	}
}

func TestETag(t *testing.T) {
	h, err := Handler(fstest.MapFS{"index.html": {Data: []byte("a")}, "index.html.br": {Data: []byte("b")}})
	if err != nil {
		t.Fatal(err)
	}
	ask := func(accept, tag string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("Accept-Encoding", accept)
		r.Header.Set("If-None-Match", tag)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	plain, compressed := ask("", "").Header().Get("ETag"), ask("br", "").Header().Get("ETag")
	if plain == compressed || plain == "" {
		t.Errorf("tags %s and %s", plain, compressed)
	}
	if w := ask("br", compressed); w.Code != http.StatusNotModified || w.Body.Len() != 0 {
		t.Errorf("%d %q", w.Code, w.Body)
	}
	if w := ask("br", plain); w.Code != http.StatusOK {
		t.Errorf("the other encoding's tag gives %d", w.Code)
	}
}

func TestNoIndex(t *testing.T) {
	if _, err := Handler(fstest.MapFS{"a.js": {}}); err == nil {
		t.Error("a site without index.html is served")
	}
}

// A host is no way into the policy.
func TestPolicyFor(t *testing.T) {
	for host, want := range map[string]string{
		"127.0.0.1:8389":  policy + " ws://127.0.0.1:8389 wss://127.0.0.1:8389",
		"[::1]:8389":      policy + " ws://[::1]:8389 wss://[::1]:8389",
		"a; script-src *": policy,
		"a *":             policy,
		"":                policy,
	} {
		if got := policyFor(host); got != want {
			t.Errorf("%q: %s", host, got)
		}
	}
}
