package policy

import (
	"strings"
	"testing"
	"time"

	"github.com/ldapedge/ldapedge/ldap/control"
	"github.com/ldapedge/ldapedge/ldap/message"
)

const (
	insufficient = message.ResultInsufficientAccessRights
	unwilling    = message.ResultUnwillingToPerform
)

var writes = map[Operation]message.Request{
	Add:            message.AddRequest{DN: "cn=a,dc=example,dc=com", Attributes: []message.PartialAttribute{{Name: "cn", Values: []string{"a"}}}},
	Modify:         message.ModifyRequest{DN: "cn=a,dc=example,dc=com", Changes: []message.Change{{Kind: message.ChangeReplace, Attribute: "sn", Values: []string{"x"}}}},
	Delete:         message.DeleteRequest{DN: "cn=a,dc=example,dc=com"},
	ModifyDN:       message.ModifyDNRequest{DN: "cn=a,dc=example,dc=com", NewRDN: "cn=b"},
	PasswordModify: message.ExtendedRequest{Name: oidPasswordModify, Value: []byte("\x30\x0a\x82\x08" + password)},
}

func TestPolicyRefusesWriteOnReadOnly(t *testing.T) {
	s := begin(t, Rules{}, nil)
	for kind, r := range writes {
		s.refuses(insufficient, string(kind)+" is not allowed (rule operations)", 1, r)
	}
	s.passes(2, find("(cn=a)"))
	s.passes(3, message.CompareRequest{DN: "cn=a", Attribute: "sn", Value: "x"})
	if s.counts.Refusals[ReasonOperation] != 5 || s.counts.Operations[Delete] != 1 {
		t.Errorf("counts are %+v", s.Counts())
	}
}

func TestPolicyAllowsWritesOneByOne(t *testing.T) {
	for allowed := range writes {
		s := begin(t, Rules{Operations: []Operation{"default", allowed}}, nil)
		for kind, r := range writes {
			if kind == allowed {
				s.passes(1, r)
			} else {
				s.refuses(insufficient, "rule operations", 2, r)
			}
		}
	}
}

func TestPolicyAllowsOnlyListedOperations(t *testing.T) {
	s := begin(t, Rules{Operations: []Operation{}}, nil)
	s.refuses(insufficient, "bind is not allowed", 1, message.BindRequest{})
	s.refuses(insufficient, "search is not allowed", 2, find("(cn=a)"))
	s.refuses(insufficient, "compare is not allowed", 3, message.CompareRequest{Attribute: "cn"})
	s.passes(4, message.UnbindRequest{})
	if !s.Unbound() {
		t.Error("the session is not unbound")
	}
}

func TestPolicyRefusesUnauthenticatedBind(t *testing.T) {
	r := message.BindRequest{DN: "cn=a", Unauthenticated: true}
	begin(t, Rules{}, nil).refuses(unwilling, "allowUnauthenticatedBind", 1, r)
	begin(t, Rules{AllowUnauthenticatedBind: true}, nil).passes(1, r)
}

func TestPolicyRefusesAnonymousBind(t *testing.T) {
	begin(t, Rules{}, nil).passes(1, message.BindRequest{})
	s := begin(t, Rules{RefuseAnonymousBind: true, SASLMechanisms: []string{"ANONYMOUS"}}, nil)
	s.refuses(message.ResultInappropriateAuthentication, "refuseAnonymousBind", 1, message.BindRequest{})
	s.refuses(message.ResultInappropriateAuthentication, "refuseAnonymousBind", 1, message.BindRequest{Password: password})
	s.refuses(message.ResultInappropriateAuthentication, "refuseAnonymousBind", 1, message.SASLBindRequest{Mechanism: "ANONYMOUS"})
	s.bindAs("cn=a")
}

