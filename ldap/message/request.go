package message

import (
	"errors"
	"fmt"
	"math"

	ber "github.com/go-asn1-ber/asn1-ber"

	"github.com/ldapedge/ldapedge/ldap/filter"
)

// The application tags of the requests (RFC 4511 §4.2 to §4.12).
const (
	tagBindRequest     ber.Tag = 0
	tagUnbindRequest   ber.Tag = 2
	tagSearchRequest   ber.Tag = 3
	tagAbandonRequest  ber.Tag = 16
	tagExtendedRequest ber.Tag = 23
)

// StartTLS is the name of the extended operation that begins TLS on a plain
// connection (RFC 4511 §4.14).
const StartTLS = "1.3.6.1.4.1.1466.20037"

// BindRequest is a simple bind (RFC 4511 §4.2): anonymous with an empty DN and
// password.
type BindRequest struct {
	DN       string
	Password string
}

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

// ExtendedRequest is an extended operation (RFC 4511 §4.12).
type ExtendedRequest struct {
	// Name is the operation's OID.
	Name string
	// Value is what the operation takes, in the form that it defines. Default
	// (nil): none; an empty value that is not nil is sent.
	Value []byte
}

// Scope is the scope of a search.
type Scope int

// The scopes (RFC 4511 §4.5.1.2).
const (
	ScopeBase Scope = iota
	ScopeOne
	ScopeSub
)

// Deref tells when a search follows aliases.
type Deref int

// The choices (RFC 4511 §4.5.1.3).
const (
	DerefNever Deref = iota
	DerefInSearching
	DerefFindingBase
	DerefAlways
)

func (r BindRequest) packet() (*ber.Packet, error) {
	if r.DN != "" && r.Password == "" {
		// RFC 4513 §5.1.2: servers take it for anonymous, users for a login.
		return nil, fmt.Errorf("bind as %q: the password is empty", r.DN)
	}
	p := ber.Encode(ber.ClassApplication, ber.TypeConstructed, tagBindRequest, nil, "bindRequest")
	p.AppendChild(number(ber.TagInteger, 3, "version"))
	p.AppendChild(octets(r.DN, "name"))
	p.AppendChild(ber.NewString(ber.ClassContext, ber.TypePrimitive, 0, r.Password, "simple"))
	return p, nil
}

func (r SearchRequest) packet() (*ber.Packet, error) {
	if r.Scope < ScopeBase || r.Scope > ScopeSub {
		return nil, fmt.Errorf("search: there is no scope %d", r.Scope)
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

func (r ExtendedRequest) packet() (*ber.Packet, error) {
	if r.Name == "" {
		return nil, errors.New("extended request: the name is empty")
	}
	p := ber.Encode(ber.ClassApplication, ber.TypeConstructed, tagExtendedRequest, nil, "extendedRequest")
	p.AppendChild(ber.NewString(ber.ClassContext, ber.TypePrimitive, 0, r.Name, "requestName"))
	if r.Value != nil {
		p.AppendChild(ber.NewString(ber.ClassContext, ber.TypePrimitive, 1, string(r.Value), "requestValue"))
	}
	return p, nil
}

func unbindPacket() *ber.Packet {
	return ber.Encode(ber.ClassApplication, ber.TypePrimitive, tagUnbindRequest, nil, "unbindRequest")
}

func abandonPacket(id int32) *ber.Packet {
	return ber.NewInteger(ber.ClassApplication, ber.TypePrimitive, tagAbandonRequest, int64(id), "abandonRequest")
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

func octets(s, what string) *ber.Packet {
	return ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, s, what)
}

func number(tag ber.Tag, n int64, what string) *ber.Packet {
	return ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, tag, n, what)
}

func boolean(v bool, what string) *ber.Packet {
	return ber.NewLDAPBoolean(ber.ClassUniversal, ber.TypePrimitive, ber.TagBoolean, v, what)
}
