package policy

import (
	"strings"
	"testing"
	"time"

	"github.com/ldapedge/ldapedge/ldap/filter"
	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/schemajson"
)

// start is when the tests' sessions begin.
var start = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// schema has supertypes, aliases, and a type whose case matters.
var schema = schemajson.Parse("cn=Subschema", []schemajson.Attribute{{Name: "attributeTypes", Values: []string{
	"( 2.5.4.41 NAME 'name' EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )",
	"( 2.5.4.3 NAME ( 'cn' 'commonName' ) SUP name )",
	"( 2.5.4.11 NAME ( 'ou' 'organizationalUnitName' ) SUP name )",
	"( 0.9.2342.19200300.100.1.25 NAME ( 'dc' 'domainComponent' ) EQUALITY caseIgnoreIA5Match SYNTAX 1.3.6.1.4.1.1466.115.121.1.26 )",
	"( 2.5.4.35 NAME 'userPassword' EQUALITY octetStringMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.40 )",
	"( 1.1.1 NAME 'secret' SUP name )",
	"( 1.1.2 NAME ( 'deepSecret' 'alsoDeep' ) SUP secret )",
	"( 1.1.3 NAME 'plain' EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )",
	"( 1.1.4 NAME 'exact' EQUALITY caseExactMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )",
}}})

type session struct {
	*Session
	t *testing.T
}

func begin(t *testing.T, rules Rules, schema *schemajson.SchemaInfo) session {
	t.Helper()
	p, err := New(rules, schema)
	if err != nil {
		t.Fatal(err)
	}
	return session{p.Session(), t}
}

func encode(t *testing.T, id int32, r message.Request, controls ...message.Control) []byte {
	t.Helper()
	b, err := message.AppendRequest(nil, id, r, controls...)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// ask sends a request and returns what reaches the server, nil for nothing, and
// the answer that comes at once.
func (s session) ask(id int32, r message.Request, controls ...message.Control) (*message.Received, *message.Result) {
	s.t.Helper()
	if err := s.FromClient(start, encode(s.t, id, r, controls...)); err != nil {
		s.t.Fatal(err)
	}
	var sent *message.Received
	if b := s.ToServer(); b != nil {
		got, err := message.ParseRequest(b)
		if err != nil {
			s.t.Fatalf("what reaches the server: %v", err)
		}
		sent = &got
	}
	b := s.ToClient()
	if len(b) == 0 {
		return sent, nil
	}
	m, err := message.Parse(b)
	if err != nil {
		s.t.Fatalf("what reaches the client: %v", err)
	}
	result, err := m.Result()
	if err != nil || m.ID != id {
		s.t.Fatalf("answer %d: %v", m.ID, err)
	}
	if strings.Contains(result.Diagnostic, password) {
		s.t.Errorf("the diagnostic has the password: %s", result.Diagnostic)
	}
	return sent, &result
}

// password is in all requests of the tests that have one.
const password = "Geheim17"

// passes and refuses check what becomes of a request.
func (s session) passes(id int32, r message.Request, controls ...message.Control) message.Received {
	s.t.Helper()
	sent, answer := s.ask(id, r, controls...)
	if sent == nil || answer != nil {
		s.t.Fatalf("%#v does not pass: %+v", r, answer)
	}
	return *sent
}

func (s session) refuses(code message.ResultCode, text string, id int32, r message.Request, controls ...message.Control) {
	s.t.Helper()
	sent, answer := s.ask(id, r, controls...)
	if sent != nil || answer == nil || answer.Code != code || !strings.Contains(answer.Diagnostic, text) {
		s.t.Errorf("%#v %v: sent %+v, answer %+v; want %s %q", r, controls, sent, answer, code, text)
	}
}

// answer sends from the server and returns what reaches the client.
func (s session) answer(messages ...message.Message) []byte {
	s.t.Helper()
	var b []byte
	for _, m := range messages {
		b = m.Append(b)
	}
	if err := s.FromServer(b); err != nil {
		s.t.Fatal(err)
	}
	return s.ToClient()
}

// bind binds with a password, and the server agrees.
func (s session) bindAs(dn string) {
	s.t.Helper()
	s.passes(1000, message.BindRequest{DN: dn, Password: password})
	if len(s.answer(done(1000, message.OpBindResponse))) == 0 {
		s.t.Fatal("the answer to the bind does not pass")
	}
}

func done(id int32, op message.Op) message.Message {
	return message.NewResult(id, op, message.Result{})
}

func entry(id int32, dn string, attributes ...string) message.Message {
	return newEntry(dn, attributes...).Message(id)
}

// newEntry has the value "v" of each attribute.
func newEntry(dn string, attributes ...string) message.Entry {
	var all []message.Attribute
	for _, a := range attributes {
		all = append(all, message.NewAttribute(a, []byte("v")))
	}
	return message.NewEntry(dn, all...)
}

func names(e message.Entry) string {
	var all []string
	for a := range e.Attributes() {
		all = append(all, a.Name())
	}
	return strings.Join(all, " ")
}

func find(text string) message.SearchRequest {
	f, err := filter.Parse(text)
	if err != nil {
		panic(err)
	}
	return message.SearchRequest{Base: "dc=example,dc=com", Scope: message.ScopeSub, Filter: f}
}
