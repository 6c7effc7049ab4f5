//go:build unix

package bridge

import (
	"errors"
	"io"
	"net"
	"os"
	"syscall"
)

// readWhenReadable is for TCP connections.
func readWhenReadable(r *reader, c net.Conn) func() (int, error) {
	tcp, ok := c.(*net.TCPConn)
	if !ok {
		return nil
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return nil // reading tells why
	}
	var n int
	var failed error
	try := func(fd uintptr) (done bool) {
		r.take()
		failed = syscall.EINTR
		for errors.Is(failed, syscall.EINTR) {
			n, failed = syscall.Read(int(fd), r.buf[:batch])
		}
		if errors.Is(failed, syscall.EAGAIN) {
			r.release()
			return false
		}
		return true
	}
	return func() (int, error) {
		switch err := raw.Read(try); {
		case err != nil:
			return 0, err
		case failed != nil:
			return 0, os.NewSyscallError("read", failed)
		case n == 0:
			return 0, io.EOF
		}
		return n, nil
	}
}
