package edge

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/tunnel"
)

// config has two servers, a pool of both, and a look-up in each.
const config = `{
	"connectors": [{"name": "lan"}],
	"servers": [{"name": "dc1", "connector": "lan"}, {"name": "dc2", "connector": "lan", "server": "second"}],
	"pools": [{"name": "both", "strategy": "FIRST", "servers": ["dc1", "dc2"], "checkSeconds": 10}],
	"lookups": [
		{"name": "person", "pool": "both", "base": "dc=example", "filter": "(uid={uid})", "attributes": ["cn"]},
		{"name": "kept", "pool": "dc1", "base": "dc=example", "filter": "(uid={uid})", "attributes": ["cn"], "cache": {"seconds": 10, "staleIfErrorSeconds": 100}}
	],
	"grants": [{"anonymous": true, "lookups": ["*"]}]
}`

func newEdge(t *testing.T, text string, o *Options) *Edge {
	t.Helper()
	e, err := New([]byte(text), map[string]string{"SECRET": "password"}, o)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// run is a task whose steps a test answers.
type run struct {
	t    *testing.T
	edge *Edge
	id   int
	step *Step
	now  time.Time
}

var begin = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

func start(t *testing.T, e *Edge, now time.Time, r Request) *run {
	t.Helper()
	if r.Method == "" {
		r.Method = "GET"
	}
	u := &run{t: t, edge: e, now: now}
	u.id, u.step = e.Start(r, now)
	return u
}

// does checks what is to be done, and tells what has become of it.
func (u *run) does(wanted string, event Event) *run {
	u.t.Helper()
	u.is(wanted)
	var err error
	if u.step, err = u.edge.Advance(u.id, event, u.now); err != nil {
		u.t.Fatal(err)
	}
	return u
}

// is checks what is to be done: the beginning of the step's text.
func (u *run) is(wanted string) *run {
	u.t.Helper()
	if text := string(u.step.Append(nil)); !strings.HasPrefix(text, wanted) {
		u.t.Fatalf("%q, not %q", text, wanted)
	}
	return u
}

// ends checks the answer.
func (u *run) ends(status int, says string) *run {
	u.t.Helper()
	u.is(fmt.Sprintf("RESPOND %d last", status))
	if !strings.Contains(string(u.step.Bytes), says) {
		u.t.Fatalf("%s", u.step.Bytes)
	}
	if state := u.edge.State(); state.Tasks != 0 {
		u.t.Fatalf("%+v", state)
	}
	return u
}

// received is what a server sends: entries and a result.
func received(id int32, code message.ResultCode, dns ...string) Event {
	var b []byte
	for _, dn := range dns {
		b = message.NewEntry(dn, message.NewAttribute("cn", []byte("Somebody"))).Message(id).Append(b)
	}
	return Event{Kind: EventReceived, Bytes: message.NewResult(id, message.OpSearchResultDone, message.Result{Code: code}).Append(b)}
}

var (
	done   = Event{Kind: EventDone}
	opened = Event{Kind: EventOpened}
	absent = Event{Kind: EventNone}
	refuse = Event{Kind: EventClosed, Code: int(tunnel.CloseDialFailed), Reason: "nobody is there"}
)

const person = "/lookup/person?uid=x"

func connections(t *testing.T, e *Edge, place string, now time.Time) (n int) {
	t.Helper()
	return e.places[place].machine.State(e.since(now), e.epoch).Connections
}

func TestAnswer(t *testing.T) {
	e := newEdge(t, config, nil)
	u := start(t, e, begin, Request{Target: person}).
		does("OPEN lan dc1 dc1 ", opened).does("EXCHANGE ", received(1, message.ResultSuccess, "cn=a", "cn=b")).
		does("CLOSE\n\n0", done).ends(200, `{"entries":[{"dn":"cn=a","attributes":{"cn":["Somebody"]}`)
	if n := connections(t, e, "both", begin); n != 0 {
		t.Errorf("%d connections", n)
	}
	if !strings.HasSuffix(string(u.step.Bytes), `],"complete":true}`) {
		t.Errorf("%s", u.step.Bytes)
	}
}

// A server that cannot be opened, or is lost, has the next one asked.
func TestNextServer(t *testing.T) {
	e := newEdge(t, config, nil)
	u := start(t, e, begin, Request{Target: person}).
		does("OPEN lan dc1 dc1 ", refuse).does("OPEN lan second dc2 ", opened).
		does("EXCHANGE ", Event{Kind: EventClosed}).does("CLOSE", done)
	// Both are quarantined; that comes first which is back first.
	if u.step.Name == "second" {
		u.does("OPEN lan second dc2 ", refuse)
	}
	u.does("OPEN lan dc1 dc1 ", opened).does("EXCHANGE ", received(1, message.ResultSuccess)).does("CLOSE", done).
		ends(200, `{"entries":[],"complete":true}`)
}

func TestNobodyAnswers(t *testing.T) {
	e := newEdge(t, config, nil)
	u := start(t, e, begin, Request{Target: person}).does("OPEN lan dc1 ", refuse).does("OPEN lan second ", refuse).
		ends(503, "nobody is there")
	if !slices.Contains(u.step.Fields, Field{"retry-after", "5"}) {
		t.Error(u.step.Fields)
	}
}

// A server that says nothing is given up in time, and what is left of it goes to
// the next one.
func TestTimeout(t *testing.T) {
	e := newEdge(t, config, nil)
	u := start(t, e, begin, Request{Target: person})
	if share := u.step.Deadline.Sub(begin); share != 5*time.Second {
		t.Errorf("the first of two has %v of 10 s", share)
	}
	u.does("OPEN lan dc1 ", opened)
	u.now = begin.Add(10 * time.Second)
	u.does("EXCHANGE ", Event{Kind: EventTimeout}).does("CLOSE", done).ends(504, "did not answer in time")
	if n := connections(t, e, "both", begin); n != 0 {
		t.Errorf("%d connections", n)
	}
}

// Of a task that the host gives up, or forgets, nothing stays.
func TestDrop(t *testing.T) {
	e := newEdge(t, config, nil)
	for _, at := range []int{0, 1} {
		u := start(t, e, begin, Request{Target: person})
		if at > 0 {
			u.does("OPEN lan ", opened).is("EXCHANGE ")
		}
		if n := connections(t, e, "both", begin); n != 1 {
			t.Errorf("%d connections", n)
		}
		e.Drop(u.id, begin)
		e.Drop(u.id, begin)
		if n := connections(t, e, "both", begin); n != 0 || e.State().Tasks != 0 {
			t.Errorf("%d connections, %+v", n, e.State())
		}
		if _, err := e.Advance(u.id, done, begin); !errors.Is(err, ErrNoTask) {
			t.Errorf("%v", err)
		}
	}
	start(t, e, begin, Request{Target: person}).does("OPEN lan ", opened)
	start(t, e, begin.Add(time.Minute), Request{Target: "/"}).ends(200, "")
	if n := connections(t, e, "both", begin); n != 0 {
		t.Errorf("%d connections of a task that was forgotten", n)
	}
}

// A host that keeps streams is handed them, and the next task goes on with its
// message IDs.
func TestKeep(t *testing.T) {
	e := newEdge(t, config, nil)
	r := Request{Target: person, Keeps: true}
	start(t, e, begin, r).does("OPEN lan dc1 dc1 ", opened).does("EXCHANGE ", received(1, message.ResultSuccess)).
		does("KEEP 1\n\n", done).ends(200, "")
	if n := connections(t, e, "both", begin); n != 1 || e.State().Connections != 1 {
		t.Errorf("%d connections, %+v", n, e.State())
	}
	start(t, e, begin, r).does("OPEN lan dc1 dc1 ", Event{Kind: EventOpened, Connection: 1}).
		does("EXCHANGE ", received(2, message.ResultSuccess)).does("KEEP 2", done).ends(200, "")
	e.Lost(1, begin) // long used
	e.Lost(2, begin)
	if n := connections(t, e, "both", begin); n != 0 || e.State().Connections != 0 {
		t.Errorf("%d connections, %+v", n, e.State())
	}
	// One that the host has from before the instance is dialled anew.
	start(t, e, begin, r).does("OPEN lan dc1 dc1 ", Event{Kind: EventOpened, Connection: 7}).does("CLOSE\n\n", done).
		does("OPEN lan dc1 dc1 ", opened).does("EXCHANGE ", received(1, message.ResultSuccess)).does("KEEP 3", absent).ends(200, "")
	if n := connections(t, e, "both", begin); n != 0 {
		t.Errorf("%d connections", n)
	}
}

func TestLines(t *testing.T) {
	e := newEdge(t, config, nil)
	entry := func(dn string) Event {
		return Event{Kind: EventReceived, Bytes: message.NewEntry(dn).Message(1).Append(nil)}
	}
	u := start(t, e, begin, Request{Target: person, Accept: "text/html, application/x-ndjson;q=1"}).does("OPEN lan ", opened).
		does("EXCHANGE ", entry("cn=a")).does("RESPOND 200 stream\ncontent-type: application/x-ndjson\n", done)
	u.does(`CHUNK`+"\n\n"+`{"dn":"cn=a",`, done).does("EXCHANGE ", entry("cn=b")).does("CHUNK\n\n{\"dn\":\"cn=b\"", done)
	// Once the answer has begun a lost server cannot be replaced: the client must see that.
	u.does("EXCHANGE ", Event{Kind: EventClosed, Code: 1006, Reason: "lost"}).does("CLOSE", done).is("END ")
	if !strings.Contains(u.step.Name, "cannot be reached") || e.State().Tasks != 0 {
		t.Errorf("%q %+v", u.step.Name, e.State())
	}
}

// Of an attribute that Active Directory returns in parts the answer has all values.
func TestRanges(t *testing.T) {
	e := newEdge(t, config, nil)
	part := func(id int32, dn, description string, values ...string) Event {
		a := message.NewAttribute(description)
		for _, v := range values {
			a = message.NewAttribute(description, append(slices.Collect(a.Values()), []byte(v))...)
		}
		b := message.NewEntry(dn, message.NewAttribute("member"), a).Message(id).Append(nil)
		return Event{Kind: EventReceived, Bytes: message.NewResult(id, message.OpSearchResultDone, message.Result{}).Append(b)}
	}
	asks := func(u *run, description string) {
		if !strings.Contains(string(u.step.Bytes), description) {
			t.Errorf("%q", u.step.Bytes)
		}
	}
	u := start(t, e, begin, Request{Target: person}).does("OPEN lan ", opened).does("EXCHANGE ", part(1, "cn=g", "member;range=0-1", "cn=a", "cn=b"))
	asks(u, "member;range=2-*")
	u.does("EXCHANGE ", part(2, "cn=g", "member;range=2-3", "cn=c", "cn=d"))
	asks(u, "member;range=4-*")
	u.does("EXCHANGE ", part(3, "cn=g", "member;range=4-*", "cn=e")).does("CLOSE", done).
		ends(200, `"raw_attributes":{"member":["cn=a","cn=b","cn=c","cn=d","cn=e"]`)
	// A server that does not go on where it was asked to is not asked for ever.
	u = start(t, e, begin, Request{Target: person}).does("OPEN lan ", opened).does("EXCHANGE ", part(1, "cn=g", "member;range=0-1", "cn=a", "cn=b"))
	u.does("EXCHANGE ", part(2, "cn=g", "member;range=0-1", "cn=a")).does("CLOSE", done)
	if got := e.places["both"].machine.State(e.since(begin), e.epoch).Members[0].State; got == "up" {
		t.Errorf("the server is %s", got)
	}
}

// What a server sends in parts is bounded like the answer, whole or not.
func TestRangesAreBounded(t *testing.T) {
	e := newEdge(t, strings.Replace(config, `"connectors"`, `"limits": {"answerBytes": 1000}, "connectors"`, 1), nil)
	entries := func(id int32, n int, last string) (b []byte) {
		for range n {
			b = message.NewEntry("cn=g", message.NewAttribute("member;range="+last, []byte(strings.Repeat("x", 170)))).Message(id).Append(b)
		}
		return b
	}
	start(t, e, begin, Request{Target: person}).does("OPEN lan ", opened).
		does("EXCHANGE ", Event{Kind: EventReceived, Bytes: entries(1, 2, "0-9")}).does("EXCHANGE ", Event{Kind: EventReceived, Bytes: entries(1, 10, "0-9")}).
		does("CLOSE", done).ends(413, "too-large")
	u := start(t, e, begin, Request{Target: person}).does("OPEN lan ", opened).
		does("EXCHANGE ", Event{Kind: EventReceived, Bytes: message.NewResult(1, message.OpSearchResultDone, message.Result{}).Append(entries(1, 1, "0-9"))})
	for id := int32(2); u.step.Do == DoExchange && id < 10; id++ {
		b := entries(id, 1, fmt.Sprintf("%d0-%d9", id-1, id-1))
		u.does("EXCHANGE ", Event{Kind: EventReceived, Bytes: message.NewResult(id, message.OpSearchResultDone, message.Result{}).Append(b)})
	}
	u.does("CLOSE", done).ends(413, "too-large")
}

func TestKept(t *testing.T) {
	e := newEdge(t, config, nil)
	const target = "/lookup/kept?uid=x"
	u := start(t, e, begin, Request{Target: target}).does("LOOK lookup:0.kept&uid=x\n", absent).does("OPEN lan ", opened).
		does("EXCHANGE ", received(1, message.ResultSuccess, "cn=a")).does("CLOSE", done)
	record := Event{Kind: EventFound, Bytes: slices.Clone(u.step.Bytes)}
	u.does("STORE lookup:0.kept&uid=x 110\n", done).ends(200, "cn=a")

	u = start(t, e, begin.Add(9*time.Second), Request{Target: target}).does("LOOK ", record).ends(200, "cn=a")
	if !slices.Contains(u.step.Fields, Field{"cache-status", "ldapedge; hit; ttl=1"}) || !slices.Contains(u.step.Fields, Field{"cache-control", "private, max-age=1"}) {
		t.Error(u.step.Fields)
	}
	u = start(t, e, begin.Add(20*time.Second), Request{Target: target}).does("LOOK ", record).does("OPEN lan ", refuse).ends(200, "cn=a")
	if !slices.Contains(u.step.Fields, Field{"age", "20"}) {
		t.Error(u.step.Fields)
	}
	start(t, e, begin.Add(111*time.Second), Request{Target: target}).does("LOOK ", record).does("OPEN lan ", refuse).ends(503, "nobody is there")
	// What was stored in the future, or is no record, is none.
	for _, bad := range []Event{{Kind: EventFound, Bytes: []byte("x\n{}")}, {Kind: EventFound}, {Kind: EventFound, Bytes: []byte("99999999999999\n{}")}} {
		start(t, e, begin.Add(200*time.Second), Request{Target: target}).does("LOOK ", bad).does("OPEN lan ", refuse).ends(503, "")
	}
}

func TestChecks(t *testing.T) {
	e := newEdge(t, config, nil)
	now := begin
	if id, _ := e.Check(now); id != 0 {
		t.Error("a check at once")
	}
	checked := map[string]int{}
	for range 40 {
		now = now.Add(time.Second)
		id, step := e.Check(now)
		if id == 0 {
			continue
		}
		u := &run{t, e, id, step, now}
		checked[step.Name]++
		if step.Name == "second" {
			u.does("OPEN ", refuse).is("END")
			continue
		}
		u.does("OPEN ", opened).does("EXCHANGE ", received(1, message.ResultInsufficientAccessRights)).does("CLOSE", done).is("END")
	}
	if checked["dc1"] < 2 || checked["dc1"] > 10 || checked["second"] < 4 {
		t.Errorf("%v", checked)
	}
	st := e.places["both"].machine.State(e.since(now), e.epoch)
	if st.Members[0].State != "up" || st.Members[1].Quarantines == 0 || st.Connections != 0 || e.State().Tasks != 0 {
		t.Errorf("%+v %+v", st, e.State())
	}
}

// What goes wrong in one task is no other's.
func TestPanic(t *testing.T) {
	e := newEdge(t, config, &Options{Yield: func() { panic("forced") }})
	other := start(t, e, begin, Request{Target: person}).does("OPEN lan ", opened)
	many := Event{Kind: EventReceived}
	for range often + 1 {
		many.Bytes = message.NewEntry("cn=a").Message(1).Append(many.Bytes)
	}
	u := start(t, e, begin, Request{Target: person}).does("OPEN lan ", opened)
	func() {
		defer func() {
			if p := recover(); p != "forced" {
				t.Errorf("%v", p)
			}
		}()
		e.Advance(u.id, many, begin)
	}()
	if n := connections(t, e, "both", begin); n != 1 || e.State().Tasks != 1 {
		t.Errorf("%d connections, %+v", n, e.State())
	}
	other.does("EXCHANGE ", received(1, message.ResultSuccess)).does("CLOSE", done).ends(200, "")
}

// What a server sends against the protocol ends its stream, and no more.
func TestHostileServer(t *testing.T) {
	for _, b := range []string{"HTTP/1.1 400\r\n", "\x30\x84\xff\xff\xff\xff", "\x30\x05\x02\x01\x01\x64\x7f", "\x30\x00"} {
		e := newEdge(t, config, nil)
		u := start(t, e, begin, Request{Target: "/lookup/kept?uid=x"}).does("LOOK ", absent)
		for range maxTries {
			u.does("OPEN lan ", opened).does("EXCHANGE ", Event{Kind: EventReceived, Bytes: []byte(b)}).does("CLOSE\n\n", done)
		}
		u.ends(503, "the directory cannot be reached")
	}
}

func TestConfigurationAtFault(t *testing.T) {
	direct := func(tls string) string {
		return `{"servers":[{"name":"a","url":"ldaps://ldap.example.com"` + tls + `}]}`
	}
	for text, says := range map[string]string{
		`{"colour":1}`:               `unknown field "colour"`,
		`{} {}`:                      "something follows",
		`{"servers":[{"name":"a"}]}`: "servers[0].url: a server without a connector needs one",
		`{"servers":[{"name":"a","connector":"x"}]}`:                                        `servers[0].connector: there is no connector "x"`,
		`{"servers":[{"name":"a","url":"ldap://x"},{"name":"a"}]}`:                          `servers[1].name: "a" is the name of servers[0] too`,
		`{"servers":[{"name":"a","url":"ldaps://x"}],"pools":[{"name":"a"}]}`:               `pools[0].name: "a" is the name of servers[0] too`,
		`{"pools":[{"name":"p","servers":["x"]}]}`:                                          `pools[0].servers[0]: there is no server "x"`,
		`{"schemas":[{"name":"s"}]}`:                                                        "schemas[0]: one of offline, kv and server",
		`{"grants":[{}]}`:                                                                   "grants[0]: it is for nobody",
		`{"grants":[{"anonymous":true,"schemas":["x"]}]}`:                                   `grants[0].schemas: there is no schema "x"`,
		`{"lookups":[{"name":"l","pool":"x"}]}`:                                             `lookups[0].pool: there is no pool or server "x"`,
		direct(`,"tls":{"ca":"x"}`):                                                         `servers[0].tls: server ca`,
		direct(`,"bind":{"dn":"cn=a","password":"NONE"}`):                                   `servers[0].bind.password: there is no secret "NONE"`,
		strings.Replace(config, "(uid={uid})", "(uid={uid}", 1):                             "lookups[0].filter: ",
		strings.Replace(config, "(uid={uid})", "({uid}=x)", 1):                              "lookups[0].filter: ",
		strings.Replace(config, `"cn"`, ``, 1):                                              "lookups[0].attributes: there are none",
		strings.Replace(config, `"FIRST"`, `"BEST"`, 1):                                     "pools[0]: ",
		strings.Replace(config, `"pool": "both"`, `"parameters":{"x":{}},"pool":"both"`, 1): "lookups[0].parameters.x: neither base nor filter has {x}",
	} {
		_, err := New([]byte(text), nil, nil)
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, not %s", text, err, says)
		}
	}
	if _, err := New([]byte(direct(`,"tls":{"validate":"required"}`)), nil, nil); err != nil {
		t.Errorf("what the edge's TLS does anyway: %v", err)
	}
	for wish, name := range map[string]string{
		`"ca_certs_file":"ca.pem","validate":"required"`: "tls.ca_certs_file", `"valid_names":["x"],"validate":"required"`: "tls.valid_names",
		`"pinned_fingerprints":["` + strings.Repeat("ab", 32) + `"]`: "tls.pinned_fingerprints", `"min_version":"1.3"`: "tls.min_version",
		`"sni":"x"`: "tls.sni", `"validate":"none"`: "tls.validate",
	} {
		_, err := New([]byte(direct(`,"tls":{`+wish+`}`)), nil, nil)
		var refused *WishError
		if !errors.Is(err, ErrTLSWish) || !errors.As(err, &refused) || refused.Wish != name {
			t.Errorf("%s: %v", wish, err)
		}
	}
	if _, err := New([]byte(strings.Replace(direct(""), "ldaps:", "ldap:", 1)), nil, nil); !errors.Is(err, ErrTLSWish) {
		t.Errorf("without TLS: %v", err)
	}
}

