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

// patience is how long nobody reads before frames are received all the same.
const patience = time.Second

// stand receives frames while nobody reads, so that pings and the connector's close
// are seen then too; what is kept is bounded by the credit. Only if a connector sends
// more all the same, as it may before the first grant has arrived, is the rest left to
// wait. Whoever reads receives for himself, without a goroutine between.
func (s *Stream) stand() {
	tick := time.NewTicker(patience)
	defer tick.Stop()
	for {
		select {
		case <-s.ended:
			return
		case <-tick.C:
		}
		s.mu.Lock()
		for s.endErr == nil && !s.receiving && s.waiting == 0 && time.Since(s.read) >= patience {
			s.receive()
		}
		s.mu.Unlock()
	}
}

// receive waits for a frame and takes it. The caller has the lock, which others have
// meanwhile; only one receives at a time.
func (s *Stream) receive() {
	s.receiving = true
	s.mu.Unlock()
	b, err := s.next()
	s.mu.Lock()
	var code tunnel.CloseCode // if the connector is to be told
	if err == nil {
		if err = s.take(b); err != nil {
			code = tunnel.CloseProtocol
		}
	}
	s.receiving = false
	if err != nil {
		s.lost(err)
		go s.farewell(code, err)
	}
	s.arrived.Broadcast()
}

func (s *Stream) farewell(code tunnel.CloseCode, err error) {
	if code != 0 {
		s.ws.Close(websocket.StatusCode(code), tunnel.Reason(err.Error()))
		return
	}
	s.ws.CloseNow()
}

// next returns the next binary frame, in a chunk.
func (s *Stream) next() ([]byte, error) {
	for {
		kind, reader, err := s.ws.Reader(context.Background())
		if err != nil {
			return nil, closeError(err)
		}
		b, err := tunnel.AppendFrame(newChunk(), reader, frameLimit)
		if err != nil {
			return nil, closeError(err)
		}
		if kind == websocket.MessageBinary {
			return b, nil
		}
		release(b) // there is no text after the first
	}
}

// errAfterLast is the error of a connector that breaks the protocol.
var errAfterLast = errors.New("a binary frame after the empty one that says there is no more")

// take takes one binary frame, and the chunk that it is in. The caller has the lock.
func (s *Stream) take(b []byte) error {
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
			return // reading tells why
		}
	}
}
