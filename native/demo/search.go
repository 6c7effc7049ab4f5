package demo

import (
	"errors"
	"slices"

	"github.com/go-ldap/ldap/v3"
	"github.com/jimlambrt/gldap"
)

// outcome is what ends an operation (LDAPResult, RFC 4511, section 4.1.9). The
// zero value is success.
type outcome struct {
	code               int
	matchedDN, message string
}

// search returns the entries that a request asks for, in the order of the tree,
// and how the search ended: entries may come with sizeLimitExceeded.
func (t *tree) search(request *gldap.SearchMessage) ([]*entry, outcome) {
	candidates, failure := t.inScope(request.BaseDN, request.Scope)
	if failure != nil {
		return nil, *failure
	}
	matches, err := t.schema.compileFilter(request.Filter)
	switch {
	case errors.Is(err, errFilterTooDeep):
		return nil, outcome{code: gldap.ResultAdminLimitExceeded, message: err.Error()}
	case err != nil:
		return nil, outcome{code: gldap.ResultProtocolError, message: err.Error()}
	}
	var found []*entry
	for _, e := range candidates {
		if matches(e) != isTrue {
			continue
		}
		if request.SizeLimit > 0 && int64(len(found)) == request.SizeLimit {
			return found, outcome{code: gldap.ResultSizeLimitExceeded}
		}
		found = append(found, e)
	}
	return found, outcome{}
}

// inScope returns the entries that a base and a scope take in.
func (t *tree) inScope(baseDN string, scope gldap.Scope) ([]*entry, *outcome) {
	name, err := ldap.ParseDN(baseDN)
	if err != nil {
		return nil, &outcome{code: gldap.ResultInvalidDNSyntax, message: err.Error()}
	}
	base := t.find(name)
	if base == nil {
		return nil, &outcome{code: gldap.ResultNoSuchObject, matchedDN: t.nearest(name)}
	}
	switch scope {
	case gldap.BaseObject:
		return []*entry{base}, nil
	case gldap.SingleLevel:
		return t.below(base, false), nil
	case gldap.WholeSubtree:
		entries := t.below(base, true)
		if slices.Contains(t.entries, base) {
			entries = append([]*entry{base}, entries...)
		}
		return entries, nil
	}
	return nil, &outcome{code: gldap.ResultProtocolError, message: "no such search scope"}
}

// bind checks a name and a password (RFC 4513, section 5.1).
func (t *tree) bind(dn, password string) outcome {
	refused := outcome{code: gldap.ResultInvalidCredentials}
	name, err := ldap.ParseDN(dn)
	switch {
	case dn == "" && password == "":
		return outcome{}
	case err != nil:
		return outcome{code: gldap.ResultInvalidDNSyntax, message: err.Error()}
	case password == "":
		return outcome{code: gldap.ResultUnwillingToPerform, message: "a bind with a name needs a password"}
	case password != Password:
		return refused
	}
	if e := t.find(name); e == nil || !slices.Contains(e.values(t.schema.attribute("objectClass")), "person") {
		return refused
	}
	return outcome{}
}