func TestDirect(t *testing.T) {
	e := newEdge(t, `{"servers":[{"name":"a","url":"ldaps://ldap.example.com","bind":{"dn":"cn=me","password":"SECRET"}}],
		"grants":[{"anonymous":true,"search":[{"pool":"a","bases":["dc=x"],"attributes":["cn"]}]}]}`, nil)
	bound := Event{Kind: EventReceived, Bytes: message.NewResult(1, message.OpBindResponse, message.Result{}).Append(nil)}
	u := start(t, e, begin, Request{Target: "/search/a"}).does("OPEN - ldap.example.com:636 a ", opened)
	if !strings.Contains(string(u.step.Bytes), "cn=me\x80\x08password") {
		t.Errorf("%q", u.step.Bytes)
	}
	u.does("EXCHANGE ", bound).does("EXCHANGE ", received(2, message.ResultSuccess, "cn=a,dc=x", "cn=b,dc=y")).does("CLOSE", done).ends(200, `"cn=a,dc=x"`)
	if strings.Contains(string(u.step.Bytes), "dc=y") {
		t.Errorf("an entry outside: %s", u.step.Bytes)
	}
	// A password that is not accepted is no fault of the server's, and nobody else is told it.
	refused := Event{Kind: EventReceived, Bytes: message.NewResult(1, message.OpBindResponse, message.Result{Code: message.ResultInvalidCredentials}).Append(nil)}
	u = start(t, e, begin, Request{Target: "/search/a"}).does("OPEN - ", opened).does("EXCHANGE ", refused).does("CLOSE\n\n", done).ends(502, "bind: invalidCredentials")
	if strings.Contains(string(u.step.Bytes), "password") && strings.Contains(string(u.step.Bytes), "cn=me") {
		t.Errorf("%s", u.step.Bytes)
	}
}

