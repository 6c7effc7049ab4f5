//go:build !js && !small

package facade

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/native/demo"
	"github.com/ldapedge/ldapedge/native/dial"
	"github.com/ldapedge/ldapedge/schemajson"
	"github.com/ldapedge/ldapedge/schemajson/view"
	"github.com/ldapedge/ldapedge/server"
	"github.com/ldapedge/ldapedge/tunnel"
)

var update = flag.Bool("update", false, "write the samples of the npm package anew")

// samples is where the type check of the npm package finds what the module
// answers.
const samples = "../npm/test/samples.ts"

// direct dials servers without a connector.
func direct(Endpoint) ldap.Dialer { return new(dial.Dialer) }

func startDemo(t *testing.T) *demo.Directory {
	t.Helper()
	d, err := demo.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

func openDemo(t *testing.T) (*host, Summary) {
	t.Helper()
	d := startDemo(t)
	h := newHost(direct)
	a := h.call(t, "open", fmt.Sprintf(`{"connector":"http://c/","token":"","server":"demo","url":%q}`, d.URL()))
	if a.err != nil {
		t.Fatal(a.err)
	}
	var s Summary
	if err := json.Unmarshal(a.result, &s); err != nil {
		t.Fatal(err)
	}
	if len(a.progress) != 2 || a.progress[0] != (Progress{"connecting", "demo"}) || a.progress[1] != (Progress{"reading", "demo"}) {
		t.Errorf("progress %+v", a.progress)
	}
	t.Cleanup(func() { h.call(t, "close", fmt.Sprintf(`{"source":%d}`, s.Source)) })
	return h, s
}

func TestOpen(t *testing.T) {
	_, s := openDemo(t)
	if s.Entry != "cn=Subschema" || s.Server != "demo" || len(s.Collections) != 8 || len(s.Problems) != 0 {
		t.Fatalf("%+v", s)
	}
	for _, c := range s.Collections[:4] {
		if len(c.Definitions) < 20 {
			t.Errorf("%s has %d definitions", c.Collection, len(c.Definitions))
		}
	}
	for _, i := range s.Collections[0].Definitions {
		if i.Name == "inetOrgPerson" && (i.OID != "2.16.840.1.113730.3.2.2" || i.Kind != "STRUCTURAL" || i.Desc == "") {
			t.Errorf("%+v", i)
		}
	}
}

// A schema may be read as somebody, and a wrong password is told.
func TestOpenBound(t *testing.T) {
	d := startDemo(t)
	h := newHost(direct)
	open := func(password string) answer {
		return h.call(t, "open", fmt.Sprintf(`{"server":"demo","url":%q,"credentials":{"dn":%q,"password":%q}}`, d.URL(), "uid=ada.moreau,ou=people,dc=example,dc=com", password))
	}
	if a := open("wrong"); a.err == nil || a.err.Code != CodeNotPermitted || !strings.Contains(a.err.Cause, "invalidCredentials") || strings.Contains(a.err.Cause, "wrong") {
		t.Errorf("%+v", a.err)
	}
	a := open(demo.Password)
	if a.err != nil || !strings.Contains(string(a.result), "inetOrgPerson") {
		t.Errorf("%+v", a.err)
	}
}

func TestDefinition(t *testing.T) {
	h, s := openDemo(t)
	show := func(collection, name string) *view.Definition {
		t.Helper()
		a := h.call(t, "definition", fmt.Sprintf(`{"source":%d,"collection":%q,"name":%q}`, s.Source, collection, name))
		if a.err != nil {
			t.Fatalf("%s: %v", name, a.err)
		}
		var d view.Definition
		if err := json.Unmarshal(a.result, &d); err != nil {
			t.Fatal(err)
		}
		return &d
	}
	d := show("objectClasses", "INETORGPERSON")
	from := make(map[string]string)
	for _, a := range d.Class.Must {
		if a.From != nil {
			from[a.Name] = a.From.Name
		}
	}
	if d.Name != "inetOrgPerson" || from["sn"] != "person" || from["cn"] != "person" || from["objectClass"] != "top" || d.Class.SUP[0].Name != "organizationalPerson" {
		t.Errorf("%+v, must %v", d, from)
	}
	if got := fmt.Sprint(names(d.Class.Superclasses)); got != "[organizationalPerson person top]" {
		t.Errorf("superclasses %s", got)
	}
	cn := show("attributeTypes", "2.5.4.3")
	if cn.Attribute.SUP.Name != "name" || cn.Attribute.Syntax.Desc != "Directory String" || cn.Attribute.Syntax.From.Name != "name" ||
		cn.Attribute.Equality.Name != "caseIgnoreMatch" || cn.Attribute.Equality.From.Name != "name" || fmt.Sprint(cn.Defaulted) != "[usage]" {
		t.Errorf("%+v", cn.Attribute)
	}
	if r := show("matchingRules", "caseIgnoreMatch"); r.Rule.Syntax.Desc != "Directory String" {
		t.Errorf("%+v", r.Rule)
	}
	if x := show("ldapSyntaxes", "1.3.6.1.4.1.1466.115.121.1.15"); *x.Desc != "Directory String" || x.Name != x.OID {
		t.Errorf("%+v", x)
	}
}

// Definitions of the same name are told apart by their ordinals.
func TestDuplicates(t *testing.T) {
	h := newHost(direct)
	h.keep(&source{schema: schemajson.Parse("", []schemajson.Attribute{
		{Name: "matchingRules", Values: []string{"( 1.1 NAME 'm' SYNTAX 1.9 )", "( 1.2 NAME 'M' SYNTAX 1.9 )", "( 1.1 NAME 'm' SYNTAX 1.9 )"}},
	})})
	s, err := h.source(1)
	if err != nil {
		t.Fatal(err)
	}
	if items := fmt.Sprint(s.summary().Collections[2].Definitions); items != "[{m 0 1.1    false [] [] false} {M 2 1.2    false [] [] false} {m 3 1.1    false [] [] false}]" {
		t.Errorf("the list is %s", items)
	}
	if a := h.call(t, "search", `{"source":1,"query":"1.2"}`); string(a.result) != `{"total":1,"marks":["1.2"],"hits":[[2,1]]}` {
		t.Errorf("a search finds %s", a.result)
	}
	tests := []struct{ which, want string }{
		{`"name":"m"`, "1.1 [{m 1 3 {m 1.1}} {1.1 1 2 {m 1.1}}]"},
		{`"name":"m","ordinal":1`, "1.1 [{m 1 3 {m 1.1}} {1.1 1 2 {m 1.1}}]"},
		{`"name":"m","ordinal":2`, "1.2 [{M 2 3 {m 1.1}}]"},
		{`"name":"m","ordinal":3`, "1.1 [{m 3 3 {m 1.1}} {1.1 2 2 {m 1.1}}]"},
		{`"name":"1.1","ordinal":2`, "1.1 [{m 3 3 {m 1.1}} {1.1 2 2 {m 1.1}}]"},
		{`"name":"m","ordinal":4`, `matchingRules has no "m", number 4`},
		{`"name":"m","ordinal":-1`, `matchingRules has no "m"`},
	}
	for _, test := range tests {
		a := h.call(t, "definition", `{"source":1,"collection":"matchingRules",`+test.which+`}`)
		if a.err != nil {
			if a.err.Code != CodeUnknownDefinition || a.err.Cause != test.want {
				t.Errorf("%s: %+v", test.which, a.err)
			}
			continue
		}
		var d view.Definition
		if err := json.Unmarshal(a.result, &d); err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(d.OID, " ", d.Shared); got != test.want {
			t.Errorf("%s: %s", test.which, got)
		}
	}
}

func names(refs []view.Ref) (all []string) {
	for _, r := range refs {
		all = append(all, r.Name)
	}
	return all
}

func TestSearch(t *testing.T) {
	h, s := openDemo(t)
	a := h.call(t, "search", fmt.Sprintf(`{"source":%d,"query":"person","limit":2}`, s.Source))
	var got struct {
		Hits  [][2]int
		Total int
		Marks []string
	}
	if err := json.Unmarshal(a.result, &got); err != nil || a.err != nil {
		t.Fatal(err, a.err)
	}
	if len(got.Hits) != 2 || got.Total < 3 || got.Hits[0][0] != 0 || fmt.Sprint(got.Marks) != "[person]" {
		t.Fatalf("%+v", got)
	}
	if i := s.Collections[0].Definitions[got.Hits[0][1]]; i.Name != "person" {
		t.Errorf("the first hit is %+v", i)
	}
	for query, want := range map[string]string{
		"qqq":      `{"total":0,"marks":["qqq"],"hits":[]}`,
		"foo:bar":  `{"total":0,"marks":[],"unknown":{"narrowing":"foo"},"hits":[]}`,
		"kind:bar": `{"total":0,"marks":[],"unknown":{"narrowing":"kind","value":"bar"},"hits":[]}`,
	} {
		if a := h.call(t, "search", fmt.Sprintf(`{"source":%d,"query":%q}`, s.Source, query)); string(a.result) != want {
			t.Errorf("%s finds %s", query, a.result)
		}
	}
}

// A server that goes away is noticed, and one that comes back is found again.
func TestWatchAndCheck(t *testing.T) {
	relay := newRelay(t, startDemo(t).URL())
	h := newHost(direct)
	a := h.call(t, "open", fmt.Sprintf(`{"server":"demo","url":"ldap://%s"}`, relay.addr))
	if a.err != nil {
		t.Fatal(a.err)
	}
	watch := h.start("watch", `{"source":1}`)
	relay.stop()
	if a := h.wait(t, watch); a.err == nil || a.err.Code != CodeServerUnreachable || a.err.Where != "demo (ldap://"+relay.addr+")" {
		t.Errorf("watch: %+v", a.err)
	}
	if a := h.call(t, "check", `{"source":1}`); a.err == nil || !strings.Contains(a.err.Cause, "connection refused") {
		t.Errorf("check while it is away: %+v", a.err)
	}
	relay.start(t)
	if a := h.call(t, "check", `{"source":1}`); a.err != nil || string(a.result) != "{}" {
		t.Errorf("check when it is back: %+v", a)
	}
	if a := h.call(t, "definition", `{"source":1,"collection":"objectClasses","name":"person"}`); a.err != nil {
		t.Errorf("the schema is gone: %v", a.err)
	}
	watch = h.start("watch", `{"source":1}`)
	if a := h.call(t, "close", `{"source":1}`); a.err != nil {
		t.Error(a.err)
	}
	_ = watch // answered too, when it gets there
}

// relay is a TCP relay that can be stopped and started again.
type relay struct {
	addr, to string
	listener net.Listener
	conns    chan net.Conn
}

func newRelay(t *testing.T, url string) *relay {
	t.Helper()
	r := &relay{addr: "127.0.0.1:0", to: strings.TrimPrefix(url, "ldap://"), conns: make(chan net.Conn, 100)}
	r.start(t)
	t.Cleanup(r.stop)
	return r
}

func (r *relay) start(t *testing.T) {
	t.Helper()
	l, err := net.Listen("tcp", r.addr)
	if err != nil {
		t.Fatal(err)
	}
	r.listener, r.addr = l, l.Addr().String()
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			out, err := net.Dial("tcp", r.to)
			if err != nil {
				in.Close()
				continue
			}
			r.conns <- in
			r.conns <- out
			go io.Copy(in, out)
			go io.Copy(out, in)
		}
	}()
}

