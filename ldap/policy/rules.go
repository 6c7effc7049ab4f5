package policy

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/ldapedge/ldapedge/dn"
	"github.com/ldapedge/ldapedge/ldap/message"
)

// Rules say what a subject may ask of a server. The zero value is read-only: it
// lets a client bind, search and compare, and never shows what a password is.
//
// In the lists a nil one is the default, and an item "default" stands for the
// default's items; an empty list that is not nil has nothing in it.
type Rules struct {
	// Operations are what may be asked. Default: [DefaultOperations]. Unbind is
	// never refused.
	Operations []Operation `json:"operations,omitzero" yaml:"operations,omitzero"`

	// RequireBind refuses everything before a bind with a name has succeeded.
	RequireBind bool `json:"requireBind,omitzero" yaml:"require_bind,omitzero"`
	// RefuseAnonymousBind refuses binds without name and password (RFC 4513
	// §5.1.1). A session that has not bound is anonymous too: RequireBind goes
	// with it.
	RefuseAnonymousBind bool `json:"refuseAnonymousBind,omitzero" yaml:"refuse_anonymous_bind,omitzero"`
	// AllowUnauthenticatedBind allows binds with a name and an empty password,
	// which succeed without proving anything (RFC 4513 §5.1.2).
	AllowUnauthenticatedBind bool `json:"allowUnauthenticatedBind,omitzero" yaml:"allow_unauthenticated_bind,omitzero"`
	// RequireTLS refuses binds with a password, or by any SASL mechanism but those
	// of SCRAM, and password modify, unless [Session].Confidential is set.
	RequireTLS bool `json:"requireTLS,omitzero" yaml:"require_tls,omitzero"`
	// SASLMechanisms are those with which a client may bind. Default:
	// [DefaultSASLMechanisms]. EXTERNAL is none of them, for it would be the
	// connector's identity. GSSAPI, GSS-SPNEGO and DIGEST-MD5 may begin a security
	// layer, in which nothing can be read: with such a one listed, a session is
	// ended by what follows if it begins one, and so they work without one alone.
	SASLMechanisms []string `json:"saslMechanisms,omitzero" yaml:"sasl_mechanisms,omitzero"`

	// Bases are the DNs at or under which everything must happen that names an
	// entry, but binds. Default: everywhere. With bases, aliases are never
	// followed, names such as <GUID=…> are refused, and entries and search result
	// references from elsewhere are dropped that a server returns all the same.
	Bases []string `json:"bases,omitzero" yaml:"bases,omitzero"`
	// RefuseRootDSE refuses reading the root DSE where there are Bases.
	RefuseRootDSE bool `json:"refuseRootDSE,omitzero" yaml:"refuse_root_dse,omitzero"`
	// RefuseSubschema refuses reading the schema where there are Bases.
	RefuseSubschema bool `json:"refuseSubschema,omitzero" yaml:"refuse_subschema,omitzero"`
	// SubschemaEntries are the DNs of the entries that have the schema. Default:
	// [DefaultSubschemaEntries], that of the schema given to [New], and Active
	// Directory's in any forest.
	SubschemaEntries []string `json:"subschemaEntries,omitzero" yaml:"subschema_entries,omitzero"`

	// RefusedAttributes are neither shown, tested nor written: names or OIDs.
	// Their subtypes and options are meant too. Default:
	// [DefaultRefusedAttributes].
	RefusedAttributes []string `json:"refusedAttributes,omitzero" yaml:"refused_attributes,omitzero"`
	// WritableAttributes are refused attributes that an allowed add or modify may
	// set all the same, as userPassword to change a password. Default: none.
	WritableAttributes []string `json:"writableAttributes,omitzero" yaml:"writable_attributes,omitzero"`

	// Controls are the OIDs of the controls that reach the server; a critical one
	// that is not listed is answered with unavailableCriticalExtension, another is
	// dropped. Default: [DefaultControls]. What the policy does not know of a
	// listed control's value it does not check: one that replicates or acts as
	// somebody else undoes other rules. Attribute scoped queries are refused even
	// if they are listed.
	Controls []string `json:"controls,omitzero" yaml:"controls,omitzero"`
	// ExtendedOperations are the OIDs of the extended operations that reach the
	// server. Default: [DefaultExtendedOperations]. Password modify is among
	// Operations, by which alone it is allowed, and StartTLS is always refused: the connector does TLS.
	ExtendedOperations []string `json:"extendedOperations,omitzero" yaml:"extended_operations,omitzero"`

	// MaxRequest is the largest message of a client, in bytes. Default (0):
	// [DefaultMaxRequest].
	MaxRequest int `json:"maxRequest,omitzero" yaml:"max_request,omitzero"`
	// MaxResponse is the largest message of a server, in bytes. Default (0):
	// [message.DefaultMaxMessage].
	MaxResponse int `json:"maxResponse,omitzero" yaml:"max_response,omitzero"`
	// MaxInFlight is how many operations may be in progress. Default (0):
	// [DefaultMaxInFlight].
	MaxInFlight int `json:"maxInFlight,omitzero" yaml:"max_in_flight,omitzero"`
	// RequestsPerSecond is how many requests a session may make in the long run.
	// Default (0): any number.
	RequestsPerSecond float64 `json:"requestsPerSecond,omitzero" yaml:"requests_per_second,omitzero"`
	// Burst is how many requests may come at once. Default (0):
	// RequestsPerSecond, at least 1.
	Burst int `json:"burst,omitzero" yaml:"burst,omitzero"`
	// SizeLimit is the greatest size limit, and page, of a search that the server
	// is sent. Default (0): the client's own.
	SizeLimit int `json:"sizeLimit,omitzero" yaml:"size_limit,omitzero"`
	// TimeLimit is the greatest time limit of a search that the server is sent,
	// in seconds. Default (0): the client's own.
	TimeLimit int `json:"timeLimit,omitzero" yaml:"time_limit,omitzero"`

	// StripReferrals keeps from the client where else the server refers it to.
	StripReferrals bool `json:"stripReferrals,omitzero" yaml:"strip_referrals,omitzero"`
}

