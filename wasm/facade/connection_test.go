//go:build !js

package facade

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/ldapedge/ldapedge/ldap/entrytext"
	"github.com/ldapedge/ldapedge/pool"
)

// must returns the answer to a call that succeeds.
func must[T any](t *testing.T, h *host, call, params string, args ...any) (v T) {
	t.Helper()
	a := h.call(t, call, fmt.Sprintf(params, args...))
	if a.err != nil {
		t.Fatalf("%s: %v", call, a.err)
	}
	if err := json.Unmarshal(a.result, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

type madeHandles struct{ Pool, Connection, Search int }

// newDemoConnection returns a connection to the demo directory that is not open.
func newDemoConnection(t *testing.T, more string) (*host, int) {
	t.Helper()
	d, h := startDemo(t), newHost(direct)
	made := must[madeHandles](t, h, "newConnection", `{"connector":"http://c/","server":%q%s}`, d.URL(), more)
	t.Cleanup(func() { h.call(t, "closeConnection", fmt.Sprintf(`{"connection":%d}`, made.Connection)) })
	return h, made.Connection
}

// batches fetches all that a search finds.
func batches(t *testing.T, h *host, search int) (entries []json.RawMessage, text string, end *SearchEnd) {
	t.Helper()
	for end == nil {
		b := must[struct {
			Batch
			Entries json.RawMessage
		}](t, h, "nextEntries", `{"search":%d}`, search)
		var some []json.RawMessage
		if b.Entries != nil {
			if err := json.Unmarshal(b.Entries, &some); err != nil || len(some) != b.Count {
				t.Fatalf("%d entries in a batch of %d, %v", len(some), b.Count, err)
			}
		}
		entries, text, end = append(entries, some...), text+b.Text, b.End
	}
	return entries, text, end
}

func TestConnection(t *testing.T) {
	h, c := newDemoConnection(t, "")
	if a := h.call(t, "whoAmI", fmt.Sprintf(`{"connection":%d}`, c)); a.err == nil || a.err.Code != CodeServerUnreachable {
		t.Errorf("before it is open: %+v", a.err)
	}
	session := must[Session](t, h, "openConnection", `{"connection":%d}`, c)
	if !strings.HasPrefix(session.URL, "ldap://127.0.0.1:") || session.TLS != nil {
		t.Errorf("%+v", session)
	}
	if a := h.call(t, "openConnection", fmt.Sprintf(`{"connection":%d}`, c)); a.err == nil || a.err.Code != CodeUsage {
		t.Errorf("opened twice: %+v", a.err)
	}
	a := h.call(t, "bind", fmt.Sprintf(`{"connection":%d,"credentials":{"dn":"cn=nobody","password":"hush"}}`, c))
	if a.err == nil || a.err.Code != CodeNotPermitted || a.err.Result == nil || a.err.Result.Code != 49 ||
		a.err.Result.Name != "invalidCredentials" || a.err.Result.Operation != "bind" || strings.Contains(fmt.Sprint(*a.err), "hush") {
		t.Errorf("a wrong password: %+v", a.err)
	}
	s := must[madeHandles](t, h, "searchEntries", `{"connection":%d,"request":{"base":"","scope":"base","attributes":["namingContexts"]}}`, c)
	entries, _, end := batches(t, h, s.Search)
	if len(entries) != 1 || len(end.References) != 0 || !strings.Contains(string(entries[0]), `{"kind":"text","value":"dc=example,dc=com"}`) {
		t.Errorf("%s, %+v", entries, end)
	}
	must[any](t, h, "closeConnection", `{"connection":%d}`, c)
	if a := h.call(t, "openConnection", fmt.Sprintf(`{"connection":%d}`, c)); a.err == nil || a.err.Code != CodeUsage {
		t.Errorf("after it was closed: %+v", a.err)
	}
	if n := len(h.handles.all); n != 0 {
		t.Errorf("%d handles are left", n)
	}
}

// What a search is told wrongly is said before anything is sent.
func TestSearchUsage(t *testing.T) {
	h, c := newDemoConnection(t, "")
	must[Session](t, h, "openConnection", `{"connection":%d}`, c)
	for request, want := range map[string]string{
		`"scope":"all"`:                                     "scope",
		`"scope":"sub","deref":"no"`:                        "deref",
		`"scope":"sub","sizeLimit":-1`:                      "sizeLimit",
		`"scope":"sub","page":{"size":0}`:                   "page",
		`"scope":"sub","pageSize":5,"page":{"size":5}`:      "pageSize",
		`"scope":"sub"},"format":"csv","x":{"a":"b"`:        entrytext.ErrNoColumns.Error(),
		`"scope":"sub"},"format":"yaml","x":{"attribute":1`: "yaml",
	} {
		a := h.call(t, "searchEntries", fmt.Sprintf(`{"connection":%d,"request":{%s}}`, c, request))
		if a.err == nil || a.err.Code != CodeUsage || !strings.Contains(a.err.Cause, want) {
			t.Errorf("%s: %+v", request, a.err)
		}
	}
	a := h.call(t, "searchEntries", fmt.Sprintf(`{"connection":%d,"request":{"scope":"sub","filter":"(cn=ä€😀(x)"}}`, c))
	if a.err == nil || a.err.Code != CodeInvalidFilter || a.err.Offset == nil || *a.err.Offset != 8 {
		t.Errorf("%+v", a.err)
	}
	s := must[madeHandles](t, h, "searchEntries", `{"connection":%d,"request":{"base":"dc=example,dc=com","scope":"sub","filter":"(uidd=x)"}}`, c)
	if a := h.call(t, "nextEntries", fmt.Sprintf(`{"search":%d}`, s.Search)); a.err == nil || a.err.Code != CodeUnknownName || !strings.Contains(a.err.Cause, "uidd") {
		t.Errorf("%+v", a.err)
	}
}

func TestEntriesAsText(t *testing.T) {
	h, c := newDemoConnection(t, "")
	must[Session](t, h, "openConnection", `{"connection":%d}`, c)
	for format, want := range map[entrytext.Format]string{
		entrytext.JSON: "{\"dn\":\"dc=example,dc=com\",\"attributes\":{\"dc\":\"example\"},\"raw_attributes\":{\"dc\":[\"example\"]}}\n",
		entrytext.LDIF: "version: 1\ndn: dc=example,dc=com\ndc: example\n",
		entrytext.CSV:  "dn,dc\n\"dc=example,dc=com\",example\n",
	} {
		s := must[madeHandles](t, h, "searchEntries",
			`{"connection":%d,"request":{"base":"dc=example,dc=com","scope":"base","attributes":["dc"]},"format":%q}`, c, format)
		if _, text, _ := batches(t, h, s.Search); text != want {
			t.Errorf("%s: %q, want %q", format, text, want)
		}
	}
}

// A search can be ended. What becomes of its connection is tested with a server that
// knows abandon.
func TestEndSearch(t *testing.T) {
	h, c := newDemoConnection(t, "")
	must[Session](t, h, "openConnection", `{"connection":%d}`, c)
	s := must[madeHandles](t, h, "searchEntries", `{"connection":%d,"request":{"base":"dc=example,dc=com","scope":"sub"}}`, c)
	must[any](t, h, "endSearch", `{"search":%d}`, s.Search)
	if a := h.call(t, "nextEntries", fmt.Sprintf(`{"search":%d}`, s.Search)); a.err == nil || a.err.Code != CodeUsage {
		t.Errorf("after its end: %+v", a.err)
	}
}

func TestPoolOfConnections(t *testing.T) {
	d, h := startDemo(t), newHost(direct)
	p := must[madeHandles](t, h, "newPool", `{"definition":{"strategy":"FIRST","active":1,"servers":["ldap://127.0.0.1:1",%q]}}`, d.URL())
	c := must[madeHandles](t, h, "newConnection", `{"connector":"http://c/","pool":%d}`, p.Pool)
	if s := must[Session](t, h, "openConnection", `{"connection":%d}`, c.Connection); s.URL != d.URL() {
		t.Errorf("%+v, want %s", s, d.URL())
	}
	events := must[PoolEvents](t, h, "poolEvents", `{"pool":%d,"after":0}`, p.Pool)
	if len(events.Events) != 1 || events.Events[0].Kind != pool.EventDown || events.Events[0].Server != "ldap://127.0.0.1:1" || events.Events[0].Error == nil {
		t.Errorf("%+v", events)
	}
	state := must[pool.State](t, h, "poolState", `{"pool":%d}`, p.Pool)
	if len(state.Members) != 2 || state.Members[0].State != pool.Quarantined || state.Members[1].Connections != 1 {
		t.Errorf("%+v", state)
	}
	// Later ones are waited for.
	id := h.start("poolEvents", fmt.Sprintf(`{"pool":%d,"after":%d}`, p.Pool, events.Next))
	h.Receive(fmt.Appendf(nil, `{"cancel":%d}`, id))
	if a := h.wait(t, id); a.err == nil || a.err.Code != CodeCancelled {
		t.Errorf("%+v", a)
	}
	must[any](t, h, "closeConnection", `{"connection":%d}`, c.Connection)
	must[any](t, h, "closePool", `{"pool":%d}`, p.Pool)
	for definition, want := range map[string]string{`{"strategy":"BEST"}`: "BEST", `{"servers":["a b"]}`: "servers[0]"} {
		if a := h.call(t, "newPool", `{"definition":`+definition+`}`); a.err == nil || a.err.Code != CodeUsage || !strings.Contains(a.err.Cause, want) {
			t.Errorf("%s: %+v", definition, a.err)
		}
	}
}

func TestFilters(t *testing.T) {
	h := newHost(nil)
	const text = `(&(objectClass=person)(|(cn=a*b\2a*c)(!(uid>=5)))(member:dn:1.2.3:=x)(photo=\ff))`
	f := must[struct {
		Text   string
		Filter json.RawMessage
	}](t, h, "parseFilter", `{"text":%q}`, text)
	if f.Text != text || !strings.Contains(string(f.Filter), `"initial":"a","any":["b*"],"final":"c"`) || !strings.Contains(string(f.Filter), `{"encoding":"base64","encoded":"/w=="}`) {
		t.Errorf("%+v, %s", f.Text, f.Filter)
	}
	if again := must[Filter](t, h, "formatFilter", `{"filter":%s}`, f.Filter); again.Text != text {
		t.Errorf("%s", again.Text)
	}
	for _, wrong := range []string{`{"kind":"nor"}`, `{"kind":"not"}`, `{"kind":"present","attribute":"a=*)(b"}`, `{"kind":"equalityMatch","attribute":""}`} {
		if a := h.call(t, "formatFilter", `{"filter":`+wrong+`}`); a.err == nil || a.err.Code != CodeUsage && a.err.Code != CodeInvalidFilter {
			t.Errorf("%s: %s", wrong, a.result)
		}
	}
	if e := must[struct{ Text string }](t, h, "escapeFilterValue", `{"value":"a*(b)\\"}`); e.Text != `a\2a\28b\29\5c` {
		t.Errorf("%s", e.Text)
	}
}
