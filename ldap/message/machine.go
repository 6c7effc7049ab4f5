package message

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/ldapedge/ldapedge/ldap/internal/tlv"
)

// DefaultMaxMessage is the largest LDAPMessage that a [Machine] accepts unless
// told otherwise: 20 MiB.
const DefaultMaxMessage = 20 << 20

// chunk is how much room a machine makes at a time for what arrives; below
// minRoom it makes another rather than have the stream read in crumbs.
const (
	chunk   = 64 << 10
	minRoom = 4 << 10
)

// Machine is the client's side of one LDAP connection without I/O, clock or
// goroutine. Start operations and send what [Machine.Output] returns; put what
// arrives into [Machine.Space], tell [Machine.Received] how much it was, and
// take events from [Machine.Next] until there is none.
//
// A machine never writes again over bytes that it has handed out, so messages
// stay valid for as long as they are kept.
//
// The zero value is ready to use. A machine is not safe for concurrent use.
type Machine struct {
	// MaxMessage is the largest message accepted, in bytes. Default (0):
	// [DefaultMaxMessage].
	MaxMessage int

	out []byte

	// in[read:] has arrived and is not yet handed out; the room is what lies
	// between len(in) and cap(in).
	in   []byte
	read int

	last    int32
	pending map[int32]operation
	binding bool // a bind by SASL waits for its next step
	unbound bool
	err     error
}

// operation is the kind of a pending request.
type operation byte

const (
	operationBind operation = iota
	operationSearch
	operationModify
	operationAdd
	operationDelete
	operationModifyDN
	operationCompare
	operationExtended
	operationStartTLS
)

// finals are the responses that end an operation.
var finals = [...]Op{
	operationBind: OpBindResponse, operationSearch: OpSearchResultDone, operationModify: OpModifyResponse,
	operationAdd: OpAddResponse, operationDelete: OpDelResponse, operationModifyDN: OpModifyDNResponse,
	operationCompare: OpCompareResponse, operationExtended: OpExtendedResponse, operationStartTLS: OpExtendedResponse,
}

// alone tells whether nothing else may be in progress with the operation: a bind
// (RFC 4511 §4.2.1) or StartTLS (§4.14.1). Neither can be abandoned (§4.11).
func (o operation) alone() bool { return o == operationBind || o == operationStartTLS }

// Event is a response that has arrived.
type Event struct {
	// Message is the response. For an unsolicited notification its ID is 0.
	Message
	// Done tells that no further response comes for this ID.
	Done bool
}

// The errors of starting an operation.
var (
	// ErrUnbound: the connection has been unbound.
	ErrUnbound = errors.New("the connection is unbound")
	// ErrBusy: a bind and StartTLS must be the only operation in progress (RFC
	// 4511 §4.2.1, §4.14.1), and while a bind by SASL goes on only its next step
	// is sent.
	ErrBusy = errors.New("a bind or StartTLS must be the only operation in progress")
)

// ErrDisconnected is wrapped by the error of a machine whose server announced
// that it is closing the connection (RFC 4511 §4.4.1).
var ErrDisconnected = errors.New("the server is disconnecting")

// Bind starts a bind and returns its message ID, as all of these do.
func (m *Machine) Bind(r BindRequest, controls ...Control) (int32, error) {
	return m.start(operationBind, r, controls)
}

// BindSASL starts a step of a bind by SASL.
func (m *Machine) BindSASL(r SASLBindRequest, controls ...Control) (int32, error) {
	return m.start(operationBind, r, controls)
}

// Search starts a search.
func (m *Machine) Search(r SearchRequest, controls ...Control) (int32, error) {
	return m.start(operationSearch, r, controls)
}

// Compare starts a comparison.
func (m *Machine) Compare(r CompareRequest, controls ...Control) (int32, error) {
	return m.start(operationCompare, r, controls)
}

// Add starts the addition of an entry.
func (m *Machine) Add(r AddRequest, controls ...Control) (int32, error) {
	return m.start(operationAdd, r, controls)
}

// Modify starts the modification of an entry.
func (m *Machine) Modify(r ModifyRequest, controls ...Control) (int32, error) {
	return m.start(operationModify, r, controls)
}

