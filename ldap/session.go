package ldap

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/server"
)

// queueBytes is how much may have arrived for an operation, beside as much that
// was taken at once, before the stream is no longer read: what a slow consumer
// has not taken stays with the server.
const queueBytes = 512 << 10

// patienceBytes is how much that is while another operation waits for the
// stream to be read on: a loop over entries may ask for something else.
const patienceBytes = 16 << 20

// unbindTime bounds how long closing waits for what is still to be sent.
const unbindTime = time.Second

// session is one open stream: a machine, a goroutine that reads and one that
// writes.
type session struct {
	server  *server.Server
	timeout time.Duration
	// silence has the session end when the server has said nothing for the
	// timeout, for there is another one to turn to.
	silence bool

	done chan struct{} // closed with the end of the session
	err  error         // why it ended; set before done is closed

	kick    chan struct{} // tells the writer of output
	written chan struct{} // closed when the writer has stopped, after an unbind for one

	running sync.WaitGroup

	learning learning

	hungry atomic.Int32  // how many wait for a response that has not arrived
	feed   chan struct{} // has room for one token: one more does

	served []*operation // to which the reader has given something

	mu         sync.Mutex // guards what follows
	use        *server.Use
	stream     io.ReadWriteCloser // replaced by StartTLS
	machine    message.Machine
	operations map[int32]*operation
	upgrading  *upgrade  // StartTLS is in progress
	pins       int       // who needs this session, be an operation in progress or not
	retired    bool      // takes no more operations, for another is to take its place
	stays      time.Time // until when it is not to be replaced
	heard      time.Time // when the server last said something
	held       bool      // the reader waits for an operation to take what it has
	unbinding  bool
	over       bool
}

// operation is one in progress and the responses that wait to be taken.
type operation struct {
	id   int32
	gone chan struct{} // closed when nobody waits any more
	// endless tells that there need not be a response within any time; set before
	// the first wait.
	endless bool

	// The session's mu guards what has arrived since something was last taken.
	arrived []message.Event
	bytes   int
	ready   chan struct{} // has room for one token: something has arrived
	space   chan struct{} // likewise: something was taken

	// Whoever waits takes all that has arrived; taken[next:] is not looked at yet.
	taken []message.Event
	next  int
}

// newSession begins a session on a stream; its use is adopted later.
func newSession(srv *server.Server, stream io.ReadWriteCloser, o Options) *session {
	s := &session{
		server: srv, use: server.NewUse(srv, nil, nil, nil), stream: stream, timeout: o.Timeout, silence: o.Reconnect > 0,
		done: make(chan struct{}), kick: make(chan struct{}, 1), written: make(chan struct{}),
		machine: message.Machine{MaxMessage: o.MaxMessage}, operations: make(map[int32]*operation), learning: newLearning(),
		feed: make(chan struct{}, 1),
	}
	s.running.Go(s.read)
	s.running.Go(s.write)
	return s
}

// ending tells whether the session has ended or is about to have.
func (s *session) ending() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.over
}

// adopt gives the session the use of its server, which may have failed by now.
func (s *session) adopt(use *server.Use) {
	s.mu.Lock()
	s.use = use
	over := s.over
	s.mu.Unlock()
	if over {
		s.release(use)
	}
}

func (s *session) ended() bool {
	select {
	case <-s.done:
		return true
	default:
		return false
	}
}

// end closes the stream and lets everyone know why. Only the first reason
// counts. The source is told before all others, so that who opens the connection
// anew finds it knowing.
func (s *session) end(err error) {
	s.mu.Lock()
	if s.over {
		s.mu.Unlock()
		return
	}
	s.over = true
	s.err = err
	use, stream := s.use, s.stream
	s.mu.Unlock()
	stream.Close()
	s.release(use)
	close(s.done)
}

// release ends the use of the server by a session that is over.
func (s *session) release(use *server.Use) {
	if errors.Is(s.err, ErrLost) && !errors.Is(s.err, errGivenUp) {
		use.Failed(s.err)
	}
	use.Close()
}

// lost ends the session for the reason.
func (s *session) lost(err error) { s.end(fmt.Errorf("%w: %w", ErrLost, err)) }

// holding returns the use of the server.
func (s *session) holding() *server.Use {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.use
}

func (s *session) read() {
	for {
		s.mu.Lock()
		space, stream := s.machine.Space(), s.stream
		s.mu.Unlock()
		n, err := stream.Read(space)
		if n > 0 {
			if err := s.received(n); err != nil {
				s.lost(err)
				return
			}
		}
		if err != nil {
			if errors.Is(err, io.EOF) {
				err = errors.New("the server closed it")
			}
			s.lost(err)
			return
		}
	}
}

