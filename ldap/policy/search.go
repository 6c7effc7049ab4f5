package policy

import (
	"iter"
	"slices"
	"strings"

	"github.com/ldapedge/ldapedge/ldap/filter"
	"github.com/ldapedge/ldapedge/ldap/message"
)

func (s *Session) search(r *message.SearchRequest) *refusal {
	if refused := s.base(r); refused != nil {
		return refused
	}
	if refused := s.tests(r.Filter.Assertions()); refused != nil {
		return refused
	}
	r.Attributes = s.selection(r.Attributes)
	r.SizeLimit = atMost(r.SizeLimit, s.policy.rules.SizeLimit)
	r.TimeLimit = atMost(r.TimeLimit, s.policy.rules.TimeLimit)
	return nil
}

// base judges where a search looks. The root DSE (RFC 4512 §5.1) and the schema
// (§4.4) are outside of any base.
func (s *Session) base(r *message.SearchRequest) *refusal {
	bases := &s.policy.bases
	if !bases.limited() {
		_, refused := s.entry(&r.Base, false)
		return refused
	}
	r.Deref = message.DerefNever
	if r.Scope == message.ScopeBase {
		n, written, ok := bases.parse(r.Base)
		if ok && (len(n) == 0 && bases.rootDSE || bases.schemaOf(n)) {
			r.Base = written
			return nil
		}
	}
	_, refused := s.entry(&r.Base, false)
	return refused
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
