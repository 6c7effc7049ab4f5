package tunnel

import (
	"errors"
	"io"
)

// ErrTooBig is the error of a frame that is over its limit.
var ErrTooBig = errors.New("the frame is too big")

// AppendFrame appends a whole frame to buf and returns the extended slice, with what
// has been read also if there is an error: [ErrTooBig], unless buf is then at most so
// many bytes long, or the reader's. A reader that ends ends the frame.
func AppendFrame(buf []byte, r io.Reader, most int) ([]byte, error) {
	for {
		if len(buf) == cap(buf) {
			buf = append(buf, 0)[:len(buf)]
		}
		n, err := r.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		if len(buf) > most {
			return buf, ErrTooBig
		}
		if errors.Is(err, io.EOF) {
			return buf, nil
		}
		if err != nil {
			return buf, err
		}
	}
}