// received hands what has arrived to the operations that wait for it.
func (s *session) received(n int) error {
	s.mu.Lock()
	s.machine.Received(n)
	s.heard = time.Now()
	s.mu.Unlock()
	for {
		full, answer, err := s.sort()
		switch {
		case full != nil:
			s.hold(full)
		case answer.Done:
			if err := s.upgrade(answer); err != nil {
				return err
			}
			s.mu.Lock()
			s.put(answer)
			s.mu.Unlock()
			s.serve()
		default:
			return err
		}
	}
}

// sort gives the operations what has arrived for them, until one has more than
// enough or the answer to StartTLS is next.
func (s *session) sort() (full *operation, answer message.Event, err error) {
	s.mu.Lock()
	for full == nil {
		var event message.Event
		var ok bool
		if event, ok, err = s.machine.Next(); err != nil || !ok {
			break
		}
		if s.upgrading != nil && event.ID == s.upgrading.id && event.Done {
			answer = event
			break
		}
		full = s.put(event)
	}
	s.mu.Unlock()
	s.serve()
	return full, answer, err
}

// put gives an operation a response, and returns it if that is more than enough.
// It is called by the reader, with mu locked.
func (s *session) put(event message.Event) (full *operation) {
	op := s.operations[event.ID]
	if op == nil { // abandoned, or unsolicited
		return nil
	}
	if len(op.arrived) == 0 {
		s.served = append(s.served, op)
	}
	op.arrived = append(op.arrived, event)
	op.bytes += event.Size()
	if s.full(op.bytes) {
		return op
	}
	return nil
}

// serve wakes those who wait for what the reader has put.
func (s *session) serve() {
	for i, op := range s.served {
		signal(op.ready)
		s.served[i] = nil
	}
	s.served = s.served[:0]
}

func (s *session) write() {
	defer close(s.written)
	for {
		s.mu.Lock()
		out, last, stream := s.machine.Output(), s.unbinding, s.stream
		s.mu.Unlock()
		if len(out) > 0 {
			if _, err := stream.Write(out); err != nil {
				s.lost(err)
				return
			}
			continue
		}
		if last {
			return
		}
		select {
		case <-s.kick:
		case <-s.done:
			return
		}
	}
}

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// start begins an operation.
func (s *session) start(begin func(*message.Machine) (int32, error)) (*operation, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.startLocked(begin)
}

func (s *session) startLocked(begin func(*message.Machine) (int32, error)) (*operation, error) {
	switch {
	case s.over:
		return nil, s.err
	case s.retired:
		return nil, errRetired
	case s.unbinding:
		return nil, ErrNotOpen
	case s.upgrading != nil:
		return nil, message.ErrBusy
	}
	id, err := begin(&s.machine)
	if err != nil {
		return nil, err
	}
	op := &operation{id: id, gone: make(chan struct{}), ready: make(chan struct{}, 1), space: make(chan struct{}, 1)}
	s.operations[id] = op
	signal(s.kick)
	return op, nil
}

// pin keeps the session from being replaced, for what takes several operations.
func (s *session) pin() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.retired {
		return errRetired
	}
	s.pins++
	return nil
}

func (s *session) unpin() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pins--
}

// idle tells whether nobody needs the session. It is called with mu locked.
func (s *session) idle() bool { return len(s.operations) == 0 && s.pins == 0 }

// finish ends the interest in an operation; one that is still in progress is
// abandoned.
func (s *session) finish(op *operation) {
	close(op.gone)
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.operations, op.id)
	s.machine.Abandon(op.id)
	signal(s.kick)
}

// wait returns the operation's next response. What has arrived before the
// session's end is still returned; what waits when the context ends is not: there
// may be no end of it.
func (s *session) wait(ctx context.Context, op *operation) (message.Event, error) {
	if ctx.Err() != nil {
		return message.Event{}, context.Cause(ctx)
	}
	if event, ok := s.take(op); ok {
		return event, nil
	}
	if op.endless {
		return s.waitUntil(ctx, op, nil)
	}
	late, stop := s.timer()
	defer stop()
	return s.waitUntil(ctx, op, late)
}

// waitFinal returns the operation's last response and passes over others. The
// timeout is for all of them together, so that none lasts for ever.
func (s *session) waitFinal(ctx context.Context, op *operation) (message.Event, error) {
	late, stop := s.timer()
	defer stop()
	for {
		event, err := s.waitUntil(ctx, op, late)
		if err != nil || event.Done {
			return event, err
		}
	}
}

