package ldap

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/server"
)

// queueBytes is how much an operation may have waiting before the stream is no
// longer read: what a slow consumer has not taken stays with the server.
const queueBytes = 1 << 20

// patienceBytes is how much that is while another operation waits for the
// stream to be read on: a loop over entries may ask for something else.
const patienceBytes = 64 << 20

// unbindTime bounds how long closing waits for what is still to be sent.
const unbindTime = time.Second

// session is one open stream: a machine, a goroutine that reads and one that
// writes.
type session struct {
	use     *server.Use
	stream  io.ReadWriteCloser
	timeout time.Duration

	done chan struct{} // closed with the end of the session
	err  error         // why it ended; set before done is closed

	kick    chan struct{} // tells the writer of output
	written chan struct{} // closed when the writer has stopped, after an unbind for one

	running sync.WaitGroup

	learning learning

	hungry atomic.Int32  // how many wait for a response that has not arrived
	feed   chan struct{} // has room for one token: one more does

	mu         sync.Mutex // guards what follows
	machine    message.Machine
	operations map[int32]*operation
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

	mu      sync.Mutex
	waiting []message.Event
	bytes   int
	ready   chan struct{} // has room for one token: something waits
	space   chan struct{} // likewise: something was taken
}

func newSession(use *server.Use, stream io.ReadWriteCloser, o Options) *session {
	s := &session{
		use: use, stream: stream, timeout: o.Timeout,
		done: make(chan struct{}), kick: make(chan struct{}, 1), written: make(chan struct{}),
		machine: message.Machine{MaxMessage: o.MaxMessage}, operations: make(map[int32]*operation), learning: newLearning(),
		feed: make(chan struct{}, 1),
	}
	s.running.Go(s.read)
	s.running.Go(s.write)
	return s
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
// counts.
func (s *session) end(err error) {
	s.mu.Lock()
	if s.over {
		s.mu.Unlock()
		return
	}
	s.over = true
	s.err = err
	close(s.done)
	s.mu.Unlock()
	s.stream.Close()
	if errors.Is(err, ErrLost) {
		s.use.Failed(err)
	}
	s.use.Close()
}

func (s *session) read() {
	for {
		s.mu.Lock()
		space := s.machine.Space()
		s.mu.Unlock()
		n, err := s.stream.Read(space)
		if n > 0 {
			if err := s.received(n); err != nil {
				s.end(fmt.Errorf("%w: %w", ErrLost, err))
				return
			}
		}
		if err != nil {
			if errors.Is(err, io.EOF) {
				err = errors.New("the server closed it")
			}
			s.end(fmt.Errorf("%w: %w", ErrLost, err))
			return
		}
	}
}

// received hands what has arrived to the operations that wait for it.
func (s *session) received(n int) error {
	s.mu.Lock()
	s.machine.Received(n)
	s.mu.Unlock()
	for {
		s.mu.Lock()
		event, ok, err := s.machine.Next()
		op := s.operations[event.ID]
		s.mu.Unlock()
		if err != nil || !ok {
			return err
		}
		if op != nil { // else abandoned, or unsolicited
			s.put(op, event)
		}
	}
}

func (s *session) write() {
	defer close(s.written)
	for {
		s.mu.Lock()
		out, last := s.machine.Output(), s.unbinding
		s.mu.Unlock()
		if len(out) > 0 {
			if _, err := s.stream.Write(out); err != nil {
				s.end(fmt.Errorf("%w: %w", ErrLost, err))
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
	if s.over {
		return nil, s.err
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
// session's end is still returned.
func (s *session) wait(ctx context.Context, op *operation) (message.Event, error) {
	if event, ok := op.take(); ok {
		return event, nil
	}
	var late <-chan time.Time
	if !op.endless {
		s.hungry.Add(1)
		defer s.hungry.Add(-1)
		signal(s.feed)
	}
	if s.timeout > 0 && !op.endless {
		timer := time.NewTimer(s.timeout)
		defer timer.Stop()
		late = timer.C
	}
	for {
		select {
		case <-op.ready:
			if event, ok := op.take(); ok {
				return event, nil
			}
		case <-s.done:
			if event, ok := op.take(); ok {
				return event, nil
			}
			return message.Event{}, s.err
		case <-ctx.Done():
			return message.Event{}, context.Cause(ctx)
		case <-late:
			return message.Event{}, fmt.Errorf("%w (%s)", ErrTimeout, s.timeout)
		}
	}
}

// put adds a response to those that wait and, while more than enough do, holds
// the reader up.
func (s *session) put(op *operation, event message.Event) {
	op.mu.Lock()
	op.waiting = append(op.waiting, event)
	op.bytes += event.Size()
	bytes := op.bytes
	op.mu.Unlock()
	signal(op.ready)
	// Who is hungry waits for another operation: this one's consumer has enough.
	for bytes > queueBytes && (bytes > patienceBytes || s.hungry.Load() == 0) {
		select {
		case <-op.space:
		case <-s.feed:
		case <-op.gone:
			return
		case <-s.done:
			return
		}
		op.mu.Lock()
		bytes = op.bytes
		op.mu.Unlock()
	}
}

func (op *operation) take() (message.Event, bool) {
	op.mu.Lock()
	defer op.mu.Unlock()
	if len(op.waiting) == 0 {
		return message.Event{}, false
	}
	event := op.waiting[0]
	op.waiting[0] = message.Event{} // let go of the bytes it refers to
	op.waiting = op.waiting[1:]
	op.bytes -= event.Size()
	signal(op.space)
	return event, true
}

// check turns a final response into an error unless it is a success.
func (s *session) check(what string, event message.Event) error {
	result, err := event.Result()
	if err != nil {
		err = fmt.Errorf("%s: %w", what, err)
		s.end(fmt.Errorf("%w: %w", ErrLost, err))
		return err
	}
	if result.Code == message.ResultSuccess {
		return nil
	}
	refused := &ResultError{Op: what, Result: result}
	if IsResult(refused, message.ResultBusy, message.ResultUnavailable) {
		s.use.Failed(refused)
	}
	return refused
}

// unbind sends what is left to send, an unbind last, closes the stream and
// waits for the session's goroutines.
func (s *session) unbind() error {
	s.mu.Lock()
	s.machine.Unbind()
	s.unbinding = true
	s.mu.Unlock()
	signal(s.kick)
	late := time.NewTimer(unbindTime)
	defer late.Stop()
	select {
	case <-s.written:
	case <-s.done:
	case <-late.C:
	}
	s.end(ErrNotOpen)
	s.running.Wait()
	return nil
}
