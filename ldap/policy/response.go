package policy

import (
	"github.com/ldapedge/ldapedge/ldap/control"
	"github.com/ldapedge/ldapedge/ldap/message"
)

// verdict is what becomes of a response.
type verdict int

const (
	asItIs verdict = iota
	replaced
	dropped
)

// response judges one message of the server. What is replaced is returned.
func (s *Session) response(whole []byte) ([]byte, verdict) {
	m, err := message.Parse(whole)
	if err != nil {
		s.end(Server, err)
		return nil, dropped
	}
	if m.ID == 0 {
		return s.unsolicited(m)
	}
	o, due := s.operations[m.ID]
	final := m.Op == responses[o.op] || m.Refuses()
	switch {
	case !due: // RFC 4511 §4.11: responses to what has been abandoned
		return s.unexpected()
	case m.Op == message.OpSearchResultEntry && o.op == message.OpSearchRequest:
		return s.searchEntry(m)
	case m.Op == message.OpSearchResultReference && o.op == message.OpSearchRequest:
		if s.policy.rules.StripReferrals {
			s.count(ReasonReferral)
			return nil, dropped
		}
	case m.Op == message.OpIntermediateResponse:
	case final:
		return s.final(m, o)
	default:
		return s.unexpected()
	}
	return s.filtered(m, asItIs)
}

func (s *Session) unexpected() ([]byte, verdict) {
	s.count(ReasonUnexpected)
	return nil, dropped
}

// unsolicited lets notifications pass (RFC 4511 §4.4).
func (s *Session) unsolicited(m message.Message) ([]byte, verdict) {
	if m.Op != message.OpExtendedResponse {
		return s.unexpected()
	}
	if _, err := m.ExtendedResponse(); err != nil {
		s.end(Server, err)
		return nil, dropped
	}
	return s.filtered(m, asItIs)
}

// searchEntry is where nearly all bytes pass.
func (s *Session) searchEntry(m message.Message) ([]byte, verdict) {
	entry, err := m.Entry()
	if err != nil {
		s.end(Server, err)
		return nil, dropped
	}
	if !s.hides(entry) {
		return s.filtered(m, asItIs)
	}
	return s.filtered(s.show(entry).Message(m.ID).WithControlsOf(m), replaced)
}

// hides tells whether an entry has refused attributes.
func (s *Session) hides(e message.Entry) bool {
	for a := range e.Attributes() {
		if s.policy.attributes.hidden(a.NameBytes()) {
			return true
		}
	}
	return false
}

// show returns the entry without its refused attributes.
func (s *Session) show(e message.Entry) message.Entry {
	shown, hidden := e.Without(s.policy.attributes.hidden)
	if hidden {
		s.count(ReasonHidden)
	}
	return shown
}

// final ends an operation.
func (s *Session) final(m message.Message, o operation) ([]byte, verdict) {
	result, err := m.Result()
	if err != nil {
		s.end(Server, err)
		return nil, dropped
	}
	delete(s.operations, m.ID)
	if o.op == message.OpBindRequest {
		s.binding = false
		s.bound = m.Op == message.OpBindResponse && result.Code == message.ResultSuccess && !o.anonymous
	}
	if !s.policy.rules.StripReferrals || result.Code != message.ResultReferral && result.Referral == nil {
		return s.filtered(m, asItIs)
	}
	s.count(ReasonReferral)
	if result.Referral = nil; result.Code == message.ResultReferral {
		result = message.Result{Code: message.ResultUnwillingToPerform, Diagnostic: "policy: the server refers elsewhere (rule stripReferrals)"}
	}
	return s.filtered(message.NewResult(m.ID, m.Op, result).WithControlsOf(m), replaced)
}

// filtered takes refused attributes out of the message's controls.
func (s *Session) filtered(m message.Message, as verdict) ([]byte, verdict) {
	if m.HasControls() {
		controls, err := m.Controls()
		if err != nil {
			s.end(Server, err)
			return nil, dropped
		}
		changed := false
		for i := range controls {
			changed = s.filterControl(&controls[i]) || changed
		}
		if changed {
			m, as = m.WithControls(controls...), replaced
		}
	}
	if as == asItIs {
		return nil, asItIs
	}
	return m.Append(nil), replaced
}

// filterControl takes refused attributes out of the entry of a control (RFC
// 4527). An entry that cannot be read is left out.
func (s *Session) filterControl(c *message.Control) (changed bool) {
	if c.OID != control.OIDPreRead && c.OID != control.OIDPostRead {
		return false
	}
	e, err := message.ParseEntry(c.Value)
	if err != nil {
		c.Value = nil
		return true
	}
	if !s.hides(e) {
		return false
	}
	c.Value = s.show(e).AppendBER(nil)
	return true
}
