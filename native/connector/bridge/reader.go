package bridge

import (
	"net"
	"sync"
)

const (
	// batch is the most that goes out to a client in one frame.
	batch = 64 << 10
	// small is how much is waited for where nothing tells that bytes are there.
	small = 4 << 10
)

// buffers are those of batch bytes that sessions read into while there is
// something to be read, an idle one has none; and frames are put together in.
var buffers = sync.Pool{New: func() any { return new(buffer) }}

// smalls are those for frames of clients, most of which are short.
var smalls = sync.Pool{New: func() any { return new([small]byte) }}

type buffer [batch + maxHeader]byte

// reader reads a stream.
type reader struct {
	conn net.Conn
	// whenReadable waits without a buffer until there are bytes, and reads them
	// into one that it takes; nil if that cannot be done with the stream.
	whenReadable func() (int, error)
	buf          *buffer // nil while there is nothing in it
	waiting      []byte  // small bytes, to wait with instead
	much         bool    // so many came that there are likely more
}

func newReader(c net.Conn) *reader {
	r := &reader{conn: c}
	if r.whenReadable = readWhenReadable(r, c); r.whenReadable == nil {
		r.waiting = make([]byte, small)
	}
	return r
}

// read waits for bytes. They may come with an error, and are good until release.
func (r *reader) read() ([]byte, error) {
	if r.whenReadable != nil {
		n, err := r.whenReadable()
		if n == 0 {
			return nil, err
		}
		return r.buf[:n], err
	}
	into := r.waiting
	if r.much {
		r.take()
		into = r.buf[:batch]
	}
	n, err := r.conn.Read(into)
	r.much = n >= small
	return into[:n], err
}

func (r *reader) take() { r.buf = buffers.Get().(*buffer) }

// release gives back what the last bytes were read into.
func (r *reader) release() {
	if r.buf != nil {
		buffers.Put(r.buf)
		r.buf = nil
	}
}