func (r *relay) stop() {
	r.listener.Close()
	for len(r.conns) > 0 {
		(<-r.conns).Close()
	}
}

type failing struct{ err error }

func (f failing) Dial(context.Context, *server.Server) (io.ReadWriteCloser, error) { return nil, f.err }

func TestErrors(t *testing.T) {
	const demoParams = `{"connector":"http://c/","server":"dc1","url":"ldap://dc1"}`
	closed := func(code tunnel.CloseCode) Dialer {
		return func(Endpoint) ldap.Dialer { return failing{&tunnel.CloseError{Code: code, Reason: "reason"}} }
	}
	tests := []struct {
		name, call, params string
		dialer             Dialer
		code               Code
		where, cause       string
	}{
		{"connector away", "open", demoParams, closed(tunnel.CloseAbnormal), CodeConnectorUnreachable, "http://c/", "does not answer"},
		{"no token", "open", demoParams, closed(tunnel.CloseNotAuthenticated), CodeNotAuthenticated, "dc1 (ldap://dc1)", "reason"},
		{"not permitted", "open", demoParams, closed(tunnel.CloseNotPermitted), CodeNotPermitted, "dc1 (ldap://dc1)", "reason"},
		{"unknown server", "open", demoParams, closed(tunnel.CloseUnknownServer), CodeUnknownServer, "dc1 (ldap://dc1)", "reason"},
		{"server down", "open", demoParams, closed(tunnel.CloseDialFailed), CodeServerUnreachable, "dc1 (ldap://dc1)", "reason"},
		{"server silent", "open", demoParams, closed(tunnel.CloseTimeout), CodeTimeout, "dc1 (ldap://dc1)", "reason"},
		{"shutting down", "open", demoParams, closed(tunnel.CloseDraining), CodeDraining, "dc1 (ldap://dc1)", "reason"},
		{"bad URL", "open", `{"url":"http://x"}`, nil, CodeUsage, "", "scheme"},
		{"bad parameters", "open", `{"url":7}`, nil, CodeUsage, "", "parameters"},
		{"no such call", "opne", `{}`, nil, CodeUsage, "", `no call "opne"`},
		{"no such source", "check", `{"source":9}`, nil, CodeUsage, "", "source 9"},
		{"panic", "open", demoParams, func(Endpoint) ldap.Dialer { panic("oops") }, CodeInternal, "", "oops"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a := newHost(test.dialer).call(t, test.call, test.params)
			if a.err == nil || a.err.Code != test.code || a.err.Where != test.where || !strings.Contains(a.err.Cause, test.cause) {
				t.Errorf("%+v", a.err)
			}
		})
	}
	h, s := openDemo(t)
	for params, code := range map[string]Code{
		`{"source":%d,"collection":"objectClasses","name":"nobody"}`: CodeUnknownDefinition,
		`{"source":%d,"collection":"things","name":"person"}`:        CodeUsage,
	} {
		if a := h.call(t, "definition", fmt.Sprintf(params, s.Source)); a.err == nil || a.err.Code != code {
			t.Errorf("%s: %+v", params, a.err)
		}
	}
	h.Receive([]byte("no JSON"))
	if r := <-h.frames; r.Error == nil || r.Error.Code != CodeUsage {
		t.Errorf("no JSON: %+v", r)
	}
}