// The defaults of the limits.
const (
	DefaultMaxRequest  = 1 << 20
	DefaultMaxInFlight = 64
)

// Error tells which field of [Rules] has a value that it cannot have.
type Error struct {
	// Field is the field's name in JSON.
	Field string
	// Value is the value.
	Value any
	// Reason says what is wrong with it.
	Reason string
}

// Error returns field, value and reason in one line.
func (e *Error) Error() string {
	if s, ok := e.Value.(string); ok {
		return fmt.Sprintf("%s: %q: %s", e.Field, s, e.Reason)
	}
	return fmt.Sprintf("%s: %v: %s", e.Field, e.Value, e.Reason)
}

// Check returns what is wrong with the rules: an [*Error] for each, joined.
func (r *Rules) Check() error {
	c := checker{}
	for _, o := range r.Operations {
		if !slices.Contains(operations, o) && o != orDefault {
			c.fail("operations", string(o), fmt.Sprintf("is none of %s", list(operations)))
		}
	}
	c.each("saslMechanisms", r.SASLMechanisms, "is no name of a SASL mechanism", isMechanism)
	c.dns("bases", r.Bases)
	c.dns("subschemaEntries", r.SubschemaEntries)
	c.each("refusedAttributes", r.RefusedAttributes, "is neither the name nor the OID of an attribute type", isOID)
	c.each("writableAttributes", r.WritableAttributes, "is neither the name nor the OID of an attribute type", isOID)
	c.each("controls", r.Controls, "is no numeric OID", isNumericOID)
	c.each("extendedOperations", r.ExtendedOperations, "is no numeric OID", isNumericOID)
	if slices.Contains(r.ExtendedOperations, message.StartTLS) {
		c.fail("extendedOperations", message.StartTLS, "StartTLS is always refused")
	}
	if slices.Contains(r.ExtendedOperations, oidPasswordModify) {
		c.fail("extendedOperations", oidPasswordModify, `password modify is allowed by "passwordModify" in operations`)
	}
	for _, limit := range []struct {
		field string
		value int
	}{
		{"maxRequest", r.MaxRequest}, {"maxResponse", r.MaxResponse}, {"maxInFlight", r.MaxInFlight},
		{"burst", r.Burst}, {"sizeLimit", r.SizeLimit}, {"timeLimit", r.TimeLimit},
	} {
		if limit.value < 0 || limit.value > math.MaxInt32 {
			c.fail(limit.field, limit.value, "is not from 0 to 2147483647")
		}
	}
	if n := r.RequestsPerSecond; !(n >= 0) || math.IsInf(n, 0) {
		c.fail("requestsPerSecond", n, "is not 0 or more")
	}
	if r.Burst > 0 && r.RequestsPerSecond == 0 {
		c.fail("burst", r.Burst, "there is no requestsPerSecond that it goes with")
	}
	return errors.Join(c.errs...)
}

type checker struct{ errs []error }

func (c *checker) fail(field string, value any, reason string) {
	c.errs = append(c.errs, &Error{field, value, reason})
}

func (c *checker) each(field string, values []string, reason string, ok func(string) bool) {
	for _, v := range values {
		if v != orDefault && !ok(v) {
			c.fail(field, v, reason)
		}
	}
}

func (c *checker) dns(field string, values []string) {
	for _, v := range values {
		if v == orDefault && field != "bases" {
			continue
		}
		if err := dn.Check(v); err != nil {
			c.fail(field, v, "is no DN: "+err.Error())
		} else if strings.TrimSpace(v) == "" {
			c.fail(field, v, "is the root, under which everything is")
		}
	}
}

func isOID(s string) bool { return s != "" && dn.OIDPrefix(s) == len(s) }

func isNumericOID(s string) bool { return isOID(s) && isDigit(s[0]) }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// isMechanism takes what RFC 4422 §3.1 does.
func isMechanism(s string) bool {
	return len(s) > 0 && len(s) <= 20 && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == ""
}

func list[S ~string](all []S) string {
	var names []string
	for _, s := range all {
		names = append(names, string(s))
	}
	return strings.Join(names, ", ")
}

// orDefault is the item that stands for those of the default.
const orDefault = "default"

// items returns a list with the default where it is meant.
func items[S ~string](given, standard []S) []S {
	if given == nil {
		return standard
	}
	var all []S
	for _, s := range given {
		if s == orDefault {
			all = append(all, standard...)
		} else {
			all = append(all, s)
		}
	}
	return all
}
