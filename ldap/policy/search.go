package policy

import (
	"iter"
	"slices"
	"strings"

	"github.com/ldapedge/ldapedge/dn"
	"github.com/ldapedge/ldapedge/ldap/filter"
	"github.com/ldapedge/ldapedge/ldap/message"
)

// search judges a search, and tells whether it is of the root DSE or the schema
// where these are outside of the bases.
func (s *Session) search(r *message.SearchRequest) (apart bool, refused *refusal) {
	if apart, refused = s.base(r); refused != nil {
		return apart, refused
	}
	if refused = s.tests(r.Filter.Assertions()); refused != nil {
		return apart, refused
	}
	r.Attributes = s.selection(r.Attributes)
	r.SizeLimit = atMost(r.SizeLimit, s.policy.rules.SizeLimit)
	r.TimeLimit = atMost(r.TimeLimit, s.policy.rules.TimeLimit)
	return apart, nil
}

// base judges where a search looks. The root DSE (RFC 4512 §5.1) and the schema
// (§4.4) are outside of any base.
func (s *Session) base(r *message.SearchRequest) (apart bool, refused *refusal) {
	bases := &s.policy.bases
	if bases.limited() {
		r.Deref = message.DerefNever
	}
	_, refused = s.entry(&r.Base, false)
	if refused == nil || !bases.limited() || r.Scope != message.ScopeBase {
		return false, refused
	}
	if d, err := dn.Parse(r.Base); err == nil && bases.apart(d) {
		r.Base = d.String()
		return true, nil
	}
	return false, refused
}

func (s *Session) compare(r *message.CompareRequest) *refusal {
	if _, refused := s.entry(&r.DN, false); refused != nil {
		return refused
	}
	if s.policy.attributes.isTested(r.Attribute) {
		return refuseAttribute("the attribute may not be compared")
	}
	return nil
}

// tests judges the tests of a filter. What it finds is told by whether an entry
// comes back, so that none may be of a refused attribute.
func (s *Session) tests(all iter.Seq[filter.Assertion]) *refusal {
	attributes := &s.policy.attributes
	for a := range all {
		switch {
		case a.Attribute == "" && attributes.any(): // only KindExtensible: of every attribute that the rule is for
			return refuseAttribute("the filter has a matching rule for any attribute")
		case attributes.isTested(a.Attribute):
			return refuseAttribute("the filter tests an attribute that may not be")
		}
	}
	return nil
}

// selection returns a list of attributes to return without the refused ones;
// one that has no other left asks for none (RFC 4511 §4.5.1.8).
func (s *Session) selection(names []string) []string {
	refused := func(name string) bool {
		if name == "*" || name == "+" || name == "1.1" { // RFC 4511 §4.5.1.8, RFC 3673
			return false
		}
		return s.policy.attributes.isRefused(strings.TrimPrefix(name, "@")) // RFC 4529
	}
	if !slices.ContainsFunc(names, refused) {
		return names
	}
	s.count(ReasonHidden)
	if names = slices.DeleteFunc(names, refused); len(names) == 0 {
		return []string{"1.1"}
	}
	return names
}

// atMost returns a client's limit, 0 for none, under the rule's.
func atMost(n, rule int) int {
	if rule > 0 && (n == 0 || n > rule) {
		return rule
	}
	return n
}