func TestPolicyRequiresBind(t *testing.T) {
	for _, test := range []struct {
		name  string
		bind  message.Request
		code  message.ResultCode
		bound bool
	}{
		{"none", nil, 0, false},
		{"success", message.BindRequest{DN: "cn=a", Password: password}, 0, true},
		{"failure", message.BindRequest{DN: "cn=a", Password: password}, message.ResultInvalidCredentials, false},
		{"anonymous", message.BindRequest{}, 0, false},
		{"a password alone", message.BindRequest{Password: password}, 0, false},
		{"unauthenticated", message.BindRequest{DN: "cn=a", Unauthenticated: true}, 0, false},
		{"sasl", message.SASLBindRequest{Mechanism: "PLAIN"}, 0, true},
		{"sasl in progress", message.SASLBindRequest{Mechanism: "PLAIN"}, message.ResultSASLBindInProgress, false},
		{"sasl anonymous", message.SASLBindRequest{Mechanism: "ANONYMOUS"}, 0, false},
	} {
		s := begin(t, Rules{RequireBind: true, AllowUnauthenticatedBind: true, SASLMechanisms: []string{"default", "ANONYMOUS"}}, nil)
		if test.bind != nil {
			s.passes(1, test.bind)
			s.refuses(message.ResultBusy, "bind is in progress", 2, find("(cn=a)")) // not yet
			s.answer(message.NewResult(1, message.OpBindResponse, message.Result{Code: test.code}))
		}
		if test.bound {
			s.passes(3, find("(cn=a)"))
			s.passes(4, message.BindRequest{}) // a new bind begins as anonymous
			s.answer(done(4, message.OpBindResponse))
		}
		s.refuses(message.ResultStrongerAuthRequired, "requireBind", 5, find("(cn=a)"))
		s.refuses(message.ResultStrongerAuthRequired, "requireBind", 5, message.ExtendedRequest{Name: oidWhoAmI})
	}
}

func TestPolicyRequiresTLSForPasswords(t *testing.T) {
	s := begin(t, Rules{RequireTLS: true}, nil)
	s.refuses(message.ResultConfidentialityRequired, "requireTLS", 1, message.BindRequest{DN: "cn=a", Password: password})
	s.refuses(message.ResultConfidentialityRequired, "requireTLS", 1, message.SASLBindRequest{Mechanism: "PLAIN", Credentials: []byte("\x00a\x00" + password)})
	s.Confidential = true
	s.bindAs("cn=a")
	s = begin(t, Rules{RequireTLS: true, Operations: []Operation{PasswordModify}}, nil)
	s.refuses(message.ResultConfidentialityRequired, "requireTLS", 1, writes[PasswordModify])
	s = begin(t, Rules{RequireTLS: true}, nil)
	s.passes(1, message.SASLBindRequest{Mechanism: "SCRAM-SHA-256", Credentials: []byte("n,,n=a,r=x")})
}

func TestPolicyRefusesSASLMechanisms(t *testing.T) {
	s := begin(t, Rules{}, nil)
	for _, mechanism := range []string{"EXTERNAL", "GSSAPI", "GSS-SPNEGO", "DIGEST-MD5", "NTLM", "ANONYMOUS", "plain", "SCRAM-SHA-256-PLUS"} {
		s.refuses(message.ResultAuthMethodNotSupported, "saslMechanisms", 1, message.SASLBindRequest{Mechanism: mechanism})
	}
	s.passes(1, message.SASLBindRequest{Mechanism: "PLAIN", Credentials: []byte("\x00a\x00" + password)})
	begin(t, Rules{SASLMechanisms: []string{"EXTERNAL"}}, nil).passes(1, message.SASLBindRequest{Mechanism: "EXTERNAL"})
	begin(t, Rules{}, nil).passes(1, message.SASLBindRequest{})
}

func TestPolicyRefusesUnknownAuthentication(t *testing.T) {
	s := begin(t, Rules{}, nil)
	if err := s.FromClient(start, []byte{0x30, 0x0c, 2, 1, 1, 0x60, 7, 2, 1, 3, 4, 0, 0x89, 0}); err != nil {
		t.Fatal(err)
	}
	m, err := message.Parse(s.ToClient())
	result, _ := m.Result()
	if err != nil || m.Op != message.OpBindResponse || result.Code != message.ResultAuthMethodNotSupported || s.ToServer() != nil {
		t.Errorf("got %x %+v, %v", m.Op, result, err)
	}
}

func TestPolicyRefusesStartTLS(t *testing.T) {
	s := begin(t, Rules{}, nil)
	s.refuses(unwilling, "StartTLS", 1, message.ExtendedRequest{Name: message.StartTLS})
}

