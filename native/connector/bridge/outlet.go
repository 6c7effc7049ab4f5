package bridge

import (
	"errors"
	"io"
	"sync"

	"github.com/ldapedge/ldapedge/tunnel"
)

// maxAnswers bounds the answers that a client asks for and does not take, in bytes.
const maxAnswers = 1 << 20

// outlet is what is to be sent to the client. A piece of it is whole messages, and its
// window may let only a part of one pass: whoever sends has the turn until all of the
// piece has gone.
type outlet struct {
	turn    chan struct{} // has room for the word of who has it
	sending sync.WaitGroup

	mu        sync.Mutex
	answers   []byte // in the server's place
	answering bool   // somebody is about to send them
}

// fromServer carries the server's bytes to the client, as many as are there in
// one frame.
func (s *session) fromServer() {
	from := newReader(s.ldap.Conn, s.judge)
	for more := true; more; {
		b, err := from.read()
		b, refused := s.judge.fromServer(b)
		s.inTurn(func() { more = s.toClient(b, err, refused) })
		from.release()
	}
}

// inTurn does something with the turn, and gives that back after a fault too.
func (s *session) inTurn(do func()) {
	s.out.turn <- struct{}{}
	defer func() { <-s.out.turn }()
	do()
}

// toClient sends what was read, and tells whether there may be more.
func (s *session) toClient(b []byte, err, refused error) (more bool) {
	if !s.send(b) {
		return false
	}
	switch {
	case refused != nil:
		s.end(tunnel.CloseDialFailed, refused.Error())
		return false
	case errors.Is(err, io.EOF):
		s.write(nil) // if it fails, reading will tell
		s.finish()
		return false
	case err != nil:
		s.lost(err)
		return false
	}
	return true
}

// send sends to the client, in frames that are as large as its window and a batch
// allow; ok is false if it has gone. The caller has the turn.
func (s *session) send(b []byte) (ok bool) {
	if len(b) == 0 {
		return true
	}
	s.down.Add(int64(len(b)))
	s.tell.Carried(s.target.Name, 0, len(b))
	for len(b) > 0 {
		n, open := s.window.take(min(len(b), batch))
		if !open {
			return false
		}
		s.idle.Reset(s.limits.Idle)
		if s.write(b[:n]) != nil {
			s.end(tunnel.CloseNormal, clientGone)
			return false
		}
		b = b[n:]
	}
	return true
}

func (s *session) write(b []byte) error {
	s.writing.Store(true)
	defer s.writing.Store(false)
	return s.stream.writeBinary(b)
}

// answer sends in the server's place, when its turn comes: the client may have to be
// read from before that, for credit.
func (s *session) answer(b []byte) {
	s.out.mu.Lock()
	defer s.out.mu.Unlock()
	if len(s.out.answers)+len(b) > maxAnswers {
		go s.end(tunnel.CloseProtocol, "the client does not take the answers to its requests")
		return
	}
	s.out.answers = append(s.out.answers, b...)
	if !s.out.answering {
		s.out.answering = true
		s.out.sending.Go(func() { s.guard(func() { s.inTurn(s.sendAnswers) }) })
	}
}

// sendAnswers sends what has been answered. The caller has the turn.
func (s *session) sendAnswers() {
	for b := s.nextAnswers(); len(b) > 0 && s.send(b); {
		b = s.nextAnswers()
	}
}

// nextAnswers returns the answers that are to be sent now. If there are none, whoever
// has more sends them.
func (s *session) nextAnswers() []byte {
	s.out.mu.Lock()
	defer s.out.mu.Unlock()
	b := s.out.answers
	s.out.answers, s.out.answering = nil, len(b) > 0
	return b
}

// lastAnswer sends before the session is ended, unless something else is being sent.
func (s *session) lastAnswer(b []byte) {
	select {
	case s.out.turn <- struct{}{}:
		s.write(append(s.nextAnswers(), b...)) // if it fails, the client has gone
		<-s.out.turn
	default:
	}
}