type hanging struct{}

func (hanging) Dial(ctx context.Context, _ *server.Server) (io.ReadWriteCloser, error) {
	<-ctx.Done()
	return nil, context.Cause(ctx)
}

func TestCancel(t *testing.T) {
	h := newHost(func(Endpoint) ldap.Dialer { return hanging{} })
	id := h.start("open", `{"url":"ldap://x"}`)
	h.Receive(fmt.Appendf(nil, `{"id":%d,"call":"open","params":{}}`, id))
	if r := <-h.frames; r.ID != id || r.Error == nil && r.Progress.Stage == "" {
		t.Errorf("the same ID again: %+v", r)
	}
	h.Receive(fmt.Appendf(nil, `{"cancel":%d}`, id))
	h.Receive([]byte(`{"cancel":4711}`))
	for {
		a := h.wait(t, id)
		if a.err != nil && a.err.Code == CodeUsage {
			continue // the second use of the ID
		}
		if a.err == nil || a.err.Code != CodeCancelled {
			t.Errorf("%+v", a.err)
		}
		return
	}
}

// descriptor is O:BAG:SYD:(A;;0x1;;;SY) in its binary form.
const descriptor = "\x01\x00\x04\x80\x14\x00\x00\x00\x24\x00\x00\x00\x00\x00\x00\x00\x30\x00\x00\x00" +
	"\x01\x02\x00\x00\x00\x00\x00\x05\x20\x00\x00\x00\x20\x02\x00\x00" +
	"\x01\x01\x00\x00\x00\x00\x00\x05\x12\x00\x00\x00" +
	"\x02\x00\x1c\x00\x01\x00\x00\x00\x00\x00\x14\x00\x01\x00\x00\x00\x01\x01\x00\x00\x00\x00\x00\x05\x12\x00\x00\x00"