// Of the grant's attributes those are asked for that the server knows; what a caller
// names itself must be known.
func TestAttributesByDefault(t *testing.T) {
	e := newEdge(t, `{"connectors":[{"name":"lan"}],"servers":[{"name":"a","connector":"lan","schema":"s"}],"schemas":[{"name":"s","kv":"k"}],
		"grants":[{"anonymous":true,"search":[{"pool":"a","bases":["dc=x"],"attributes":["cn","favouriteColour"]}]}]}`, nil)
	schema := Event{Kind: EventLoaded, Bytes: []byte(`{"type":"SchemaInfo","schema_entry":"cn=schema","raw":{"attributeTypes":["( 2.5.4.3 NAME 'cn' )","( 2.5.4.0 NAME 'objectClass' )"]}}`)}
	u := start(t, e, begin, Request{Target: "/search/a"}).does("LOAD kv k\n", schema).does("OPEN lan ", opened)
	if text := string(u.step.Bytes); !strings.Contains(text, "cn") || strings.Contains(text, "favouriteColour") {
		t.Errorf("%q", text)
	}
	u.does("EXCHANGE ", received(1, message.ResultSuccess)).does("CLOSE", done).ends(200, "")
	start(t, e, begin, Request{Target: "/search/a?attrs=favouriteColour"}).does("OPEN lan ", opened).does("CLOSE", done).ends(400, "favouriteColour")
}

