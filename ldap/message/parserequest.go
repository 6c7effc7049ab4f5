package message

import (
	"errors"
	"fmt"
	"slices"

	"github.com/ldapedge/ldapedge/ldap/filter"
	"github.com/ldapedge/ldapedge/ldap/internal/tlv"
)

// Received is a request as it has been received.
type Received struct {
	// ID is the message ID; 0 is possible, though no client may send it.
	ID      int32
	Request Request
	// Controls refer to the received bytes.
	Controls Controls
}

// ErrAuthentication is wrapped by the error of [ParseRequest] for a bind that
// is neither simple nor SASL, such as Active Directory's Sicily.
var ErrAuthentication = errors.New("the choice of authentication is not known")

// ParseRequest reads the LDAPMessage of a request, which must be all of b. It
// is stricter than the reading of responses, for what it returns may be judged
// and sent on: nothing may follow the last element of any sequence, although
// RFC 4511 §4 would have it ignored. Any definite length form is accepted.
//
// What the encoders refuse, such as a modification without changes, is read.
// The error wraps [ErrProtocol] or [ErrAuthentication].
func ParseRequest(b []byte) (Received, error) {
	body, err := tlv.Whole(b, tlv.Sequence, "LDAPMessage")
	if err != nil {
		return Received{}, err
	}
	var r Received
	if r.ID, body, err = parseID(body); err != nil {
		return Received{}, err
	}
	tag, body, rest, err := tlv.Element(body)
	if err != nil {
		return Received{}, fmt.Errorf("protocolOp: %w", err)
	}
	controls, rest, _, err := tlv.Optional(rest, tagControls, "controls")
	if err == nil && len(rest) > 0 {
		err = tlv.Malformed("%d bytes after the last element of the LDAPMessage", len(rest))
	}
	if err != nil {
		return Received{}, err
	}
	if r.Controls, err = parseControls(controls); err != nil {
		return Received{}, err
	}
	r.Request, err = parseOperation(Op(tag), string(body))
	return r, err
}

func parseOperation(op Op, body string) (Request, error) {
	e := &elements{rest: body}
	var r Request
	switch op {
	case OpBindRequest:
		r = e.bind()
	case OpUnbindRequest:
		r = UnbindRequest{}
	case OpSearchRequest:
		r = e.search()
	case OpModifyRequest:
		r = e.modify()
	case OpAddRequest:
		r = e.add()
	case OpDelRequest:
		return DeleteRequest{DN: body}, nil
	case OpModifyDNRequest:
		r = e.modifyDN()
	case OpCompareRequest:
		r = e.compare()
	case OpAbandonRequest:
		id, err := tlv.ParseInteger(body, "abandonRequest")
		return AbandonRequest{ID: id}, err
	case OpExtendedRequest:
		r = e.extended()
	default:
		return nil, tlv.Malformed("tag 0x%02x is no request", byte(op))
	}
	return r, e.done("request")
}

func (e *elements) bind() Request {
	if version := e.integer(tlv.Integer, "version"); e.err == nil && version != 3 {
		e.fail(tlv.Malformed("LDAP version %d", version))
	}
	name := e.octets("name")
	switch {
	case e.has(tagSimpleAuthentication):
		password := e.next(tagSimpleAuthentication, "simple")
		return BindRequest{DN: name, Password: password, Unauthenticated: name != "" && password == ""}
	case e.has(tagSASLAuthentication):
		sasl := e.into(tagSASLAuthentication, "sasl")
		r := SASLBindRequest{DN: name, Mechanism: sasl.octets("mechanism")}
		if sasl.has(tlv.OctetString) {
			r.Credentials = []byte(sasl.next(tlv.OctetString, "credentials"))
		}
		e.leave(sasl, "sasl")
		return r
	}
	e.fail(ErrAuthentication)
	return nil
}

const (
	tagSimpleAuthentication = 0x80
	tagSASLAuthentication   = 0xa3
)

func (e *elements) search() Request {
	r := SearchRequest{
		Base:      e.octets("baseObject"),
		Scope:     Scope(e.choice("scope", int32(ScopeSub))),
		Deref:     Deref(e.choice("derefAliases", int32(DerefAlways))),
		SizeLimit: e.limit("sizeLimit"),
		TimeLimit: e.limit("timeLimit"),
		TypesOnly: e.boolean("typesOnly"),
	}
	whole := e.rest
	e.next(e.tag(), "filter")
	if e.err == nil {
		var err error
		r.Filter, err = filter.Decode(whole[:len(whole)-len(e.rest)])
		e.fail(err)
	}
	r.Attributes = e.list(tlv.Sequence, "attributes", "attribute")
	return r
}

// list takes an element that is made of OCTET STRINGs.
func (e *elements) list(tag byte, what, each string) []string {
	inner := e.into(tag, what)
	n := 0
	for count := *inner; count.more(); n++ {
		count.octets(each)
	}
	all := slices.Grow([]string(nil), n)
	for inner.more() {
		all = append(all, inner.octets(each))
	}
	e.leave(inner, what)
	return all
}

func (e *elements) modify() Request {
	r := ModifyRequest{DN: e.octets("object")}
	for list := range e.each(tlv.Sequence, "changes") {
		change := list.into(tlv.Sequence, "change")
		c := Change{Kind: ChangeKind(change.choice("operation", int32(ChangeIncrement)))}
		a := change.attribute()
		c.Attribute, c.Values = a.Name, a.Values
		list.leave(change, "change")
		r.Changes = append(r.Changes, c)
	}
	return r
}

func (e *elements) add() Request {
	r := AddRequest{DN: e.octets("entry")}
	for list := range e.each(tlv.Sequence, "attributes") {
		r.Attributes = append(r.Attributes, list.attribute())
	}
	return r
}

func (e *elements) attribute() PartialAttribute {
	one := e.into(tlv.Sequence, "attribute")
	a := PartialAttribute{Name: one.octets("type")}
	a.Values = one.list(tlv.Set, "vals", "value")
	e.leave(one, "attribute")
	return a
}

const tagNewSuperior = 0x80

func (e *elements) modifyDN() Request {
	r := ModifyDNRequest{DN: e.octets("entry"), NewRDN: e.octets("newrdn"), KeepOldRDN: !e.boolean("deleteoldrdn")}
	if e.has(tagNewSuperior) {
		r.NewSuperior = new(e.next(tagNewSuperior, "newSuperior"))
	}
	return r
}

func (e *elements) compare() Request {
	r := CompareRequest{DN: e.octets("entry")}
	ava := e.into(tlv.Sequence, "ava")
	r.Attribute, r.Value = ava.octets("attributeDesc"), ava.octets("assertionValue")
	e.leave(ava, "ava")
	return r
}

const (
	tagRequestName  = 0x80
	tagRequestValue = 0x81
)

func (e *elements) extended() Request {
	r := ExtendedRequest{Name: e.next(tagRequestName, "requestName")}
	if e.has(tagRequestValue) {
		r.Value = []byte(e.next(tagRequestValue, "requestValue"))
	}
	return r
}

// parseControls reads all controls, strictly.
func parseControls(b []byte) (all Controls, err error) {
	for len(b) > 0 {
		var body []byte
		if body, b, err = tlv.Expect(b, tlv.Sequence, "control"); err != nil {
			return nil, err
		}
		c, rest, err := cutControl(body)
		if err == nil && len(rest) > 0 {
			err = tlv.Malformed("%d bytes after the control", len(rest))
		}
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, nil
}
