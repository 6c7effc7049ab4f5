// Package policy decides what a client may ask of an LDAP server. It stands
// between the two on one connection and reads all that passes:
//
//	p, err := policy.New(policy.Rules{Bases: []string{"dc=example,dc=com"}}, nil)
//	s := p.Session()
//	err = s.FromClient(now, frame) // what the client has sent, cut anywhere
//	server.Write(s.ToServer())
//	err = s.FromServer(bytes)      // what the server has sent, cut anywhere
//	client.Write(s.ToClient())
//
// # What passes
//
// Of a client's bytes none reaches the server: a request is read (RFC 4511),
// judged by the [Rules], and what has been understood is encoded anew. What is
// refused is answered with a result that says which rule refused it, and the
// session goes on; an abandon has no result, and is dropped. A request that is
// broken inside of its own message is refused with protocolError. What is no
// LDAP message, or is too large, ends the session with a [*SessionError], and
// the client is sent a Notice of Disconnection (RFC 4511 §4.4.1).
//
// A server's responses pass if they belong to an operation in progress. Refused
// attributes are taken out of entries, also of those in the controls of pre-read
// and post-read (RFC 4527), and where bases are limited, entries and search result
// references outside of them are dropped; all else is passed on as the very bytes.
//
// # Decisions
//
// A filter, comparison, sort key or the like that tests a refused attribute, or
// a supertype of one, is refused with insufficientAccessRights, and so is an
// extensible match that names no attribute type, for it tests every attribute.
// In a list of attributes to return a refused one is left out, as servers do
// with what may not be read. An attribute that is named by an OID is refused
// unless it is known what it stands for: give a schema where clients do that.
//
// Where bases are limited, DNs are sent on in RFC 4514's form, so that the
// server reads the same name that was judged.
//
// # Limits
//
// A session keeps no more than a message that has not arrived in whole, and a
// few bytes for each operation in progress. It has no clock, and is not safe
// for concurrent use; a [Policy] is.
package policy

import (
	"cmp"
	"slices"

	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/schemajson"
)

// Policy is rules made ready for use by any number of sessions.
type Policy struct {
	given      Rules
	rules      Rules // with the defaults of limits
	attributes attributeRules
	bases      baseRules
	operations map[Operation]bool
	controls   map[string]bool
	extended   map[string]bool
	mechanisms []string
}

// New makes a policy of the rules. The schema, if it is not nil, is the
// server's: with it names, OIDs and subtypes of attribute types are known. It adds
// to what is known without one, and takes nothing from that: what a name or OID
// stands for that the policy knows, a server cannot say otherwise. The error is that
// of [Rules.Check].
func New(rules Rules, schema *schemajson.SchemaInfo) (*Policy, error) {
	if err := rules.Check(); err != nil {
		return nil, err
	}
	types := newAttributeTypes(schema)
	bases, err := newBaseRules(&rules, types)
	if err != nil {
		return nil, err
	}
	p := &Policy{
		given:      rules,
		rules:      rules,
		attributes: newAttributeRules(&rules, types),
		bases:      bases,
		operations: set(items(rules.Operations, defaultOperations)),
		controls:   set(items(rules.Controls, defaultControls)),
		extended:   set(items(rules.ExtendedOperations, defaultExtended)),
		mechanisms: items(rules.SASLMechanisms, defaultMechanisms),
	}
	p.rules.MaxRequest = cmp.Or(rules.MaxRequest, DefaultMaxRequest)
	p.rules.MaxResponse = cmp.Or(rules.MaxResponse, message.DefaultMaxMessage)
	p.rules.MaxInFlight = cmp.Or(rules.MaxInFlight, DefaultMaxInFlight)
	p.rules.Burst = cmp.Or(rules.Burst, max(1, int(min(rules.RequestsPerSecond, 1<<30))))
	return p, nil
}

// WithSchema returns a policy of the same rules with another schema, which may be
// nil.
func (p *Policy) WithSchema(schema *schemajson.SchemaInfo) *Policy {
	other, err := New(p.given, schema)
	if err != nil {
		return p // the rules have been checked: there is no error
	}
	return other
}

// ReadsRootDSE tells whether a session that has not bound may read the root DSE, and
// ReadsSubschema whether it may read the schema. Attributes that are refused count for
// neither: nothing secret is among theirs.
func (p *Policy) ReadsRootDSE() bool {
	return p.searchesUnbound() && (!p.bases.limited() || p.bases.rootDSE)
}

// ReadsSubschema: see [Policy.ReadsRootDSE].
func (p *Policy) ReadsSubschema() bool {
	return p.searchesUnbound() && (!p.bases.limited() || !p.rules.RefuseSubschema)
}

func (p *Policy) searchesUnbound() bool { return p.operations[Search] && !p.rules.RequireBind }

// MaxRequest returns the largest message of a client, in bytes.
func (p *Policy) MaxRequest() int { return p.rules.MaxRequest }

func (p *Policy) mechanism(name string) bool { return slices.Contains(p.mechanisms, name) }

func set[S comparable](all []S) map[S]bool {
	m := make(map[S]bool, len(all))
	for _, s := range all {
		m[s] = true
	}
	return m
}
