package message

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/ldapedge/ldapedge/ldap/filter"
	"github.com/ldapedge/ldapedge/ldap/internal/tlv"
)

// SearchRequest is a search (RFC 4511 §4.5.1). The zero value asks for the
// root DSE with all user attributes.
type SearchRequest struct {
	// Base is the DN to start from.
	Base string
	// Scope is how far to go. Default: the base alone.
	Scope Scope
	// Deref tells when aliases are followed. Default: never.
	Deref Deref
	// SizeLimit is the most entries that the server may return; 0 is no limit
	// of the client's.
	SizeLimit int
	// TimeLimit is the longest that the server may take, in seconds; 0 is no
	// limit of the client's.
	TimeLimit int
	// TypesOnly asks for the names of attributes without values.
	TypesOnly bool
	// Filter selects entries. Default: every entry.
	Filter filter.Filter
	// Attributes are the ones wanted: by name, "*" for all user attributes,
	// "+" for all operational ones (RFC 3673), "1.1" for none. Default: all
	// user attributes.
	Attributes []string
}

// Scope is the scope of a search.
type Scope int

// The scopes (RFC 4511 §4.5.1.2).
const (
	ScopeBase Scope = iota
	ScopeOne
	ScopeSub
)

// scopes are the names of the scopes in LDAP URLs (RFC 4516 §2).
var scopes = [...]string{"base", "one", "sub"}

// String returns the scope's name in LDAP URLs: "base", "one" or "sub".
func (s Scope) String() string {
	if s < ScopeBase || s > ScopeSub {
		return fmt.Sprintf("scope %d", int(s))
	}
	return scopes[s]
}

// ParseScope returns the scope of that name, in any case.
func ParseScope(name string) (Scope, bool) {
	i := slices.Index(scopes[:], strings.ToLower(name))
	return Scope(max(i, 0)), i >= 0
}

// Deref tells when a search follows aliases.
type Deref int

// The choices (RFC 4511 §4.5.1.3).
const (
	DerefNever Deref = iota
	DerefInSearching
	DerefFindingBase
	DerefAlways
)

func (r SearchRequest) check() error {
	if r.Scope < ScopeBase || r.Scope > ScopeSub {
		return fmt.Errorf("search: there is no %s", r.Scope)
	}
	if r.Deref < DerefNever || r.Deref > DerefAlways {
		return fmt.Errorf("search: there is no deref %d", r.Deref)
	}
	limit := func(name string, n int) error {
		if n < 0 || n > math.MaxInt32 {
			return fmt.Errorf("search: the %s limit %d is not from 0 to 2147483647", name, n)
		}
		return nil
	}
	return cmp.Or(limit("size", r.SizeLimit), limit("time", r.TimeLimit))
}

func (r SearchRequest) appendBER(dst []byte) ([]byte, error) {
	if err := r.check(); err != nil {
		return dst, err
	}
	dst, at := tlv.Open(dst, byte(OpSearchRequest))
	dst = tlv.Append(dst, tlv.OctetString, r.Base)
	dst = tlv.AppendInteger(dst, tlv.Enumerated, int32(r.Scope))
	dst = tlv.AppendInteger(dst, tlv.Enumerated, int32(r.Deref))
	dst = tlv.AppendInteger(dst, tlv.Integer, int32(r.SizeLimit))
	dst = tlv.AppendInteger(dst, tlv.Integer, int32(r.TimeLimit))
	dst = tlv.AppendBoolean(dst, tlv.Boolean, r.TypesOnly)
	dst = r.Filter.AppendBER(dst)
	dst, list := tlv.Open(dst, tlv.Sequence)
	for _, a := range r.Attributes {
		dst = tlv.Append(dst, tlv.OctetString, a)
	}
	return tlv.Close(tlv.Close(dst, list), at), nil
}

// Request is what a client can ask: a [BindRequest], [SASLBindRequest],
// [UnbindRequest], [SearchRequest], [ModifyRequest], [AddRequest],
// [DeleteRequest], [ModifyDNRequest], [CompareRequest], [AbandonRequest] or
// [ExtendedRequest].
type Request interface {
	// appendBER appends the protocolOp. After an error what is appended is of no
	// use.
	appendBER(dst []byte) ([]byte, error)
}

// UnbindRequest ends the session (RFC 4511 §4.3).
type UnbindRequest struct{}

// AbandonRequest gives up an operation (RFC 4511 §4.11). It has no response.
type AbandonRequest struct {
	// ID is the message ID of the operation.
	ID int32
}

func (UnbindRequest) appendBER(dst []byte) ([]byte, error) {
	return tlv.AppendHeader(dst, byte(OpUnbindRequest), 0), nil
}

func (r AbandonRequest) appendBER(dst []byte) ([]byte, error) {
	return tlv.AppendInteger(dst, byte(OpAbandonRequest), r.ID), nil
}

// AppendRequest appends the LDAPMessage of a request, as a [Machine] sends it,
// and returns the extended slice. The error is for a request that the protocol
// has no encoding for, such as a modification without changes; nothing is
// appended then.
func AppendRequest(dst []byte, id int32, r Request, controls ...Control) ([]byte, error) {
	b, at := tlv.Open(dst, tlv.Sequence)
	b, err := r.appendBER(tlv.AppendInteger(b, tlv.Integer, id))
	if err != nil {
		return dst, err
	}
	if len(controls) > 0 {
		var list int
		b, list = tlv.Open(b, tagControls)
		for _, c := range controls {
			b = c.appendBER(b)
		}
		b = tlv.Close(b, list)
	}
	return tlv.Close(b, at), nil
}
