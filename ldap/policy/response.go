package policy

import (
	"slices"

	"github.com/ldapedge/ldapedge/ldap/control"
	"github.com/ldapedge/ldapedge/ldap/message"
)

// verdict is what becomes of a response.
type verdict int

const (
	asItIs   verdict = iota
	replaced         // by what the message has become
	stripped         // of the hidden attributes
	dropped
)

// response judges one message of the server, and makes it what replaces it.
func (s *Session) response(m *message.Message) verdict {
	if m.ID == 0 {
		return s.unsolicited(m)
	}
	o, due := s.operations[m.ID]
	final := m.Op == responses[o.op] || m.Refuses()
	switch {
	case !due: // RFC 4511 §4.11: responses to what has been abandoned
		return s.unexpected()
	case m.Op == message.OpSearchResultEntry && o.op == message.OpSearchRequest:
		return s.searchEntry(m, o)
	case m.Op == message.OpSearchResultReference && o.op == message.OpSearchRequest:
		if reason, ok := s.reference(m); !ok {
			return s.drop(reason)
		}
	case m.Op == message.OpIntermediateResponse:
	case final:
		return s.final(m, o)
	default:
		return s.unexpected()
	}
	return s.filtered(m, asItIs)
}

func (s *Session) unexpected() verdict { return s.drop(ReasonUnexpected) }

func (s *Session) drop(why Reason) verdict {
	s.count(why)
	return dropped
}

func (s *Session) broken(err error) verdict {
	s.end(Server, err)
	return dropped
}

// unsolicited lets notifications pass (RFC 4511 §4.4).
func (s *Session) unsolicited(m *message.Message) verdict {
	if m.Op != message.OpExtendedResponse {
		return s.unexpected()
	}
	if _, err := m.ExtendedResponse(); err != nil {
		return s.broken(err)
	}
	return s.filtered(m, asItIs)
}

// searchEntry is where nearly all bytes pass. As long as nothing is to be hidden it
// looks at names alone.
func (s *Session) searchEntry(m *message.Message, o operation) verdict {
	name, clean, err := m.Scan(&s.policy.attributes.sieve, s.policy.attributes.hidden)
	if err != nil {
		return s.broken(err)
	}
	if bases := &s.policy.bases; bases.limited() && !bases.holds(name, o.apart) {
		return s.drop(ReasonBase)
	}
	if clean {
		return s.filtered(m, asItIs)
	}
	entry, err := m.Entry()
	if err != nil {
		return s.broken(err)
	}
	if !m.HasControls() {
		s.count(ReasonHidden)
		return stripped
	}
	*m = s.show(entry).Message(m.ID).WithControlsOf(*m)
	return s.filtered(m, replaced)
}

// reference tells whether a search result reference may pass, and why not.
func (s *Session) reference(m *message.Message) (why Reason, ok bool) {
	if s.policy.rules.StripReferrals {
		return ReasonReferral, false
	}
	bases := &s.policy.bases
	if !bases.limited() {
		return "", true
	}
	urls, err := m.References()
	return ReasonBase, err == nil && !slices.ContainsFunc(urls, func(url string) bool { return !bases.holdsURL(url) })
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
func (s *Session) final(m *message.Message, o operation) verdict {
	result, err := m.Result()
	if err != nil {
		return s.broken(err)
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
	*m = message.NewResult(m.ID, m.Op, result).WithControlsOf(*m)
	return s.filtered(m, replaced)
}

// filtered takes refused attributes out of the message's controls.
func (s *Session) filtered(m *message.Message, as verdict) verdict {
	if m.HasControls() {
		controls, err := m.Controls()
		if err != nil {
			return s.broken(err)
		}
		changed := false
		for i := range controls {
			changed = s.filterControl(&controls[i]) || changed
		}
		if changed {
			*m, as = m.WithControls(controls...), replaced
		}
	}
	return as
}

// filterControl takes refused attributes out of the entry of a control (RFC
// 4527). An entry that cannot be read, or is outside of the bases, is left out.
func (s *Session) filterControl(c *message.Control) (changed bool) {
	if c.OID != control.OIDPreRead && c.OID != control.OIDPostRead {
		return false
	}
	e, err := message.ParseEntry(c.Value)
	if bases := &s.policy.bases; err != nil || bases.limited() && !bases.holds(e.DNBytes(), false) {
		c.Value = nil
		return true
	}
	if !s.hides(e) {
		return false
	}
	c.Value = s.show(e).AppendBER(nil)
	return true
}