func TestPolicyRefusesExtendedOperations(t *testing.T) {
	s := begin(t, Rules{}, nil)
	s.refuses(unwilling, "extendedOperations", 1, message.ExtendedRequest{Name: "1.3.6.1.4.1.1466.101.119.1"})
	if r := s.passes(2, message.ExtendedRequest{Name: oidWhoAmI, Value: []byte("smuggled")}); r.Request.(message.ExtendedRequest).Value != nil {
		t.Error("who am I has a value")
	}
	s = begin(t, Rules{ExtendedOperations: []string{"1.2.3"}}, nil)
	s.passes(1, message.ExtendedRequest{Name: "1.2.3", Value: []byte("v")})
	s.refuses(unwilling, "extendedOperations", 2, message.ExtendedRequest{Name: oidWhoAmI})
}

func TestPolicyAbandonsOwnOperationsOnly(t *testing.T) {
	s := begin(t, Rules{}, nil)
	s.passes(1, find("(cn=a)"))
	if sent, answer := s.ask(2, message.AbandonRequest{ID: 7}); sent != nil || answer != nil {
		t.Errorf("an abandon of another operation: %+v, %+v", sent, answer)
	}
	s.passes(3, message.AbandonRequest{ID: 1})
	if s.InFlight() != 0 {
		t.Error("what is abandoned is in progress")
	}
	if got := s.answer(entry(1, "cn=a", "cn"), done(1, message.OpSearchResultDone)); len(got) != 0 {
		t.Errorf("an answer to what has been abandoned passes: % x", got)
	}
	s.passes(4, message.BindRequest{DN: "cn=a", Password: password})
	if sent, _ := s.ask(5, message.AbandonRequest{ID: 4}); sent != nil {
		t.Error("a bind is abandoned")
	}
}

func TestPolicyCancelsOwnOperationsOnly(t *testing.T) {
	s := begin(t, Rules{}, nil)
	s.passes(200, find("(cn=a)"))
	s.refuses(message.ResultNoSuchOperation, "not in progress", 2, message.ExtendedRequest{Name: oidCancel, Value: []byte{0x30, 3, 2, 1, 7}})
	s.refuses(message.ResultProtocolError, "malformed", 2, message.ExtendedRequest{Name: oidCancel})
	s.refuses(message.ResultProtocolError, "malformed", 2, message.ExtendedRequest{Name: oidCancel, Value: []byte{0x30, 6, 2, 1, 1, 2, 1, 7}})
	r := s.passes(3, message.ExtendedRequest{Name: oidCancel, Value: []byte{0x30, 0x84, 0, 0, 0, 6, 2, 4, 0, 0, 0, 200}})
	if v := string(r.Request.(message.ExtendedRequest).Value); v != "\x30\x04\x02\x02\x00\xc8" {
		t.Errorf("the value is % x", v)
	}
	if s.answer(done(3, message.OpExtendedResponse)); s.InFlight() != 1 {
		t.Errorf("%d operations are in progress", s.InFlight())
	}
}

func TestPolicyLimitsOperationsInFlight(t *testing.T) {
	s := begin(t, Rules{MaxInFlight: 2}, nil)
	s.passes(1, find("(cn=a)"))
	s.passes(2, find("(cn=a)"))
	s.refuses(message.ResultAdminLimitExceeded, "maxInFlight", 3, find("(cn=a)"))
	s.answer(done(1, message.OpSearchResultDone))
	s.passes(3, find("(cn=a)"))
}

func TestPolicyLimitsRate(t *testing.T) {
	s := begin(t, Rules{RequestsPerSecond: 2, Burst: 3}, nil)
	at := func(now time.Duration, want int) {
		t.Helper()
		for id := int32(1); id <= 10; id++ {
			if err := s.FromClient(start.Add(now), encode(t, id, message.CompareRequest{DN: "cn=a", Attribute: "cn"})); err != nil {
				t.Fatal(err)
			}
			s.FromServer(done(id, message.OpCompareResponse).Append(nil))
		}
		passed := strings.Count(string(s.ToServer()), "cn=a")
		if s.ToClient(); passed != want {
			t.Errorf("after %v %d requests pass, not %d", now, passed, want)
		}
	}
	at(0, 3)
	at(-time.Hour, 0)
	at(499*time.Millisecond, 0)
	at(time.Second, 2)
	at(time.Hour, 3)
	if s.counts.Refusals[ReasonRate] != 42 {
		t.Errorf("%d are counted", s.counts.Refusals[ReasonRate])
	}
}

