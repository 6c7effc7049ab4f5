package message

import (
	"fmt"
	"math"
	"slices"
	"strings"

	ber "github.com/go-asn1-ber/asn1-ber"

	"github.com/ldapedge/ldapedge/ldap/filter"
)

// The application tags of the requests (RFC 4511 §4.2 to §4.12).
const (
	tagBindRequest     ber.Tag = 0
	tagUnbindRequest   ber.Tag = 2
	tagSearchRequest   ber.Tag = 3
	tagModifyRequest   ber.Tag = 6
	tagAddRequest      ber.Tag = 8
	tagDelRequest      ber.Tag = 10
	tagModifyDNRequest ber.Tag = 12
	tagCompareRequest  ber.Tag = 14
	tagAbandonRequest  ber.Tag = 16
	tagExtendedRequest ber.Tag = 23
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

func (r SearchRequest) packet() (*ber.Packet, error) {
	if r.Scope < ScopeBase || r.Scope > ScopeSub {
		return nil, fmt.Errorf("search: there is no %s", r.Scope)
	}
	if r.Deref < DerefNever || r.Deref > DerefAlways {
		return nil, fmt.Errorf("search: there is no deref %d", r.Deref)
	}
	for name, limit := range map[string]int{"size": r.SizeLimit, "time": r.TimeLimit} {
		if limit < 0 || limit > math.MaxInt32 {
			return nil, fmt.Errorf("search: the %s limit %d is not from 0 to 2147483647", name, limit)
		}
	}
	p := ber.Encode(ber.ClassApplication, ber.TypeConstructed, tagSearchRequest, nil, "searchRequest")
	p.AppendChild(octets(r.Base, "baseObject"))
	p.AppendChild(number(ber.TagEnumerated, int64(r.Scope), "scope"))
	p.AppendChild(number(ber.TagEnumerated, int64(r.Deref), "derefAliases"))
	p.AppendChild(number(ber.TagInteger, int64(r.SizeLimit), "sizeLimit"))
	p.AppendChild(number(ber.TagInteger, int64(r.TimeLimit), "timeLimit"))
	p.AppendChild(boolean(r.TypesOnly, "typesOnly"))
	p.Data.Write(r.Filter.AppendBER(nil))
	attributes := ber.NewSequence("attributes")
	for _, a := range r.Attributes {
		attributes.AppendChild(octets(a, "attribute"))
	}
	p.AppendChild(attributes)
	return p, nil
}

// Request is what a client can ask: a [BindRequest], [SASLBindRequest],
// [UnbindRequest], [SearchRequest], [ModifyRequest], [AddRequest],
// [DeleteRequest], [ModifyDNRequest], [CompareRequest], [AbandonRequest] or
// [ExtendedRequest].
type Request interface{ packet() (*ber.Packet, error) }

// UnbindRequest ends the session (RFC 4511 §4.3).
type UnbindRequest struct{}

// AbandonRequest gives up an operation (RFC 4511 §4.11). It has no response.
type AbandonRequest struct {
	// ID is the message ID of the operation.
	ID int32
}

func (UnbindRequest) packet() (*ber.Packet, error) {
	return ber.Encode(ber.ClassApplication, ber.TypePrimitive, tagUnbindRequest, nil, "unbindRequest"), nil
}

func (r AbandonRequest) packet() (*ber.Packet, error) {
	return ber.NewInteger(ber.ClassApplication, ber.TypePrimitive, tagAbandonRequest, int64(r.ID), "abandonRequest"), nil
}

// AppendRequest appends the LDAPMessage of a request, as a [Machine] sends it,
// and returns the extended slice. The error is for a request that the protocol
// has no encoding for, such as a modification without changes.
func AppendRequest(dst []byte, id int32, r Request, controls ...Control) ([]byte, error) {
	p, err := r.packet()
	if err != nil {
		return dst, err
	}
	return append(dst, envelope(id, p, controls...)...), nil
}

// envelope puts a request into its LDAPMessage and returns the bytes to send.
func envelope(id int32, op *ber.Packet, controls ...Control) []byte {
	p := ber.NewSequence("LDAPMessage")
	p.AppendChild(number(ber.TagInteger, int64(id), "messageID"))
	p.AppendChild(op)
	if len(controls) > 0 {
		all := ber.Encode(ber.ClassContext, ber.TypeConstructed, 0, nil, "controls")
		for _, c := range controls {
			all.AppendChild(c.packet())
		}
		p.AppendChild(all)
	}
	return p.Bytes()
}

// application encodes a request of the parts.
func application(tag ber.Tag, parts ...*ber.Packet) *ber.Packet {
	p := ber.Encode(ber.ClassApplication, ber.TypeConstructed, tag, nil, "")
	for _, part := range parts {
		p.AppendChild(part)
	}
	return p
}

func contextOctets(tag ber.Tag, s string) *ber.Packet {
	return ber.NewString(ber.ClassContext, ber.TypePrimitive, tag, s, "")
}

func octets(s, what string) *ber.Packet {
	return ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, s, what)
}

func number(tag ber.Tag, n int64, what string) *ber.Packet {
	return ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, tag, n, what)
}

func boolean(v bool, what string) *ber.Packet {
	return ber.NewLDAPBoolean(ber.ClassUniversal, ber.TypePrimitive, ber.TagBoolean, v, what)
}