func TestRequestText(t *testing.T) {
	r, err := ParseRequest([]byte("POST /format?a=b%0A\naccept: x\nif-none-match: \"e\"\nsubject: a%20b%0Ac\nserver: dc%201\nserver: dc2\nlimited: yes\naddress: ::1\nkeeps: yes\nrefused: no%0Ause\n\nbody\n\nmore"))
	if err != nil {
		t.Fatal(err)
	}
	got, _ := json.Marshal(r)
	wanted, _ := json.Marshal(Request{
		Method: "POST", Target: "/format?a=b%0A", Accept: "x", IfNoneMatch: `"e"`, Body: []byte("body\n\nmore"), Keeps: true,
		Caller: Caller{Subject: "a b\nc", Servers: []string{"dc 1", "dc2"}, Limited: true, Address: "::1", Refused: "no\nuse"},
	})
	if string(got) != string(wanted) {
		t.Errorf("%s, not %s", got, wanted)
	}
	for _, text := range []string{"", "GET", "GET /\nsubject: %zz\n\n", "GET /\ncookie: x\n\n"} {
		if _, err := ParseRequest([]byte(text)); err == nil {
			t.Errorf("%q is read", text)
		}
	}
}

func TestEventText(t *testing.T) {
	ev, err := ParseEvent([]byte("LOADED\netag: \"a b\"\nseconds: 300\ncode: 200\nreason: ok: yes\nconnection: 3\n\n\x00\n\n"))
	if wanted := (Event{EventLoaded, 200, "ok: yes", `"a b"`, 300, 3, []byte("\x00\n\n")}); err != nil || fmt.Sprint(ev) != fmt.Sprint(wanted) {
		t.Errorf("%v %v, not %v", err, ev, wanted)
	}
	for _, text := range []string{"LOADED\nseconds: x\n\n", "LOADED\ncolour: blue\n\n"} {
		if _, err := ParseEvent([]byte(text)); err == nil {
			t.Errorf("%q is read", text)
		}
	}
}

func TestStepText(t *testing.T) {
	s := Step{Do: DoLoad, Kind: "schema", Connector: "a b", Name: "c\nd%", ETag: "\"e f\"", Deadline: begin}
	if got := string(s.Append(nil)); got != "LOAD schema a%20b c%0Ad%25 1793534400000 \"e%20f\"\n\n" {
		t.Errorf("%q", got)
	}
	s = Step{Do: DoRespond, Status: 200, Fields: []Field{{"a", "b"}}, Bytes: []byte("x\n\ny"), Last: true}
	if got := string(s.Append(nil)); got != "RESPOND 200 last\na: b\n\nx\n\ny" {
		t.Errorf("%q", got)
	}
}
