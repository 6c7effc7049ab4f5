package policy

import (
	"slices"

	"github.com/ldapedge/ldapedge/ldap/control"
	"github.com/ldapedge/ldapedge/ldap/message"
)

// controls judges the controls of a request (RFC 4511 §4.1.11), and leaves those
// that may pass.
func (s *Session) controls(r *message.Received) *refusal {
	var passing message.Controls
	for _, c := range r.Controls {
		if _, twice := passing.Find(c.OID); twice {
			return refuseProtocol("a control comes twice")
		}
		if !s.policy.controls[c.OID] {
			if c.Critical {
				return refuse(message.ResultUnavailableCritical, ReasonControl, "a critical control is not allowed (rule controls)")
			}
			s.count(ReasonDropped)
			continue
		}
		judged, refused := s.control(c)
		if refused != nil {
			return refused
		}
		judged.Critical = c.Critical
		passing = append(passing, judged)
	}
	r.Controls = passing
	return nil
}

// valueless are the controls that have no value.
var valueless = []control.Valueless{
	control.ManageDsaIT, control.DontUseCopy, control.AuthorizationIdentity, control.PasswordPolicy, control.Relax, control.NoOp,
	control.ShowDeleted, control.ShowRecycled, control.ShowDeactivatedLink, control.DomainScope, control.TreeDelete,
	control.PermissiveModify, control.LazyCommit, control.Notification, control.ForceUpdate, control.RODCPromotion,
}

// control judges one control and encodes what it has read of it.
func (s *Session) control(c message.Control) (message.Control, *refusal) {
	if slices.Contains(valueless, control.Valueless(c.OID)) {
		return message.Control{OID: c.OID}, nil
	}
	judge, known := controlJudges[c.OID]
	if !known {
		return c, nil // listed by the rules, for what it is
	}
	typed, refused, err := judge(s, c)
	switch {
	case err != nil:
		return c, refuseProtocol("a control is malformed: " + err.Error())
	case refused != nil:
		return c, refused
	}
	return typed.Control(), nil
}

type controlJudge func(*Session, message.Control) (control.Typed, *refusal, error)

var controlJudges = map[string]controlJudge{
	control.OIDPagedResults:         (*Session).pagedResults,
	control.OIDSort:                 (*Session).sort,
	control.OIDVirtualListView:      (*Session).virtualListView,
	control.OIDMatchedValues:        (*Session).matchedValues,
	control.OIDAssertion:            (*Session).assertion,
	control.OIDPreRead:              (*Session).preRead,
	control.OIDPostRead:             (*Session).postRead,
	control.OIDAttributeScopedQuery: (*Session).attributeScopedQuery,
	control.OIDSubentries:           unjudged(control.ParseSubentries),
	control.OIDExtendedDN:           unjudged(control.ParseExtendedDN),
	control.OIDSecurityDescriptor:   unjudged(control.ParseSecurityDescriptor),
}

// unjudged is for controls whose value says nothing that rules are about.
func unjudged[T control.Typed](parse func(message.Control) (T, error)) controlJudge {
	return func(_ *Session, c message.Control) (control.Typed, *refusal, error) {
		typed, err := parse(c)
		return typed, nil, err
	}
}

func (s *Session) pagedResults(c message.Control) (control.Typed, *refusal, error) {
	p, err := control.ParsePagedResults(c)
	if limit := s.policy.rules.SizeLimit; limit > 0 {
		p.Size = min(p.Size, int32(limit))
	}
	return p, nil, err
}

// sort judges what is sorted by: the order tells the values.
func (s *Session) sort(c message.Control) (control.Typed, *refusal, error) {
	sorted, err := control.ParseSort(c)
	for _, k := range sorted.Keys {
		if s.policy.attributes.isTested(k.Attribute) {
			return sorted, refuseAttribute("the entries may not be sorted by an attribute"), err
		}
	}
	return sorted, nil, err
}

// virtualListView has a value of the first sort key, which sort judges.
func (s *Session) virtualListView(c message.Control) (control.Typed, *refusal, error) {
	v, err := control.ParseVirtualListView(c)
	if limit := s.policy.rules.SizeLimit; limit > 0 {
		v.Before, v.After = min(v.Before, int32(limit)), min(v.After, int32(limit))
	}
	return v, nil, err
}

func (s *Session) matchedValues(c message.Control) (control.Typed, *refusal, error) {
	m, err := control.ParseMatchedValues(c)
	return m, s.tests(slices.Values(m.Assertions)), err
}

func (s *Session) assertion(c message.Control) (control.Typed, *refusal, error) {
	a, err := control.ParseAssertion(c)
	return a, s.tests(a.Filter.Assertions()), err
}

func (s *Session) preRead(c message.Control) (control.Typed, *refusal, error) {
	p, err := control.ParsePreReadRequest(c)
	p.Attributes = s.selection(p.Attributes)
	return p, nil, err
}

func (s *Session) postRead(c message.Control) (control.Typed, *refusal, error) {
	p, err := control.ParsePostReadRequest(c)
	p.Attributes = s.selection(p.Attributes)
	return p, nil, err
}

// attributeScopedQuery searches wherever the values of an attribute lead.
func (s *Session) attributeScopedQuery(message.Control) (control.Typed, *refusal, error) {
	return nil, refuse(message.ResultInsufficientAccessRights, ReasonBase, "an attribute scoped query leads anywhere"), nil
}