// timer returns a channel that tells when the timeout is over, nil if there is
// none.
func (s *session) timer() (late <-chan time.Time, stop func()) {
	if s.timeout <= 0 {
		return nil, func() {}
	}
	timer := time.NewTimer(s.timeout)
	return timer.C, func() { timer.Stop() }
}

// late is the error of an operation whose response has not come in time.
func (s *session) late() error {
	err := fmt.Errorf("%w (%s)", ErrTimeout, s.timeout)
	s.mu.Lock()
	silent := s.silence && !s.held && time.Since(s.heard) >= s.timeout
	s.mu.Unlock()
	if !silent {
		return err
	}
	s.lost(err)
	return s.err
}

func (s *session) waitUntil(ctx context.Context, op *operation, late <-chan time.Time) (message.Event, error) {
	if event, ok := s.take(op); ok { // one token may stand for several
		return event, nil
	}
	if !op.endless {
		s.hungry.Add(1)
		defer s.hungry.Add(-1)
		signal(s.feed)
	}
	for {
		select {
		case <-op.ready:
			if event, ok := s.take(op); ok {
				return event, nil
			}
		case <-s.done:
			if event, ok := s.take(op); ok {
				return event, nil
			}
			return message.Event{}, s.err
		case <-ctx.Done():
			return message.Event{}, context.Cause(ctx)
		case <-late:
			return message.Event{}, s.late()
		}
	}
}

// full tells whether so much waits for an operation that the reader is held up.
// Who is hungry waits for another one: whoever takes what waits has enough.
func (s *session) full(bytes int) bool {
	return bytes > queueBytes && (bytes > patienceBytes || s.hungry.Load() == 0)
}

// hold holds the reader up while more than enough waits for an operation. That
// nothing is heard of the server meanwhile is not its fault.
func (s *session) hold(op *operation) {
	s.setHeld(true)
	defer s.setHeld(false)
	for s.full(s.size(op)) {
		select {
		case <-op.space:
		case <-s.feed:
		case <-op.gone:
			return
		case <-s.done:
			return
		}
	}
}

func (s *session) setHeld(held bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held, s.heard = held, time.Now()
}

// size is that of what has arrived for an operation.
func (s *session) size(op *operation) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return op.bytes
}

// take returns the next response that has arrived for an operation.
func (s *session) take(op *operation) (message.Event, bool) {
	if op.next == len(op.taken) {
		s.mu.Lock()
		op.taken, op.arrived = op.arrived, op.taken[:0]
		op.bytes = 0
		s.mu.Unlock()
		if op.next = 0; len(op.taken) == 0 {
			return message.Event{}, false
		}
		signal(op.space)
	}
	event := op.taken[op.next]
	op.taken[op.next] = message.Event{} // let go of the bytes it refers to
	op.next++
	return event, true
}

// check turns a final response into an error unless it is a success, or one of
// the codes that are no failure either.
func (s *session) check(what string, event message.Event, fine ...message.ResultCode) error {
	_, err := s.response(what, event, fine...)
	return err
}

// response reads a final response; beside an error that is a [*ResultError] it
// is there too.
func (s *session) response(what string, event message.Event, fine ...message.ResultCode) (Response, error) {
	result, err := event.Result()
	if err != nil {
		return Response{}, s.unreadable(what, err)
	}
	controls, err := event.Controls()
	if err != nil {
		return Response{}, s.unreadable(what, err)
	}
	r := Response{Result: result, Controls: controls}
	if result.Code == message.ResultSuccess || slices.Contains(fine, result.Code) {
		return r, nil
	}
	refused := &ResultError{Op: what, Result: result, Controls: controls}
	if IsResult(refused, message.ResultBusy, message.ResultUnavailable) {
		s.holding().Failed(refused)
	}
	return r, refused
}

// unreadable ends the session, for a response cannot be read.
func (s *session) unreadable(what string, err error) error {
	s.lost(err)
	return fmt.Errorf("%s: %w", what, err)
}

// unbind sends what is left to send, an unbind last, closes the stream and
// waits for the session's goroutines.
func (s *session) unbind() error {
	s.mu.Lock()
	handshaking := s.upgrading != nil // nothing may be sent
	if !handshaking {
		s.machine.Unbind()
		s.unbinding = true
	}
	s.mu.Unlock()
	if !handshaking {
		signal(s.kick)
		late := time.NewTimer(unbindTime)
		defer late.Stop()
		select {
		case <-s.written:
		case <-s.done:
		case <-late.C:
		}
	}
	s.end(ErrNotOpen)
	s.running.Wait()
	return nil
}
