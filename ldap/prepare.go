package ldap

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/ldapedge/ldapedge/dn"
	"github.com/ldapedge/ldapedge/formatters"
	"github.com/ldapedge/ldapedge/ldap/filter"
	"github.com/ldapedge/ldapedge/ldap/message"
)

// preparation turns what a request says into what is sent: names are checked,
// and values turned into the bytes that the server wants.
type preparation struct {
	names      names
	formatters *formatters.Formatters
	// checked tells whether names and DNs are to be checked.
	checked bool
	// lenient lets a value go out as it is that is none of its attribute: without
	// a schema an attribute's name tells its type with less certainty.
	lenient bool
}

func newPreparation(k *known, o Options) *preparation {
	p := &preparation{formatters: k.values(), checked: !o.NoCheckNames, lenient: k.schema == nil}
	if p.checked {
		p.names.schema = k.schema
	}
	return p
}

// search prepares a search.
func (p *preparation) search(r message.SearchRequest) (message.SearchRequest, error) {
	if err := p.dn("base", r.Base); err != nil {
		return r, err
	}
	if r.Base != "" || r.Scope != message.ScopeBase {
		// Of the attributes of the root DSE schemas define few.
		if err := p.attributes(r.Attributes); err != nil {
			return r, err
		}
	}
	var err error
	r.Filter, err = r.Filter.Map(p.assertion)
	return r, err
}

// dn checks a DN. Active Directory takes "<GUID=…>" and the like for one.
func (p *preparation) dn(where, s string) error {
	if !p.checked || strings.HasPrefix(s, "<") {
		return nil
	}
	if err := dn.Check(s); err != nil {
		return fmt.Errorf("the %s %.100q is no DN: %w", where, s, err)
	}
	return nil
}

func (p *preparation) attributes(list []string) error {
	for _, name := range list {
		var err error
		if class, ok := strings.CutPrefix(name, "@"); ok { // RFC 4529
			err = p.names.class("attribute list", class)
		} else if isAttribute(name) {
			err = p.names.attribute("attribute list", name)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// assertion prepares one test of a filter. As python ldap3 has it, tests for
// presence are not checked. Pieces of substrings are no values, and with a rule
// of its own a test's value may be of another type than the attribute's.
func (p *preparation) assertion(a filter.Assertion) (filter.Assertion, error) {
	if a.Kind == filter.KindPresent || a.Attribute == "" {
		return a, nil
	}
	const where = "filter"
	if err := p.names.attribute(where, a.Attribute); err != nil {
		return a, err
	}
	if a.Kind == filter.KindSubstrings || a.Rule != "" {
		return a, nil
	}
	if a.Kind == filter.KindEquality && isObjectClass(a.Attribute) {
		return a, p.names.class(where, a.Value)
	}
	value, err := p.value(a.Attribute, a.Value)
	if err != nil {
		return a, fmt.Errorf("filter: %w", err)
	}
	a.Value = value
	return a, nil
}

func isObjectClass(attribute string) bool {
	return strings.EqualFold(attribute, "objectClass") || attribute == "2.5.4.0"
}

// value returns the bytes that stand for what people write for a value of the
// attribute, a SID or a GUID for one. What is no text, but bytes, stays as it
// is. The error is a [*formatters.ValueError].
func (p *preparation) value(attribute, value string) (string, error) {
	of := p.formatters.Attribute(attribute)
	if !convertible(of.Type.Kinds) {
		return value, nil
	}
	b, err := of.Validate(formatters.TextValue(value))
	if err == nil {
		return string(b), nil
	}
	// Bytes may happen to be UTF-8.
	if v, formatErr := of.Format([]byte(value)); formatErr == nil && convertible([]formatters.Kind{v.Kind()}) {
		if b, formatErr = of.Validate(v); formatErr == nil {
			return string(b), nil
		}
	}
	if p.lenient || !isText(value) {
		return value, nil
	}
	return "", err
}

func isText(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}

// convertible tells whether values of the kinds are written in several ways, and
// whether there is something in them to check. Texts and bytes go out as they
// are, for assertions of rules such as certificateExactMatch look unlike values.
func convertible(kinds []formatters.Kind) bool {
	for _, k := range kinds {
		if k != formatters.KindText && k != formatters.KindBytes {
			return true
		}
	}
	return len(kinds) == 0 // a type of one's own that does not say
}
