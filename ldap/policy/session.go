package policy

import (
	"errors"
	"slices"
	"time"

	"github.com/ldapedge/ldapedge/ldap/internal/tlv"
	"github.com/ldapedge/ldapedge/ldap/message"
)

// Session is one connection of a client to a server.
type Session struct {
	// Confidential tells that the connection to the server has TLS.
	Confidential bool

	policy *Policy
	counts Counts
	bucket bucket

	client, server frame
	toServer       []byte
	toClient       []byte
	from           int // where in the server's bytes toClient begins, if it is a piece of them

	// operations are those in progress, by message ID.
	operations map[int32]operation
	// bound tells that a bind with a name has succeeded, and binding that one is
	// in progress.
	bound, binding bool
	unbound        bool
	err            *SessionError
}

// operation is a request in progress.
type operation struct {
	op message.Op
	// anonymous tells of a bind that it proves nothing.
	anonymous bool
	// apart tells of a search that it reads the root DSE or the schema outside of
	// the bases.
	apart bool
}

// Session begins a session.
func (p *Policy) Session() *Session {
	return &Session{policy: p, counts: newCounts(), operations: make(map[int32]operation)}
}

// FromClient takes what the client has sent, which may be changed afterwards.
// now is for the rate of requests. An error is a [*SessionError], and final;
// what [Session.ToClient] then returns is still to be sent.
//
// Answers to what is refused may take some times as much room as b: it is best a
// frame, and the output sent before the next.
func (s *Session) FromClient(now time.Time, b []byte) error {
	if s.err != nil {
		return s.err
	}
	for s.err == nil && !s.unbound && len(b) > 0 {
		whole, rest, err := s.client.next(b, s.policy.rules.MaxRequest)
		if err != nil {
			s.end(Client, err)
		}
		b = rest
		if whole != nil {
			s.request(now, whole)
		}
	}
	return s.notify()
}

// FromServer takes what the server has sent. What [Session.ToClient] returns is
// where it can be a piece of b, which is written over where something is taken out:
// b must not be used for anything else before that is sent. An error is a
// [*SessionError], and final.
func (s *Session) FromServer(b []byte) error {
	if s.err != nil {
		return s.err
	}
	passed, at := 0, 0 // b[passed:at] is to be passed on as it is
	for s.err == nil && at < len(b) {
		if n := s.passing(b[at:]); n > 0 {
			at += n
			continue
		}
		collected := len(s.server.partial) > 0
		whole, rest, err := s.server.next(b[at:], s.policy.rules.MaxResponse)
		if err != nil {
			s.end(Server, err)
		}
		as := dropped
		var m message.Message
		if whole != nil {
			if m, err = message.Parse(whole); err != nil {
				s.end(Server, err)
			} else {
				as = s.response(&m)
			}
		}
		end := len(b) - len(rest)
		if collected || as != asItIs {
			s.send(b[passed:at], b[:end])
			passed = end
		}
		switch {
		case as == replaced:
			s.send(m.Append(nil), b[:end]) // which may be longer than what it replaces
		case as == stripped:
			s.toClient = m.AppendWithout(s.room(b[:end]), s.policy.attributes.hidden)
		case as == asItIs && collected:
			s.send(whole, b[:end])
		}
		at = end
	}
	s.send(b[passed:at], b)
	s.toClient = slices.Clip(s.toClient)
	return s.notify()
}

// passing returns the size of the first message if it is an entry that passes as it
// is: nearly all bytes are in those.
func (s *Session) passing(b []byte) int {
	if len(s.server.partial) > 0 {
		return 0
	}
	id, name, size := message.PassEntry(b, &s.policy.attributes.sieve, s.policy.attributes.hidden)
	if size == 0 || size > s.policy.rules.MaxResponse {
		return 0
	}
	o := s.operations[id]
	if o.op != message.OpSearchRequest || s.policy.bases.limited() && !s.policy.bases.holds(name, o.apart) {
		return 0
	}
	return size
}

// Held returns how many bytes have arrived of a server's message whose end has
// not; 0 also if they are too many to be moved with every read. Who reads what comes
// next behind so much room, has [Session.Move] fill that, and gives
// [Session.FromServer] both, has a message that reads have cut in one piece with what
// follows.
func (s *Session) Held() int {
	const most = 4 << 10
	if n := len(s.server.partial); n <= most {
		return n
	}
	return 0
}

// Move moves what is held to dst, if that has room for just that.
func (s *Session) Move(dst []byte) {
	if len(dst) == len(s.server.partial) {
		copy(dst, s.server.partial)
		s.server.partial = s.server.partial[:0]
	}
}

// ToServer returns what is to be sent to the server, whole messages, and
// forgets it.
func (s *Session) ToServer() []byte {
	out := s.toServer
	s.toServer = nil
	return out
}

// ToClient returns what is to be sent to the client, whole messages, and forgets
// it. It must not be changed.
func (s *Session) ToClient() []byte {
	out := s.toClient
	s.toClient = nil
	return out
}

