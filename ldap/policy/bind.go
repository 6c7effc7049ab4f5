package policy

import (
	"strings"

	"github.com/ldapedge/ldapedge/ldap/message"
)

// bind judges a simple bind (RFC 4513 §5.1) and tells whether it proves nothing.
func (s *Session) bind(r *message.BindRequest) (anonymous bool, refused *refusal) {
	rules := &s.policy.rules
	switch {
	case r.DN == "":
		if rules.RefuseAnonymousBind {
			return true, refuse(message.ResultInappropriateAuthentication, ReasonBind, "anonymous binds are not allowed (rule refuseAnonymousBind)")
		}
		if r.Password == "" {
			return true, nil
		}
	case r.Password == "":
		if !rules.AllowUnauthenticatedBind {
			return true, refuse(message.ResultUnwillingToPerform, ReasonBind, "a bind with a name needs a password (rule allowUnauthenticatedBind)")
		}
		return true, nil
	}
	return r.DN == "", s.confidential("")
}

// bindSASL judges a step of a bind by SASL (RFC 4513 §5.2). One without a
// mechanism ends a bind that is in progress.
func (s *Session) bindSASL(r *message.SASLBindRequest) *refusal {
	if r.Mechanism == "" {
		return nil
	}
	if !s.policy.mechanism(r.Mechanism) {
		return refuse(message.ResultAuthMethodNotSupported, ReasonOperation, "the SASL mechanism is not allowed (rule saslMechanisms)")
	}
	if r.Mechanism == "ANONYMOUS" && s.policy.rules.RefuseAnonymousBind {
		return refuse(message.ResultInappropriateAuthentication, ReasonBind, "anonymous binds are not allowed (rule refuseAnonymousBind)")
	}
	return s.confidential(r.Mechanism)
}

func (s *Session) confidential(mechanism string) *refusal {
	if s.policy.rules.RequireTLS && !s.Confidential && !strings.HasPrefix(mechanism, "SCRAM-") {
		return refuse(message.ResultConfidentialityRequired, ReasonConfidentiality, "passwords need TLS to the server (rule requireTLS)")
	}
	return nil
}