// ModifyDN starts the renaming of an entry.
func (m *Machine) ModifyDN(r ModifyDNRequest, controls ...Control) (int32, error) {
	return m.start(operationModifyDN, r, controls)
}

// Delete starts the deletion of an entry.
func (m *Machine) Delete(r DeleteRequest, controls ...Control) (int32, error) {
	return m.start(operationDelete, r, controls)
}

// Extended starts an extended operation. What the operation does to the
// connection itself is left to the caller. After [StartTLS] nothing may be sent
// until its response is here and, if that is success, TLS is.
func (m *Machine) Extended(r ExtendedRequest, controls ...Control) (int32, error) {
	kind := operationExtended
	if r.Name == StartTLS {
		kind = operationStartTLS
	}
	return m.start(kind, r, controls)
}

func (m *Machine) start(kind operation, r Request, controls []Control) (int32, error) {
	last := m.last
	id, err := m.begin(kind)
	if err != nil {
		return 0, err
	}
	if m.out, err = AppendRequest(m.out, id, r, controls...); err != nil {
		delete(m.pending, id)
		m.last = last
		return 0, err
	}
	return id, nil
}

// Abandon gives up the operation with the ID: the server is told, and what it
// still sends is dropped. An ID that is not in progress is ignored. A bind and
// StartTLS cannot be abandoned (RFC 4511 §4.11).
func (m *Machine) Abandon(id int32) {
	kind, ok := m.pending[id]
	if !ok || m.err != nil || m.unbound {
		return
	}
	if kind.alone() {
		return // stays pending until its response is here, lest another starts
	}
	delete(m.pending, id)
	m.send(AbandonRequest{ID: id})
}

// Unbind ends the connection: once the output is sent the stream is to be
// closed.
func (m *Machine) Unbind() {
	if m.err == nil && !m.unbound {
		m.send(UnbindRequest{})
		m.unbound = true
	}
}

// send sends a request that has no response and whose encoding cannot fail.
func (m *Machine) send(r Request) {
	m.out, _ = AppendRequest(m.out, m.nextID(), r)
}

// Output returns the bytes to send and forgets them.
func (m *Machine) Output() []byte {
	out := m.out
	m.out = nil
	return out
}

// Pending returns how many operations are in progress.
func (m *Machine) Pending() int { return len(m.pending) }

func (m *Machine) begin(kind operation) (int32, error) {
	if m.err != nil {
		return 0, m.err
	}
	if m.unbound {
		return 0, ErrUnbound
	}
	if m.binding && kind != operationBind || kind.alone() && len(m.pending) > 0 {
		return 0, ErrBusy
	}
	for _, k := range m.pending {
		if k.alone() {
			return 0, ErrBusy
		}
	}
	if m.pending == nil {
		m.pending = make(map[int32]operation)
	}
	id := m.nextID()
	m.pending[id] = kind
	return id, nil
}

// nextID returns a message ID that no operation in progress has.
func (m *Machine) nextID() int32 {
	for {
		if m.last == math.MaxInt32 {
			m.last = 0
		}
		m.last++
		if _, taken := m.pending[m.last]; !taken {
			return m.last
		}
	}
}

// Space returns room for bytes that arrive; it is never empty.
func (m *Machine) Space() []byte {
	if need := m.need(); cap(m.in)-m.read < need || cap(m.in)-len(m.in) < minRoom {
		grown := make([]byte, len(m.in)-m.read, max(chunk, need+minRoom))
		copy(grown, m.in[m.read:])
		m.in, m.read = grown, 0
	}
	return m.in[len(m.in):cap(m.in)]
}

// need is the room that the message now arriving takes, as far as its header
// tells, so that a large one is collected without being moved again and again.
// A header alone makes at most 16 chunks: a server must send to be given more.
func (m *Machine) need() int {
	waiting := len(m.in) - m.read
	header, length, err := tlv.Measure(m.in[m.read:])
	if header == 0 || err != nil || header+length > m.maxMessage() {
		return waiting + 1
	}
	return max(min(header+length, max(16*chunk, 2*waiting)), waiting+1)
}

// Received tells that the first n bytes of [Machine.Space] have arrived.
func (m *Machine) Received(n int) {
	m.in = m.in[:len(m.in)+n]
}