func TestPolicyLimitsSizeAndTime(t *testing.T) {
	s := begin(t, Rules{SizeLimit: 100, TimeLimit: 10}, nil)
	for id, test := range []struct{ size, time, wantSize, wantTime int }{{0, 0, 100, 10}, {1000, 1000, 100, 10}, {5, 5, 5, 5}} {
		r := find("(cn=a)")
		r.SizeLimit, r.TimeLimit = test.size, test.time
		got := s.passes(int32(id+1), r, control.PagedResults{Size: 1000}.Control())
		sent := got.Request.(message.SearchRequest)
		page, err := control.ParsePagedResults(got.Controls[0])
		if sent.SizeLimit != test.wantSize || sent.TimeLimit != test.wantTime || page.Size != 100 || err != nil {
			t.Errorf("%+v: got %d, %d, a page of %d, %v", test, sent.SizeLimit, sent.TimeLimit, page.Size, err)
		}
	}
}

func TestPolicyControls(t *testing.T) {
	s := begin(t, Rules{}, nil)
	s.refuses(message.ResultUnavailableCritical, "rule controls", 1, find("(cn=a)"), control.ProxiedAuthorization{ID: "dn:cn=root"}.Control())
	r := s.passes(2, find("(cn=a)"), message.Control{OID: "1.2.3", Value: []byte("x")}, control.ManageDsaIT.Optional())
	if len(r.Controls) != 1 || r.Controls[0].OID != string(control.ManageDsaIT) || r.Controls[0].Critical {
		t.Errorf("controls are %+v", r.Controls)
	}
	if s.counts.Refusals[ReasonDropped] != 1 {
		t.Error("the dropped control is not counted")
	}
	s.refuses(message.ResultProtocolError, "twice", 3, find("(cn=a)"), control.ManageDsaIT.Control(), control.ManageDsaIT.Control())
	s.refuses(message.ResultProtocolError, "malformed", 3, find("(cn=a)"), message.Control{OID: control.OIDSort, Value: []byte{0x30, 5}})
	if r := s.passes(3, find("(cn=a)"), message.Control{OID: string(control.ManageDsaIT), Value: []byte("smuggled")}); r.Controls[0].Value != nil {
		t.Error("a control without a value has one")
	}
	for _, oid := range []string{control.OIDDirSync, control.OIDAttributeScopedQuery, control.OIDSearchOptions, control.OIDPersistentSearch, control.OIDSyncRequest, string(control.TreeDelete), string(control.Relax)} {
		s.refuses(message.ResultUnavailableCritical, "rule controls", 4, find("(cn=a)"), message.Control{OID: oid, Critical: true})
	}
	s = begin(t, Rules{Controls: []string{"1.2.3"}}, nil)
	if r := s.passes(1, find("(cn=a)"), message.Control{OID: "1.2.3", Critical: true, Value: []byte("x")}); len(r.Controls) != 1 || string(r.Controls[0].Value) != "x" {
		t.Errorf("a listed control is %+v", r.Controls)
	}
	s.refuses(message.ResultUnavailableCritical, "rule controls", 2, find("(cn=a)"), control.ManageDsaIT.Control())
	s = begin(t, Rules{Controls: []string{control.OIDAttributeScopedQuery}}, nil)
	s.refuses(insufficient, "leads anywhere", 1, find("(cn=a)"), control.AttributeScopedQuery{Attribute: "member"}.Control())
}

// The controls of an unbind mean nothing (RFC 4511 §4.3).
func TestPolicyUnbindAlwaysPasses(t *testing.T) {
	s := begin(t, Rules{RequireBind: true, RequestsPerSecond: 1}, nil)
	s.passes(1, message.BindRequest{DN: "cn=a", Password: password})
	if r := s.passes(1, message.UnbindRequest{}, control.Relax.Control()); r.Controls != nil {
		t.Errorf("controls are %+v", r.Controls)
	}
	if err := s.FromClient(start, encode(t, 2, find("(cn=a)"))); err != nil || s.ToServer() != nil || s.ToClient() != nil {
		t.Error("something comes after the unbind")
	}
}
