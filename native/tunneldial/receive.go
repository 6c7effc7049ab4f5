package tunneldial

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/coder/websocket"

	"github.com/ldapedge/ldapedge/tunnel"
)

// ahead is how much a connector may send beyond the credit: what it was already
// reading when the first grant arrived.
const ahead = 64 << 10

// receive takes the connector's frames until there are no more. It does not wait
// for a reader, so that pings and the connector's close are always seen: what it
// keeps is bounded by the credit. Only if a connector sends more all the same, as
// it may before the first grant has arrived, is the rest left to wait.
func (s *Stream) receive() {
	code, err := s.frames()
	s.end(err)
	if code != 0 {
		s.ws.Close(websocket.StatusCode(code), tunnel.Reason(err.Error()))
		return
	}
	s.ws.CloseNow()
}

// frames returns why there are no more frames; with a code if the connector is to
// be told.
func (s *Stream) frames() (tunnel.CloseCode, error) {
	for {
		kind, reader, err := s.ws.Reader(context.Background())
		if err != nil {
			return 0, closeError(err)
		}
		b, err := readFrame(reader, newChunk())
		if err != nil {
			return 0, closeError(err)
		}
		if kind == websocket.MessageText {
			release(b) // there is none after the first
			continue
		}
		if err := s.frame(b); err != nil {
			return tunnel.CloseProtocol, err
		}
	}
}

// errAfterLast is the error of a connector that breaks the protocol.
var errAfterLast = errors.New("a binary frame after the empty one that says there is no more")

// frame takes one binary frame, and the chunk that it is in.
func (s *Stream) frame(b []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.arrived.Broadcast()
	for s.queue.size > 0 && s.queue.size+len(b) > s.options.Window+ahead && !s.closed {
		s.full = true
		s.arrived.Wait()
	}
	s.full = false
	s.heard = time.Now()
	switch {
	case s.closed:
		return nil
	case s.readErr != nil:
		return errAfterLast
	case len(b) == 0:
		s.readErr = io.EOF
	default:
		s.queue.push(b)
	}
	return nil
}

// readFrame appends a whole frame to buf.
func readFrame(r io.Reader, buf []byte) ([]byte, error) {
	for {
		if len(buf) == cap(buf) {
			buf = append(buf, 0)[:len(buf)]
		}
		n, err := r.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		if errors.Is(err, io.EOF) {
			return buf, nil
		}
		if err != nil {
			return buf, err
		}
	}
}

// consume notes that bytes have been read; once that is a quarter of the window, the
// connector is told. The caller has the lock.
func (s *Stream) consume(n int) {
	s.consumed += n
	if s.full {
		s.arrived.Broadcast()
	}
	if s.consumed >= max(1, s.options.Window/4) {
		select {
		case s.grants <- struct{}{}:
		default: // it will be seen
		}
	}
}

// grant gives credit back. It is not Read that does, which must not wait behind a
// Write.
func (s *Stream) grant() {
	for {
		select {
		case <-s.ended:
			return
		case <-s.grants:
		}
		s.mu.Lock()
		n := s.consumed
		s.consumed = 0
		s.mu.Unlock()
		if n == 0 {
			continue
		}
		if s.ws.Write(context.Background(), websocket.MessageText, tunnel.CreditFrame(n)) != nil {
			return // receive tells why
		}
	}
}