// Take is Space and Received for bytes that are somewhere already, such as a
// frame: the machine keeps them, and they must not be changed any more.
func (m *Machine) Take(b []byte) {
	if m.Buffered() == 0 {
		m.in, m.read = b[:len(b):len(b)], 0
		return
	}
	for len(b) > 0 {
		n := copy(m.Space(), b)
		m.Received(n)
		b = b[n:]
	}
}

// Buffered returns how many bytes have arrived that [Machine.Next] has not
// handed out.
func (m *Machine) Buffered() int { return len(m.in) - m.read }

// Next returns the next response that has arrived in whole; ok is false when
// more bytes are needed. Responses to abandoned operations are dropped. An
// error is final and wraps [ErrProtocol] or [ErrDisconnected].
func (m *Machine) Next() (event Event, ok bool, err error) {
	for m.err == nil {
		if ok, m.err = m.message(&event.Message); m.err != nil || !ok {
			break
		}
		if ok, m.err = m.due(&event); ok {
			return event, true, nil
		}
	}
	return Event{}, false, m.err
}

// message cuts the next whole message from what has arrived.
func (m *Machine) message(to *Message) (ok bool, err error) {
	b := m.in[m.read:]
	header, length, err := tlv.Measure(b)
	if err != nil {
		return false, err
	}
	if len(b) > 0 && b[0] != tlv.Sequence {
		return false, tlv.Malformed("the server does not speak LDAP: it sent 0x%02x where an LDAPMessage begins", b[0])
	}
	if header > 0 && header+length > m.maxMessage() {
		return false, tlv.Malformed("a message of %d bytes, over the limit of %d", header+length, m.maxMessage())
	}
	if header == 0 || len(b) < header+length {
		return false, nil
	}
	*to, err = parseBody(b[header : header+length : header+length])
	m.read += header + length
	return err == nil, err
}

func (m *Machine) maxMessage() int {
	if m.MaxMessage > 0 {
		return m.MaxMessage
	}
	return DefaultMaxMessage
}

// due checks that a message is due; ok is false for one that is to be dropped.
func (m *Machine) due(event *Event) (ok bool, err error) {
	if event.ID == 0 {
		return m.unsolicited(event)
	}
	kind, pending := m.pending[event.ID]
	if !pending {
		// Responses to what has been abandoned may still be on their way.
		return false, nil
	}
	final, due := kind.expects(event.Op)
	if !due && event.Refuses() {
		final, due = true, true
	}
	if !due {
		return false, tlv.Malformed("response 0x%02x to message %d does not fit its request", byte(event.Op), event.ID)
	}
	if kind == operationBind && final {
		result, err := event.Result()
		if err != nil {
			return false, err
		}
		m.binding = result.Code == ResultSASLBindInProgress
	}
	if final {
		delete(m.pending, event.ID)
	}
	event.Done = final
	return true, nil
}

// expects tells whether a response belongs to the operation and ends it.
func (o operation) expects(op Op) (final, due bool) {
	switch op {
	case finals[o]:
		return true, true
	case OpIntermediateResponse:
		return false, true
	case OpSearchResultEntry, OpSearchResultReference:
		return false, o == operationSearch
	}
	return false, false
}

// nonErrors are the codes that are no failure (RFC 4511 appendix A.1).
var nonErrors = []ResultCode{ResultSuccess, ResultCompareFalse, ResultCompareTrue, ResultReferral, ResultSASLBindInProgress}

// Refuses tells whether the message is an extended response with a failure. As
// such Samba refuses requests of any kind that it does not look into, for a
// critical control for one.
func (m Message) Refuses() bool {
	if m.Op != OpExtendedResponse {
		return false
	}
	result, err := m.Result()
	return err == nil && !slices.Contains(nonErrors, result.Code)
}

func (m *Machine) unsolicited(event *Event) (ok bool, err error) {
	if event.Op != OpExtendedResponse {
		return false, tlv.Malformed("response 0x%02x with message ID 0", byte(event.Op))
	}
	response, err := event.ExtendedResponse()
	if err != nil {
		return false, err
	}
	if response.Name != noticeOfDisconnection {
		event.Done = true
		return true, nil
	}
	return false, fmt.Errorf("%w: %s %s", ErrDisconnected, response.Code, response.Diagnostic)
}
