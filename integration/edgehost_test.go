package integration

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/ldapedge/ldapedge/native/tunneldial"
	"github.com/ldapedge/ldapedge/schemajson/offline"
	"github.com/ldapedge/ldapedge/tunnel"
	"github.com/ldapedge/ldapedge/wasm/edge"
	"github.com/ldapedge/ldapedge/wasm/edgehttp"
)

// edgeHost is a host of package edge's routes that reaches real connectors.
type edgeHost struct {
	t          *testing.T
	connectors map[string]*connector
	roots      *tls.Config // for servers that are dialled

	mu      sync.Mutex
	stored  map[string][]byte
	dialled map[string]int
	ahead   time.Duration // of the real clock
}

// Caller reads who asks from a header: what a credential is, is not this host's to
// say.
func (h *edgeHost) Caller(r *http.Request) edge.Caller {
	c := edge.Caller{Subject: r.Header.Get("Subject"), Address: "192.0.2.1", Refused: r.Header.Get("Refused")}
	if servers, ok := r.Header["Server"]; ok {
		c.Limited, c.Servers = true, servers
	}
	return c
}

func (h *edgeHost) Dial(ctx context.Context, connector, name string) (io.ReadWriteCloser, error) {
	h.mu.Lock()
	h.dialled[connector+"/"+name]++
	h.mu.Unlock()
	if connector == "" {
		return (&tls.Dialer{Config: h.roots}).DialContext(ctx, "tcp", name)
	}
	c := h.connectors[connector]
	if c == nil {
		return nil, &tunnel.CloseError{Code: tunnel.CloseAbnormal, Reason: "there is no such connector"}
	}
	d, err := tunneldial.New("http://"+c.addr, &tunneldial.Options{Token: func() (string, error) { return c.token, nil }})
	if err != nil {
		return nil, err
	}
	return d.Open(ctx, name)
}

func (h *edgeHost) Load(ctx context.Context, s *edge.Step) edge.Event {
	failed := func(err error) edge.Event { return edge.Event{Kind: edge.EventFailed, Reason: err.Error()} }
	switch s.Kind {
	case "offline":
		schema, _, err := offline.Text(s.Name)
		if err != nil {
			return failed(err)
		}
		return edge.Event{Kind: edge.EventLoaded, Bytes: fmt.Appendf(nil, `{"schema":%s}`, schema)}
	case "schema":
		c := h.connectors[s.Connector]
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+c.addr+"/v1/servers/"+s.Name+"/schema", nil)
		if err != nil {
			return failed(err)
		}
		r.Header.Set("Authorization", "Bearer "+c.token)
		if s.ETag != "" {
			r.Header.Set("If-None-Match", s.ETag)
		}
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			return failed(err)
		}
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		switch {
		case err != nil:
			return failed(err)
		case answer.StatusCode == http.StatusNotModified:
			return edge.Event{Kind: edge.EventUnchanged, Seconds: 300}
		case answer.StatusCode != http.StatusOK:
			return edge.Event{Kind: edge.EventFailed, Code: answer.StatusCode, Reason: answer.Status}
		}
		return edge.Event{Kind: edge.EventLoaded, ETag: answer.Header.Get("ETag"), Seconds: 300, Bytes: body}
	}
	return failed(fmt.Errorf("nothing of the kind %q is here", s.Kind))
}

func (h *edgeHost) Look(_ context.Context, name string) []byte {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.stored[name]
}

func (h *edgeHost) Store(name string, _ int, b []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.stored[name] = b
}

func (h *edgeHost) now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return time.Now().Add(h.ahead)
}

// later moves the host's clock on.
func (h *edgeHost) later(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ahead += d
}

// edgeServer is the routes behind a real HTTP server.
type edgeServer struct {
	*edgeHost
	url string
}

// startEdge serves the routes of a configuration.
func startEdge(t *testing.T, config any, secrets map[string]string, connectors map[string]*connector) *edgeServer {
	t.Helper()
	text, err := json.Marshal(config)
	if err != nil {
		t.Fatal(err)
	}
	e, err := edge.New(text, secrets, nil)
	if err != nil {
		t.Fatal(err)
	}
	h := &edgeHost{t: t, connectors: connectors, stored: map[string][]byte{}, dialled: map[string]int{}}
	s := httptest.NewServer(edgehttp.New(e, h, h.now))
	t.Cleanup(s.Close)
	return &edgeServer{h, s.URL}
}

// get asks as the subject, and returns the answer with its body.
func (s *edgeServer) get(t *testing.T, subject, target string, headers ...string) (*http.Response, string) {
	t.Helper()
	return s.do(t, subject, http.MethodGet, target, nil, headers...)
}

func (s *edgeServer) do(t *testing.T, subject, method, target string, body io.Reader, headers ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, s.url+target, body)
	if err != nil {
		t.Fatal(err)
	}
	if subject != "" {
		r.Header.Set("Subject", subject)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer, string(b)
}
