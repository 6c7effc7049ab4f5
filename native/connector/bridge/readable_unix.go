//go:build unix

package bridge

import (
	"errors"
	"net"
	"os"
	"syscall"
)

// waitReadable waits until there is something to be read from a TCP connection
// or an end of it, so that nobody needs to hold a buffer for that long. An error
// is the connection's, which reading would not tell again. Of other connections
// it knows nothing, and returns at once.
func waitReadable(c net.Conn) error {
	tcp, ok := c.(*net.TCPConn)
	if !ok {
		return nil
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return err
	}
	var one [1]byte
	var failed error
	err = raw.Read(func(fd uintptr) bool {
		failed = syscall.EINTR
		for errors.Is(failed, syscall.EINTR) {
			_, _, failed = syscall.Recvfrom(int(fd), one[:], syscall.MSG_PEEK)
		}
		return !errors.Is(failed, syscall.EAGAIN)
	})
	if err == nil && failed != nil {
		err = os.NewSyscallError("read", failed)
	}
	return err
}
