package message

import (
	"errors"

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
	op := &elements{rest: body}
	tag := op.tag()
	body = op.next(tag, "protocolOp")
	if op.has(tagControls) {
		r.Controls = op.into(tagControls, "controls").controls(op)
	}
	if err := op.done("LDAPMessage"); err != nil {
		return Received{}, err
	}
	r.Request, err = parseOperation(Op(tag), body)
	return r, err
}

func parseOperation(op Op, body []byte) (Request, error) {
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
		return DeleteRequest{DN: string(body)}, nil
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
		password := string(e.next(tagSimpleAuthentication, "simple"))
		return BindRequest{DN: name, Password: password, Unauthenticated: name != "" && password == ""}
	case e.has(tagSASLAuthentication):
		sasl := e.into(tagSASLAuthentication, "sasl")
		r := SASLBindRequest{DN: name, Mechanism: sasl.octets("mechanism")}
		if sasl.has(tlv.OctetString) {
			r.Credentials = append([]byte{}, sasl.next(tlv.OctetString, "credentials")...)
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
	for list := range e.each(tlv.Sequence, "attributes") {
		r.Attributes = append(r.Attributes, list.octets("attribute"))
	}
	return r
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
	for values := range one.each(tlv.Set, "vals") {
		a.Values = append(a.Values, values.octets("value"))
	}
	e.leave(one, "attribute")
	return a
}

const tagNewSuperior = 0x80

func (e *elements) modifyDN() Request {
	r := ModifyDNRequest{DN: e.octets("entry"), NewRDN: e.octets("newrdn"), KeepOldRDN: !e.boolean("deleteoldrdn")}
	if e.has(tagNewSuperior) {
		r.NewSuperior = new(string(e.next(tagNewSuperior, "newSuperior")))
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
	r := ExtendedRequest{Name: string(e.next(tagRequestName, "requestName"))}
	if e.has(tagRequestValue) {
		r.Value = append([]byte{}, e.next(tagRequestValue, "requestValue")...)
	}
	return r
}

// controls reads all controls; outer takes the error.
func (e *elements) controls(outer *elements) (all Controls) {
	for e.more() {
		body := e.next(tlv.Sequence, "control")
		if e.err != nil {
			break
		}
		c, rest, err := cutControl(body)
		if err == nil && len(rest) > 0 {
			err = tlv.Malformed("%d bytes after the control", len(rest))
		}
		e.fail(err)
		all = append(all, c)
	}
	outer.leave(e, "controls")
	return all
}
