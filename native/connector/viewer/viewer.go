// Package viewer serves the schema viewer's files, as the build left them:
// each file as it is and, where it is smaller so, compressed with brotli and with
// gzip beside it under the same name with ".br" and ".gz".
package viewer

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"
)

// policy lets the page run its own scripts, compile its own WebAssembly, show
// pictures that it has made of values and speak to the connector that serves it, and
// nothing elsewhere.
const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self'; img-src 'self' data: blob:; " +
	"font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; connect-src 'self'"

// isHost tells a host and port from what would be another part of the policy.
var isHost = regexp.MustCompile(`^[A-Za-z0-9.:\[\]-]+$`).MatchString

// policyFor is the policy for a page at a host: not all browsers take WebSockets
// of the same host to be 'self'.
func policyFor(host string) string {
	if !isHost(host) {
		return policy
	}
	return policy + " ws://" + host + " wss://" + host
}

// contentTypes are told by the ending alone, so that they do not depend on the
// machine.
var contentTypes = map[string]string{
	".html":        "text/html; charset=utf-8",
	".js":          "text/javascript; charset=utf-8",
	".css":         "text/css; charset=utf-8",
	".wasm":        "application/wasm",
	".svg":         "image/svg+xml",
	".png":         "image/png",
	".json":        "application/json",
	".webmanifest": "application/manifest+json",
	".txt":         "text/plain; charset=utf-8",
}

type file struct {
	plain       []byte
	compressed  []encoded
	contentType string
	etag        string
	immutable   bool
}

// encoded is a file in a content encoding.
type encoded struct {
	encoding encoding
	body     []byte
}

// encoding is a content encoding, and the ending of the files that have it.
type encoding struct{ name, ending string }

// encodings are tried in this order. Browsers take brotli over TLS and from
// loopback alone.
var encodings = []encoding{{"br", ".br"}, {"gzip", ".gz"}}

// isCompressed tells whether a file is another one compressed. One that is
// compressed itself, as the pre-built schemas are, is a file like others.
func isCompressed(site fs.FS, name string) bool {
	return slices.ContainsFunc(encodings, func(e encoding) bool {
		plain, ends := strings.CutSuffix(name, e.ending)
		_, err := fs.Stat(site, plain)
		return ends && err == nil
	})
}

// Handler serves the files of a directory, "/" as index.html. Files under
// assets/ have a hash in their name and may be cached for ever; the others are
// asked for again each time.
func Handler(site fs.FS) (http.Handler, error) {
	files := make(map[string]*file)
	err := fs.WalkDir(site, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || isCompressed(site, name) {
			return err
		}
		f, err := load(site, name)
		if err == nil {
			files["/"+name] = f
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if files["/index.html"] == nil {
		return nil, errors.New("the viewer has no index.html")
	}
	files["/"] = files["/index.html"]
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { serve(w, r, files[r.URL.Path]) }), nil
}

func load(site fs.FS, name string) (*file, error) {
	plain, err := fs.ReadFile(site, name)
	if err != nil {
		return nil, err
	}
	var compressed []encoded
	for _, e := range encodings {
		body, err := fs.ReadFile(site, name+e.ending)
		if err == nil {
			compressed = append(compressed, encoded{e, body})
		} else if !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	contentType := contentTypes[path.Ext(name)]
	if contentType == "" {
		contentType = "application/octet-stream"
	}
	hash := sha256.Sum256(plain)
	return &file{
		plain: plain, compressed: compressed, contentType: contentType,
		etag: base64.RawURLEncoding.EncodeToString(hash[:12]), immutable: strings.HasPrefix(name, "assets/"),
	}, nil
}

func serve(w http.ResponseWriter, r *http.Request, f *file) {
	header := w.Header()
	header.Set("Content-Security-Policy", policyFor(r.Host))
	header.Set("Cross-Origin-Opener-Policy", "same-origin")
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
	if f == nil {
		http.Error(w, "there is no such file", http.StatusNotFound)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		header.Set("Allow", "GET, HEAD")
		http.Error(w, "only GET and HEAD", http.StatusMethodNotAllowed)
		return
	}
	body, tag := f.plain, `"`+f.etag+`"`
	if len(f.compressed) > 0 {
		header.Set("Vary", "Accept-Encoding")
	}
	for _, c := range f.compressed {
		if accepts(r, c.encoding.name) {
			body, tag = c.body, `"`+f.etag+c.encoding.ending+`"`
			header.Set("Content-Encoding", c.encoding.name)
			break
		}
	}
	header.Set("Content-Type", f.contentType)
	header.Set("ETag", tag)
	if f.immutable {
		header.Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		header.Set("Cache-Control", "no-cache")
	}
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodGet {
		w.Write(body) // to a client that has gone there is nothing to say
	}
}

func accepts(r *http.Request, encoding string) bool {
	for entry := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, quality, _ := strings.Cut(strings.TrimSpace(entry), ";")
		if name == encoding {
			return strings.ReplaceAll(quality, " ", "") != "q=0"
		}
	}
	return false
}