// Unbound tells that the client has unbound: the connection is to be closed once
// what is to be sent is sent.
func (s *Session) Unbound() bool { return s.unbound }

// InFlight returns how many operations are in progress.
func (s *Session) InFlight() int { return len(s.operations) }

// send sends to the client. The first piece is not copied; those that follow it
// are moved behind it over what has been read.
func (s *Session) send(b, read []byte) {
	switch {
	case len(b) == 0:
	case len(s.toClient) == 0:
		s.toClient, s.from = b, cap(read)-cap(b)
	default:
		s.toClient = append(s.room(read), b...)
	}
}

// room returns what is to be sent to the client, to append to: what has been read
// is written over as far as that goes.
func (s *Session) room(read []byte) []byte {
	n, from := len(s.toClient), s.from
	switch {
	case n == 0:
		s.from = 0
		return read[:0:len(read)]
	case from >= 0 && from < len(read) && &read[from] == &s.toClient[0]:
		return read[from : from+n : len(read)]
	}
	return s.toClient
}

// answer sends a message of the policy's own to the client.
func (s *Session) answer(m message.Message) { s.toClient = m.Append(s.toClient) }

func (s *Session) count(r Reason) { s.counts.Refusals[r]++ }

// end ends the session.
func (s *Session) end(from Side, err error) {
	e := &SessionError{From: from, Reason: ReasonProtocol, Err: err}
	if errors.Is(err, errTooLarge) {
		e.Reason = ReasonTooLarge
	}
	s.err = e
	s.count(e.Reason)
}

// notify tells the client if the session has ended, once all before is on its
// way.
func (s *Session) notify() error {
	if s.err == nil {
		return nil
	}
	s.client, s.server = frame{}, frame{}
	code := message.ResultProtocolError
	if s.err.From == Server {
		code = message.ResultUnavailable
	}
	s.answer(message.NewDisconnection(message.Result{Code: code, Diagnostic: "policy: " + s.err.Error()}))
	return s.err
}

// request judges one message of the client, and sends it on or answers it.
func (s *Session) request(now time.Time, whole []byte) {
	m, err := message.Parse(whole)
	if err != nil {
		s.end(Client, err)
		return
	}
	response := responses[m.Op]
	answered := response != 0
	if m.ID == 0 { // RFC 4511 §4.1.1.1
		s.end(Client, tlv.Malformed("a request with the message ID 0"))
		return
	}
	r, err := message.ParseRequest(whole)
	if err != nil && !answered {
		s.end(Client, err)
		return
	}
	refused := s.limit(now, m)
	if refused == nil {
		refused = s.pass(r, err, len(whole))
	}
	if refused == nil {
		return
	}
	s.count(refused.reason)
	if answered {
		result := message.Result{Code: refused.code, Diagnostic: refused.diagnostic}
		s.answer(message.NewResult(m.ID, response, result))
	}
}

// limit judges that there is one more request.
func (s *Session) limit(now time.Time, m message.Message) *refusal {
	if m.Op == message.OpUnbindRequest {
		return nil
	}
	if _, taken := s.operations[m.ID]; taken {
		return refuseProtocol("the message ID is that of an operation in progress (RFC 4511 §4.1.1.1)")
	}
	if m.Op == message.OpAbandonRequest {
		return nil
	}
	rules := &s.policy.rules
	if !s.bucket.take(now, rules.RequestsPerSecond, rules.Burst) {
		return refuse(message.ResultBusy, ReasonRate, "too many requests (rule requestsPerSecond)")
	}
	if s.binding { // RFC 4511 §4.2.1
		return refuse(message.ResultBusy, ReasonBind, "a bind is in progress")
	}
	if len(s.operations) >= rules.MaxInFlight {
		return refuse(message.ResultAdminLimitExceeded, ReasonInFlight, "too many operations are in progress (rule maxInFlight)")
	}
	return nil
}

// pass judges a request and sends it on if it may pass. Most take no more room than
// they did.
func (s *Session) pass(r message.Received, err error, size int) *refusal {
	if errors.Is(err, message.ErrAuthentication) {
		return refuse(message.ResultAuthMethodNotSupported, ReasonOperation, "binds are simple or by SASL")
	}
	if err != nil {
		return refuseProtocol("the request is malformed: " + err.Error())
	}
	judged, refused := s.judge(&r)
	if refused != nil {
		return refused
	}
	own, err := message.AppendRequest(slices.Grow(s.toServer, size), r.ID, r.Request, r.Controls...)
	if err != nil {
		return refuseProtocol("the request lacks a name, a value or a change")
	}
	s.toServer = own
	switch ask := r.Request.(type) {
	case message.UnbindRequest:
		s.unbound = true
	case message.AbandonRequest:
		delete(s.operations, ask.ID)
	default:
		s.operations[r.ID] = judged
		if judged.op == message.OpBindRequest {
			s.bound, s.binding = false, true // RFC 4511 §4.2.1
		}
	}
	return nil
}
