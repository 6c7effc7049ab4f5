package ldap

import (
	"fmt"

	"github.com/ldapedge/ldapedge/ldap/message"
)

// compare prepares a comparison.
func (p *preparation) compare(r message.CompareRequest) (_ message.CompareRequest, err error) {
	const where = "comparison"
	if err := p.dn("entry's name", r.DN); err != nil {
		return r, err
	}
	if err := p.names.attribute(where, r.Attribute); err != nil {
		return r, err
	}
	if isObjectClass(r.Attribute) {
		return r, p.names.class(where, r.Value)
	}
	if r.Value, err = p.value(r.Attribute, r.Value); err != nil {
		err = fmt.Errorf("%s: %w", where, err)
	}
	return r, err
}

// add prepares an addition.
func (p *preparation) add(r message.AddRequest) (message.AddRequest, error) {
	if err := p.dn("entry's name", r.DN); err != nil {
		return r, err
	}
	attributes := make([]message.PartialAttribute, len(r.Attributes))
	for i, a := range r.Attributes {
		var err error
		if a.Values, err = p.values("entry", a.Name, a.Values); err != nil {
			return r, err
		}
		attributes[i] = a
	}
	r.Attributes = attributes
	return r, nil
}

// modify prepares changes. What is deleted may be anything: a value that is none
// of its attribute had better go.
func (p *preparation) modify(r message.ModifyRequest) (message.ModifyRequest, error) {
	if err := p.dn("entry's name", r.DN); err != nil {
		return r, err
	}
	changes := make([]message.Change, len(r.Changes))
	for i, c := range r.Changes {
		var err error
		p := *p
		p.lenient = p.lenient || c.Kind == message.ChangeDelete
		if c.Values, err = p.values(fmt.Sprintf("change %d", i+1), c.Attribute, c.Values); err != nil {
			return r, err
		}
		changes[i] = c
	}
	r.Changes = changes
	return r, nil
}

// values prepares the values of an attribute; where names the part of the
// request.
func (p *preparation) values(where, attribute string, values []string) ([]string, error) {
	if err := p.names.attribute(where, attribute); err != nil {
		return nil, err
	}
	all := make([]string, len(values))
	for i, v := range values {
		if isObjectClass(attribute) {
			if err := p.names.class(where, v); err != nil {
				return nil, err
			}
			all[i] = v
			continue
		}
		var err error
		if all[i], err = p.value(attribute, v); err != nil {
			return nil, fmt.Errorf("%s: %w", where, err)
		}
	}
	return all, nil
}
