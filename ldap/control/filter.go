package control

import (
	"github.com/ldapedge/ldapedge/ldap/filter"
	"github.com/ldapedge/ldapedge/ldap/message"
)

// The OIDs of the controls that have filters.
const (
	OIDAssertion     = "1.3.6.1.1.12"
	OIDMatchedValues = "1.2.826.0.1.3344810.2.3"
)

// Assertion lets an operation happen only if its entry matches a filter (RFC
// 4528); the result is otherwise [message.ResultCode] 122, assertionFailed.
type Assertion struct {
	Filter filter.Filter
}

// Control returns the control, critical: the operation would otherwise happen
// whether the filter matches or not.
func (a Assertion) Control() message.Control {
	return message.Control{OID: OIDAssertion, Critical: true, Value: a.Filter.AppendBER(nil)}
}

// MatchedValues asks for those values of an entry's attributes alone that one of
// the assertions matches (RFC 3876).
type MatchedValues struct {
	// Assertions are tests as [filter.Filter.Assertions] gives them. Their
	// DNAttributes does not count.
	Assertions []filter.Assertion
	// Critical makes the control critical.
	Critical bool
}

// Control returns the control.
func (m MatchedValues) Control() message.Control {
	var items []byte
	for _, a := range m.Assertions {
		a.DNAttributes = false
		items = a.Filter().AppendBER(items)
	}
	return message.Control{OID: OIDMatchedValues, Critical: m.Critical, Value: sequence(items)}
}
