package tunneldial

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"github.com/coder/websocket"

	"github.com/ldapedge/ldapedge/tunnel"
)

// Stream is a session as a byte stream. One goroutine may read and another write
// at a time; Close and CloseWrite may be called by any.
//
// A session that is lost cannot be taken up again: what the LDAP server knows of
// it, such as who is bound, is gone.
type Stream struct {
	ws      *websocket.Conn
	hello   tunnel.Hello
	options Options

	ended  chan struct{} // closed when the session has ended
	grants chan struct{} // has room for one word that there is credit to give back
	tasks  sync.WaitGroup

	mu        sync.Mutex
	arrived   *sync.Cond
	queue     queue
	receiving bool      // somebody waits for a frame
	waiting   int       // how many wait for him
	read      time.Time // when somebody has last read
	consumed  int       // bytes read for which no credit has been given back
	heard     time.Time // when the connector was last heard of
	readErr   error     // why nothing more will arrive
	endErr    error     // why the session has ended
	full      bool      // what arrives waits for room
	finished  bool      // the last byte has been sent
	writing   bool
	closed    bool
}

var (
	_ io.ReadWriteCloser = (*Stream)(nil)
	_ io.WriterTo        = (*Stream)(nil)
)

func newStream(ws *websocket.Conn, hello tunnel.Hello, o Options) *Stream {
	s := &Stream{ws: ws, hello: hello, options: o, ended: make(chan struct{}), grants: make(chan struct{}, 1), heard: time.Now(), read: time.Now()}
	s.arrived = sync.NewCond(&s.mu)
	return s
}

// start begins what goes on beside reads and writes, until the session ends.
func (s *Stream) start() {
	s.tasks.Go(s.stand)
	s.tasks.Go(s.grant)
	if s.options.PingAfter > 0 {
		s.tasks.Go(s.watch)
	}
}

// Hello returns the session's facts.
func (s *Stream) Hello() tunnel.Hello { return s.hello }

// Read waits for bytes. What has arrived before the session ended is still read.
// The error is [io.EOF] once the LDAP server has sent its last byte, and a
// [*tunnel.CloseError] if the session ended before.
func (s *Stream) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.wait(); err != nil {
		return 0, err
	}
	n := s.queue.read(p)
	s.consume(n)
	return n, nil
}

// WriteTo writes what arrives to w until the LDAP server has sent its last byte,
// whatever has arrived at a time. Credit is given back for what w has taken.
func (s *Stream) WriteTo(w io.Writer) (written int64, err error) {
	for {
		b, err := s.first()
		if errors.Is(err, io.EOF) {
			return written, nil
		}
		if err != nil {
			return written, err
		}
		n, err := w.Write(b)
		release(b)
		written += int64(n)
		if err != nil {
			return written, err
		}
		s.mu.Lock()
		s.queue.size -= n
		s.consume(n)
		s.mu.Unlock()
	}
}

// first takes a chunk off the queue, which counts until the caller says that it is
// gone.
func (s *Stream) first() ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.wait(); err != nil {
		return nil, err
	}
	return s.queue.pop(), nil
}

// wait waits until there are bytes. The caller has the lock.
func (s *Stream) wait() error {
	for len(s.queue.chunks) == 0 && s.readErr == nil && !s.closed {
		if !s.receiving {
			s.receive()
			continue
		}
		s.waiting++
		s.arrived.Wait()
		s.waiting--
	}
	s.read = time.Now()
	switch {
	case s.closed:
		return io.ErrClosedPipe
	case len(s.queue.chunks) == 0:
		return s.readErr
	}
	return nil
}

// Write sends bytes in one frame, or in several if they are more than the
// connector takes in one. The error is a [*tunnel.CloseError] if the session has
// ended.
func (s *Stream) Write(p []byte) (written int, err error) {
	for len(p) > 0 {
		piece := p[:min(len(p), s.hello.Limits.Frame)]
		if err := s.send(piece, false); err != nil {
			return written, err
		}
		written += len(piece)
		p = p[len(piece):]
	}
	return written, nil
}

// CloseWrite tells the LDAP server that nothing more will be sent; reading goes
// on.
func (s *Stream) CloseWrite() error { return s.send(nil, true) }

// send sends a frame; the last one is empty.
func (s *Stream) send(b []byte, last bool) error {
	s.mu.Lock()
	switch {
	case s.closed || s.finished && !last:
		s.mu.Unlock()
		return io.ErrClosedPipe
	case s.finished: // and said again
		s.mu.Unlock()
		return nil
	case s.endErr != nil:
		defer s.mu.Unlock()
		return s.endErr
	}
	s.writing, s.finished = true, last
	s.mu.Unlock()
	err := s.ws.Write(context.Background(), websocket.MessageBinary, b)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.writing = false
	switch {
	case err == nil:
		return nil
	case s.closed:
		return io.ErrClosedPipe
	case s.endErr != nil:
		return s.endErr
	}
	return closeError(err)
}

// Close ends the session, and a Read or Write in progress. It waits for the
// connector's farewell for a few seconds at most.
func (s *Stream) Close() error {
	s.mu.Lock()
	closed, writing := s.closed, s.writing
	s.closed = true
	s.queue = queue{}
	s.arrived.Broadcast()
	s.mu.Unlock()
	if closed {
		return nil
	}
	s.end(io.ErrClosedPipe)
	if writing {
		s.ws.CloseNow() // the farewell would wait behind what is being written
	} else {
		s.ws.Close(websocket.StatusNormalClosure, "")
	}
	s.tasks.Wait()
	return nil
}

// end notes why the session has ended; the first reason counts.
func (s *Stream) end(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lost(err)
}

// lost is end for who has the lock.
func (s *Stream) lost(err error) {
	if s.readErr == nil {
		s.readErr = err
	}
	if s.endErr == nil {
		s.endErr = err
		close(s.ended)
	}
	s.arrived.Broadcast()
}