// The npm package's types are held against what the module really answers.
func TestSamples(t *testing.T) {
	h, s := openDemo(t)
	s.URL = "ldap://127.0.0.1:389"
	for i := range s.Collections {
		d := &s.Collections[i].Definitions
		*d = (*d)[:min(3, len(*d))]
	}
	s.Problems = []Problem{{"syntax", "attributeTypes", "( 1.1 NAME 'a'", 14, `the closing ")" is missing`}}
	definition := func(collection, name string) json.RawMessage {
		return h.call(t, "definition", fmt.Sprintf(`{"source":%d,"collection":%q,"name":%q}`, s.Source, collection, name)).result
	}
	twice := &source{schema: schemajson.Parse("", []schemajson.Attribute{
		{Name: "attributeTypes", Values: []string{"( 1.1 NAME 'a' )", "( 1.2 NAME 'a' SUP a X-ORIGIN 'RFC 1' )"}},
	})}
	h.keep(twice)
	governed := &source{schema: schemajson.Parse("", []schemajson.Attribute{
		{Name: "attributeTypes", Values: []string{"( 1.1 NAME 'a' USAGE often )"}},
		{Name: "objectClasses", Values: []string{"( 2.1 NAME 'c' MUST a )", "( 2.2 NAME 'x' AUXILIARY )"}},
		{Name: "matchingRules", Values: []string{"( 3.1 NAME 'm' )"}},
		{Name: "matchingRuleUse", Values: []string{"( 3.1 NAME 'm' APPLIES a )"}},
		{Name: "dITContentRules", Values: []string{"( 2.1 NAME 'r' AUX x MUST a NOT b )"}},
		{Name: "nameForms", Values: []string{"( 4.1 NAME 'f' OC c MUST a )"}},
		{Name: "dITStructureRules", Values: []string{"( 1 NAME 's' FORM f )", "( 2 NAME 't' FORM f SUP 1 )"}},
	})}
	h.keep(governed)
	of := func(s *source, collection, name string, ordinal int) json.RawMessage {
		return h.call(t, "definition", fmt.Sprintf(`{"source":%d,"collection":%q,"name":%q,"ordinal":%d}`, s.id, collection, name, ordinal)).result
	}
	format := func(attribute string, values ...string) json.RawMessage {
		return h.call(t, "format", fmt.Sprintf(`{"attribute":%q,"values":%s}`, attribute, encoded(values...))).result
	}
	invalid := h.call(t, "validate", `{"attribute":"pwdLastSet","values":[{"json":"soon"}]}`).err
	checkSamples(t, samples, []sample{
		{"summary", "Summary", s},
		{"objectClass", "Definition", definition("objectClasses", "person")},
		{"attributeType", "Definition", definition("attributeTypes", "cn")},
		{"operational", "Definition", definition("attributeTypes", "createTimestamp")},
		{"matchingRule", "Definition", definition("matchingRules", "caseIgnoreMatch")},
		{"ldapSyntax", "Definition", definition("ldapSyntaxes", "1.3.6.1.4.1.1466.115.121.1.15")},
		{"firstOfTwo", "Definition", of(twice, "attributeTypes", "a", 1)},
		{"secondOfTwo", "Definition", of(twice, "attributeTypes", "a", 2)},
		{"flawed", "Definition", of(governed, "attributeTypes", "a", 1)},
		{"governedClass", "Definition", of(governed, "objectClasses", "c", 1)},
		{"auxiliary", "Definition", of(governed, "objectClasses", "x", 1)},
		{"ruleWithUse", "Definition", of(governed, "matchingRules", "m", 1)},
		{"matchingRuleUse", "Definition", of(governed, "matchingRuleUse", "m", 1)},
		{"contentRule", "Definition", of(governed, "dITContentRules", "r", 1)},
		{"nameForm", "Definition", of(governed, "nameForms", "f", 1)},
		{"structureRule", "Definition", of(governed, "dITStructureRules", "1", 1)},
		{"hitsOfTwo", "FrameHits", h.call(t, "search", fmt.Sprintf(`{"source":%d,"query":"a"}`, twice.id)).result},
		{"hits", "FrameHits", h.call(t, "search", fmt.Sprintf(`{"source":%d,"query":"cn","limit":3}`, s.Source)).result},
		{"noNarrowing", "FrameHits", h.call(t, "search", `{"source":1,"query":"kind:foo"}`).result},
		{"lists", "CollectionList[]", view.Lists(twice.schema)},
		{"failure", "Failure", Error{Code: CodeServerUnreachable, Where: "dc1", Cause: "connection refused"}},
		{"invalid", "Failure", invalid},
		{"text", "FrameValues", format("cn", "Zoë", "\xff")},
		{"integer", "FrameValues", format("highestCommittedUSN", "9223372036854775806", "x")},
		{"boolean", "FrameValues", format("isSynchronized", "TRUE")},
		{"time", "FrameValues", format("pwdLastSet", "130000000000000001", "0")},
		{"interval", "FrameValues", format("maxPwdAge", "-36288000000000")},
		{"guid", "FrameValues", format("entryUUID", "07039e68-4373-264d-a0a7-07039e684373")},
		{"flags", "FrameValues", format("userAccountControl", "514")},
		{"enumeration", "FrameValues", format("sAMAccountType", "805306368")},
		{"sid", "FrameValues", format("objectSid", "\x01\x01\x00\x00\x00\x00\x00\x05\x12\x00\x00\x00")},
		{"securityDescriptor", "FrameValues", format("nTSecurityDescriptor", descriptor)},
		{"progress", "Progress", Progress{"connecting", "dc1"}},
	})
}

