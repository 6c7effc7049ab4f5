package policy

import (
	"fmt"

	"github.com/ldapedge/ldapedge/ldap/message"
)

// judge tells whether a request may pass, and makes of it what is to be sent.
func (s *Session) judge(r *message.Received) (operation, *refusal) {
	kind, o := kindOf(r.Request)
	s.counts.Operations[kind]++
	if kind == Unbind {
		r.Controls = nil
		return o, nil
	}
	if kind != Extended && !s.policy.operations[kind] {
		return o, refuse(message.ResultInsufficientAccessRights, ReasonOperation, fmt.Sprintf("%s is not allowed (rule operations)", kind))
	}
	if s.policy.rules.RequireBind && !s.bound && kind != Bind && kind != Abandon {
		return o, refuse(message.ResultStrongerAuthRequired, ReasonBind, "bind first (rule requireBind)")
	}
	if refused := s.controls(r); refused != nil {
		return o, refused
	}
	var refused *refusal
	switch ask := r.Request.(type) {
	case message.BindRequest:
		o.anonymous, refused = s.bind(&ask)
		r.Request = ask
	case message.SASLBindRequest:
		o.anonymous = ask.Mechanism == "ANONYMOUS" // RFC 4505
		refused = s.bindSASL(&ask)
	case message.SearchRequest:
		o.apart, refused = s.search(&ask)
		r.Request = ask
	case message.CompareRequest:
		refused = s.compare(&ask)
		r.Request = ask
	case message.AddRequest:
		refused = s.add(&ask)
		r.Request = ask
	case message.ModifyRequest:
		refused = s.modify(&ask)
		r.Request = ask
	case message.ModifyDNRequest:
		refused = s.modifyDN(&ask)
		r.Request = ask
	case message.DeleteRequest:
		_, refused = s.entry(&ask.DN, false)
		r.Request = ask
	case message.ExtendedRequest:
		refused = s.extended(&ask)
		r.Request = ask
	case message.AbandonRequest:
		refused = s.abandon(ask.ID)
	}
	return o, refused
}

func kindOf(r message.Request) (Operation, operation) {
	switch ask := r.(type) {
	case message.BindRequest, message.SASLBindRequest:
		return Bind, operation{op: message.OpBindRequest}
	case message.SearchRequest:
		return Search, operation{op: message.OpSearchRequest}
	case message.CompareRequest:
		return Compare, operation{op: message.OpCompareRequest}
	case message.AddRequest:
		return Add, operation{op: message.OpAddRequest}
	case message.ModifyRequest:
		return Modify, operation{op: message.OpModifyRequest}
	case message.ModifyDNRequest:
		return ModifyDN, operation{op: message.OpModifyDNRequest}
	case message.DeleteRequest:
		return Delete, operation{op: message.OpDelRequest}
	case message.ExtendedRequest:
		if ask.Name == oidPasswordModify {
			return PasswordModify, operation{op: message.OpExtendedRequest}
		}
		return Extended, operation{op: message.OpExtendedRequest}
	case message.AbandonRequest:
		return Abandon, operation{op: message.OpAbandonRequest}
	}
	return Unbind, operation{op: message.OpUnbindRequest}
}

// abandon judges what an abandon is for. A bind cannot be abandoned (RFC 4511
// §4.11).
func (s *Session) abandon(id int32) *refusal {
	if o, ok := s.operations[id]; !ok || o.op == message.OpBindRequest {
		return refuse(message.ResultNoSuchOperation, ReasonUnknown, "that is not in progress")
	}
	return nil
}
