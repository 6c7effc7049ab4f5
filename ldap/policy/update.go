package policy

import (
	"strings"

	"github.com/ldapedge/ldapedge/dn"
	"github.com/ldapedge/ldapedge/ldap/message"
)

// entry judges the name of an entry and returns what has been read of it, which
// where bases are limited the text becomes. With strict it must be a DN
// everywhere.
func (s *Session) entry(text *string, strict bool) (dn.DN, *refusal) {
	bases := &s.policy.bases
	d, err := dn.Parse(*text)
	if err != nil {
		switch {
		case !bases.limited() && !strict:
			return nil, nil // the server knows other forms
		case strings.HasPrefix(strings.TrimSpace(*text), "<"):
			return nil, refuse(message.ResultInsufficientAccessRights, ReasonBase, "names such as <GUID=…> may be anywhere (rule bases)")
		}
		return nil, refuse(message.ResultInvalidDNSyntax, ReasonBase, "the name is no DN")
	}
	for _, r := range d {
		if refused := s.rdn(r); refused != nil {
			return nil, refused
		}
	}
	if bases.limited() {
		if !bases.under(d) {
			return nil, outside()
		}
		*text = d.String()
	}
	return d, nil
}

func outside() *refusal {
	return refuse(message.ResultInsufficientAccessRights, ReasonBase, "the name is not under an allowed base (rule bases)")
}

// rdn judges the attribute types of a name: by its name an entry is found, and
// has the values.
func (s *Session) rdn(r dn.RDN) *refusal {
	for _, a := range r {
		if s.policy.attributes.isRefused(a.Type) {
			return refuseAttribute("a name has an attribute that may not be used")
		}
	}
	return nil
}

func (s *Session) add(r *message.AddRequest) *refusal {
	if _, refused := s.entry(&r.DN, true); refused != nil {
		return refused
	}
	for _, a := range r.Attributes {
		if refused := s.written(a.Name); refused != nil {
			return refused
		}
	}
	return nil
}

func (s *Session) modify(r *message.ModifyRequest) *refusal {
	if _, refused := s.entry(&r.DN, false); refused != nil {
		return refused
	}
	for _, c := range r.Changes {
		if refused := s.written(c.Attribute); refused != nil {
			return refused
		}
	}
	return nil
}

func (s *Session) written(attribute string) *refusal {
	if s.policy.attributes.mayWrite(attribute) {
		return nil
	}
	return refuse(message.ResultInsufficientAccessRights, ReasonAttribute, "an attribute may not be written (rules refusedAttributes, writableAttributes)")
}

// modifyDN judges where an entry is, what it will be called, and where.
func (s *Session) modifyDN(r *message.ModifyDNRequest) *refusal {
	named, refused := s.entry(&r.DN, false)
	if refused != nil {
		return refused
	}
	d, err := dn.Parse(r.NewRDN)
	if err != nil || len(d) != 1 {
		return refuse(message.ResultInvalidDNSyntax, ReasonBase, "the new RDN is no RDN")
	}
	if refused := s.rdn(d[0]); refused != nil {
		return refused
	}
	bases := &s.policy.bases
	var superior dn.DN
	if len(named) > 0 {
		superior = named[1:]
	}
	if r.NewSuperior != nil {
		if superior, refused = s.entry(r.NewSuperior, false); refused != nil {
			return refused
		}
	}
	if bases.limited() {
		if !bases.under(append(d[:1:1], superior...)) {
			return outside()
		}
		r.NewRDN = d.String()
	}
	return nil
}
