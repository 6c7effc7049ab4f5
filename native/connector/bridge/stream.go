package bridge

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"net"
	"net/http"
	"sync"

	"github.com/coder/websocket"
)

const (
	// maxHeader is the longest header of a frame that is not masked (RFC 6455
	// §5.2).
	maxHeader = 10
	// ioSize is what the library reads and writes at a time, but for longer payloads:
	// enough for the frames that it writes, the first and those of the protocol, and
	// for most that it reads.
	ioSize = 1 << 10
	// finalBinary begins a frame that is a whole binary message.
	finalBinary = 0x82
)

// stream is a connection that has become a WebSocket. The library reads from it,
// and writes the text frames and those of the protocol; frames of data are written
// here, each in one call to the system and without a copy.
type stream struct {
	net.Conn

	mu     sync.Mutex // a frame at a time
	closed bool       // no more data
	header [maxHeader]byte
	pieces [2][]byte
	vector net.Buffers
}

// Write is the library's, which writes whole frames: none is longer than ioSize.
func (s *stream) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.Conn.Write(b)
}

// writeBinary writes a binary message as one frame.
func (s *stream) writeBinary(b []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return net.ErrClosed
	}
	header := appendHeader(s.header[:0], len(b))
	if _, tcp := s.Conn.(*net.TCPConn); !tcp { // TLS makes a record, or more, of each piece
		frame := buffers.Get().(*buffer)
		defer buffers.Put(frame)
		_, err := s.Conn.Write(append(append(frame[:0], header...), b...))
		return err
	}
	s.pieces = [2][]byte{header, b}
	s.vector = s.pieces[:]
	_, err := s.vector.WriteTo(s.Conn)
	s.pieces = [2][]byte{}
	return err
}

// appendHeader appends the header of a binary message of n bytes.
func appendHeader(h []byte, n int) []byte {
	switch h = append(h, finalBinary); {
	case n < 126:
		return append(h, byte(n))
	case n < 1<<16:
		return binary.BigEndian.AppendUint16(append(h, 126), uint16(n))
	}
	return binary.BigEndian.AppendUint64(append(h, 127), uint64(n))
}

// stop keeps data from following the close frame that the library is about to
// write.
func (s *stream) stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
}

// accept makes a WebSocket of a request. If it cannot, it has answered.
func accept(w http.ResponseWriter, r *http.Request, o *websocket.AcceptOptions) (*websocket.Conn, *stream, error) {
	u := &upgrade{ResponseWriter: w}
	ws, err := websocket.Accept(u, r, o)
	return ws, u.stream, err
}

// upgrade has the library use a stream.
type upgrade struct {
	http.ResponseWriter
	stream *stream
}

// Hijack takes the connection over, with less room than the HTTP server has for each.
func (u *upgrade) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffered, err := http.NewResponseController(u.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	u.stream = &stream{Conn: conn}
	// What the client sent along stays in the reader, for the library to find.
	ahead, _ := buffered.Reader.Peek(buffered.Reader.Buffered())
	reader := bufio.NewReaderSize(bytes.NewReader(ahead), max(ioSize, len(ahead)))
	reader.Peek(len(ahead))
	return u.stream, bufio.NewReadWriter(reader, bufio.NewWriterSize(u.stream, ioSize)), nil
}
