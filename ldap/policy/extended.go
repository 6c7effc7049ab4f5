package policy

import (
	"github.com/ldapedge/ldapedge/ldap/internal/tlv"
	"github.com/ldapedge/ldapedge/ldap/message"
)

func (s *Session) extended(r *message.ExtendedRequest) *refusal {
	switch {
	case r.Name == message.StartTLS:
		return refuse(message.ResultUnwillingToPerform, ReasonOperation, "StartTLS is not a client's to ask for: the connector does TLS")
	case r.Name == oidPasswordModify:
		if refused := s.confidential(""); refused != nil {
			return refused
		}
		return s.passwordModify(r)
	case !s.policy.extended[r.Name]:
		return refuse(message.ResultUnwillingToPerform, ReasonOperation, "the extended operation is not allowed (rule extendedOperations)")
	case r.Name == oidWhoAmI:
		r.Value = nil // RFC 4532 §2.1
	case r.Name == oidCancel:
		return s.cancel(r)
	}
	return nil
}

// cancel judges what a cancel is for (RFC 3909 §2.1).
func (s *Session) cancel(r *message.ExtendedRequest) *refusal {
	body, err := tlv.Whole(r.Value, tlv.Sequence, "cancelRequestValue")
	if err != nil {
		return refuseProtocol("the value of cancel is malformed")
	}
	number, err := tlv.Whole(body, tlv.Integer, "cancelID")
	if err != nil {
		return refuseProtocol("the value of cancel is malformed")
	}
	id, err := tlv.ParseInteger(number, "cancelID")
	if err != nil {
		return refuseProtocol("the value of cancel is malformed")
	}
	if _, ok := s.operations[id]; !ok {
		return refuse(message.ResultNoSuchOperation, ReasonUnknown, "that is not in progress")
	}
	r.Value = tlv.Append(nil, tlv.Sequence, tlv.Append(nil, tlv.Integer, shortest(number)))
	return nil
}

// shortest returns the contents of an INTEGER that is not negative without
// octets that say nothing.
func shortest(b []byte) []byte {
	for len(b) > 1 && b[0] == 0 && b[1] < 0x80 {
		b = b[1:]
	}
	return b
}

// The tags of a password modify (RFC 3062 §2).
const (
	tagUserIdentity = 0x80
	tagOldPassword  = 0x81
	tagNewPassword  = 0x82
)

// passwordModify judges whose password is to be changed. Without a name it is
// the client's own.
func (s *Session) passwordModify(r *message.ExtendedRequest) *refusal {
	if r.Value == nil {
		return nil
	}
	malformed := refuseProtocol("the value of password modify is malformed")
	rest, err := tlv.Whole(r.Value, tlv.Sequence, "passwdModifyRequestValue")
	if err != nil {
		return malformed
	}
	var value []byte
	for _, tag := range []byte{tagUserIdentity, tagOldPassword, tagNewPassword} {
		body, after, ok, err := tlv.Optional(rest, tag, "passwdModifyRequestValue")
		if err != nil {
			return malformed
		}
		rest = after
		if !ok {
			continue
		}
		text := string(body)
		if tag == tagUserIdentity {
			if _, refused := s.entry(&text, false); refused != nil {
				return refused
			}
		}
		value = tlv.Append(value, tag, text)
	}
	if len(rest) > 0 {
		return malformed
	}
	r.Value = tlv.Append(nil, tlv.Sequence, value)
	return nil
}