// sample is an answer of the module with the type that the npm package has for it.
type sample struct {
	name, kind string
	value      any
}

var typeName = regexp.MustCompile(`\b[A-Z]\w*`)

// checkSamples sees that the samples are those of the file, which the type check
// of the npm package reads.
func checkSamples(t *testing.T, file string, all []sample) {
	t.Helper()
	var kinds []string
	for _, s := range all {
		for _, kind := range typeName.FindAllString(s.kind, -1) {
			if !slices.Contains(kinds, kind) {
				kinds = append(kinds, kind)
			}
		}
	}
	slices.Sort(kinds)
	var out bytes.Buffer
	fmt.Fprintf(&out, "// Written by the tests of the module's facade: what it answers, held against the types.\n"+
		"import type { %s } from \"../src/types.js\";\n", strings.Join(kinds, ", "))
	for _, sample := range all {
		b, err := json.MarshalIndent(sample.value, "", "\t")
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&out, "\nexport const %s = %s satisfies %s;\n", sample.name, b, sample.kind)
	}
	if *update {
		if err := os.WriteFile(file, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(out.Bytes(), want) {
		t.Errorf("the answers have changed: run go test ./wasm/facade -update, and see what the type check says")
	}
}

// A problem in a huge value shows what stands around its place, not all of it.
func TestProblemTextIsCut(t *testing.T) {
	text := strings.Repeat("é", 5000) + "HERE" + strings.Repeat("x", 5000)
	cut, offset := around(text, 10_000)
	if len(cut) > 2100 || !strings.HasPrefix(cut[offset:], "HERE") || !strings.HasPrefix(cut, "…é") || !strings.HasSuffix(cut, "x…") {
		t.Errorf("%d bytes, at %d: %.20q", len(cut), offset, cut[offset:])
	}
	if cut, offset := around("( 1.1", 5); cut != "( 1.1" || offset != 5 {
		t.Errorf("a short one becomes %q at %d", cut, offset)
	}
}
